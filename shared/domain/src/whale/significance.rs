//! How much a whale alert matters, from 1 to 10, and why.

use super::TransactionType;
use crate::money::{Amount, Decimal};
use crate::words::words;

/// In USD.
pub(super) const LARGE: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 0);
const HUGE: Decimal = Decimal::from_parts(50_000_000, 0, 0, false, 0);
const MOST: u8 = 10;
/// Of one type, asset and direction, within ten minutes.
const REPEATED_FROM: usize = 3;

/// Why a score is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScoreReason {
    /// That of its type.
    Type,
    /// Above 10 million USD.
    Large,
    /// Above 50 million USD.
    Huge,
    /// The third or a later one of its type, asset and direction within ten minutes.
    Repeated,
}

words! {
    ScoreReason { Type = "type", Large = "above_10m_usd", Huge = "above_50m_usd", Repeated = "repeated" }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Significance {
    /// From 1 to 10.
    pub score: u8,
    pub reasons: Vec<ScoreReason>,
}

impl TransactionType {
    fn score(self) -> u8 {
        match self {
            Self::ExchangeOutflow => 8,
            Self::ExchangeInflow => 7,
            Self::WhaleTransfer => 6,
            Self::Unknown => 5,
            Self::Mint | Self::Burn | Self::Internal => 1,
        }
    }
}

/// Of a transfer that is worth so much in USD, and which is the so manyth of its type, asset and direction within ten minutes.
/// A type that is not published has the score 1, at any size.
pub fn significance(of: TransactionType, worth: Amount, number: usize) -> Significance {
    let (mut score, mut reasons) = (of.score(), vec![ScoreReason::Type]);
    if !of.is_published() {
        return Significance { score, reasons };
    }
    if worth.get() > HUGE {
        (score, reasons) = (MOST, vec![ScoreReason::Huge]);
    } else if worth.get() > LARGE {
        score = score.saturating_add(2).min(MOST);
        reasons.push(ScoreReason::Large);
    }
    if number >= REPEATED_FROM && score < MOST {
        score = score.saturating_add(1);
        reasons.push(ScoreReason::Repeated);
    }
    Significance { score, reasons }
}
