//! Which calls fail, and how.

use super::call::Call;
use super::refusal::Refusal;
use std::time::Duration;

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is answered in the service's place; the service never hears of it.
    Refuse(Refusal),
    /// The connection ends before anything is handed on.
    LoseRequest,
    /// It is carried out, and the connection ends instead of an answer.
    LoseAnswer,
    /// It reaches the service only after this.
    ArriveLate(Duration),
    /// It is carried out, and answered only after this.
    AnswerLate(Duration),
}

/// Which calls one fault strikes. Every condition has to hold.
#[derive(Debug, Clone)]
pub struct Rule {
    operation: Option<String>,
    naming: Vec<String>,
    spared: u32,
    times: u32,
    per_cent: u32,
    fault: Fault,
}

impl Rule {
    /// Any call.
    pub fn always(fault: Fault) -> Self {
        Self { operation: None, naming: Vec::new(), spared: 0, times: u32::MAX, per_cent: 100, fault }
    }

    /// Calls of this operation: `dynamodb:PutItem`.
    pub fn on(operation: &str, fault: Fault) -> Self {
        Self { operation: Some(operation.to_owned()), ..Self::always(fault) }
    }

    /// Only calls whose body says this: a table's name, a part of a key. Said again, both have to stand there.
    #[must_use]
    pub fn naming(mut self, text: impl Into<String>) -> Self {
        self.naming.push(text.into());
        self
    }

    /// The first so many are spared.
    #[must_use]
    pub fn after(mut self, calls: u32) -> Self {
        self.spared = calls;
        self
    }

    /// No more than so many are struck.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Of a hundred, about so many are struck; which, the seed says.
    #[must_use]
    pub fn per_cent(mut self, share: u32) -> Self {
        self.per_cent = share;
        self
    }

    fn meets(&self, call: &Call) -> bool {
        let operation = self.operation.as_ref().is_none_or(|operation| *operation == call.operation);
        operation && self.naming.iter().all(|text| call.names(text))
    }

    /// Asked only about calls that it meets.
    fn strikes(&mut self, random: &mut fastrand::Rng) -> bool {
        if self.spared > 0 {
            self.spared -= 1;
            return false;
        }
        let strikes = self.times > 0 && random.u32(..100) < self.per_cent;
        self.times -= u32::from(strikes);
        strikes
    }
}

/// The rules that hold, with what is left of each.
#[derive(Debug)]
pub(super) struct Plan {
    rules: Vec<Rule>,
    random: fastrand::Rng,
}

impl Plan {
    pub(super) fn new(seed: u64, rules: impl IntoIterator<Item = Rule>) -> Self {
        Self { rules: rules.into_iter().collect(), random: fastrand::Rng::with_seed(seed) }
    }

    pub(super) fn strike(&mut self, call: &Call) -> Option<Fault> {
        let Self { rules, random } = self;
        rules.iter_mut().filter(|rule| rule.meets(call)).find_map(|rule| rule.strikes(random).then_some(rule.fault))
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self::new(0, [])
    }
}
