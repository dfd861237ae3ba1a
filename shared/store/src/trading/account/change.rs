//! What a commit changes of an account, as one conditional write.

use super::seats::{self, COOL, EXIT, LIVE};
use crate::condition::{
    BALANCE_AS_SEEN, COOLDOWN_AS_SEEN, COOLED, EXPOSURE_WITHIN, GROUPS_WITHIN, LOSS_AS_SEEN, LOSS_WITHIN, NOT_EXITED,
    NOT_EXITED_AT_ALL, NOT_HALTED, NOT_REDUCING, NOTHING_SPENT, PRESENT, RESERVED_FAR_WITHIN, RESERVED_WITHIN,
    SEAT_FREE, SEAT_OURS, SPENT_AS_SEEN, UNLIMITED_STILL, UNRULED_STILL,
};
use crate::error::StoreError;
use crate::item::{number, text, time};
use crate::trading::keys;
use crate::value::Value;
use crate::write::Write;
use domain::account::Account;
use domain::account::DayLoss;
use domain::by_hand::DaySpent;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::ids::GroupId;
use domain::ids::KeyId;
use domain::market::Asset;
use domain::money::Amount;
use domain::risk::AccountBounds;
use domain::seat::Seat;

/// Who sits where from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seated {
    /// Refused where another group sits there.
    Takes { seat: Seat, group: GroupId },
    /// Refused where it is another group that sits there. What cools is not taken before its time.
    Leaves { seat: Seat, group: GroupId, cools_until: Option<Timestamp> },
}

/// What is added to an account's counters, who sits where, and under which bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChange {
    pub account: AccountId,
    /// The asset of `reserved` and `balance`.
    pub asset: Asset,
    pub reserved: Amount,
    pub balance: Amount,
    pub exposure: Amount,
    pub open_groups: i64,
    pub seated: Option<Seated>,
    /// What is gained more than before, negative for a loss, in `asset`.
    pub realised: Amount,
    /// A realised loss, counted on the day of the transaction.
    pub loss: Amount,
    /// The loss counter as it was read, when `loss` is not zero.
    pub seen_loss: Option<DayLoss>,
    /// When the venue was last asked for the balance, where `balance` comes of fills: those before are in it.
    pub seen_balance_at: Option<Timestamp>,
    pub bounds: Option<Bounds>,
    /// The account was read without risk rules, and nothing was written for them: refused where it has some by then.
    pub unruled: bool,
}

impl AccountChange {
    /// What changes nothing yet.
    pub fn nothing(account: AccountId, asset: Asset) -> Self {
        let none = Amount::ZERO;
        let (seated, seen_loss, seen_balance_at, bounds) = (None, None, None, None);
        let (reserved, balance, exposure, loss, realised) = (none, none, none, none, none);
        Self {
            account,
            asset,
            reserved,
            balance,
            exposure,
            open_groups: 0,
            seated,
            realised,
            loss,
            seen_loss,
            seen_balance_at,
            bounds,
            unruled: false,
        }
    }
}

/// Computed by the caller: a condition can compare, not calculate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// What an entry was approved under.
    pub account: AccountBounds,
    /// No exit of these seats was raised after the entry.
    pub entry: Option<RaisedEntry>,
    pub cooled: Option<Cooled>,
    pub spent: Option<Spent>,
}

/// What an API key spends by hand with the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    pub key: KeyId,
    /// Refused where it has changed since it was read.
    pub seen: Option<DaySpent>,
    pub next: DaySpent,
}

/// A seat whose cooldown is over, with what makes way: its own entry, and one of another seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cooled {
    pub seat: Seat,
    pub at: Timestamp,
    /// Refused where it has changed since it was read.
    pub outdated: Option<(Seat, Timestamp)>,
}

/// An entry, when it was raised, and the seats whose exits concern it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaisedEntry {
    pub seats: Vec<Seat>,
    pub event_at: Timestamp,
}

