//! A transaction as a value: what changes, under which conditions. Adapters apply it whole or not at all.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

mod told;

pub use store::trading::{
    AccountChange, BookChange, Bounds, Change, Cooled, RaisedEntry, Replaces, Seated, Transaction,
};

/// What must still hold when the commit of an entry arrives. An approval is the only way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryBounds(Bounds);

impl EntryBounds {
    pub fn of(approved: &RiskApproved) -> Self {
        Self(Bounds::of(approved.bounds()))
    }

    /// The same for an entry into a seat that an exit could have overtaken, and that must not cool any more.
    #[must_use]
    pub fn of_seat(self, account: &Account, named: &Seat, seat: &Seat, raised_at: Timestamp, now: Timestamp) -> Self {
        Self(self.0.unless_exited(named, raised_at).once_cooled(account, seat, now))
    }

    /// The same for an order by hand of an API key.
    #[must_use]
    pub fn spending(self, spent: Option<store::trading::Spent>) -> Self {
        Self(Bounds { spent, ..self.0 })
    }

    pub(crate) fn get(&self) -> &Bounds {
        &self.0
    }
}

use crate::ports::{Bell, History, Outbox};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::group::{Group, Position};
use domain::limits;
use domain::lineage::Evidence;
use domain::money::{Amount, MoneyError, Quantity};
use domain::order::{Fill, Order, TradeId};
use domain::risk::RiskApproved;
use domain::seat::Seat;

/// The changes that make `after` of `before`, account counters included.
///
/// Reservations, exposure and balances follow from the two positions alone, so that no use case can forget one.
///
/// # Errors
/// `Inexact` where a counter cannot be kept.
pub fn position(
    before: Option<&Position>,
    after: &Position,
    why: &str,
    at: Timestamp,
) -> Result<Vec<Change>, MoneyError> {
    let mut changes = vec![group(before, after)];
    changes.extend(orders(before, after));
    changes.push(history(before, after, why, at));
    changes.extend(told::of(before, after, at).map(|notice| Change::Notice(Box::new(notice))));
    if let Some(change) = account(before, after)? {
        changes.push(Change::Account(Box::new(change)));
    }
    Ok(changes)
}

/// The change of a group of which looks at the price have left something, and nothing else: its row alone, on its
/// version and without a history, since that happens at every look of a market that rises.
pub fn tracked(before: &Position, after: &Position) -> Vec<Change> {
    vec![group(Some(before), after)]
}

/// The version that `after` will have.
pub fn version(before: Option<&Position>) -> u64 {
    before.map_or(1, |before| before.group.version.saturating_add(1))
}

/// The bell for what this commit leaves to be done.
pub fn outbox(before: Option<&Position>, after: &Position, at: Timestamp) -> Outbox {
    let group = &after.group;
    let (account, trace) = (group.account.clone(), group.trace.clone());
    let bell = Bell { account, group: group.id.clone(), version: version(before), again: None, trace };
    Outbox { bell, due_at: at.plus(limits::OUTBOX_DUE), sends: 0 }
}

fn group(before: Option<&Position>, after: &Position) -> Change {
    let group = Group { version: version(before), ..after.group.clone() };
    Change::Group { group: Box::new(group), expected: before.map(|before| before.group.version) }
}

/// Orders that are new or not as they were.
fn changed<'a>(before: Option<&'a Position>, after: &'a Position) -> impl Iterator<Item = &'a Order> {
    after.orders.iter().filter(move |order| before.and_then(|before| before.order(&order.id)) != Some(*order))
}

fn orders<'a>(before: Option<&'a Position>, after: &'a Position) -> impl Iterator<Item = Change> + 'a {
    changed(before, after).flat_map(move |order| {
        let known = before.and_then(|before| before.order(&order.id));
        let whole = Change::Order {
            account: after.group.account.clone(),
            user: after.group.user.clone(),
            order: Box::new(order.clone()),
            trace: known.is_none().then(|| after.group.trace.clone()),
        };
        let new =
            move |(trade, fill): &(&TradeId, &Fill)| known.and_then(|known| known.fills.get(*trade)) != Some(*fill);
        let fills = order.fills.iter().filter(new).map(|(trade, fill)| Change::Fill {
            group: after.group.id.clone(),
            order: order.id.clone(),
            market: after.group.market.key.clone(),
            trade: trade.clone(),
            fill: fill.clone(),
        });
        [whole].into_iter().chain(fills)
    })
}

