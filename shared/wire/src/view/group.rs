//! Position groups, as they stand in a list.

use super::words::{ExitReason, Mode, PositionSide, PositionStatus, PriceBasis, TakeProfitMode, Time};
use super::{LadderRule, PresetRef, PyramidRule, time};
use crate::text::Text;
use domain::clock::Millis;
use domain::group;
use domain::money::{Percent, Quantity};
use domain::profit;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// One trade idea.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Position)]
pub struct PositionGroup {
    /// The id of the position, `grp_…`.
    pub id: String,
    /// The account, `acc_…`.
    pub account_id: String,
    /// The mode of the account while the position is open; null in what earlier releases have opened.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// `BASE/QUOTE`; profits, losses and exposure are in its quote.
    pub symbol: String,
    /// The timeframe as the alert wrote it, such as `60` or `1h`; null if it named none.
    pub timeframe: Option<String>,
    /// Which way it gains.
    pub side: PositionSide,
    /// How far it is.
    pub status: PositionStatus,
    /// The stored preset that it began with; null where that was the built-in one.
    pub preset: Option<PresetRef>,
    /// Where the stop and a trailing take-profit are watched: at the exchange, by price checks, or nowhere.
    pub protected: Protection,
    /// Whether the user should check it; `attention` says why, with numbers.
    pub needs_attention: bool,
    /// What the user should check, with numbers; null if nothing.
    pub attention: Option<String>,
    /// Base units of this position that the exchange does not have. Closing orders are capped at the rest. For a closed position: the
    /// quantity that it was closed without.
    pub missing: Option<String>,
    /// Why it is left; set from the moment that it is left.
    pub exit_reason: Option<ExitReason>,
    /// Quote planned.
    pub exposure: String,
    /// Entries planned behind the base order.
    pub safety_orders: u32,
    /// How the safety orders are placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ladder: Option<Box<LadderRule>>,
    /// Where the position may be added to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pyramiding: Option<Box<PyramidRule>>,
    /// The lowest profit at which something is sold.
    pub take_profit_percent: String,
    /// How the position is sold at a profit.
    pub take_profit: TakeProfit,
    /// Distance of the stop from the price that `stop_loss_basis` names, in percent; null without a stop.
    pub stop_loss_percent: Option<String>,
    /// From which price `stop_loss_percent` is measured; null without a stop.
    pub stop_loss_basis: Option<PriceBasis>,
    /// Whether the stop follows the highest price.
    pub stop_loss_trailing: Option<bool>,
    /// For how long the price must have been at or under the stop.
    pub stop_loss_delay_seconds: Option<i64>,
    /// Whether the stop may rest at the exchange, if the exchange supports stops; `protected` says whether it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stop_loss_at_venue: Option<bool>,
    /// The step of the take-profit behind which the stop stands where nothing is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub break_even_after_step: Option<u32>,
    /// How long after its opening everything is sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub time_limit_minutes: Option<i64>,
    /// Since when every look has found it there; set only where the stop waits.
    pub below_stop_since: Option<Time>,
    /// A closing signal closes the position only with at least this profit, in percent.
    pub minimum_profit_percent: Option<String>,
    /// For how long after its end nothing is opened in its place.
    pub cooldown_minutes: Option<i64>,
    /// It was opened only because fewer groups were.
    pub open_groups_max: Option<u32>,
    /// Of contracts: how many times its margin the position may be worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub leverage: Option<u32>,
    /// After all fees, of what was sold. In a list, null until the group is closed; null as well of one that is closed and has sold
    /// nothing.
    pub realised_pnl: Option<String>,
    /// Whether a fee in a third asset is not included because its value could not be determined.
    #[serde(default)]
    #[schema(required)]
    pub fee_unvalued: bool,
    /// Base that was not sold, once it is closed.
    pub dust: Option<String>,
    /// The same where that is more than dust: the coins are still on the account, without a stop, and in no profit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub still_held: Option<StillHeld>,
    /// The last price that was seen for the position; null before the first.
    pub mark: Option<Mark>,
    /// The delivery that opened it.
    pub delivery_id: String,
    /// The bot whose signal opened the position, `bot_…`; left out if no bot did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bot_id: Option<String>,
    /// The run of the bot whose signal opened the position, `run_…`; left out if no bot did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bot_run_id: Option<String>,
    /// When the position was opened: its base order was planned, not yet filled.
    pub opened_at: Time,
    /// When closing the position began; null before that.
    pub exit_at: Option<Time>,
    /// When the position was closed, or ended without a fill; null before that.
    pub closed_at: Option<Time>,
    /// The version of the position, raised by each change; its `ETag`, accepted as `If-Match`.
    pub version: u64,
}

