//! Where a person is written to, and by which they log in.

use crate::ids::Sha;
use crate::limits::EMAIL_BYTES_MAX;
use std::fmt;
use std::str::FromStr;

/// One address, as its owner spells it. Whether it can be reached is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one address such as name@example.com, of at most {EMAIL_BYTES_MAX} plain characters")]
pub struct BadEmail;

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for every spelling in large and small letters. No address can be read out of it.
    pub fn key(&self) -> Sha {
        Sha::of_parts(&["email", &self.0.to_ascii_lowercase()])
    }
}

impl FromStr for Email {
    type Err = BadEmail;

    fn from_str(text: &str) -> Result<Self, BadEmail> {
        let (local, host) = text.rsplit_once('@').ok_or(BadEmail)?;
        let short = text.len() <= EMAIL_BYTES_MAX && (1..=64).contains(&local.len());
        // What would need quotes is refused: it is hardly ever meant, and could end a header.
        let plain = local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
        let label = |part: &str| {
            let plain = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            plain && !part.is_empty() && !part.starts_with('-') && !part.ends_with('-')
        };
        let reachable = host.contains('.') && host.split('.').all(label);
        if short && plain && reachable { Ok(Self(text.to_owned())) } else { Err(BadEmail) }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_plain_line() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<Email>().is_ok(), fits, "{text}");
        for text in ["a@b.co", "Ann.Lee+moniqo@mail.example.com", "o'neil@xn--bcher-kva.example"] {
            check(text, true);
        }
        let long = format!("{}@example.com", "x".repeat(65));
        let longer = format!("a@{}example.com", "x.".repeat(130));
        for text in ["", "a", "a@b", "@b.co", "a@", "a@.co", "a@b..co", "a b@c.de", "a@b.co\r\nBcc: c@d.ef", &long] {
            check(text, false);
        }
        for text in ["a@-b.co", "a@b_c.de", "\"a b\"@c.de", "a@b@c.de", "ä@b.co", &longer] {
            check(text, false);
        }
    }

    #[test]
    fn large_and_small_letters_are_one_address() {
        let key = |text: &str| text.parse::<Email>().unwrap().key();
        assert_eq!(key("Ann@Example.com"), key("ann@example.COM"));
        assert_ne!(key("ann@example.com"), key("an@example.com"));
    }
}
