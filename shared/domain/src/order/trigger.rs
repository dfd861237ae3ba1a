//! Orders that wait at the venue until the price is there.

use crate::money::Price;

/// A stop or take-profit order. With the kind `Market` it is what venues call `STOP_LOSS` and `TAKE_PROFIT`, with a
/// limit `STOP_LOSS_LIMIT` and `TAKE_PROFIT_LIMIT`. Plans place stops at the market alone: a stop with a limit may rest unfilled where
/// the price falls through it, and a take-profit is a limit order that rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    pub kind: TriggerKind,
    pub price: Price,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerKind {
    /// A sell once the price is as low as the trigger or lower, a buy once it is as high or higher.
    StopLoss,
    /// The other way round. No plan places one yet; adapters whose venue has it can.
    TakeProfit,
}