impl Bounds {
    /// What an entry was approved under, and nothing of its seat.
    pub fn of(approved: &AccountBounds) -> Self {
        Self { account: *approved, entry: None, cooled: None, spent: None }
    }

    /// The same for an entry into a seat that must not cool any more. The account stays small: what is over goes.
    #[must_use]
    pub fn once_cooled(self, account: &Account, seat: &Seat, at: Timestamp) -> Self {
        let outdated = account.outdated_cooldown(seat, at).map(|(seat, until)| (seat.clone(), until));
        Self { cooled: Some(Cooled { seat: seat.clone(), at, outdated }), ..self }
    }

    /// The same for an entry that an exit could have overtaken.
    #[must_use]
    pub fn unless_exited(self, seat: &Seat, event_at: Timestamp) -> Self {
        Self { entry: Some(RaisedEntry { seats: seat.and_whole_market().collect(), event_at }), ..self }
    }
}

/// What a commit adds to an account, and under which bounds.
///
/// # Errors
/// `Unreadable`: a loss without the counter that it was decided on.
pub fn account_change(change: &AccountChange, at: Timestamp) -> Result<Write, StoreError> {
    let mut write = Write::update(keys::account(&change.account)).when(PRESENT);
    let counters = [
        (reserved(&change.asset), change.reserved),
        (balance(&change.asset), change.balance),
        (realised(&change.asset), change.realised),
        ("exposure".to_owned(), change.exposure),
    ];
    for (name, amount) in counters.into_iter().filter(|(_, amount)| !amount.get().is_zero()) {
        write = write.add(name, number(amount));
    }
    if change.open_groups != 0 {
        write = write.add("open_groups", number(change.open_groups));
    }
    if change.open_groups > 0 {
        write = activated(write, &change.account);
    }
    if let Some(seated) = &change.seated {
        write = sit(write, seated);
    }
    if !change.loss.get().is_zero() {
        write = with_loss(write, change, at)?;
    }
    if let Some(asked_at) = change.seen_balance_at {
        write = write
            .set("filled_at", time(at))
            .add("fills", number(1))
            .when(BALANCE_AS_SEEN)
            .given("seen_balance_at", time(asked_at));
    }
    let write = if change.unruled { write.when(UNRULED_STILL) } else { write };
    Ok(change.bounds.iter().fold(write, |write, bounds| bounded(write, &change.asset, bounds, at)))
}

fn sit(write: Write, seated: &Seated) -> Write {
    match seated {
        Seated::Takes { seat, group } => {
            let place = seats::attribute(LIVE, seat);
            write.set(place.clone(), text(group.as_str())).when(SEAT_FREE).naming("seat", place)
        }
        Seated::Leaves { seat, group, cools_until } => {
            let place = seats::attribute(LIVE, seat);
            let write =
                cools_until.iter().fold(write, |write, until| write.set(seats::attribute(COOL, seat), time(*until)));
            write.remove(place.clone()).when(SEAT_OURS).naming("seat", place).given("group", text(group.as_str()))
        }
    }
}

/// On the list of accounts that are watched.
pub(in crate::trading) fn activated(write: Write, account: &AccountId) -> Write {
    let shard = keys::shard_of_account(account);
    write.set("active_pk", text(keys::active(shard))).set("active_sk", text(account.as_str()))
}

/// Added to, or begun anew on a new day.
fn with_loss(write: Write, change: &AccountChange, at: Timestamp) -> Result<Write, StoreError> {
    let seen: DayLoss =
        change.seen_loss.ok_or_else(|| StoreError::unreadable("a loss without the counter it was decided on"))?;
    let write =
        write.when(LOSS_AS_SEEN).given("seen_loss_day", number(seen.day)).given("seen_day_loss", number(seen.amount));
    let next = seen.and(change.loss, at).map_err(StoreError::unreadable)?;
    if next.day == seen.day {
        return Ok(write.add("day_loss", number(change.loss)));
    }
    Ok(write.set("loss_day", number(next.day)).set("day_loss", number(next.amount)))
}

