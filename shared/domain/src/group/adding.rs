//! How an entry is added to a live group.

use super::opening::{Entry, OpeningRefused, Planned};
use super::{Group, Position, Pyramid};
use crate::account::{Funds, Need};
use crate::alert::{Alert, Side};
use crate::clock::Timestamp;
use crate::delivery::Delivery;
use crate::ladder::{BadField, Total};
use crate::limits::PYRAMIDS_TRIED_MAX;
use crate::money::{Fraction, MoneyError, Percent, Price};
use crate::order::Order;
use crate::preset::{AskedLadder, AskedLegs, AskedPlan, AskedSize, OrderKind, PlanParts, SafetyOrders};
use crate::pyramid::{Approach, Closing, Pyramiding};
use crate::route::part;

/// Everything that adding to a group depends on, beside the group.
#[derive(Debug, Clone, Copy)]
pub struct Adding<'a> {
    pub deployment: &'a str,
    pub delivery: &'a Delivery,
    pub alert: &'a Alert,
    /// The planning price.
    pub price: Price,
    /// Of what is paid with.
    pub funds: Funds,
    /// As of an opening.
    pub share: Option<&'a Fraction>,
    pub now: Timestamp,
}

/// Why nothing is added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddingRefused {
    #[error("a group of this market and timeframe is live, and its plan adds no pyramid")]
    NotAllowed,
    #[error("{max} of {max} pyramids were added")]
    Max { max: u32 },
    #[error("{PYRAMIDS_TRIED_MAX} pyramids were tried, bought or not")]
    Tried,
    #[error("the base order of pyramid {number} has not been bought yet")]
    Pending { number: u32 },
    #[error("{price} is {} {distance} % from {base}, what the base order before it has cost", told(*direction, *side))]
    Distance { price: Price, base: String, distance: Percent, direction: Approach, side: Side },
    #[error(
        "its pyramids are sold each by itself, and an exit that follows the price or waits is one of the whole group"
    )]
    FollowsApart,
    #[error(transparent)]
    Entry(#[from] OpeningRefused),
}

fn told(direction: Approach, side: Side) -> &'static str {
    match (direction, side) {
        (Approach::Favourable, Side::Long) | (Approach::Adverse, Side::Short) => "not above by",
        (Approach::Adverse, Side::Long) | (Approach::Favourable, Side::Short) => "not below by",
        (Approach::Any, _) => "less than",
    }
}

impl From<MoneyError> for AddingRefused {
    fn from(error: MoneyError) -> Self {
        Self::Entry(error.into())
    }
}

/// The group with one more planned base order, and what that takes of the account.
///
/// # Errors
/// The rule that it breaks, with its numbers.
pub fn add(position: &Position, adding: &Adding<'_>) -> Result<(Position, Need), AddingRefused> {
    let Adding { deployment, delivery, alert, price, funds, share, now } = *adding;
    let (group, own) = (&position.group, &alert.own);
    let by_hand = delivery.by_hand.is_some();
    let number = position.numbers().last().map_or(1, |last| last.saturating_add(1));
    let nth = position.counted_additions().saturating_add(1);
    let rule = match group.plan.pyramids {
        // Who adds by hand goes by no rule for alerts.
        _ if by_hand => None,
        None => return Err(AddingRefused::NotAllowed),
        Some(rule) if nth > rule.max => return Err(AddingRefused::Max { max: rule.max }),
        Some(rule) => Some(rule),
    };
    if number > PYRAMIDS_TRIED_MAX {
        return Err(AddingRefused::Tried);
    }
    keeps_its_distance(position, rule.as_ref(), price)?;
    rule.map_or(Ok(()), |rule| is_stopped_as_it_is_sized(own, &rule)).map_err(OpeningRefused::Asked)?;
    let kind = own.kind.unwrap_or(OrderKind::Market);
    let planned_at = if let OrderKind::Limit(limit) = kind { limit } else { price };
    let asked = asked(group, own, kind);
    let asked = if by_hand { AskedPlan { ladder: None, ..asked } } else { asked };
    let plan = asked.resolve(&group.market, group.side, planned_at, funds.balance).map_err(OpeningRefused::Asked)?;
    if plan.follows_apart() {
        return Err(AddingRefused::FollowsApart);
    }
    let plan = share.map_or(Ok(plan.clone()), |share| part(&plan, share))?;
    let scale = rule.filter(|_| own.size.is_none()).map_or_else(|| Fraction::whole(1), |rule| rule.scale(nth));
    let planned = Planned { plan: &plan, scale: &scale, ground: group.ground(), at: price, funds };
    let entry = Entry::plan(&planned, number, now)?;
    let brings_ladder =
        by_hand || share.is_some() || own.ladder.is_some() || matches!(own.size, Some(AskedSize::Shared { .. }));
    let mut after = position.clone();
    after.group.exposure = group.exposure.plus(entry.exposure)?;
    after.group.pyramids.added.push(Pyramid {
        number,
        delivery: delivery.at.clone(),
        at: now,
        exposure: entry.exposure,
        ladder: brings_ladder.then(|| plan.ladder.clone().unwrap_or_else(SafetyOrders::none)),
        take_profit: own.take_profit.clone(),
        stop_loss: own.stop_loss,
        by_hand,
    });
    let order = Order {
        mode: group.mode,
        market: Some(group.market.key.clone()),
        ..Order::plan(deployment, &group.id, &entry.intent, now)
    };
    let after = after.with(position.orders.iter().cloned().chain([order]).collect());
    let need = entry.need(&after.part(number), 0)?;
    Ok((after, need))
}

