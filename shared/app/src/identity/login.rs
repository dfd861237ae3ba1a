//! E-mail and password against a token.

use super::attempt::{self, Subject};
use super::definitions::granted;
use super::refresh::{self, Token};
use super::{IdentityError, Run, factor};
use crate::actor::audit;
use crate::notices;
use crate::ports::{Claims, HashPassword, Login, Origin, SealFactor, SealRefresh, Secret, SignToken, StoreError};
use domain::identity::{Email, GivenCode, Password, User};
use domain::ids::{SessionId, UserId};
use domain::limits;
use store::Engine;
use store::identity::Identity;

#[derive(Debug)]
pub struct Credentials {
    pub email: Email,
    pub password: Password,
    /// Of their second factor, where they have one.
    pub code: Option<GivenCode>,
    pub origin: Origin,
    pub holder: Holder,
}

/// Who keeps the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// It has a refresh token.
    App,
    /// Its access token is a cookie, and there is no refresh token.
    Browser,
}

/// Somebody who is in.
#[derive(Debug)]
pub struct LoggedIn {
    pub user: User,
    pub login: Login,
    pub token: Secret,
    pub refresh_token: Option<Secret>,
}

/// # Errors
/// `WrongCredentials`, `FactorNeeded`, `WrongFactor`, `Wait`, or where something cannot be reached.
pub async fn log_in<D: Engine, P: HashPassword + SignToken + SealRefresh, K: SealFactor>(
    deps: &D,
    (proofs, key): (&P, &K),
    credentials: Credentials,
    run: Run<'_>,
) -> Result<LoggedIn, IdentityError> {
    let Credentials { email, password, code, origin, holder } = credentials;
    let (address, account) = (Subject::address(origin.address.as_deref()), Subject::account(&email));
    attempt::count(deps, &address, run).await?;
    attempt::count(deps, &account, run).await?;
    let user = by_email(deps, &email).await?;
    let is_theirs = proofs.is_password(&password, user.as_ref().map(|user| &user.password)).await?;
    let user = user.filter(|user| is_theirs && user.active).ok_or(IdentityError::WrongCredentials)?;
    let proven = factor::prove(deps, key, &user.id, code.as_ref(), run).await;
    if proven == Err(IdentityError::FactorNeeded) {
        // Whoever has the password and is asked for more has guessed at nothing.
        attempt::give_back(deps, &account).await?;
        attempt::give_back(deps, &address).await?;
    }
    let logged_in = open(deps, proofs, user, (origin, holder, proven?), run).await?;
    Identity(deps).forget_guesses(&account.key).await?;
    attempt::give_back(deps, &address).await?;
    Ok(logged_in)
}

/// As many rows are read whether there is such a person or not.
pub(super) async fn by_email<D: Engine>(deps: &D, email: &Email) -> Result<Option<User>, StoreError> {
    let found = Identity(deps).find_email(email).await?;
    let id = found.unwrap_or_else(|| UserId::of(&["nobody", email.key().as_str()]));
    Identity(deps).load_user(&id).await
}

/// A session for somebody who has proven who they are; of more than fit the oldest ends, first of those whose access token has
/// expired.
pub(super) async fn open<D: Engine, P: SignToken + SealRefresh>(
    deps: &D,
    proofs: &P,
    user: User,
    (origin, holder, by_factor): (Origin, Holder, bool),
    run: Run<'_>,
) -> Result<LoggedIn, IdentityError> {
    let id = SessionId::of(&[user.id.as_str(), run.attempt.as_str()]);
    let first = match holder {
        Holder::App => Some(Token::invent(proofs, &user.id, &id)?),
        Holder::Browser => None,
    };
    let login = Login {
        id,
        user: user.id.clone(),
        grant: granted(deps, &user).await?,
        origin,
        created_at: run.now,
        expires_at: run.now.plus(limits::SESSION_LIFE),
        seen_at: run.now,
        refresh: first.as_ref().map(refresh::begun),
        by_factor,
        not_renewed: holder == Holder::Browser,
    };
    make_room(deps, &user.id, run).await?;
    let act = run.act(&user.id);
    let record = audit("log in", login.id.as_str(), "by password", act);
    // First: a token that could not be signed opens nothing, and what it would open ends by itself.
    let token = proofs.sign_token(&claims(&login, run)).await?;
    if !Identity(deps).open_login(&login, user.version, &record).await? {
        return Err(IdentityError::Contended);
    }
    notices::logged_in(deps, &user, &login).await;
    Ok(LoggedIn { user, login, token, refresh_token: first.map(Token::into_secret) })
}

/// Nobody has more than can be ended within one request.
async fn make_room<D: Engine>(deps: &D, user: &UserId, run: Run<'_>) -> Result<(), StoreError> {
    let mut logins = Identity(deps).list_logins(user, run.now).await?;
    // Programs that log in anew each day leave those behind: they take no place of one that is in use.
    logins.sort_by_key(|login| run.now < login.expires_at);
    let over = logins.len().saturating_add(1).saturating_sub(limits::SESSIONS_PER_USER_MAX);
    for login in logins.iter().take(over) {
        Identity(deps).end_login(user, &login.id).await?;
    }
    Ok(())
}

pub(super) fn claims(login: &Login, run: Run<'_>) -> Claims {
    let (user, session) = (login.user.clone(), login.id.clone());
    Claims { user, session, issued_at: run.now, expires_at: login.expires_at }
}
