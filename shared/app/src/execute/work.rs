//! One group at work: what is stored, what is known, and one step after another.

use super::admission::{self, Admission, Stands, admit, barred};
use super::send::send;
use super::vacant::vacant;
use super::{End, ExecuteError, Executed, soon};
use crate::ask::{address, find};
use crate::commit::Change;
use crate::conflict::retry_from;
use crate::persist::{PersistError, Save, save_with};
use crate::ports::{Bell, Cancelled, CommitError, Outcome, Pause, Queues, Unprepared, Urgency, Venue};
use crate::run::Run;
use crate::value::valued;
use domain::clock::{Millis, Timestamp};
use domain::group::{Observer, Position, Step, next};
use domain::ids::OrderId;
use domain::limits;
use domain::lineage::{Evidence, Seen};
use domain::order::{Command, Fact, Half, Order, Purpose, Status, Submission};
use futures_util::future::join;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use store::Engine;
use store::trading::Trading;

/// The venue could not be told what comes before a first order of contracts.
const UNPREPARED: &str = "venue_not_prepared";

/// What the venue's answer means for an order; survives a lost race.
#[derive(Debug, Clone)]
enum Learned {
    Fact(Fact),
    Command(Command),
}

pub(super) struct Work<'a, D, V> {
    deps: &'a D,
    venue: &'a V,
    run: &'a Run,
    /// As it was last committed or loaded.
    stored: Position,
    /// With everything learned and decided since.
    current: Position,
    learned: Vec<(OrderId, Learned)>,
    /// Cancels that were tried in this run.
    tried: BTreeSet<OrderId>,
    why: Vec<&'static str>,
    /// What the next commit rests on.
    evidence: Evidence,
    sent: Vec<OrderId>,
    alert_to_order: Option<Millis>,
    unanswered: u32,
}

impl<'a, D: Engine + Queues, V: Venue> Work<'a, D, V> {
    pub(super) fn new(deps: &'a D, venue: &'a V, run: &'a Run, position: Position) -> Self {
        let (learned, tried, why, sent) = (Vec::new(), BTreeSet::new(), Vec::new(), Vec::new());
        let (stored, evidence, alert_to_order, unanswered) = (position.clone(), Evidence::default(), None, 0);
        let current = position;
        Self { deps, venue, run, stored, current, learned, tried, why, evidence, sent, alert_to_order, unanswered }
    }

    pub(super) fn executed(&self, end: End) -> Executed {
        let (sent, trace) = (self.sent.clone(), self.current.group.trace.clone());
        Executed { end, sent, trace, alert_to_order: self.alert_to_order, unanswered: self.unanswered }
    }

    /// One step; `Some` when the group rests.
    pub(super) async fn step(&mut self) -> Result<Option<End>, ExecuteError> {
        let observer = Observer::Executor { attempt: &self.run.attempt, tried: &self.tried };
        match next(&self.current, &self.run.deployment, observer, self.deps.now())? {
            Step::Decide { position, why } => {
                self.current = *position;
                self.why.push(why);
                if self.current.changed_since(&self.stored) > limits::ORDERS_PER_COMMIT_MAX {
                    self.keep(Vec::new()).await?;
                }
                Ok(None)
            }
            Step::Wait | Step::Settled => Ok(self.keep(Vec::new()).await?.then_some(End::Rests)),
            Step::Cancel(_) | Step::Submit(_) if !self.has_time() => self.end_early().await,
            Step::Cancel(order) => self.cancel(&order).await,
            Step::Submit(order) => self.submit(&order).await,
        }
    }

    /// Whether a venue call may begin: it must end well before the run does.
    fn has_time(&self) -> bool {
        let end = self.deps.now().plus(limits::SUBMIT_TIMEOUT).plus(limits::CALL_MARGIN);
        end <= self.run.deadline
    }

    async fn end_early(&mut self) -> Result<Option<End>, ExecuteError> {
        if !self.keep(Vec::new()).await? {
            return Ok(None);
        }
        self.ring_again().await?;
        Ok(Some(End::RungAgain))
    }

    /// Another run goes on where this one stops.
    pub(super) async fn ring_again(&self) -> Result<(), ExecuteError> {
        let group = &self.stored.group;
        let bell = Bell {
            account: group.account.clone(),
            group: group.id.clone(),
            version: group.version,
            again: Some(self.run.attempt.as_str().to_owned()),
            trace: group.trace.clone(),
        };
        Ok(self.deps.ring(&bell, self.deps.now()).await?)
    }

