//! Accounts. Their counters are numbers of their own, which commits add to under bounds; who sits where are attributes
//! of their own, which commits take and leave.

mod change;
mod fees;
mod seats;

use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::rows::Rows;
use crate::trading::Trading;
use crate::trading::keys;
use crate::value::Value;
use crate::value::{Item, Name};
use crate::write::Write;
use change::balance;
pub use change::{AccountChange, Bounds, Cooled, RaisedEntry, Seated, Spent, account_change};
pub(in crate::trading) use change::{activated, loss_within};

use crate::condition::{
    BALANCE_AS_SEEN, BALANCE_OLDER, DRIFT_AS_SEEN, EQUITY_AS_SEEN, NO_DRIFT, NO_EQUITY, NOT_FILLED_SINCE,
    PAUSED_SHORTER, PRESENT,
};
use crate::item::{from_item, number, time, to_item, to_value};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::drift::Drift;
use domain::equity::Equity;
use domain::ids::AccountId;
use domain::limits;
use domain::market::Asset;
use domain::money::Amount;
use std::collections::BTreeMap;
use wire::stored::{self, Schema};
use wire::text::Text;

/// When the venue was asked, and when its answer had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub asked_at: Timestamp,
    pub told_at: Timestamp,
}

impl<E: Engine> Trading<'_, E> {
    /// None where there is no such account.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        match Rows(self.0).get(&keys::account(account)).await? {
            Some(item) => self.seated(item, account).await.map(Some),
            None => Ok(None),
        }
    }

    /// Writes what the venue said; false where it was asked later already, where another answer was written since the account was
    /// read, whose coins would stay, or where a fill was committed since: the answer may lack it.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn write_balance(
        &self,
        seen: &Account,
        balances: &BTreeMap<Asset, Amount>,
        times: Told,
    ) -> Result<bool, StoreError> {
        let mut write = Write::update(keys::account(&seen.id))
            .when(BALANCE_OLDER)
            .given("balance_at", time(times.asked_at))
            .given("balance_latest", time(times.told_at.plus(limits::CLOCKS_APART_MAX)))
            .when(BALANCE_AS_SEEN)
            .given("seen_balance_at", time(seen.balance_at))
            .when(NOT_FILLED_SINCE)
            .given("seen_filled_at", time(seen.filled_at))
            .given("seen_fills", number(seen.fills))
            .set("balance_at", time(times.asked_at))
            .set("balance_told_at", time(times.told_at));
        for asset in seen.balances.keys().filter(|asset| !balances.contains_key(asset)) {
            write = write.remove(balance(asset));
        }
        for (asset, amount) in balances {
            write = write.set(balance(asset), number(amount));
        }
        let written = Rows(self.0).send(write).await?;
        Ok(matches!(written, Written::Done(_)))
    }
}

/// The balances that were seen go, and none that was asked for before is written after it.
pub(super) fn without_balances(write: Write, seen: &Account, to: &Account) -> Write {
    let write = seen.balances.keys().fold(write, |write, asset| write.remove(balance(asset)));
    let write = seen.worth.equity.keys().fold(write, |write, asset| write.remove(equity(asset)));
    write
        .when(BALANCE_AS_SEEN)
        .given("seen_balance_at", time(seen.balance_at))
        .when(NOT_FILLED_SINCE)
        .given("seen_filled_at", time(seen.filled_at))
        .given("seen_fills", number(seen.fills))
        .set("fills", number(to.fills))
        .set("balance_at", time(to.balance_at))
        .set("balance_told_at", time(to.balance_told_at))
        .set("filled_at", time(to.filled_at))
}

