//! The base order and the safety orders, as a ladder that is planned has them, and how they meet the market.

use super::within;
use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::ladder::entries::{Legs, SIZES, legs, size, spacing, split, without, without_sizes};
use domain::limits;
use domain::money::Price;
use domain::preset::{AskedLadder, AskedLegs, AskedSize, OrderKind};

type Entries = (Option<AskedSize>, Option<OrderKind>, Option<AskedLadder>);

/// One total stands in the place of every size, whichever of the members says the others.
pub(super) fn entries(body: &Fields<'_>) -> Result<Entries, BadAlert> {
    let total = body.find_object("total")?;
    let (order, orders) = (body.find_object("base_order")?, body.find_object("safety_orders")?);
    let kind = order.as_ref().map(kind).transpose()?;
    let Some(total) = total else {
        // What stands beneath may say a total.
        let may_lack = body.is_unsettled();
        let lacks = |order: &Fields<'_>| may_lack && !SIZES.iter().any(|name| order.has(name));
        let base = order.filter(|order| !lacks(order) || !order.has("type"));
        let size = base.map(|order| size(&order)).transpose()?.map(AskedSize::Of);
        let ladder = orders.map(|orders| safety_orders(&orders, Sized::Own { may_lack })).transpose()?;
        return Ok((size, kind, ladder));
    };
    order.iter().try_for_each(|order| without(order, &SIZES, "total"))?;
    let (total, weights) = split(&total)?;
    let ladder = orders.map(|orders| safety_orders(&orders, Sized::Shared)).transpose()?;
    Ok((Some(AskedSize::Shared { total, weights }), kind, ladder))
}

/// What says how large safety orders are.
#[derive(Debug, Clone, Copy)]
enum Sized {
    /// They themselves; where they do not, a total may that is not at hand.
    Own {
        may_lack: bool,
    },
    Shared,
}

fn safety_orders(orders: &Fields<'_>, sized: Sized) -> Result<AskedLadder, BadAlert> {
    let custom = orders.find_items("custom")?;
    let spacing = spacing(orders, custom.as_deref())?;
    let has_none = || {
        let none = |order: &Fields<'_>| !SIZES.iter().any(|name| order.has(name));
        none(orders) && !orders.has("volume_scale") && custom.iter().flatten().all(none)
    };
    let sizes = match sized {
        Sized::Own { may_lack: true } if has_none() => AskedLegs::Shared,
        Sized::Own { .. } => match legs(orders, custom.as_deref())? {
            Legs::Scaled { first, scale } => AskedLegs::Scaled { first, scale },
            Legs::Each(each) => AskedLegs::Each(each),
        },
        Sized::Shared => {
            without_sizes(orders, custom.as_deref(), "total")?;
            AskedLegs::Shared
        }
    };
    let active = within(orders, "active", limits::LEGS_ACTIVE_MAX)?.unwrap_or(limits::LEGS_ACTIVE_DEFAULT);
    let count = u32::try_from(spacing.count()).unwrap_or(u32::MAX);
    let at_market = orders.flag("at_market")?.unwrap_or(false);
    Ok(AskedLadder { spacing, sizes, active: active.min(count.max(1)), at_market })
}

fn kind(order: &Fields<'_>) -> Result<OrderKind, BadAlert> {
    let limited = order.word("type", &[("market", false), ("limit", true)])?.unwrap_or(false);
    match (limited, order.parsed::<Price>("limit_price")?) {
        (true, Some(price)) => Ok(OrderKind::Limit(price)),
        (true, None) => Err(order.required("limit_price")),
        (false, None) => Ok(OrderKind::Market),
        (false, Some(_)) => Err(order.wrong("limit_price", "needs type limit")),
    }
}
