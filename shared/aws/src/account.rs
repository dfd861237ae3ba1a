//! Accounts. Their counters are numbers of their own, which commits add to under bounds.

use crate::client::Aws;
use crate::condition::{
    BALANCE_AS_SEEN, BALANCE_OLDER, DRIFT_AS_SEEN, EXPOSURE_WITHIN, GROUPS_WITHIN, LOSS_AS_SEEN, LOSS_WITHIN, NO_DRIFT,
    NOT_HALTED, PRESENT, RESERVED_FAR_WITHIN, RESERVED_WITHIN,
};
use crate::error::unreadable;
use crate::item::{Item, from_item, number, text, time, to_item, to_value};
use crate::keys;
use crate::send::Written;
use crate::stamp;
use crate::write::Write;
use app::commit::{AccountChange, Bounds};
use app::ports::{KeepDrift, LoadAccount, StoreError, WriteBalance};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::account::{Account, DayLoss};
use domain::clock::Timestamp;
use domain::drift::Drift;
use domain::ids::AccountId;
use domain::market::Asset;
use domain::money::Amount;
use std::collections::BTreeMap;
use wire::stored;

impl LoadAccount for Aws {
    async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        self.get(&keys::account(account)).await?.map(read).transpose()
    }
}

impl WriteBalance for Aws {
    async fn write_balance(
        &self,
        account: &AccountId,
        balances: &BTreeMap<Asset, Amount>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(known) = self.load_account(account).await? else { return Ok(()) };
        let mut write = Write::update(keys::account(account))
            .when(BALANCE_OLDER)
            .given("balance_at", time(at))
            .set("balance_at", time(at));
        for asset in known.balances.keys().filter(|asset| !balances.contains_key(asset)) {
            write = write.remove(&balance(asset));
        }
        for (asset, amount) in balances {
            write = write.set(&balance(asset), number(amount));
        }
        self.write(write, &stamp::fresh()?).await.map(drop)
    }
}

impl KeepDrift for Aws {
    async fn keep_drift(&self, account: &AccountId, drift: &Drift, seen: &Drift) -> Result<bool, StoreError> {
        let write = Write::update(keys::account(account)).when(PRESENT);
        let write = match seen.is_empty() {
            true => write.when(NO_DRIFT),
            false => write.when(DRIFT_AS_SEEN).given("seen_drift_at", time(seen.at)),
        };
        let write = match drift.is_empty() {
            true => write.remove("drift"),
            false => write.set("drift", to_value(&stored::AccountDrift::from(drift))?),
        };
        let written = self.write(write, &stamp::fresh()?).await?;
        Ok(matches!(written, Written::Done(_)))
    }
}

/// An account's item as its row: the counters as the texts that a row has.
fn read(item: Item) -> Result<Account, StoreError> {
    let mut row = Item::new();
    let mut maps: BTreeMap<&str, Item> = BTreeMap::new();
    for (name, value) in item {
        let counter =
            stored::Account::COUNTER_MAPS.iter().find_map(|(prefix, map)| Some((*map, name.strip_prefix(prefix)?)));
        match counter {
            Some((map, asset)) => drop(maps.entry(map).or_default().insert(asset.to_owned(), as_text(value))),
            None if stored::Account::COUNTERS.contains(&name.as_str()) => drop(row.insert(name, as_text(value))),
            None => drop(row.insert(name, value)),
        }
    }
    row.extend(maps.into_iter().map(|(map, amounts)| (map.to_owned(), AttributeValue::M(amounts))));
    from_item::<stored::Account>(row).map(Account::from)
}

/// An account's row as its item.
pub(crate) fn item(account: &Account) -> Result<Item, StoreError> {
    let mut item = to_item(&stored::Account::from(account))?;
    for (prefix, map) in stored::Account::COUNTER_MAPS {
        let Some(AttributeValue::M(amounts)) = item.remove(map) else { continue };
        item.extend(amounts.into_iter().map(|(asset, amount)| (format!("{prefix}{asset}"), as_number(amount))));
    }
    for counter in stored::Account::COUNTERS {
        let value = item.remove(counter).map(as_number);
        item.extend(value.map(|value| (counter.to_owned(), value)));
    }
    Ok(item)
}

/// What a commit adds to an account, and under which bounds.
pub(crate) fn change(change: &AccountChange, at: Timestamp) -> Result<Write, StoreError> {
    let mut write = Write::update(keys::account(&change.account)).when(PRESENT);
    let counters = [
        (reserved(&change.asset), change.reserved),
        (balance(&change.asset), change.balance),
        ("exposure".to_owned(), change.exposure),
    ];
    for (name, amount) in counters.iter().filter(|(_, amount)| !amount.get().is_zero()) {
        write = write.add(name, number(amount));
    }
    if change.open_groups != 0 {
        write = write.add("open_groups", number(change.open_groups));
    }
    if change.open_groups > 0 {
        write = activated(write, &change.account);
    }
    if !change.loss.get().is_zero() {
        write = with_loss(write, change, at)?;
    }
    Ok(change.bounds.iter().fold(write, |write, bounds| bounded(write, &change.asset, bounds, at)))
}

/// On the list of accounts that are watched.
fn activated(write: Write, account: &AccountId) -> Write {
    let shard = keys::shard_of_account(account);
    write.set("active_pk", text(keys::active(shard))).set("active_sk", text(account.as_str()))
}

