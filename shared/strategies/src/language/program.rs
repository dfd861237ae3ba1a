//! A condition as steps, one after the other: no condition is gone into by a call.

use super::condition::{Comparison, Condition, Operator};
use super::indicator::Reach;
use super::operand::{Of, Operand};
use super::values::{Collected, Slot, Values};
use crate::signal::{Direction, Pair, settled};

/// How far a price is from its level where it is far, as a share of the level.
const PRICE: Reach = Reach::OfLevel(0.05);

/// True or false, or none where that is not defined.
pub(super) type Truth = Option<bool>;

#[derive(Debug, Clone)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// What is not yet put together.
    stack: Vec<Truth>,
    /// Every price and indicator that it looks at, and whether also as it was on the bar before.
    lines: Vec<(Slot, bool)>,
}

#[derive(Debug, Clone)]
enum Step {
    Compare(Compared),
    Not,
    /// Of the last so many.
    All(usize),
    Any(usize),
    Within(Recent),
}

/// Two values that are compared.
#[derive(Debug, Clone)]
struct Compared {
    left: Slot,
    operator: Operator,
    right: Slot,
    /// What it has to be for the whole to be true: false beneath a `not`.
    wanted: bool,
    reach: Reach,
}

/// When a condition was last met.
#[derive(Debug, Clone)]
struct Recent {
    bars: u32,
    since_met: u32,
    since_unknown: u32,
}

/// What a condition has come to on a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Decision {
    pub(super) truth: Truth,
    /// The first comparison that stands against it, by its place, with its numbers.
    pub(super) against: Option<(usize, Pair)>,
}

impl Program {
    pub(super) fn new<'a>(condition: &'a Condition, collected: &mut Collected<'a>) -> Self {
        let mut steps = Vec::new();
        compile(condition, true, collected, &mut steps);
        let lines = lines(&steps, collected);
        Self { stack: Vec::with_capacity(steps.len()), steps, lines }
    }

    pub(super) fn lines(&self) -> &[(Slot, bool)] {
        &self.lines
    }

    #[inline]
    pub(super) fn decide(&mut self, values: &Values, close: f64) -> Decision {
        let (mut against, mut place) = (None, 0_usize);
        self.stack.clear();
        for step in &mut self.steps {
            let truth = match step {
                Step::Compare(compared) => {
                    let truth = compared.truth(values);
                    if against.is_none() && truth != Some(compared.wanted) {
                        against = Some((place, compared.pair(values, close)));
                    }
                    place = place.saturating_add(1);
                    truth
                }
                Step::Not => self.stack.pop().flatten().map(|is_met| !is_met),
                Step::All(count) => gathered(&mut self.stack, *count, false),
                Step::Any(count) => gathered(&mut self.stack, *count, true),
                Step::Within(recent) => recent.next(self.stack.pop().flatten()),
            };
            self.stack.push(truth);
        }
        Decision { truth: self.stack.pop().flatten(), against }
    }

    /// How far the nearest of the comparisons that speak for it is from its level, from 0 to 1.
    pub(super) fn sureness(&self, values: &Values, close: f64) -> f64 {
        let speaks = |compared: &&Compared| compared.truth(values) == Some(compared.wanted);
        let sure = comparisons(&self.steps).filter(speaks).map(|compared| compared.pair(values, close).distance());
        sure.reduce(f64::min).unwrap_or(0.0)
    }
}

fn comparisons(steps: &[Step]) -> impl Iterator<Item = &Compared> {
    steps.iter().filter_map(|step| if let Step::Compare(compared) = step { Some(compared) } else { None })
}

fn lines(steps: &[Step], collected: &Collected<'_>) -> Vec<(Slot, bool)> {
    let mut lines: Vec<(Slot, bool)> = Vec::new();
    for compared in comparisons(steps) {
        let is_crossing = compared.operator.is_crossing();
        let slots = [compared.left, compared.right].into_iter();
        for slot in slots.filter(|slot| collected.line(*slot).is_some()) {
            match lines.iter_mut().find(|(other, _)| *other == slot) {
                Some((_, before)) => *before |= is_crossing,
                None => lines.push((slot, is_crossing)),
            }
        }
    }
    lines
}

