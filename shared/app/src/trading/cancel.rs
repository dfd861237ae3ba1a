//! Entries taken back, one or all of a group. What was bought stays, with its protection.

use super::entries::{end, working};
use super::{ActError, account_of, change, change_all};
use crate::actor::Act;
use crate::ports::Queues;
use domain::group::Position;
use domain::ids::{GroupId, OrderId};
use domain::order::{Order, Purpose};
use store::Engine;
use store::trading::Trading;

/// Takes back one entry. Its cancel may come too late: then it is filled, and protected as ever.
///
/// # Errors
/// `NoOrder`, `ProtectiveOrder`, `AlreadyFinal`, or where the store cannot be reached.
pub async fn cancel_order<D: Engine + Queues>(deps: &D, order: &OrderId, act: Act<'_>) -> Result<Order, ActError> {
    let (account, found) = Trading(deps).find_order(act.user, order).await?.ok_or(ActError::NoOrder)?;
    if found.purpose != Purpose::Entry {
        return Err(ActError::ProtectiveOrder(found.purpose));
    }
    let taken_back = |position: &Position| match position.order(order) {
        None => Err(ActError::NoOrder),
        Some(order) if order.status.is_final() => Err(ActError::AlreadyFinal(order.status)),
        Some(order) => Ok(end(position, std::slice::from_ref(&order.id), act.now)?),
    };
    let position = change(deps, &account, &found.group, "entry cancelled by its user", act, taken_back).await?;
    position.order(order).cloned().ok_or(ActError::NoOrder)
}

/// Takes back every entry of a group that is not final yet.
///
/// # Errors
/// `NoGroup`, `AlreadyClosed`, or where the store cannot be reached.
pub async fn cancel_pending<D: Engine + Queues>(deps: &D, group: &GroupId, act: Act<'_>) -> Result<Position, ActError> {
    let account = account_of(deps, group, act).await?;
    let taken_back = |position: &Position| {
        if position.group.is_settled() {
            return Err(ActError::AlreadyClosed);
        }
        let pending: Vec<_> = working(position).map(|order| order.id.clone()).collect();
        Ok(end(position, &pending, act.now)?)
    };
    change_all(deps, (act.user, &account), group, "entries cancelled by their user", act, taken_back).await
}
