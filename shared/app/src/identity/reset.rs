//! A new password for whoever forgot the old one, by a token that is good once and for half an hour.

use super::attempt::{self, Subject};
use super::password::with_password;
use super::sessions::end_others;
use super::{IdentityError, Run};
use crate::ports::{
    ChangeUser, FindUser, HashPassword, KeepLogin, KeepReset, MindGuesses, Origin, Reset, Secret, Session,
};
use crate::trading::{Act, audit};
use domain::identity::{Password, Permission};
use domain::ids::UserId;
use domain::limits;

/// What handing out a token needs of the store.
pub trait HandReset: FindUser + KeepReset + MindGuesses {}
impl<D: FindUser + KeepReset + MindGuesses> HandReset for D {}

/// What using one needs of the store.
pub trait ResetPassword: FindUser + ChangeUser + KeepLogin + KeepReset + MindGuesses {}
impl<D: FindUser + ChangeUser + KeepLogin + KeepReset + MindGuesses> ResetPassword for D {}

/// Keeps the hash of a token that an admin hands to this person.
///
/// # Errors
/// `NoUser`, also to whoever is no admin; `Wait` where many were asked for; or where the store cannot be reached.
pub async fn hand_reset<D: HandReset>(
    deps: &D,
    admin: &Session,
    user: &UserId,
    token: &Secret,
    run: Run<'_>,
) -> Result<Reset, IdentityError> {
    let user = deps.load_user(user).await?.filter(|user| admin.may(Permission::USERS) && user.active);
    let user = user.ok_or(IdentityError::NoUser)?;
    attempt::count(deps, &Subject::resets(&user.id), run).await?;
    let expires_at = run.now.plus(limits::RESET_LIFE);
    let reset = Reset { hash: token.hash(), user: user.id, password_at: user.password_at, expires_at };
    let act = Act { user: &admin.user, attempt: run.attempt, now: run.now };
    deps.keep_reset(&reset, &audit("hand out reset", reset.user.as_str(), "by an admin", act)).await?;
    Ok(reset)
}

/// All sessions end, and whoever waited after wrong guesses waits no more.
///
/// # Errors
/// `WrongReset`, `Wait`, or where something cannot be reached.
pub async fn reset_password<D: ResetPassword, P: HashPassword>(
    deps: &D,
    proofs: &P,
    token: &Secret,
    new: &Password,
    origin: &Origin,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    attempt::count(deps, &Subject::address(origin.address.as_deref()), run).await?;
    let reset = deps.find_reset(&token.hash()).await?.filter(|reset| run.now < reset.expires_at);
    let reset = reset.ok_or(IdentityError::WrongReset)?;
    let user = deps.load_user(&reset.user).await?;
    let user = user.filter(|user| user.active && user.password_at == reset.password_at);
    let user = user.ok_or(IdentityError::WrongReset)?;
    let act = Act { user: &user.id, attempt: run.attempt, now: run.now };
    let record = audit("reset password", user.id.as_str(), "by a token that was handed out", act);
    let after = with_password(&user, proofs.hash_password(new).await?, run);
    if !deps.change_user(&after, user.version, Some(&reset.hash), &record).await? {
        return Err(IdentityError::WrongReset);
    }
    deps.forget_guesses(&Subject::account(&user.email).key).await?;
    end_others(deps, &user.id, None, run).await
}
