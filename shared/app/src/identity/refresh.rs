//! How a session goes on without its access token: by a refresh token, each of which is good once.
//!
//! 1. A token names its session. All that is kept of it stands in the session's row, by hashes.
//! 2. What was replaced a moment ago answers its successor once more, for the answer may have been lost. Any other use of what
//!    was replaced is reuse: somebody has a copy, and the session ends.
//! 3. Whoever does not know what all tokens of a session have in common ends nothing.

use super::attempt::{self, Subject};
use super::login::{LoggedIn, claims};
use super::register::is_same;
use super::sessions::{holder, until};
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::conflict::retry_on_conflict;
use crate::notices;
use crate::ports::{
    Login, Origin, ProofError, REFRESH_SECRET_CHARACTERS, Refresh, Replaced, SealRefresh, Secret, SignToken,
};
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::ids::{SessionId, Sha, UserId};
use domain::limits::REFRESH_REPEAT;
use store::Engine;
use store::identity::Identity;

const MARK: &str = "mqf_";

/// `mqf_<user>.<session>.<family><secret>`.
#[derive(Debug)]
pub(super) struct Token {
    user: UserId,
    session: SessionId,
    family: Secret,
    secret: Secret,
    whole: Secret,
}

/// What a token is to the session that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presented {
    Current,
    /// Replaced a moment ago, and not answered a second time yet.
    JustReplaced,
    Reused,
    /// Of no token of this session.
    Foreign,
}

/// A new access token for the session, with the refresh token that takes this one's place.
///
/// # Errors
/// `WrongRefresh`, whatever is wrong; `Wait`, `Contended`, or where something cannot be reached.
pub async fn refresh_by_token<D: Engine, P: SignToken + SealRefresh>(
    deps: &D,
    proofs: &P,
    token: Secret,
    origin: &Origin,
    run: Run<'_>,
) -> Result<LoggedIn, IdentityError> {
    let address = Subject::refresh(origin.address.as_deref());
    attempt::count(deps, &address, run).await?;
    let token = Token::parse(token).ok_or(IdentityError::WrongRefresh)?;
    let logged_in = retry_on_conflict(IdentityError::Contended, || async {
        let (seen, refresh) = named(deps, &token, run).await?;
        match judge(&refresh, &token, run.now) {
            Presented::Current => replace(deps, proofs, (seen, refresh), &token, run).await,
            Presented::JustReplaced => repeat(deps, proofs, (seen, refresh), &token, run).await,
            Presented::Reused => end_reused(deps, &seen, &refresh, run).await,
            Presented::Foreign => Err(IdentityError::WrongRefresh),
        }
    })
    .await?;
    attempt::give_back(deps, &address).await?;
    Ok(logged_in)
}

/// What is kept of a session's first token.
pub(super) fn begun(first: &Token) -> Refresh {
    Refresh { family: first.family_hash(), current: first.secret_hash(), replaced: None }
}

async fn named<D: Engine>(deps: &D, token: &Token, run: Run<'_>) -> Result<(Login, Refresh), IdentityError> {
    let logins = Identity(deps).list_logins(&token.user, run.now).await?;
    let named = logins.into_iter().find(|login| login.id == token.session);
    let good = named.filter(|login| login.refreshable_until().is_some_and(|until| run.now < until));
    let with_refresh = good.and_then(|login| login.refresh.clone().map(|refresh| (login, refresh)));
    with_refresh.ok_or(IdentityError::WrongRefresh)
}

fn judge(refresh: &Refresh, token: &Token, now: Timestamp) -> Presented {
    let secret = token.secret_hash();
    if !is_same(&refresh.family, &token.family_hash()) {
        return Presented::Foreign;
    }
    if is_same(&refresh.current, &secret) {
        return Presented::Current;
    }
    let lost = |replaced: &Replaced| !replaced.repeated && now.since(replaced.at) < REFRESH_REPEAT;
    match &refresh.replaced {
        Some(replaced) if is_same(&replaced.secret, &secret) && lost(replaced) => Presented::JustReplaced,
        _ => Presented::Reused,
    }
}

