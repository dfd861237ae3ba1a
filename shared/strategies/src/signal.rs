//! What a strategy says, and why.

use crate::language::{Met, Unmet};
use domain::alert::Side;
use std::fmt;

/// A signal is never less sure of a crossing than this.
const CROSSED_LEAST: f64 = 0.5;
/// Nor less sure of holding.
const HOLD_LEAST: f64 = 0.3;
/// What a mean of one price again and again may be away from that price, as a share of it.
const LAST_DIGITS: f64 = 1e-12;
/// How much surer of holding it is where all levels are far away.
const HOLD_MORE: f64 = 0.2;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Enter(Side),
    /// Out of what is held, whichever side that is.
    Exit,
    Hold,
}

/// What to do once a bar has closed, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    pub action: Action,
    pub why: Why,
}

/// What a signal rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// Too few bars are known.
    WarmingUp { seen: usize, needed: usize },
    /// A line or a level is not defined on this bar or the one before.
    Undefined,
    /// A line has crossed a level.
    Crossed(Crossing),
    /// Neither the entry's line nor the exit's has crossed its level.
    Between { enter: Rule, exit: Rule, at: [Pair; 2] },
    /// A rule that somebody has written is met.
    Met(Box<Met>),
    /// None of those is.
    Unmet(Unmet),
}

/// A line that has crossed a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    pub rule: Rule,
    /// On the bar before.
    pub before: Pair,
    pub now: Pair,
}

/// Which line has to cross which level, and what that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub line: Line,
    pub level: Line,
    pub direction: Direction,
    /// In words.
    pub meaning: &'static str,
}

/// The way a line goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// The name of a line: `RSI(14)`, or `close`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub name: &'static str,
    pub period: Option<u32>,
}

/// A line and its level on one bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub line: f64,
    pub level: f64,
    /// The distance between the two from which on the signal is sure.
    pub reach: f64,
}

impl Signal {
    /// How sure the signal is, from 0 to 1. Of a crossing, the distance of line and level by what is far for them, and at
    /// least 0.5; of a rule, that of its nearest comparison; of holding, from 0.3 to 0.5, the more the further away the
    /// nearest level is.
    pub fn confidence(&self) -> f64 {
        match &self.why {
            Why::WarmingUp { .. } | Why::Undefined => HOLD_LEAST,
            Why::Crossed(crossing) => crossing.now.distance().max(CROSSED_LEAST),
            Why::Between { at: [enter, exit], .. } => held(enter.distance(), exit.distance()),
            Why::Met(met) => met.sureness.max(CROSSED_LEAST),
            Why::Unmet(Unmet { entry, exit, .. }) => {
                let [entry, exit] = [entry, exit].map(|against| against.map_or(0.0, |(_, pair)| pair.distance()));
                held(entry, exit)
            }
        }
    }

    /// The reason in words, with the numbers used.
    pub fn reason(&self) -> String {
        self.why.to_string()
    }
}

/// How sure it is of holding, by how far the entry and the exit are.
fn held(entry: f64, exit: f64) -> f64 {
    HOLD_LEAST + HOLD_MORE * entry.min(exit)
}

/// The level that a line has, which is the line itself where they are apart by the last digits of a sum alone: nothing crosses those.
#[inline]
pub(crate) fn settled(line: f64, level: f64) -> f64 {
    if (line - level).abs() <= LAST_DIGITS * level.abs() { line } else { level }
}

impl Pair {
    /// Whether the line has come to its level or past it, from strictly on the other side.
    pub(crate) fn has_crossed(&self, before: &Self, direction: Direction) -> bool {
        match direction {
            Direction::Up => before.line < before.level && self.line >= self.level,
            Direction::Down => before.line > before.level && self.line <= self.level,
        }
    }

    /// Between line and level, in parts of what is far; at most 1. Nothing is far where no distance is known to be.
    pub(crate) fn distance(&self) -> f64 {
        let share = (self.line - self.level).abs() / self.reach;
        // What is no number is above nothing.
        if share > 0.0 { share.min(1.0) } else { 0.0 }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.period {
            Some(period) => write!(f, "{}({period})", self.name),
            None => f.write_str(self.name),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match self.direction {
            Direction::Up => "above",
            Direction::Down => "below",
        };
        write!(f, "{} {way} {}", self.line, self.level)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WarmingUp { seen, needed } => write!(f, "warming up: {seen} of {needed} bars"),
            Self::Undefined => f.write_str("a line is not defined on this bar or the one before"),
            Self::Crossed(Crossing { rule, before, now }) => {
                let (meaning, line, level) = (rule.meaning, Shown(now.line), Shown(now.level));
                let (line_before, level_before) = (Shown(before.line), Shown(before.level));
                write!(f, "{rule}: {line} against {level}, and {line_before} against {level_before} before: {meaning}")
            }
            Self::Between { enter, exit, at: [entry, left] } => {
                let [line, level] = [entry.line, entry.level].map(Shown);
                write!(f, "no crossing: {enter} ({line} against {level}) would be an entry, ")?;
                let [line, level] = [left.line, left.level].map(Shown);
                write!(f, "{exit} ({line} against {level}) an exit")
            }
            Self::Met(met) => met.fmt(f),
            Self::Unmet(unmet) => unmet.fmt(f),
        }
    }
}

