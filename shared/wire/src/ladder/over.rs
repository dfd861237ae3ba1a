//! A preset's ladder: what is bought and sold is the preset's, the market is the body's.

use super::read::{MARKET, SIDES, filters, object, whole};
use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use domain::alert::Side;
use domain::ladder::{LadderPlan, Size, Sizes, Spacing};
use domain::preset::{OrderKind, OrderSize, SafetyOrders, TradePlan};

const BODY: [&str; 6] = ["preset", "market", "fee_rate", "side", "entry_price", "balance"];

/// A limit order is taken to be filled at its own price, unless the body says another.
pub(super) fn read(node: &Node, plan: TradePlan) -> Result<LadderPlan, BadAlert> {
    let body = Fields::of_body(node)?;
    body.only(&BODY)?;
    let market = object(&body, "market", &MARKET)?;
    let limit = match plan.kind {
        OrderKind::Limit(price) => Some(price),
        OrderKind::Market => None,
    };
    let entry_price = body.parsed("entry_price")?.or(limit).ok_or_else(|| body.required("entry_price"))?;
    let (spacing, sizes) = orders(plan.size, plan.ladder);
    Ok(LadderPlan {
        filters: filters(&market)?,
        orders_max: whole(&market, "orders_max")?,
        fee: body.needed("fee_rate")?,
        side: body.word("side", &SIDES)?.unwrap_or(Side::Long),
        entry_price,
        sizes,
        spacing,
        active: plan.ladder.map(|ladder| ladder.active),
        take_profit: plan.take_profit,
        stop_loss: plan.stop_loss,
        balance: body.parsed("balance")?,
    })
}

fn orders(size: OrderSize, ladder: Option<SafetyOrders>) -> (Spacing, Sizes) {
    let base = match size {
        OrderSize::Quote(quote) => Size::Quote(quote),
        OrderSize::Base(quantity) => Size::Base(quantity),
    };
    let Some(SafetyOrders { count, quote, deviation, step_scale, volume_scale, dialect, active: _ }) = ladder else {
        return (Spacing::Custom(Vec::new()), Sizes::Custom { base, each: Vec::new() });
    };
    let spacing = Spacing::Scaled { count, deviation, scale: step_scale, dialect };
    (spacing, Sizes::Scaled { base, first: Size::Quote(quote), scale: volume_scale })
}
