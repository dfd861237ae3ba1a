//! Position groups.

use super::{ByBot, DeliveryRef, GroupDrift, Left, Market, PresetRef, Pyramid, Reduction, Schema, TradePlan, pyramid};
use crate::text::Text;
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::group::{self, ExitReason, GroupStatus, StillHeld};
use domain::ids::{AccountId, GroupId, UserId};
use domain::market::{Leverage, Timeframe};
use domain::money::{Amount, Percent, Price, Quantity};
use domain::rules::Rules;
use domain::vault::Mode;
use serde::{Deserialize, Serialize};

/// A group without its orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub v: Schema<2>,
    pub id: Text<GroupId>,
    pub account: Text<AccountId>,
    pub user: Text<UserId>,
    /// None in what earlier releases have opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
    pub market: Market,
    pub timeframe: Option<Text<Timeframe>>,
    pub side: Text<Side>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<PresetRef>,
    pub plan: TradePlan,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exits_at: Option<i64>,
    /// What the plan asks beside prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_profit: Option<Text<Percent>>,
    /// In milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_groups_max: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retry_unproven_entry: bool,
    /// None is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leverage: Option<Text<Leverage>>,
    pub status: Text<GroupStatus>,
    pub attention: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<GroupDrift>,
    pub exit: Option<Exit>,
    pub settled: Option<Settled>,
    /// With which coins missing it was settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Text<Quantity>>,
    /// What that has cost which was not sold, where it is more than dust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still_held_cost: Option<Text<Amount>>,
    /// Beside it: nothing at all was sold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nothing_sold: bool,
    /// Whether it was settled without a fee that nobody could value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fee_unvalued: bool,
    pub mark: Option<Mark>,
    /// With `peak`, and never without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub armed_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Text<Price>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailed_stop: Option<Text<Price>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below_since: Option<i64>,
    /// Of the price that has last changed one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_at: Option<i64>,
    pub delivery: DeliveryRef,
    /// The bot whose signal opened the position, `bot_…`; left out if no bot did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<Box<ByBot>>,
    pub event_at: i64,
    pub opened_at: i64,
    pub trace: String,
    pub exposure: Text<Amount>,
    pub waiting: Vec<DeliveryRef>,
    /// What was added to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pyramids: Vec<Pyramid>,
    /// Which of its parts have ended by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reductions: Vec<Reduction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_at_venue: Option<bool>,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    pub reason: Text<ExitReason>,
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub at: i64,
    pub realised: Text<Amount>,
    pub dust: Text<Quantity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub price: Text<Price>,
    pub at: i64,
}

impl From<&group::Group> for Group {
    fn from(group: &group::Group) -> Self {
        let (rules, tracked) = (group.plan.rules, group.tracked);
        Self {
            v: Schema,
            id: Text(group.id.clone()),
            account: Text(group.account.clone()),
            user: Text(group.user.clone()),
            mode: group.mode.map(Text),
            market: Market::from(&group.market),
            timeframe: group.timeframe.clone().map(Text),
            side: Text(group.side),
            preset: group.preset.as_ref().map(PresetRef::from),
            plan: TradePlan::from(&group.plan),
            exits_at: group.exits_at.map(Timestamp::millis),
            minimum_profit: rules.minimum_profit.map(Text),
            cooldown: rules.cooldown.map(Millis::get),
            open_groups_max: rules.open_groups_max,
            retry_unproven_entry: rules.retry_unproven_entry,
            leverage: Some(group.plan.leverage).filter(|leverage| *leverage != Leverage::ONE).map(Text),
            status: Text(group.status),
            attention: group.attention.clone(),
            drift: group.drift.map(GroupDrift::from),
            exit: group.exit.map(Exit::from),
            settled: group.settled.map(Settled::from),
            missing: group.settled.map(|settled| settled.missing).filter(|missing| !missing.is_zero()).map(Text),
            still_held_cost: group.settled.and_then(|settled| settled.still_held).map(|held| Text(held.cost)),
            nothing_sold: group.settled.is_some_and(|settled| !settled.has_sold()),
            fee_unvalued: group.settled.is_some_and(|settled| settled.fee_unvalued),
            mark: group.mark.map(Mark::from),
            armed_at: tracked.armed.map(|armed| armed.at.millis()),
            peak: tracked.armed.map(|armed| Text(armed.peak)),
            trailed_stop: tracked.stop.map(Text),
            below_since: tracked.below_since.map(Timestamp::millis),
            price_at: tracked.price_at.map(Timestamp::millis),
            delivery: DeliveryRef::from(&group.delivery),
            bot: group.bot.as_deref().map(ByBot::from).map(Box::new),
            event_at: group.event_at.millis(),
            opened_at: group.opened_at.millis(),
            trace: group.trace.clone(),
            exposure: Text(group.exposure),
            waiting: group.waiting.iter().map(DeliveryRef::from).collect(),
            pyramids: group.pyramids.added.iter().map(Pyramid::from).collect(),
            left: Left::all(&group.pyramids),
            reductions: group.reductions.iter().map(Reduction::from).collect(),
            stop_at_venue: group.stop_at_venue.then_some(true),
            version: group.version,
        }
    }
}

