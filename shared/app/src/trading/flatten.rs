//! Out of everything: entries are halted, those that rest are cancelled, and every position is sold at the market.
//!
//! 1. It takes two calls. The first shows what would be sold and gives a code of a minute; the second gives the code back.
//! 2. A code is of one session, one scope and the list that was shown. It is begun once, and after five wrong ones there is another.
//! 3. What was begun goes on: the same code within ten minutes does what is left, and sells nothing twice.
//! 4. Only a logged-in user may; another user and the deployment are an admin's, lately logged in with a second factor. A halt stands first, so that nothing is opened behind it; what cannot be halted is sold all the same.
//! 5. What was opened since it was shown is not sold: the user hears of it, and looks again.

use super::close::leave;
use super::halt::{Halted, note, stop, take_back};
use super::scope::accounts;
use super::system::halt_system;
use super::{ActError, change_on_record};
use crate::actor::{Act, audit};
use crate::ports::{Queues, Session, StoreError};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::group::{Group, Position};
use domain::identity::{Grant, Role};
use domain::ids::{AccountId, GroupId, Sha, UserId};
use domain::limits::FACTOR_LASTS;
use futures_util::future::join_all;
use std::collections::BTreeSet;
use store::Engine;
use store::trading::{FlattenCode, Trading};

/// How long a code may be given back, and how long what was begun may go on.
const CODE_LASTS: Millis = Millis::seconds(60);
const BEGUN_LASTS: Millis = Millis::seconds(600);
const TRIES_MAX: u32 = 5;
/// For how long one request sells: what is left is done by the same again.
const TIME: Millis = Millis::seconds(6);
/// Of 32 characters each: more than five tries in a minute find.
const CODE_LENGTH: usize = 8;

/// So many rows are read at a time.
const AT_ONCE: usize = 16;
/// At most so many positions are shown at once: what is left takes another code.
const SHOWN_MAX: usize = 1_000;

/// Whose positions are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Of the user who asks: all accounts, or the one named by its id or label.
    Own(Option<&'a str>),
    /// Of another user.
    User(&'a UserId, Option<&'a str>),
    Deployment,
}

/// What would be sold, and by which code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flattening {
    pub accounts: Vec<Account>,
    pub positions: Vec<Group>,
    pub code: String,
    pub until: Timestamp,
}

/// What is on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flattened {
    pub halted: Halted,
    pub closing: Vec<Group>,
    /// Positions that there was no time for: the same again goes on.
    pub left: usize,
}

/// Shows what would be sold, and keeps a code for it in the place of an earlier one.
///
/// # Errors
/// `NotInPerson`, `NotYours`, `FactorNeeded`, `NoUser`, `UnknownAccount`, `AmbiguousAccount`, or if the store cannot be reached.
pub async fn show_flatten<D: Engine>(
    deps: &D,
    whose: Whose<'_>,
    by: &Session,
    act: Act<'_>,
) -> Result<Flattening, ActError> {
    let session = may(whose, by, act)?;
    let accounts = meant(deps, whose, act).await?;
    let mut open = live(&accounts);
    open.truncate(SHOWN_MAX);
    let open = named(&open);
    let positions = shown(deps, &open).await?;
    let code = code_of(&Sha::of_parts(&["flatten", deps.stamp()?.as_str()]));
    let until = act.now.plus(CODE_LASTS);
    let ids = accounts.iter().map(|account| account.id.to_string());
    let list = ids.chain(open.iter().map(|(account, group)| entry(account, group))).collect();
    let hash = hash(&code, session, whose);
    let kept = FlattenCode { hash, session: session.to_owned(), list, until, tries: 0, begun_at: None };
    Trading(deps).keep_flatten(act.user, &kept).await?;
    Ok(Flattening { accounts, positions, code, until })
}

/// What can be shown: one that cannot be read is sold with the others all the same.
async fn shown<D: Engine>(deps: &D, live: &[(AccountId, GroupId)]) -> Result<Vec<Group>, StoreError> {
    match Trading(deps).load_groups(live).await {
        Err(StoreError::Unreadable(_)) => {}
        read => return read,
    }
    let mut readable = Vec::with_capacity(live.len());
    for chunk in live.chunks(AT_ONCE) {
        let rows = Trading(deps);
        let each = chunk.iter().map(|one| rows.load_groups(std::slice::from_ref(one)));
        for read in join_all(each).await {
            match read {
                Err(StoreError::Unreadable(_)) => {}
                read => readable.extend(read?),
            }
        }
    }
    Ok(readable)
}

