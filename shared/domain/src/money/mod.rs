//! Money is decimal and exact: a result that cannot be represented is an error, never a rounded number.
//!
//! Rounding happens in one place, [`crate::market::Filters`], by the venue's own steps, on exact [`Fraction`]s.

pub(crate) mod exact;
mod fraction;
mod values;

pub use fraction::Fraction;
pub use rust_decimal::Decimal;
pub use values::{Amount, Percent, Price, Quantity, Rate, is_number};

/// Why a number is not money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("must be a decimal number such as 12.5")]
    NotANumber,
    #[error("must be {0}")]
    OutOfRange(&'static str),
    #[error("has more digits than can be kept exactly")]
    Inexact,
}
