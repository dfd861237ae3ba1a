//! A backtest as it is asked for.

use super::bot_rules::BotRules;
use super::ladder_request::LadderTerms;
use super::preset_members::PresetMembers;
use super::words::{SweepScore, SweepSearch};
use super::{CountOrText, NumberOrText, NumberOrWord};
use domain::limits::BACKTEST_FUNDING_MAX;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::openapi::schema::{Array, ArrayBuilder};
use utoipa::{PartialSchema as _, ToSchema};

/// Body of `POST /api/v1/backtests`. Numbers may be written as texts, and null is as if it were left out.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct NewBacktest {
    /// The exchange whose candles are played, such as `BINANCE`.
    pub exchange: String,
    /// The market, such as `BTC/USDT`.
    pub symbol: String,
    /// The length of a candle, such as `1h`.
    pub timeframe: String,
    /// From the first candle that opens then or later.
    #[schema(format = "date-time")]
    pub since: String,
    /// Up to the last candle that closes then or earlier; default: now.
    #[schema(format = "date-time")]
    pub until: Option<String>,
    /// One of `/api/v1/strategies/list`, or `rules` in its place.
    pub strategy: Option<String>,
    /// Conditions over indicators, as bots have them; or `strategy` in their place.
    #[schema(value_type = Option<BotRules>)]
    pub rules: Option<BTreeMap<String, String>>,
    /// Of the strategy; of rules, what stands at a path in them.
    pub parameters: Option<BTreeMap<String, NumberOrWord>>,
    /// A plan as `/api/v1/ladders/plan` takes it, in the place of all cash at once. It says the market's terms itself.
    #[schema(value_type = Option<LadderTerms>)]
    pub ladder: Option<BTreeMap<String, String>>,
    /// A bot's own plan, in the place of all cash at once: over the built-in preset, or beside a ladder.
    #[schema(value_type = Option<PresetMembers>)]
    pub plan: Option<BTreeMap<String, String>>,
    /// From 0 to 1: entries that are less sure are not followed.
    pub confidence_min: Option<NumberOrText>,
    /// Of its account.
    pub limits: Option<BacktestLimits>,
    /// Cash at the start, in quote units; default 10000.
    pub cash: Option<NumberOrText>,
    /// Fee of each side, as a share of what is traded; default: the market's.
    pub fee_rate: Option<NumberOrText>,
    /// Quantities are multiples of it, in base units; default: the market's.
    pub quantity_step: Option<NumberOrText>,
    /// Prices of market orders, and those of a strategy's ladder, are multiples of it; default: the market's.
    pub price_tick: Option<NumberOrText>,
    /// Minimum value of an order, in quote units; default: the market's.
    pub notional_min: Option<NumberOrText>,
    /// Minimum quantity of an order, in base units; default: the market's.
    pub quantity_min: Option<NumberOrText>,
    /// Maximum quantity of a limit order, in base units; default: the market's.
    pub quantity_max: Option<NumberOrText>,
    /// Maximum quantity of a market order, in base units; default: the market's.
    pub market_quantity_max: Option<NumberOrText>,
    /// Maximum value of a limit order, in quote units; default: the market's.
    pub notional_max: Option<NumberOrText>,
    /// Maximum number of orders that may rest at once, from 1; default: the market's.
    pub orders_max: Option<CountOrText>,
    /// Contracts are traded with this leverage instead of coins, from 1: by a ladder or a plan.
    pub leverage: Option<CountOrText>,
    /// What is paid for contracts that are held, every eight hours and as a share of their worth; below 0 where shorts pay.
    pub funding_rate: Option<NumberOrText>,
    /// What was paid for contracts, in the place of `funding_rate`.
    pub funding: Option<BacktestFunding>,
    /// How much worse than the price market orders are filled, in hundredths of a percent; default 0.
    pub slippage_bps: Option<NumberOrText>,
    /// Bars that an order needs until it is executed, in addition to the wait for the next open; default 0.
    pub latency: Option<CountOrText>,
    /// Seed of the random draws: the same seed gives the same draws; default 1.
    pub seed: Option<CountOrText>,
    /// How often trades and months are drawn at random. Default: 10000 if a goal is named, else none. Not allowed with `sweep`.
    pub draws: Option<CountOrText>,
    /// What months are held against. Not beside `sweep`.
    pub goals: Option<BacktestGoals>,
    /// Many parameters in the place of one.
    pub sweep: Option<NewSweep>,
}

/// Limits of the account. What is left out is not limited.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct BacktestLimits {
    /// Positions that are open at once.
    pub open_groups_max: Option<CountOrText>,
    /// Quote units planned by all positions that are not closed.
    pub exposure_max: Option<NumberOrText>,
    /// Quote units planned by one entry.
    pub order_quote_max: Option<NumberOrText>,
    /// Quote units lost in one UTC day, after which no entry starts.
    pub day_loss_max: Option<NumberOrText>,
    /// How many times its margin a position of contracts may be worth, from 1.
    pub leverage_max: Option<CountOrText>,
}

/// What was paid for contracts that were held, as a share of their worth.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct BacktestFunding {
    /// When the first rate was paid.
    #[schema(format = "date-time")]
    pub since: String,
    /// Hours between two payments, from 1 to 24; default 8.
    pub every_hours: Option<CountOrText>,
    #[schema(schema_with = rates)]
    pub rates: Vec<NumberOrText>,
}

/// As many as are read.
fn rates() -> Array {
    let rates = ArrayBuilder::new().items(NumberOrText::schema()).min_items(Some(1));
    let rates = rates.max_items(Some(BACKTEST_FUNDING_MAX));
    rates.description(Some("One after another; 0 where none was paid.")).build()
}

/// What months are held against. Of what is not said, where another is or `draws` are: 10 percent, 4000 and 1000000.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct BacktestGoals {
    /// Goal for the return of a month, in percent; default 10.
    pub monthly_percent: Option<NumberOrText>,
    /// Goal for the income of a month, in quote units; default 4000.
    pub monthly_income: Option<NumberOrText>,
    /// Goal for the value at the end, in quote units; default 1000000.
    pub portfolio: Option<NumberOrText>,
}

/// Many parameters that are tried.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct NewSweep {
    /// Parameters with their values: `FROM:TO:STEP`, or `A,B`.
    pub tried: BTreeMap<String, NumberOrWord>,
    /// How values are chosen; `grid` if left out.
    #[schema(value_type = Option<SweepSearch>)]
    pub search: Option<String>,
    /// Number of tries of `random` and `tpe`; default 200.
    pub tries: Option<CountOrText>,
    /// What tries are compared by; `sharpe` if left out.
    #[schema(value_type = Option<SweepScore>)]
    pub by: Option<String>,
    /// `TRAIN:TEST`, both in bars: the best of one part is tried on the part behind it, and so on.
    pub walk: Option<String>,
    /// The percent of candles that is chosen on, from 1 to 99; the rest is tried.
    pub split: Option<CountOrText>,
}
