//! Alerts as other tools word them: 3Commas' signal bot in JSON, OctoBot in lines, anyone in one plain line.
//!
//! 1. A text that is no JSON is taken only where it is exactly one of these forms; whatever else it is stays no alert.
//! 2. What would change the trade and cannot be done as it is meant is an error that names the field.
//! 3. The body is kept in its sender's own words, without its secret.

mod octobot;
mod plain;
mod said;
mod threecommas;

pub(super) use threecommas::{exchange, is_signal, leaves, understand};

use super::fields::Beneath;
use super::{BadAlert, Secret};
use domain::alert::Alert;
use domain::market::Exchange;
use std::fmt;

/// A form that is not JSON.
#[derive(Debug, Clone)]
pub(super) enum Worded {
    Lines(octobot::Lines),
    Line(plain::Line),
}

impl Worded {
    /// The text in its form, and the secret that was cut out of it.
    pub(super) fn read(text: &str) -> Option<(Self, Option<Secret>)> {
        if let Some(line) = plain::Line::read(text) {
            return Some((Self::Line(line), None));
        }
        let mut lines = octobot::Lines::read(text)?;
        let secret = lines.cut();
        Some((Self::Lines(lines), secret))
    }

    pub(super) fn alert(&self, usual: Option<&Exchange>, beneath: Beneath<'_>) -> Result<Alert, BadAlert> {
        match self {
            Self::Lines(lines) => lines.alert(usual, beneath),
            Self::Line(line) => line.alert(usual, beneath),
        }
    }

    /// Whether it says that it leaves, as far as that can be told of what may not be readable.
    pub(super) fn leaves(&self) -> bool {
        match self {
            Self::Lines(lines) => lines.leave(),
            Self::Line(line) => line.leaves(),
        }
    }

    pub(super) fn exchange(&self, usual: Option<&Exchange>) -> Result<Exchange, BadAlert> {
        match self {
            Self::Lines(lines) => lines.exchange(usual),
            Self::Line(line) => line.exchange(usual),
        }
    }
}

impl fmt::Display for Worded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines(lines) => lines.fmt(f),
            Self::Line(line) => line.fmt(f),
        }
    }
}