/// What a closed position could not sell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StillHeld {
    /// In base.
    pub quantity: String,
    /// In quote, at the average price and with the fees of buying it.
    pub cost: String,
}

/// What keeps the exits that would not wait for us: the stop, and a take-profit that follows the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Everything that is held has a stop resting at the exchange; prices are checked as well.
    AtVenue,
    /// Prices are checked every few seconds; a stop acts at the next check.
    ByPolling,
    /// There is no stop.
    None,
}

/// How it is sold with profit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakeProfit {
    /// Whether entries are sold together or each by itself.
    pub mode: TakeProfitMode,
    /// From which price percentages are measured; null if each entry is measured from its own.
    pub basis: Option<PriceBasis>,
    /// How much is sold at which profit, nearest first.
    pub steps: Vec<ProfitStep>,
    /// Above the average, where a hybrid sells everything.
    pub all_profit_percent: Option<String>,
    /// How far behind its peak the last step sells, instead of resting at its price.
    pub trailing_percent: Option<String>,
    /// Null until the price of the last step was reached.
    pub trailing: Option<Trailing>,
}

/// A take-profit that follows the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Trailing {
    /// When the price reached the last step, from which on the take-profit trails.
    pub armed_since: Time,
    /// The highest price since then.
    pub peak: String,
    /// Everything is sold at the market once the price is there or lower.
    pub sells_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfitStep {
    /// Profit at which it is sold, in percent after the fee of the sale.
    pub profit_percent: String,
    /// How much is sold, in percent of all that was bought; the last step sells the rest.
    pub amount_percent: String,
}

/// Its mode and its basis, and how much is sold at which profit.
impl fmt::Display for TakeProfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = |step: &ProfitStep| match self.basis {
            Some(_) => format!("{} % at {} %", step.amount_percent, step.profit_percent),
            None => format!("each leg at {} %", step.profit_percent),
        };
        let basis = self.basis.as_ref().map_or_else(String::new, |basis| format!(", basis {basis}"));
        let all = self.all_profit_percent.as_ref().map(|all| format!("everything at {all} %"));
        let steps: Vec<_> = self.steps.iter().map(step).chain(all).collect();
        write!(f, "{}{basis}: {}", self.mode, steps.join(", "))
    }
}

impl From<&profit::TakeProfit> for TakeProfit {
    fn from(kind: &profit::TakeProfit) -> Self {
        let step = |profit: Percent, amount: Percent| ProfitStep {
            profit_percent: profit.to_string(),
            amount_percent: amount.to_string(),
        };
        let whole = |profit: &Percent| vec![step(*profit, Percent::HUNDRED)];
        let (mode, basis, steps, all) = match kind {
            profit::TakeProfit::Aggregate { basis, steps, .. } => {
                let steps = steps.iter().map(|of| step(of.profit, of.amount)).collect();
                (TakeProfitMode::Aggregate, Some(Text(*basis)), steps, None)
            }
            profit::TakeProfit::PerLeg { profit } => (TakeProfitMode::PerLeg, None, whole(profit), None),
            profit::TakeProfit::Hybrid { profit, all } => {
                (TakeProfitMode::Hybrid, None, whole(profit), Some(all.to_string()))
            }
        };
        let trailing_percent = kind.trailing().map(|percent| percent.to_string());
        Self { mode, basis, steps, all_profit_percent: all, trailing_percent, trailing: None }
    }
}

impl Trailing {
    fn of(group: &group::Group) -> Option<Self> {
        group.tracked.armed.map(|armed| Self {
            armed_since: time(armed.at),
            peak: armed.peak.to_string(),
            sells_at: group.trails_at().map(|price| price.to_string()),
        })
    }
}

/// The last price that was seen for the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mark {
    /// The last price seen of the market, in quote currency.
    pub price: String,
    /// The time of that price.
    pub at: Time,
}

