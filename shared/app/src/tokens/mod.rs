//! Webhook tokens: what lets alerts in, kept by the user whose alerts they are.
//!
//! 1. A secret is shown once, where it is made; its SHA-256 is kept.
//! 2. A rotated token keeps its id: the secret before goes on for a while, under the same permissions.
//! 3. What lets in more than before is made by a person who is logged in, and in the same transaction as their log-in is
//!    still there: what ends that finds afterwards whatever it has made, and nothing is made after.
//! 4. What is changed or revoked is changed of every secret of the token at once; where nothing is, nothing is written.
//! 5. The record says what a token permitted before and what it permits after: one that is put back was still another
//!    meanwhile.

mod shown;
mod told;
mod used;

pub use shown::shown;
use store::Engine;
use store::trading::Trading;
pub(crate) use told::told;
pub use used::last_uses;

use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::notices;
use crate::ports::{KeptToken, Secret, StoreError, TokenChange};
use domain::clock::{Millis, Timestamp};
use domain::ids::{SessionId, TokenId};
use domain::limits;
use domain::market::Exchange;
use domain::token::{Grant, WebhookToken};

const HINT_CHARACTERS: usize = 8;

/// A person's act, by this log-in of theirs.
#[derive(Debug, Clone, Copy)]
pub struct InPerson<'a> {
    pub act: Act<'a>,
    pub login: &'a SessionId,
}

/// What a token is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub label: String,
    pub account: Option<String>,
    pub exchange: Option<Exchange>,
    pub grant: Grant,
    pub expires_at: Option<Timestamp>,
}

/// A token as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kept: KeptToken,
    /// Until when the secret before this one lets in.
    pub former_until: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("there is no such webhook token")]
    Unknown,
    #[error("one of your webhook tokens has this label already: choose another")]
    Duplicate,
    #[error("at most {} webhook tokens are kept: revoke one first", limits::WEBHOOK_TOKENS_PER_USER_MAX)]
    TooMany,
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Those that let in, oldest first.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, act: Act<'_>) -> Result<Vec<Token>, TokenError> {
    let rows = Trading(deps).list_tokens(act.user).await?;
    let mut tokens: Vec<_> = rows.iter().filter(|row| is_current(row, act)).map(|row| token(row, &rows, act)).collect();
    tokens.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(tokens)
}

/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, id: &TokenId, act: Act<'_>) -> Result<Token, TokenError> {
    list(deps, act).await?.into_iter().find(|token| token.kept.token.id == *id).ok_or(TokenError::Unknown)
}

/// A token with this secret, which nobody has yet.
///
/// # Errors
/// `Duplicate`, `TooMany`, or where the store cannot be reached.
pub async fn create<D: Engine>(
    deps: &D,
    wanted: Wanted,
    secret: &Secret,
    by: InPerson<'_>,
) -> Result<Token, TokenError> {
    let act = by.act;
    let live = list(deps, act).await?;
    if live.len() >= limits::WEBHOOK_TOKENS_PER_USER_MAX {
        return Err(TokenError::TooMany);
    }
    unlike(&live, &wanted.label, None)?;
    let hash = secret.hash();
    let token = WebhookToken {
        id: TokenId::of(&[hash.as_str()]),
        user: act.user.clone(),
        hash,
        account: None,
        exchange: None,
        expires_at: None,
        grant: Grant::default(),
    };
    let (hint, created_at) = (hint(secret), Some(act.now));
    let bare = KeptToken { token, label: None, hint, created_at, version: 1, replaced: false, revoked_at: None };
    let made = as_wanted(bare, &wanted);
    let change =
        TokenChange { made: Some(made.clone()), changed: Vec::new(), login: Some(by.login.clone()), standing: None };
    let token = Token { kept: made, former_until: None };
    let mut record = audit("create webhook token", token.kept.token.id.as_str(), "wished by its user", act);
    record.after = Some(told(&token));
    if !Trading(deps).change_tokens(&change, &record).await? {
        return Err(TokenError::Contended);
    }
    tell(deps, "A webhook token", &token.kept, act).await;
    Ok(token)
}

/// What it is to be from now on. `seen` is the version that is meant.
///
/// # Errors
/// `Unknown`, `Duplicate`, `VersionConflict`, or where the store cannot be reached.
pub async fn restrict<D: Engine>(
    deps: &D,
    id: &TokenId,
    wanted: impl Fn(&KeptToken) -> Wanted,
    seen: Option<u64>,
    by: InPerson<'_>,
) -> Result<Token, TokenError> {
    let all = list(deps, by.act).await?;
    change(deps, (id, seen), "change webhook token", by.act, Some(by.login), |current, rows| {
        let wanted = wanted(current);
        unlike(&all, &wanted.label, Some(id))?;
        Ok((None, rows.iter().map(|row| as_wanted(row.clone(), &wanted)).collect()))
    })
    .await
}

/// Another secret in the place of this one, which lets in for as long as they overlap.
///
/// # Errors
/// `Unknown`, `VersionConflict`, or where the store cannot be reached.
pub async fn rotate<D: Engine>(
    deps: &D,
    id: &TokenId,
    secret: &Secret,
    overlap: Millis,
    seen: Option<u64>,
    by: InPerson<'_>,
) -> Result<Token, TokenError> {
    let act = by.act;
    let rotated = change(deps, (id, seen), "rotate webhook token", act, Some(by.login), |current, rows| {
        let token = WebhookToken { hash: secret.hash(), ..current.token.clone() };
        let made = KeptToken { token, hint: hint(secret), version: next(current), ..current.clone() };
        // Of the secrets before only the newest goes on.
        let until = |row: &KeptToken| if row.replaced { act.now } else { act.now.plus(overlap) };
        let ended = rows.iter().map(|row| KeptToken { replaced: true, ..ending(row, until(row)) });
        Ok((Some(made), ended.collect()))
    });
    let token = rotated.await?;
    tell(deps, "Another secret of the webhook token", &token.kept, act).await;
    Ok(token)
}

