//! A user's accounts: opened, named, let in and closed.
//!
//! 1. An account enters only when its owner has enabled it and a check has found it good; both are off at first.
//! 2. What changes whom an account trades as (its mode, its end) waits until no group of it is open.
//!    Another mode or another key is another wallet: what was known of the balances before is forgotten in the same commit.
//! 3. A secret is sealed before anything is kept of it, and shown masked.
//! 4. No account comes under a label that a webhook token is bound to: its URL would trade for another than it was made for.
//! 5. An address of a chain is looked at once it is proven, and never traded; nothing is sealed for one.
//! 6. What lets more be lost is done by a person, and told them: another key, the right to enter, a higher limit. So is what
//!    throws a key away. A program's key may take all of it back. The paper venue has no money to lose: there a program may
//!    let an account enter and raise its limits.

mod addresses;
mod error;
mod keys;
mod limits;
mod opened;
mod shown;

pub use addresses::{Addresses, tradable};
pub use error::AccountError;
pub use keys::{KeySaved, Keys, NewKey};
pub use limits::{BuiltIn, ChangedLimits, limit, start, usual_limits};
pub use opened::{NewAccount, connect};
pub use shown::shown;
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::{DayBalances, Groups, Idle, KeptAccount, Page, PageRequest};
use crate::{bots, notices};
use domain::account::Account;
use domain::ids::AccountId;
use domain::limits as bounds;
use domain::market::Exchange;
use domain::vault::{AccountState, Mode};
use opened::of_no_token;

/// What becomes of an account; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    pub label: Option<String>,
    pub enabled: Option<bool>,
}

/// By exchange and label.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, act: Act<'_>) -> Result<Vec<KeptAccount>, AccountError> {
    let mut kept = Trading(deps).list_kept_accounts(act.user).await?;
    kept.sort_by(|one, other| place(one).cmp(&place(other)));
    Ok(kept)
}

/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, id: &AccountId, act: Act<'_>) -> Result<KeptAccount, AccountError> {
    let kept = Trading(deps).list_kept_accounts(act.user).await?;
    kept.into_iter().find(|kept| kept.account.id == *id).ok_or(AccountError::Unknown)
}

/// The one of an exchange: with this label, else `default`, else the only one.
///
/// # Errors
/// `Unknown`, `Ambiguous`, or where the store cannot be reached.
pub async fn at<D: Engine>(
    deps: &D,
    exchange: &Exchange,
    label: Option<&str>,
    act: Act<'_>,
) -> Result<KeptAccount, AccountError> {
    let mut there = list(deps, act).await?;
    there.retain(|kept| kept.account.exchange == *exchange);
    let named = label.unwrap_or(bounds::ACCOUNT_LABEL_DEFAULT);
    if let Some(found) = there.iter().find(|kept| kept.account.label == named) {
        return Ok(found.clone());
    }
    match (label, there.pop()) {
        (None, Some(only)) if there.is_empty() => Ok(only),
        (None, Some(_)) => Err(AccountError::Ambiguous),
        _ => Err(AccountError::Unknown),
    }
}