impl From<&group::Group> for PositionGroup {
    fn from(group: &group::Group) -> Self {
        let (stop_loss, rules, attention) = (group.plan.stop_loss, group.plan.rules, attention(group));
        let sold = group.settled.filter(|settled| settled.has_sold());
        Self {
            id: group.id.to_string(),
            account_id: group.account.to_string(),
            mode: group.mode.map(Text),
            exchange: group.market.key.exchange.to_string(),
            symbol: group.market.key.symbol.to_string(),
            timeframe: group.timeframe.as_ref().map(ToString::to_string),
            side: Text(group.side),
            status: Text(group.status),
            preset: group.preset.as_ref().map(PresetRef::from),
            protected: Protection::of(group),
            needs_attention: attention.is_some(),
            attention,
            missing: missing(group).map(|missing| missing.to_string()),
            exit_reason: group.exit.map(|exit| Text(exit.reason)),
            exposure: group.exposure.to_string(),
            safety_orders: group.plan.legs(),
            ladder: group.plan.ladder.as_ref().map(|ladder| Box::new(ladder.into())),
            pyramiding: group.plan.pyramids.map(|rule| Box::new(rule.into())),
            take_profit_percent: group.plan.take_profit.first().to_string(),
            take_profit: TakeProfit { trailing: Trailing::of(group), ..TakeProfit::from(&group.plan.take_profit) },
            stop_loss_percent: stop_loss.map(|stop| stop.loss.to_string()),
            stop_loss_basis: stop_loss.map(|stop| Text(stop.basis)),
            stop_loss_trailing: stop_loss.map(|stop| stop.trailing),
            stop_loss_delay_seconds: stop_loss.and_then(|stop| stop.delay).map(|delay| delay.get() / 1_000),
            stop_loss_at_venue: stop_loss.map(|stop| stop.at_venue),
            break_even_after_step: stop_loss.and_then(|stop| stop.break_even_after),
            time_limit_minutes: group.plan.time_limit.map(minutes),
            below_stop_since: group.tracked.below_since.map(time),
            minimum_profit_percent: rules.minimum_profit.map(|percent| percent.to_string()),
            cooldown_minutes: rules.cooldown.map(minutes),
            open_groups_max: rules.open_groups_max,
            leverage: group.market.kind.is_linear().then(|| group.plan.leverage.get()),
            realised_pnl: sold.map(|settled| settled.realised.to_string()),
            fee_unvalued: group.settled.is_some_and(|settled| settled.fee_unvalued),
            dust: group.settled.map(|settled| settled.dust.to_string()),
            still_held: StillHeld::of(group),
            mark: group.mark.map(Mark::from),
            delivery_id: group.delivery.id.to_string(),
            bot_id: group.bot.as_ref().map(|by| by.bot.to_string()),
            bot_run_id: group.bot.as_ref().map(|by| by.run.to_string()),
            opened_at: time(group.opened_at),
            exit_at: group.exit.map(|exit| time(exit.at)),
            closed_at: group.settled.map(|settled| time(settled.at)),
            version: group.version,
        }
    }
}

fn minutes(span: Millis) -> i64 {
    span.get() / 60_000
}

fn attention(group: &group::Group) -> Option<String> {
    let base = &group.market.key.symbol.base;
    let drift = group.drift.map(|drift| {
        let group::Drift { missing, in_all, .. } = drift;
        format!("{in_all} {base} missing at the venue, {missing} of them of this group")
    });
    let held = StillHeld::of(group).map(|StillHeld { quantity, cost }| {
        let quote = &group.market.key.symbol.quote;
        format!("{quantity} {base} could not be sold and are still held, without a stop; they cost {cost} {quote}")
    });
    let told: Vec<String> = drift.into_iter().chain(held).chain(group.attention.clone()).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn missing(group: &group::Group) -> Option<Quantity> {
    let missing = group.settled.map_or_else(|| group.drift.map(|drift| drift.missing), |settled| Some(settled.missing));
    missing.filter(|missing| !missing.is_zero())
}

impl StillHeld {
    pub(super) fn of(group: &group::Group) -> Option<Self> {
        let group::StillHeld { quantity, cost, .. } = group.settled?.still_held?;
        Some(Self { quantity: quantity.to_string(), cost: cost.to_string() })
    }
}

impl Protection {
    fn of(group: &group::Group) -> Self {
        let polled = group.plan.stop_loss.is_some() || group.plan.take_profit.is_polled();
        match (group.stop_at_venue, polled) {
            (true, _) => Self::AtVenue,
            (false, true) => Self::ByPolling,
            (false, false) => Self::None,
        }
    }
}

impl From<group::Mark> for Mark {
    fn from(mark: group::Mark) -> Self {
        Self { price: mark.price.to_string(), at: time(mark.at) }
    }
}
