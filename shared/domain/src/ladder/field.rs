//! What a plan may ask for.

use super::request::{LadderPlan, Size, Sizes, Spacing, Total};
use crate::limits;
use crate::money::{Amount, Decimal, Percent, Quantity};
use crate::profit::{Basis, ProfitStep, StopLoss, TakeProfit};

/// How much a distance or a size may grow from one order to the next.
const SCALE_MAX: Decimal = Decimal::ONE_HUNDRED;
const SAFETY_ORDERS: &str = "safety_orders";
const BASE_ORDER: &str = "base_order";
const SHARE: &str = "must be above 0 and below 100";
const PROFIT: &str = "must be above 0 and at most 1000";

/// A field that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {allowed}")]
pub struct BadField {
    /// Its dotted path.
    pub field: String,
    /// What it must be.
    pub allowed: String,
}

impl BadField {
    pub(crate) fn new(field: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self { field: field.into(), allowed: allowed.into() }
    }
}

type Checked = Result<(), BadField>;

pub(super) fn check(plan: &LadderPlan) -> Checked {
    ensure(!plan.filters.quantity_step.is_zero(), "market.quantity_step", "must be above 0")?;
    entries(&plan.sizes, &plan.spacing, plan.stop_loss.map(|stop| stop.loss))?;
    let needs_balance = plan.sizes.has_share() && plan.balance.is_none();
    ensure(!needs_balance, "balance", "is required where a size is given as balance_percent")?;
    let active = 1..=limits::LEGS_ACTIVE_MAX;
    let allowed = format!("must be a whole number from 1 to {}", limits::LEGS_ACTIVE_MAX);
    ensure(plan.active.is_none_or(|wanted| active.contains(&wanted)), "safety_orders.active", allowed)?;
    take_profit(&plan.take_profit)?;
    plan.stop_loss.map_or(Ok(()), |stop| stop_loss(plan, &stop))
}

fn stop_loss(plan: &LadderPlan, stop: &StopLoss) -> Checked {
    ensure(is_share(stop.loss), "stop_loss_percent", SHARE)?;
    let of_base = stop.basis == Basis::Base || !matches!(plan.sizes, Sizes::Split { total: Total::Risk(_), .. });
    ensure(of_base, "stop_loss_basis", "must be base where total.risk is given")?;
    let is_followed = |step: u32| (1..plan.take_profit.steps()).contains(&step);
    let allowed = "must be a step that is followed by another one";
    ensure(stop.break_even_after.is_none_or(is_followed), "break_even_after_step", allowed)
}

fn is_share(percent: Percent) -> bool {
    !percent.get().is_zero() && percent.get() < Decimal::ONE_HUNDRED
}

/// Whether entries can be asked for like this, wherever that is written.
///
/// # Errors
/// The first field that breaks its rule.
pub fn entries(sizes: &Sizes, spacing: &Spacing, stop: Option<Percent>) -> Checked {
    places(spacing)?;
    match sizes {
        Sizes::Scaled { base, first, scale: by } => {
            size(base, BASE_ORDER)?;
            size(first, SAFETY_ORDERS)?;
            scale(*by, "volume_scale")
        }
        Sizes::Custom { base, each } => {
            size(base, BASE_ORDER)?;
            each.iter().enumerate().try_for_each(|(i, one)| size(one, &format!("safety_orders.custom[{i}]")))
        }
        Sizes::Split { total, weights } => split(*total, weights, spacing.count(), stop),
    }
}

fn places(spacing: &Spacing) -> Checked {
    let most = limits::SAFETY_ORDERS_MAX;
    let fits = spacing.count() <= most;
    match spacing {
        Spacing::Scaled { deviation, scale: by, .. } => {
            ensure(fits, "safety_orders.count", format!("must be a whole number from 0 to {most}"))?;
            ensure(!deviation.get().is_zero(), "safety_orders.deviation_percent", "must be above 0 and at most 1000")?;
            scale(*by, "step_scale")
        }
        Spacing::Custom(deviations) => {
            ensure(fits, "safety_orders.custom", format!("must have at most {most} orders"))?;
            let mut before = Decimal::ZERO;
            for (index, deviation) in deviations.iter().enumerate() {
                let field = format!("safety_orders.custom[{index}].deviation_percent");
                let allowed = "must be above 0 and above the one before: it is counted from the base price";
                ensure(deviation.get() > before, field, allowed)?;
                before = deviation.get();
            }
            Ok(())
        }
    }
}