    /// The wish stands in the store: on the group that is closing, or on the order.
    async fn cancel(&mut self, id: &OrderId) -> Result<Option<End>, ExecuteError> {
        if !self.keep(Vec::new()).await? {
            return Ok(None);
        }
        let Some(order) = self.current.order(id).cloned() else { return Ok(None) };
        self.tried.insert(id.clone());
        let _of_what_was_read = self.venue.said();
        let ended = self.end_at_venue(&order).await;
        self.evidence.hear(id, self.venue.said());
        if let Some(fact) = ended {
            self.learn_fact(id, &fact).await?;
        }
        Ok(None)
    }

    /// What the venue says of its end. One of a pair that is gone may have been ended by the other, which works on.
    async fn end_at_venue(&mut self, order: &Order) -> Option<Fact> {
        let group = self.current.group.clone();
        for (id, half) in order.client_ids().zip([Half::Own, Half::Stop]) {
            if !self.has_time() {
                return None;
            }
            match self.venue.cancel(&address(&group, order, &id)).await {
                Cancelled::Done(fact) => return Some(order.ended_by_cancel(half, fact)),
                Cancelled::Gone => {}
                Cancelled::Unknown(_) => {
                    self.run.remarks.unanswered(&group.account, self.deps.now());
                    self.unanswered = self.unanswered.saturating_add(1);
                    return None;
                }
            }
        }
        // It may be filled. What cannot be read now is read by the next pass.
        let found = if self.has_time() { find(self.venue, &group, order, || self.has_time()).await } else { Ok(None) };
        found.ok().flatten()
    }

    /// Commit #1, then the one request, then its outcome, which the next commit keeps.
    async fn submit(&mut self, id: &OrderId) -> Result<Option<End>, ExecuteError> {
        let Some(order) = self.current.order(id).cloned() else { return Ok(None) };
        let (pause, stands) = join(self.paused(&order), self.stands(&order)).await;
        if let Some(pause) = pause {
            self.run.remarks.held(&self.current.group, &order, pause.code);
            return Ok(self.keep(Vec::new()).await?.then_some(End::Held(pause.code)));
        }
        if !self.has_time() {
            return self.end_early().await;
        }
        let stands = stands?;
        let is_first = stands.as_ref().is_some_and(|stands| is_first(&order, stands));
        let conditions = match stands {
            Some(stands) => {
                if !self.keep(Vec::new()).await? {
                    return Ok(None);
                }
                match self.enter(&order, stands).await? {
                    ControlFlow::Continue(conditions) => conditions,
                    ControlFlow::Break(ends) => return Ok(ends),
                }
            }
            None => Vec::new(),
        };
        let sent_at = self.deps.now();
        if order.valid_until.is_some_and(|end| sent_at >= end) {
            // Admission took too long; the next step finds it expired.
            return Ok(None);
        }
        self.command(id, &Command::Submit(Submission { sent_at, by: self.run.attempt.clone() }));
        if self.current.order(id).is_none_or(|order| order.status != Status::Submitting) {
            return Ok(None);
        }
        self.why.push("submitting");
        if !self.keep(conditions).await? {
            return Ok(None);
        }
        if order.purpose == Purpose::Entry {
            let asked_at = self.current.group.delivery_of(order.pyramid).first_at;
            self.alert_to_order = Some(sent_at.since(asked_at));
        }
        let (deps, account) = (self.deps, self.current.group.account.clone());
        let watched = async {
            if is_first {
                soon::watch(deps, &account).await;
            }
        };
        let (sent, ()) = join(self.send(id, &order, sent_at), watched).await;
        sent.map(|()| None)
    }

