//! What requests bring. A member that is not known is refused, and what is refused is not repeated: it may be a secret.

use domain::money::Amount;
use lambda::body;
use lambda::edge::Problem;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::str::FromStr;

/// The members of a body.
#[derive(Debug)]
pub(crate) struct Given(Map<String, Value>);

impl Given {
    pub(crate) fn read(bytes: &[u8], known: &[&str]) -> Result<Self, Problem> {
        body::fields(bytes, known).map(Self)
    }

    /// Where nothing need be said.
    pub(crate) fn read_any(bytes: &[u8], known: &[&str]) -> Result<Self, Problem> {
        if bytes.is_empty() { Ok(Self(Map::new())) } else { Self::read(bytes, known) }
    }

    /// Whether it is there, null too.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What people call a thing, by letters, digits and `. _ -` with single blanks.
    pub(crate) fn label(&self, name: &str) -> Result<Option<String>, Problem> {
        self.text(name)?.map(|text| body::label(name, text.to_owned())).transpose()
    }

    /// A value that is written as a text in one way.
    pub(crate) fn value<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, Problem> {
        self.text(name)?.map(|text| parse(name, text)).transpose()
    }

    /// Such values that limit something, each once; none where it is left out or null.
    pub(crate) fn limiting<T: FromStr<Err: Display> + PartialEq>(
        &self,
        name: &str,
        max: usize,
    ) -> Result<Vec<T>, Problem> {
        body::limiting(&self.0, name, max)
    }

    /// An amount, as a text.
    pub(crate) fn above_zero(&self, name: &str) -> Result<Option<Amount>, Problem> {
        let amount = self.value::<Amount>(name)?;
        let allowed = || Problem::field(name, format!("{name} must be a decimal above 0, as a text such as \"250\""));
        if amount.is_none_or(|amount| amount > Amount::ZERO) { Ok(amount) } else { Err(allowed()) }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        body::flag(&self.0, name)
    }

    /// A whole number within these bounds.
    pub(crate) fn whole(&self, name: &str, max: i64) -> Result<Option<i64>, Problem> {
        body::whole(&self.0, name, max)
    }

    /// A text, taken out of the body.
    pub(crate) fn take(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::field(name, format!("{name} must be a text"))),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::field(name, format!("{name} must be a text"))),
        }
    }
}

pub(crate) fn required(name: &str) -> Problem {
    Problem::field(name, format!("{name} is required"))
}

fn parse<T: FromStr<Err: Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|wrong| Problem::field(name, format!("{name} {wrong}")))
}
