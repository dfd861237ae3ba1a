//! How large each order is.

use super::field::BadField;
use super::number::{Number, Positive};
use super::request::{LadderPlan, Size, Sizes, Total};
use super::rungs::{Rung, powers};
use super::terms::Terms;
use crate::alert::Side;
use crate::money::Quantity;

/// What is asked of one order.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    /// Quote, without the fee, before it is divided by [`Asked::under`].
    Quote(Number),
    Base(Number),
}

/// What is asked of all orders.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) each: Vec<Wanted>,
    /// What every amount of quote is still to be divided by.
    pub(super) under: Positive,
}

pub(super) fn asked(
    plan: &LadderPlan,
    terms: &Terms,
    rungs: &[Rung],
    stop: Option<&Number>,
) -> Result<Asked, BadField> {
    let one = |size: &Size| Wanted::of(*size, plan.side, plan.balance);
    let each = match &plan.sizes {
        Sizes::Scaled { base, first, scale } => {
            let count = u32::try_from(plan.safety_orders()).unwrap_or(u32::MAX);
            std::iter::once(one(base)).chain(scaled(one(first), *scale, count)).collect()
        }
        Sizes::Custom { base, each } => std::iter::once(base).chain(each).map(one).collect(),
        Sizes::Split { total: Total::Quote(quote), weights } => return shares(&Number::from(quote.get()), weights),
        Sizes::Split { total: Total::Risk(risk), weights } => {
            let stop =
                stop.ok_or_else(|| BadField::new("stop_loss_percent", "is required where total.risk is given"))?;
            return at_risk(&Number::from(risk.get()), weights, terms, rungs, stop);
        }
    };
    Ok(Asked { each, under: Positive::ONE })
}

pub(super) fn scaled(first: Wanted, scale: Quantity, count: u32) -> Vec<Wanted> {
    let scale = Number::from(scale.get());
    match first {
        Wanted::Quote(quote) => powers(quote, scale, count).map(Wanted::Quote).collect(),
        Wanted::Base(quantity) => powers(quantity, scale, count).map(Wanted::Base).collect(),
    }
}

/// `total` split by weights.
fn shares(total: &Number, weights: &[Quantity]) -> Result<Asked, BadField> {
    let sum = weights.iter().fold(Number::ZERO, |sum, weight| sum.plus(&Number::from(weight.get())));
    split(total, weights, sum)
}

/// Orders that lose `risk` together at the stop: each spends `risk * weight / sum(weight * loss / price)`, where `loss` is
/// that of one base unit. The sum is kept over the product of all prices, so that nothing is divided.
fn at_risk(
    risk: &Number,
    weights: &[Quantity],
    terms: &Terms,
    rungs: &[Rung],
    stop: &Number,
) -> Result<Asked, BadField> {
    let (mut sum, mut product) = (Number::ZERO, Number::ONE);
    for (weight, Rung { price, deviation }) in weights.iter().zip(rungs) {
        let loss = terms.loss(price, stop);
        if !terms.is_before(price, stop) || !loss.is_positive() {
            let allowed = format!("must be beyond every order where total.risk is given: one stands at {deviation} %");
            return Err(BadField::new("stop_loss_percent", allowed));
        }
        let part = Number::from(weight.get()).times(&loss).times(&product);
        sum = sum.times(price).plus(&part);
        product = product.times(price);
    }
    split(&risk.times(&product), weights, sum)
}

/// `whole * weight / under` for each weight.
fn split(whole: &Number, weights: &[Quantity], under: Number) -> Result<Asked, BadField> {
    let under = Positive::of(under).ok_or_else(|| BadField::new("total.weights", "must be above 0"))?;
    let each = weights.iter().map(|weight| Wanted::Quote(whole.times(&Number::from(weight.get())))).collect();
    Ok(Asked { each, under })
}

impl Wanted {
    pub(super) fn of(size: Size, side: Side, balance: Option<Quantity>) -> Self {
        match (size, side) {
            (Size::Quote(quote), _) => Self::Quote(Number::from(quote.get())),
            (Size::Base(quantity), _) => Self::Base(Number::from(quantity.get())),
            (Size::Percent(percent), side) => {
                let balance = balance.map_or(Number::ZERO, |balance| Number::from(balance.get()));
                let part = balance.times(&Number::from(percent.get())).percent();
                match side {
                    Side::Long => Self::Quote(part),
                    Side::Short => Self::Base(part),
                }
            }
        }
    }

    /// What an order at `price` buys, and the quote that it asks for, still to be divided by `under`.
    pub(super) fn at(self, price: &Number, under: &Positive, terms: &Terms) -> (Number, Number) {
        match (self, Positive::of(price.clone())) {
            (Self::Quote(quote), Some(price)) => {
                let bought = quote.over(price.times(under));
                (terms.quantity(&bought), bought.into_numerator())
            }
            (Self::Base(quantity), Some(_)) => {
                let quantity = terms.quantity(&quantity.over(Positive::ONE));
                let quote = price.times(&quantity);
                (quantity, quote)
            }
            (Self::Quote(quote), None) => (Number::ZERO, quote),
            (Self::Base(_), None) => (Number::ZERO, Number::ZERO),
        }
    }
}