fn scale(scale: Quantity, name: &str) -> Checked {
    let fits = !scale.is_zero() && scale.get() <= SCALE_MAX;
    ensure(fits, format!("safety_orders.{name}"), format!("must be above 0 and at most {SCALE_MAX}"))
}

fn size(size: &Size, order: &str) -> Checked {
    match size {
        Size::Quote(quote) => ensure(*quote > Amount::ZERO, format!("{order}.quote"), "must be an amount above 0"),
        Size::Base(quantity) => ensure(!quantity.is_zero(), format!("{order}.quantity"), "must be a quantity above 0"),
        Size::Percent(percent) => {
            let allowed = "must be above 0 and at most 100";
            let fits = !percent.get().is_zero() && percent.get() <= Decimal::ONE_HUNDRED;
            ensure(fits, format!("{order}.balance_percent"), allowed)
        }
    }
}

fn split(total: Total, weights: &[Quantity], behind: usize, stop: Option<Percent>) -> Checked {
    let orders = behind.saturating_add(1);
    let allowed = format!("must have {orders} weights: one for the base order and one for each safety order");
    ensure(weights.len() == orders, "total.weights", allowed)?;
    for (index, weight) in weights.iter().enumerate() {
        ensure(!weight.is_zero(), format!("total.weights[{index}]"), "must be above 0")?;
    }
    match total {
        Total::Quote(quote) => ensure(quote > Amount::ZERO, "total.quote", "must be an amount above 0"),
        Total::Risk(risk) => {
            ensure(risk > Amount::ZERO, "total.risk", "must be an amount above 0")?;
            ensure(stop.is_some(), "stop_loss_percent", "is required where total.risk is given")
        }
    }
}

fn take_profit(profit: &TakeProfit) -> Checked {
    let is_above = |percent: &Percent| !percent.get().is_zero();
    match profit {
        TakeProfit::Aggregate { steps, trailing, .. } => {
            ensure(trailing.is_none_or(is_share), "take_profit.trailing_percent", SHARE)?;
            of_steps(steps)
        }
        TakeProfit::PerLeg { profit } => ensure(is_above(profit), "take_profit.steps[0].profit_percent", PROFIT),
        TakeProfit::Hybrid { profit, all } => {
            ensure(is_above(profit), "take_profit.steps[0].profit_percent", PROFIT)?;
            ensure(is_above(all), "take_profit.all_profit_percent", PROFIT)
        }
    }
}

fn of_steps(steps: &[ProfitStep]) -> Checked {
    let most = usize::try_from(limits::TAKE_PROFIT_STEPS_MAX).unwrap_or(usize::MAX);
    let fits = (1..=most).contains(&steps.len());
    ensure(fits, "take_profit.steps", format!("must have 1 to {most} steps"))?;
    let mut sum = Decimal::ZERO;
    for (index, step) in steps.iter().enumerate() {
        let at = |name: &str| format!("take_profit.steps[{index}].{name}");
        ensure(!step.profit.get().is_zero(), at("profit_percent"), PROFIT)?;
        let amount = step.amount.get();
        let fits = !amount.is_zero() && amount <= Decimal::ONE_HUNDRED;
        ensure(fits, at("amount_percent"), "must be above 0 and at most 100")?;
        sum = sum.saturating_add(amount);
    }
    let allowed = format!("must have an amount_percent that adds up to 100 over all steps; it is {}", sum.normalize());
    ensure(sum == Decimal::ONE_HUNDRED, "take_profit.steps", allowed)
}

fn ensure(fits: bool, field: impl Into<String>, allowed: impl Into<String>) -> Checked {
    if fits { Ok(()) } else { Err(BadField::new(field, allowed)) }
}