impl<E: Engine> Trading<'_, E> {
    /// Writes where the venue and the account's groups differ; false where another has written since `seen`.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_drift(&self, account: &AccountId, drift: &Drift, seen: &Drift) -> Result<bool, StoreError> {
        let write = Write::update(keys::account(account)).when(PRESENT);
        let write = match seen.is_empty() {
            true => write.when(NO_DRIFT),
            false => write.when(DRIFT_AS_SEEN).given("seen_drift_at", time(seen.at)),
        };
        let write = match drift.is_empty() {
            true => write.remove("drift"),
            false => write.set("drift", to_value(&stored::AccountDrift::from(drift))?),
        };
        let written = Rows(self.0).send(write).await?;
        Ok(matches!(written, Written::Done(_)))
    }

    /// Writes what the account was worth in one currency when it was valued; false where another has written since `seen`.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_equity(&self, seen: &Account, currency: &Asset, found: &Equity) -> Result<bool, StoreError> {
        let write = Write::update(keys::account(&seen.id)).when(PRESENT).naming("equity", equity(currency));
        let write = match seen.worth.equity.get(currency) {
            None => write.when(NO_EQUITY),
            Some(before) => write.when(EQUITY_AS_SEEN).given("seen_equity", to_value(&stored::Equity::from(before))?),
        };
        let write = write.set(equity(currency), to_value(&stored::Equity::from(found))?);
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    /// Writes until when the account's venue is left alone; false where that is known already, or a longer pause is.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_venue_pause(
        &self,
        account: &AccountId,
        until: Timestamp,
        latest: Timestamp,
    ) -> Result<bool, StoreError> {
        let write = Write::update(keys::account(account)).when(PRESENT).when(PAUSED_SHORTER);
        let write = write.set("venue_paused_until", time(until)).given("paused_until", time(until));
        let write = write.given("paused_latest", time(latest));
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }
}

/// The rows of an account that is new, found by its exchange and label and listed among all. The account that is listed comes
/// first: one that may trade is never missing among all; and what finds it last, so that what is found is whole.
///
/// # Errors
/// See [`to_item`].
pub fn account_rows(account: &Account) -> Result<[Write; 3], StoreError> {
    let entry = stored::AccountEntry { v: Schema, account: Text(account.id.clone()), closed: false };
    Ok([
        Write::replace(keys::listed_account(&account.id), to_item(&entry)?),
        Write::replace(keys::account(&account.id), item(account)?),
        Write::replace(keys::account_entry(&account.user, &account.exchange, &account.label), to_item(&entry)?),
    ])
}

/// An account as a look at the rows finds it, and whether it is on the list of active ones.
///
/// # Errors
/// `Unreadable`.
pub fn account_of(row: &Item) -> Result<(Account, bool), StoreError> {
    Ok((read(row.clone())?, row.contains_key("active_pk")))
}

/// An account's item as its row: the counters as the texts that a row has.
fn read(item: Item) -> Result<Account, StoreError> {
    let mut row = Item::new();
    let mut maps: BTreeMap<&'static str, Item> = BTreeMap::new();
    for (name, value) in item {
        let of = |maps: &[(&'static str, &'static str)]| {
            maps.iter().find_map(|(prefix, map)| Some((*map, Name::from(name.strip_prefix(prefix)?.to_owned()))))
        };
        if let Some((map, asset)) = of(&stored::Account::COUNTER_MAPS) {
            maps.entry(map).or_default().insert(asset, as_text(value));
        } else if let Some((map, seat)) = of(&stored::Account::SEAT_MAPS) {
            maps.entry(map).or_default().insert(seat, value);
        } else if stored::Account::COUNTERS.contains(&name.as_ref()) {
            row.insert(name, as_text(value));
        } else {
            row.insert(name, value);
        }
    }
    row.extend(maps.into_iter().map(|(map, values)| (map.into(), Value::M(values))));
    from_item::<stored::Account>(row).map(Account::from)
}

/// What its owner may change of an account's item.
pub(super) fn limits(account: &Account) -> Result<Item, StoreError> {
    const LIMITS: [&str; 5] = ["open_groups_max", "exposure_max", "order_quote_max", "day_loss_max", "leverage_max"];
    Ok(item(account)?.into_iter().filter(|(name, _)| LIMITS.contains(&name.as_ref())).collect())
}

