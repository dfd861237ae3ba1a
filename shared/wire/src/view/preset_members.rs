//! What a preset, an alert, a bot's plan, a planned ladder and a change of exits can say of a trade, as it is described. The readers
//! of alerts read it ([`crate::alert`]).

use super::words::{EntryOrderType, LadderDialect, PriceBasis, PyramidClose, PyramidDirection, TakeProfitMode};
use super::written::joined;
use super::{CountOrText, CountUpTo, FlagOrText, NumberOrText};
use domain::{limits, market};
use serde::Serialize;
use utoipa::ToSchema;

/// Seconds that a stop may wait.
pub type StopDelay = CountUpTo<{ limits::STOP_DELAY_SECONDS_MAX }>;
/// A step of the take-profit.
pub type ProfitStepNumber = CountUpTo<{ limits::TAKE_PROFIT_STEPS_MAX }>;
/// Minutes that a position may be open.
pub type TimeLimit = CountUpTo<{ limits::TIME_LIMIT_MINUTES_MAX }>;
/// Minutes between two positions.
pub type Cooldown = CountUpTo<{ limits::COOLDOWN_MINUTES_MAX }>;
/// Positions of an account.
pub type OpenGroups = CountUpTo<{ limits::PLAN_OPEN_GROUPS_MAX }>;
/// Entries that are added.
pub type Pyramids = CountUpTo<{ limits::PYRAMIDS_MAX }>;
/// A multiple of the margin.
pub type Lent = CountUpTo<{ market::Leverage::MAX }>;

/// One total in place of every size. One of `quote` and `risk` is required.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryTotal {
    /// Quote units of all entries together.
    pub quote: Option<NumberOrText>,
    /// Quote units that the stop loses once all entries were filled; it needs a stop that is measured from the base order.
    pub risk: Option<NumberOrText>,
    /// The share of each entry in proportion to the others, the base order's first.
    #[schema(min_items = 1)]
    pub weights: Vec<NumberOrText>,
}

/// The size of one order: one of the three members.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntrySize {
    /// The size in quote units.
    pub quote: Option<NumberOrText>,
    /// The size in base units.
    pub quantity: Option<NumberOrText>,
    /// The size as a percentage of the account's balance in quote.
    pub balance_percent: Option<NumberOrText>,
}

/// The first order of a position. It has one of `quote`, `quantity` and `balance_percent`, and none beside `total`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BaseOrder {
    /// The size in quote units.
    pub quote: Option<NumberOrText>,
    /// The size in base units.
    pub quantity: Option<NumberOrText>,
    /// The size as a percentage of the account's balance in quote.
    pub balance_percent: Option<NumberOrText>,
    /// How it is sent; `market` if left out.
    #[serde(rename = "type")]
    pub kind: Option<EntryOrderType>,
    /// The price of a limit order: required with `limit`, refused with `market`.
    pub limit_price: Option<NumberOrText>,
}

/// The orders behind the base order: by `count` and factors, or one by one in `custom`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafetyOrders {
    /// How many there are; required without `custom`.
    pub count: Option<CountOrText>,
    /// Distance of the first from the cost of the base order, in percent; required without `custom`.
    pub deviation_percent: Option<NumberOrText>,
    /// Each distance is the one before times this; 1 if left out.
    pub step_scale: Option<NumberOrText>,
    /// Each size is the one before times this; 1 if left out.
    pub volume_scale: Option<NumberOrText>,
    /// How the distances add up; `additive` if left out.
    pub dialect: Option<LadderDialect>,
    /// Size of the first in quote units.
    pub quote: Option<NumberOrText>,
    /// Size of the first in base units.
    pub quantity: Option<NumberOrText>,
    /// Size of the first as a percentage of the account's balance in quote.
    pub balance_percent: Option<NumberOrText>,
    /// Each order by itself, in place of `count`, the factors and the sizes.
    pub custom: Option<Vec<SafetyOrder>>,
    /// How many are orders at once: in a trade from 1 to 20, and 5 if left out.
    pub active: Option<CountOrText>,
    /// Whether each is sent at the market once its price is seen; if not, limit orders rest.
    pub at_market: Option<FlagOrText>,
}

/// One safety order. Beside `total` it has no size, else it has one of the three.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafetyOrder {
    /// Distance from the cost of the base order, in percent.
    pub deviation_percent: NumberOrText,
    /// The size in quote units.
    pub quote: Option<NumberOrText>,
    /// The size in base units.
    pub quantity: Option<NumberOrText>,
    /// The size as a percentage of the account's balance in quote.
    pub balance_percent: Option<NumberOrText>,
}

