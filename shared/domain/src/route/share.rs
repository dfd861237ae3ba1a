//! One account's share of a plan.

use crate::money::{Amount, Decimal, Fraction, MoneyError, Quantity};
use crate::preset::{LegSizes, OrderSize, SafetyOrders, TradePlan};

/// What is not cut by a market's step is cut to so many digits, downwards: all shares together are never more than the whole.
const FINEST: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// The plan of an account that buys `quantity` first, which is this share of all: its safety orders are the same share of
/// theirs.
///
/// # Errors
/// `Inexact` where a share cannot be kept.
pub fn share(plan: &TradePlan, quantity: Quantity, share: &Fraction) -> Result<TradePlan, MoneyError> {
    Ok(TradePlan { size: OrderSize::Base(quantity), ..part(plan, share)? })
}

/// The same plan at this share of all its sizes.
///
/// # Errors
/// `Inexact` where a share cannot be kept.
pub fn part(plan: &TradePlan, share: &Fraction) -> Result<TradePlan, MoneyError> {
    let ladder = plan.ladder.as_ref().map(|ladder| {
        let sizes = legs(&ladder.sizes, share)?;
        Ok(SafetyOrders { sizes, ..ladder.clone() })
    });
    Ok(TradePlan { size: size(plan.size, share)?, ladder: ladder.transpose()?, ..plan.clone() })
}

fn legs(sizes: &LegSizes, share: &Fraction) -> Result<LegSizes, MoneyError> {
    Ok(match sizes {
        LegSizes::Scaled { first, scale } => LegSizes::Scaled { first: size(*first, share)?, scale: *scale },
        LegSizes::Each(each) => LegSizes::Each(each.iter().map(|one| size(*one, share)).collect::<Result<_, _>>()?),
    })
}

fn size(size: OrderSize, share: &Fraction) -> Result<OrderSize, MoneyError> {
    if *share == Fraction::whole(1) {
        return Ok(size);
    }
    Ok(match size {
        OrderSize::Quote(quote) => OrderSize::Quote(Amount::new((quote.fraction() * share.clone()).floor_to(FINEST)?)?),
        OrderSize::Base(base) => OrderSize::Base(Quantity::new((base.fraction() * share.clone()).floor_to(FINEST)?)?),
    })
}
