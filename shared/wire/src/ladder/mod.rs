//! A ladder's plan as JSON: what is asked for, and what is answered, on the command line and by the API alike.
//!
//! 1. Numbers are decimal strings, exact to the last digit; only a quotient ends after 28 significant digits.
//! 2. An error names the field by its dotted path and says what is allowed; a field that is not known is one.
//! 3. No bytes make it panic.

mod answer;
pub(crate) mod entries;
mod over;
mod read;

pub use answer::{AfterFill, Failure, Ladder, Leg, Refusal, Slice};

use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::{self, Node};
use crate::preset::Document;
use domain::ladder::{self, BadField, LadderPlan};
use domain::preset::PresetName;

/// A request that cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLadder {
    #[error("{0}")]
    NotJson(String),
    #[error("{detail}")]
    Field { field: String, detail: String },
}

/// Plans the ladder that a body asks for, and asks whether it can be carried out.
///
/// # Errors
/// [`BadLadder`] with the first field that breaks its rule.
pub fn plan(body: &[u8]) -> Result<Ladder, BadLadder> {
    let asked = Asked::parse(body)?;
    match asked.preset()? {
        None => asked.plan(),
        Some(_) => Err(BadAlert::field("preset", "is known to the API alone: moniqo ladder plan --preset").into()),
    }
}

/// The plan that a body asks for, for whoever reckons with it.
///
/// # Errors
/// [`BadLadder`] with the first field that is not understood.
pub fn asked(body: &[u8]) -> Result<LadderPlan, BadLadder> {
    read::read(&Asked::parse(body)?.0).map_err(BadLadder::from)
}

/// A body that may name a preset, of which the ladder is then.
#[derive(Debug)]
pub struct Asked(Node);

impl Asked {
    /// # Errors
    /// `NotJson`.
    pub fn parse(body: &[u8]) -> Result<Self, BadLadder> {
        let text = std::str::from_utf8(body).map_err(|_| BadLadder::NotJson("the body is not UTF-8".to_owned()))?;
        json::read(text.trim_start_matches('\u{feff}')).map(Self).map_err(BadLadder::NotJson)
    }

    /// # Errors
    /// Where that is no name.
    pub fn preset(&self) -> Result<Option<PresetName>, BadLadder> {
        Ok(Fields::of_body(&self.0)?.parsed("preset")?)
    }

    /// The ladder that the body says itself.
    ///
    /// # Errors
    /// [`BadLadder`] with the first field that breaks its rule.
    pub fn plan(&self) -> Result<Ladder, BadLadder> {
        planned(&read::read(&self.0)?)
    }

    /// That of a preset, on the market that the body says.
    ///
    /// # Errors
    /// As [`Asked::plan`].
    pub fn plan_of(&self, preset: &Document) -> Result<Ladder, BadLadder> {
        planned(&over::read(&self.0, preset.preset()?.plan)?)
    }
}

fn planned(asked: &LadderPlan) -> Result<Ladder, BadLadder> {
    let stop_trails = asked.stop_loss.is_some_and(|stop| stop.trailing);
    Ok(answer::of(&ladder::plan(asked)?, stop_trails))
}

impl From<BadAlert> for BadLadder {
    fn from(BadAlert { fields, detail, .. }: BadAlert) -> Self {
        Self::Field { field: fields.into_iter().next().unwrap_or_default(), detail }
    }
}

impl From<BadField> for BadLadder {
    fn from(wrong: BadField) -> Self {
        Self::Field { detail: wrong.to_string(), field: wrong.field }
    }
}
