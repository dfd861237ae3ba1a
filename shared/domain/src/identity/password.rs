//! Passwords: what may be chosen. They never print themselves, and leave no copy behind in memory.

use crate::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN};
use secrecy::{ExposeSecret, SecretString};

/// Sorted, in lower case: `common-passwords.LICENSE` says where they are from.
const COMMON: &str = include_str!("common-passwords.txt");

/// What somebody has typed in.
#[derive(Debug, Clone)]
pub struct Password(SecretString);

/// Which rule a chosen password breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("must have at least {PASSWORD_CHARACTERS_MIN} characters")]
    Short,
    #[error("must have at most {PASSWORD_BYTES_MAX} bytes: what follows would not be looked at")]
    Long,
    #[error("must have an upper-case letter and a digit")]
    Plain,
    #[error("is among those that are tried first: choose another")]
    Common,
}

impl Password {
    /// To be compared with one that was chosen before, so whatever it is.
    pub fn given(text: String) -> Self {
        Self(text.into())
    }

    /// One that was chosen before keeps its worth where the rules grow: they are asked here alone.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn chosen(text: String) -> Result<Self, WeakPassword> {
        let given = Self::given(text);
        let text = given.expose();
        let has = |is: fn(char) -> bool| text.chars().any(is);
        if text.chars().count() < PASSWORD_CHARACTERS_MIN {
            return Err(WeakPassword::Short);
        }
        if text.len() > PASSWORD_BYTES_MAX {
            return Err(WeakPassword::Long);
        }
        if !has(char::is_uppercase) || !has(|c| c.is_ascii_digit()) {
            return Err(WeakPassword::Plain);
        }
        if is_common(text) { Err(WeakPassword::Common) } else { Ok(given) }
    }

    /// For whoever hashes it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// More than can be hashed: it can be nobody's.
    pub fn is_too_long(&self) -> bool {
        self.expose().len() > PASSWORD_BYTES_MAX
    }
}

fn is_common(text: &str) -> bool {
    let lower = SecretString::from(text.to_lowercase());
    // Compared where it lies: an index of it all would be made anew in each process that nobody asks.
    let (mut low, mut high) = (0, COMMON.len());
    while let Some(line) = line_at(low, high) {
        match line.text.cmp(lower.expose_secret()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = line.end.saturating_add(1),
            std::cmp::Ordering::Greater => high = line.start,
        }
    }
    false
}

struct Line {
    text: &'static str,
    start: usize,
    end: usize,
}

/// The line in the middle of what lies between two beginnings of lines.
fn line_at(low: usize, high: usize) -> Option<Line> {
    let part = COMMON.get(low..high).filter(|part| !part.is_empty())?;
    let (before, _) = part.split_at_checked(part.len() / 2)?;
    let start = low.saturating_add(before.rfind('\n').map_or(0, |at| at.saturating_add(1)));
    let rest = COMMON.get(start..high)?;
    let length = rest.find('\n').unwrap_or(rest.len());
    Some(Line { text: rest.get(..length)?, start, end: start.saturating_add(length) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str) -> Option<WeakPassword> {
        Password::chosen(text.to_owned()).err()
    }

    #[test]
    fn a_password_has_eight_characters_an_upper_case_letter_and_a_digit() {
        for text in ["Tr4ding!", "Übermut7", "correct Horse 8 staple", &format!("A1{}", "x".repeat(70))] {
            assert_eq!(chosen(text), None, "{text}");
        }
        assert_eq!(chosen("Tr4ding"), Some(WeakPassword::Short));
        assert_eq!(chosen(&format!("A1{}", "x".repeat(71))), Some(WeakPassword::Long));
        assert_eq!(chosen(&format!("A1{}", "é".repeat(36))), Some(WeakPassword::Long), "bytes count");
        for text in ["tr4ding!", "Trading!", "TRADING!"] {
            assert_eq!(chosen(text), Some(WeakPassword::Plain), "{text}");
        }
    }

    #[test]
    fn a_common_one_is_refused_however_it_is_spelled() {
        for text in ["Passw0rd", "PASSWORD1", "Qwerty123", "P@SSW0RD", "1Q2w3e4r"] {
            assert_eq!(chosen(text), Some(WeakPassword::Common), "{text}");
        }
    }

    #[test]
    fn every_line_is_found_and_nothing_between_them() {
        let lines: Vec<_> = COMMON.lines().collect();
        assert!(lines.is_sorted() && lines.len() > 5_000);
        for line in lines {
            assert!(is_common(line), "{line}");
            assert!(!is_common(&format!("{line}\u{1}")), "after {line}");
        }
        assert!(!is_common("") && !is_common("~~~~~~~~~"));
    }

    #[test]
    fn a_password_never_prints_itself() {
        assert!(!format!("{:?}", Password::given("Tr4ding!".to_owned())).contains("Tr4ding"));
    }
}
