//! Whether all of an entry can be carried out, asked before its first order: the words are those of a planned ladder.

use super::opening::{OpeningRefused, Planned};
use crate::ladder::{self, Exits, Flight, LadderPlan, Size, Sizes, Spacing};
use crate::market::Stops;
use crate::money::{Amount, Price, Quantity};
use crate::preset::{LegSizes, OrderKind, SafetyOrders, TradePlan};
use crate::profit::TakeProfit;

/// Quote of the safety orders behind this base order, once all of it passes: every entry, every take-profit and the stop at
/// its price after each fill, what there is to pay with, and how many orders may rest. A base order alone is held against the
/// account's own limits.
pub(super) fn behind(planned: &Planned<'_>, price: Price, quantity: Quantity) -> Result<Amount, OpeningRefused> {
    let Flight { legs, verdict } = ladder::fly(&ladder_of(planned, price, quantity), exits(planned.plan))?;
    verdict.map_err(OpeningRefused::Flight)?;
    Ok(ladder::quote_behind(&legs)?)
}

fn ladder_of(planned: &Planned<'_>, price: Price, quantity: Quantity) -> LadderPlan {
    let Planned { plan, ground, funds, .. } = *planned;
    let market = ground.market;
    LadderPlan {
        filters: market.filters,
        orders_max: market.orders_max,
        fee: market.fee,
        fee_in_base: market.takes_fee_in_base(),
        side: ground.side,
        margin: market.kind.is_linear().then_some(ground.leverage),
        base_at_market: planned.plan.kind == OrderKind::Market,
        entry_price: price,
        sizes: sizes(quantity, plan.ladder.as_ref()),
        spacing: plan.ladder.as_ref().map_or_else(|| Spacing::Custom(Vec::new()), |ladder| ladder.spacing.clone()),
        active: plan.ladder.as_ref().map(|ladder| ladder.active),
        at_market: plan.ladder.as_ref().is_some_and(|ladder| ladder.at_market),
        take_profit: plan.take_profit.clone(),
        stop_loss: plan.stop_loss,
        stops: plan.stop_loss.filter(|stop| stop.rests()).map_or(Stops::Polled, |_| market.stops),
        balance: plan.ladder.as_ref().and_then(|_| Quantity::new(funds.free().get()).ok()),
    }
}

fn sizes(base: Quantity, ladder: Option<&SafetyOrders>) -> Sizes {
    let base = Size::Base(base);
    match ladder.map(|ladder| &ladder.sizes) {
        None => Sizes::Custom { base, each: Vec::new() },
        Some(LegSizes::Scaled { first, scale }) => Sizes::Scaled { base, first: (*first).into(), scale: *scale },
        Some(LegSizes::Each(each)) => Sizes::Custom { base, each: each.iter().copied().map(Size::from).collect() },
    }
}

fn exits(plan: &TradePlan) -> Exits {
    let (each_leg, all) = match &plan.take_profit {
        TakeProfit::Aggregate { .. } => (None, None),
        TakeProfit::PerLeg { profit } => (Some(*profit), None),
        TakeProfit::Hybrid { profit, all } => (Some(*profit), Some(*all)),
    };
    Exits { each_leg, all }
}