/// Halts, cancels and sells what was shown, or goes on with that.
///
/// # Errors
/// As [`show_flatten`]; `NoCode`, `WrongCode`, `CodeOver`, `FlattenChanged`, `Contended`, or if the store cannot be reached: then the same
/// again does the rest, as it does where something is left.
pub async fn flatten<D: Engine + Queues>(
    deps: &D,
    whose: Whose<'_>,
    (code, by): (&str, &Session),
    reason: &str,
    act: Act<'_>,
) -> Result<Flattened, ActError> {
    let session = may(whose, by, act)?;
    let ids = meant_ids(deps, whose, act).await?;
    let kept = begin(deps, &ids, (code, session, whose), act).await?;
    // What cannot be halted is sold all the same: what is open comes first.
    let halted = match whose {
        Whose::Deployment => halt_system(deps, reason, act).await.map_err(ActError::from),
        Whose::Own(_) | Whose::User(..) => stop(deps, &ids, reason, act).await,
    };
    // As they are once nothing is opened any more.
    let accounts = known(deps, &ids).await?;
    let (meant, opened_since): (Vec<_>, Vec<_>) =
        live(&accounts).into_iter().partition(|(account, group)| kept.list.contains(&entry(&account.id, group)));
    let mut closing = shown(deps, &named(&meant)).await?;
    closing.retain(|group| group.exit.is_some());
    let begun: BTreeSet<GroupId> = closing.iter().map(|group| group.id.clone()).collect();
    let mut to_sell: Vec<_> = meant.iter().filter(|(_, group)| !begun.contains(group)).collect();
    // One that cannot be sold does not always come first.
    let turn = usize::try_from(act.now.millis()).unwrap_or_default().checked_rem(to_sell.len()).unwrap_or_default();
    to_sell.rotate_left(turn);
    let mut done = Flattened { closing, left: to_sell.len(), ..Flattened::default() };
    let mut failed = None;
    let (mut is_over, mut gets_on) = (false, false);
    // One after another: each is put at the end of one chain of records, and two at once would be in each other's way. However late it
    // is, one is sold: each request gets on.
    for (account, group) in to_sell {
        done.left = done.left.saturating_sub(1);
        match close_one(deps, account, group, reason, act).await {
            Ok(position) => {
                gets_on = true;
                note(&position, &mut done.halted);
                done.closing.push(position.group);
            }
            Err(ActError::AlreadyClosed | ActError::NoGroup) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
        is_over = deps.now().since(act.now) > TIME;
        if is_over {
            break;
        }
    }
    for (account, group) in opened_since.iter().take_while(|_| !is_over && done.left == 0) {
        failed = failed.or(take_back(deps, account, group, act, &mut done.halted).await.err());
    }
    // The user has not seen these.
    let is_more = done.left == 0 && !opened_since.is_empty();
    // A failure is returned once nothing else is left: until then the same request again makes progress.
    let failed = failed.filter(|_| done.left == 0 || !gets_on);
    if let Some(error) = halted.err().or(failed).or(is_more.then_some(ActError::FlattenChanged)) {
        return Err(error);
    }
    done.halted.accounts = known(deps, &ids).await?;
    Ok(done)
}

/// Whether it is for this user to sell that, and in which session.
fn may<'a>(whose: Whose<'_>, by: &'a Session, act: Act<'_>) -> Result<&'a str, ActError> {
    let session = by.login.as_ref().filter(|_| act.in_person());
    let session = session.ok_or(ActError::NotInPerson("sells nothing all at once"))?;
    if !matches!(whose, Whose::Own(_)) {
        if let Some(more) = by.lacks(&Grant::from(Role::Admin).scopes) {
            return Err(ActError::NotYours(more.clone()));
        }
        if by.factor_at.is_none_or(|at| act.now.since(at) > FACTOR_LASTS) {
            return Err(ActError::FactorNeeded);
        }
    }
    Ok(session.as_str())
}

async fn meant<D: Engine>(deps: &D, whose: Whose<'_>, act: Act<'_>) -> Result<Vec<Account>, ActError> {
    match whose {
        Whose::Own(named) => accounts(deps, act.user, named).await,
        Whose::User(user, named) => match accounts(deps, user, named).await? {
            none if none.is_empty() => Err(ActError::NoUser),
            theirs => Ok(theirs),
        },
        Whose::Deployment => Ok(known(deps, &Trading(deps).all_active().await?).await?),
    }
}