    /// Goes on with an entry only where nothing stands against it and the venue is ready for it, under the conditions that all of
    /// this still holds at commit #1. What has to be set at the venue first is set for none that may not start; that takes a
    /// while, and all is looked at once more after it.
    async fn enter(
        &mut self,
        order: &Order,
        mut stands: Stands,
    ) -> Result<ControlFlow<Option<End>, Vec<Change>>, ExecuteError> {
        if self.is_to_be_prepared(order) {
            if let Some(no) = barred(self.deps, &self.current, order, stands).await? {
                return Ok(self.admitted(order, no).await?.map_continue(|()| Vec::new()));
            }
            if let ControlFlow::Break(ends) = self.prepare(order).await? {
                return Ok(ControlFlow::Break(ends));
            }
            stands = admission::stands(self.deps, &self.current, order).await?;
        }
        let conditions = if let ControlFlow::Continue(open) = &stands { open.conditions() } else { Vec::new() };
        let admission = admit(self.deps, self.venue, &self.current, order, stands).await?;
        Ok(self.admitted(order, admission).await?.map_continue(|()| conditions))
    }

    async fn admitted(
        &mut self,
        order: &Order,
        admission: Admission,
    ) -> Result<ControlFlow<Option<End>>, ExecuteError> {
        Ok(match admission {
            // Admission may have asked the venue twice.
            Admission::Granted(_) if !self.has_time() => ControlFlow::Break(self.end_early().await?),
            Admission::Granted(seen) => {
                self.saw(&order.id, seen);
                ControlFlow::Continue(())
            }
            Admission::Held(code) => {
                self.run.remarks.held(&self.current.group, order, code);
                ControlFlow::Break(Some(End::Held(code)))
            }
            Admission::Refused(refusal, seen) => {
                self.saw(&order.id, seen);
                self.command(&order.id, &Command::Abandon(refusal));
                self.why.push("entry refused");
                ControlFlow::Break(None)
            }
        })
    }

    /// Goes on with an entry only where the venue is ready for it.
    async fn prepare(&mut self, order: &Order) -> Result<ControlFlow<Option<End>>, ExecuteError> {
        Ok(match self.prepared(order).await {
            Ok(()) if self.has_time() => ControlFlow::Continue(()),
            Ok(()) => ControlFlow::Break(self.end_early().await?),
            Err(Unprepared::Refused(refusal)) => {
                self.command(&order.id, &Command::Abandon(refusal));
                self.why.push("entry refused");
                ControlFlow::Break(None)
            }
            Err(Unprepared::Away(_)) => {
                self.run.remarks.held(&self.current.group, order, UNPREPARED);
                ControlFlow::Break(Some(End::Held(UNPREPARED)))
            }
        })
    }

    /// Whether a venue of contracts must know something before a position is opened or added to.
    fn is_to_be_prepared(&self, order: &Order) -> bool {
        order.leg == 0 && self.current.group.market.kind.is_linear()
    }

    /// Nothing is set where the market is not free. It is told as often as it is asked for: nothing is bought by it.
    async fn prepared(&self, order: &Order) -> Result<(), Unprepared> {
        let group = &self.current.group;
        vacant(self.deps, self.venue, &self.current, order).await?;
        self.venue.prepare(&group.account, &group.market, group.plan.leverage).await
    }

    /// The one request, and what it has come to.
    async fn send(&mut self, id: &OrderId, order: &Order, sent_at: Timestamp) -> Result<(), ExecuteError> {
        self.sent.push(id.clone());
        let _of_what_was_read = self.venue.said();
        let outcome = send(self.venue, &self.current.group, order, sent_at).await;
        self.evidence.hear(id, self.venue.said());
        self.learn(id, outcome).await
    }

    /// The price that an entry was compared with.
    fn saw(&mut self, id: &OrderId, seen: Option<Seen>) {
        self.evidence.prices = seen.map(|seen| (id.clone(), seen)).into_iter().collect();
    }

    /// Of an entry what its account's rows say; whatever else is sent asks for none.
    async fn stands(&self, order: &Order) -> Result<Option<Stands>, ExecuteError> {
        match order.purpose {
            Purpose::Entry => admission::stands(self.deps, &self.current, order).await.map(Some),
            Purpose::TakeProfit(_) | Purpose::Exit | Purpose::Reduce(_) => Ok(None),
        }
    }

    /// What is to wait for the venue waits as a plan: the passes ring again, and an entry ends by its time.
    async fn paused(&self, order: &Order) -> Option<Pause> {
        let group = &self.current.group;
        let urgency = if order.purpose == Purpose::Entry { Urgency::Entry } else { Urgency::Exit };
        self.venue.paused(&group.account, &group.market.key.exchange, urgency).await
    }

