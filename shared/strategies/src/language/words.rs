//! Rules in words.

use super::condition::{Comparison, Condition, Operator};
use super::operand::{Line, Of, Operand};
use super::program::Program;
use super::values::Collected;
use crate::parameters::Value;
use crate::signal::{Pair, Shown};
use domain::alert::Side;
use std::fmt::{self, Display};
use std::sync::Arc;

/// What rules are called where a signal tells of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    entry: RuleWords,
    exit: Option<RuleWords>,
}

#[derive(Debug, PartialEq, Eq)]
struct RuleWords {
    whole: String,
    /// As they stand in the rule; what has to be false with a `not` before it.
    comparisons: Vec<String>,
    lines: Vec<String>,
}

/// Which of the two rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Entry,
    Exit,
}

/// A rule that is met, with the numbers that it looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Met {
    pub(super) words: Arc<Words>,
    pub which: Which,
    /// Of every price and indicator, and as it was on the bar before where that counts.
    pub numbers: Vec<(f64, Option<f64>)>,
    /// How far the nearest comparison that speaks for it is from its level, from 0 to 1.
    pub sureness: f64,
}

/// Rules none of which is met, and the first comparison that stands against each.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    pub(super) words: Arc<Words>,
    pub entry: Option<(usize, Pair)>,
    pub exit: Option<(usize, Pair)>,
}

/// A sentence for each rule.
pub(super) fn sentences(side: Side, entry: &Condition, exit: Option<&Condition>) -> Vec<String> {
    let side = match side {
        Side::Long => "long",
        Side::Short => "short",
    };
    let leaves = exit.map_or_else(|| "Never leaves by itself.".to_owned(), |exit| format!("Leaves when {exit}."));
    vec![format!("Enters {side} when {entry}."), leaves]
}

impl Words {
    pub(super) fn new(
        (entry, of_entry): (&Condition, &Program),
        exit: Option<(&Condition, &Program)>,
        collected: &Collected<'_>,
    ) -> Self {
        let rule = |condition: &Condition, program: &Program| {
            let mut comparisons = Vec::new();
            collect(condition, true, &mut comparisons);
            let lines = program.lines().iter().filter_map(|(slot, _)| collected.line(*slot));
            RuleWords { whole: condition.to_string(), comparisons, lines: lines.map(Line::to_string).collect() }
        };
        Self { entry: rule(entry, of_entry), exit: exit.map(|(exit, of_exit)| rule(exit, of_exit)) }
    }

    fn rule(&self, which: Which) -> Option<&RuleWords> {
        match which {
            Which::Entry => Some(&self.entry),
            Which::Exit => self.exit.as_ref(),
        }
    }
}

fn collect(condition: &Condition, wanted: bool, comparisons: &mut Vec<String>) {
    match condition {
        Condition::All(of) | Condition::Any(of) => of.iter().for_each(|one| collect(one, wanted, comparisons)),
        Condition::Not(of) => collect(of, !wanted, comparisons),
        Condition::Within { of, .. } => collect(of, wanted, comparisons),
        Condition::Compare(comparison) if wanted => comparisons.push(comparison.to_string()),
        Condition::Compare(comparison) => comparisons.push(format!("not ({comparison})")),
    }
}

impl Display for Met {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(rule) = self.words.rule(self.which) else { return f.write_str("a rule is met") };
        write!(f, "{}, with ", rule.whole)?;
        separated(f, rule.lines.iter().zip(&self.numbers), ", ", |f, (line, (now, before))| {
            write!(f, "{line} {}", Shown(*now))?;
            before.map_or(Ok(()), |before| write!(f, " and {} before", Shown(before)))
        })
    }
}

impl Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |rule: &RuleWords, against: Option<(usize, Pair)>| match against {
            Some((place, Pair { line, level, .. })) => {
                let comparison = rule.comparisons.get(place).map_or("", String::as_str);
                format!("waits for {comparison} ({} against {})", Shown(line), Shown(level))
            }
            None => "is held back by what was met before".to_owned(),
        };
        write!(f, "no rule is met: the entry {}", told(&self.words.entry, self.entry))?;
        let exit = self.words.exit.as_ref();
        exit.map_or(Ok(()), |exit| write!(f, ", the exit {}", told(exit, self.exit)))
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(of) => separated(f, of, " and ", |f, one| inner(f, one, of.len() > 1)),
            Self::Any(of) => separated(f, of, " or ", |f, one| inner(f, one, of.len() > 1)),
            Self::Not(of) => write!(f, "not ({of})"),
            Self::Within { bars, of } => {
                inner(f, of, true)?;
                write!(f, " on one of the last {bars} bars")
            }
            Self::Compare(comparison) => comparison.fmt(f),
        }
    }
}

/// A condition within another one: what would be taken for a part of that stands in brackets.
fn inner(f: &mut fmt::Formatter<'_>, condition: &Condition, among_others: bool) -> fmt::Result {
    match condition {
        Condition::All(_) | Condition::Any(_) | Condition::Within { .. } if among_others => write!(f, "({condition})"),
        _ => condition.fmt(f),
    }
}

fn separated<T>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
    between: &str,
    mut write: impl FnMut(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write(f, item)?;
    }
    Ok(())
}

impl Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.operator {
            Operator::Below => "is below",
            Operator::AtMost => "is at most",
            Operator::Above => "is above",
            Operator::AtLeast => "is at least",
            Operator::CrossesAbove => "crosses above",
            Operator::CrossesBelow => "crosses below",
        };
        write!(f, "{} {verb} {}", self.left, self.right)
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => Exactly(*number).fmt(f),
            Self::Line(line) => line.fmt(f),
        }
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.times.to_bits() != 1.0_f64.to_bits() {
            write!(f, "{} × ", Exactly(self.times))?;
        }
        self.of.fmt(f)?;
        match self.ago {
            0 => Ok(()),
            1 => f.write_str(" a bar ago"),
            bars => write!(f, " {bars} bars ago"),
        }
    }
}

impl Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (indicator, output) = match self {
            Self::Price(field) => return f.write_str(field.name()),
            Self::Indicator(indicator, output) => (indicator, *output),
        };
        f.write_str(indicator.kind.title)?;
        let is_number = |(_, value): &(_, Value)| !matches!(value, Value::Choice(_));
        let numbers: Vec<String> =
            indicator.parameters.iter().filter(is_number).map(|(_, value)| value.to_string()).collect();
        if !numbers.is_empty() {
            write!(f, "({})", numbers.join(", "))?;
        }
        let line = indicator.kind.lines.get(output).filter(|line| **line != indicator.kind.name);
        line.map_or(Ok(()), |line| write!(f, " {line}"))?;
        let source = indicator.parameters.word("source").filter(|source| *source != "close");
        source.map_or(Ok(()), |source| write!(f, " of {source}"))
    }
}

/// A number as it was written; what is very large or small by its power of ten.
struct Exactly(f64);

impl Display for Exactly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size > 0.0 && !(1e-9..1e15).contains(&size) { write!(f, "{:e}", self.0) } else { write!(f, "{}", self.0) }
    }
}
