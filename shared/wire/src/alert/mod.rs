//! The text of an alert, as TradingView sends it, and what it says; [`foreign`] are the forms of other tools.
//!
//! [`open`] takes a body as it arrived and cuts its secret out; [`Opened::alert`] understands the rest as far as it can
//! without the preset beneath it, [`Opened::over`] all of it; [`parse`] is the first two for a body that was kept.
//!
//! 1. No bytes make it panic, and no number is read as a float: what was written is what is traded.
//! 2. An error names the field by its dotted path and says what is allowed.
//! 3. What [`Opened::body`] holds has no secret in it, and is the same text for the same body.

mod clock;
mod exchange;
mod exit;
pub(crate) mod fields;
mod foreign;
pub(crate) mod json;
pub(crate) mod lenient;
mod of_bot;
pub(crate) mod plan;
pub(crate) mod pyramids;
mod secret;
pub mod template;
mod understand;

use domain::reason::Reason;
pub use of_bot::{entry_of, leaves_ladder_to, of_bot, plan_of_bot};
pub use secret::Secret;

use crate::preset::Document;
use domain::alert::Alert;
use domain::market::{Exchange, MarketKey, Symbol};
use domain::preset::{PresetName, PresetRef};
use fields::{Beneath, Fields};
use foreign::Worded;
use json::Node;
use std::collections::BTreeSet;

/// A body that is no alert we can follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct BadAlert {
    /// Stable: `invalid_json`, `invalid_alert` or `unknown_preset`.
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
    /// Its token's, where it names none itself.
    pub exchange: Option<Exchange>,
    read: Result<Form, BadAlert>,
}

/// A stored preset, for an alert to be read over it.
#[derive(Debug, Clone)]
pub struct Base {
    pub at: PresetRef,
    pub document: Document,
}

const BARE: &str =
    r#"{"tv":{"exchange":"PAPER","symbol":"BTC/USDT"},"execution_intent":{"strategy":"grid","side":"long"}}"#;

#[derive(Debug, Clone)]
enum Form {
    Json(Node),
    Worded(Worded),
}

/// Reads a body as it arrived, whatever its content type said.
pub fn open(body: &[u8]) -> Opened {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}');
    match json::read_alert(text) {
        Ok(mut node) => {
            let secret = secret::cut(&mut node);
            Opened { body: node.to_string(), secret, exchange: None, read: Ok(Form::Json(node)) }
        }
        Err(detail) => open_worded(text, detail),
    }
}

fn open_worded(text: &str, detail: String) -> Opened {
    if let Some((worded, secret)) = Worded::read(text) {
        return Opened { body: worded.to_string(), secret, exchange: None, read: Ok(Form::Worded(worded)) };
    }
    let wrong = BadAlert { code: BadAlert::INVALID_JSON, fields: Vec::new(), detail };
    Opened { body: secret::cover(text), secret: None, exchange: None, read: Err(wrong) }
}

/// What a body that was kept says, with the exchange that was kept beside it.
///
/// # Errors
/// As [`Opened::alert`].
pub fn parse(body: &str, exchange: Option<&Exchange>) -> Result<Alert, BadAlert> {
    open(body.as_bytes()).on(exchange).alert()
}

/// The dotted paths of all members that this entry of our own form is read for, whether they are there or not. The API document
/// is held against them.
///
/// # Errors
/// [`BadAlert`] if it is no entry.
pub fn paths_read(body: &str) -> Result<BTreeSet<String>, BadAlert> {
    let wrong = |detail| BadAlert { code: BadAlert::INVALID_JSON, fields: Vec::new(), detail };
    understand::paths(&json::read_alert(body).map_err(wrong)?)
}

impl Opened {
    /// What it says, as far as it can be known without looking at anything else. Its plan is not to be traded by: it is
    /// whole only over the alert's preset.
    ///
    /// # Errors
    /// [`BadAlert`] with the fields that are wrong; those that contradict each other too.
    pub fn alert(&self) -> Result<Alert, BadAlert> {
        self.read_over(Beneath::Unknown)
    }

    /// Of our own form; none of others.
    pub(crate) fn members(&self) -> &[(String, Node)] {
        if let Ok(Form::Json(Node::Object(members))) = &self.read { members } else { &[] }
    }

    /// Whether it means to leave, as far as that can be told of what may not be readable.
    pub fn says_exit(&self) -> bool {
        match &self.read {
            Ok(Form::Json(node)) if foreign::is_signal(node) => foreign::leaves(node),
            Ok(Form::Json(node)) => exit::is_meant(node),
            Ok(Form::Worded(worded)) => worded.leaves(),
            Err(_) => exit::is_named(&self.body),
        }
    }

