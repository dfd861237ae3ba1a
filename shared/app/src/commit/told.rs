//! Notices of a position's commit, in the commit itself: a stop or a sale that the venue rejected, an entry that is not entered
//! again, an order that the venue does not show, and coins that are left.
//!
//! Repeated rejections of the same order make one notice.

use crate::commit::version;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::limits;
use domain::money::MoneyError;
use domain::notice::{Notice, Topic};
use domain::order::{Order, Purpose, Status};

/// One of each kind at most.
///
/// # Errors
/// `Inexact` where the fills cannot be added exactly.
pub(super) fn of(before: Option<&Position>, after: &Position, at: Timestamp) -> Result<Vec<Notice>, MoneyError> {
    let told = [
        stop_not_placed(before, after, at),
        exit_not_placed(before, after, at),
        entry_not_placed(before, after, at),
        order_not_shown(before, after, at),
        coins_left(before, after, at)?,
    ];
    Ok(told.into_iter().flatten().collect())
}

fn coins_left(before: Option<&Position>, after: &Position, at: Timestamp) -> Result<Option<Notice>, MoneyError> {
    let before = before.map_or(Ok(None), Position::coins_left)?;
    let Some(left) = after.coins_left()?.filter(|_| before.is_none()) else { return Ok(None) };
    let (market, filters) = (&after.group.market.key, &after.group.market.filters);
    let base = &market.symbol.base;
    let text = format!(
        "Your position in {market} is closed, but {left} {base} of it could not be sold: that is below the exchange's minimum \
         ({} {base}, {} {}). The coins are still in your account, without a stop, and the position's profit counts them at \
         their cost. Sell them yourself.",
        filters.quantity_min, filters.notional_min, market.symbol.quote
    );
    Ok(Some(notice(after, Topic::CoinsLeft, at, text)))
}

fn stop_not_placed(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let order = newly(before, after, Order::is_refused_for_its_stop)?;
    let text = format!(
        "{} rejected the stop of your position in {}: {}. The position still has a stop: Moniqo checks the price every ten \
         seconds and sells at the market once the price reaches it.",
        after.group.market.key.exchange,
        after.group.market.key.symbol,
        why(order)
    );
    Some(notice(after, Topic::StopNotPlaced, at, text))
}

fn exit_not_placed(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let sells = |order: &Order| matches!(order.purpose, Purpose::Exit | Purpose::Reduce(_));
    let order = newly(before, after, |order| sells(order) && order.status == Status::Rejected)?;
    let goes_on = match order.purpose {
        Purpose::Reduce(_) if !order.is_worth_another() => "This partial exit is not tried again.",
        _ => "Moniqo tries again while the position is open.",
    };
    let text = format!(
        "{} rejected the order that sells your position in {}: {}. {goes_on}",
        after.group.market.key.exchange,
        after.group.market.key.symbol,
        why(order)
    );
    Some(notice(after, Topic::ExitNotFollowed, at, text))
}

fn entry_not_placed(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let was_so = |order: &Order| before.and_then(|before| before.order(&order.id)).is_some_and(Order::is_unproven);
    let given_up: Vec<_> = after.orders.iter().filter(|order| after.is_given_up(order) && !was_so(order)).collect();
    let first = given_up.first()?;
    let which = match (first.leg, given_up.len()) {
        (0, _) => "the entry".to_owned(),
        (leg, 1) => format!("safety order {leg}"),
        (leg, count) => format!("safety order {leg} and {} more", count.saturating_sub(1)),
    };
    let goes_on =
        if after.has_bought() { "Your position goes on with what it holds." } else { "Only a new alert enters again." };
    let text = format!(
        "{} did not say what became of {which} in {}, and does not show it. Moniqo does not send it again: it might buy twice. \
         {goes_on} If the order appears later, moniqo reconciliation lists it.",
        after.group.market.key.exchange, after.group.market.key.symbol,
    );
    Some(notice(after, Topic::EntryNotPlaced, at, text))
}

/// Named by the order and by when it was missed first: the same notice, however often its position is marked.
fn order_not_shown(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let (group, order) = (&after.group, after.long_unshown(at)?);
    if before.is_some_and(|before| before.group.attention == group.attention) {
        return None;
    }
    let (trades, word) = match order.purpose {
        Purpose::Entry => ("buy", "entry"),
        Purpose::TakeProfit(_) => ("sell", "take-profit"),
        Purpose::Exit | Purpose::Reduce(_) => ("sell", "exit"),
    };
    let text = format!(
        "{} accepted the {word} {} of your position in {}, and does not show it any more. Moniqo asks for it in every check and does \
         not replace it: that might {trades} twice. What it holds is sold by nothing else meanwhile. Look at the exchange. If \
         the order is not there, say so: moniqo orders resolve {} --cancelled --reason \"…\"",
        group.market.key.exchange, order.id, group.market.key.symbol, order.id
    );
    let told_at = order.unshown_since()?.plus(limits::UNSHOWN_TOLD);
    Some(Notice::new(&group.user, Topic::OrderNotShown, told_at, &[order.id.as_str()], text).about(&group.id))
}

/// The order that has become so, where the one before it for the same was not so already.
fn newly<'a>(before: Option<&Position>, after: &'a Position, is_so: impl Fn(&Order) -> bool) -> Option<&'a Order> {
    let was_so = |order: &Order| before.and_then(|before| before.order(&order.id)).is_some_and(&is_so);
    let goes_on = |order: &Order| after.before(order).next().flatten().is_some_and(&is_so);
    after.orders.iter().find(|order| is_so(order) && !was_so(order) && !goes_on(order))
}

fn why(order: &Order) -> String {
    order.refusal.as_ref().map_or_else(|| "it does not say why".to_owned(), |refusal| refusal.detail.clone())
}

fn notice(of: &Position, topic: Topic, at: Timestamp, text: String) -> Notice {
    let group = &of.group;
    let cause = [group.id.as_str(), &version(Some(of)).to_string()];
    Notice::new(&group.user, topic, at, &cause, text).about(&group.id)
}