    async fn learn(&mut self, id: &OrderId, outcome: Outcome) -> Result<(), ExecuteError> {
        match outcome {
            Outcome::Accepted(fact) => {
                let status = fact.status.unwrap_or(Status::Open).max(Status::Open);
                self.why.push("accepted");
                self.learn_fact(id, &Fact { status: Some(status), ..fact }).await
            }
            Outcome::Rejected(refusal) => {
                self.why.push("rejected by the venue");
                self.learn_fact(id, &Fact { refusal: Some(refusal), ..Fact::of(Status::Rejected) }).await
            }
            Outcome::Unknown(_) => {
                self.unanswered = self.unanswered.saturating_add(1);
                self.why.push("outcome unknown");
                self.learn_command(id, Command::LoseTrack);
                Ok(())
            }
            Outcome::NotSent(_) => {
                self.why.push("not sent");
                self.learn_command(id, Command::NotSent);
                Ok(())
            }
        }
    }

    /// In commits of bounded size; the order's state comes with the last.
    async fn learn_fact(&mut self, id: &OrderId, fact: &Fact) -> Result<(), ExecuteError> {
        let fact = self.valued(fact).await;
        let parts = fact.parts(limits::FILLS_PER_COMMIT_MAX);
        let last = parts.len().saturating_sub(1);
        for (index, part) in parts.into_iter().enumerate() {
            self.current = self.current.observe(id, &part);
            self.learned.push((id.clone(), Learned::Fact(part)));
            if index < last {
                self.keep_at_last().await?;
            }
        }
        Ok(())
    }

    /// What cannot be valued now is valued by the next pass.
    async fn valued(&self, fact: &Fact) -> Fact {
        if !self.has_time() {
            return fact.clone();
        }
        valued(self.venue, &self.current.group, fact.clone()).await
    }

    /// Commits, however often it loses the race, within bounds.
    async fn keep_at_last(&mut self) -> Result<(), ExecuteError> {
        retry_from(self, ExecuteError::Contended, |work| async move {
            Ok(if work.keep(Vec::new()).await? { ControlFlow::Break(()) } else { ControlFlow::Continue(work) })
        })
        .await
    }

    fn learn_command(&mut self, id: &OrderId, command: Command) {
        self.command(id, &command);
        self.learned.push((id.clone(), Learned::Command(command)));
    }

    /// A command that the table refuses by now changes nothing: a fact has overtaken it.
    fn command(&mut self, id: &OrderId, command: &Command) {
        if let Ok(position) = self.current.command(id, command) {
            self.current = position;
        }
    }

    /// Commits what has changed. `false` after a lost race: everything is loaded and merged anew, and the step is
    /// taken again.
    async fn keep(&mut self, beside: Vec<Change>) -> Result<bool, ExecuteError> {
        if self.current == self.stored {
            return Ok(true);
        }
        let (why, commit_at) = (self.why.join(", "), self.deps.now());
        let commit = Save {
            before: Some(&self.stored),
            after: &self.current,
            why: &why,
            beside,
            bounds: None,
            bell: false,
            attempt: &self.run.attempt,
            now: commit_at,
        };
        match save_with(self.deps, commit, &self.evidence).await {
            Ok(position) => {
                self.run.remarks.changed(&self.stored, &position, commit_at);
                self.stored = position.clone();
                self.current = position;
                self.learned.clear();
                self.evidence = Evidence::default();
                self.why.clear();
                Ok(true)
            }
            Err(PersistError::Commit(CommitError::LostRace)) => self.reload().await.map(|()| false),
            Err(error) => Err(error.into()),
        }
    }

    async fn reload(&mut self) -> Result<(), ExecuteError> {
        let group = &self.stored.group;
        let Some(position) = Trading(self.deps).load_position(&group.account, &group.id).await? else {
            return Err(ExecuteError::Contended);
        };
        self.stored = position.clone();
        self.current = position;
        self.why.clear();
        self.evidence.prices.clear();
        for (id, learned) in self.learned.clone() {
            match learned {
                Learned::Fact(fact) => self.current = self.current.observe(&id, &fact),
                Learned::Command(command) => self.command(&id, &command),
            }
        }
        Ok(())
    }
}

/// Whether it opens the only position of its account, which nobody looks at yet.
fn is_first(order: &Order, stands: &Stands) -> bool {
    let opens = order.leg == 0 && order.pyramid == 0;
    opens && matches!(stands, ControlFlow::Continue(open) if open.account.live.len() <= 1)
}