/// Another label, or whether its owner lets it enter. `seen` is the version that is meant.
///
/// # Errors
/// `Unknown`, `NotInPerson`, `NotValidated`, `NeverTraded`, `Duplicate`, `LabelOfToken`, `VersionConflict`, or where the store
/// cannot be reached.
pub async fn change<D: Engine>(
    deps: &D,
    id: &AccountId,
    changed: &Changed,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<KeptAccount, AccountError> {
    let Changed { label, enabled } = changed;
    if let Some(label) = label {
        let account = find(deps, id, act).await?.account;
        if account.label != *label {
            of_no_token(deps, &account.exchange, label, act).await?;
        }
    }
    decide(deps, id, seen, "change account", Groups::Any, act, |kept, others| {
        let label = label.as_ref().unwrap_or(&kept.account.label);
        let is_taken = |other: &KeptAccount| place(other) == (&kept.account.exchange, label.as_str());
        if others.iter().any(is_taken) {
            return Err(AccountError::Duplicate);
        }
        if *enabled == Some(true) && kept.state.address.is_some() {
            return Err(AccountError::NeverTraded(kept.account.exchange.clone()));
        }
        if *enabled == Some(true) && !kept.state.enabled && has_money(kept) {
            in_person(act, "lets no account at an exchange enter")?;
        }
        if *enabled == Some(true) && !kept.state.validated {
            return Err(AccountError::NotValidated);
        }
        let account = Account { label: label.clone(), ..kept.account.clone() };
        let state = AccountState { enabled: enabled.unwrap_or(kept.state.enabled), ..kept.state.clone() };
        Ok(KeptAccount { account, state, key: kept.key.clone() })
    })
    .await
}

/// Another side of its venue, which has keys of its own: the one before goes, and it enters nothing until it was found
/// good and enabled anew. The side that it is on already changes nothing.
///
/// # Errors
/// `Unknown`, `NotInPerson`, `Mode`, `GroupsOpen`, `BotsRun`, `VersionConflict`, or where the store cannot be reached.
pub async fn set_mode<D: Engine>(
    deps: &D,
    id: &AccountId,
    mode: Mode,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<KeptAccount, AccountError> {
    decide(deps, id, seen, "switch account", Groups::NoneOpen, act, |kept, _| {
        if kept.state.address.is_some() {
            return addresses::looked_at(&kept.account.exchange, mode).map(|()| kept.clone());
        }
        fits(&kept.account.exchange, mode)?;
        if kept.state.mode == Some(mode) {
            return Ok(kept.clone());
        }
        let key = kept.key.clone().filter(|_| !is_other(kept, mode));
        if key != kept.key {
            in_person(act, THROWN_AWAY)?;
        }
        let version = kept.state.version;
        let state = AccountState { mode: Some(mode), version, ..AccountState::default() };
        Ok(KeptAccount { state, key, account: moved(kept, act) })
    })
    .await
}

/// What was started where nothing could be lost would go on where there is. What was said of the user's bots before this was looked at:
/// whoever counts on it holds that none was started since.
async fn no_bot_runs<D: Engine>(deps: &D, id: &AccountId, act: Act<'_>) -> Result<u64, AccountError> {
    let changes = Trading(deps).bot_changes(act.user).await?;
    let running = bots::running_with(deps, act.user, id).await?;
    if running > 0 { Err(AccountError::BotsRun(running)) } else { Ok(changes) }
}

/// Another wallet is traded from now on; at the paper venue the account keeps its book.
fn moved(kept: &KeptAccount, act: Act<'_>) -> Account {
    let account = kept.account.clone();
    if has_money(kept) { account.with_another_wallet(act.now) } else { account }
}

/// Accounts of the first release have no mode.
fn is_other(kept: &KeptAccount, mode: Mode) -> bool {
    kept.state.mode.is_some_and(|has| has != mode)
}

/// What an account had, a row for each day, newest first.
///
/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn days<D: Engine>(
    deps: &D,
    id: &AccountId,
    page: &PageRequest,
    act: Act<'_>,
) -> Result<Page<DayBalances>, AccountError> {
    let kept = find(deps, id, act).await?;
    Ok(Vault(deps).list_day_balances(&kept.account.id, page).await?)
}

/// It is found no more; what it traded stays on record.
///
/// # Errors
/// `Unknown`, `NotInPerson` of one with a key, `GroupsOpen`, `BotsRun`, `VersionConflict`, or where the store cannot be reached.
pub async fn remove<D: Engine>(deps: &D, id: &AccountId, seen: Option<u64>, act: Act<'_>) -> Result<(), AccountError> {
    retry_on_conflict(AccountError::Contended, || async {
        let kept = find(deps, id, act).await?;
        if kept.key.is_some() {
            in_person(act, THROWN_AWAY)?;
        }
        admitted(&kept, seen, Groups::NoneOpen)?;
        let bots = no_bot_runs(deps, id, act).await?;
        let record = audit("remove account", id.as_str(), "wished by its user", act);
        Ok(Trading(deps).close_account(&kept, bots, &record).await?.then_some(()))
    })
    .await
}

/// One change of one account; what is decided has the version that was seen.
async fn decide<D: Engine>(
    deps: &D,
    id: &AccountId,
    seen: Option<u64>,
    action: &str,
    groups: Groups,
    act: Act<'_>,
    decision: impl Fn(&KeptAccount, &[KeptAccount]) -> Result<KeptAccount, AccountError>,
) -> Result<KeptAccount, AccountError> {
    retry_on_conflict(AccountError::Contended, || async {
        let (mine, others): (Vec<_>, Vec<_>) =
            Trading(deps).list_kept_accounts(act.user).await?.into_iter().partition(|kept| kept.account.id == *id);
        let kept = mine.into_iter().next().ok_or(AccountError::Unknown)?;
        admitted(&kept, seen, groups)?;
        let mut after = decision(&kept, &others)?;
        if after == kept {
            return Ok(Some(kept));
        }
        let moves = after.state.mode.is_some_and(|mode| is_other(&kept, mode));
        let bots = if moves { Some(no_bot_runs(deps, id, act).await?) } else { None };
        after.state.version = kept.state.version.saturating_add(1);
        let mut record = audit(action, id.as_str(), "wished by its user", act);
        (record.before, record.after) = if kept.account.limits == after.account.limits {
            (Some(told(&kept)), Some(told(&after)))
        } else {
            (Some(limits::told(&kept.account.limits)), Some(limits::told(&after.account.limits)))
        };
        if Trading(deps).change_account(&kept, &after, Idle { groups, bots }, &record).await? {
            notices::account_widened(deps, &kept, &after, act.now).await;
            return Ok(Some(after));
        }
        Ok(None)
    })
    .await
}

const THROWN_AWAY: &str = "throws no key of an exchange away";

fn in_person(act: Act<'_>, what: &'static str) -> Result<(), AccountError> {
    if act.in_person() { Ok(()) } else { Err(AccountError::NotInPerson(what)) }
}

/// What could be lost there.
fn has_money(kept: &KeptAccount) -> bool {
    !kept.account.exchange.is_paper()
}

fn admitted(kept: &KeptAccount, seen: Option<u64>, groups: Groups) -> Result<(), AccountError> {
    if seen.is_some_and(|seen| seen != kept.state.version) {
        return Err(AccountError::VersionConflict(kept.state.version));
    }
    if groups == Groups::NoneOpen && kept.account.open_groups > 0 {
        return Err(AccountError::GroupsOpen(kept.account.open_groups));
    }
    Ok(())
}

fn told(kept: &KeptAccount) -> String {
    let AccountState { enabled, validated, mode, .. } = &kept.state;
    let mode = mode.map_or("no mode", Mode::as_str);
    let key = match (&kept.key, &kept.state.address) {
        (Some(key), _) => key.id.as_str(),
        (None, Some(held)) if held.is_proven() => "proven address",
        (None, Some(_)) => "unproven address",
        (None, None) => "no key",
    };
    format!("{} {mode}, {key}, enabled {enabled}, validated {validated}", kept.account.label)
}

fn place(kept: &KeptAccount) -> (&Exchange, &str) {
    (&kept.account.exchange, &kept.account.label)
}

fn fits(exchange: &Exchange, mode: Mode) -> Result<(), AccountError> {
    if exchange.is_paper() == (mode == Mode::Paper) {
        return Ok(());
    }
    let allowed = if exchange.is_paper() { "paper" } else { "testnet or live" };
    Err(AccountError::Mode { exchange: exchange.clone(), allowed })
}
