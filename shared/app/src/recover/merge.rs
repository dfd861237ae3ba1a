//! What the venue said, brought into one group in steps that each fit into a commit.

use crate::persist::{PersistError, Save, save};
use crate::ports::Queues;
use crate::run::Run;
use domain::group::{Found, Position};
use domain::ids::OrderId;
use domain::limits;
use domain::order::{Fact, Order};
use domain::recovery::Changed;
use store::Engine;

/// A group as the rows have it, and the steps that make of it what the venue knows.
#[derive(Debug)]
pub(super) struct Merge {
    stored: Position,
    steps: Vec<Position>,
}

impl Merge {
    pub(super) fn of(stored: Position) -> Self {
        Self { stored, steps: Vec::new() }
    }

    pub(super) fn current(&self) -> &Position {
        self.steps.last().unwrap_or(&self.stored)
    }

    /// The fills in steps of bounded size; status and totals come with the last.
    pub(super) fn learn(&mut self, order: &OrderId, fact: &Fact) {
        for part in fact.parts(limits::FILLS_PER_COMMIT_MAX) {
            self.step(self.current().observe(order, &part));
        }
    }

    /// Whether the order is one of this group's that its rows have lost.
    pub(super) fn regain(&mut self, deployment: &str, found: &Found) -> bool {
        let first = Found { fact: found.fact.parts(limits::FILLS_PER_COMMIT_MAX).swap_remove(0), ..found.clone() };
        let Some(regained) = self.current().regain(deployment, &first) else { return false };
        let order = regained.orders.iter().find(|order| order.client_id == found.client_id);
        let id = order.map(|order| order.id.clone());
        self.step(regained);
        if let Some(id) = id {
            self.learn(&id, &found.fact);
        }
        true
    }

    /// Every order that stands otherwise than it did.
    pub(super) fn changes(&self) -> impl Iterator<Item = Changed> + '_ {
        self.current().orders.iter().filter_map(|after| {
            let before = self.stored.order(&after.id);
            (before != Some(after)).then(|| changed(before, after))
        })
    }

    fn step(&mut self, next: Position) {
        if next != *self.current() {
            self.steps.push(next);
        }
    }
}

/// Commits every step. Nobody is rung: nothing is done before a person has seen it.
pub(super) async fn keep<D: Engine + Queues>(deps: &D, merges: Vec<Merge>, run: &Run) -> Result<(), PersistError> {
    for Merge { stored, steps } in merges {
        let (mut before, why) = (stored, "recovered: as the venue has it");
        for after in &steps {
            let (beside, bounds, attempt, now) = (Vec::new(), None, &run.attempt, deps.now());
            let step = Save { before: Some(&before), after, why, beside, bounds, bell: false, attempt, now };
            before = save(deps, step).await?;
        }
    }
    Ok(())
}

fn changed(before: Option<&Order>, after: &Order) -> Changed {
    Changed {
        group: after.group.clone(),
        order: after.id.clone(),
        purpose: after.purpose,
        before: before.map(|order| order.status),
        after: after.status,
        // A sum that cannot be kept is shown as the venue has counted it.
        filled: after.filled().unwrap_or(after.cumulative),
    }
}
