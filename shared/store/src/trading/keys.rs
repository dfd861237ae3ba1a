//! Where the rows of the trading table stand. One function for each kind of row.

use super::bell::Bell;
use crate::error::StoreError;
use crate::key::{Key, Table, of_user};
use crate::page::Span;
use crate::query::Within;
use domain::clock::{Millis, Timestamp};
use domain::delivery::DeliveryRef;
use domain::ids::{AccountId, BotId, NoticeId, RuleId, RunId, Sha, UserId};
use domain::ids::{ClientOrderId, DeliveryId, GroupId, OrderId};
use domain::market::{Exchange, MarketKey};
use domain::order::TradeId;
use domain::parked::{Parked, Subject};
use domain::recovery::TableId;
use domain::risk::Event;
use domain::route::RouteName;
use domain::series::Series;
use domain::shard;
use wire::text::AsText;

/// Between the parts of a sort key that a fill's key has and an order's has not.
pub const FILL_MARK: &str = "#F#";
pub const ORDERS: &str = "O#";
pub const HISTORY: &str = "H#";
pub const GROUPS: &str = "G#";
pub const BELLS: &str = "X#";
pub const OF_GROUP: &str = "GRP#";
pub const PARKED: &str = "Z#";
/// Prefixes of the index by user.
pub const GROUPS_BY_USER: &str = "G#";
pub const DELIVERIES_BY_USER: &str = "D#";
pub const ORDERS_BY_USER: &str = "O#";
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
/// What the partitions of risk rules begin with.
pub const OF_RISK: &str = "RSK#";
/// Of a user's risk rules, and of what their rules look back at.
pub const RULES: &str = "R#";
pub const RISK_EVENTS: &str = "E#";
/// What the partitions of assessments and days of equity begin with.
pub const OF_ASSESSED: &str = "RSA#";
/// How risky the user's book was.
pub const ASSESSMENTS: &str = "A#";
/// What the user's accounts ended a day with.
pub const BOOK_DAYS: &str = "D#";
/// What the partitions of what users keep beside trades begin with.
pub const OF_TRADES: &str = "TRD#";
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

pub fn of_risk(user: &UserId) -> String {
    format!("{OF_RISK}{user}")
}

pub fn rule(user: &UserId, rule: &RuleId) -> Key {
    Key::new(Table::Trading, of_risk(user), format!("{RULES}{rule}"))
}

/// The count that each change of a user's book moves on.
pub fn risk_count(user: &UserId) -> Key {
    Key::new(Table::Trading, of_risk(user), "C")
}

pub fn assessment(user: &UserId, at: Timestamp) -> Key {
    Key::new(Table::Trading, of_assessed(user), by_time(ASSESSMENTS, at, "0"))
}

pub fn book_day(user: &UserId, day: i64) -> Key {
    Key::new(Table::Trading, of_assessed(user), book_day_sk(day))
}

pub fn book_day_sk(day: i64) -> String {
    format!("{BOOK_DAYS}{:06}", day.max(0))
}

/// Apart from risk rules: what assesses may change none.
pub fn of_assessed(user: &UserId) -> String {
    format!("{OF_ASSESSED}{user}")
}

/// Apart from risk rules, which entries read.
pub fn of_trades(user: &UserId) -> String {
    format!("{OF_TRADES}{user}")
}

pub fn trade_record(user: &UserId, id: &str) -> Key {
    Key::new(Table::Trading, of_trades(user), id)
}

/// By what a user sells everything, in one session.
pub fn flatten_code(user: &UserId, session: &str) -> Key {
    Key::new(Table::Trading, of_risk(user), format!("F#{session}"))
}