async fn tell<D: Engine>(deps: &D, what: &str, kept: &KeptToken, act: Act<'_>) {
    let what = format!("{what} \"{}\"", kept.label.as_deref().unwrap_or_default());
    notices::access_made(deps, act.user, &what, &kept.token.id, act.now).await;
}

/// From here on it lets nothing in, but for what a process believes a little longer.
///
/// # Errors
/// `Unknown`, `VersionConflict`, or where the store cannot be reached.
pub async fn revoke<D: Engine>(deps: &D, id: &TokenId, seen: Option<u64>, act: Act<'_>) -> Result<(), TokenError> {
    let ended = |row: &KeptToken| KeptToken { revoked_at: Some(act.now), ..ending(row, act.now) };
    let revoked = change(deps, (id, seen), "revoke webhook token", act, None, |_, rows| {
        Ok((None, rows.iter().map(ended).collect()))
    });
    revoked.await.map(drop)
}

/// What becomes of the rows of one token: the secret that is new, and those that are there.
type Decided = Result<(Option<KeptToken>, Vec<KeptToken>), TokenError>;

async fn change<D: Engine>(
    deps: &D,
    (id, seen): (&TokenId, Option<u64>),
    action: &str,
    act: Act<'_>,
    login: Option<&SessionId>,
    decide: impl Fn(&KeptToken, &[KeptToken]) -> Decided,
) -> Result<Token, TokenError> {
    retry_on_conflict(TokenError::Contended, || async {
        let rows = Trading(deps).list_tokens(act.user).await?;
        let rows: Vec<_> = rows.into_iter().filter(|row| row.token.id == *id && lets_in(row, act)).collect();
        let current = rows.iter().find(|row| !row.replaced).ok_or(TokenError::Unknown)?;
        if seen.is_some_and(|seen| seen != current.version) {
            return Err(TokenError::VersionConflict(current.version));
        }
        let (made, changed) = decide(current, &rows)?;
        if made.is_none() && changed == rows {
            return Ok(Some(token(current, &rows, act)));
        }
        let version = next(current);
        let changed: Vec<_> = changed.into_iter().map(|row| KeptToken { version, ..row }).collect();
        let all: Vec<_> = made.iter().chain(&changed).cloned().collect();
        let newest = all.iter().find(|row| !row.replaced).ok_or(TokenError::Unknown)?;
        let (before, after) = (token(current, &rows, act), token(newest, &all, act));
        let mut record = audit(action, id.as_str(), "wished by its user", act);
        (record.before, record.after) = (Some(told(&before)), Some(told(&after)));
        let changed = changed.into_iter().zip(rows.iter().map(|row| row.version)).collect();
        Ok(Trading(deps)
            .change_tokens(&TokenChange { made, changed, login: login.cloned(), standing: None }, &record)
            .await?
            .then_some(after))
    })
    .await
}

fn next(current: &KeptToken) -> u64 {
    current.version.saturating_add(1)
}

fn lets_in(row: &KeptToken, act: Act<'_>) -> bool {
    row.revoked_at.is_none() && row.token.is_live(act.now)
}

fn is_current(row: &KeptToken, act: Act<'_>) -> bool {
    !row.replaced && lets_in(row, act)
}

fn token(current: &KeptToken, rows: &[KeptToken], act: Act<'_>) -> Token {
    let former = rows.iter().filter(|row| row.token.id == current.token.id && row.replaced && lets_in(row, act));
    Token { kept: current.clone(), former_until: former.filter_map(|row| row.token.expires_at).max() }
}

fn order(token: &Token) -> (Option<Timestamp>, &TokenId) {
    (token.kept.created_at, &token.kept.token.id)
}

fn unlike(live: &[Token], label: &str, but: Option<&TokenId>) -> Result<(), TokenError> {
    let mut others = live.iter().filter(|token| Some(&token.kept.token.id) != but);
    if others.any(|token| token.kept.label.as_deref() == Some(label)) { Err(TokenError::Duplicate) } else { Ok(()) }
}

fn as_wanted(row: KeptToken, wanted: &Wanted) -> KeptToken {
    // A secret that is on its way out ends no later than it was to.
    let ends = row.token.expires_at.filter(|_| row.replaced).into_iter().chain(wanted.expires_at).min();
    let token = WebhookToken {
        account: wanted.account.clone(),
        exchange: wanted.exchange.clone(),
        grant: wanted.grant.clone(),
        expires_at: ends,
        ..row.token
    };
    KeptToken { token, label: Some(wanted.label.clone()), ..row }
}

fn ending(row: &KeptToken, until: Timestamp) -> KeptToken {
    let expires_at = Some(row.token.expires_at.map_or(until, |end| end.min(until)));
    KeptToken { token: WebhookToken { expires_at, ..row.token.clone() }, ..row.clone() }
}

fn hint(secret: &Secret) -> Option<String> {
    Some(secret.expose().chars().take(HINT_CHARACTERS).collect())
}
