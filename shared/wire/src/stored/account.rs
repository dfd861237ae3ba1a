//! Accounts, and how they are found.

use super::{AccountDrift, Schema};
use crate::text::Text;
use domain::account::{self, KeptOut};
use domain::audit::Actor;
use domain::by_hand::DaySpent;
use domain::clock::Timestamp;
use domain::equity::{self, Worth};
use domain::fees::{Fees, KnownFee};
use domain::identity::Scope;
use domain::ids::{AccountId, GroupId, HolderId, KeyId, RuleId, UserId};
use domain::looks::{self, Looks};
use domain::market::{Asset, Exchange, Leverage, Symbol};
use domain::money::{Amount, Rate};
use domain::recovery::{Adoption, TableId};
use domain::seat::Seat;
use domain::vault::Mode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An account. In the table its counters stand apart as numbers, so that a write can add to them: `balances`,
/// `reserved`, `realised`, `exposure` and `day_loss`. [`Account::COUNTERS`] and [`Account::COUNTER_MAPS`] name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub v: Schema<2>,
    pub id: Text<AccountId>,
    pub user: Text<UserId>,
    pub exchange: Text<Exchange>,
    pub label: String,
    pub open_groups_max: u32,
    pub exposure_max: Text<Amount>,
    pub order_quote_max: Text<Amount>,
    pub day_loss_max: Text<Amount>,
    /// None is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leverage_max: Option<Text<Leverage>>,
    #[serde(default)]
    pub balances: BTreeMap<Text<Asset>, Text<Amount>>,
    pub balance_at: i64,
    /// Absent where it is of a release that kept the time of asking alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_told_at: Option<i64>,
    /// Present once something was filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled_at: Option<i64>,
    /// Absent where it is of a release that kept the time alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fills: Option<u64>,
    #[serde(default)]
    pub reserved: BTreeMap<Text<Asset>, Text<Amount>>,
    pub open_groups: u32,
    pub exposure: Text<Amount>,
    pub loss_day: i64,
    pub day_loss: Text<Amount>,
    pub halted: Option<Halt>,
    /// Present while nothing starts, and what rests stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reducing: Option<Reducing>,
    pub pass_slot: i64,
    #[serde(default)]
    pub live: BTreeMap<Text<Seat>, Text<GroupId>>,
    #[serde(default)]
    pub exits: BTreeMap<Text<Seat>, i64>,
    /// Until when nothing is opened there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cooldowns: BTreeMap<Text<Seat>, i64>,
    /// Present once its venue has asked to be left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue_paused_until: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<AccountDrift>,
    /// Markets in which an order that was sent was called absent, and when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub late: BTreeMap<Text<Symbol>, i64>,
    /// Where a route has reckoned with its fee, and when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fees_wanted: BTreeMap<Text<Symbol>, i64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fees: BTreeMap<Text<Symbol>, TakerFee>,
    /// Of which account at its venue they were told; absent where nothing claims that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fees_of: Option<Text<HolderId>>,
    /// Present while a look that somebody has asked for is not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
    /// Present where a quota limits its user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited: Option<bool>,
    /// Present where its user has kept risk rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruled: Option<bool>,
    /// Gained by positions in each quote, of all time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub realised: BTreeMap<Text<Asset>, Text<Amount>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub equity: BTreeMap<Text<Asset>, Equity>,
    /// By API key, what its orders by hand have spent: on which day, and how much.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub spent: BTreeMap<Text<KeyId>, (i64, Text<Amount>)>,
}

/// What an account is worth in one currency, as it was valued last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equity {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
    pub at: i64,
    pub worth: Text<Amount>,
    pub profit: Text<Amount>,
    pub day: Window,
    pub month: Window,
}

/// Since when, and with the profit what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub began: i64,
    pub base: Text<Amount>,
    /// What a loss is measured from.
    pub from: Text<Amount>,
}