/// An account's row as its item.
pub(super) fn item(account: &Account) -> Result<Item, StoreError> {
    let mut item = to_item(&stored::Account::from(account))?;
    for (prefix, map) in stored::Account::COUNTER_MAPS {
        let Some(Value::M(amounts)) = item.remove(map) else { continue };
        item.extend(amounts.into_iter().map(|(asset, amount)| (format!("{prefix}{asset}").into(), as_number(amount))));
    }
    for (prefix, map) in stored::Account::SEAT_MAPS {
        let Some(Value::M(seats)) = item.remove(map) else { continue };
        item.extend(seats.into_iter().map(|(seat, value)| (format!("{prefix}{seat}").into(), value)));
    }
    for counter in stored::Account::COUNTERS {
        let value = item.remove(counter).map(as_number);
        item.extend(value.map(|value| (counter.into(), value)));
    }
    Ok(item)
}

fn equity(currency: &Asset) -> String {
    format!("equity#{currency}")
}

fn as_text(value: Value) -> Value {
    if let Value::N(number) = value { Value::S(number) } else { value }
}

fn as_number(value: Value) -> Value {
    if let Value::S(text) = value { Value::N(text) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::text;
    use domain::account::{AccountLimits, DayLoss, Halt, Reducing};
    use domain::audit::Actor;
    use domain::clock::Timestamp;
    use domain::ids::RuleId;
    use domain::ids::{GroupId, UserId};

    pub(super) fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    pub(super) fn usdt() -> Asset {
        "USDT".parse().unwrap()
    }

    pub(super) fn account() -> Account {
        let limit = amount("1000");
        Account {
            id: AccountId::of(&["a"]),
            user: UserId::of(&["u"]),
            exchange: "PAPER".parse().unwrap(),
            label: "default".to_owned(),
            limits: AccountLimits {
                open_groups_max: 3,
                exposure_max: limit,
                order_quote_max: limit,
                day_loss_max: limit,
                leverage_max: domain::market::Leverage::ONE,
            },
            balances: BTreeMap::from([(usdt(), amount("100.5")), ("BTC".parse().unwrap(), amount("0.00000001"))]),
            balance_at: Timestamp::from_millis(7),
            balance_told_at: Timestamp::from_millis(8),
            filled_at: Timestamp::from_millis(6),
            fills: 2,
            reserved: BTreeMap::from([(usdt(), amount("20"))]),
            open_groups: 1,
            exposure: amount("20"),
            day_loss: DayLoss { day: 3, amount: amount("1.5") },
            halted: Some(Halt {
                at: Timestamp::from_millis(5),
                reason: "holiday".to_owned(),
                kept_out: None,
                by_person: false,
            }),
            reducing: Some(Reducing {
                at: Timestamp::from_millis(3),
                until: Some(Timestamp::from_millis(9)),
                reason: "a rule".to_owned(),
                by: Actor::Rule,
                rule: Some(RuleId::of(&["rule"])),
            }),
            pass_slot: 9,
            drift: Default::default(),
            looks: Default::default(),
            fees: Default::default(),
            live: BTreeMap::from([("BTC/USDT#60".parse().unwrap(), GroupId::of(&["g"]))]),
            exits: BTreeMap::from([("BTC/USDT#-".parse().unwrap(), Timestamp::from_millis(6))]),
            cooldowns: BTreeMap::from([("BTC/USDT#15".parse().unwrap(), Timestamp::from_millis(7))]),
            venue_paused_until: Some(Timestamp::from_millis(8)),
            limited: true,
            ruled: true,
            worth: Default::default(),
        }
    }

    #[test]
    fn counters_are_numbers_of_their_own_and_read_back_as_they_were() {
        let item = item(&account()).unwrap();
        assert_eq!(item["balance#USDT"], number("100.5"));
        assert_eq!(item["reserved#USDT"], number("20"));
        assert_eq!(item["exposure"], number("20"));
        assert_eq!(item["live#BTC/USDT#60"], text(GroupId::of(&["g"]).as_str()));
        assert_eq!(item["exit#BTC/USDT#-"], number(6));
        let maps = ["balances", "reserved", "live", "exits"];
        assert!(!maps.iter().any(|map| item.contains_key(map)));
        assert_eq!(read(item).unwrap(), account());
    }
}