impl From<Group> for group::Group {
    fn from(stored: Group) -> Self {
        let (rules, tracked, settled) = (stored.rules(), stored.tracked(), stored.settled());
        let leverage = stored.leverage.map_or(Leverage::ONE, |leverage| leverage.0);
        Self {
            id: stored.id.0,
            account: stored.account.0,
            user: stored.user.0,
            mode: stored.mode.map(|mode| mode.0),
            market: stored.market.into(),
            timeframe: stored.timeframe.map(|timeframe| timeframe.0),
            side: stored.side.0,
            preset: stored.preset.map(domain::preset::PresetRef::from),
            plan: domain::preset::TradePlan { rules, leverage, ..stored.plan.into() },
            exits_at: stored.exits_at.map(Timestamp::from_millis),
            status: stored.status.0,
            attention: stored.attention,
            drift: stored.drift.map(group::Drift::from),
            exit: stored.exit.map(group::Exit::from),
            settled,
            mark: stored.mark.map(group::Mark::from),
            tracked,
            delivery: stored.delivery.into(),
            bot: stored.bot.map(|by| Box::new((*by).into())),
            event_at: Timestamp::from_millis(stored.event_at),
            opened_at: Timestamp::from_millis(stored.opened_at),
            trace: stored.trace,
            exposure: stored.exposure.0,
            waiting: stored.waiting.into_iter().map(domain::delivery::DeliveryRef::from).collect(),
            pyramids: pyramid::pyramids(stored.pyramids, stored.left),
            reductions: stored.reductions.into_iter().map(group::Reduction::from).collect(),
            stop_at_venue: stored.stop_at_venue.unwrap_or(false),
            version: stored.version,
        }
    }
}

impl Group {
    fn rules(&self) -> Rules {
        Rules {
            minimum_profit: self.minimum_profit.as_ref().map(|percent| percent.0),
            cooldown: self.cooldown.map(Millis::new),
            open_groups_max: self.open_groups_max,
            retry_unproven_entry: self.retry_unproven_entry,
        }
    }

    fn settled(&self) -> Option<group::Settled> {
        let Settled { at, realised, dust } = self.settled.as_ref()?;
        let quantity = dust.0;
        let held = |cost: &Text<Amount>| StillHeld { quantity, cost: cost.0, nothing_sold: self.nothing_sold };
        Some(group::Settled {
            at: Timestamp::from_millis(*at),
            realised: realised.0,
            dust: quantity,
            still_held: self.still_held_cost.as_ref().map(held),
            missing: self.missing.as_ref().map(|missing| missing.0).unwrap_or_default(),
            fee_unvalued: self.fee_unvalued,
        })
    }

    fn tracked(&self) -> group::Tracked {
        let armed = self.armed_at.map(Timestamp::from_millis).zip(self.peak.as_ref());
        group::Tracked {
            armed: armed.map(|(at, peak)| group::Armed { at, peak: peak.0 }),
            stop: self.trailed_stop.as_ref().map(|stop| stop.0),
            below_since: self.below_since.map(Timestamp::from_millis),
            price_at: self.price_at.map(Timestamp::from_millis),
        }
    }
}

impl From<group::Exit> for Exit {
    fn from(exit: group::Exit) -> Self {
        Self { reason: Text(exit.reason), at: exit.at.millis() }
    }
}

impl From<Exit> for group::Exit {
    fn from(stored: Exit) -> Self {
        Self { reason: stored.reason.0, at: Timestamp::from_millis(stored.at) }
    }
}

impl From<group::Settled> for Settled {
    fn from(settled: group::Settled) -> Self {
        Self { at: settled.at.millis(), realised: Text(settled.realised), dust: Text(settled.dust) }
    }
}

impl From<group::Mark> for Mark {
    fn from(mark: group::Mark) -> Self {
        Self { price: Text(mark.price), at: mark.at.millis() }
    }
}

impl From<Mark> for group::Mark {
    fn from(stored: Mark) -> Self {
        Self { price: stored.price.0, at: Timestamp::from_millis(stored.at) }
    }
}
