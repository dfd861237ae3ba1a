//! Ladders that strategies bring: orders of which each asks for a share of the balance.

use crate::parameters::{BadParameter, Kind, Parameter, Parameters};
use domain::ladder::{Dialect, Size, Spacing};
use domain::limits::LEGS_ACTIVE_DEFAULT;
use domain::money::{Decimal, Fraction, Percent, Quantity};
use domain::preset::{AskedLadder, AskedLegs, AskedSize, PlanParts};
use domain::profit::{Basis, StopLoss, TakeProfit};
use std::str::FromStr;

/// The smallest share of the balance that is told apart, in percent.
const SHARE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 12);

pub(crate) const BUDGET: Parameter = Parameter {
    name: "budget",
    doc: "Percent of the balance that all orders together ask for, without fees.",
    kind: Kind::Number { least: 1.0, most: 100.0, default: 90.0 },
};
pub(crate) const STOP_LOSS: Parameter = Parameter {
    name: "stop_loss",
    doc: "Percent below the first order's price at which all is sold; 0: nowhere.",
    kind: Kind::Number { least: 0.0, most: 99.0, default: 0.0 },
};

/// Where the orders behind the first one stand, each further away, and how much larger each is than the one before.
pub(crate) struct Orders {
    pub(crate) count: u32,
    pub(crate) deviation: Percent,
    pub(crate) step_scale: Quantity,
    pub(crate) volume_scale: Quantity,
}

/// A ladder whose orders share the strategy's budget; the first two are of the same size.
pub(crate) fn ladder(
    parameters: &Parameters,
    orders: &Orders,
    take_profit: TakeProfit,
) -> Result<PlanParts, BadParameter> {
    let share = Size::Percent(share(parameters, orders)?);
    let stop: Percent = decimal(parameters, STOP_LOSS.name)?;
    let Orders { count, deviation, step_scale, volume_scale } = *orders;
    let spacing = Spacing::Scaled { count, deviation, scale: step_scale, dialect: Dialect::Additive };
    let sizes = AskedLegs::Scaled { first: share, scale: volume_scale };
    Ok(PlanParts {
        size: Some(AskedSize::Of(share)),
        kind: None,
        ladder: Some(AskedLadder { spacing, sizes, active: LEGS_ACTIVE_DEFAULT, at_market: false }),
        take_profit: Some(take_profit),
        stop_loss: (!stop.get().is_zero()).then(|| StopLoss::fixed(stop, Basis::Base)),
    })
}

/// What the first order asks for, cut off: all together never ask for more than the budget.
fn share(parameters: &Parameters, orders: &Orders) -> Result<Percent, BadParameter> {
    let budget: Percent = decimal(parameters, BUDGET.name)?;
    let (mut all, mut next) = (Fraction::whole(1), Fraction::whole(1));
    for _ in 0..orders.count {
        all = all + next.clone();
        next = next * orders.volume_scale.fraction();
    }
    let share = budget.fraction().over(&all).and_then(|share| share.floor_to(SHARE_STEP).ok());
    let share = share.filter(|share| !share.is_zero()).and_then(|share| Percent::new(share).ok());
    share
        .ok_or_else(|| wrong(BUDGET.name, "must leave something for the smallest order: fewer, or less different ones"))
}

/// A number of the parameters as it was written.
pub(crate) fn decimal<T: FromStr>(parameters: &Parameters, name: &str) -> Result<T, BadParameter> {
    parameters.number(name).to_string().parse().map_err(|_| wrong(name, "must have at most 12 decimals"))
}

fn wrong(name: &str, allowed: &str) -> BadParameter {
    BadParameter { name: name.to_owned(), allowed: allowed.to_owned() }
}
