//! What one order may be at most: as the library has it, and where that keeps nothing, as the exchange's own list tells it.

use super::lots::Lot;
use super::told::Exact;
use domain::market::Maxima;
use domain::money::Quantity;
use serde::Deserialize;
use serde_json::Value;

/// What the library keeps of it, in its own unit of amounts.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) amount: Option<Quantity>,
    pub(super) cost: Option<Quantity>,
}

/// Where exchanges tell it of a limit order: Bybit, Bitget.
const LIMIT: [&str; 2] = ["/info/lotSizeFilter/maxLimitOrderQty", "/info/maxOrderQty"];
/// And of one at the market: Bybit's contracts and its coins, KuCoin, Bitget.
const MARKET: [&str; 4] = [
    "/info/lotSizeFilter/maxMktOrderQty",
    "/info/lotSizeFilter/maxMarketOrderQty",
    "/info/marketMaxOrderQty",
    "/info/maxMarketOrderQty",
];
/// OKX's, which counts contracts; of coins it is said in quote.
const MARKET_OF_CONTRACTS: &str = "/info/maxMktSz";
/// OKX's, in quote; what the library has for it is that of orders at the market.
const COST: &str = "/info/maxLmtAmt";

/// In base, whatever the exchange counts.
pub(super) fn most(listed: &Value, kept: &Kept, lot: Lot, of_contracts: bool) -> Maxima {
    let base = |told: Option<Quantity>| told.and_then(|told| lot.base(told));
    let of_contracts = || told(listed, &[MARKET_OF_CONTRACTS]).filter(|_| of_contracts);
    let at_market = told(listed, &MARKET).or_else(of_contracts);
    let limit = kept.amount.or_else(|| told(listed, &LIMIT));
    let cost = listed.pointer(COST).map_or(kept.cost, exactly);
    Maxima::told(base(limit), base(at_market), cost)
}

/// The first that is told, as a text or as a number.
fn told(listed: &Value, places: &[&str]) -> Option<Quantity> {
    places.iter().find_map(|place| exactly(listed.pointer(place)?))
}

pub(super) fn exactly(told: &Value) -> Option<Quantity> {
    Exact::deserialize(told).ok().map(|Exact(quantity)| quantity)
}
