//! Out of everything: entries are halted, those that rest are cancelled, and every position is sold at the market.
//!
//! 1. It takes two calls. The first shows what would be sold and gives a code of a minute; the second gives the code back.
//! 2. A code is of one session, one scope and the list that was shown. It is begun once, and after five wrong ones there is another.
//! 3. What was begun goes on: the same code within ten minutes does what is left, and sells nothing twice.
//! 4. Only a logged-in user may. A halt stands first, so that nothing is opened behind it; what cannot be halted is sold all the same.
//! 5. What was opened since it was shown is not sold: the user hears of it, and looks again.

use super::close::leave;
use super::halt::{Halted, stop, take_back};
use super::scope::{accounts, states};
use super::{ActError, change_on_record};
use crate::actor::{Act, audit};
use crate::ports::{Queues, StoreError};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::group::{Group, Position};
use domain::ids::{AccountId, GroupId, Sha};
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
    pub closing: Vec<Position>,
}

/// Shows what would be sold of all accounts of the user, or the one named, and keeps a code for it in the place of an earlier one.
///
/// # Errors
/// `NotInPerson`, `UnknownAccount`, `AmbiguousAccount`, or if the store cannot be reached.
pub async fn show_flatten<D: Engine>(
    deps: &D,
    named: Option<&str>,
    session: &str,
    act: Act<'_>,
) -> Result<Flattening, ActError> {
    in_person(act)?;
    let accounts = accounts(deps, act.user, named).await?;
    let live = live(&accounts);
    let positions = shown(deps, &live).await?;
    let code = code_of(&Sha::of_parts(&["flatten", deps.stamp()?.as_str()]));
    let until = act.now.plus(CODE_LASTS);
    let hash = hash(&code, session);
    let kept =
        FlattenCode { hash, session: session.to_owned(), list: list(&accounts), until, tries: 0, begun_at: None };
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
    for one in live {
        match Trading(deps).load_groups(std::slice::from_ref(one)).await {
            Err(StoreError::Unreadable(_)) => {}
            read => readable.extend(read?),
        }
    }
    Ok(readable)
}

/// Halts, cancels and sells what was shown, or goes on with that.
///
/// # Errors
/// `NotInPerson`, `NoCode`, `WrongCode`, `CodeOver`, `FlattenChanged`, `Contended`, or if the store cannot be reached: then the same again does the
/// rest.
pub async fn flatten<D: Engine + Queues>(
    deps: &D,
    named: Option<&str>,
    (code, session): (&str, &str),
    reason: &str,
    act: Act<'_>,
) -> Result<Flattened, ActError> {
    in_person(act)?;
    let meant = accounts(deps, act.user, named).await?;
    let kept = begin(deps, &meant, (code, session), act).await?;
    let meant: Vec<AccountId> = meant.into_iter().map(|account| account.id).collect();
    // What cannot be halted is sold all the same: what is open comes first.
    let mut failed = stop(deps, &meant, reason, act).await.err();
    // As they are once nothing is opened any more.
    let live = live(&states(deps, act.user, &meant).await?);
    let (shown, opened_since): (Vec<_>, Vec<_>) =
        live.into_iter().partition(|(account, group)| kept.list.contains(&entry(account, group)));
    let mut closing = Vec::new();
    for (account, group) in shown {
        if deps.now().since(act.now) > TIME {
            failed = failed.or(Some(ActError::Contended));
            break;
        }
        match close_one(deps, &account, &group, reason, act).await {
            Ok(position) => closing.push(position),
            Err(ActError::AlreadyClosed | ActError::NoGroup) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    // The user has not seen these.
    failed = failed.or((!opened_since.is_empty()).then_some(ActError::FlattenChanged));
    let mut halted = Halted::default();
    for account in &meant {
        failed = failed.or(take_back(deps, account, act, &mut halted).await.err());
    }
    if let Some(error) = failed {
        return Err(error);
    }
    let halted = Halted { accounts: states(deps, act.user, &meant).await?, ..halted };
    Ok(Flattened { halted, closing })
}

async fn begin<D: Engine>(
    deps: &D,
    meant: &[Account],
    (code, session): (&str, &str),
    act: Act<'_>,
) -> Result<FlattenCode, ActError> {
    let kept = Trading(deps).load_flatten(act.user).await?.filter(|kept| kept.session == session);
    let Some(kept) = kept else { return Err(ActError::NoCode) };
    if kept.tries >= TRIES_MAX {
        return Err(ActError::CodeOver);
    }
    if kept.hash != hash(&code.trim().to_ascii_lowercase(), session) {
        let counted = Trading(deps).count_flatten_try(act.user, &kept).await?;
        let left = TRIES_MAX.saturating_sub(kept.tries).saturating_sub(1);
        return Err(if counted { ActError::WrongCode(left) } else { ActError::Contended });
    }
    let lasts = |since: Timestamp, span: Millis| act.now < since.plus(span);
    match kept.begun_at {
        Some(begun_at) if !lasts(begun_at, BEGUN_LASTS) => Err(ActError::CodeOver),
        None if act.now >= kept.until => Err(ActError::CodeOver),
        _ if !were_shown(meant, &kept) => Err(ActError::FlattenChanged),
        Some(_) => Ok(kept),
        None if Trading(deps).begin_flatten(act.user, &kept, act.now).await? => Ok(kept),
        None => Err(ActError::Contended),
    }
}

/// Whether all accounts that are meant were shown. What was opened there since holds up nothing that was.
fn were_shown(meant: &[Account], kept: &FlattenCode) -> bool {
    meant.iter().all(|account| kept.list.contains(account.id.as_str()))
}

/// The accounts that are meant, and what is open there.
fn list(accounts: &[Account]) -> BTreeSet<String> {
    let open = live(accounts).into_iter().map(|(account, group)| entry(&account, &group));
    accounts.iter().map(|account| account.id.to_string()).chain(open).collect()
}

fn entry(account: &AccountId, group: &GroupId) -> String {
    format!("{account} {group}")
}

fn live(accounts: &[Account]) -> Vec<(AccountId, GroupId)> {
    let of =
        |account: &Account| account.live.values().map(|group| (account.id.clone(), group.clone())).collect::<Vec<_>>();
    accounts.iter().flat_map(of).collect()
}

async fn close_one<D: Engine + Queues>(
    deps: &D,
    account: &AccountId,
    group: &GroupId,
    reason: &str,
    act: Act<'_>,
) -> Result<Position, ActError> {
    let record = Some(audit("flatten", group.as_str(), reason, act));
    change_on_record(deps, account, group, "everything is sold by its user", act, record, |position| {
        leave(position, act.now)
    })
    .await
}

fn in_person(act: Act<'_>) -> Result<(), ActError> {
    if act.in_person() { Ok(()) } else { Err(ActError::NotInPerson("sells nothing all at once")) }
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

fn hash(code: &str, session: &str) -> Sha {
    Sha::of_parts(&["flatten code", code, session])
}
