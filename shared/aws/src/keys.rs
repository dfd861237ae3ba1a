//! Where the rows stand that are not in `store` yet. One function for each kind of row.

use app::ports::{Bell, StoreError};
use domain::clock::Timestamp;
use domain::delivery::DeliveryRef;
use domain::ids::{AccountId, ClientOrderId, GroupId, OrderId};
use domain::market::MarketKey;
use domain::order::TradeId;
use domain::parked::{Parked, Subject};
use store::trading::keys::of_account;
use store::{Key, Table, of_user};
use wire::text::AsText;

/// Between the parts of a sort key that a fill's key has and an order's has not.
pub(crate) const FILL_MARK: &str = "#F#";

pub(crate) const ORDERS: &str = "O#";
pub(crate) const HISTORY: &str = "H#";
pub(crate) const GROUPS: &str = "G#";
const BELLS: &str = "X#";
const OF_GROUP: &str = "GRP#";
pub(crate) const PARKED: &str = "Z#";

/// Prefixes of the index by user.
pub(crate) const GROUPS_BY_USER: &str = "G#";
pub(crate) const DELIVERIES_BY_USER: &str = "D#";
pub(crate) const ORDERS_BY_USER: &str = "O#";

pub(crate) fn of_group(group: &GroupId) -> String {
    format!("{OF_GROUP}{group}")
}

/// Whose partition it is.
pub(crate) fn group_of(pk: &str) -> Result<GroupId, StoreError> {
    let group = pk.strip_prefix(OF_GROUP).and_then(|group| GroupId::of_text(group).ok());
    group.ok_or_else(|| StoreError::Unreadable(format!("{pk} is no group's partition")))
}

pub(crate) fn of_book(account: &AccountId) -> String {
    format!("PAP#{account}")
}

/// Where the newest delivery of a key stands.
pub(crate) fn delivery(at: &DeliveryRef) -> Key {
    Key::new(Table::Trading, of_user(&at.user), format!("K#{}", at.key.as_str()))
}

/// Where a delivery stands once a newer one has its key.
pub(crate) fn former_delivery(at: &DeliveryRef) -> Key {
    Key::new(Table::Trading, of_user(&at.user), format!("D#{}#{}", sorted(at.first_at), at.key.as_str()))
}

/// The user and the key of the delivery that stands here, now or formerly.
pub(crate) fn in_the_place(pk: &str, sk: &str) -> Result<(String, String), StoreError> {
    let user = pk.strip_prefix("USR#");
    let key = sk.strip_prefix("K#").or_else(|| sk.strip_prefix("D#")?.split_once('#').map(|(_, key)| key));
    let found = user.zip(key).map(|(user, key)| (user.to_owned(), key.to_owned()));
    found.ok_or_else(|| StoreError::Unreadable(format!("{pk} {sk} is no delivery's place")))
}

/// What the last look from inside saw, and when it was asked for.
pub(crate) fn sight() -> Key {
    Key::new(Table::Trading, "SYS".to_owned(), "D")
}

pub(crate) fn replay(market: &MarketKey) -> Key {
    Key::new(Table::Market, format!("RPL#{}", market.exchange), market.symbol.to_string())
}

pub(crate) fn group(account: &AccountId, group: &GroupId) -> Key {
    Key::new(Table::Trading, of_account(account), format!("{GROUPS}{group}"))
}

pub(crate) fn order(group: &GroupId, order: &OrderId) -> Key {
    Key::new(Table::Trading, of_group(group), order_sk(order))
}

pub(crate) fn order_sk(order: &OrderId) -> String {
    format!("{ORDERS}{order}")
}

pub(crate) fn fill(group: &GroupId, order: &OrderId, market: &MarketKey, trade: &TradeId) -> Key {
    let MarketKey { exchange, symbol } = market;
    let sk = format!("{ORDERS}{order}{FILL_MARK}{exchange}#{symbol}#{}", trade.0);
    Key::new(Table::Trading, of_group(group), sk)
}

pub(crate) fn history(group: &GroupId, version: u64) -> Key {
    Key::new(Table::Trading, of_group(group), format!("{HISTORY}{version:010}"))
}

/// A commit's bell stands with its history. One that is rung again on purpose has a row of its own; those of the first
/// release had one too, without a name.
pub(crate) fn outbox(bell: &Bell) -> Key {
    let sk = match bell.again.as_deref() {
        None => return history(&bell.group, bell.version),
        Some("") => format!("{BELLS}{:010}", bell.version),
        Some(again) => format!("{BELLS}{:010}#{again}", bell.version),
    };
    Key::new(Table::Trading, of_group(&bell.group), sk)
}

pub(crate) fn is_bell_alone(sk: &str) -> bool {
    sk.starts_with(BELLS)
}

/// A bell of the outbox stands where the first release has put it.
pub(crate) fn parked(parked: &Parked) -> Key {
    let name = match (&parked.subject, &parked.letter) {
        (Subject::Bell { group, version, .. }, None) => format!("{group}#{version:010}"),
        _ => parked.id.to_string(),
    };
    Key::new(Table::Trading, of_user(&parked.user), format!("{}{name}", parked_at(parked.at)))
}

/// What the keys of all rows of one time begin with.
pub(crate) fn parked_at(at: Timestamp) -> String {
    format!("{PARKED}{}#", sorted(at))
}

pub(crate) fn book(account: &AccountId) -> Key {
    Key::new(Table::Trading, of_book(account), "B")
}

/// All orders that ever had one client id stand under one prefix.
pub(crate) fn paper_orders(id: &ClientOrderId) -> String {
    format!("{ORDERS}{id}#")
}

pub(crate) fn paper_order(account: &AccountId, id: &ClientOrderId, venue_id: &str) -> Key {
    Key::new(Table::Trading, of_book(account), format!("{}{venue_id}", paper_orders(id)))
}

/// In the index by user: newest last.
pub(crate) fn by_time(prefix: &str, at: Timestamp, id: &str) -> String {
    format!("{prefix}{}#{id}", sorted(at))
}

/// Of a delivery, with as much of its id as tells two of one moment apart.
pub(crate) fn delivery_by_time(at: &DeliveryRef) -> String {
    const CHARACTERS: usize = 8;
    let id = at.id.as_str();
    let end: String = id.chars().skip(id.chars().count().saturating_sub(CHARACTERS)).collect();
    by_time(DELIVERIES_BY_USER, at.first_at, &end)
}

/// In the index of what is due, below [`domain::limits::DUE_SHARDS`].
pub(crate) fn due_outbox(shard: u8) -> String {
    format!("X#{shard:x}")
}

/// In the index of what is due, below [`domain::limits::DUE_SHARDS`].
pub(crate) fn due_deliveries(shard: u8) -> String {
    format!("U#{shard:x}")
}

/// In the index of what is due: what waits for a person. One partition; these rows are few.
pub(crate) fn due_parked() -> String {
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
