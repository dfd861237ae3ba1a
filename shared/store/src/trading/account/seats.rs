//! Who sits where, and which exits are known: attributes of the account, by seat.

use super::read;
use crate::condition::{ABSENT, EXIT_AS_SEEN, NOT_EXITED, OLD_ACCOUNT, PRESENT, WRITTEN_AS_SEEN};
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::item::{from_item, number, number_of, text, text_of, time, to_item};
use crate::key::Table;
use crate::rows::Rows;
use crate::trading::Trading;
use crate::trading::keys;
use crate::value::Value;
use crate::value::{Item, Name};
use crate::write::Write;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::limits::{self, EXIT_REMEMBERED};
use domain::seat::Seat;
use wire::stored::{self, Schema};
use wire::text::Text;

/// What the attributes' names begin with.
pub(super) const LIVE: &str = "live#";
pub(super) const EXIT: &str = "exit#";
pub(super) const COOL: &str = "cool#";
/// Since which schema the account knows its seats.
const SEATED: i64 = 2;
const BRINGING_UP_MAX: u32 = 4;
/// The longest name of a seat stands in an expression twice, and DynamoDB's guide bounds an expression by 4 KB ("Expression
/// parameters").
const SEATS_PER_WRITE: usize = 25;
/// A run of the release before ends sooner after a switch.
const OLD_RUNS_MAX: Millis = limits::WATCH_TIMEOUT;

impl<E: Engine> Trading<'_, E> {
    /// Keeps when the newest exit of a seat was raised, and may forget one that is outdated. An entry that was raised
    /// before an exit of its seat is not opened any more, however late it is decided.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn remember_exit(&self, account: &Account, seat: &Seat, event_at: Timestamp) -> Result<(), StoreError> {
        let place = attribute(EXIT, seat);
        let remember = Write::update(keys::account(&account.id)).set(place.clone(), time(event_at)).when(PRESENT);
        let remember = remember.when(NOT_EXITED).naming("exit", place).given("event_at", time(event_at));
        let outdated = account.outdated_exit(self.0.now()).filter(|(other, _)| *other != seat);
        let Some((outdated, raised_at)) = outdated else {
            return Rows(self.0).send(remember).await.map(drop);
        };
        let place = attribute(EXIT, outdated);
        let forget = remember.clone().remove(place.clone()).when(EXIT_AS_SEEN).naming("outdated", place);
        match Rows(self.0).send(forget.given("raised_at", time(raised_at))).await? {
            Written::Done(_) => Ok(()),
            // What was outdated has changed meanwhile, or this exit is known: forgetting can wait.
            Written::Refused(_) => Rows(self.0).send(remember).await.map(drop),
        }
    }

    /// The account of an item. One of the first release, whose seats and exits stand in rows of their own, is read with
    /// them; a function that decides brings it up first, so that another commit and ours cannot meet in two places.
    pub(in crate::trading) async fn seated(&self, item: Item, account: &AccountId) -> Result<Account, StoreError> {
        let mut item = item;
        for _ in 0..BRINGING_UP_MAX {
            if number_of(&item, "v")? >= SEATED {
                return read(item);
            }
            let beside = self.beside(account).await?;
            if !self.0.brings_up() {
                item.retain(|name, _| !is_seat(name));
                item.extend(beside);
                return read(item);
            }
            if self.0.age() < OLD_RUNS_MAX {
                return Err(StoreError::Unavailable("the release before may still be writing this account".to_owned()));
            }
            match self.bring_up(account, &item, beside).await? {
                Written::Done(item) => return read(item),
                Written::Refused(Some(newer)) => item = newer,
                Written::Refused(None) => {
                    return Err(StoreError::unreadable("an account that went while it was brought up"));
                }
            }
        }
        Err(StoreError::Unavailable("the account changes while it is brought up".to_owned()))
    }

    /// The seats and exits that stand beside an account, as its attributes; exits that are outdated are left.
    async fn beside(&self, account: &AccountId) -> Result<Item, StoreError> {
        let mut beside = Item::new();
        for row in Rows(self.0).query(Table::Trading, &keys::of_account(account), keys::POINTERS).await? {
            let row: stored::LivePointer = from_item(row)?;
            let seat = Seat { symbol: row.symbol.0, timeframe: row.timeframe.map(|timeframe| timeframe.0) };
            beside.insert(attribute(LIVE, &seat).into(), text(row.group.0.as_str()));
        }
        let outdated = self.0.now().minus(EXIT_REMEMBERED).millis();
        for row in Rows(self.0).query(Table::Trading, &keys::of_account(account), keys::EXITS).await? {
            let seat = seat_of_exit(text_of(&row, "sk")?)?;
            let row: stored::LastExit = from_item(row)?;
            if row.event_at > outdated {
                beside.insert(attribute(EXIT, &seat).into(), number(row.event_at));
            }
        }
        Ok(beside)
    }

    /// As it was read: what opens or closes a group writes the account, and so it is read again. Until the last write the
    /// account is one of the first release, of which the rows beside it count.
    async fn bring_up(&self, account: &AccountId, seen: &Item, beside: Item) -> Result<Written, StoreError> {
        let entry = stored::AccountEntry { v: Schema, account: Text(account.clone()), closed: false };
        Rows(self.0).send(Write::replace(keys::listed_account(account), to_item(&entry)?).when(ABSENT)).await?;
        let changes = changes(seen, beside);
        let mut parts = changes.chunks(SEATS_PER_WRITE).peekable();
        let mut stamp = seen.get("written_by").cloned();
        loop {
            let part = parts.next().unwrap_or_default();
            let is_last = parts.peek().is_none();
            let write = brought_up(account, stamp, part);
            let write = if is_last { write.set("v", number(SEATED)) } else { write };
            match Rows(self.0).send(write).await? {
                Written::Done(item) if !is_last => stamp = item.get("written_by").cloned(),
                ended => return Ok(ended),
            }
        }
    }
}

