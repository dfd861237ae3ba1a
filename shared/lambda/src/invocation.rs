//! One piece of work (a request, a queued record, a tick of a schedule): what it is given, and the line it leaves.

use crate::boot::SystemClock;
use crate::line::{Line, VenueWork};
use crate::metrics::{Figure, Measured, Metric, namespace};
use app::ports::Clock;
use data_encoding::HEXLOWER;
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::identity::RouteClass;
use domain::ids::{AttemptId, UserId};
use std::fmt::Display;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Handed to every handler; cheap to clone, and all clones write the same line.
#[derive(Debug, Clone)]
pub struct Invocation(Arc<Inner>);

/// How many requests of a class a token may send in its running window, and has sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateLimit {
    pub(crate) class: RouteClass,
    pub(crate) most: u32,
    pub(crate) used: u32,
}

#[derive(Debug)]
struct Inner {
    now: Timestamp,
    deadline: Timestamp,
    attempt: AttemptId,
    address: OnceLock<String>,
    caller: OnceLock<(UserId, Actor)>,
    rate: OnceLock<RateLimit>,
    notes: Mutex<Notes>,
}

/// What the line will say.
#[derive(Debug, Default)]
struct Notes {
    route: Option<String>,
    trace: String,
    entities: Vec<String>,
    outcome: Option<String>,
    waited: Option<Millis>,
    venue: Option<VenueWork>,
    aws_calls: u32,
    measured: Measured,
    silent: bool,
}

impl Invocation {
    /// `request_id` is Lambda's, which repeats when Lambda retries: the random part is what makes an attempt.
    ///
    /// # Errors
    /// Where the machine has no random numbers to give.
    pub fn begin(request_id: &str, now: Timestamp, deadline: Timestamp) -> Result<Self, crate::Error> {
        let (mut attempt, mut trace) = ([0; 8], [0; 16]);
        getrandom::fill(&mut attempt)?;
        getrandom::fill(&mut trace)?;
        let attempt = AttemptId::new(format!("{request_id}-{}", HEXLOWER.encode(&attempt)));
        let notes = Mutex::new(Notes { trace: HEXLOWER.encode(&trace), ..Notes::default() });
        Ok(Self(Arc::new(Inner {
            now,
            deadline,
            attempt,
            address: OnceLock::new(),
            caller: OnceLock::new(),
            rate: OnceLock::new(),
            notes,
        })))
    }

    /// The time this piece of work goes by; read once.
    pub fn now(&self) -> Timestamp {
        self.0.now
    }

    /// What this piece of work stamps on its writes.
    pub fn attempt(&self) -> &AttemptId {
        &self.0.attempt
    }

    /// Of a request: from where it comes, as API Gateway saw it.
    pub fn address(&self) -> Option<&str> {
        self.0.address.get().map(String::as_str)
    }

    /// Of a request that was let in: whose it is.
    pub fn user(&self) -> Option<&UserId> {
        self.0.caller.get().map(|(user, _)| user)
    }

    /// What acts: the caller that was let in, else the person who is about to log in.
    pub fn actor(&self) -> Actor {
        self.0.caller.get().map_or(Actor::Person, |(_, actor)| *actor)
    }

    /// Of a request with a token: how often that may ask.
    pub(crate) fn rate(&self) -> Option<RateLimit> {
        self.0.rate.get().copied()
    }

    /// When Lambda ends it.
    pub fn deadline(&self) -> Timestamp {
        self.0.deadline
    }

    /// What is left at `at` until Lambda ends it; never below zero.
    pub fn remaining(&self, at: Timestamp) -> Millis {
        self.0.deadline.since(at).max(Millis::ZERO)
    }

    /// The trace in hand: the sender's, else a new one.
    pub fn trace(&self) -> String {
        self.notes().trace.clone()
    }

    /// Goes on with a trace that began elsewhere.
    pub fn follow(&self, trace: &str) {
        trace.clone_into(&mut self.notes().trace);
    }

    /// Names an entity that was looked at or changed.
    pub fn touched(&self, entity: impl Display) {
        self.notes().entities.push(entity.to_string());
    }