fn bounded(write: Write, asset: &Asset, bounds: &Bounds, at: Timestamp) -> Write {
    let without_any = if bounds.account.reserved_max.is_negative() { RESERVED_FAR_WITHIN } else { RESERVED_WITHIN };
    let write = write
        .when(without_any)
        .naming("reserved", reserved(asset))
        .given("reserved_max", number(bounds.account.reserved_max))
        .when(EXPOSURE_WITHIN)
        .given("exposure_max", number(bounds.account.exposure_max))
        .when(GROUPS_WITHIN)
        .given("open_groups_max", number(bounds.account.open_groups_max))
        .when(BALANCE_AS_SEEN)
        .given("seen_balance_at", time(bounds.account.balance_at))
        .when(NOT_HALTED)
        .when(NOT_REDUCING)
        .given("entry_at", time(at));
    let write = loss_within(write, bounds.account.day_loss_below, at);
    let write = if bounds.account.limited { write } else { write.when(UNLIMITED_STILL) };
    let write = if bounds.account.ruled { write } else { write.when(UNRULED_STILL) };
    let write = bounds.entry.iter().fold(write, not_exited);
    let write = bounds.cooled.iter().fold(write, cooled);
    bounds.spent.iter().fold(write, spent)
}

fn spent(write: Write, spent: &Spent) -> Write {
    let of_day = |spent: &DaySpent| Value::L(vec![number(spent.day), text(spent.amount.to_string())]);
    let place = format!("spent#{}", spent.key);
    let write = write.set(place.clone(), of_day(&spent.next)).naming("spent", place);
    match &spent.seen {
        None => write.when(NOTHING_SPENT),
        Some(seen) => write.when(SPENT_AS_SEEN).given("seen_spent", of_day(seen)),
    }
}

/// Less than this was lost on the day.
pub(in crate::trading) fn loss_within(write: Write, below: Amount, at: Timestamp) -> Write {
    write
        .when(LOSS_WITHIN)
        .given("today", number(at.day()))
        .given("tomorrow", number(at.day().saturating_add(1)))
        .given("day_loss_below", number(below))
}

/// What is over goes with the opening that finds it so.
fn cooled(write: Write, cooled: &Cooled) -> Write {
    let own = seats::attribute(COOL, &cooled.seat);
    let write = write.remove(own.clone()).when(COOLED).naming("cools", own).given("cooled_at", time(cooled.at));
    cooled.outdated.iter().fold(write, |write, (seat, until)| {
        let other = seats::attribute(COOL, seat);
        let write = write.remove(other.clone()).when(COOLDOWN_AS_SEEN).naming("cooled", other);
        write.given("cooled_until", time(*until))
    })
}

/// Its own seat, and that of the whole market.
fn not_exited(write: Write, entry: &RaisedEntry) -> Write {
    let conditions = [(NOT_EXITED, "exit"), (NOT_EXITED_AT_ALL, "exit_of_all")];
    let named = entry.seats.iter().zip(conditions).fold(write, |write, (seat, (condition, name))| {
        write.when(condition).naming(name, seats::attribute(EXIT, seat))
    });
    named.given("event_at", time(entry.event_at))
}

pub(super) fn balance(asset: &Asset) -> String {
    format!("balance#{asset}")
}

fn realised(asset: &Asset) -> String {
    format!("realised#{asset}")
}

