//! What is said of markets, hour by hour.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::market::Symbol;
use domain::money::Decimal;
use domain::whale::{MarketSentiment, SentimentInput, Weighed};
use serde::{Deserialize, Serialize};

/// Of all markets in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentimentHour {
    pub v: Schema<1>,
    pub at: i64,
    pub markets: Vec<Sentiment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentiment {
    pub symbol: Text<Symbol>,
    pub score: Text<Decimal>,
    pub inputs: Vec<SentimentPart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentimentPart {
    pub input: Text<SentimentInput>,
    pub score: Text<Decimal>,
    pub weight: Text<Decimal>,
    /// When the newest of what it is made of was seen.
    pub at: i64,
}

impl SentimentHour {
    pub fn of(hour: Timestamp, markets: &[MarketSentiment]) -> Self {
        let part = |part: &Weighed| SentimentPart {
            input: Text(part.input),
            score: Text(part.score),
            weight: Text(part.weight),
            at: part.at.millis(),
        };
        let sentiment = |of: &MarketSentiment| Sentiment {
            symbol: Text(of.symbol.clone()),
            score: Text(of.score),
            inputs: of.inputs.iter().map(part).collect(),
        };
        Self { v: Schema, at: hour.millis(), markets: markets.iter().map(sentiment).collect() }
    }

    /// Its markets.
    pub fn read(self) -> impl Iterator<Item = MarketSentiment> {
        let at = Timestamp::from_millis(self.at);
        let part = |part: SentimentPart| Weighed {
            input: part.input.0,
            score: part.score.0,
            weight: part.weight.0,
            at: Timestamp::from_millis(part.at),
        };
        self.markets.into_iter().map(move |row| MarketSentiment {
            symbol: row.symbol.0,
            at,
            score: row.score.0,
            inputs: row.inputs.into_iter().map(part).collect(),
        })
    }
}