/// A seat's attribute, and its value where it has one.
type Change = (Name, Option<Value>);

/// What the account is to have of the rows beside it, and what it has of those that have gone since an earlier try.
fn changes(seen: &Item, beside: Item) -> Vec<Change> {
    let gone = seen.keys().filter(|name| is_seat(name) && !beside.contains_key(name)).cloned();
    let gone: Vec<_> = gone.map(|name| (name, None)).collect();
    beside.into_iter().map(|(name, value)| (name, Some(value))).chain(gone).collect()
}

fn brought_up(account: &AccountId, stamp: Option<Value>, part: &[Change]) -> Write {
    let write = Write::update(keys::account(account)).when(OLD_ACCOUNT).given("seated", number(SEATED));
    let write = match stamp {
        Some(stamp) => write.when(WRITTEN_AS_SEEN).given("seen_stamp", stamp),
        None => write,
    };
    part.iter().fold(write, |write, (name, value)| match value {
        Some(value) => write.set(name.clone(), value.clone()),
        None => write.remove(name.clone()),
    })
}

/// Of those that the rows beside an account tell.
fn is_seat(attribute: &str) -> bool {
    attribute.starts_with(LIVE) || attribute.starts_with(EXIT)
}

pub(super) fn attribute(prefix: &str, seat: &Seat) -> String {
    format!("{prefix}{seat}")
}

/// `E#PAPER:BTC/USDT#60`: the seat is what follows the exchange.
fn seat_of_exit(sk: &str) -> Result<Seat, StoreError> {
    let seat = sk.strip_prefix(keys::EXITS).and_then(|market| market.split_once(':'));
    let seat = seat.and_then(|(_, seat)| seat.parse().ok());
    seat.ok_or_else(|| StoreError::Unreadable(format!("{sk} is no exit's place")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPRESSION_BYTES_MAX: usize = 4_096;

    fn seats(count: u32, prefix: &str) -> Item {
        let seat = |number: u32| {
            let symbol = format!("AAAAAAAAAAAAAA{number:02}/BBBBBBBBBBBBBBBB:CCCCCCCCCCCCCCCC#12345678");
            (attribute(prefix, &symbol.parse().unwrap()).into(), text("grp_a"))
        };
        (0..count).map(seat).collect()
    }

    #[test]
    fn an_account_of_many_seats_is_brought_up_in_writes_that_the_table_takes() {
        let account = AccountId::of(&["a"]);
        let (beside, gone) = (seats(99, LIVE), seats(9, EXIT));
        let mut seen = gone.clone();
        seen.extend(seats(3, LIVE));
        seen.insert("exposure".into(), number(1));
        let changes = changes(&seen, beside.clone());
        let (mut set, mut removed) = (0, 0);
        for part in changes.chunks(SEATS_PER_WRITE) {
            let write = brought_up(&account, Some(text("stamp")), part).set("v", number(SEATED)).parts();
            let update = write.update.unwrap();
            assert!(update.len() <= EXPRESSION_BYTES_MAX, "{} bytes", update.len());
            let condition = write.condition.unwrap();
            assert!(condition.len() <= EXPRESSION_BYTES_MAX && condition.contains("seen_stamp"), "{condition}");
            let sets = write.values.unwrap().keys().filter(|name| name.starts_with(":set_live_")).count();
            set += sets;
            removed += part.len() - sets;
        }
        assert_eq!((set, removed), (beside.len(), gone.len()));
    }
}
