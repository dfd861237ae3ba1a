//! The portfolio: what is held, what has come and gone, and how trades have gone.

use super::ByAsset;
use super::words::{Mode, OrderSide, PositionSide, Time, TradeSource};
use crate::member::{Moment, NotNegative, Several, Written, said};
use domain::limits::TRADE_TAGS_MAX;
use domain::market::{Exchange, Symbol};
use domain::money::{Price, Quantity};
use domain::trade_record::{Notes, Tag};
use domain::{alert, vault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an account holds of a market, over all open positions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NetPosition {
    /// The account, `acc_…`.
    pub account_id: String,
    /// Where it is held; null of positions that an earlier release has opened.
    pub mode: Option<Mode>,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// `BASE/QUOTE`; prices and amounts are in its quote.
    pub symbol: String,
    /// The side of what is left if long and short positions are taken together.
    pub side: PositionSide,
    /// What is left then, in base.
    pub quantity: String,
    /// What one unit has cost, fees included; null if long and short positions stand against each other, or nothing is held.
    pub average_price: Option<String>,
    /// What was paid for all that is held, fees included; of shorts what was received.
    pub cost: String,
    /// Profit of what was sold of these positions so far, after all fees.
    pub realised_pnl: String,
    /// Profit of what is held at the last prices; null if one of the positions has no price yet.
    pub unrealised_pnl: Option<String>,
    /// When the oldest of these prices was seen.
    pub price_at: Option<Time>,
    /// Whether a fee is not in these numbers because its value could not be determined.
    pub fee_unvalued: bool,
    /// The positions, `grp_…`.
    pub position_ids: Vec<String>,
}

/// A fill of an order: what was bought or sold, and its fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transaction {
    /// The order's id and the number of its trade at the exchange. What the user declared has no number.
    pub id: String,
    /// When it was filled.
    pub at: Time,
    /// The account, `acc_…`.
    pub account_id: String,
    /// Where it was traded; null in what earlier releases have traded.
    pub mode: Option<Mode>,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// `BASE/QUOTE`.
    pub symbol: String,
    /// Whether it was bought or sold.
    pub side: OrderSide,
    /// In base.
    pub quantity: String,
    /// In quote, for one unit.
    pub price: String,
    /// Price times quantity, in quote. Of contracts it is what was traded and not what was paid.
    pub value: String,
    /// Null while the exchange has not said it; less than zero is a rebate.
    pub fee: Option<String>,
    /// In which the fee was taken.
    pub fee_asset: Option<String>,
    /// The order, `ord_…`.
    pub order_id: String,
    /// The position, `grp_…`.
    pub position_id: String,
}

/// A trade that is over: a closed position, or one that was made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserTrade {
    /// That of the position, `grp_…`, or of the trade that was made elsewhere, `trd_…`.
    pub id: String,
    /// What has opened it.
    pub source: TradeSource,
    /// The account, `acc_…`; null of a trade that was made elsewhere.
    pub account_id: Option<String>,
    /// The bot, `bot_…`; null if no bot opened it.
    pub bot_id: Option<String>,
    /// Where it was traded; null in what earlier releases have traded.
    pub mode: Option<Mode>,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// `BASE/QUOTE`; prices and profits are in its quote.
    pub symbol: String,
    /// Which way it gained.
    pub side: PositionSide,
    /// Base that was entered with.
    pub quantity: String,
    /// On average; of a position with fees.
    pub entry_price: Option<String>,
    /// On average; of a position after fees.
    pub exit_price: Option<String>,
    /// After all fees.
    pub realised_pnl: String,
    /// Fees, by the asset in which they were paid.
    pub fees: ByAsset,
    /// Whether a fee is not in the profit because its value could not be determined.
    pub fee_unvalued: bool,
    /// When it was opened.
    pub opened_at: Time,
    /// When it was closed.
    pub closed_at: Time,
    /// What its user wrote about it.
    pub notes: String,
    /// What its user sorts it by.
    pub tags: Vec<String>,
    /// Of notes, tags and a trade that was made elsewhere; 0 if none were ever kept.
    pub version: u64,
}

