//! Rules at work.

use super::condition::{Comparison, Condition};
use super::operand::{Of, Operand};
use super::program::{Decision, Program};
use super::values::{Collected, Values};
use super::words::{Met, Unmet, Which, Words};
use crate::Candle;
use crate::signal::{Action, Signal, Why};
use domain::alert::Side;
use std::sync::Arc;

/// Rules with what they have seen.
#[derive(Debug, Clone)]
pub(crate) struct Ruled {
    side: Side,
    values: Values,
    entry: Program,
    exit: Option<Program>,
    words: Arc<Words>,
    seen: usize,
    warm_up: usize,
}

impl Ruled {
    pub(super) fn new(side: Side, entry: &Condition, exit: Option<&Condition>) -> Self {
        let mut collected = Collected::default();
        let programs = (Program::new(entry, &mut collected), exit.map(|exit| Program::new(exit, &mut collected)));
        let words = Words::new((entry, &programs.0), exit.zip(programs.1.as_ref()), &collected);
        Self {
            side,
            values: collected.values(),
            entry: programs.0,
            exit: programs.1,
            words: Arc::new(words),
            seen: 0,
            warm_up: warm_up(entry).max(exit.map_or(0, warm_up)),
        }
    }

    pub(crate) fn warm_up(&self) -> usize {
        self.warm_up
    }

    pub(crate) fn update(&mut self, candle: &Candle) -> Signal {
        self.seen = self.seen.saturating_add(1);
        self.values.update(candle);
        let close = candle.bar.close();
        let entry = self.entry.decide(&self.values, close);
        let exit = self.exit.as_mut().map(|exit| exit.decide(&self.values, close));
        let needed = self.warm_up.saturating_add(2);
        if self.seen < needed {
            return Signal { action: Action::Hold, why: Why::WarmingUp { seen: self.seen, needed } };
        }
        let is_met = |decision: &Decision| decision.truth == Some(true);
        if exit.as_ref().is_some_and(is_met) {
            return Signal { action: Action::Exit, why: self.met(Which::Exit, close) };
        }
        if is_met(&entry) {
            return Signal { action: Action::Enter(self.side), why: self.met(Which::Entry, close) };
        }
        let is_undefined = entry.truth.is_none() || exit.as_ref().is_some_and(|exit| exit.truth.is_none());
        let unmet =
            || Unmet { words: Arc::clone(&self.words), entry: entry.against, exit: exit.and_then(|exit| exit.against) };
        Signal { action: Action::Hold, why: if is_undefined { Why::Undefined } else { Why::Unmet(unmet()) } }
    }

    fn met(&self, which: Which, close: f64) -> Why {
        let program = match which {
            Which::Entry => Some(&self.entry),
            Which::Exit => self.exit.as_ref(),
        };
        let at = |(slot, before): &(_, bool)| (self.values.now(*slot), before.then(|| self.values.before(*slot)));
        let numbers = program.map(|program| program.lines().iter().map(at).collect()).unwrap_or_default();
        let sureness = program.map_or(0.0, |program| program.sureness(&self.values, close));
        Why::Met(Box::new(Met { words: Arc::clone(&self.words), which, numbers, sureness }))
    }
}

/// The index of the first bar on which all that a condition looks at is defined, and what it remembers.
fn warm_up(condition: &Condition) -> usize {
    match condition {
        Condition::All(of) | Condition::Any(of) => of.iter().map(warm_up).max().unwrap_or(0),
        Condition::Not(of) => warm_up(of),
        Condition::Within { bars, of } => warm_up(of).saturating_add(bars_of(bars.saturating_sub(1))),
        Condition::Compare(Comparison { left, right, .. }) => begins(left).max(begins(right)),
    }
}

fn begins(operand: &Operand) -> usize {
    match operand {
        Operand::Number(_) => 0,
        Operand::Line(line) => {
            let own = match &line.of {
                Of::Price(_) => 0,
                Of::Indicator(indicator, _) => indicator.warm_up(),
            };
            own.saturating_add(bars_of(line.ago))
        }
    }
}

fn bars_of(bars: u32) -> usize {
    usize::try_from(bars).unwrap_or(usize::MAX)
}
