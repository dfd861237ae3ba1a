//! What decides: a strategy by its name, or rules that somebody has written.

use crate::asked::{Asked, Refused};
use domain::alert::Side;
use domain::preset::PlanParts;
use strategies::{BadRules, Built, Definition, Given, RuleText, Rules, find};

/// What was chosen, not yet told its parameters: of rules, what stands at a path in them.
#[derive(Debug, Clone)]
pub enum Chosen {
    Named(&'static Definition),
    Written(RuleText),
}

impl Chosen {
    /// # Errors
    /// `strategy` or `rules`.
    pub fn of(asked: &Asked) -> Result<Self, Refused> {
        match (&asked.strategy, &asked.rules) {
            (Some(_), Some(_)) => Err(Refused::rule("strategy", "must not stand beside --rules")),
            (_, Some(text)) => RuleText::parse(text).map(Self::Written).map_err(|wrong| Refused::why("rules", &wrong)),
            (name, None) => {
                let name = name.as_deref().unwrap_or_default();
                find(name).map(Self::Named).map_err(|wrong| Refused::why("strategy", &wrong))
            }
        }
    }

    /// Whether what was given by this option can be used.
    ///
    /// # Errors
    /// That option, or `rules`.
    pub(crate) fn check(&self, given: &[Given<'_>], by: &'static str) -> Result<(), Refused> {
        match self {
            Self::Named(definition) => definition.read(given).map(drop).map_err(|wrong| Refused::why(by, &wrong)),
            Self::Written(text) => rules(text, given, by).map(drop),
        }
    }

    /// Whether each of what was given by this option could be used beside others that do not contradict it.
    ///
    /// # Errors
    /// That option, or `rules`.
    pub(crate) fn check_each(&self, given: &[Given<'_>], by: &'static str) -> Result<(), Refused> {
        match self {
            Self::Named(definition) => definition.check_each(given).map_err(|wrong| Refused::why(by, &wrong)),
            Self::Written(text) => rules(text, given, by).map(drop),
        }
    }

    /// Whether values that could be used by themselves do not contradict each other. Rules are not looked at: to read them takes too long
    /// for all that is tried.
    pub(crate) fn holds(&self, given: &[Given<'_>]) -> bool {
        match self {
            Self::Named(definition) => definition.below.is_empty() || definition.read(given).is_ok(),
            Self::Written(_) => true,
        }
    }

    /// A strategy of what was given by this option.
    ///
    /// # Errors
    /// That option, or `rules`.
    pub fn build(&self, given: &[Given<'_>], by: &'static str) -> Result<Built, Refused> {
        match self {
            Self::Named(definition) => {
                let parameters = definition.read(given).map_err(|wrong| Refused::why(by, &wrong))?;
                definition.build(&parameters).map_err(|wrong| Refused::why(by, &wrong))
            }
            Self::Written(text) => rules(text, given, by).map(|rules| rules.build()),
        }
    }

    /// The side that is entered.
    pub(crate) fn side(&self, given: &[Given<'_>], by: &'static str) -> Result<Side, Refused> {
        match self {
            Self::Named(_) => Ok(Side::Long),
            Self::Written(text) => rules(text, given, by).map(|rules| rules.side()),
        }
    }

    /// The ladder that a strategy brings.
    pub(crate) fn ladder(&self, given: &[Given<'_>], by: &'static str) -> Result<Option<PlanParts>, Refused> {
        match self {
            Self::Named(definition) => {
                let brought = definition.read(given).and_then(|parameters| definition.ladder(&parameters));
                brought.map_err(|wrong| Refused::why(by, &wrong))
            }
            Self::Written(_) => Ok(None),
        }
    }

    /// What rules say, in words.
    ///
    /// # Errors
    /// `explain` where there are none, the option, or `rules`.
    pub fn explain(&self, given: &[Given<'_>], by: &'static str) -> Result<Vec<String>, Refused> {
        match self {
            Self::Named(_) => Err(Refused::rule("explain", "must stand beside --rules")),
            Self::Written(text) => rules(text, given, by).map(|rules| rules.sentences()),
        }
    }
}

fn rules(text: &RuleText, given: &[Given<'_>], by: &'static str) -> Result<Rules, Refused> {
    let is_given = |wrong: &BadRules| given.iter().any(|(name, _)| *name == wrong.field);
    text.read(given).map_err(|wrong| Refused::why(if is_given(&wrong) { by } else { "rules" }, &wrong))
}
