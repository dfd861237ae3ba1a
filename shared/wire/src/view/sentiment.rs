//! What is said of markets, hour by hour.

use super::time;
use super::words::{SentimentInputName, SentimentLabel, Time};
use crate::text::Text;
use domain::whale;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What whale alerts and prices say of a market, in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MarketSentiment {
    /// The market, at BINANCE.
    pub symbol: String,
    /// The hour: what was known when it began.
    pub timestamp: Time,
    /// From -1 to 1, with four digits: what the inputs say, by their weights.
    pub score: String,
    /// `positive` above 0.2, `negative` below -0.2.
    pub label: SentimentLabel,
    /// What it is made of. An input that is missing leaves its weight to the others.
    pub inputs: Vec<SentimentInput>,
}

/// One input of a sentiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SentimentInput {
    /// Which.
    pub name: SentimentInputName,
    /// From -1 to 1.
    pub score: String,
    /// Its part of the whole; all weights are 1 together.
    pub weight: String,
    /// How old the newest of what it is made of was when the hour began.
    pub age_seconds: u64,
}

impl MarketSentiment {
    pub fn of(sentiment: &whale::MarketSentiment) -> Self {
        let input = |part: &whale::Weighed| SentimentInput {
            name: Text(part.input),
            score: part.score.to_string(),
            weight: part.weight.to_string(),
            age_seconds: u64::try_from(sentiment.at.since(part.at).get().div_euclid(1_000)).unwrap_or_default(),
        };
        Self {
            symbol: sentiment.symbol.to_string(),
            timestamp: time(sentiment.at),
            score: sentiment.score.to_string(),
            label: Text(whale::SentimentLabel::of(sentiment.score)),
            inputs: sentiment.inputs.iter().map(input).collect(),
        }
    }
}
