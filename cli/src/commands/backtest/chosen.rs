//! What decides: a strategy by its name, or rules that somebody has written.

use super::refused;
use crate::args::Played;
use crate::failure::Failure;
use domain::alert::Side;
use domain::preset::PlanParts;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use strategies::{BadRules, Built, Definition, Given, RULES_BYTES_MAX, RuleText, Rules, find};

/// What was chosen, not yet told its parameters: of rules, what stands at a path in them.
pub(in crate::commands) enum Chosen {
    Named(&'static Definition),
    Written { option: String, text: RuleText },
}

impl Chosen {
    pub(in crate::commands) fn of(wanted: &Played) -> Result<Self, Failure> {
        match (&wanted.strategy, &wanted.rules) {
            (Some(_), Some(_)) => Err(Failure::input("--strategy must not stand beside --rules")),
            (_, Some(file)) => written(file),
            (name, None) => {
                let name = name.as_deref().unwrap_or_default();
                find(name).map(Self::Named).map_err(|wrong| refused("--strategy", &wrong))
            }
        }
    }

    /// Whether what was given by this option can be used.
    pub(in crate::commands) fn check(&self, given: &[Given<'_>], by: &str) -> Result<(), Failure> {
        match self {
            Self::Named(definition) => definition.read(given).map(drop).map_err(|wrong| refused(by, &wrong)),
            Self::Written { option, text } => rules(option, text, given, by).map(drop),
        }
    }

    /// A strategy of what was given by this option.
    pub(in crate::commands) fn build(&self, given: &[Given<'_>], by: &str) -> Result<Built, Failure> {
        match self {
            Self::Named(definition) => {
                let parameters = definition.read(given).map_err(|wrong| refused(by, &wrong))?;
                definition.build(&parameters).map_err(|wrong| refused(by, &wrong))
            }
            Self::Written { option, text } => rules(option, text, given, by).map(|rules| rules.build()),
        }
    }

    /// The side that is entered.
    pub(super) fn side(&self, given: &[Given<'_>], by: &str) -> Result<Side, Failure> {
        match self {
            Self::Named(_) => Ok(Side::Long),
            Self::Written { option, text } => rules(option, text, given, by).map(|rules| rules.side()),
        }
    }

    /// The ladder that a strategy brings.
    pub(super) fn ladder(&self, given: &[Given<'_>], by: &str) -> Result<Option<PlanParts>, Failure> {
        match self {
            Self::Named(definition) => {
                let brought = definition.read(given).and_then(|parameters| definition.ladder(&parameters));
                brought.map_err(|wrong| refused(by, &wrong))
            }
            Self::Written { .. } => Ok(None),
        }
    }

    /// What rules say, in words.
    pub(super) fn explain(&self, given: &[Given<'_>], by: &str) -> Result<Vec<String>, Failure> {
        match self {
            Self::Named(_) => Err(Failure::input("--explain must stand beside --rules")),
            Self::Written { option, text } => rules(option, text, given, by).map(|rules| rules.sentences()),
        }
    }
}

fn rules(option: &str, text: &RuleText, given: &[Given<'_>], by: &str) -> Result<Rules, Failure> {
    let is_given = |wrong: &BadRules| given.iter().any(|(name, _)| *name == wrong.field);
    text.read(given).map_err(|wrong| refused(if is_given(&wrong) { by } else { option }, &wrong))
}

/// No more of the file is read than rules may have.
fn written(file: &Path) -> Result<Chosen, Failure> {
    let option = format!("--rules {}", file.display());
    let mut bytes = Vec::new();
    let most = u64::try_from(RULES_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let read = File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| refused(&option, &error))?;
    let text = RuleText::parse(&bytes).map_err(|wrong| refused(&option, &wrong))?;
    Ok(Chosen::Written { option, text })
}
