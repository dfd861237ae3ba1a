//! Sums and products of decimals that are exact or refused.
//!
//! `Decimal`'s own operators round silently when a result needs more than 96 bits; money must not.

use super::MoneyError;
use rust_decimal::Decimal;

pub(super) fn add(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    let scale = a.scale().max(b.scale());
    let sum = at_scale(a, scale)?.checked_add(at_scale(b, scale)?).ok_or(MoneyError::Inexact)?;
    decimal(sum, scale)
}

pub(super) fn sub(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    let scale = a.scale().max(b.scale());
    let difference = at_scale(a, scale)?.checked_sub(at_scale(b, scale)?).ok_or(MoneyError::Inexact)?;
    decimal(difference, scale)
}

pub(super) fn mul(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    let product = a.mantissa().checked_mul(b.mantissa()).ok_or(MoneyError::Inexact)?;
    decimal(product, a.scale().saturating_add(b.scale()))
}

/// The mantissa of `value` when written with `scale` digits after the point.
fn at_scale(value: Decimal, scale: u32) -> Result<i128, MoneyError> {
    let digits = scale.saturating_sub(value.scale());
    10_i128.checked_pow(digits).and_then(|ten| value.mantissa().checked_mul(ten)).ok_or(MoneyError::Inexact)
}

/// `mantissa / 10^scale` without trailing zeros, or `Inexact` where a `Decimal` cannot hold it.
pub(crate) fn decimal(mut mantissa: i128, mut scale: u32) -> Result<Decimal, MoneyError> {
    while scale > 0 && mantissa.checked_rem(10) == Some(0) {
        mantissa = mantissa.checked_div(10).ok_or(MoneyError::Inexact)?;
        scale = scale.saturating_sub(1);
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| MoneyError::Inexact)
}