/// As a person reads it: no more than six decimals, and no zeros behind them.
pub(crate) struct Shown(pub(crate) f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_nan() {
            return f.write_str("undefined");
        }
        let digits = format!("{:.6}", self.0);
        f.write_str(digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSI: Line = Line { name: "RSI", period: Some(14) };

    fn pair(line: f64, level: f64) -> Pair {
        Pair { line, level, reach: 50.0 }
    }

    fn rule(direction: Direction) -> Rule {
        let (level, meaning) = (Line { name: "oversold", period: None }, "oversold is over");
        Rule { line: RSI, level, direction, meaning }
    }

    /// As an indicator is where prices are flat.
    #[test]
    fn what_is_undefined_is_shown_in_words() {
        assert_eq!([f64::NAN, 0.5, 3.0].map(|number| Shown(number).to_string()), ["undefined", "0.5", "3"]);
    }

    #[test]
    fn a_crossing_comes_from_strictly_beyond_and_may_stop_at_its_level() {
        let check = |before: f64, now: f64, expected: [bool; 2]| {
            let (before, now) = (pair(before, 30.0), pair(now, 30.0));
            let crossed = [Direction::Up, Direction::Down].map(|direction| now.has_crossed(&before, direction));
            assert_eq!(crossed, expected, "{before:?} {now:?}");
        };
        check(29.9, 30.0, [true, false]);
        check(30.0, 30.1, [false, false]);
        check(30.1, 30.0, [false, true]);
        check(29.9, 29.95, [false, false]);
        check(29.0, 31.0, [true, false]);
        check(f64::NAN, 31.0, [false, false]);
        check(29.0, f64::NAN, [false, false]);
    }

    #[test]
    fn a_crossing_is_surer_the_further_it_went() {
        let confidence = |line, reach| {
            let now = Pair { line, level: 30.0, reach };
            let crossing = Crossing { rule: rule(Direction::Up), before: pair(29.0, 30.0), now };
            Signal { action: Action::Enter(Side::Long), why: Why::Crossed(crossing) }.confidence()
        };
        assert_eq!([confidence(31.0, 50.0), confidence(70.0, 50.0), confidence(90.0, 50.0)], [0.5, 0.8, 1.0]);
        assert_eq!([confidence(30.0, 0.0), confidence(31.0, 0.0), confidence(31.0, f64::NAN)], [0.5, 1.0, 0.5]);
    }

    #[test]
    fn holding_is_surer_the_further_away_the_nearest_level_is() {
        let confidence = |line| {
            let [enter, exit] = [Direction::Up, Direction::Down].map(rule);
            let why = Why::Between { enter, exit, at: [pair(line, 30.0), pair(line, 70.0)] };
            Signal { action: Action::Hold, why }.confidence()
        };
        for (line, expected) in [(50.0, 0.38), (30.0, 0.3), (69.0, 0.304), (0.0, 0.42)] {
            assert!((confidence(line) - expected).abs() < 1e-12, "{line}: {}", confidence(line));
        }
    }

    #[test]
    fn reasons_are_sentences_with_their_numbers() {
        let (before, now) = (pair(28.412_345_678, 30.0), pair(31.02, 30.0));
        let crossed = Why::Crossed(Crossing { rule: rule(Direction::Up), before, now });
        let expected = "RSI(14) above oversold: 31.02 against 30, and 28.412346 against 30 before: oversold is over";
        assert_eq!(crossed.to_string(), expected);
        let [enter, exit] = [Direction::Up, Direction::Down].map(rule);
        let between = Why::Between { enter, exit, at: [now, before] };
        let expected = "no crossing: RSI(14) above oversold (31.02 against 30) would be an entry, \
                        RSI(14) below oversold (28.412346 against 30) an exit";
        assert_eq!(between.to_string(), expected);
        assert_eq!(Why::WarmingUp { seen: 3, needed: 15 }.to_string(), "warming up: 3 of 15 bars");
    }
}
