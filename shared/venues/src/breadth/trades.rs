//! The trades of one order, page by page.
//!
//! 1. They are whole where they add up to what the order has filled. How long a page is says nothing: some exchanges keep to
//!    limits of their own.
//! 2. What cannot be reached in one look is left out, and never made up: the order is told with what it has filled and with
//!    fewer trades than that, counts as not known whole, and is asked about again.

use super::Spoken;
use super::failed::Failed;
use super::orders::{about, not_understood};
use super::pages::{Behind, List, PAGES_MAX, Place};
use super::read::{Fills, Order, Trade};
use crate::native::Login;
use domain::clock::{Millis, Timestamp};
use domain::market::MarketKey;
use domain::money::Quantity;
use domain::order::TradeId;
use std::collections::BTreeMap;
use tokio::time::Instant;

/// What the library calls them.
pub(super) const TRADES: &str = "fetch_my_trades";
/// What an exchange tells of trades at once, where it bounds that (Bybit): older ones were seen when they were young.
const TRADES_BACK: Millis = Millis::seconds(7 * 86_400);
/// The same, less what a request may be under way.
const TRADES_BACK_EDGE: Millis = Millis::seconds(2);

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
    let list = List { spoken, login, market, method: TRADES, paging: spoken.ways.trades };
    let (params, mut place) = (about(spoken, spoken.ways.venue_id, id), Place::first(Some(since)));
    for number in 1..=PAGES_MAX {
        if add_up(&fills, known) >= Some(filled) {
            break;
        }
        let (rows, answer) = match list.page::<Trade>(&place, &params).await {
            Err(failed) if number == 1 => return Err(failed),
            Err(_) => break,
            Ok(page) => page,
        };
        let before = fills.len();
        fills.extend(told(spoken, market, rows.iter().filter(|trade| trade.order.as_deref() == Some(id)))?);
        if fills.len() == before || begun.elapsed() >= login.trades_for {
            break;
        }
        let Behind::Page(next) = place.behind(list.paging.older, &rows, &answer, number) else { break };
        place = next;
    }
    Ok(fills)
}

/// Trades as fills of their market.
///
/// # Errors
/// Where one of them cannot be read.
pub(super) fn told<'a>(
    spoken: &Spoken,
    market: &MarketKey,
    trades: impl Iterator<Item = &'a Trade>,
) -> Result<Fills, Failed> {
    let (lot, fee_in) = (spoken.lot(market)?, spoken.ways.fee_in);
    trades.map(|trade| trade.fill(&market.symbol, lot, fee_in).ok_or_else(not_understood)).collect()
}

/// None where that cannot be kept.
fn add_up(fills: &Fills, known: &BTreeMap<TradeId, Quantity>) -> Option<Quantity> {
    let others = known.iter().filter(|(trade, _)| !fills.contains_key(*trade)).map(|(_, quantity)| *quantity);
    let mut each = fills.values().map(|fill| fill.quantity).chain(others);
    each.try_fold(Quantity::ZERO, |sum, quantity| sum.plus(quantity).ok())
}
