//! The trades of one order, page by page.
//!
//! 1. They are whole where they add up to what the order has filled. How long a page is says nothing: some exchanges keep to
//!    limits of their own.
//! 2. What cannot be reached in one look is left out, and never made up: the order is told with what it has filled and with
//!    fewer trades than that, counts as not known whole, and is asked about again.

use super::Spoken;
use super::line::{Failed, merge, symbol};
use super::orders::{about, not_understood};
use super::read::{Fills, Order, Trade};
use super::ways::Older;
use crate::native::{Login, TRADES_FOR};
use ccxt_base::Value;
use domain::clock::{Millis, Timestamp};
use domain::market::MarketKey;
use domain::money::Quantity;
use domain::order::TradeId;
use serde_json::json;
use std::collections::BTreeMap;
use tokio::time::Instant;

const ROWS_MAX: i64 = 100;
const PAGES_MAX: usize = 20;
/// What an exchange tells of trades at once, where it bounds that (Bybit): older ones were seen when they were young.
const TRADES_BACK: Millis = Millis::seconds(7 * 86_400);
/// The same, less what a request may be under way.
const TRADES_BACK_EDGE: Millis = Millis::seconds(2);

/// Which page is asked for.
#[derive(Debug, Clone)]
struct Place {
    since: Timestamp,
    /// What is sent along for all but the first.
    more: serde_json::Value,
}

/// Trades that are known whole need not be told again.
pub(super) async fn trades_of(
    spoken: &Spoken,
    login: &Login,
    market: &MarketKey,
    order: &Order,
    known: &BTreeMap<TradeId, Quantity>,
    since: Timestamp,
) -> Result<Fills, Failed> {
    let (mut fills, begun) = (Fills::new(), Instant::now());
    let Some(id) = order.id.as_deref().filter(|_| order.has_traded()) else { return Ok(fills) };
    let filled = order.executed(spoken.lot(market)?).ok_or_else(not_understood)?;
    let since = since.max(login.signed_at(login.now).minus(TRADES_BACK).plus(TRADES_BACK_EDGE));
    let mut place = Place { since, more: json!({}) };
    for number in 1..=PAGES_MAX {
        if add_up(&fills, known) >= Some(filled) {
            break;
        }
        let (rows, told) = match page(spoken, login, market, id, &place).await {
            Err(failed) if number == 1 => return Err(failed),
            Err(_) => break,
            Ok(page) => page,
        };
        let before = fills.len();
        fills.extend(told);
        if fills.len() == before || begun.elapsed() >= TRADES_FOR {
            break;
        }
        let Some(next) = place.next(spoken.ways.older, &rows, number) else { break };
        place = next;
    }
    Ok(fills)
}

/// Rows as they are listed, and those of the order as fills.
async fn page(
    spoken: &Spoken,
    login: &Login,
    market: &MarketKey,
    id: &str,
    place: &Place,
) -> Result<(Vec<Trade>, Fills), Failed> {
    let mut params = about(spoken, spoken.ways.venue_id, id);
    merge(&mut params, &place.more);
    let args = vec![symbol(market), Value::Int(place.since.millis()), Value::Int(ROWS_MAX), Value::from(params)];
    let rows: Vec<Trade> = spoken.told(login, Some(market), "fetch_my_trades", args).await?;
    let lot = spoken.lot(market)?;
    let own = rows.iter().filter(|trade| trade.order.as_deref() == Some(id));
    let fills =
        own.map(|trade| trade.fill(&market.symbol, lot).ok_or_else(not_understood)).collect::<Result<_, _>>()?;
    Ok((rows, fills))
}

impl Place {
    /// Behind the page of this number, from 1; none where the page does not tell where that is.
    fn next(&self, older: Older, rows: &[Trade], number: usize) -> Option<Self> {
        let told = |word: &str, value: serde_json::Value| Self { more: json!({ word: value }), ..self.clone() };
        match older {
            Older::By { word, at } => Some(told(word, json!(mark(rows, at)?))),
            Older::Numbered(word) => Some(told(word, json!(number.saturating_add(1)))),
            Older::Since => {
                let last = rows.iter().filter_map(|trade| trade.timestamp).max().map(Timestamp::from_millis)?;
                Some(Self { since: last, ..self.clone() })
            }
        }
    }
}

/// What the rows have there: the lowest where they are numbers, which grow with time, else the first.
fn mark(rows: &[Trade], at: &str) -> Option<String> {
    let text = |told: &serde_json::Value| told.as_str().map(str::to_owned).or_else(|| Some(told.as_u64()?.to_string()));
    let told: Vec<String> = rows.iter().filter_map(|trade| trade.info.pointer(at).and_then(text)).collect();
    let lowest = told.iter().filter_map(|text| text.parse::<u128>().ok()).min();
    lowest.map(|lowest| lowest.to_string()).or_else(|| told.into_iter().next())
}

/// None where that cannot be kept.
fn add_up(fills: &Fills, known: &BTreeMap<TradeId, Quantity>) -> Option<Quantity> {
    let others = known.iter().filter(|(trade, _)| !fills.contains_key(*trade)).map(|(_, quantity)| *quantity);
    let mut each = fills.values().map(|fill| fill.quantity).chain(others);
    each.try_fold(Quantity::ZERO, |sum, quantity| sum.plus(quantity).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(timestamp: i64, info: &serde_json::Value) -> Trade {
        let row = json!({"id": "1", "order": "77", "timestamp": timestamp, "price": 1.5, "amount": 2.0, "fee": null, "info": info});
        serde_json::from_value(row).unwrap()
    }

    #[test]
    fn the_next_page_is_where_the_exchange_says_that_it_is() {
        let place = Place { since: Timestamp::from_millis(5), more: json!({}) };
        let next = |older, rows: &[Trade]| place.next(older, rows, 2).map(|place| (place.since.millis(), place.more));
        let rows =
            [row(7, &json!({"billId": "100"})), row(9, &json!({"billId": 99})), row(8, &json!({"cursor": "a,b"}))];
        let by = |at| Older::By { word: "w", at };
        assert_eq!(next(by("/billId"), &rows), Some((5, json!({"w": "99"}))), "of numbers the lowest");
        assert_eq!(next(by("/cursor"), &rows), Some((5, json!({"w": "a,b"}))));
        assert_eq!(next(by("/nothing"), &rows), None);
        assert_eq!(next(Older::Numbered("w"), &rows), Some((5, json!({"w": 3}))));
        assert_eq!(next(Older::Since, &rows), Some((9, json!({}))));
        assert_eq!(next(Older::Since, &[]), None);
    }
}
