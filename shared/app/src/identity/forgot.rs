//! A token for whoever forgot their password, by e-mail.
//!
//! Whoever asks is answered before anybody is looked for, by a run that does the same for every address. What follows
//! is a run of its own: nothing that it does can be seen from outside, but for the letter.

use super::attempt::{self, Subject};
use super::login::by_email;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::ports::{LeaveReset, Letter, Origin, Reset, Secret, SendLetter};
use domain::audit::Actor;
use domain::identity::Email;
use domain::ids::UserId;
use domain::limits;
use store::Engine;
use store::identity::Identity;

/// Counted by address and by e-mail, whether there is such a person or not.
///
/// # Errors
/// `Wait`, `Contended`, or where something cannot be reached.
pub async fn ask_for_reset<D: Engine, L: LeaveReset>(
    deps: &D,
    later: &L,
    email: &Email,
    origin: &Origin,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    attempt::count(deps, &Subject::address(origin.address.as_deref()), run).await?;
    attempt::count(deps, &Subject::letters(email), run).await?;
    Ok(later.leave_reset(email, run.now).await?)
}

/// Sends a token to whoever has this address; the password stays as it is until they use it. Nobody is told of an
/// address that nobody has.
///
/// # Errors
/// `Contended`, `Mail`, or where the store cannot be reached.
pub async fn mail_reset<D: Engine, M: SendLetter>(
    deps: &D,
    post: &M,
    email: &Email,
    token: &Secret,
    run: Run<'_>,
) -> Result<Option<UserId>, IdentityError> {
    let Some(user) = by_email(deps, email).await?.filter(|user| user.active) else { return Ok(None) };
    let expires_at = run.now.plus(limits::RESET_LIFE);
    let reset = Reset { hash: token.hash(), user: user.id.clone(), password_at: user.password_at, expires_at };
    // The one who asks has proven nothing.
    let by_itself = Run { actor: Actor::System, ..run };
    let record = audit("mail reset", user.id.as_str(), "asked for by e-mail", by_itself.act(&user.id));
    if !Identity(deps).keep_reset(&reset, &user, user.version, &record).await? {
        return Err(IdentityError::Contended);
    }
    post.send_letter(&letter(&user.email, token), run.now).await?;
    Ok(Some(user.id))
}

/// Only our own words, and a token of plain letters: nothing in it needs to be escaped.
fn letter(to: &Email, token: &Secret) -> Letter {
    let (token, minutes) = (token.expose(), limits::RESET_LIFE.get() / 60_000);
    let asked = "Somebody, hopefully you, asked for a new password at Moniqo.";
    let how = format!("This token is good once, within {minutes} minutes:");
    let next = "Give it to";
    let command = "moniqo users choose-password";
    let otherwise = "If it was not you, do nothing: your password stays as it is.";
    let text = format!("{asked}\n\n{how}\n\n{token}\n\n{next}\n\n    {command}\n\n{otherwise}\n");
    let html = format!(
        "<p>{asked}</p><p>{how}</p><p><code>{token}</code></p><p>{next} <code>{command}</code></p><p>{otherwise}</p>"
    );
    Letter { to: to.clone(), subject: "A new password at Moniqo", text, html }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_the_token_twice_and_no_other_secret() {
        let letter = letter(&"ann@example.com".parse().unwrap(), &Secret::new("mqr_abc".to_owned()));
        for body in [&letter.text, &letter.html] {
            assert_eq!(body.matches("mqr_abc").count(), 1, "{body}");
            assert!(body.contains("30 minutes") && !body.contains("ann@"), "{body}");
        }
    }
}