/// None where another request was first: for that one the token is replaced by now.
async fn replace<D: Engine, P: SignToken + SealRefresh>(
    deps: &D,
    proofs: &P,
    (seen, refresh): (Login, Refresh),
    token: &Token,
    run: Run<'_>,
) -> Result<Option<LoggedIn>, IdentityError> {
    let (user, grant) = holder(deps, &seen).await?.ok_or(IdentityError::WrongRefresh)?;
    if grant != seen.grant && !Identity(deps).grant_login(&seen, &grant).await? {
        return Ok(None);
    }
    let next = token.next(proofs)?;
    let replaced = Replaced {
        secret: token.secret_hash(),
        at: run.now,
        successor: proofs.seal_successor(&token.whole, &next.whole)?,
        repeated: false,
    };
    let kept = Refresh { family: refresh.family.clone(), current: next.secret_hash(), replaced: Some(replaced) };
    let expires_at = until(&seen, run.now).max(seen.expires_at);
    let login = Login { expires_at, grant, refresh: Some(kept), ..seen };
    // First: whatever could not be signed has replaced nothing.
    let access = proofs.sign_token(&claims(&login, run)).await?;
    if !Identity(deps).refresh_login(&login, &refresh).await? {
        return Ok(None);
    }
    Ok(Some(LoggedIn { user, login, token: access, refresh_token: Some(next.into_secret()) }))
}

/// The successor that was answered already. None where another request was first.
async fn repeat<D: Engine, P: SignToken + SealRefresh>(
    deps: &D,
    proofs: &P,
    (seen, refresh): (Login, Refresh),
    token: &Token,
    run: Run<'_>,
) -> Result<Option<LoggedIn>, IdentityError> {
    let Some(replaced) = refresh.replaced.clone() else { return Ok(None) };
    let (user, _) = holder(deps, &seen).await?.ok_or(IdentityError::WrongRefresh)?;
    let successor = proofs.open_successor(&token.whole, &replaced.successor)?;
    let kept = Refresh { replaced: Some(Replaced { repeated: true, ..replaced }), ..refresh.clone() };
    let login = Login { refresh: Some(kept), ..seen };
    let access = proofs.sign_token(&claims(&login, run)).await?;
    if !Identity(deps).refresh_login(&login, &refresh).await? {
        return Ok(None);
    }
    Ok(Some(LoggedIn { user, login, token: access, refresh_token: Some(successor) }))
}

/// Refused in the words in which every wrong token is. None where another request was first.
async fn end_reused<D: Engine>(
    deps: &D,
    seen: &Login,
    refresh: &Refresh,
    run: Run<'_>,
) -> Result<Option<LoggedIn>, IdentityError> {
    let by_itself = Run { actor: Actor::System, ..run };
    let record = audit("end session", seen.id.as_str(), "a refresh token was used again", by_itself.act(&seen.user));
    if !Identity(deps).end_reused(seen, refresh, &record).await? {
        return Ok(None);
    }
    notices::refresh_reused(deps, seen, run.now).await;
    Err(IdentityError::WrongRefresh)
}

impl Token {
    /// The first one of a session.
    pub(super) fn invent<P: SealRefresh>(proofs: &P, user: &UserId, session: &SessionId) -> Result<Self, ProofError> {
        Ok(Self::of(user.clone(), session.clone(), proofs.invent_secret()?, proofs.invent_secret()?))
    }

    /// Another one of the same session.
    fn next<P: SealRefresh>(&self, proofs: &P) -> Result<Self, ProofError> {
        Ok(Self::of(self.user.clone(), self.session.clone(), self.family.clone(), proofs.invent_secret()?))
    }

    fn of(user: UserId, session: SessionId, family: Secret, secret: Secret) -> Self {
        let whole = Secret::new(format!("{MARK}{user}.{session}.{}{}", family.expose(), secret.expose()));
        Self { user, session, family, secret, whole }
    }

