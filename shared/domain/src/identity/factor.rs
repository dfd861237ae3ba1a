//! What somebody has beside a password: codes that follow from a secret and the time (RFC 6238), and codes on paper for
//! when that is lost.
//!
//! 1. A code is good once: none of its own half minute or of one before is good after it.
//! 2. A clock may be off by half a minute either way.

use crate::clock::Timestamp;
use crate::ids::Sha;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha1::Sha1;
use std::str::FromStr;

const STEP_SECONDS: i64 = 30;
const STEPS_OFF_MAX: i64 = 1;
const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;
/// As long as what the hash gives, as RFC 4226 asks for.
pub const FACTOR_SECRET_BYTES: usize = 20;
pub const RECOVERY_CODES: usize = 10;
/// Eighty bits each.
pub const RECOVERY_CODE_BYTES: usize = 10;
const RECOVERY_CHARACTERS: usize = 16;

/// What the codes follow from. It never prints itself.
#[derive(Debug, Clone)]
pub struct FactorSecret(SecretSlice<u8>);

/// What somebody gives beside their password.
#[derive(Debug, Clone)]
pub enum GivenCode {
    OfNow(SecretString),
    /// One from paper, by what is kept of it.
    Recovery(Sha),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the {DIGITS} digits that your app shows, or one of your recovery codes")]
pub struct BadCode;

impl FactorSecret {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// As apps take it, typed or in a link.
    pub fn text(&self) -> SecretString {
        data_encoding::BASE32_NOPAD.encode(self.0.expose_secret()).into()
    }

    pub fn of_text(text: &str) -> Option<Self> {
        data_encoding::BASE32_NOPAD.decode(text.as_bytes()).ok().map(Self::new)
    }

    /// The half minute to which a code belongs, of those that may be now; of two the newer. `after` was used before.
    pub fn step_of(&self, code: &SecretString, after: i64, now: Timestamp) -> Option<i64> {
        let this = now.millis().div_euclid(STEP_SECONDS.saturating_mul(1_000));
        let (first, last) = (this.saturating_sub(STEPS_OFF_MAX), this.saturating_add(STEPS_OFF_MAX));
        let is_it = |step: &i64| self.code(*step).as_deref() == Some(code.expose_secret());
        (first..=last).rev().find(is_it).filter(|step| *step > after)
    }

    fn code(&self, step: i64) -> Option<String> {
        let mut mac = Hmac::<Sha1>::new_from_slice(self.0.expose_secret()).ok()?;
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash.last()? & 0x0f);
        let four = hash.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number = (u32::from_be_bytes(four) & 0x7fff_ffff).checked_rem(MODULUS)?;
        Some(format!("{number:0DIGITS$}"))
    }
}

impl FromStr for GivenCode {
    type Err = BadCode;

    /// Blanks and hyphens are for the eye.
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if plain.len() == DIGITS && plain.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self::OfNow(plain.into()));
        }
        let plain = SecretString::from(plain.to_ascii_lowercase());
        let letters = plain.expose_secret();
        let fits = letters.len() == RECOVERY_CHARACTERS && letters.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self::Recovery(kept(letters))) } else { Err(BadCode) }
    }
}

/// A code on paper, as it is shown once, and what is kept of it.
pub fn recovery_code(random: [u8; RECOVERY_CODE_BYTES]) -> (SecretString, Sha) {
    let letters = data_encoding::BASE32_NOPAD.encode(&random).to_ascii_lowercase();
    let kept = kept(&letters);
    let groups: Vec<String> = letters.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
    (groups.join("-").into(), kept)
}

fn kept(letters: &str) -> Sha {
    Sha::of_parts(&["recovery code", letters])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> FactorSecret {
        FactorSecret::new(b"12345678901234567890".to_vec())
    }

    fn digits(text: &str) -> SecretString {
        let Ok(GivenCode::OfNow(code)) = text.parse() else { unreachable!("{text}") };
        code
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().step_of(&digits(code), 0, at(seconds)), Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_code_is_good_for_its_half_minute_and_one_either_way_and_once() {
        let (code, step) = (digits("081804"), 1_111_111_109 / 30);
        for (now, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let told = secret().step_of(&code, 0, at(step * 30 + now));
            assert_eq!(told, good.then_some(step), "{now}");
        }
        assert_eq!(secret().step_of(&code, step - 1, at(step * 30)), Some(step));
        assert_eq!(secret().step_of(&code, step, at(step * 30)), None, "it was used");
        assert_eq!(secret().step_of(&code, step + 1, at(step * 30)), None, "a later one was");
        assert_eq!(secret().step_of(&digits("000000"), 0, at(step * 30)), None);
    }

    #[test]
    fn a_code_is_understood_as_people_type_it() {
        assert_eq!(digits("081 804").expose_secret(), "081804");
        let (shown, kept) = recovery_code([7; RECOVERY_CODE_BYTES]);
        let shown = shown.expose_secret();
        assert_eq!((shown.len(), shown.matches('-').count()), (19, 3), "{shown}");
        for typed in [shown.to_owned(), shown.to_uppercase(), shown.replace('-', " "), shown.replace('-', "")] {
            assert!(matches!(typed.parse(), Ok(GivenCode::Recovery(given)) if given == kept), "{typed}");
        }
        for wrong in ["", "12345", "1234567", "abcdef", "aaaa-bbbb-cccc-ddd", "aaaa-bbbb-cccc-dddä"] {
            assert!(wrong.parse::<GivenCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_travels_as_text_and_never_prints_itself() {
        let text = secret().text();
        assert_eq!(text.expose_secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let again = FactorSecret::of_text(text.expose_secret()).unwrap();
        assert_eq!(again.step_of(&digits("287082"), 0, at(59)), Some(1));
        assert!(!format!("{:?} {again:?}", GivenCode::OfNow(digits("287082"))).contains("287082"));
    }
}
