//! Attempts, counted before they are tried.

use super::{IdentityError, Run, door};
use crate::conflict::retry_on_conflict;
use crate::ports::{HashPassword, StoreError};
use domain::identity::{Email, Lock, Password, User};
use domain::ids::{Sha, UserId};
use store::Engine;
use store::identity::Identity;

/// What is guessed at, and how hard that is made.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) key: Sha,
    lock: Lock,
}

impl Subject {
    /// Whether there is such an account or not.
    pub(super) fn account(email: &Email) -> Self {
        Self { key: Sha::of_parts(&["guesses", "account", email.key().as_str()]), lock: Lock::ACCOUNT }
    }

    /// The password of whoever is logged in: strangers who guess at the account keep nobody from changing it.
    pub(super) fn person(user: &UserId) -> Self {
        Self { key: Sha::of_parts(&["guesses", "person", user.as_str()]), lock: Lock::ACCOUNT }
    }

    /// Of IPv6 those of one household together. Whose address the gateway did not see shares one count.
    pub(super) fn address(address: Option<&str>) -> Self {
        Self { key: Sha::of_parts(&["guesses", "address", &door::whose(address)]), lock: Lock::ADDRESS }
    }

    /// Refresh tokens from there: a program with an old one does not lock its household out.
    pub(super) fn refresh(address: Option<&str>) -> Self {
        Self { key: Sha::of_parts(&["guesses", "refresh", &door::whose(address)]), lock: Lock::ADDRESS }
    }

    /// Letters that are asked for to one address, whether it is anybody's or not.
    pub(super) fn letters(email: &Email) -> Self {
        Self { key: Sha::of_parts(&["guesses", "letters", email.key().as_str()]), lock: Lock::ACCOUNT }
    }

    /// Codes of one person's second factor.
    pub(super) fn factor(user: &UserId) -> Self {
        Self { key: Sha::of_parts(&["guesses", "factor", user.as_str()]), lock: Lock::ACCOUNT }
    }

    /// Messages that are sent to one person.
    pub(super) fn resets(user: &UserId) -> Self {
        Self { key: Sha::of_parts(&["guesses", "resets", user.as_str()]), lock: Lock::ACCOUNT }
    }
}

/// # Errors
/// `Wait`, `Contended` where many are made at once, or where the store cannot be reached.
pub(super) async fn count<D: Engine>(deps: &D, subject: &Subject, run: Run<'_>) -> Result<(), IdentityError> {
    retry_on_conflict(IdentityError::Contended, || async {
        let seen = Identity(deps).load_guesses(&subject.key).await?;
        let counted = subject.lock.attempt(seen.unwrap_or_default(), run.now).map_err(IdentityError::Wait)?;
        Ok(Identity(deps)
            .count_guess(&subject.key, seen, counted, subject.lock.forgotten_at(counted))
            .await?
            .then_some(()))
    })
    .await
}

/// By the password of whoever is logged in.
///
/// # Errors
/// `WrongCredentials`, `Wait`, `Contended`, or where something cannot be reached.
pub(super) async fn prove<D: Engine, P: HashPassword>(
    deps: &D,
    proofs: &P,
    user: &User,
    password: Option<&Password>,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let person = Subject::person(&user.id);
    count(deps, &person, run).await?;
    let given = password.ok_or(IdentityError::WrongCredentials)?;
    if !proofs.is_password(given, Some(&user.password)).await? {
        return Err(IdentityError::WrongCredentials);
    }
    Ok(Identity(deps).forget_guesses(&person.key).await?)
}

/// What turned out to be no guess is not counted; where another attempt is counted at the same moment it stays.
pub(super) async fn give_back<D: Engine>(deps: &D, subject: &Subject) -> Result<(), StoreError> {
    let Some(seen) = Identity(deps).load_guesses(&subject.key).await? else { return Ok(()) };
    let less = seen.given_back();
    Identity(deps).count_guess(&subject.key, Some(seen), less, subject.lock.forgotten_at(less)).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_household_share_their_attempts() {
        let key = |address: &str| Subject::address(Some(address)).key;
        assert_eq!(key("2001:db8:1:2::7"), key("2001:db8:1:2:ffff::1"));
        assert_ne!(key("2001:db8:1:2::7"), key("2001:db8:1:3::7"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_ne!(key("192.0.2.1"), Subject::refresh(Some("192.0.2.1")).key);
    }
}
