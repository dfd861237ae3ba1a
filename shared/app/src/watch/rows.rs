//! Orders as a venue shows them under our prefix, and which of them our rows tell of.

use super::{WatchError, is_late};
use crate::ports::VenueOrder;
use crate::run::Run;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::drift::Stray;
use domain::group::Position;
use domain::ids::{ClientOrderId, GroupId, OrderId};
use domain::limits;
use domain::money::{MoneyError, Quantity};
use domain::order::{Direction, Fact, Fill, Order, Status, TradeId};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;

/// An order at the venue, and what has become of it there.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) client_id: ClientOrderId,
    pub(super) venue_id: String,
    pub(super) direction: Direction,
    pub(super) quantity: Quantity,
    pub(super) filled: Quantity,
    /// As far as the list tells of them.
    pub(super) fills: BTreeMap<TradeId, Fill>,
    pub(super) status: Status,
    pub(super) accepted_at: Timestamp,
}

impl Shown {
    pub(super) fn of(order: VenueOrder) -> Self {
        let VenueOrder { client_id, venue_id, direction, quantity, fact, accepted_at, .. } = order;
        let (filled, status, fills) = (fact.cumulative, fact.status.unwrap_or(Status::Open), fact.fills);
        Self { client_id, venue_id, direction, quantity, filled, fills, status, accepted_at }
    }

    /// One that was seen before.
    pub(super) fn again(stray: &Stray, fact: &Fact) -> Self {
        let Stray { client_id, venue_id, direction, quantity, accepted_at, .. } = stray.clone();
        let (filled, status) = (fact.cumulative.max(stray.filled), fact.status.unwrap_or(stray.status));
        Self { client_id, venue_id, direction, quantity, filled, fills: fact.fills.clone(), status, accepted_at }
    }

    /// Whether it rests or has traded: one that is over and has done nothing is nobody's worry.
    pub(super) fn is_telling(&self) -> bool {
        self.rests() || !self.filled.is_zero()
    }

    /// Whether no more is shown than was seen.
    pub(super) fn is_as(&self, stray: &Stray) -> bool {
        self.client_id == stray.client_id && self.filled <= stray.filled
    }

    /// What is told by that of the order with this id; one with another is the stop beside it.
    pub(super) fn fact_of(&self, order: &Order) -> Fact {
        let is_itself = self.client_id == order.client_id;
        let venue_id = is_itself.then(|| self.venue_id.clone());
        let triggered = !is_itself && !self.filled.is_zero();
        // More of them than one commit takes are asked for by the next look.
        let fills = Some(&self.fills).filter(|fills| fills.len() <= limits::FILLS_PER_COMMIT_MAX);
        let fills = fills.cloned().unwrap_or_default();
        Fact { venue_id, cumulative: self.filled, triggered, fills, ..Fact::of(self.status) }
    }

    fn rests(&self) -> bool {
        !self.status.is_final()
    }
}

/// What our rows say of the orders of some groups.
#[derive(Debug, Default)]
pub(super) struct Rows {
    orders: BTreeMap<ClientOrderId, Row>,
    /// Whose they are, of groups that are not settled.
    live: BTreeMap<ClientOrderId, (GroupId, OrderId)>,
    groups: BTreeSet<GroupId>,
    /// Every group was read that was settled then or later.
    since: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    is_final: bool,
    filled: Quantity,
}

impl Rows {
    pub(super) fn of(positions: &[&Position]) -> Result<Self, MoneyError> {
        let mut rows = Self::default();
        positions.iter().try_for_each(|position| rows.learn(position))?;
        Ok(rows)
    }

    fn learn(&mut self, position: &Position) -> Result<(), MoneyError> {
        self.groups.insert(position.group.id.clone());
        for order in &position.orders {
            let row = Row { is_final: order.status.is_final(), filled: order.filled()? };
            self.orders.extend(order.client_ids().map(|id| (id, row)));
            if !position.group.is_settled() {
                let whose = (position.group.id.clone(), order.id.clone());
                self.live.extend(order.client_ids().map(|id| (id, whose.clone())));
            }
        }
        Ok(())
    }

    /// The group that is not settled, and its order, of which this is.
    pub(super) fn whose(&self, order: &Shown) -> Option<&(GroupId, OrderId)> {
        self.live.get(&order.client_id)
    }

    /// Whether a group counts on all that is shown of it. One that has ended for us, by the venue's word or a person's, and rests
    /// there after all, or has traded more, is nobody's: also where it is called absent.
    fn explain(&self, order: &Shown) -> bool {
        let row = self.orders.get(&order.client_id);
        row.is_some_and(|row| !row.is_final || (!order.rests() && order.filled <= row.filled))
    }

    /// Those that no group counts on, as the rows say that are read now; none where there is no time to read them.
    pub(super) async fn unknown<D: Engine>(
        &mut self,
        deps: &D,
        account: &Account,
        mut shown: Vec<Shown>,
        run: &Run,
    ) -> Result<Option<Vec<Shown>>, WatchError> {
        shown.retain(|order| !self.explain(order));
        if shown.is_empty() {
            return Ok(Some(shown));
        }
        self.read_live(deps, account).await?;
        shown.retain(|order| !self.explain(order));
        // What rests is of no group that has ended.
        let is_of_ended = |order: &&Shown| !order.rests() && !self.orders.contains_key(&order.client_id);
        let from = shown.iter().filter(is_of_ended).map(|order| order.accepted_at.minus(ACCEPTED_BEFORE)).min();
        if let Some(from) = from.filter(|from| self.since.is_none_or(|since| *from < since)) {
            if !self.read_ended(deps, account, from, run).await? {
                return Ok(None);
            }
            shown.retain(|order| !self.explain(order));
        }
        Ok(Some(shown))
    }

    /// The orders of every group that is live after the venue was asked.
    async fn read_live<D: Engine>(&mut self, deps: &D, account: &Account) -> Result<(), WatchError> {
        let known = Trading(deps).load_account(&account.id).await?;
        for group in known.iter().flat_map(|known| known.live.values()) {
            if let Some(position) = Trading(deps).load_position(&account.id, group).await? {
                self.learn(&position)?;
            }
        }
        Ok(())
    }

    /// Of every group that was settled then or later; false where the time is over before the last.
    async fn read_ended<D: Engine>(
        &mut self,
        deps: &D,
        account: &Account,
        from: Timestamp,
        run: &Run,
    ) -> Result<bool, WatchError> {
        let listed = Trading(deps).list_groups_since(&account.id, from).await?;
        for group in listed.iter().filter(|group| !self.groups.contains(*group)).cloned().collect::<Vec<_>>() {
            if is_late(deps, run) {
                return Ok(false);
            }
            if let Some(position) = Trading(deps).load_position(&account.id, &group).await? {
                self.learn(&position)?;
            }
        }
        self.since = Some(from);
        Ok(true)
    }
}

/// By how much a venue's clock may be behind ours.
const ACCEPTED_BEFORE: Millis = Millis::seconds(60);