fn compile<'a>(condition: &'a Condition, wanted: bool, collected: &mut Collected<'a>, steps: &mut Vec<Step>) {
    match condition {
        Condition::All(of) => {
            of.iter().for_each(|one| compile(one, wanted, collected, steps));
            steps.push(Step::All(of.len()));
        }
        Condition::Any(of) => {
            of.iter().for_each(|one| compile(one, wanted, collected, steps));
            steps.push(Step::Any(of.len()));
        }
        Condition::Not(of) => {
            compile(of, !wanted, collected, steps);
            steps.push(Step::Not);
        }
        Condition::Within { bars, of } => {
            compile(of, wanted, collected, steps);
            steps.push(Step::Within(Recent { bars: *bars, since_met: u32::MAX, since_unknown: u32::MAX }));
        }
        Condition::Compare(Comparison { left, operator, right }) => {
            let reach = reach(left).or_else(|| reach(right)).unwrap_or(PRICE);
            let [left, right] = [left, right].map(|operand| collected.slot(operand));
            steps.push(Step::Compare(Compared { left, operator: *operator, right, wanted, reach }));
        }
    }
}

fn reach(operand: &Operand) -> Option<Reach> {
    match operand {
        Operand::Number(_) => None,
        Operand::Line(line) => Some(match &line.of {
            Of::Price(_) => PRICE,
            Of::Indicator(indicator, _) => indicator.kind.reach,
        }),
    }
}

/// What the last so many come to: the deciding value where one of them has it, none where one is none.
fn gathered(stack: &mut Vec<Truth>, count: usize, deciding: bool) -> Truth {
    let mut truth = Some(!deciding);
    for _ in 0..count {
        match stack.pop().flatten() {
            Some(is_met) if is_met == deciding => truth = Some(deciding),
            Some(_) => (),
            None if truth == Some(deciding) => (),
            None => truth = None,
        }
    }
    truth
}

impl Compared {
    #[inline]
    fn truth(&self, values: &Values) -> Truth {
        let left = values.now(self.left);
        let right = settled(left, values.now(self.right));
        let is_met = match self.operator {
            Operator::Below => left < right,
            Operator::AtMost => left <= right,
            Operator::Above => left > right,
            Operator::AtLeast => left >= right,
            Operator::CrossesAbove => return self.has_crossed(values, Direction::Up),
            Operator::CrossesBelow => return self.has_crossed(values, Direction::Down),
        };
        (!left.is_nan() && !right.is_nan()).then_some(is_met)
    }

    fn has_crossed(&self, values: &Values, direction: Direction) -> Truth {
        let pair = |line, level| Pair { line, level: settled(line, level), reach: 0.0 };
        let now = pair(values.now(self.left), values.now(self.right));
        let before = pair(values.before(self.left), values.before(self.right));
        let is_defined = [now.line, now.level, before.line, before.level].iter().all(|value| !value.is_nan());
        is_defined.then(|| now.has_crossed(&before, direction))
    }

    fn pair(&self, values: &Values, close: f64) -> Pair {
        let (line, level) = (values.now(self.left), values.now(self.right));
        let reach = match self.reach {
            Reach::Points(points) => points,
            Reach::OfLevel(share) => level.abs() * share,
            Reach::OfClose(share) => close * share,
        };
        Pair { line, level, reach }
    }
}

impl Recent {
    /// After one bar more.
    #[inline]
    fn next(&mut self, truth: Truth) -> Truth {
        let since = |is_now: bool, before: u32| if is_now { 0 } else { before.saturating_add(1) };
        self.since_met = since(truth == Some(true), self.since_met);
        self.since_unknown = since(truth.is_none(), self.since_unknown);
        if self.since_met < self.bars {
            Some(true)
        } else if self.since_unknown < self.bars {
            None
        } else {
            Some(false)
        }
    }
}