    /// Names an entity with the version that was written.
    pub fn wrote(&self, entity: impl Display, version: u64) {
        self.touched(format_args!("{entity}@{version}"));
    }

    /// What became of it, in one word; the last word holds.
    pub fn outcome(&self, word: impl Into<String>) {
        self.notes().outcome = Some(word.into());
    }

    /// Adds to the number of calls made to AWS.
    pub fn called_aws(&self, calls: u32) {
        let mut notes = self.notes();
        notes.aws_calls = notes.aws_calls.saturating_add(calls);
    }

    /// Adds to the calls made to a venue, and to how long they took.
    pub fn called_venue(&self, (calls, ms): (u32, Millis)) {
        if calls > 0 {
            let mut notes = self.notes();
            let before = notes.venue.unwrap_or(VenueWork { calls: 0, ms: Millis::ZERO });
            notes.venue = Some(VenueWork { calls: before.calls.saturating_add(calls), ms: before.ms.plus(ms) });
        }
    }

    pub fn measure(&self, metric: Metric, value: i64) {
        self.notes().measured.add(metric, value);
    }

    /// A value for the log alone.
    pub fn tell(&self, figure: Figure, value: i64) {
        self.notes().measured.tell(figure, value);
    }

    /// Leaves no line; what was measured is still written.
    pub fn keep_silent(&self) {
        self.notes().silent = true;
    }

    pub fn is_silent(&self) -> bool {
        self.notes().silent
    }

    /// Of a message: how long it lay in its queue.
    pub(crate) fn has_waited(&self, waited: Millis) {
        self.notes().waited = Some(waited.max(Millis::ZERO));
    }

    /// Of a request: the route as it was declared.
    pub(crate) fn by_route(&self, route: String) {
        self.notes().route = Some(route);
    }

    /// Of a request: the first that is said holds.
    pub(crate) fn comes_from(&self, address: String) {
        self.0.address.get_or_init(|| address);
    }

    /// Of a request: the first that is said holds.
    pub(crate) fn acts_for(&self, user: &UserId, actor: Actor) {
        self.0.caller.get_or_init(|| (user.clone(), actor));
    }

    /// Of a request: the first that is said holds.
    pub(crate) fn may_ask(&self, rate: RateLimit) {
        self.0.rate.get_or_init(|| rate);
    }

    /// Writes the line. `otherwise` is the outcome where nobody named one.
    pub(crate) fn end(&self, otherwise: &str) {
        let text = self.text(otherwise, SystemClock.now());
        // A closed standard output is nothing that a request could mend.
        std::io::stdout().write_all(text.as_bytes()).unwrap_or_default();
    }

    /// What was measured, and the line if it is wanted; each on a line of its own.
    fn text(&self, otherwise: &str, now: Timestamp) -> String {
        let notes = self.notes();
        let metrics = notes.measured.line(namespace(), now);
        let is_wanted = !notes.silent && tracing::enabled!(tracing::Level::INFO);
        let line = is_wanted.then(|| {
            let line = Line {
                at: now,
                route: notes.route.as_deref(),
                attempt: self.attempt().as_str(),
                trace: &notes.trace,
                touched: &notes.entities,
                outcome: notes.outcome.as_deref().unwrap_or(otherwise),
                waited: notes.waited.map(Millis::get),
                venue: notes.venue,
                calls: notes.aws_calls,
                took: now.since(self.0.now),
            };
            line.text()
        });
        metrics.into_iter().chain(line).fold(String::new(), |text, line| text + &line + "\n")
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_attempts_of_one_request_differ() {
        let begin = || Invocation::begin("request", Timestamp::default(), Timestamp::default()).unwrap();
        let (first, second) = (begin(), begin());
        assert_ne!(first.attempt(), second.attempt());
        assert_ne!(first.trace(), second.trace());
        assert!(first.attempt().as_str().starts_with("request-"));
    }

    #[test]
    fn no_time_is_left_after_the_deadline() {
        let at = Timestamp::from_millis;
        let invocation = Invocation::begin("request", at(0), at(3_000)).unwrap();
        assert_eq!(invocation.remaining(at(1_000)), Millis::seconds(2));
        assert_eq!(invocation.remaining(at(9_000)), Millis::ZERO);
    }
}
