//! Where the rows of the trading table stand. One function for each kind of row.

use crate::error::StoreError;
use crate::key::{Key, Table, of_user};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, BotId, NoticeId, RunId, Sha, UserId};
use domain::market::Exchange;
use domain::recovery::TableId;
use domain::route::RouteName;
use domain::series::Series;
use domain::shard;

pub const ACCOUNTS: &str = "A#";
/// Rows of the first release, which the account holds by now.
pub const POINTERS: &str = "L#";
pub const EXITS: &str = "E#";
/// The partition that names all accounts.
pub const EVERY_ACCOUNT: &str = "ACCOUNTS";
const ACTIVE: &str = "W#";
pub const NOTICES: &str = "N#";
/// Of a user's bots.
pub const BOTS: &str = "B#";
pub const RUNS: &str = "R#";
/// All of them.
pub const SWITCHES: &str = "STRATEGIES";
pub const RUN_LOG: &str = "L#";
/// What the partitions of bots begin with.
pub const OF_BOTS: &str = "BOT#";
/// What the partitions of runs that hear a series begin with.
pub const OF_HEARERS: &str = "EAR#";
/// What the partitions of inboxes begin with.
pub const OF_NOTICES: &str = "NTF#";
/// How many of a user's bots run.
pub const RUNNING: &str = "C";
/// Of an account's own row.
pub const ACCOUNT: &str = "A";
/// What the partitions of accounts begin with.
pub const OF_ACCOUNT: &str = "ACC#";

/// Of recoveries.
pub const REPORTS: &str = "R#";

pub fn of_account(account: &AccountId) -> String {
    format!("{OF_ACCOUNT}{account}")
}

pub fn token(user: &UserId, hash: &Sha) -> Key {
    Key::new(Table::Trading, tokens(user), hash.as_str())
}

/// The partition of a user's tokens.
pub fn tokens(user: &UserId) -> String {
    format!("TOK#{user}")
}

/// How many positions a user may have open.
pub fn quota(user: &UserId) -> Key {
    Key::new(Table::Trading, format!("QTA#{user}"), "Q")
}

pub fn system() -> Key {
    Key::new(Table::Trading, "SYS", "S")
}

/// Whether bots may enter by a strategy.
pub fn switch(strategy: &str) -> Key {
    Key::new(Table::Trading, SWITCHES, strategy)
}

/// What a recovery of an account in this table has found.
pub fn report(account: &AccountId, table: &TableId) -> Key {
    Key::new(Table::Trading, of_account(account), format!("{REPORTS}{table}"))
}

/// The partition of a user's bots and their runs.
pub fn of_bots(user: &UserId) -> String {
    format!("{OF_BOTS}{user}")
}

pub fn bot(user: &UserId, bot: &BotId) -> Key {
    Key::new(Table::Trading, of_bots(user), format!("{BOTS}{bot}"))
}

pub fn run(user: &UserId, run: &RunId) -> Key {
    Key::new(Table::Trading, of_bots(user), format!("{RUNS}{run}"))
}

/// How many of a user's bots run.
pub fn bots_running(user: &UserId) -> Key {
    Key::new(Table::Trading, of_bots(user), RUNNING)
}

/// What the keys of a run's log begin with, which only its user finds.
pub fn run_log(run: &RunId) -> String {
    format!("{RUN_LOG}{run}#")
}

pub fn run_entry(user: &UserId, run: &RunId, version: u64) -> Key {
    Key::new(Table::Trading, of_bots(user), format!("{}{version:010}", run_log(run)))
}

/// The partition of runs that hear a series.
pub fn of_hearers(series: &Series) -> String {
    format!("{OF_HEARERS}{series}")
}

pub fn hearer(series: &Series, account: &AccountId) -> Key {
    Key::new(Table::Trading, of_hearers(series), account.as_str())
}

/// The inbox of a user.
pub fn of_notices(user: &UserId) -> String {
    format!("{OF_NOTICES}{user}")
}

pub fn notice(user: &UserId, notice: &NoticeId) -> Key {
    let id = notice.as_str();
    notice_at(user, &format!("{NOTICES}{}", id.strip_prefix(NoticeId::PREFIX).unwrap_or(id)))
}

pub fn notice_at(user: &UserId, sk: &str) -> Key {
    Key::new(Table::Trading, of_notices(user), sk)
}

/// Between which keys the notices stand that are later than this and not to come; ids sort by their times.
pub fn notices_between(since: Option<Timestamp>, until: Timestamp) -> (String, String) {
    let after = |since: Timestamp| format!("{NOTICES}{}", sorted(since.plus(Millis::new(1))));
    (since.map_or_else(|| NOTICES.to_owned(), after), format!("{NOTICES}{}~", sorted(until)))
}

/// Up to when all were read.
pub fn notices_read(user: &UserId) -> Key {
    Key::new(Table::Trading, of_notices(user), "R")
}

pub fn known_origin(user: &UserId, origin: &Sha) -> Key {
    Key::new(Table::Trading, of_notices(user), format!("A#{}", origin.as_str()))
}

/// The partition of a user's routes.
pub fn of_routes(user: &UserId) -> String {
    format!("RTE#{user}")
}

pub fn route(user: &UserId, name: &RouteName) -> Key {
    Key::new(Table::Trading, of_routes(user), name.as_str())
}

pub fn account(account: &AccountId) -> Key {
    Key::new(Table::Trading, of_account(account), ACCOUNT)
}

pub fn account_entry(user: &UserId, exchange: &Exchange, label: &str) -> Key {
    Key::new(Table::Trading, of_user(user), format!("{ACCOUNTS}{exchange}#{label}"))
}

/// Among all accounts.
pub fn listed_account(account: &AccountId) -> Key {
    Key::new(Table::Trading, EVERY_ACCOUNT, account.as_str())
}

/// In the index of accounts with a group that is not closed.
pub fn active(shard: u8) -> String {
    format!("{ACTIVE}{shard:x}")
}

pub fn shard_of_active(pk: &str) -> Result<u8, StoreError> {
    let shard = pk.strip_prefix(ACTIVE).and_then(|shard| u8::from_str_radix(shard, 16).ok());
    shard.ok_or_else(|| StoreError::Unreadable(format!("{pk} names no shard")))
}

pub fn shard_of_account(account: &AccountId) -> u8 {
    shard::of(account.as_str())
}

/// Thirteen digits: sorts as text until the year 2286.
fn sorted(at: Timestamp) -> String {
    format!("{:013}", at.millis())
}
