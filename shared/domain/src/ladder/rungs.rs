//! How far each order is from the base price, and what it costs there.

use super::field::BadField;
use super::number::{Number, Ratio};
use super::request::{Dialect, Spacing};
use super::terms::Terms;
use crate::money::{Percent, Price, Quantity};

/// Digits of a compounding ladder's deviation: those after the point are cut off, as no price comes from them, and with
/// more before it a ladder is refused.
const DEVIATION_DIGITS_MAX: u32 = 512;

/// One order's place.
#[derive(Debug)]
pub(super) struct Rung {
    /// From the base price, in percent.
    pub(super) deviation: Number,
    /// On the grid; not above zero where a long ladder is too deep.
    pub(super) price: Number,
}

/// The places of all safety orders behind a base order that has cost `base_price` for one base unit.
///
/// # Errors
/// A scale that grows beyond all bounds.
pub(super) fn behind(spacing: &Spacing, terms: &Terms, base_price: &Ratio) -> Result<Vec<Rung>, BadField> {
    match spacing {
        Spacing::Custom(deviations) => Ok(deviations.iter().map(|one| custom(*one, terms, base_price)).collect()),
        Spacing::Scaled { count, deviation, scale, dialect } => {
            let steps = steps(*count, *deviation, *scale);
            match dialect {
                Dialect::Additive => Ok(added(steps, terms, base_price)),
                Dialect::Compounding => compounded(steps, terms, base_price),
            }
        }
    }
}

impl Rung {
    /// The base order's own place.
    pub(super) fn base(price: Price) -> Self {
        Self { deviation: Number::ZERO, price: Number::from(price.get()) }
    }
}

fn custom(deviation: Percent, terms: &Terms, base_price: &Ratio) -> Rung {
    let deviation = Number::from(deviation.get());
    let price = terms.entry_price(&base_price.times(&terms.worse(&Number::HUNDRED, &deviation).percent()));
    Rung { deviation, price }
}

/// The distance of each order from the one before.
fn steps(count: u32, first: Percent, scale: Quantity) -> impl Iterator<Item = Number> {
    powers(Number::from(first.get()), Number::from(scale.get()), count)
}

/// `first`, and `count` - 1 more, each `scale` times the one before.
pub(super) fn powers(first: Number, scale: Number, count: u32) -> impl Iterator<Item = Number> {
    let mut next = first;
    (0..count).map(move |_| {
        let after = next.times(&scale);
        std::mem::replace(&mut next, after)
    })
}

/// Each from the base price, by the sum of the steps so far.
fn added(steps: impl Iterator<Item = Number>, terms: &Terms, base_price: &Ratio) -> Vec<Rung> {
    let (mut deviation, mut left) = (Number::ZERO, Number::HUNDRED);
    let rung = |step: Number| {
        deviation = deviation.plus(&step);
        left = terms.worse(&left, &step);
        Rung { deviation: deviation.clone(), price: terms.entry_price(&base_price.times(&left.clone().percent())) }
    };
    steps.map(rung).collect()
}

/// Each from the price of the order before. Below nothing there is nothing further.
fn compounded(steps: impl Iterator<Item = Number>, terms: &Terms, base_price: &Ratio) -> Result<Vec<Rung>, BadField> {
    let (mut before, mut left) = (base_price.clone(), Number::HUNDRED);
    let most = Number::ten_to(DEVIATION_DIGITS_MAX);
    let rung = |step: Number| {
        let factor = terms.worse(&Number::HUNDRED, &step);
        if before.numerator().is_positive() {
            before = terms.entry_price(&before.times(&factor.clone().percent())).into();
        }
        if left.is_positive() {
            left = left.times(&factor).percent().shortened(DEVIATION_DIGITS_MAX);
        }
        if left > most {
            let allowed = format!("must be smaller: an order would stand more than 10^{DEVIATION_DIGITS_MAX} % away");
            return Err(BadField::new("safety_orders.step_scale", allowed));
        }
        let deviation = terms.worse(&Number::ZERO, &left.minus(&Number::HUNDRED));
        Ok(Rung { deviation, price: before.numerator().clone() })
    };
    steps.map(rung).collect()
}
