//! How far each order is from the base price, and what it costs there.

use super::field::BadField;
use super::number::Number;
use super::request::{Dialect, LadderPlan, Spacing};
use super::terms::Terms;
use crate::money::{Percent, Quantity};

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

/// The base order's place and those of all safety orders.
///
/// # Errors
/// A scale that grows beyond all bounds.
pub(super) fn rungs(plan: &LadderPlan, terms: &Terms, base_price: &Number) -> Result<Vec<Rung>, BadField> {
    let base = Rung { deviation: Number::ZERO, price: Number::from(plan.entry_price.get()) };
    let safety: Vec<Rung> = match &plan.spacing {
        Spacing::Custom(deviations) => deviations.iter().map(|one| custom(*one, terms, base_price)).collect(),
        Spacing::Scaled { count, deviation, scale, dialect } => {
            let steps = steps(*count, *deviation, *scale);
            match dialect {
                Dialect::Additive => added(steps, terms, base_price),
                Dialect::Compounding => compounded(steps, terms, base_price)?,
            }
        }
    };
    Ok(std::iter::once(base).chain(safety).collect())
}

fn custom(deviation: Percent, terms: &Terms, base_price: &Number) -> Rung {
    let deviation = Number::from(deviation.get());
    let price = terms.entry_price(base_price.times(&terms.worse(&Number::HUNDRED, &deviation)).percent());
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
fn added(steps: impl Iterator<Item = Number>, terms: &Terms, base_price: &Number) -> Vec<Rung> {
    let (mut deviation, mut left) = (Number::ZERO, Number::HUNDRED);
    let rung = |step: Number| {
        deviation = deviation.plus(&step);
        left = terms.worse(&left, &step);
        Rung { deviation: deviation.clone(), price: terms.entry_price(base_price.times(&left).percent()) }
    };
    steps.map(rung).collect()
}

/// Each from the price of the order before. Below nothing there is nothing further.
fn compounded(steps: impl Iterator<Item = Number>, terms: &Terms, base_price: &Number) -> Result<Vec<Rung>, BadField> {
    let (mut price, mut left) = (base_price.clone(), Number::HUNDRED);
    let most = Number::ten_to(DEVIATION_DIGITS_MAX);
    let rung = |step: Number| {
        let factor = terms.worse(&Number::HUNDRED, &step);
        if price.is_positive() {
            price = terms.entry_price(price.times(&factor).percent());
        }
        if left.is_positive() {
            left = left.times(&factor).percent().shortened(DEVIATION_DIGITS_MAX);
        }
        if left > most {
            let allowed = format!("must be smaller: an order would stand more than 10^{DEVIATION_DIGITS_MAX} % away");
            return Err(BadField::new("safety_orders.step_scale", allowed));
        }
        let deviation = terms.worse(&Number::ZERO, &left.minus(&Number::HUNDRED));
        Ok(Rung { deviation, price: price.clone() })
    };
    steps.map(rung).collect()
}
