//! A ladder that is to be planned, as it is described. [`crate::ladder`] reads it.

use super::preset_members::{EntrySize, EntryTotal, ProfitTarget, SafetyOrders, StopMembers};
use super::words::{MarketAsset, PositionSide};
use super::written::{either, joined};
use super::{CountOrText, FlagOrText, NumberOrText};
use serde::Serialize;
use utoipa::ToSchema;

/// A preset's ladder on a market.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresetLadder {
    /// Name of the preset; `default` is the built-in one, unless you have stored one of that name.
    pub preset: String,
    /// The rules of the market.
    pub market: LadderMarket,
    /// Fee of each side, as a share of what is traded.
    pub fee_rate: NumberOrText,
    /// The side that is entered; `long` if left out.
    pub side: Option<PositionSide>,
    /// Price of the base order; required, unless the preset's base order has a limit price.
    pub entry_price: Option<NumberOrText>,
    /// What the account has, in quote units.
    pub balance: Option<NumberOrText>,
}

/// The rules of a market, as its exchange publishes them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LadderMarket {
    /// Prices are multiples of it.
    pub price_tick: NumberOrText,
    /// Quantities are multiples of it, in base units.
    pub quantity_step: NumberOrText,
    /// Minimum quantity of an order, in base units.
    pub quantity_min: NumberOrText,
    /// Minimum value of an order, in quote units.
    pub notional_min: NumberOrText,
    /// Maximum quantity of a limit order, in base units.
    pub quantity_max: Option<NumberOrText>,
    /// Maximum quantity of a market order, in base units.
    pub market_quantity_max: Option<NumberOrText>,
    /// Maximum value of a limit order, in quote units.
    pub notional_max: Option<NumberOrText>,
    /// Maximum number of orders that may rest at once.
    pub orders_max: Option<CountOrText>,
    /// Whether the exchange keeps stops; false if left out.
    pub stops: Option<FlagOrText>,
    /// In which asset the fee of a purchase is taken; `quote` if left out.
    pub fee_in: Option<MarketAsset>,
}

/// What a planned ladder says itself, beside its stop.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct LadderMembers {
    /// The rules of the market.
    market: LadderMarket,
    /// Fee of each side, as a share of what is traded.
    fee_rate: NumberOrText,
    /// The side that is entered.
    side: PositionSide,
    /// Price of the base order.
    entry_price: NumberOrText,
    /// Size of the first order; required without `total`, refused beside it.
    base_order: Option<EntrySize>,
    /// The orders behind the base order.
    safety_orders: SafetyOrders,
    /// One total in place of every size.
    total: Option<EntryTotal>,
    /// Where the position is closed with profit.
    take_profit: ProfitTarget,
    /// What the account has, in quote units.
    balance: Option<NumberOrText>,
}

either! {
    /// A ladder that says its orders itself, or that is a preset's.
    LadderRequest = [LadderTerms, PresetLadder];
}

joined! {
    /// A ladder that says its orders itself. A word may be written in any case.
    LadderTerms = closed [LadderMembers, StopMembers];
}