/// On a new day the counter begins anew; a correction of an older day's loss begins it at nothing.
fn with_loss(write: Write, change: &AccountChange, at: Timestamp) -> Result<Write, StoreError> {
    let seen: DayLoss = change.seen_loss.ok_or_else(|| unreadable("a loss without the counter it was decided on"))?;
    let write =
        write.when(LOSS_AS_SEEN).given("seen_loss_day", number(seen.day)).given("seen_day_loss", number(seen.amount));
    if seen.day == at.day() {
        return Ok(write.add("day_loss", number(change.loss)));
    }
    let first = change.loss.max(Amount::ZERO);
    Ok(write.set("loss_day", number(at.day())).set("day_loss", number(first)))
}

fn bounded(write: Write, asset: &Asset, bounds: &Bounds, at: Timestamp) -> Write {
    let without_any = if bounds.reserved_max.is_negative() { RESERVED_FAR_WITHIN } else { RESERVED_WITHIN };
    write
        .when(without_any)
        .naming("reserved", reserved(asset))
        .given("reserved_max", number(bounds.reserved_max))
        .when(EXPOSURE_WITHIN)
        .given("exposure_max", number(bounds.exposure_max))
        .when(GROUPS_WITHIN)
        .given("open_groups_max", number(bounds.open_groups_max))
        .when(LOSS_WITHIN)
        .given("today", number(at.day()))
        .given("day_loss_below", number(bounds.day_loss_below))
        .when(BALANCE_AS_SEEN)
        .given("seen_balance_at", time(bounds.balance_at))
        .when(NOT_HALTED)
}

fn balance(asset: &Asset) -> String {
    format!("balance#{asset}")
}

fn reserved(asset: &Asset) -> String {
    format!("reserved#{asset}")
}

fn as_text(value: AttributeValue) -> AttributeValue {
    if let AttributeValue::N(number) = value { AttributeValue::S(number) } else { value }
}

fn as_number(value: AttributeValue) -> AttributeValue {
    if let AttributeValue::S(text) = value { AttributeValue::N(text) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::account::{AccountLimits, Halt, Need};
    use domain::clock::Millis;
    use domain::ids::UserId;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn usdt() -> Asset {
        "USDT".parse().unwrap()
    }

    fn account() -> Account {
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
            },
            balances: BTreeMap::from([(usdt(), amount("100.5")), ("BTC".parse().unwrap(), amount("0.00000001"))]),
            balance_at: Timestamp::from_millis(7),
            reserved: BTreeMap::from([(usdt(), amount("20"))]),
            open_groups: 1,
            exposure: amount("20"),
            day_loss: DayLoss { day: 3, amount: amount("1.5") },
            halted: Some(Halt { at: Timestamp::from_millis(5), reason: "holiday".to_owned() }),
            pass_slot: 9,
            drift: Default::default(),
        }
    }

    fn written(loss: &str, seen: Option<DayLoss>, bounds: Option<Bounds>) -> Result<crate::write::Parts, StoreError> {
        let (account, asset) = (account().id, usdt());
        let (reserved, balance, exposure, loss) = (amount("5"), Amount::ZERO, amount("5"), amount(loss));
        let (open_groups, seen_loss) = (1, seen);
        let adds = AccountChange { account, asset, reserved, balance, exposure, open_groups, loss, seen_loss, bounds };
        change(&adds, Timestamp::from_millis(4 * Millis::DAY.get())).map(|write| write.parts())
    }

    #[test]
    fn counters_are_numbers_of_their_own_and_read_back_as_they_were() {
        let item = item(&account()).unwrap();
        assert_eq!(item["balance#USDT"], number("100.5"));
        assert_eq!(item["reserved#USDT"], number("20"));
        assert_eq!(item["exposure"], number("20"));
        assert!(!item.contains_key("balances") && !item.contains_key("reserved"));
        assert_eq!(read(item).unwrap(), account());
    }

    #[test]
    fn an_account_that_opens_a_group_is_watched_and_what_is_zero_is_not_added() {
        let parts = written("0", None, None).unwrap();
        let update = "SET #active_pk = :set_active_pk, #active_sk = :set_active_sk ADD #exposure :add_exposure, \
                      #open_groups :add_open_groups, #reserved_USDT :add_reserved_USDT";
        assert_eq!(parts.update.as_deref(), Some(update));
        assert_eq!(parts.condition.as_deref(), Some("(attribute_exists(#pk))"));
    }

    #[test]
    fn a_loss_is_counted_on_its_day_and_under_what_was_read() {
        let seen = |day| Some(DayLoss { day, amount: amount("1.5") });
        assert!(written("2", seen(4), None).unwrap().update.unwrap().contains("#day_loss :add_day_loss"));
        let another_day = written("2", seen(3), None).unwrap();
        assert_eq!(another_day.values.unwrap()[":set_day_loss"], number("2"));
        assert_eq!(written("-2", seen(3), None).unwrap().values.unwrap()[":set_day_loss"], number("0"));
        assert!(written("2", None, None).is_err());
    }

    #[test]
    fn a_bound_below_zero_is_not_kept_by_an_account_without_a_reservation() {
        let bounds = |reserve: &str| {
            let need = Need { asset: usdt(), reserve: amount(reserve), exposure: amount("5") };
            written("0", None, Some(Bounds::of(&account(), &need).unwrap())).unwrap().condition.unwrap()
        };
        let absent_is_enough = "attribute_not_exists(#reserved) OR #reserved <= :reserved_max";
        assert!(bounds("100").contains(absent_is_enough));
        assert!(!bounds("101").contains(absent_is_enough));
        assert!(bounds("101").contains("(#reserved <= :reserved_max)"));
    }
}
