//! What a risk score is made of.

use crate::words::words;

/// From what a book is at risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    Volatility,
    Concentration,
    Liquidity,
    Correlation,
    Leverage,
}

/// What an assessment was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssessedFor {
    Schedule,
    /// A position was opened or closed since the one before.
    Position,
    Request,
}

words! {
    Factor {
        Volatility = "volatility",
        Concentration = "concentration",
        Liquidity = "liquidity",
        Correlation = "correlation",
        Leverage = "leverage",
    }
    AssessedFor { Schedule = "schedule", Position = "position", Request = "request" }
}
