//! The parts of a group: its opening, and what was added to it while it was live.
//!
//! 1. A part is a position of its own: its plan, its orders, its coins. What is said of a position holds of a part.
//! 2. Together, parts buy by themselves and everything is sold by the plan that opened the group. Alone, each sells what
//!    it has bought and nothing else, and the group is left when the last of them is over.
//! 3. Part 0 is the opening's, and has bought before anything is added.
//!
//! In its row an addition takes about 250 bytes, and up to 500 more where its alert brings a plan of its own; a partial
//! exit takes about 120. Twenty additions and twenty partial exits are 20 kB at the most.

use super::{Exit, ExitReason, Group, Position};
use crate::account::Asks;
use crate::clock::Timestamp;
use crate::delivery::DeliveryRef;
use crate::ledger::Ledger;
use crate::money::{Amount, MoneyError, Quantity};
use crate::order::{Order, Purpose};
use crate::preset::{SafetyOrders, TradePlan};
use crate::profit::{StopLoss, TakeProfit};
use crate::pyramid::Closing;
use std::collections::{BTreeMap, BTreeSet};

/// One entry that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pyramid {
    /// From 1; part of its orders' ids.
    pub number: u32,
    pub delivery: DeliveryRef,
    pub at: Timestamp,
    /// Its share of the group's exposure; unknown, and so none, where it was added by a release before 0.2.0.
    pub exposure: Amount,
    /// Its alert's own, which may have no safety orders; the group's where there is none.
    pub ladder: Option<SafetyOrders>,
    pub take_profit: Option<TakeProfit>,
    pub stop_loss: Option<StopLoss>,
    /// By no alert: it is none of those that the plan's rule for additions counts.
    pub by_hand: bool,
}

/// What was added to a group, and which of its parts have ended while it is live.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pyramids {
    pub added: Vec<Pyramid>,
    pub left: BTreeMap<u32, Exit>,
}

impl Group {
    /// The alert that asked for this part.
    pub fn delivery_of(&self, pyramid: u32) -> &DeliveryRef {
        self.added(pyramid).map_or(&self.delivery, |added| &added.delivery)
    }

    /// The plan of one part, which nothing is added to.
    fn plan_of(&self, number: u32) -> TradePlan {
        let plan = TradePlan { pyramids: None, ..self.plan.clone() };
        let Some(added) = self.added(number) else { return plan };
        TradePlan {
            ladder: added.ladder.clone().or(plan.ladder),
            take_profit: added.take_profit.clone().unwrap_or(plan.take_profit),
            stop_loss: added.stop_loss.or(plan.stop_loss),
            ..plan
        }
    }

    /// Its user has put other exits in the place of those of `was`: they hold for what was added too, whatever its alert
    /// said, and what looks at the price have left of the old ones counts no more.
    pub fn exits_changed(&mut self, was: &TradePlan, now: Timestamp) {
        let is = self.plan.clone();
        self.tracked = self.tracked.under(was, &is);
        if was.take_profit != is.take_profit {
            self.exits_at = Some(now);
            self.pyramids.added.iter_mut().for_each(|added| added.take_profit = None);
        }
        if was.stop_loss != is.stop_loss {
            self.pyramids.added.iter_mut().for_each(|added| added.stop_loss = None);
        }
    }

    /// Its exposure without that of additions that have ended, as far as the group alone tells: an addition that has ended and is
    /// filled after all counts in [`Position::exposure`], and not here.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn exposure_of_parts(&self) -> Result<Amount, MoneyError> {
        let left = |added: &&Pyramid| self.pyramids.left.get(&added.number);
        let ended = |added: &&Pyramid| left(added).is_some_and(|exit| exit.reason == ExitReason::NotEntered);
        let ended = self.pyramids.added.iter().filter(ended);
        ended.map(|added| added.exposure).try_fold(self.exposure, Amount::minus)
    }

    fn added(&self, number: u32) -> Option<&Pyramid> {
        self.pyramids.added.iter().find(|added| added.number == number)
    }
}

impl Position {
    /// Whether a part of it, by the plan that it has now, is held longer or further down than by the plan before: by a stop or
    /// a time limit that is off or looser, or by signals that close only for more profit.
    pub fn lets_more_be_lost_than(&self, before: &Self) -> bool {
        let numbers = before.numbers();
        numbers.into_iter().any(|number| self.group.plan_of(number).is_looser_than(&before.group.plan_of(number)))
    }

    /// The numbers of the parts that have orders.
    pub fn numbers(&self) -> BTreeSet<u32> {
        self.orders.iter().map(|order| order.pyramid).collect()
    }

