//! Why a wish was not fulfilled, in words that people may read.

use super::outcome;
use crate::native::{Answer, Call};
use app::ports::{ProbeError, VenueError};
use ccxt_base::ExchangeError;
use domain::vault::KeyFault;

/// Why a wish was not fulfilled.
#[derive(Debug)]
pub(super) enum Failed {
    /// Nothing left this machine.
    Not(ExchangeError),
    /// It may have arrived.
    Lost(String),
    /// The exchange says no, with this HTTP status.
    Refused(u16, ExchangeError),
}

impl Failed {
    /// The same, in words that people may read: the library names the whole address of a request where it knows no better, and
    /// exchanges say again what they were sent.
    pub(super) fn without(self, call: &Call) -> Self {
        let clean = |error: ExchangeError| ExchangeError { message: without(&error.message, call), ..error };
        match self {
            Self::Not(error) => Self::Not(clean(error)),
            Self::Refused(status, error) => Self::Refused(status, clean(error)),
            Self::Lost(why) => Self::Lost(without(&why, call)),
        }
    }

    /// Whether the exchange has failed itself, or has said what cannot be read.
    pub(super) fn is_of_site(&self, answer: &Answer) -> bool {
        match self {
            Self::Not(_) => false,
            Self::Lost(_) => answer.is_success(),
            Self::Refused(_, error) => outcome::is_failure(error),
        }
    }

    fn fault(&self) -> Option<KeyFault> {
        match self {
            Self::Not(error) | Self::Refused(_, error) => outcome::fault(error),
            Self::Lost(_) => None,
        }
    }

    pub(super) fn probed(self) -> ProbeError {
        self.fault().map_or_else(|| ProbeError::Away(self.to_string()), ProbeError::Fault)
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Not(error) | Self::Refused(_, error) => error.fmt(f),
            Self::Lost(why) => f.write_str(why),
        }
    }
}

impl From<Failed> for VenueError {
    fn from(failed: Failed) -> Self {
        Self::Unavailable(failed.to_string())
    }
}

/// A wall before the exchange that asks for less is understood without words.
pub(super) fn refused_unread(status: u16, why: String) -> Failed {
    match status {
        418 | 429 => Failed::Refused(status, ExchangeError::new("RateLimitExceeded", why)),
        _ => Failed::Lost(why),
    }
}

/// Words in which no address has its query, and none of the values stands that the request had in its headers.
pub(super) fn without(text: &str, call: &Call) -> String {
    let mut parts = text.split('?');
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        told.push_str(end.and_then(|end| part.get(end..)).unwrap_or_default());
    }
    call.hides(told)
}
