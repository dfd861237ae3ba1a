//! The text of an alert, as TradingView sends it, and what it says; [`foreign`] are the forms of other tools.
//!
//! [`open`] takes a body as it arrived and cuts its secret out; [`Opened::alert`] understands the rest; [`parse`] is both
//! for a body that was kept.
//!
//! 1. No bytes make it panic, and no number is read as a float: what was written is what is traded.
//! 2. An error names the field by its dotted path and says what is allowed.
//! 3. What [`Opened::body`] holds has no secret in it, and is the same text for the same body.

mod clock;
pub(crate) mod fields;
mod foreign;
pub(crate) mod json;
mod plan;
mod pyramids;
mod secret;
pub mod template;
mod understand;

pub use secret::Secret;

use domain::alert::Alert;
use foreign::Worded;
use json::Node;

/// A body that is no alert we can follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct BadAlert {
    /// Stable: `invalid_json`, `invalid_alert` or `ladder_not_available`.
    pub code: &'static str,
    /// Dotted paths of the fields that are wrong.
    pub fields: Vec<String>,
    pub detail: String,
}

/// A body without its secret.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What is kept, hashed and read again.
    pub body: String,
    /// What was in it as `secret`, or as `TOKEN` among lines.
    pub secret: Option<Secret>,
    read: Result<Form, BadAlert>,
}

#[derive(Debug, Clone)]
enum Form {
    Json(Node),
    Worded(Worded),
}

/// Reads a body as it arrived, whatever its content type said.
pub fn open(body: &[u8]) -> Opened {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}');
    match json::read(text) {
        Ok(mut node) => {
            let secret = secret::cut(&mut node);
            Opened { body: node.to_string(), secret, read: Ok(Form::Json(node)) }
        }
        Err(detail) => open_worded(text, detail),
    }
}

fn open_worded(text: &str, detail: String) -> Opened {
    if let Some((worded, secret)) = Worded::read(text) {
        return Opened { body: worded.to_string(), secret, read: Ok(Form::Worded(worded)) };
    }
    let wrong = BadAlert { code: BadAlert::INVALID_JSON, fields: Vec::new(), detail };
    Opened { body: secret::cover(text), secret: None, read: Err(wrong) }
}

/// What a body that was kept says.
///
/// # Errors
/// As [`Opened::alert`].
pub fn parse(body: &str) -> Result<Alert, BadAlert> {
    open(body.as_bytes()).alert()
}

impl Opened {
    /// What it says, as far as it can be known without looking at anything else.
    ///
    /// # Errors
    /// [`BadAlert`] with the fields that are wrong; those that contradict each other too.
    pub fn alert(&self) -> Result<Alert, BadAlert> {
        match self.read.as_ref().map_err(Clone::clone)? {
            Form::Json(node) if foreign::is_signal(node) => foreign::understand(node),
            Form::Json(node) => understand::understand(node),
            Form::Worded(worded) => worded.alert(),
        }
    }

    /// Covers what let the alert in, should it stand anywhere else in the body.
    #[must_use]
    pub fn without(self, secret: &Secret) -> Self {
        let covered = secret.cover_in(&self.body);
        if covered == self.body { self } else { open(covered.as_bytes()) }
    }
}

impl BadAlert {
    pub const INVALID_JSON: &'static str = "invalid_json";
    pub const INVALID: &'static str = "invalid_alert";

    fn field(path: impl Into<String>, allowed: impl std::fmt::Display) -> Self {
        let path = path.into();
        Self { code: Self::INVALID, detail: format!("{path} {allowed}"), fields: vec![path] }
    }
}

#[cfg(test)]
mod tests;
