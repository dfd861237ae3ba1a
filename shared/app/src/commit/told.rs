//! What a position's owner hears of a commit, in the commit itself: where what protects or sells was refused, and where coins
//! are left.
//!
//! A refusal is told once for as long as it goes on: what is tried again and refused again is the same.

use crate::commit::version;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::money::MoneyError;
use domain::notice::{Notice, Topic};
use domain::order::{Order, Purpose, Status};

/// One of each kind at most.
///
/// # Errors
/// `Inexact` where the fills cannot be added exactly.
pub(super) fn of(before: Option<&Position>, after: &Position, at: Timestamp) -> Result<Vec<Notice>, MoneyError> {
    let told = [stop_not_placed(before, after, at), exit_not_placed(before, after, at), coins_left(before, after, at)?];
    Ok(told.into_iter().flatten().collect())
}

fn coins_left(before: Option<&Position>, after: &Position, at: Timestamp) -> Result<Option<Notice>, MoneyError> {
    let before = before.map_or(Ok(None), Position::coins_left)?;
    let Some(left) = after.coins_left()?.filter(|_| before.is_none()) else { return Ok(None) };
    let (market, filters) = (&after.group.market.key, &after.group.market.filters);
    let text = format!(
        "Your position in {market} has ended, and {left} {} that it has bought are held on: they are too little to be sold there \
         (at least {} and worth {}). They are not sold, no stop watches them, and the profit that is told counts them at what \
         they have cost. Sell them yourself, or together with others.",
        market.symbol.base, filters.quantity_min, filters.notional_min
    );
    Ok(Some(notice(after, Topic::CoinsLeft, at, text)))
}

fn stop_not_placed(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let order = newly(before, after, Order::is_refused_for_its_stop)?;
    let text = format!(
        "{} has refused the stop of your position in {}: {}. The position is not without it: the price is looked at every ten \
         seconds, and it is sold at the market once that is at the stop.",
        after.group.market.key.exchange,
        after.group.market.key.symbol,
        why(order)
    );
    Some(notice(after, Topic::StopNotPlaced, at, text))
}

fn exit_not_placed(before: Option<&Position>, after: &Position, at: Timestamp) -> Option<Notice> {
    let sells = |order: &Order| matches!(order.purpose, Purpose::Exit | Purpose::Reduce(_));
    let order = newly(before, after, |order| sells(order) && order.status == Status::Rejected)?;
    let text = format!(
        "{} has refused to sell of your position in {}: {}. It is tried again as long as the position is held.",
        after.group.market.key.exchange,
        after.group.market.key.symbol,
        why(order)
    );
    Some(notice(after, Topic::ExitNotFollowed, at, text))
}

/// The order that has become so, where the one before it for the same was not so already.
fn newly<'a>(before: Option<&Position>, after: &'a Position, is_so: impl Fn(&Order) -> bool) -> Option<&'a Order> {
    let was_so = |order: &Order| before.and_then(|before| before.order(&order.id)).is_some_and(&is_so);
    let goes_on = |order: &Order| {
        let same = |other: &&Order| {
            (other.pyramid, other.leg, other.purpose) == (order.pyramid, order.leg, order.purpose)
                && other.epoch < order.epoch
        };
        after.orders.iter().filter(same).max_by_key(|other| other.epoch).is_some_and(&is_so)
    };
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