    /// Under which number what concerns this position as a whole is ordered: the opening's, and of a part its own.
    pub fn pyramid(&self) -> u32 {
        self.orders.iter().map(|order| order.pyramid).min().unwrap_or_default()
    }

    /// Quote that counts against the account until the group is settled: what was planned, less what was for additions
    /// that have ended without a fill. One that is filled after all counts again.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn exposure(&self) -> Result<Amount, MoneyError> {
        let ended = self.group.pyramids.added.iter().filter(|added| self.was_never_bought(added.number));
        ended.map(|added| added.exposure).try_fold(self.group.exposure, Amount::minus)
    }

    /// What a base order asks of the account's limits, where it counts already; a leg was asked for with its base order. What its
    /// plan allows of groups beside it was asked when it was decided: those that came later do not count.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn asks(&self, order: &Order) -> Result<Option<Asks>, MoneyError> {
        if order.purpose != Purpose::Entry || order.leg > 0 {
            return Ok(None);
        }
        let (group, added) = (&self.group, &self.group.pyramids.added);
        let exposure = match group.added(order.pyramid) {
            Some(added) => added.exposure,
            None => added.iter().map(|added| added.exposure).try_fold(group.exposure, Amount::minus)?,
        };
        let groups = u32::from(order.pyramid == 0);
        Ok(Some(Asks { exposure, leverage: group.plan.leverage, groups, open_groups_max: None }))
    }

    /// Whether this addition has ended without a fill: it counts for nothing.
    pub(super) fn was_never_bought(&self, number: u32) -> bool {
        let left = self.group.pyramids.left.get(&number);
        let has_bought = || self.entries().any(|order| order.pyramid == number && order.has_bought());
        left.is_some_and(|exit| exit.reason == ExitReason::NotEntered) && !has_bought()
    }

    /// Whether its parts are sold each by itself.
    pub fn stands_alone(&self) -> bool {
        let alone = self.group.plan.pyramids.is_some_and(|pyramids| pyramids.close == Closing::Alone);
        alone && self.orders.iter().any(|order| order.pyramid > 0)
    }

    /// One part as a position of its own.
    #[must_use]
    pub fn part(&self, number: u32) -> Self {
        let mut group = self.group.clone();
        group.plan = self.group.plan_of(number);
        group.exit = group.exit.or(self.group.pyramids.left.get(&number).copied());
        group.pyramids = Pyramids::default();
        group.reductions.retain(|reduction| reduction.pyramid == number);
        Self { group, orders: self.orders.iter().filter(|order| order.pyramid == number).cloned().collect() }
    }

    /// All parts, by their numbers. Coins that the venue does not have are missed by the last ones that hold any, so that
    /// together they sell no more than is there.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn parts(&self) -> Result<Vec<Self>, MoneyError> {
        let mut missing = self.missing();
        let mut parts: Vec<Self> = self.numbers().into_iter().map(|number| self.part(number)).collect();
        for part in parts.iter_mut().rev() {
            let taken = missing.min(part.ledger()?.held()?);
            missing = missing.minus(taken)?;
            part.group.drift = part.group.drift.map(|drift| super::Drift { missing: taken, ..drift });
        }
        Ok(parts)
    }

    /// The same position with one of its parts as it is now. A part that has ended by itself is kept as left.
    #[must_use]
    pub fn with_part(&self, part: &Self) -> Self {
        let as_it_is = |order: &Order| part.order(&order.id).unwrap_or(order).clone();
        let new = part.orders.iter().filter(|order| self.order(&order.id).is_none()).cloned();
        let orders = self.orders.iter().map(as_it_is).chain(new).collect();
        let not_entered = part.group.settled.map(|settled| Exit { reason: ExitReason::NotEntered, at: settled.at });
        let mut position = self.clone();
        if let (None, Some(exit)) = (self.group.exit, part.group.exit.or(not_entered)) {
            position.group.pyramids.left.entry(part.pyramid()).or_insert(exit);
        }
        position.with(orders)
    }

    /// What all base orders together add up to: the opening's, and those that were added.
    pub(super) fn base_ledger(&self) -> Result<Ledger, MoneyError> {
        Ledger::of(&self.group.market.key.symbol, self.group.side, self.bases())
    }

    /// Base orders: every entry that is no leg of a ladder.
    pub(super) fn bases(&self) -> impl Iterator<Item = &Order> {
        self.entries().filter(|order| order.leg == 0)
    }

    /// What there is of what is held, floored to the step.
    pub(super) fn held(&self) -> Result<Quantity, MoneyError> {
        self.there(self.group.market.filters.quantity_down(&self.ledger()?.held()?.fraction())?)
    }
}
