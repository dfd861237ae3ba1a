//! Trades, and what they have made.

use super::words::{ExitReason, Mode, PositionSide, PositionStatus, Time};
use super::{ByAsset, StillHeld, by_asset, profit, time};
use crate::text::Text;
use domain::group::Position;
use domain::ledger::Ledger;
use domain::money::{Fraction, MoneyError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A position group of which something was filled, in the numbers of its fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Trade {
    /// The position group's.
    pub id: String,
    /// Whose signal has opened it, where a bot sent that.
    pub bot_id: Option<String>,
    /// The run of the bot whose signal opened the trade, `run_…`; null if no bot did.
    pub bot_run_id: Option<String>,
    /// The account, `acc_…`.
    pub account_id: String,
    /// The mode in which it was made; null in what earlier releases have opened.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// `BASE/QUOTE`; prices and profits are in its quote.
    pub symbol: String,
    /// The timeframe as the alert wrote it, such as `60` or `1h`; null if it named none.
    pub timeframe: Option<String>,
    /// Which way its position gained.
    pub side: PositionSide,
    /// How far its position is.
    pub status: PositionStatus,
    /// Base that was entered with, after fees taken in it.
    pub quantity: String,
    /// Base that is still there.
    pub held: String,
    /// On average, with fees.
    pub entry_price: Option<String>,
    /// On average, after fees; null before the first exit.
    pub exit_price: Option<String>,
    /// After all fees, of what was left so far; null where it is closed and nothing of it was sold.
    pub realised_pnl: Option<String>,
    /// Of what is held, at the last price that was seen; null without one, and once it is closed.
    pub unrealised_pnl: Option<String>,
    /// When that price was seen; null where `unrealised_pnl` is.
    #[serde(default)]
    pub price_at: Option<Time>,
    /// Fees of all fills, by the asset in which they were paid.
    pub fees: ByAsset,
    /// Whether a fee is in no profit because its value could not be determined.
    pub fee_unvalued: bool,
    /// Why the trade was closed, or is being closed; null before that.
    pub exit_reason: Option<ExitReason>,
    /// When the position was opened: its base order was planned, not yet filled.
    pub opened_at: Time,
    /// When the trade was closed; null while it is open.
    pub closed_at: Option<Time>,
    /// What could not be sold, where that is more than dust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub still_held: Option<StillHeld>,
}

/// Trades that are over, of one quote asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosedTrades {
    /// Number of closed trades.
    pub trades: u32,
    /// Those of them that have gained.
    pub won: u32,
    /// After all fees.
    pub realised_pnl: String,
    /// Whether a fee is not included because its value could not be determined.
    pub fee_unvalued: bool,
}

/// Trades that are open, of one quote asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenTrades {
    /// How many trades are open.
    pub trades: u32,
    /// Of what was left of them so far.
    pub realised_pnl: String,
    /// Of what is held, at the last prices that were seen.
    pub unrealised_pnl: String,
    /// Those of which no price was seen: they are not in what is unrealised.
    pub unmarked: u32,
    /// When the oldest of these prices was seen; null if there is none.
    #[serde(default)]
    pub price_at: Option<Time>,
    /// Whether a fee is not included because its value could not be determined.
    pub fee_unvalued: bool,
}

/// What was closed on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayProfit {
    /// In UTC: `2026-01-31`.
    #[schema(format = Date)]
    pub date: String,
    /// Where it was traded; null if an earlier release has opened the positions.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The exchange of the trades, such as `BINANCE`.
    pub exchange: String,
    /// The quote asset of the trades, in which profits are counted.
    pub asset: String,
    #[serde(flatten)]
    pub closed: ClosedTrades,
}

/// What one bot has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotProfit {
    /// Null for what no bot has opened.
    pub bot_id: Option<String>,
    /// Where it was traded; null if an earlier release has opened the positions.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The exchange of the trades, such as `BINANCE`.
    pub exchange: String,
    /// The quote asset of the trades, in which profits are counted.
    pub asset: String,
    /// Trades closed in the period, at this exchange and in this quote asset.
    pub closed: ClosedTrades,
    /// Trades that are open, at this exchange and in this quote asset.
    pub open: OpenTrades,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TotalProfit {
    /// Where it was traded; null if an earlier release has opened the positions.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// The quote asset in which the sums are, such as `USDT`.
    pub asset: String,
    /// Trades that were closed in the requested time.
    pub closed: ClosedTrades,
    /// Trades that are open now.
    pub open: OpenTrades,
}

/// Coins of closed positions that could not be sold, and that are in no profit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoinsHeld {
    /// Where it was traded; null if an earlier release has opened the positions.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The exchange of the positions, such as `BINANCE`.
    pub exchange: String,
    /// `BASE/QUOTE`.
    pub symbol: String,
    /// Number of closed positions whose coins were not all sold.
    pub positions: u32,
    /// Those of them that have sold nothing.
    pub unsold: u32,
    /// In base.
    pub quantity: String,
    /// In quote, at the average prices and with the fees of buying it.
    pub cost: String,
}

