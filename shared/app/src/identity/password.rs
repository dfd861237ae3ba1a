//! A new password, by whoever knows the old one.

use super::attempt::{self, Subject};
use super::sessions::end_others;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::notices;
use crate::ports::{HashPassword, KeptToken, Session, StoreError};
use domain::identity::{Password, PasswordHash, User};
use domain::ids::UserId;
use domain::notice::Topic;
use store::Engine;
use store::identity::Identity;
use store::trading::Trading;

/// All other sessions end: before, so that nobody is left in by a run that stops half way, and after, for whoever came in
/// by the old one meanwhile.
///
/// # Errors
/// `WrongCredentials`, `Wait`, `Contended`, or where something cannot be reached.
pub async fn change_password<D: Engine, P: HashPassword>(
    deps: &D,
    proofs: &P,
    session: &Session,
    old: &Password,
    new: &Password,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let user = Identity(deps).load_user(&session.user).await?.ok_or(IdentityError::NoUser)?;
    let person = Subject::person(&user.id);
    attempt::count(deps, &person, run).await?;
    if !proofs.is_password(old, Some(&user.password)).await? {
        return Err(IdentityError::WrongCredentials);
    }
    let act = run.act(&user.id);
    let record = audit("change password", user.id.as_str(), "knowing the old one", act);
    let after = with_password(&user, proofs.hash_password(new).await?, run);
    end_others(deps, &user.id, session.login.as_ref()).await?;
    if !Identity(deps).change_user(&after, user.version, None, &record).await? {
        return Err(IdentityError::Contended);
    }
    Identity(deps).forget_guesses(&person.key).await?;
    end_others(deps, &user.id, session.login.as_ref()).await?;
    let _lost = tell(deps, &user.id, Topic::PasswordChanged, run).await;
    Ok(())
}

/// Programs and alerts go on: an exit that does not arrive costs more than a look at them.
pub(super) async fn tell<D: Engine>(deps: &D, user: &UserId, topic: Topic, run: Run<'_>) -> Result<(), StoreError> {
    let keys = Identity(deps).list_program_keys(user).await?;
    let keys = keys.iter().filter(|key| key.is_live(run.now)).count();
    let tokens = Trading(deps).list_tokens(user).await?;
    let lets_in = |kept: &&KeptToken| kept.revoked_at.is_none() && !kept.replaced && kept.token.is_live(run.now);
    let tokens = tokens.iter().filter(lets_in).count();
    let bots = Trading(deps).bots_running(user).await?;
    notices::password_chosen(deps, user, topic, (keys, tokens, bots), run.now).await;
    Ok(())
}

pub(super) fn with_password(user: &User, password: PasswordHash, run: Run<'_>) -> User {
    User { password, password_at: run.now, version: user.version.saturating_add(1), ..user.clone() }
}