    fn parse(whole: Secret) -> Option<Self> {
        let mut parts = whole.expose().strip_prefix(MARK)?.split('.');
        let (user, session, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let (family, secret) = rest.split_at_checked(REFRESH_SECRET_CHARACTERS)?;
        if parts.next().is_some() || secret.len() != REFRESH_SECRET_CHARACTERS {
            return None;
        }
        let (user, session) = (UserId::parse(user).ok()?, SessionId::parse(session).ok()?);
        let [family, secret] = [family, secret].map(|part| Secret::new(part.to_owned()));
        Some(Self { user, session, family, secret, whole })
    }

    pub(super) fn into_secret(self) -> Secret {
        self.whole
    }

    fn family_hash(&self) -> Sha {
        Sha::of_parts(&["refresh family", self.family.expose()])
    }

    fn secret_hash(&self) -> Sha {
        Sha::of_parts(&["refresh secret", self.secret.expose()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Millis;

    const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);

    fn token(family: char, secret: char) -> Token {
        let [family, secret] =
            [family, secret].map(|letter| Secret::new(letter.to_string().repeat(REFRESH_SECRET_CHARACTERS)));
        Token::of(UserId::of(&["ann"]), SessionId::of(&["s"]), family, secret)
    }

    /// Of the family `f`, in which `b` has replaced `a`.
    fn kept(repeated: bool) -> Refresh {
        let secret = token('f', 'a').secret_hash();
        let replaced = Replaced { secret, at: NOW, successor: String::new(), repeated };
        Refresh { replaced: Some(replaced), ..begun(&token('f', 'b')) }
    }

    #[test]
    fn token_is_judged_by_its_family_its_secret_and_the_time() {
        use Presented::{Current, Foreign, JustReplaced, Reused};
        for (family, secret, after_ms, repeated, told) in [
            ('f', 'b', 0, false, Current),
            ('f', 'b', 86_400_000, true, Current),
            ('f', 'a', -1_000, false, JustReplaced),
            ('f', 'a', 29_999, false, JustReplaced),
            ('f', 'a', 30_000, false, Reused),
            ('f', 'a', 1, true, Reused),
            ('f', 'c', 1, false, Reused),
            ('g', 'b', 1, false, Foreign),
            ('g', 'a', 1, false, Foreign),
        ] {
            let judged = judge(&kept(repeated), &token(family, secret), NOW.plus(Millis::new(after_ms)));
            assert_eq!(judged, told, "{family} {secret} {after_ms} {repeated}");
        }
        assert_eq!(judge(&begun(&token('f', 'a')), &token('f', 'c'), NOW), Reused, "nothing was replaced yet");
    }

    #[test]
    fn token_is_read_as_it_was_written_and_in_no_other_form() {
        let read = |text: String| Token::parse(Secret::new(text));
        let good = token('f', 'a').into_secret().expose().to_owned();
        let again = read(good.clone()).unwrap();
        assert_eq!((again.user, again.session), (UserId::of(&["ann"]), SessionId::of(&["s"])));
        assert_eq!(judge(&begun(&token('f', 'a')), &read(good.clone()).unwrap(), NOW), Presented::Current);
        for bad in [
            String::new(),
            good.replacen("mqf_", "mqk_", 1),
            good.replacen("usr_", "ses_", 1),
            good.replacen('.', "", 1),
            format!("{good}."),
            format!("{good}a"),
            good.trim_end_matches('a').to_owned(),
            good.replacen("fa", "é", 1),
        ] {
            assert!(read(bad.clone()).is_none(), "{bad}");
        }
    }

    #[test]
    fn token_does_not_print_itself() {
        let printed = format!("{:?} {:?}", token('f', 'a'), kept(false));
        assert!(!printed.contains("aaa") && !printed.contains("fff"), "{printed}");
    }
}
