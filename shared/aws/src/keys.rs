//! Where each row stands. One function for each kind of row; nothing else builds a key.

use crate::config::Place;
use crate::item::{Item, text};
use app::ports::{Audit, Bell, LivePointer};
use domain::clock::Timestamp;
use domain::delivery::DeliveryRef;
use domain::ids::{AccountId, ClientOrderId, GroupId, OrderId, Sha, UserId};
use domain::market::{Exchange, MarketKey, Timeframe};
use domain::order::TradeId;
use domain::shard;

/// One row's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) table: Place,
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// Between the parts of a sort key that a fill's key has and an order's has not.
pub(crate) const FILL_MARK: &str = "#F#";

pub(crate) const ACCOUNTS: &str = "A#";
pub(crate) const POINTERS: &str = "L#";
pub(crate) const ORDERS: &str = "O#";
pub(crate) const HISTORY: &str = "H#";

/// Prefixes of the index by user.
pub(crate) const GROUPS_BY_USER: &str = "G#";
pub(crate) const DELIVERIES_BY_USER: &str = "D#";
pub(crate) const ORDERS_BY_USER: &str = "O#";

impl Key {
    fn new(table: Place, pk: String, sk: impl Into<String>) -> Self {
        Self { table, pk, sk: sk.into() }
    }

    pub(crate) fn item(&self) -> Item {
        Item::from([("pk".to_owned(), text(&self.pk)), ("sk".to_owned(), text(&self.sk))])
    }
}

pub(crate) fn of_user(user: &UserId) -> String {
    format!("USR#{user}")
}

pub(crate) fn of_account(account: &AccountId) -> String {
    format!("ACC#{account}")
}

pub(crate) fn of_group(group: &GroupId) -> String {
    format!("GRP#{group}")
}

pub(crate) fn of_book(account: &AccountId) -> String {
    format!("PAP#{account}")
}

pub(crate) fn token(user: &UserId, hash: &Sha) -> Key {
    Key::new(Place::Trading, format!("TOK#{user}"), hash.as_str())
}

pub(crate) fn session(hash: &Sha) -> Key {
    Key::new(Place::Identity, format!("SES#{}", hash.as_str()), "S")
}

/// Where the newest delivery of a key stands.
pub(crate) fn delivery(at: &DeliveryRef) -> Key {
    Key::new(Place::Trading, of_user(&at.user), format!("K#{}", at.key.as_str()))
}

/// Where a delivery stands once a newer one has its key.
pub(crate) fn former_delivery(at: &DeliveryRef) -> Key {
    Key::new(Place::Trading, of_user(&at.user), format!("D#{}#{}", sorted(at.first_at), at.key.as_str()))
}

pub(crate) fn account(account: &AccountId) -> Key {
    Key::new(Place::Trading, of_account(account), "A")
}

pub(crate) fn account_entry(user: &UserId, exchange: &Exchange, label: &str) -> Key {
    Key::new(Place::Trading, of_user(user), format!("{ACCOUNTS}{exchange}#{label}"))
}

pub(crate) fn standing(account: &AccountId) -> Key {
    Key::new(Place::Vault, of_account(account), "F")
}

pub(crate) fn system() -> Key {
    Key::new(Place::Trading, "SYS".to_owned(), "S")
}

pub(crate) fn market(market: &MarketKey) -> Key {
    Key::new(Place::Market, format!("MKT#{}", market.exchange), market.symbol.to_string())
}

pub(crate) fn replay(market: &MarketKey) -> Key {
    Key::new(Place::Market, format!("RPL#{}", market.exchange), market.symbol.to_string())
}

pub(crate) fn group(account: &AccountId, group: &GroupId) -> Key {
    Key::new(Place::Trading, of_account(account), format!("G#{group}"))
}

/// The newest exit of a timeframe, or of the whole market.
pub(crate) fn last_exit(account: &AccountId, market: &MarketKey, timeframe: Option<&Timeframe>) -> Key {
    let timeframe = timeframe.map_or("-", |timeframe| timeframe.as_str());
    Key::new(Place::Trading, of_account(account), format!("E#{market}#{timeframe}"))
}

pub(crate) fn live(pointer: &LivePointer) -> Key {
    let timeframe = pointer.timeframe.as_ref().map_or("-", |timeframe| timeframe.as_str());
    let sk = format!("{POINTERS}{}#{timeframe}", pointer.market);
    Key::new(Place::Trading, of_account(&pointer.account), sk)
}

pub(crate) fn order(group: &GroupId, order: &OrderId) -> Key {
    Key::new(Place::Trading, of_group(group), format!("{ORDERS}{order}"))
}

pub(crate) fn fill(group: &GroupId, order: &OrderId, market: &MarketKey, trade: &TradeId) -> Key {
    let MarketKey { exchange, symbol } = market;
    let sk = format!("{ORDERS}{order}{FILL_MARK}{exchange}#{symbol}#{}", trade.0);
    Key::new(Place::Trading, of_group(group), sk)
}

pub(crate) fn history(group: &GroupId, version: u64) -> Key {
    Key::new(Place::Trading, of_group(group), format!("{HISTORY}{version:010}"))
}

pub(crate) fn outbox(bell: &Bell) -> Key {
    Key::new(Place::Trading, of_group(&bell.group), format!("X#{:010}", bell.version))
}

pub(crate) fn parked(user: &UserId, bell: &Bell, at: Timestamp) -> Key {
    Key::new(Place::Trading, of_user(user), format!("Z#{}#{}#{:010}", sorted(at), bell.group, bell.version))
}

pub(crate) fn audit(audit: &Audit) -> Key {
    let sk = format!("U#{}#{}#{}", sorted(audit.at), audit.attempt.as_str(), audit.resource);
    Key::new(Place::Trading, of_user(&audit.user), sk)
}

pub(crate) fn book(account: &AccountId) -> Key {
    Key::new(Place::Trading, of_book(account), "B")
}

/// All orders that ever had one client id stand under one prefix.
pub(crate) fn paper_orders(id: &ClientOrderId) -> String {
    format!("{ORDERS}{id}#")
}

pub(crate) fn paper_order(account: &AccountId, id: &ClientOrderId, venue_id: &str) -> Key {
    Key::new(Place::Trading, of_book(account), format!("{}{venue_id}", paper_orders(id)))
}

/// In the index by user: newest last.
pub(crate) fn by_time(prefix: &str, at: Timestamp, id: &str) -> String {
    format!("{prefix}{}#{id}", sorted(at))
}

/// In the index of what is due.
pub(crate) fn due_outbox(shard: u8) -> String {
    format!("X#{shard:x}")
}

/// In the index of what is due.
pub(crate) fn due_deliveries(shard: u8) -> String {
    format!("U#{shard:x}")
}

/// In the index of accounts with a group that is not closed.
pub(crate) fn active(shard: u8) -> String {
    format!("W#{shard:x}")
}

pub(crate) fn shard_of_account(account: &AccountId) -> u8 {
    shard::of(account.as_str())
}

pub(crate) fn shard_of_user(user: &UserId) -> u8 {
    shard::of(user.as_str())
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

    #[test]
    fn a_pointer_without_a_timeframe_has_a_place_of_its_own() {
        let pointer = |timeframe: Option<&str>| LivePointer {
            account: AccountId::of(&["a"]),
            market: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
            timeframe: timeframe.map(|text| text.parse().unwrap()),
            group: GroupId::of(&["g"]),
        };
        assert_eq!(live(&pointer(Some("60"))).sk, "L#PAPER:BTC/USDT#60");
        assert_eq!(live(&pointer(None)).sk, "L#PAPER:BTC/USDT#-");
    }
}
