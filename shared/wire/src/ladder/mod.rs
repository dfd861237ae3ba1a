//! A ladder's plan as JSON: what is asked for, and what is answered, on the command line and by the API alike.
//!
//! 1. Numbers are decimal strings, exact to the last digit; only a quotient ends after 28 significant digits.
//! 2. An error names the field by its dotted path and says what is allowed; a field that is not known is one.
//! 3. No bytes make it panic.

mod answer;
pub(crate) mod entries;
mod read;
#[cfg(test)]
mod tests;

pub use answer::{AfterFill, Failure, Ladder, Leg, Refusal, Slice};

use crate::alert::BadAlert;
use crate::alert::json;
use domain::ladder::{self, BadField};

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
    let text = std::str::from_utf8(body).map_err(|_| BadLadder::NotJson("the body is not UTF-8".to_owned()))?;
    let node = json::read(text.trim_start_matches('\u{feff}')).map_err(BadLadder::NotJson)?;
    let asked = read::read(&node)?;
    Ok(answer::of(&ladder::plan(&asked)?))
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
