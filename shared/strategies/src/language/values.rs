//! What is compared, as it stands on each bar: every price and indicator once, however often it is looked at.

use super::indicator::{LINES_MAX, Source, of_bar};
use super::operand::{Line, Of, Operand};
use crate::Candle;
use indicators::Field;

/// The place of an operand among the values.
pub(super) type Slot = usize;

/// The values on this bar and on the one before; none that compares where there is none.
#[derive(Debug, Clone)]
pub(super) struct Values {
    feeds: Vec<Feed>,
    now: Vec<f64>,
    before: Vec<f64>,
}

/// Collects what is to be compared.
#[derive(Debug, Default)]
pub(super) struct Collected<'a> {
    operands: Vec<&'a Operand>,
    feeds: Vec<(&'a Of, Feed)>,
}

/// What is reckoned once a bar, and who looks at it.
#[derive(Debug, Clone)]
struct Feed {
    origin: Origin,
    taps: Vec<Tap>,
}

#[derive(Debug, Clone)]
enum Origin {
    Price(Field),
    Indicator(Box<Source>),
}

#[derive(Debug, Clone)]
struct Tap {
    output: usize,
    times: f64,
    past: Option<Past>,
    slot: Slot,
}

/// The last values, in turn.
#[derive(Debug, Clone)]
struct Past {
    ring: Vec<f64>,
    at: usize,
}

impl<'a> Collected<'a> {
    /// Where the operand stands from now on.
    pub(super) fn slot(&mut self, operand: &'a Operand) -> Slot {
        if let Some(slot) = self.operands.iter().position(|other| *other == operand) {
            return slot;
        }
        let slot = self.operands.len();
        self.operands.push(operand);
        if let Operand::Line(line) = operand {
            self.tap(line, slot);
        }
        slot
    }

    fn tap(&mut self, line: &'a Line, slot: Slot) {
        let (output, past) = (line.of.output(), Past::new(line.ago));
        let tap = Tap { output, times: line.times, past, slot };
        match self.feeds.iter_mut().find(|(of, _)| of.is_reckoned_with(&line.of)) {
            Some((_, feed)) => feed.taps.push(tap),
            None => {
                let origin = match &line.of {
                    Of::Price(field) => Origin::Price(*field),
                    Of::Indicator(indicator, _) => Origin::Indicator(indicator.source.clone()),
                };
                self.feeds.push((&line.of, Feed { origin, taps: vec![tap] }));
            }
        }
    }

    /// The price or indicator that stands there; none where it is a number.
    pub(super) fn line(&self, slot: Slot) -> Option<&'a Line> {
        match self.operands.get(slot)? {
            Operand::Line(line) => Some(line),
            Operand::Number(_) => None,
        }
    }

    pub(super) fn values(self) -> Values {
        let number = |operand: &&Operand| match operand {
            Operand::Number(number) => *number,
            Operand::Line(_) => f64::NAN,
        };
        let now: Vec<f64> = self.operands.iter().map(number).collect();
        Values { feeds: self.feeds.into_iter().map(|(_, feed)| feed).collect(), before: now.clone(), now }
    }
}

impl Of {
    fn output(&self) -> usize {
        match self {
            Self::Price(_) => 0,
            Self::Indicator(_, output) => *output,
        }
    }

    /// Lines of one indicator are reckoned together.
    fn is_reckoned_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Price(field), Self::Price(other)) => field == other,
            (Self::Indicator(indicator, _), Self::Indicator(other, _)) => indicator == other,
            _ => false,
        }
    }
}

impl Values {
    #[inline]
    pub(super) fn update(&mut self, candle: &Candle) {
        std::mem::swap(&mut self.now, &mut self.before);
        for feed in &mut self.feeds {
            let outputs = match &mut feed.origin {
                Origin::Price(field) => [of_bar(&candle.bar, *field); LINES_MAX],
                Origin::Indicator(source) => source.update(candle),
            };
            for tap in &mut feed.taps {
                let value = outputs.get(tap.output).map_or(f64::NAN, |value| value * tap.times);
                let value = tap.past.as_mut().map_or(value, |past| past.swap(value));
                if let Some(slot) = self.now.get_mut(tap.slot) {
                    *slot = value;
                }
            }
        }
    }

    #[inline]
    pub(super) fn now(&self, slot: Slot) -> f64 {
        self.now.get(slot).copied().unwrap_or(f64::NAN)
    }

    #[inline]
    pub(super) fn before(&self, slot: Slot) -> f64 {
        self.before.get(slot).copied().unwrap_or(f64::NAN)
    }
}

impl Past {
    fn new(ago: u32) -> Option<Self> {
        let ring: Vec<f64> = (0..ago).map(|_| f64::NAN).collect();
        (ago > 0).then_some(Self { ring, at: 0 })
    }

    /// Takes the value of now, and gives that of so many bars ago.
    fn swap(&mut self, value: f64) -> f64 {
        let (next, bars) = (self.at.saturating_add(1), self.ring.len());
        let Some(slot) = self.ring.get_mut(self.at) else { return f64::NAN };
        self.at = if next < bars { next } else { 0 };
        std::mem::replace(slot, value)
    }
}
