//! What people change of themselves: their name, their preferences, and by which address and name they are found.
//!
//! Another address is where resets are sent to: it needs the password, and the second factor where one is on; what was sent
//! to the one before is worth nothing, and a letter goes there.

use super::attempt;
use super::{IdentityError, Run, factor, letters};
use crate::actor::audit;
use crate::ports::{HashPassword, SealFactor, SendLetter, Session};
use domain::clock::Timestamp;
use domain::identity::{Email, GivenCode, Password, PersonName, Preferences, Profile, User, Username};
use store::Engine;
use store::identity::Identity;

/// What is wished; what is not named stays.
#[derive(Debug, Default)]
pub struct Wished {
    pub email: Option<Email>,
    /// Of whoever wants another address.
    pub password: Option<Password>,
    /// Of their second factor, where one is on.
    pub code: Option<GivenCode>,
    pub username: Option<Username>,
    /// Of these two, none within takes it away.
    pub name: Option<Option<PersonName>>,
    pub preferences: Option<Preferences>,
}

/// # Errors
/// `WrongCredentials`, `FactorNeeded`, `WrongFactor`, `DuplicateEmail`, `DuplicateUsername`, `VersionConflict`, `Wait`,
/// `Contended`, or where something cannot be reached.
pub async fn change_profile<D: Engine, P: HashPassword, K: SealFactor, M: SendLetter>(
    deps: &D,
    (proofs, key, post): (&P, &K, &M),
    session: &Session,
    wished: Wished,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<User, IdentityError> {
    let before = Identity(deps).load_user(&session.user).await?.ok_or(IdentityError::NoUser)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(IdentityError::VersionConflict(before.version));
    }
    let (password, code) = (wished.password.clone(), wished.code.clone());
    let after = wished.of(&before, run);
    let changed = changed(&before, &after);
    if changed.is_empty() {
        return Ok(before);
    }
    if before.email != after.email {
        prove_twice(deps, (proofs, key), &before, (password.as_ref(), code.as_ref()), run).await?;
    }
    let reason = format!("their {}", changed.join(", "));
    let record = audit("change profile", before.id.as_str(), &reason, run.act(&before.id));
    if Identity(deps).change_profile(&before, &after, &record).await? {
        if before.email != after.email {
            letters::moved_away(post, &before.email, run).await;
        }
        return Ok(after);
    }
    Err(in_the_way(deps, &before, &after).await?)
}

/// The last time that they asked for anything, as far as it is known.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn last_seen<D: Engine>(deps: &D, user: &User, run: Run<'_>) -> Result<Option<Timestamp>, IdentityError> {
    let logins = Identity(deps).list_logins(&user.id, run.now).await?;
    Ok(logins.into_iter().map(|login| login.seen_at).chain(user.last_login).max())
}

/// By the password, and by the second factor where one is on.
///
/// # Errors
/// `WrongCredentials`, `FactorNeeded`, `WrongFactor`, `Wait`, or where something cannot be reached.
pub(super) async fn prove_twice<D: Engine, P: HashPassword, K: SealFactor>(
    deps: &D,
    (proofs, key): (&P, &K),
    user: &User,
    (password, code): (Option<&Password>, Option<&GivenCode>),
    run: Run<'_>,
) -> Result<(), IdentityError> {
    attempt::prove(deps, proofs, user, password, run).await?;
    factor::prove(deps, key, &user.id, code, run).await.map(drop)
}

impl Wished {
    fn of(self, before: &User, run: Run<'_>) -> User {
        let profile = Profile {
            name: self.name.unwrap_or_else(|| before.profile.name.clone()),
            preferences: self.preferences.unwrap_or_else(|| before.profile.preferences.clone()),
        };
        let email = self.email.unwrap_or_else(|| before.email.clone());
        let password_at = if email == before.email { before.password_at } else { run.now };
        let username = self.username.unwrap_or_else(|| before.username.clone());
        let version = before.version.saturating_add(1);
        User { email, username, profile, password_at, version, ..before.clone() }
    }
}

/// Whoever reads the record learns what was changed, and neither from what nor to what.
fn changed(before: &User, after: &User) -> Vec<&'static str> {
    let members = [
        ("email", before.email != after.email),
        ("username", before.username != after.username),
        ("name", before.profile.name != after.profile.name),
        ("preferences", before.profile.preferences != after.profile.preferences),
    ];
    members.into_iter().filter(|(_, is_other)| *is_other).map(|(name, _)| name).collect()
}

async fn in_the_way<D: Engine>(deps: &D, before: &User, after: &User) -> Result<IdentityError, IdentityError> {
    let is_anothers = |found: Option<domain::ids::UserId>| found.is_some_and(|found| found != before.id);
    if is_anothers(Identity(deps).find_email(&after.email).await?) {
        return Ok(IdentityError::DuplicateEmail);
    }
    if is_anothers(Identity(deps).find_username(&after.username).await?) {
        return Ok(IdentityError::DuplicateUsername);
    }
    let now = Identity(deps).load_user(&before.id).await?.ok_or(IdentityError::NoUser)?;
    let is_changed = now.version != before.version;
    Ok(if is_changed { IdentityError::VersionConflict(now.version) } else { IdentityError::Contended })
}