/// A risk is what its own stop would lose. Where all is sold together, another stop sells it.
fn is_stopped_as_it_is_sized(own: &PlanParts, pyramids: &Pyramiding) -> Result<(), BadField> {
    let is_risk = matches!(own.size, Some(AskedSize::Shared { total: Total::Risk(_), .. }));
    if is_risk && pyramids.close == Closing::Together {
        return Err(BadField::new("total.risk", "is none for an addition that is sold together with its group"));
    }
    Ok(())
}

/// What the alert says over what the group trades by. A total of its own splits over the group's places.
fn asked(group: &Group, own: &PlanParts, kind: OrderKind) -> AskedPlan {
    let plan = AskedPlan::from(group.plan.clone());
    let size = own.size.clone().unwrap_or(plan.size);
    let shared = matches!(size, AskedSize::Shared { .. });
    let places = |ladder: AskedLadder| if shared { AskedLadder { sizes: AskedLegs::Shared, ..ladder } } else { ladder };
    AskedPlan {
        size,
        kind,
        ladder: own.ladder.clone().or_else(|| plan.ladder.map(places)),
        take_profit: own.take_profit.clone().unwrap_or(plan.take_profit),
        stop_loss: own.stop_loss.or(plan.stop_loss),
        ..AskedPlan::from(group.plan.clone())
    }
}

impl Position {
    /// Additions that count: all but those by hand, and those that have ended without a fill.
    fn counted_additions(&self) -> u32 {
        let by_hand = |number: &u32| self.group.pyramids.added.iter().any(|one| one.number == *number && one.by_hand);
        let counts = |number: &u32| *number > 0 && !by_hand(number) && !self.was_never_bought(*number);
        let numbers = self.numbers().into_iter().filter(counts);
        u32::try_from(numbers.count()).unwrap_or(u32::MAX)
    }
}

/// From what the newest base order has cost that has bought anything; one that may still buy comes first.
fn keeps_its_distance(position: &Position, rule: Option<&Pyramiding>, price: Price) -> Result<(), AddingRefused> {
    for part in position.parts()?.iter().rev() {
        if let Some(base) = part.base_ledger()?.average() {
            let Some(pyramids) = rule else { return Ok(()) };
            let (distance, direction, side) = (pyramids.distance, pyramids.direction, position.group.side);
            let refused = || AddingRefused::Distance {
                price,
                base: base.approximate().round_dp(8).normalize().to_string(),
                distance,
                direction,
                side,
            };
            return if pyramids.admits(side, &base, price) { Ok(()) } else { Err(refused()) };
        }
        if part.group.exit.is_none() {
            return Err(AddingRefused::Pending { number: part.pyramid() });
        }
    }
    Ok(())
}
