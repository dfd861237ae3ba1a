//! A preset's ladder: what is bought and sold is the preset's, the market is the body's.

use super::entries::whole;
use super::read::{MARKET, SIDES, fee_in_base, filters, object, stops};
use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use domain::alert::Side;
use domain::ladder::LadderPlan;
use domain::preset::{AskedPlan, OrderKind};

const BODY: [&str; 6] = ["preset", "market", "fee_rate", "side", "entry_price", "balance"];

/// A limit order is taken to be filled at its own price, unless the body says another.
pub(super) fn read(node: &Node, plan: AskedPlan) -> Result<LadderPlan, BadAlert> {
    let body = Fields::of_body(node)?;
    body.only(&BODY)?;
    let market = object(&body, "market", &MARKET)?;
    let limit = match plan.kind {
        OrderKind::Limit(price) => Some(price),
        OrderKind::Market => None,
    };
    let entry_price = body.parsed("entry_price")?.or(limit).ok_or_else(|| body.required("entry_price"))?;
    let (spacing, sizes) = plan.entries().map_err(|wrong| BadAlert::field(wrong.field, wrong.allowed))?;
    Ok(LadderPlan {
        filters: filters(&market)?,
        orders_max: whole(&market, "orders_max")?,
        fee: body.needed("fee_rate")?,
        fee_in_base: fee_in_base(&market)?,
        side: body.word("side", &SIDES)?.unwrap_or(Side::Long),
        margin: None,
        base_at_market: limit.is_none(),
        entry_price,
        sizes,
        spacing,
        active: plan.ladder.as_ref().map(|ladder| ladder.active),
        at_market: plan.ladder.is_some_and(|ladder| ladder.at_market),
        take_profit: plan.take_profit,
        stop_loss: plan.stop_loss,
        stops: stops(&market, plan.stop_loss)?,
        balance: body.parsed("balance")?,
    })
}
