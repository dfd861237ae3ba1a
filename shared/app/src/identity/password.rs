//! A new password, by whoever knows the old one.

use super::attempt::{self, Subject};
use super::sessions::end_others;
use super::{IdentityError, Run};
use crate::ports::{ChangeUser, FindUser, HashPassword, KeepLogin, MindGuesses, Session};
use crate::trading::audit;
use domain::identity::{Password, PasswordHash, User};

/// What changing a password needs of the store.
pub trait ChangePassword: FindUser + ChangeUser + KeepLogin + MindGuesses {}
impl<D: FindUser + ChangeUser + KeepLogin + MindGuesses> ChangePassword for D {}

/// All other sessions end: before, so that nobody is left in by a run that stops half way, and after, for whoever came in
/// by the old one meanwhile.
///
/// # Errors
/// `WrongCredentials`, `Wait`, `Contended`, or where something cannot be reached.
pub async fn change_password<D: ChangePassword, P: HashPassword>(
    deps: &D,
    proofs: &P,
    session: &Session,
    old: &Password,
    new: &Password,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let user = deps.load_user(&session.user).await?.ok_or(IdentityError::NoUser)?;
    let account = Subject::account(&user.email);
    attempt::count(deps, &account, run).await?;
    if !proofs.is_password(old, Some(&user.password)).await? {
        return Err(IdentityError::WrongCredentials);
    }
    let act = run.act(&user.id);
    let record = audit("change password", user.id.as_str(), "knowing the old one", act);
    let after = with_password(&user, proofs.hash_password(new).await?, run);
    end_others(deps, &user.id, session.login.as_ref(), run).await?;
    if !deps.change_user(&after, user.version, None, &record).await? {
        return Err(IdentityError::Contended);
    }
    deps.forget_guesses(&account.key).await?;
    end_others(deps, &user.id, session.login.as_ref(), run).await
}

pub(super) fn with_password(user: &User, password: PasswordHash, run: Run<'_>) -> User {
    User { password, password_at: run.now, version: user.version.saturating_add(1), ..user.clone() }
}