/// The seat of a group that ended, and that nobody has left with it: a run of the release before did not know of it.
pub fn leaves(position: &Position) -> Change {
    let group = &position.group;
    let seated = Some(left(position));
    let nothing = AccountChange::nothing(group.account.clone(), group.market.key.symbol.quote.clone());
    Change::Account(Box::new(AccountChange { seated, ..nothing }))
}

fn seated(before: Option<&Position>, after: &Position) -> Option<Seated> {
    let (seat, group) = (after.group.seat(), after.group.id.clone());
    match before {
        None => Some(Seated::Takes { seat, group }),
        Some(before) if !before.group.is_settled() && after.group.is_settled() => Some(left(after)),
        Some(_) => None,
    }
}

fn left(position: &Position) -> Seated {
    let group = &position.group;
    let cools_until = group.settled.and_then(|settled| group.plan.rules.cools_until(settled.at));
    Seated::Leaves { seat: group.seat(), group: group.id.clone(), cools_until }
}

fn history(before: Option<&Position>, after: &Position, why: &str, at: Timestamp) -> Change {
    let entry = History {
        group: after.group.id.clone(),
        version: version(before),
        why: why.to_owned(),
        before: before.map(|before| before.group.status.as_str().to_owned()),
        after: after.group.status.as_str().to_owned(),
        at,
        orders: Some(changed(before, after).map(|order| order.id.clone()).collect()),
        evidence: Evidence::default(),
    };
    Change::History { entry, bell: None }
}

fn account(before: Option<&Position>, after: &Position) -> Result<Option<AccountChange>, MoneyError> {
    let (was, is) = (before.map(Counted::of).transpose()?.unwrap_or_default(), Counted::of(after)?);
    let seated = seated(before, after);
    if was == is && seated.is_none() {
        return Ok(None);
    }
    Ok(Some(AccountChange {
        account: after.group.account.clone(),
        asset: after.group.market.key.symbol.quote.clone(),
        reserved: is.reserved.minus(was.reserved)?,
        balance: is.cash_flow.minus(was.cash_flow)?,
        exposure: is.exposure.minus(was.exposure)?,
        open_groups: is.open.saturating_sub(was.open),
        seated,
        // Each loss when it happens: what the position wins back later takes nothing away from the day.
        loss: is.lost().minus(was.lost())?.max(Amount::ZERO),
        realised: is.gained.minus(was.gained)?,
        seen_loss: None,
        seen_balance_at: None,
        bounds: None,
        unruled: false,
    }))
}

/// What one position takes of its account.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    reserved: Amount,
    cash_flow: Amount,
    exposure: Amount,
    open: i64,
    gained: Amount,
}

impl Counted {
    fn lost(&self) -> Amount {
        self.gained.negated().max(Amount::ZERO)
    }

    fn of(position: &Position) -> Result<Self, MoneyError> {
        let held =
            |sum: Amount, order: &Order| if order.status.is_final() { Ok(sum) } else { sum.plus(order.reserved) };
        let reserved = position.orders.iter().try_fold(position.ahead()?, held)?;
        let cash_flow = position.cash_flow()?;
        let settled = position.group.settled;
        Ok(Self {
            reserved,
            cash_flow,
            exposure: if settled.is_some() { Amount::ZERO } else { position.exposure()? },
            open: i64::from(settled.is_none()),
            gained: gained(position)?,
        })
    }
}

/// What a position has gained so far, negative for a loss: by its fills, and once it is settled, of contracts that were gone the
/// margin. A venue that closes a position takes that, and no fill of ours tells of it. What it holds on with is without a stop, and
/// nobody looks at it: it counts as lost.
fn gained(position: &Position) -> Result<Amount, MoneyError> {
    let settled = position.group.settled;
    let left = match settled.and_then(|settled| settled.still_held) {
        Some(held) if position.group.market.kind.is_linear() => position.margin_of(held.quantity)?,
        held => held.map_or(Amount::ZERO, |held| held.cost),
    };
    let gone = settled.map_or(Quantity::ZERO, |settled| settled.missing);
    let realised = settled.map_or_else(|| position.realised_so_far(), |settled| Ok(settled.realised))?;
    realised.minus(position.margin_of(gone)?)?.minus(left)
}