impl From<&equity::Equity> for Equity {
    fn from(equity: &equity::Equity) -> Self {
        Self {
            mode: equity.mode.map(Text),
            at: equity.at.millis(),
            worth: Text(equity.worth),
            profit: Text(equity.profit),
            day: Window::from(&equity.day),
            month: Window::from(&equity.month),
        }
    }
}

impl From<Equity> for equity::Equity {
    fn from(stored: Equity) -> Self {
        Self {
            mode: stored.mode.map(|mode| mode.0),
            at: Timestamp::from_millis(stored.at),
            worth: stored.worth.0,
            profit: stored.profit.0,
            day: stored.day.into(),
            month: stored.month.into(),
        }
    }
}

impl From<&equity::Window> for Window {
    fn from(window: &equity::Window) -> Self {
        Self { began: window.began.millis(), base: Text(window.base), from: Text(window.from) }
    }
}

impl From<Window> for equity::Window {
    fn from(stored: Window) -> Self {
        Self { began: Timestamp::from_millis(stored.began), base: stored.base.0, from: stored.from.0 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    pub at: i64,
    pub reason: String,
    /// Present where the user may not come in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_out: Option<bool>,
    /// Present where a person has set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_person: Option<bool>,
    /// What they might do who is kept out; absent in a mark of an earlier release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Vec<Text<Scope>>>,
}

/// Nothing starts, and what rests stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reducing {
    pub at: i64,
    /// Absent: until a user resumes entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    pub reason: String,
    pub by: Text<Actor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Text<RuleId>>,
}

impl From<&account::Reducing> for Reducing {
    fn from(reducing: &account::Reducing) -> Self {
        Self {
            at: reducing.at.millis(),
            until: reducing.until.map(Timestamp::millis),
            reason: reducing.reason.clone(),
            by: Text(reducing.by),
            rule: reducing.rule.clone().map(Text),
        }
    }
}

impl From<Reducing> for account::Reducing {
    fn from(stored: Reducing) -> Self {
        Self {
            at: Timestamp::from_millis(stored.at),
            until: stored.until.map(Timestamp::from_millis),
            reason: stored.reason,
            by: stored.by.0,
            rule: stored.rule.map(|rule| rule.0),
        }
    }
}

/// A look that a person has asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub at: i64,
    pub markets: Vec<Text<Symbol>>,
}

/// What the account's venue takes of a market order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakerFee {
    pub taker: Text<Rate>,
    pub read_at: i64,
}

/// Under a user: which account an exchange and a label mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEntry {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    /// Nobody's any more: the place is free.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

/// The whole deployment's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    pub v: Schema<2>,
    #[serde(default)]
    pub halted: bool,
    /// Since when; none in rows of a release before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halted_at: Option<i64>,
    /// The table that these rows were last acted upon as, and since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_epoch: Option<Text<TableId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted_at: Option<i64>,
    /// Accounts that this does not hold for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Text<AccountId>>,
}

impl System {
    /// Whom the rows say to belong to.
    pub fn adopted(&self) -> Option<Adoption> {
        let table = self.deployment_epoch.as_ref()?.0.clone();
        let left_out = self.left_out.iter().map(|account| account.0.clone()).collect();
        Some(Adoption { table, at: Timestamp::from_millis(self.adopted_at.unwrap_or_default()), left_out })
    }
}

