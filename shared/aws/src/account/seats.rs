//! Who sits where, and which exits are known: attributes of the account, by seat.

use super::read;
use crate::client::Aws;
use crate::condition::{EXIT_AS_SEEN, NOT_EXITED, OLD_ACCOUNT, PRESENT};
use crate::config::Place;
use crate::error::unreadable;
use crate::item::{Item, from_item, number, number_of, text, text_of, time, to_item};
use crate::keys;
use crate::send::Written;
use crate::stamp;
use crate::write::Write;
use app::ports::{Clock, RememberExit, StoreError};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::seat::Seat;
use wire::stored::{self, Schema};
use wire::text::Text;

/// What the attributes' names begin with.
pub(super) const LIVE: &str = "live#";
pub(super) const EXIT: &str = "exit#";
/// Since which schema the account knows its seats.
const SEATED: i64 = 2;

impl RememberExit for Aws {
    async fn remember_exit(&self, account: &Account, seat: &Seat, event_at: Timestamp) -> Result<(), StoreError> {
        let place = attribute(EXIT, seat);
        let remember = Write::update(keys::account(&account.id)).set(&place, time(event_at)).when(PRESENT);
        let remember = remember.when(NOT_EXITED).naming("exit", place).given("event_at", time(event_at));
        let outdated = account.outdated_exit(self.now()).filter(|(other, _)| *other != seat);
        let Some((outdated, raised_at)) = outdated else {
            return self.write(remember, &stamp::fresh()?).await.map(drop);
        };
        let place = attribute(EXIT, outdated);
        let forget = remember.clone().remove(&place).when(EXIT_AS_SEEN).naming("outdated", place);
        match self.write(forget.given("raised_at", time(raised_at)), &stamp::fresh()?).await? {
            Written::Done(_) => Ok(()),
            // What was outdated has changed meanwhile, or this exit is known: forgetting can wait.
            Written::Refused(_) => self.write(remember, &stamp::fresh()?).await.map(drop),
        }
    }
}

impl Aws {
    /// The account of an item. One of the first release is brought up first: its seats and exits stood in rows of
    /// their own.
    pub(crate) async fn seated(&self, item: Item, account: &AccountId) -> Result<Account, StoreError> {
        if number_of(&item, "v")? >= SEATED {
            return read(item);
        }
        let entry = stored::AccountEntry { v: Schema, account: Text(account.clone()) };
        self.put(keys::listed_account(account), to_item(&entry)?).await?;
        let mut write = Write::update(keys::account(account)).set("v", number(SEATED)).when(OLD_ACCOUNT);
        write = write.given("seated", number(SEATED));
        for row in self.query(Place::Trading, &keys::of_account(account), keys::POINTERS).await? {
            let row: stored::LivePointer = from_item(row)?;
            let seat = Seat { symbol: row.symbol.0, timeframe: row.timeframe.map(|timeframe| timeframe.0) };
            write = write.set(&attribute(LIVE, &seat), text(row.group.0.as_str()));
        }
        for row in self.query(Place::Trading, &keys::of_account(account), keys::EXITS).await? {
            let seat = seat_of_exit(text_of(&row, "sk")?)?;
            let row: stored::LastExit = from_item(row)?;
            write = write.set(&attribute(EXIT, &seat), number(row.event_at));
        }
        match self.write(write, &stamp::fresh()?).await? {
            Written::Done(item) | Written::Refused(Some(item)) => read(item),
            Written::Refused(None) => Err(unreadable("an account that went while it was brought up")),
        }
    }
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
