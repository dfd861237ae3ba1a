//! A second factor: begun with the password, on once a code of it was seen, and asked for at each log-in from then on.
//!
//! 1. A code is counted before it is compared, and good once.
//! 2. Whatever changes it ends all other sessions, before and after, as a new password does.

use super::attempt::{self, Subject};
use super::sessions::end_others;
use super::users::find_below;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::ports::{Factor, HashPassword, SealFactor, Session};
use domain::identity::{FactorSecret, GivenCode, Password, User};
use domain::ids::{Sha, UserId};
use store::Engine;
use store::identity::Identity;

/// One that is not on yet takes the place of another such.
///
/// # Errors
/// `WrongCredentials`, `Wait`, `FactorOn`, `Contended`, or where something cannot be reached.
pub async fn begin_factor<D: Engine, P: HashPassword, K: SealFactor>(
    deps: &D,
    (proofs, key): (&P, &K),
    session: &Session,
    password: &Password,
    secret: &FactorSecret,
    run: Run<'_>,
) -> Result<User, IdentityError> {
    let user = known(deps, proofs, session, password, run).await?;
    let before = Identity(deps).load_factor(&user.id).await?;
    if before.as_ref().is_some_and(|factor| factor.confirmed) {
        return Err(IdentityError::FactorOn);
    }
    let seen = before.map(|factor| factor.version);
    let factor = Factor {
        user: user.id.clone(),
        sealed: key.seal_factor(&user.id, secret, run.now).await?,
        confirmed: false,
        used_step: 0,
        recovery: Vec::new(),
        made_at: run.now,
        version: seen.unwrap_or_default().saturating_add(1),
    };
    let record = audit("begin second factor", user.id.as_str(), "knowing the password", run.act(&user.id));
    let is_set = Identity(deps).set_factor(&user, user.version, Some(&factor), seen, &record).await?;
    if is_set { Ok(user) } else { Err(IdentityError::Contended) }
}

/// From here on it is asked for.
///
/// # Errors
/// `NoFactor`, `FactorOn`, `WrongFactor`, `Wait`, `Contended`, or where something cannot be reached.
pub async fn confirm_factor<D: Engine, K: SealFactor>(
    deps: &D,
    key: &K,
    session: &Session,
    code: &GivenCode,
    recovery: Vec<Sha>,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let user = Identity(deps).load_user(&session.user).await?.ok_or(IdentityError::NoUser)?;
    let factor = Identity(deps).load_factor(&user.id).await?.ok_or(IdentityError::NoFactor)?;
    if factor.confirmed {
        return Err(IdentityError::FactorOn);
    }
    let spent = spent(deps, key, &factor, code, run).await?;
    let after = Factor { confirmed: true, recovery, ..spent };
    change(deps, session, &user, Some(&after), factor.version, "second factor on", run).await
}

/// # Errors
/// `WrongCredentials`, `WrongFactor`, `NoFactor`, `Wait`, `Contended`, or where something cannot be reached.
pub async fn drop_factor<D: Engine, P: HashPassword, K: SealFactor>(
    deps: &D,
    (proofs, key): (&P, &K),
    session: &Session,
    (password, code): (&Password, &GivenCode),
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let user = known(deps, proofs, session, password, run).await?;
    let factor = on(deps, &user.id).await?;
    spent(deps, key, &factor, code, run).await?;
    change(deps, session, &user, None, factor.version, "second factor off", run).await
}

/// Other codes on paper in the place of those that are left.
///
/// # Errors
/// As where it is dropped.
pub async fn renew_codes<D: Engine, P: HashPassword, K: SealFactor>(
    deps: &D,
    (proofs, key): (&P, &K),
    session: &Session,
    (password, code): (&Password, &GivenCode),
    recovery: Vec<Sha>,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let user = known(deps, proofs, session, password, run).await?;
    let factor = on(deps, &user.id).await?;
    let after = Factor { recovery, ..spent(deps, key, &factor, code, run).await? };
    change(deps, session, &user, Some(&after), factor.version, "other recovery codes", run).await
}

/// From somebody who lost it, by an admin, who is another.
///
/// # Errors
/// `NoUser`, also to whoever is no admin; `Oneself`, `NotYours`, `NoFactor`, `Contended`, or where the store cannot be reached.
pub async fn take_factor<D: Engine>(
    deps: &D,
    admin: &Session,
    user: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let user = find_below(deps, admin, user).await?;
    let factor = on(deps, &user.id).await?;
    change(deps, admin, &user, None, factor.version, "second factor off", run).await
}

/// Whether one is on, and was proven.
///
/// # Errors
/// `FactorNeeded`, `WrongFactor`, `Wait`, or where something cannot be reached.
pub(super) async fn prove<D: Engine, K: SealFactor>(
    deps: &D,
    key: &K,
    user: &UserId,
    code: Option<&GivenCode>,
    run: Run<'_>,
) -> Result<bool, IdentityError> {
    let factor = Identity(deps).load_factor(user).await?.filter(|factor| factor.confirmed);
    let Some(factor) = factor else { return Ok(false) };
    let after = spent(deps, key, &factor, code.ok_or(IdentityError::FactorNeeded)?, run).await?;
    let is_first = Identity(deps).keep_factor(&after, factor.version).await?;
    if is_first { Ok(true) } else { Err(IdentityError::WrongFactor) }
}

/// The same without this code, which is right.
async fn spent<D: Engine, K: SealFactor>(
    deps: &D,
    key: &K,
    factor: &Factor,
    code: &GivenCode,
    run: Run<'_>,
) -> Result<Factor, IdentityError> {
    let subject = Subject::factor(&factor.user);
    attempt::count(deps, &subject, run).await?;
    let mut after = Factor { version: factor.version.saturating_add(1), ..factor.clone() };
    match code {
        GivenCode::OfNow(digits) => {
            let secret = key.open_factor(&factor.user, &factor.sealed, run.now).await?;
            let step = secret.step_of(digits, factor.used_step, run.now);
            after.used_step = step.ok_or(IdentityError::WrongFactor)?;
        }
        GivenCode::Recovery(given) => {
            after.recovery.retain(|kept| kept != given);
            if after.recovery.len() == factor.recovery.len() {
                return Err(IdentityError::WrongFactor);
            }
        }
    }
    Identity(deps).forget_guesses(&subject.key).await?;
    Ok(after)
}

async fn change<D: Engine>(
    deps: &D,
    by: &Session,
    user: &User,
    factor: Option<&Factor>,
    seen: u64,
    what: &str,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let after = User { version: user.version.saturating_add(1), ..user.clone() };
    let stays = by.login.as_ref().filter(|_| by.user == user.id);
    let record = audit(what, user.id.as_str(), "by a person", run.act(&by.user));
    end_others(deps, &user.id, stays).await?;
    if !Identity(deps).set_factor(&after, user.version, factor, Some(seen), &record).await? {
        return Err(IdentityError::Contended);
    }
    end_others(deps, &user.id, stays).await
}

async fn known<D: Engine, P: HashPassword>(
    deps: &D,
    proofs: &P,
    session: &Session,
    password: &Password,
    run: Run<'_>,
) -> Result<User, IdentityError> {
    let user = Identity(deps).load_user(&session.user).await?.ok_or(IdentityError::NoUser)?;
    attempt::prove(deps, proofs, &user, Some(password), run).await?;
    Ok(user)
}

async fn on<D: Engine>(deps: &D, user: &UserId) -> Result<Factor, IdentityError> {
    Identity(deps).load_factor(user).await?.filter(|factor| factor.confirmed).ok_or(IdentityError::NoFactor)
}