async fn meant_ids<D: Engine>(deps: &D, whose: Whose<'_>, act: Act<'_>) -> Result<Vec<AccountId>, ActError> {
    match whose {
        Whose::Deployment => Ok(Trading(deps).all_active().await?),
        _ => Ok(meant(deps, whose, act).await?.into_iter().map(|account| account.id).collect()),
    }
}

/// The accounts as they stand now.
async fn known<D: Engine>(deps: &D, ids: &[AccountId]) -> Result<Vec<Account>, StoreError> {
    let mut accounts = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(AT_ONCE) {
        let rows = Trading(deps);
        let loaded = chunk.iter().map(|id| rows.load_account(id));
        let loaded = join_all(loaded).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        accounts.extend(loaded.into_iter().flatten());
    }
    Ok(accounts)
}

async fn begin<D: Engine>(
    deps: &D,
    meant: &[AccountId],
    (code, session, whose): (&str, &str, Whose<'_>),
    act: Act<'_>,
) -> Result<FlattenCode, ActError> {
    let kept = Trading(deps).load_flatten(act.user, session).await?;
    let Some(kept) = kept else { return Err(ActError::NoCode) };
    if kept.tries >= TRIES_MAX {
        return Err(ActError::CodeOver);
    }
    if kept.hash != hash(&code.trim().to_ascii_lowercase(), session, whose) {
        let counted = Trading(deps).count_flatten_try(act.user, &kept).await?;
        let left = TRIES_MAX.saturating_sub(kept.tries).saturating_sub(1);
        return Err(if counted { ActError::WrongCode(left) } else { ActError::Contended });
    }
    let lasts = |since: Timestamp, span: Millis| act.now < since.plus(span);
    match kept.begun_at {
        Some(begun_at) if !lasts(begun_at, BEGUN_LASTS) => Err(ActError::CodeOver),
        None if act.now >= kept.until => Err(ActError::CodeOver),
        _ if whose != Whose::Deployment && !were_shown(meant, &kept) => Err(ActError::FlattenChanged),
        Some(_) => Ok(kept),
        None if Trading(deps).begin_flatten(act.user, &kept, act.now).await? => Ok(kept),
        None => Err(ActError::Contended),
    }
}

/// Whether all accounts that are meant were shown. What was opened there since holds up nothing that was.
fn were_shown(meant: &[AccountId], kept: &FlattenCode) -> bool {
    meant.iter().all(|account| kept.list.contains(account.as_str()))
}

fn entry(account: &AccountId, group: &GroupId) -> String {
    format!("{account} {group}")
}

/// What is open, each with its account.
fn live(accounts: &[Account]) -> Vec<(&Account, GroupId)> {
    accounts.iter().flat_map(|account| account.live.values().map(move |group| (account, group.clone()))).collect()
}

fn named(open: &[(&Account, GroupId)]) -> Vec<(AccountId, GroupId)> {
    open.iter().map(|(account, group)| (account.id.clone(), group.clone())).collect()
}

/// On record under the user who sells.
async fn close_one<D: Engine + Queues>(
    deps: &D,
    account: &Account,
    group: &GroupId,
    reason: &str,
    act: Act<'_>,
) -> Result<Position, ActError> {
    let record = Some(audit("flatten", group.as_str(), reason, act));
    let is_own = account.user == *act.user;
    let why = if is_own { "everything is sold by its user" } else { "everything is sold by an admin" };
    let theirs = Act { user: &account.user, ..act };
    change_on_record(deps, &account.id, group, why, theirs, record, |position| leave(position, act.now)).await
}

/// In letters and digits that are not taken for each other.
fn code_of(random: &Sha) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte % 32)).copied().map_or('a', char::from);
    let bytes = random
        .as_str()
        .as_bytes()
        .chunks(2)
        .filter_map(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
    bytes.take(CODE_LENGTH).map(|byte| letter(&byte)).collect()
}

/// A code of one scope is none of another.
fn hash(code: &str, session: &str, whose: Whose<'_>) -> Sha {
    let (scope, named) = match whose {
        Whose::Own(named) => ("own", named),
        Whose::User(user, named) => (user.as_str(), named),
        Whose::Deployment => ("deployment", None),
    };
    Sha::of_parts(&["flatten code", code, session, scope, named.unwrap_or_default()])
}
