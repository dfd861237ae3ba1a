//! A new password for whoever forgot the old one, by a token that is good once and for half an hour.

use super::attempt::{self, Subject};
use super::password::{tell, with_password};
use super::sessions::end_others;
use super::users::find_below;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::ports::{HashPassword, Origin, Reset, Secret, Session};
use domain::identity::{Password, PasswordHash, Permission};
use domain::ids::UserId;
use domain::limits;
use domain::notice::Topic;
use store::Engine;
use store::identity::Identity;

/// Keeps the hash of a token that an admin hands to this person. It is the one way in from here on: the password is good
/// no more, and all sessions end, before and after as where it is changed.
///
/// # Errors
/// `NoUser`, also to whoever is no admin; `Oneself`; `NotYours`; `Wait` where many were asked for; `Contended`, or where
/// the store cannot be reached.
pub async fn hand_reset<D: Engine>(
    deps: &D,
    admin: &Session,
    user: &UserId,
    token: &Secret,
    run: Run<'_>,
) -> Result<Reset, IdentityError> {
    if !admin.may(Permission::USERS) {
        return Err(IdentityError::NoUser);
    }
    let user = find_below(deps, admin, user).await?;
    if !user.active {
        return Err(IdentityError::NoUser);
    }
    attempt::count(deps, &Subject::resets(&user.id), run).await?;
    let after = with_password(&user, PasswordHash::nobodys(), run);
    let expires_at = run.now.plus(limits::RESET_LIFE);
    let reset = Reset { hash: token.hash(), user: user.id.clone(), password_at: after.password_at, expires_at };
    let act = run.act(&admin.user);
    let record = audit("hand out reset", user.id.as_str(), "by an admin", act);
    end_others(deps, &user.id, None).await?;
    if !Identity(deps).keep_reset(&reset, &after, user.version, &record).await? {
        return Err(IdentityError::Contended);
    }
    end_others(deps, &user.id, None).await?;
    Ok(reset)
}

/// All sessions end, as where a password is changed, and whoever waited after wrong guesses waits no more.
///
/// # Errors
/// `WrongReset`, `Wait`, or where something cannot be reached.
pub async fn reset_password<D: Engine, P: HashPassword>(
    deps: &D,
    proofs: &P,
    token: &Secret,
    new: &Password,
    origin: &Origin,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    attempt::count(deps, &Subject::address(origin.address.as_deref()), run).await?;
    let reset = Identity(deps).find_reset(&token.hash()).await?.filter(|reset| run.now < reset.expires_at);
    let reset = reset.ok_or(IdentityError::WrongReset)?;
    let user = Identity(deps).load_user(&reset.user).await?;
    let user = user.filter(|user| user.active && user.password_at == reset.password_at);
    let user = user.ok_or(IdentityError::WrongReset)?;
    let act = run.act(&user.id);
    let record = audit("reset password", user.id.as_str(), "by a token that was handed out", act);
    let after = with_password(&user, proofs.hash_password(new).await?, run);
    end_others(deps, &user.id, None).await?;
    if !Identity(deps).change_user(&after, user.version, Some(&reset.hash), &record).await? {
        return Err(IdentityError::WrongReset);
    }
    Identity(deps).forget_guesses(&Subject::account(&user.email).key).await?;
    end_others(deps, &user.id, None).await?;
    let _lost = tell(deps, &user.id, Topic::PasswordReset, run).await;
    Ok(())
}