/// Body of `POST /api/v1/user-trades`: a trade that was made elsewhere and is over. No position and no fill follows from it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUserTrade {
    /// Where it was made, such as `KRAKEN`.
    #[schema(value_type = String, min_length = 1, max_length = 20)]
    pub exchange: Written<Exchange>,
    /// `BASE/QUOTE`, such as `BTC/EUR`.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    pub symbol: Written<Symbol>,
    /// Which way it gained.
    #[schema(value_type = PositionSide)]
    pub side: Written<alert::Side>,
    /// In base, above 0.
    #[schema(value_type = String)]
    pub quantity: Written<Quantity>,
    /// On average, in quote.
    #[schema(value_type = String)]
    pub entry_price: Written<Price>,
    /// On average, in quote.
    #[schema(value_type = String)]
    pub exit_price: Written<Price>,
    /// All fees together, in quote; 0 if left out.
    #[schema(value_type = Option<String>)]
    pub fees: Option<NotNegative>,
    /// When it was opened.
    #[schema(value_type = Time)]
    pub opened_at: Moment,
    /// When it was closed: not before it was opened, and not to come.
    #[schema(value_type = Time)]
    pub closed_at: Moment,
    /// Whether it was made with money; `live` if left out.
    #[schema(value_type = Option<Mode>)]
    pub mode: Option<Written<vault::Mode>>,
    /// What you want to remember of it, up to 2000 characters.
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub notes: Option<Written<Notes>>,
    /// What you sort it by: up to ten words of small letters, digits, dashes and underscores.
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    pub tags: Option<Several<Tag, TRADE_TAGS_MAX>>,
}

/// Body of `PATCH /api/v1/user-trades/{id}`: a member that is left out stays as it is; null empties it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserTradeChange {
    /// What you want to remember of it, up to 2000 characters.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub notes: Option<Option<Written<Notes>>>,
    /// What you sort it by: up to ten words of small letters, digits, dashes and underscores.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    pub tags: Option<Option<Several<Tag, TRADE_TAGS_MAX>>>,
}

/// How trades have gone that were closed in a time, put together by something. Modes and currencies are never added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PerformanceReport {
    /// What was closed from then on.
    pub since: Time,
    /// What was closed before then.
    pub until: Time,
    /// All trades of each mode and currency.
    pub totals: Vec<PerformanceGroup>,
    /// The same by what was asked for, by key.
    pub groups: Vec<PerformanceGroup>,
    /// Positions that were opened before then are not included, as there are too many; null if all are.
    pub known_since: Option<Time>,
}

/// Trades of one key, mode and currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PerformanceGroup {
    /// The month, day, market, strategy, bot, source, tag or exchange; null of totals, and of trades without one.
    pub key: Option<String>,
    /// Where they were traded; null in what earlier releases have traded.
    pub mode: Option<Mode>,
    /// The currency of all amounts.
    pub currency: String,
    /// Number of trades.
    pub trades: u32,
    /// Those of them that gained.
    pub won: u32,
    /// Those of them that lost.
    pub lost: u32,
    /// After all fees.
    pub realised_pnl: String,
    /// Of all that gained.
    pub gained: String,
    /// Of all that lost, as a number above 0.
    pub given_back: String,
    /// Those that gained, of all, in percent.
    pub win_rate_percent: Option<String>,
    /// All that was gained over all that was lost; null if nothing was lost.
    pub profit_factor: Option<String>,
    /// Mean profit of a trade.
    pub expectancy: Option<String>,
    /// The largest profit of one trade.
    pub best: Option<String>,
    /// The smallest profit, or largest loss, of one trade.
    pub worst: Option<String>,
    /// The deepest fall of the summed profit from its peak.
    pub drawdown: String,
    /// Mean time from open to close.
    pub holding_seconds: Option<i64>,
    /// Mean of daily profits over their sample deviation, times the root of 365; null of fewer than two days.
    pub sharpe: Option<f64>,
    /// Whether a fee is not in the profit because its value could not be determined.
    pub fee_unvalued: bool,
    /// Fees, by the asset in which they were paid; null if there are more than 1000 positions.
    pub fees: Option<ByAsset>,
}

/// What your accounts are worth, by what is stored: no exchange is asked. Coins that Moniqo has not bought are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Portfolio {
    /// When it was put together.
    pub at: Time,
    /// Your quote currency, of `totals`.
    pub currency: String,
    /// For each mode. Paper and live are never added up.
    pub totals: Vec<PortfolioTotal>,
    /// Each account in each of its currencies.
    pub accounts: Vec<PortfolioAccount>,
}

/// All accounts of one mode, in your quote currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PortfolioTotal {
    /// Of the accounts; null if it is not known.
    pub mode: Option<Mode>,
    /// Cash, what open positions have cost, and their open profit.
    pub equity: String,
    /// Balances: free, and in orders of Moniqo.
    pub cash: String,
    /// What open positions have cost; of contracts their margin.
    pub exposure: String,
    /// Open profit of positions, at the last prices.
    pub unrealised_pnl: String,
    /// When the oldest of the prices was seen that it needed; null if it needed none.
    pub price_at: Option<Time>,
    /// Whether something is missing in the sums: currencies without a price, or positions without one.
    pub partial: bool,
    /// Currencies that are missing: no market or pair of markets of your accounts leads to yours.
    pub unvalued: Vec<String>,
}