/// Of a commit of a group, which leaves one event of a kind at the most.
pub fn risk_event(user: &UserId, event: &Event, version: u64) -> Key {
    let id = format!("{}#{version}#{}", event.group, event.kind.as_str());
    Key::new(Table::Trading, of_risk(user), by_time(RISK_EVENTS, event.at, &id))
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

pub fn of_group(group: &GroupId) -> String {
    format!("{OF_GROUP}{group}")
}

/// Whose partition it is.
pub fn group_of(pk: &str) -> Result<GroupId, StoreError> {
    let group = pk.strip_prefix(OF_GROUP).and_then(|group| GroupId::of_text(group).ok());
    group.ok_or_else(|| StoreError::Unreadable(format!("{pk} is no group's partition")))
}

/// The paper venue's books.
pub const OF_BOOK: &str = "PAP#";

pub fn of_book(account: &AccountId) -> String {
    format!("{OF_BOOK}{account}")
}

/// Where the newest delivery of a key stands.
pub fn delivery(at: &DeliveryRef) -> Key {
    Key::new(Table::Trading, of_user(&at.user), format!("K#{}", at.key.as_str()))
}

/// Where a delivery stands once a newer one has its key.
pub fn former_delivery(at: &DeliveryRef) -> Key {
    Key::new(Table::Trading, of_user(&at.user), format!("D#{}#{}", sorted(at.first_at), at.key.as_str()))
}

/// The user and the key of the delivery that stands here, now or formerly.
pub fn in_the_place(pk: &str, sk: &str) -> Result<(String, String), StoreError> {
    let user = pk.strip_prefix("USR#");
    let key = sk.strip_prefix("K#").or_else(|| sk.strip_prefix("D#")?.split_once('#').map(|(_, key)| key));
    let found = user.zip(key).map(|(user, key)| (user.to_owned(), key.to_owned()));
    found.ok_or_else(|| StoreError::Unreadable(format!("{pk} {sk} is no delivery's place")))
}

/// What the last look from inside saw, and when it was asked for.
pub fn sight() -> Key {
    Key::new(Table::Trading, "SYS", "D")
}

pub fn group(account: &AccountId, group: &GroupId) -> Key {
    Key::new(Table::Trading, of_account(account), format!("{GROUPS}{group}"))
}

pub fn order(group: &GroupId, order: &OrderId) -> Key {
    Key::new(Table::Trading, of_group(group), order_sk(order))
}

pub fn order_sk(order: &OrderId) -> String {
    format!("{ORDERS}{order}")
}

pub fn fill(group: &GroupId, order: &OrderId, market: &MarketKey, trade: &TradeId) -> Key {
    let MarketKey { exchange, symbol } = market;
    let sk = format!("{ORDERS}{order}{FILL_MARK}{exchange}#{symbol}#{}", trade.0);
    Key::new(Table::Trading, of_group(group), sk)
}

pub fn history(group: &GroupId, version: u64) -> Key {
    Key::new(Table::Trading, of_group(group), format!("{HISTORY}{version:010}"))
}

/// A commit's bell stands with its history. One that is rung again on purpose has a row of its own; those of the first
/// release had one too, without a name.
pub fn outbox(bell: &Bell) -> Key {
    let sk = match bell.again.as_deref() {
        None => return history(&bell.group, bell.version),
        Some("") => format!("{BELLS}{:010}", bell.version),
        Some(again) => format!("{BELLS}{:010}#{again}", bell.version),
    };
    Key::new(Table::Trading, of_group(&bell.group), sk)
}

pub fn is_bell_alone(sk: &str) -> bool {
    sk.starts_with(BELLS)
}

/// A bell of the outbox stands where the first release has put it.
pub fn parked(parked: &Parked) -> Key {
    let name = match (&parked.subject, &parked.letter) {
        (Subject::Bell { group, version, .. }, None) => format!("{group}#{version:010}"),
        _ => parked.id.to_string(),
    };
    Key::new(Table::Trading, of_user(&parked.user), format!("{}{name}", parked_at(parked.at)))
}

/// What the keys of all rows of one time begin with.
pub fn parked_at(at: Timestamp) -> String {
    format!("{PARKED}{}#", sorted(at))
}

pub fn book(account: &AccountId) -> Key {
    Key::new(Table::Trading, of_book(account), "B")
}

/// All orders that ever had one client id stand under one prefix.
pub fn paper_orders(id: &ClientOrderId) -> String {
    format!("{ORDERS}{id}#")
}

pub fn paper_order(account: &AccountId, id: &ClientOrderId, venue_id: &str) -> Key {
    Key::new(Table::Trading, of_book(account), format!("{}{venue_id}", paper_orders(id)))
}

/// In the index by user: newest last.
pub fn by_time(prefix: &str, at: Timestamp, id: &str) -> String {
    format!("{prefix}{}#{id}", sorted(at))
}

/// Later moments have more digits, and sort before. In the year 2286.
const LAST: i64 = 9_999_999_999_999;

/// What [`by_time`] has made under this prefix, in this time.
pub fn of_time(prefix: &'static str, span: Span) -> Within {
    if span == Span::default() {
        return Within::prefix(prefix);
    }
    // Every name is longer than its time alone, and `$` is what follows on `#`.
    let name = |at: Timestamp| format!("{prefix}{}", sorted(Timestamp::from_millis(at.millis().clamp(0, LAST))));
    let last = prefix.trim_end_matches('#');
    Within::Between(
        span.since.map_or_else(|| prefix.to_owned(), name),
        span.until.map_or_else(|| format!("{last}$"), name),
    )
}

/// Of a delivery, with as much of its id as tells two of one moment apart.
pub fn delivery_by_time(at: &DeliveryRef) -> String {
    by_time(DELIVERIES_BY_USER, at.first_at, end_of(&at.id))
}

/// Whether it may be the delivery of this id that stands here in the list.
pub fn may_be_delivery(id: &DeliveryId, by_time: &str) -> bool {
    by_time.rsplit('#').next() == Some(end_of(id))
}

/// Ids are of plain letters and digits.
fn end_of(id: &DeliveryId) -> &str {
    const CHARACTERS: usize = 8;
    let id = id.as_str();
    id.get(id.len().saturating_sub(CHARACTERS)..).unwrap_or(id)
}

/// In the index of what is due, below [`domain::limits::DUE_SHARDS`].
pub fn due_outbox(shard: u8) -> String {
    format!("X#{shard:x}")
}

/// In the index of what is due, below [`domain::limits::DUE_SHARDS`].
pub fn due_deliveries(shard: u8) -> String {
    format!("U#{shard:x}")
}

/// In the index of what is due: what waits for a person. One partition; these rows are few.
pub fn due_parked() -> String {
    "Z".to_owned()
}

/// Thirteen digits: sorts as text until the year 2286.
fn sorted(at: Timestamp) -> String {
    format!("{:013}", at.millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_and_its_fills_stand_together_and_are_told_apart() {
        let (id, of) = (OrderId::of(&["o"]), GroupId::of(&["g"]));
        let market = MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
        let (order, fill) = (order(&of, &id), fill(&of, &id, &market, &TradeId("7".to_owned())));
        assert_eq!(order.pk, fill.pk);
        assert_eq!(fill.sk, format!("O#{id}#F#PAPER#BTC/USDT#7"));
        assert!(fill.sk.starts_with(&order.sk) && !order.sk.contains(FILL_MARK));
    }
}