impl Account {
    /// Amounts that are numbers in the table.
    pub const COUNTERS: [&'static str; 2] = ["exposure", "day_loss"];
    /// Amounts by asset, each a number of its own in the table (`balance#USDT`), and the maps they make here.
    pub const COUNTER_MAPS: [(&'static str, &'static str); 3] =
        [("balance#", "balances"), ("reserved#", "reserved"), ("realised#", "realised")];
    /// What is known of seats, markets and currencies, each an attribute of its own in the table (`live#BTC/USDT#60`).
    pub const SEAT_MAPS: [(&'static str, &'static str); 8] = [
        ("live#", "live"),
        ("exit#", "exits"),
        ("cool#", "cooldowns"),
        ("late#", "late"),
        ("wish#", "fees_wanted"),
        ("fee#", "fees"),
        ("equity#", "equity"),
        ("spent#", "spent"),
    ];
}

impl From<&account::Account> for Account {
    fn from(account: &account::Account) -> Self {
        let texts = |amounts: &BTreeMap<Asset, Amount>| {
            amounts.iter().map(|(asset, amount)| (Text(asset.clone()), Text(*amount))).collect()
        };
        let times = |times: &BTreeMap<Seat, Timestamp>| {
            times.iter().map(|(seat, at)| (Text(seat.clone()), at.millis())).collect()
        };
        let limits = &account.limits;
        Self {
            v: Schema,
            id: Text(account.id.clone()),
            user: Text(account.user.clone()),
            exchange: Text(account.exchange.clone()),
            label: account.label.clone(),
            open_groups_max: limits.open_groups_max,
            exposure_max: Text(limits.exposure_max),
            order_quote_max: Text(limits.order_quote_max),
            day_loss_max: Text(limits.day_loss_max),
            leverage_max: Some(Text(limits.leverage_max)),
            balances: texts(&account.balances),
            balance_at: account.balance_at.millis(),
            balance_told_at: (account.balance_told_at != account.balance_at).then(|| account.balance_told_at.millis()),
            fills: (account.fills > 0).then_some(account.fills),
            filled_at: (account.filled_at != Timestamp::default()).then(|| account.filled_at.millis()),
            reserved: texts(&account.reserved),
            open_groups: account.open_groups,
            exposure: Text(account.exposure),
            loss_day: account.day_loss.day,
            day_loss: Text(account.day_loss.amount),
            halted: account.halted.as_ref().map(Halt::from),
            reducing: account.reducing.as_ref().map(Reducing::from),
            pass_slot: account.pass_slot,
            live: account.live.iter().map(|(seat, group)| (Text(seat.clone()), Text(group.clone()))).collect(),
            exits: times(&account.exits),
            cooldowns: times(&account.cooldowns),
            venue_paused_until: account.venue_paused_until.map(Timestamp::millis),
            limited: account.limited.then_some(true),
            ruled: account.ruled.then_some(true),
            realised: texts(&account.worth.realised),
            equity: account.worth.equity.iter().map(|(asset, one)| (Text(asset.clone()), Equity::from(one))).collect(),
            spent: account
                .worth
                .spent
                .iter()
                .map(|(key, one)| (Text(key.clone()), (one.day, Text(one.amount))))
                .collect(),
            late: account.looks.late.iter().map(|(symbol, at)| (Text(symbol.clone()), at.millis())).collect(),
            wanted: account.looks.wanted.as_ref().map(Wanted::from),
            fees_wanted: account.fees.wanted.iter().map(|(market, at)| (Text(market.clone()), at.millis())).collect(),
            fees: account.fees.known.iter().map(|(market, fee)| (Text(market.clone()), TakerFee::from(fee))).collect(),
            fees_of: account.fees.of.clone().map(Text),
            drift: (!account.drift.is_empty()).then(|| AccountDrift::from(&account.drift)),
        }
    }
}

impl From<Account> for account::Account {
    fn from(stored: Account) -> Self {
        let amounts = |texts: BTreeMap<Text<Asset>, Text<Amount>>| {
            texts.into_iter().map(|(asset, amount)| (asset.0, amount.0)).collect()
        };
        let times = |times: BTreeMap<Text<Seat>, i64>| {
            times.into_iter().map(|(seat, at)| (seat.0, Timestamp::from_millis(at))).collect()
        };
        Self {
            id: stored.id.0,
            user: stored.user.0,
            exchange: stored.exchange.0,
            label: stored.label,
            limits: account::AccountLimits {
                open_groups_max: stored.open_groups_max,
                exposure_max: stored.exposure_max.0,
                order_quote_max: stored.order_quote_max.0,
                day_loss_max: stored.day_loss_max.0,
                leverage_max: stored.leverage_max.map_or(Leverage::ONE, |leverage| leverage.0),
            },
            balances: amounts(stored.balances),
            balance_at: Timestamp::from_millis(stored.balance_at),
            balance_told_at: Timestamp::from_millis(stored.balance_told_at.unwrap_or(stored.balance_at)),
            fills: stored.fills.unwrap_or_default(),
            filled_at: stored.filled_at.map(Timestamp::from_millis).unwrap_or_default(),
            reserved: amounts(stored.reserved),
            open_groups: stored.open_groups,
            exposure: stored.exposure.0,
            day_loss: account::DayLoss { day: stored.loss_day, amount: stored.day_loss.0 },
            halted: stored.halted.map(account::Halt::from),
            reducing: stored.reducing.map(account::Reducing::from),
            pass_slot: stored.pass_slot,
            live: stored.live.into_iter().map(|(seat, group)| (seat.0, group.0)).collect(),
            exits: times(stored.exits),
            cooldowns: times(stored.cooldowns),
            venue_paused_until: stored.venue_paused_until.map(Timestamp::from_millis),
            limited: stored.limited.unwrap_or_default(),
            ruled: stored.ruled.unwrap_or_default(),
            worth: Worth {
                realised: amounts(stored.realised),
                equity: stored.equity.into_iter().map(|(asset, one)| (asset.0, one.into())).collect(),
                spent: stored
                    .spent
                    .into_iter()
                    .map(|(key, (day, amount))| (key.0, DaySpent { day, amount: amount.0 }))
                    .collect(),
            },
            drift: stored.drift.map(domain::drift::Drift::from).unwrap_or_default(),
            fees: Fees {
                of: stored.fees_of.map(|of| of.0),
                known: stored.fees.into_iter().map(|(market, fee)| (market.0, fee.into())).collect(),
                wanted: times_of(stored.fees_wanted),
            },
            looks: Looks { late: times_of(stored.late), wanted: stored.wanted.map(looks::Wanted::from) },
        }
    }
}

fn times_of(stored: BTreeMap<Text<Symbol>, i64>) -> BTreeMap<Symbol, Timestamp> {
    stored.into_iter().map(|(market, at)| (market.0, Timestamp::from_millis(at))).collect()
}

impl From<&KnownFee> for TakerFee {
    fn from(fee: &KnownFee) -> Self {
        Self { taker: Text(fee.taker), read_at: fee.read_at.millis() }
    }
}

impl From<TakerFee> for KnownFee {
    fn from(stored: TakerFee) -> Self {
        Self { taker: stored.taker.0, read_at: Timestamp::from_millis(stored.read_at) }
    }
}

impl From<&looks::Wanted> for Wanted {
    fn from(wanted: &looks::Wanted) -> Self {
        Self { at: wanted.at.millis(), markets: wanted.markets.iter().cloned().map(Text).collect() }
    }
}

impl From<Wanted> for looks::Wanted {
    fn from(stored: Wanted) -> Self {
        let markets = stored.markets.into_iter().map(|symbol| symbol.0).collect();
        Self { at: Timestamp::from_millis(stored.at), markets }
    }
}

impl From<&account::Halt> for Halt {
    fn from(halt: &account::Halt) -> Self {
        let rank = |mark: &KeptOut| mark.rank.iter().cloned().map(Text).collect();
        Self {
            at: halt.at.millis(),
            reason: halt.reason.clone(),
            kept_out: halt.kept_out.as_ref().map(|_| true),
            by_person: halt.by_person.then_some(true),
            rank: halt.kept_out.as_ref().map(rank),
        }
    }
}

impl From<Halt> for account::Halt {
    fn from(stored: Halt) -> Self {
        let rank = stored.rank.map(|rank| rank.into_iter().map(|scope| scope.0).collect());
        let kept_out = stored.kept_out.unwrap_or_default().then(|| KeptOut::of(rank));
        Self {
            at: Timestamp::from_millis(stored.at),
            reason: stored.reason,
            kept_out,
            by_person: stored.by_person.unwrap_or_default(),
        }
    }
}