/// One account in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PortfolioAccount {
    /// The account, `acc_…`.
    pub account_id: String,
    /// Your name for it.
    pub label: String,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// Where it trades; null if it is not known.
    pub mode: Option<Mode>,
    /// The currency of all amounts.
    pub currency: String,
    /// Cash, what open positions have cost, and their open profit.
    pub equity: String,
    /// The balance: free, and in orders of Moniqo.
    pub cash: String,
    /// When the balance was read; null if it never was.
    pub cash_read_at: Option<Time>,
    /// What open positions have cost; of contracts their margin.
    pub exposure: String,
    /// Open profit of positions, at the last prices.
    pub unrealised_pnl: String,
    /// When the oldest of these prices was seen; null if nothing is open.
    pub price_at: Option<Time>,
    /// Positions without a price, `grp_…`: they count at what they have cost. Those that cannot be calculated count nothing.
    pub unvalued: Vec<String>,
}

/// How your accounts were worth over time, by mode and currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EquityReport {
    /// Points from then on.
    pub since: Time,
    /// Points before then.
    pub until: Time,
    /// One for each mode and currency.
    pub curves: Vec<EquityCurve>,
    /// Positions that were opened before then are not among the closes, as there are too many; null if all are.
    pub known_since: Option<Time>,
}

/// The accounts of one mode in one currency over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EquityCurve {
    /// Of the accounts; null if it is not known.
    pub mode: Option<Mode>,
    /// The currency of all amounts.
    pub currency: String,
    /// The last look of each UTC day on which something was open, and now; oldest first.
    pub points: Vec<EquityPoint>,
    /// Each close of a position, oldest first: the steps between the points.
    pub closes: Vec<EquityStep>,
}

/// What the accounts were worth at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EquityPoint {
    /// When.
    pub at: Time,
    /// Cash, what open positions had cost, and their open profit. Deposits and withdrawals are in it.
    pub equity: String,
    /// Balances.
    pub cash: String,
    /// Open profit of positions. What was realised is in `closes`.
    pub unrealised_pnl: String,
}

/// A close of a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EquityStep {
    /// When.
    pub at: Time,
    /// The position, `grp_…`.
    pub position_id: String,
    /// What it has realised, after all fees.
    pub realised_pnl: String,
    /// The sum of this and all closes before it in the report.
    pub total: String,
}

/// The columns of a sheet of trades that are over.
pub const USER_TRADE_COLUMNS: &str = "id,source,account_id,bot_id,mode,exchange,symbol,side,quantity,entry_price,exit_price,realised_pnl,fees,fee_unvalued,opened_at,closed_at,tags,notes";
/// The columns of a sheet of transactions.
pub const TRANSACTION_COLUMNS: &str =
    "id,at,account_id,mode,exchange,symbol,side,quantity,price,value,fee,fee_asset,order_id,position_id";

impl UserTrade {
    /// A line of a sheet, of [`USER_TRADE_COLUMNS`].
    pub fn line(&self) -> String {
        let fees: Vec<_> = self.fees.0.iter().map(|(asset, amount)| format!("{amount} {asset}")).collect();
        [
            self.id.clone(),
            self.source.as_str().to_owned(),
            self.account_id.clone().unwrap_or_default(),
            self.bot_id.clone().unwrap_or_default(),
            self.mode.map(|mode| mode.to_string()).unwrap_or_default(),
            self.exchange.clone(),
            self.symbol.clone(),
            self.side.to_string(),
            self.quantity.clone(),
            self.entry_price.clone().unwrap_or_default(),
            self.exit_price.clone().unwrap_or_default(),
            self.realised_pnl.clone(),
            fees.join(" + "),
            self.fee_unvalued.to_string(),
            self.opened_at.to_string(),
            self.closed_at.to_string(),
            self.tags.join(" "),
            cell(&self.notes),
        ]
        .join(",")
    }
}

impl Transaction {
    /// A line of a sheet, of [`TRANSACTION_COLUMNS`]. Nothing in it is written by strangers, and nothing has a comma.
    pub fn line(&self) -> String {
        [
            self.id.clone(),
            self.at.to_string(),
            self.account_id.clone(),
            self.mode.map(|mode| mode.to_string()).unwrap_or_default(),
            self.exchange.clone(),
            self.symbol.clone(),
            self.side.to_string(),
            self.quantity.clone(),
            self.price.clone(),
            self.value.clone(),
            self.fee.clone().unwrap_or_default(),
            self.fee_asset.clone().unwrap_or_default(),
            self.order_id.clone(),
            self.position_id.clone(),
        ]
        .join(",")
    }
}

/// Text of a user in a sheet: in quotes, and never a formula of the program that opens it (OWASP, CSV Injection, 2026-11).
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.is_empty() { text } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