fn reserved(asset: &Asset) -> String {
    format!("reserved#{asset}")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{account, amount, usdt};
    use super::*;
    use domain::account::Need;
    use domain::clock::Millis;

    fn bounds_of(need: &Need) -> Bounds {
        Bounds::of(&AccountBounds::of(&account(), need).unwrap())
    }

    fn written(loss: &str, seen: Option<DayLoss>, bounds: Option<Bounds>) -> Result<crate::write::Parts, StoreError> {
        let (account, asset) = (account().id, usdt());
        let (reserved, balance, exposure, loss) = (amount("5"), Amount::ZERO, amount("5"), amount(loss));
        let realised = loss.negated();
        let (open_groups, seated, seen_loss) = (1, None, seen);
        let adds = AccountChange {
            account,
            asset,
            reserved,
            balance,
            exposure,
            open_groups,
            seated,
            realised,
            loss,
            seen_loss,
            seen_balance_at: None,
            bounds,
            unruled: false,
        };
        account_change(&adds, Timestamp::from_millis(4 * Millis::DAY.get())).map(|write| write.parts())
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
        for day in [4, 5] {
            let parts = written("2", seen(day), None).unwrap();
            assert!(parts.update.unwrap().contains("#day_loss :add_day_loss"), "a clock that is late adds");
        }
        let of_no_clock = written("2", seen(6), None).unwrap();
        assert_eq!(of_no_clock.values.unwrap()[":set_loss_day"], number("4"));
        let another_day = written("2", seen(3), None).unwrap();
        assert_eq!(another_day.values.unwrap()[":set_day_loss"], number("2"));
        assert_eq!(written("-2", seen(3), None).unwrap().values.unwrap()[":set_day_loss"], number("0"));
        assert!(written("2", None, None).is_err());
    }

    #[test]
    fn a_seat_that_is_left_cools_and_one_that_has_cooled_makes_way() {
        let (seat, group) = ("BTC/USDT#15".parse().unwrap(), GroupId::of(&["g"]));
        let cools_until = Some(Timestamp::from_millis(7));
        let seated = Some(Seated::Leaves { seat, group, cools_until });
        let left = AccountChange { seated, ..AccountChange::nothing(account().id, usdt()) };
        let parts = account_change(&left, Timestamp::from_millis(1)).unwrap().parts();
        let update = "SET #cool_BTC_USDT_15 = :set_cool_BTC_USDT_15 REMOVE #live_BTC_USDT_15";
        assert_eq!(parts.update.as_deref(), Some(update));
        let need = Need {
            asset: usdt(),
            reserve: amount("1"),
            exposure: amount("5"),
            leverage: domain::market::Leverage::ONE,
            groups: 1,
            open_groups_max: None,
        };
        let seat = "BTC/USDT#60".parse().unwrap();
        let bounds = bounds_of(&need).once_cooled(&account(), &seat, Timestamp::from_millis(7));
        let parts = written("0", None, Some(bounds)).unwrap();
        assert!(parts.update.unwrap().contains("REMOVE #cool_BTC_USDT_15, #cool_BTC_USDT_60 ADD"));
        let condition = parts.condition.unwrap();
        assert!(
            condition.contains("(attribute_not_exists(#cools) OR #cools <= :cooled_at) AND (#cooled = :cooled_until)")
        );
        let names = parts.names.unwrap();
        assert_eq!((names["#cools"].as_str(), names["#cooled"].as_str()), ("cool#BTC/USDT#60", "cool#BTC/USDT#15"));
    }

    #[test]
    fn a_bound_below_zero_is_not_kept_by_an_account_without_a_reservation() {
        let bounds = |reserve: &str| {
            let (reserve, exposure) = (amount(reserve), amount("5"));
            let need = Need {
                asset: usdt(),
                reserve,
                exposure,
                leverage: domain::market::Leverage::ONE,
                groups: 1,
                open_groups_max: None,
            };
            written("0", None, Some(bounds_of(&need))).unwrap().condition.unwrap()
        };
        let absent_is_enough = "attribute_not_exists(#reserved) OR #reserved <= :reserved_max";
        assert!(bounds("100").contains(absent_is_enough));
        assert!(!bounds("101").contains(absent_is_enough));
        assert!(bounds("101").contains("(#reserved <= :reserved_max)"));
    }
}