/// Profit and loss by day, by bot and in all, each in its mode, at its exchange and in its quote asset: nothing is converted, and no play money is added to real
/// money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfitAndLoss {
    /// What was closed from then on, and before the end.
    pub start_time: Time,
    /// Trades that were closed before then are counted.
    pub end_time: Time,
    /// Sums over all trades, by mode, exchange and quote asset.
    pub totals: Vec<TotalProfit>,
    /// Oldest first; a day on which nothing was closed is left out.
    pub days: Vec<DayProfit>,
    /// Sums by bot, mode, exchange and quote asset; trades that no bot opened have a null `bot_id`.
    pub bots: Vec<BotProfit>,
    /// Coins of closed positions that could not be sold. One that has sold nothing is in none of the sums above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still_held: Vec<CoinsHeld>,
    /// Trades that were opened before then are not in it, there being too many; null where all are.
    pub known_since: Option<Time>,
}

/// A trade's columns, as a sheet names them.
pub const TRADE_COLUMNS: &str = "id,bot_id,bot_run_id,account_id,exchange,symbol,timeframe,side,status,quantity,held,entry_price,exit_price,realised_pnl,unrealised_pnl,fees,fee_unvalued,exit_reason,opened_at,closed_at,still_held,still_held_cost,mode";

impl Trade {
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn of(position: &Position) -> Result<Self, MoneyError> {
        let (group, ledger) = (&position.group, position.ledger()?);
        let mark = group.mark.filter(|_| !group.is_settled());
        let has_sold = group.settled.is_none_or(|settled| settled.has_sold());
        let unrealised = mark.map(|mark| profit(&ledger.unrealised(mark.price)?)).transpose()?;
        Ok(Self {
            id: group.id.to_string(),
            bot_id: group.bot.as_ref().map(|by| by.bot.to_string()),
            bot_run_id: group.bot.as_ref().map(|by| by.run.to_string()),
            account_id: group.account.to_string(),
            mode: group.mode.map(Text),
            exchange: group.market.key.exchange.to_string(),
            symbol: group.market.key.symbol.to_string(),
            timeframe: group.timeframe.as_ref().map(ToString::to_string),
            side: Text(group.side),
            status: Text(group.status),
            quantity: ledger.bought.to_string(),
            held: ledger.held()?.to_string(),
            entry_price: ledger.average().map(|price| told(&price)),
            exit_price: left_at(&ledger).map(|price| told(&price)),
            realised_pnl: has_sold.then(|| profit(&ledger.realised())).transpose()?,
            unrealised_pnl: unrealised,
            price_at: mark.map(|mark| time(mark.at)),
            fees: by_asset(&ledger.fees),
            fee_unvalued: !ledger.unvalued.is_empty(),
            exit_reason: group.exit.map(|exit| Text(exit.reason)),
            opened_at: time(group.opened_at),
            closed_at: group.settled.map(|settled| time(settled.at)),
            still_held: StillHeld::of(group),
        })
    }

    /// A line of a sheet, of [`TRADE_COLUMNS`]. Nothing in it is written by strangers, and nothing has a comma.
    pub fn line(&self) -> String {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let fees: Vec<_> = self.fees.0.iter().map(|(asset, amount)| format!("{amount} {asset}")).collect();
        [
            self.id.clone(),
            said(&self.bot_id),
            said(&self.bot_run_id),
            self.account_id.clone(),
            self.exchange.clone(),
            self.symbol.clone(),
            said(&self.timeframe),
            self.side.to_string(),
            self.status.to_string(),
            self.quantity.clone(),
            self.held.clone(),
            said(&self.entry_price),
            said(&self.exit_price),
            said(&self.realised_pnl),
            said(&self.unrealised_pnl),
            fees.join(" + "),
            self.fee_unvalued.to_string(),
            self.exit_reason.map(|reason| reason.to_string()).unwrap_or_default(),
            self.opened_at.to_string(),
            self.closed_at.map(|at| at.to_string()).unwrap_or_default(),
            self.still_held.as_ref().map(|held| held.quantity.clone()).unwrap_or_default(),
            self.still_held.as_ref().map(|held| held.cost.clone()).unwrap_or_default(),
            self.mode.map(|mode| mode.to_string()).unwrap_or_default(),
        ]
        .join(",")
    }
}

fn told(price: &Fraction) -> String {
    price.approximate().to_string()
}

/// Quote that one base unit was left for.
fn left_at(ledger: &Ledger) -> Option<Fraction> {
    ledger.received.fraction().over(&ledger.sold.fraction())
}
