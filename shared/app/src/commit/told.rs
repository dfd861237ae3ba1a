//! Notices of a position's commit, in the commit itself: a stop or a sale that the venue rejected, an entry that is not entered
//! again, an order that the venue does not show, coins that are left, and an order that is cancelled since it rests though it had
//! ended.
//!
//! Repeated rejections of the same order make one notice.

use crate::commit::version;
use domain::clock::Timestamp;
use domain::group::{Position, StillHeld};
use domain::notice::{Notice, Topic};
use domain::order::{Order, Purpose, Status};

/// One of each kind at most.
pub(super) fn of(before: Option<&Position>, after: &Position, at: Timestamp) -> impl Iterator<Item = Notice> {
    let told = [
        stop_not_placed(before, after, at),
        exit_not_placed(before, after, at),
        entry_not_placed(before, after, at),
        order_not_shown(before, after, at),
        coins_left(before, after, at),
        surplus_cancelled(before, after, at),
    ];
    told.into_iter().flatten()
}

fn coins_left(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let held = |position: &Position| position.group.settled.and_then(|settled| settled.still_held);
    let StillHeld { quantity, cost, nothing_sold } = held(after).filter(|_| before.and_then(held).is_none())?;
    let (market, filters) = (&after.group.market.key, &after.group.market.filters);
    let (base, quote) = (&market.symbol.base, &market.symbol.quote);
    let profit =
        if nothing_sold { "Nothing was sold, so there is no profit or loss" } else { "They are in no profit or loss" };
    let text = format!(
        "Your position in {market} is closed, but {quantity} {base} of it could not be sold (the exchange's minimum is {} {base}, \
         {} {quote}). The coins are still in your account, without a stop. They cost {cost} {quote}. {profit}. Sell them yourself.",
        filters.quantity_min, filters.notional_min
    );
    Some(notice(after, Topic::CoinsLeft, at, text))
}

/// One that its venue goes on showing as resting, whatever it answers to the cancel, is told of once.
fn surplus_cancelled(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let before = before.filter(|before| before.group.attention != after.group.attention)?;
    let order = after.surplus_since(before)?;
    let (market, base) = (&after.group.market.key, &after.group.market.key.symbol.base);
    let (direction, quantity) = (order.direction.as_str(), order.quantity);
    let filled = order.filled().ok().filter(|filled| !filled.is_zero());
    let filled = filled.map(|filled| format!(" {filled} {base} of it was filled and counts for the position."));
    let text = format!(
        "An order of your position in {market} that had ended is still open at the exchange: {direction} {quantity} {base}. Moniqo \
         cancels it, because the position has other orders in its place.{}",
        filled.unwrap_or_default()
    );
    Some(notice(after, Topic::OrderSurplusCancelled, at, text))
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
    let (market, id) = (&group.market.key, &order.id);
    let (happened, end) = if order.unshown_since().is_some() {
        ("it had accepted", "--cancelled")
    } else {
        ("was sent and not answered", "--not-placed")
    };
    let coins = match order.purpose {
        Purpose::Entry => "",
        _ => " Until then no stop and no other exit sells the coins of this order.",
    };
    let text = format!(
        "{} does not show the {word} {id} of your position in {}, which {happened}. Moniqo queries it in every check and does not \
         replace it, because that might {trades} twice.{coins} Look at the exchange. If the order is not there, run: moniqo orders \
         resolve {id} {end} --reason \"…\"",
        market.exchange, market.symbol
    );
    Some(
        Notice::new(&group.user, Topic::OrderNotShown, order.told_unshown_at()?, &[order.id.as_str()], text)
            .about(&group.id),
    )
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
