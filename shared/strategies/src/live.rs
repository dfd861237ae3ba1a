//! Strategies as bots know them.

use crate::language::{BadRules, RuleText, Rules};
use crate::parameters::{BadParameter, Given, Parameters};
use crate::registry::{Definition, find};
use crate::signal::{Action, Signal};
use crate::{Built, Candle, Strategy as _};
use domain::alert::Side;
use domain::bot::{BadTerm, Confidence, Deed, RULES, Said, Strategies, Strategy};
use domain::limits::{BOT_REASON_CHARACTERS_MAX, BOT_WARM_UP_MAX};
use domain::market;
use domain::preset::PlanParts;
use indicators::Bar;

/// All strategies that there are, and rules that somebody has written. A candle whose prices none of them takes is heard by none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Registry;

impl Registry {
    /// As bots know the strategy that is named so; [`RULES`] is one.
    pub fn named(self, name: &str) -> Option<&'static str> {
        if name.eq_ignore_ascii_case(RULES) { Some(RULES) } else { find(name).ok().map(|one| one.name) }
    }
}

impl Strategies for Registry {
    fn read(&self, meant: &Strategy) -> Result<Strategy, BadTerm> {
        let known = Known::of(meant)?;
        known.ladder()?;
        if known.build()?.warm_up() > BOT_WARM_UP_MAX {
            let allowed = format!("must look back over at most {BOT_WARM_UP_MAX} candles in all");
            return Err(BadTerm { field: known.whole().to_owned(), allowed });
        }
        Ok(known.written(meant))
    }

    fn side(&self, strategy: &Strategy) -> Result<Side, BadTerm> {
        Ok(match Known::of(strategy)? {
            Known::Named(..) => Side::Long,
            Known::Written(rules) => rules.side(),
        })
    }

    fn explain(&self, strategy: &Strategy) -> Result<Vec<String>, BadTerm> {
        Ok(match Known::of(strategy)? {
            Known::Named(definition, parameters) => definition.sentences(&parameters),
            Known::Written(rules) => rules.sentences(),
        })
    }

    fn ladder(&self, strategy: &Strategy) -> Result<Option<PlanParts>, BadTerm> {
        Known::of(strategy)?.ladder()
    }

    fn warm_up(&self, strategy: &Strategy) -> Result<usize, BadTerm> {
        Ok(Known::of(strategy)?.build()?.warm_up())
    }

    fn replay(&self, strategy: &Strategy, candles: &[market::Candle]) -> Result<Vec<Said>, BadTerm> {
        let mut built = Known::of(strategy)?.build()?;
        Ok(candles
            .iter()
            .map(|candle| told(candle).map_or_else(unheard, |candle| said(&built.update(&candle))))
            .collect())
    }
}

/// One that there is, with what it was told.
enum Known {
    Named(&'static Definition, Parameters),
    Written(Box<Rules>),
}

impl Known {
    fn of(meant: &Strategy) -> Result<Self, BadTerm> {
        let given: Vec<Given<'_>> =
            meant.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match (&meant.rules, meant.name.eq_ignore_ascii_case(RULES)) {
            (Some(text), true) => rules(text, &given).map(|rules| Self::Written(Box::new(rules))),
            (Some(_), false) => Err(wrong("rules", "must not stand beside a strategy that has a name")),
            (None, true) => Err(wrong("rules", "must be given where they are the strategy")),
            (None, false) => {
                let definition =
                    find(&meant.name).map_err(|unknown| wrong("strategy", format!("{unknown} or rules")))?;
                Ok(Self::Named(definition, definition.read(&given).map_err(parameter)?))
            }
        }
    }

    fn build(&self) -> Result<Built, BadTerm> {
        match self {
            Self::Named(definition, parameters) => definition.build(parameters).map_err(parameter),
            Self::Written(rules) => Ok(rules.build()),
        }
    }

    fn ladder(&self) -> Result<Option<PlanParts>, BadTerm> {
        match self {
            Self::Named(definition, parameters) => definition.ladder(parameters).map_err(parameter),
            Self::Written(_) => Ok(None),
        }
    }

    /// The member that says what it is told.
    fn whole(&self) -> &'static str {
        match self {
            Self::Named(..) => "parameters",
            Self::Written(_) => "rules",
        }
    }

    fn written(&self, meant: &Strategy) -> Strategy {
        let Self::Named(definition, parameters) = self else {
            return Strategy { name: RULES.to_owned(), ..meant.clone() };
        };
        let parameters = parameters.iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
        Strategy { name: definition.name.to_owned(), parameters, rules: None }
    }
}

/// What is wrong with what stands in place of something is told of that.
fn rules(text: &str, given: &[Given<'_>]) -> Result<Rules, BadTerm> {
    let of = |bad: BadRules| {
        let is_given = given.iter().any(|(name, _)| *name == bad.field);
        let field = match (is_given, bad.field.as_str()) {
            (true, path) => format!("parameters.{path}"),
            (false, "rules") => bad.field,
            (false, path) => format!("rules.{path}"),
        };
        BadTerm { field, allowed: bad.allowed }
    };
    RuleText::parse(text.as_bytes()).and_then(|text| text.read(given)).map_err(of)
}

fn wrong(field: &str, allowed: impl Into<String>) -> BadTerm {
    BadTerm { field: field.to_owned(), allowed: allowed.into() }
}

fn parameter(wrong: BadParameter) -> BadTerm {
    BadTerm { field: format!("parameters.{}", wrong.name), allowed: wrong.allowed }
}

/// In doubles; none of prices that indicators do not take.
fn told(candle: &market::Candle) -> Option<Candle> {
    let bar = candle.bar;
    let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| number(&price.to_string()));
    let volume = number(&candle.volume.to_string())?;
    Some(Candle { time_ms: bar.opens_at.millis(), bar: Bar::new(open?, high?, low?, close?, volume).ok()? })
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn said(signal: &Signal) -> Said {
    let deed = match signal.action {
        Action::Enter(side) => Some(Deed::Enter(side)),
        Action::Exit => Some(Deed::Exit),
        Action::Hold => None,
    };
    Said { deed, confidence: Confidence::of(signal.confidence()), reason: bounded(signal.reason()) }
}

/// Rules may have many conditions, and each of them its numbers.
fn bounded(reason: String) -> String {
    if reason.chars().count() <= BOT_REASON_CHARACTERS_MAX {
        return reason;
    }
    reason.chars().take(BOT_REASON_CHARACTERS_MAX.saturating_sub(1)).chain(['…']).collect()
}

fn unheard() -> Said {
    let reason = "its prices are beyond what indicators are reckoned of".to_owned();
    Said { deed: None, confidence: Confidence::ZERO, reason }
}
