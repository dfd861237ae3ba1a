//! Entries that are not final: which there are, and their end.

use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::OrderId;
use domain::limits::ORDERS_PER_COMMIT_MAX;
use domain::order::{Command, Order, Refusal, Refused, Status};

/// Entries of a position that may still become fills.
pub(super) fn working(position: &Position) -> impl Iterator<Item = &Order> {
    position.entries().filter(|order| !order.status.is_final())
}

/// The position with these of its orders on their way to an end, as many of them as a commit may change; none where all
/// of them are already.
pub(super) fn end(position: &Position, which: &[OrderId], now: Timestamp) -> Result<Option<Position>, Refused> {
    let mut ended = None;
    let wanted = position.orders.iter().filter(|order| which.contains(&order.id) && order.cancel_wanted.is_none());
    for order in wanted.take(ORDERS_PER_COMMIT_MAX) {
        let so_far = ended.as_ref().unwrap_or(position);
        ended = Some(so_far.command(&order.id, &ending(order, now))?);
    }
    Ok(ended)
}

/// Of a halted account: sent entries are marked, those in doubt too, which are cancelled when they turn out to rest.
/// Planned ones cannot start, and end by themselves.
pub(crate) fn take_back_sent(position: &Position, now: Timestamp) -> Result<Option<Position>, Refused> {
    let sent: Vec<OrderId> =
        working(position).filter(|order| order.status != Status::Planned).map(|order| order.id.clone()).collect();
    end(position, &sent, now)
}

/// A plan is given up; what may be at the venue is cancelled there, as soon as it is known to be.
fn ending(order: &Order, now: Timestamp) -> Command {
    match order.status {
        Status::Planned => Command::Abandon(Refusal::given_up()),
        _ => Command::Cancel(now),
    }
}
