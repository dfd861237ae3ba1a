//! Passwords by bcrypt, of their letters and not of how a keyboard has put them together.

use crate::failed;
use app::ports::{HashPassword, ProofError};
use domain::identity::{Password, PasswordHash};
use tokio::task::spawn_blocking;
use unicode_normalization::UnicodeNormalization;

/// About a quarter of a second on one processor.
const ROUNDS: u32 = 12;

/// Hashes and compares, on threads of their own.
#[derive(Debug, Clone)]
pub struct Passwords {
    rounds: u32,
    /// Of no password: what is given is compared with it where there is nothing else.
    nobodys: PasswordHash,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::with(ROUNDS)
    }
}

impl Passwords {
    /// With as many doublings of the work.
    fn with(rounds: u32) -> Self {
        let nobodys = PasswordHash::nobodys().as_str().replace("$12$", &format!("${rounds:02}$"));
        Self { rounds, nobodys: PasswordHash::from_stored(nobodys) }
    }
}

impl HashPassword for Passwords {
    async fn hash_password(&self, password: &Password) -> Result<PasswordHash, ProofError> {
        let (password, rounds) = (composed(password), self.rounds);
        if password.is_too_long() {
            return Err(ProofError("a password is longer than what is hashed of it".to_owned()));
        }
        let hash = spawn_blocking(move || bcrypt::hash(password.expose(), rounds)).await;
        Ok(PasswordHash::from_stored(hash.map_err(failed)?.map_err(failed)?))
    }

    async fn is_password(&self, given: &Password, kept: Option<&PasswordHash>) -> Result<bool, ProofError> {
        let hash = kept.unwrap_or(&self.nobodys).clone();
        let (composed, typed) = (composed(given), given.clone());
        // What is too long is compared as well, as far as bcrypt looks: that takes as long.
        let is_same = spawn_blocking(move || {
            let is = |one: &Password| bcrypt::verify(one.expose(), hash.as_str()).map(|is| is && !one.is_too_long());
            // A release before has hashed what was typed.
            Ok(is(&composed)? || composed.expose() != typed.expose() && is(&typed)?)
        });
        let is_same: Result<bool, bcrypt::BcryptError> = is_same.await.map_err(failed)?;
        Ok(is_same.map_err(failed)? && kept.is_some())
    }
}

/// The same letters however they were typed: one machine sends a letter with its accent as one character, another as two (NFC, NFD).
fn composed(typed: &Password) -> Password {
    Password::given(typed.expose().nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn password(text: &str) -> Password {
        Password::given(text.to_owned())
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    #[test]
    fn a_password_is_its_own_hash_alone() {
        run(async {
            let passwords = Passwords::with(4);
            let hash = passwords.hash_password(&password("Tr4ding!")).await.unwrap();
            assert!(hash.as_str().starts_with("$2b$04$"));
            assert_eq!(passwords.is_password(&password("Tr4ding!"), Some(&hash)).await, Ok(true));
            assert_eq!(passwords.is_password(&password("Tr4ding?"), Some(&hash)).await, Ok(false));
            assert_eq!(passwords.is_password(&password("Tr4ding!"), None).await, Ok(false));
            assert!(bcrypt::verify("x", Passwords::default().nobodys.as_str()).is_ok(), "nobody's can be compared");
        });
    }

    /// Firefox on macOS sends a letter and its accent apart, Safari sends them as one (https://github.com/matrix-org/synapse/issues/3306).
    #[test]
    fn a_password_is_the_same_however_its_letters_were_typed() {
        run(async {
            let passwords = Passwords::with(4);
            let (one, two) = ("Gr\u{fc}n3Wolke", "Gru\u{308}n3Wolke");
            for (chosen, typed) in [(one, one), (one, two), (two, one), (two, two)] {
                let hash = passwords.hash_password(&password(chosen)).await.unwrap();
                assert_eq!(
                    passwords.is_password(&password(typed), Some(&hash)).await,
                    Ok(true),
                    "{chosen:?} {typed:?}"
                );
                assert_eq!(passwords.is_password(&password("Grun3Wolke"), Some(&hash)).await, Ok(false));
            }
            let before = PasswordHash::from_stored(bcrypt::hash(two, 4).unwrap());
            assert_eq!(
                passwords.is_password(&password(two), Some(&before)).await,
                Ok(true),
                "as a release before has it"
            );
        });
    }

    #[test]
    fn what_bcrypt_would_not_look_at_is_not_let_in() {
        run(async {
            let (passwords, full) = (Passwords::with(4), "A1".repeat(36));
            let hash = passwords.hash_password(&password(&full)).await.unwrap();
            assert_eq!(passwords.is_password(&password(&full), Some(&hash)).await, Ok(true));
            assert_eq!(passwords.is_password(&password(&format!("{full}x")), Some(&hash)).await, Ok(false));
            assert!(passwords.hash_password(&password(&format!("{full}x"))).await.is_err());
        });
    }

    #[test]
    fn nobody_and_somebody_take_as_long_and_others_go_on_meanwhile() {
        run(async {
            let passwords = Passwords::with(10);
            let hash = passwords.hash_password(&password("Tr4ding!")).await.unwrap();
            let took = async |kept| {
                let begun = Instant::now();
                passwords.is_password(&password("wrong"), kept).await.unwrap();
                begun.elapsed()
            };
            let fastest = async |kept| {
                let mut fastest = Duration::MAX;
                for _ in 0..7 {
                    fastest = fastest.min(took(kept).await);
                }
                fastest
            };
            let (somebody, nobody) = (fastest(Some(&hash)).await, fastest(None).await);
            assert!(somebody < nobody * 2 && nobody < somebody * 2, "{somebody:?} {nobody:?}");
            let given = password("wrong");
            let hashing = passwords.is_password(&given, None);
            let mut hashing = std::pin::pin!(hashing);
            let waker = std::task::Waker::noop();
            let begun = Instant::now();
            let polled = hashing.as_mut().poll(&mut std::task::Context::from_waker(waker));
            assert!(polled.is_pending() && begun.elapsed() < nobody / 2, "the thread is free while it is hashed");
            hashing.await.unwrap();
        });
    }
}
