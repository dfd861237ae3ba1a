//! Risk assessments.

use super::words::{Mode, RiskAssessedFor, RiskFactorName, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// How risky what you hold was at a moment. It is read from what is stored; nothing is traded for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskAssessment {
    /// When it was made.
    pub at: Time,
    /// What it was made for.
    pub made_for: RiskAssessedFor,
    /// Whether a position was opened or closed since, as `latest` looks it up; false in lists.
    pub outdated: bool,
    /// For each mode and currency in which a position was open; empty if none was. They are never added up.
    pub books: Vec<RiskBook>,
}

impl RiskAssessment {
    /// The positions that were open, `grp_…`.
    pub fn positions(&self) -> BTreeSet<&str> {
        self.books.iter().flat_map(RiskBook::positions).collect()
    }
}

impl RiskBook {
    fn positions(&self) -> impl Iterator<Item = &str> {
        let cases = self.worst_cases.iter().map(|one| one.position_id.as_str());
        cases.chain(self.unvalued.iter().map(String::as_str))
    }
}

/// All open positions of one mode that are paid in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskBook {
    /// Where the positions are; null of positions that an earlier release has opened.
    pub mode: Option<Mode>,
    /// The currency of all amounts.
    pub currency: String,
    /// From 0 to 100: 100 · (1 − Π(1 − weight · value)) over the factors that are known.
    pub score: u32,
    /// What the score is made of.
    pub factors: Vec<RiskFactor>,
    /// What the accounts of these positions have: balance, what the positions have cost, and their open profit.
    pub equity: String,
    /// What is open, by asset.
    pub exposure: Vec<AssetExposure>,
    /// What each position loses if all of its ladder is filled and its stop then sells everything; the largest loss first.
    pub worst_cases: Vec<PositionWorstCase>,
    /// The sum of those losses.
    pub worst_loss: String,
    /// Positions without a known price, `grp_…`: they count at what they have cost.
    pub unvalued: Vec<String>,
}

/// One part of a risk score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskFactor {
    pub name: RiskFactorName,
    /// From 0 to 1. Null if no candles are stored of one of the markets: then it is not in the score.
    pub value: Option<String>,
    /// How much it weighs in the score, from 0 to 1.
    pub weight: String,
    /// What it was measured by. `volatility`: the standard deviation of a day, as a share of equity; 0.05 is 1. `concentration`: the sum of
    /// the squares of each market's share of equity. `liquidity`: the largest position, as a share of what its market trades in 24 hours;
    /// 0.01 is 1. `correlation`: the mean correlation of daily returns. `leverage`: how near the nearest liquidation is; half of the price away
    /// is 0.
    pub measure: Option<String>,
}

/// What is open in one asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssetExposure {
    /// Its name, such as BTC.
    pub asset: String,
    /// Planned quote, unfilled legs included.
    pub planned: String,
    /// What is held, at the last price; of a short what it would cost to buy it back.
    pub value: String,
}

/// A ladder at its deepest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PositionWorstCase {
    /// The position, `grp_…`.
    pub position_id: String,
    /// Its account, `acc_…`.
    pub account_id: String,
    /// Its market.
    pub symbol: String,
    /// What is paid if every order and leg is filled, fees included.
    pub planned: String,
    /// Where the stop then sells; null without a stop, before the first fill, and if each part has its own.
    pub stop_price: Option<String>,
    /// What is lost then. Without a stop all of it, or the margin.
    pub loss: String,
    /// Where the margin of contracts is used up: the exchange liquidates a little before. Null for coins.
    pub margin_gone_price: Option<String>,
    /// How far the last price is from there, in percent.
    pub margin_gone_percent: Option<String>,
}

/// A risk assessment that is made now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RiskAssessmentRequested {
    /// When it was requested: an assessment `at` this time or later is the answer.
    pub requested_at: Time,
}