/// Where a position is closed with profit.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfitTarget {
    /// Which entries are closed together; `aggregate` if left out.
    pub mode: Option<TakeProfitMode>,
    /// From where `aggregate` measures: `average` if left out in a trade, required in a planned ladder. `base` needs `aggregate`.
    pub basis: Option<PriceBasis>,
    /// The steps of `aggregate`, whose amounts are 100 percent together; one step of 100 percent in the other modes.
    #[schema(min_items = 1)]
    pub steps: Vec<ProfitTargetStep>,
    /// At which profit `hybrid` closes everything, in percent; required there, refused in the other modes.
    pub all_profit_percent: Option<NumberOrText>,
    /// How far the last step follows the price, in percent above 0 and below 100; it needs `aggregate`.
    pub trailing_percent: Option<NumberOrText>,
}

/// A part of a position that is closed with one profit.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfitTargetStep {
    /// The profit in percent, fees included.
    pub profit_percent: NumberOrText,
    /// How much of the position is closed, in percent.
    pub amount_percent: NumberOrText,
}

/// How a position may be added to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PyramidSettings {
    /// How many entries may be added in all.
    pub max: Pyramids,
    /// Minimum distance of an addition from the entry before it, in percent from 0 to below 100.
    pub distance_percent: NumberOrText,
    /// Where an entry may be added; `favourable` if left out.
    pub direction: Option<PyramidDirection>,
    /// Each addition has the size of the entry before it times this, above 0 and at most 10; 1 if left out.
    pub size_factor: Option<NumberOrText>,
    /// Whether its entries are sold together or each alone.
    pub close: PyramidClose,
}

/// The stop of a trade.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StopMembers {
    /// At which loss everything is closed, in percent above 0 and below 100.
    stop_loss_percent: Option<NumberOrText>,
    /// From where the loss is measured; `base` if left out.
    stop_loss_basis: Option<PriceBasis>,
    /// Whether the stop follows the price.
    stop_loss_trailing: Option<FlagOrText>,
    /// How long the loss must last until everything is closed.
    stop_loss_delay_seconds: Option<StopDelay>,
    /// Whether the stop rests at the exchange if it can; true if left out.
    stop_loss_at_venue: Option<FlagOrText>,
    /// After this step of the take-profit the stop moves to the average price. Another step must follow it.
    break_even_after_step: Option<ProfitStepNumber>,
}

/// What else ends a trade.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EndMembers {
    /// After how many minutes the position is closed.
    time_limit_minutes: Option<TimeLimit>,
    /// An exit signal closes the position only with this profit, in percent.
    minimum_profit_percent: Option<NumberOrText>,
}

/// What is bought, and whether.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EntryMembers {
    /// One total in place of every size.
    total: Option<EntryTotal>,
    /// The first order.
    base_order: Option<BaseOrder>,
    /// The orders behind the base order.
    safety_orders: Option<SafetyOrders>,
    /// Where the position is closed with profit.
    take_profit: Option<ProfitTarget>,
    /// How many times its margin a position of contracts may be worth; 1 if left out.
    leverage: Option<Lent>,
    /// How long nothing is opened in this account, market and timeframe after a position.
    cooldown_minutes: Option<Cooldown>,
    /// An entry is refused if the account has this many positions open.
    open_groups_max: Option<OpenGroups>,
    /// Whether an entry whose outcome stayed unknown, and that the exchange does not show, is sent once more.
    retry_unproven_entry: Option<FlagOrText>,
    /// How the position may be added to; left out, it may not.
    pyramids: Option<PyramidSettings>,
    /// Whether a strategy that turns to the other side closes the position and opens that side.
    reverse: Option<FlagOrText>,
    /// Whether a strategy that makes its position smaller sells the same share.
    partial_exit: Option<FlagOrText>,
}

/// What a change of exits has beside them.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ChangeExitsMembers {
    /// The new take-profit. It cannot be removed.
    #[schema(required = false, nullable = false)]
    take_profit: ProfitTarget,
    /// Why, for the position's history; required without `If-Match`.
    #[schema(max_length = 200)]
    reason: Option<String>,
}

joined! {
    /// Members of a preset. One that is null or left out says nothing: the preset beneath it counts. A word may be written in any case.
    PresetMembers = closed [EntryMembers, StopMembers, EndMembers];
    /// A change of the exits of an open position. A member that is left out stays; null removes it. At least one besides `reason` is
    /// required. A word may be written in any case.
    ChangeExits = closed [ChangeExitsMembers, StopMembers, EndMembers];
}