    /// Whether it says that a position is over: it means to leave, or its strategy has turned to the other side.
    pub fn says_over(&self) -> bool {
        self.says_exit() || matches!(&self.read, Ok(Form::Json(node)) if exit::turned(node))
    }

    /// What it says, with the plan that it makes of its preset; of the built-in one where its user keeps none of its
    /// name.
    ///
    /// # Errors
    /// As [`Opened::alert`], and `unknown_preset` where it names one that its user does not keep.
    pub fn over(&self, base: Option<&Base>) -> Result<Alert, BadAlert> {
        if let Some(Base { at, document }) = base {
            let alert = self.read_over(Beneath::Members(document.members()))?;
            return Ok(Alert { preset: Some(at.clone()), ..alert });
        }
        let name = self.preset()?;
        if name.is_standard() { self.read_over(Beneath::Nothing) } else { Err(BadAlert::unknown_preset(&name)) }
    }

    /// What an alert that says nothing of its plan would be over this preset: a bare entry.
    ///
    /// # Errors
    /// As [`Opened::over`].
    pub fn bare(base: Option<&Base>) -> Result<Alert, BadAlert> {
        open(BARE.as_bytes()).over(base)
    }

    /// The preset that it names, else the one that is meant where none is named.
    ///
    /// # Errors
    /// [`BadAlert`] where that is no name.
    pub fn preset(&self) -> Result<PresetName, BadAlert> {
        let named = match self.read.as_ref().map_err(Clone::clone)? {
            // No exit asks for a preset, whatever it says of one.
            Form::Json(node) if !foreign::is_signal(node) && !exit::is_meant(node) => {
                understand::named_preset(&Fields::of_body(node)?)?
            }
            Form::Json(_) | Form::Worded(_) => None,
        };
        Ok(named.unwrap_or_else(PresetName::standard))
    }

    fn read_over(&self, beneath: Beneath<'_>) -> Result<Alert, BadAlert> {
        let usual = self.exchange.as_ref();
        let alert = match self.read.as_ref().map_err(Clone::clone)? {
            Form::Json(node) if foreign::is_signal(node) => foreign::understand(node, usual, beneath),
            Form::Json(node) => understand::understand(node, usual, beneath),
            Form::Worded(worded) => worded.alert(usual, beneath),
        }?;
        let named = |symbol: &Symbol| MarketKey::named(alert.exchange.clone(), symbol.clone());
        let MarketKey { exchange, symbol } = named(&alert.symbol);
        let other_symbols = alert.other_symbols.iter().map(|symbol| named(symbol).symbol).collect();
        Ok(Alert { exchange, symbol, other_symbols, ..alert })
    }

    /// On this exchange, unless it names one itself.
    #[must_use]
    pub fn on(self, exchange: Option<&Exchange>) -> Self {
        let names_one = self.read.as_ref().is_ok_and(|form| form.exchange(None).is_ok());
        Self { exchange: exchange.filter(|_| !names_one).cloned(), ..self }
    }

    /// Covers what let the alert in, should it stand anywhere else in the body.
    #[must_use]
    pub fn without(self, secret: &Secret) -> Self {
        let covered = secret.cover_in(&self.body);
        if covered == self.body { self } else { open(covered.as_bytes()) }
    }
}

impl Form {
    fn exchange(&self, usual: Option<&Exchange>) -> Result<Exchange, BadAlert> {
        match self {
            Self::Json(node) if foreign::is_signal(node) => foreign::exchange(&Fields::of_body(node)?, usual),
            Self::Json(node) => understand::exchange(&Fields::of_body(node)?.object("tv")?, usual),
            Self::Worded(worded) => worded.exchange(usual),
        }
    }
}

impl BadAlert {
    pub const INVALID_JSON: &'static str = Reason::InvalidJson.as_str();
    pub const INVALID: &'static str = Reason::InvalidAlert.as_str();
    pub const UNKNOWN_PRESET: &'static str = Reason::UnknownPreset.as_str();

    /// The reason of its alert's verdict.
    pub fn reason(&self) -> Reason {
        match self.code {
            Self::INVALID_JSON => Reason::InvalidJson,
            Self::UNKNOWN_PRESET => Reason::UnknownPreset,
            _ => Reason::InvalidAlert,
        }
    }

    /// A field and what is allowed in it.
    pub fn field(path: impl Into<String>, allowed: impl std::fmt::Display) -> Self {
        let path = path.into();
        Self { code: Self::INVALID, detail: format!("{path} {allowed}"), fields: vec![path] }
    }

    fn unknown_preset(name: &PresetName) -> Self {
        let wrong = Self::field("preset", format!("must be one that you keep, or default: there is no {name}"));
        Self { code: Self::UNKNOWN_PRESET, ..wrong }
    }
}
