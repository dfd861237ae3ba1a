//! A user's accounts: opened, named, let in and closed.
//!
//! 1. An account enters only when its owner has enabled it and a check has found it good; both are off at first.
//! 2. What changes whom an account trades as (its mode, its end) waits until no group of it is open.
//! 3. A secret is sealed before anything is kept of it, and shown masked.
//! 4. No account comes under a label that a webhook token is bound to: its URL would trade for another than it was made for.
//! 5. An address of a chain is looked at once it is proven, and never traded; nothing is sealed for one.
//! 6. What lets more be lost is done by a person, and told them: another key, the right to enter, a higher limit. So is what
//!    throws a key away. A program's key may take all of it back. The paper venue has no money to lose: there a program may
//!    let an account enter and raise its limits.

mod addresses;
mod keys;
mod limits;
mod shown;
#[cfg(test)]
mod tests;

pub use addresses::{Addresses, tradable};
pub use keys::{KeySaved, Keys, NewKey};
pub use limits::{BuiltIn, ChangedLimits, limit, start, usual_limits};
pub use shown::shown;

use crate::bots;
use crate::notices;
use crate::ports::{
    Balance, Book, ChangeAccount, CountRunning, DayBalances, FeeIn, Groups, Idle, KeptAccount, KeptWallet,
    ListDayBalances, ListKeptAccounts, ListTokens, ListWallets, LoadBot, LoadRun, Notify, OpenAccount, Page,
    PageRequest, PaperSettings, StoreError,
};
use crate::trading::{Act, audit};
use crate::wallets;
use domain::account::{Account, AccountLimits, DayLoss};
use domain::chain::{ChainFault, Unproven};
use domain::ids::AccountId;
use domain::limits as bounds;
use domain::market::{Asset, Exchange};
use domain::money::Amount;
use domain::vault::{AccountState, KeyFault, Mode};
use domain::wallet::WalletKind;
use std::collections::BTreeMap;

pub trait Accounts:
    ListKeptAccounts + OpenAccount + ChangeAccount + ListWallets + ListTokens + LoadBot + LoadRun + CountRunning + Notify
{
}
impl<D> Accounts for D where
    D: ListKeptAccounts
        + OpenAccount
        + ChangeAccount
        + ListWallets
        + ListTokens
        + LoadBot
        + LoadRun
        + CountRunning
        + Notify
{
}

/// An account that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    pub exchange: Exchange,
    pub label: String,
    pub mode: Mode,
    pub limits: AccountLimits,
    /// What the paper venue holds for it at first.
    pub start: BTreeMap<Asset, Amount>,
}

/// What becomes of an account; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    pub label: Option<String>,
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    #[error("there is no such account")]
    Unknown,
    #[error("one of your accounts at this exchange has this label already: choose another")]
    Duplicate,
    #[error("the webhook token \"{0}\" trades on whatever is called so: revoke it or bind it to another account first")]
    LabelOfToken(String),
    #[error("at most {} accounts are kept: remove one first", bounds::ACCOUNTS_PER_USER_MAX)]
    TooMany,
    #[error("several of your accounts are at this exchange: name one by ?label=")]
    Ambiguous,
    /// The label alone does not say which account is meant.
    #[error("must be named: accounts called {0} are at several exchanges")]
    AtSeveral(String),
    #[error("{0} is not known here: GET /api/v1/wallets lists who is")]
    NoWallet(Exchange),
    #[error("no account is connected at {0} any more: its wallet is not active")]
    Inactive(Exchange),
    #[error("no address of {0} can be connected: it is not said which chain that is, or it is none of Ethereum's kind")]
    WalletNotSupported(Exchange),
    #[error("must be given: one of {0}, which you prove to be yours by a signature")]
    AddressMissing(Exchange),
    #[error("is for chains, and {0} is none: its wallet is not of type WALLET")]
    NoAddressThere(Exchange),
    /// Somebody has mistyped it.
    #[error("has capitals that are not those of its checksum (EIP-55): copy it anew")]
    Checksum,
    #[error("one of your accounts is for this address already")]
    AddressConnected,
    #[error("this account is for no address: there is nothing to prove")]
    NoAddress,
    #[error("{}", unproven(*.0))]
    Unproven(Unproven),
    #[error("this address is not proven to be yours yet: sign what is asked first")]
    NotProven,
    #[error("{0} is a chain: its addresses are looked at, and never traded")]
    NeverTraded(Exchange),
    /// Nothing is known of what an address has.
    #[error("{}", .0.detail())]
    Unread(ChainFault),
    /// What would be kept there is no key of an exchange: a private key must never be.
    #[error("{0} takes no API key, and nothing of it was kept: never give a private key or a seed phrase to anybody")]
    KeyNotTaken(Exchange),
    #[error("is part of every key of {0}, beside its secret: give the one that was chosen when the key was made")]
    PassphraseMissing(Exchange),
    #[error("is no part of a key of {0}: leave it out")]
    NoPassphrase(Exchange),
    /// The paper venue has one mode, and no other venue has it.
    #[error("must be {allowed} at {exchange}")]
    Mode { exchange: Exchange, allowed: &'static str },
    #[error("{0} position groups are open: close them first")]
    GroupsOpen(u32),
    #[error("{0} bots trade with it: stop them first")]
    BotsRun(u32),
    /// What rests there would be looked for elsewhere, and exits would sell what is not theirs.
    #[error(
        "this key is of another account at {0} than the one whose position groups are open: save a key of that one, or close them first"
    )]
    OtherAccount(Exchange),
    #[error(
        "{0} does not tell whether this key is of the account whose position groups are open, and with another account's key their \
         exits would sell what is not theirs: where it is of the same account, say so with \"same_account\": true"
    )]
    AccountUntold(Exchange),
    #[error("it has not been found good yet: have it validated first")]
    NotValidated,
    /// Whoever has stolen a program's key would undo what keeps them from the money.
    #[error("a program's key {0}: a person does, who has logged in")]
    NotInPerson(&'static str),
    #[error("{0} cannot be traded yet: there is no adapter for it. The account is kept, and enters nothing")]
    NotTradable(Exchange),
    /// The key's own fault.
    #[error("{}", .0.detail())]
    Key(KeyFault),
    /// With the label, where it is the same user's.
    #[error("{}{}", KeyFault::ConnectedTwice.detail(), connected_as(.0.as_deref()))]
    ConnectedTwice(Option<String>),
    #[error("this account has no key: save one first")]
    NoKey,
    #[error("the key that is kept does not open any more: save it anew")]
    Shut,
    /// Nothing is known of the key.
    #[error("{0}: nothing was changed, try again later")]
    VenueAway(String),
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// By exchange and label.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: ListKeptAccounts>(deps: &D, act: Act<'_>) -> Result<Vec<KeptAccount>, AccountError> {
    let mut kept = deps.list_kept_accounts(act.user).await?;
    kept.sort_by(|one, other| place(one).cmp(&place(other)));
    Ok(kept)
}

/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn find<D: ListKeptAccounts>(deps: &D, id: &AccountId, act: Act<'_>) -> Result<KeptAccount, AccountError> {
    let kept = deps.list_kept_accounts(act.user).await?;
    kept.into_iter().find(|kept| kept.account.id == *id).ok_or(AccountError::Unknown)
}

/// The one of an exchange: with this label, else `default`, else the only one.
///
/// # Errors
/// `Unknown`, `Ambiguous`, or where the store cannot be reached.
pub async fn at<D: ListKeptAccounts>(
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

/// # Errors
/// `NoWallet`, `WalletNotSupported`, `AddressMissing`, `Inactive`, `Mode`, `Duplicate`, `LabelOfToken`, `TooMany`, or where
/// the store cannot be reached.
pub async fn connect<D: Accounts>(deps: &D, new: NewAccount, act: Act<'_>) -> Result<KeptAccount, AccountError> {
    let wallet = wallets::of_exchange(deps, &new.exchange).await?;
    connect_at(deps, wallet.as_ref(), new, act).await
}

async fn connect_at<D: Accounts>(
    deps: &D,
    wallet: Option<&KeptWallet>,
    new: NewAccount,
    act: Act<'_>,
) -> Result<KeptAccount, AccountError> {
    let wallet = wallet.ok_or_else(|| AccountError::NoWallet(new.exchange.clone()))?;
    let is_chain = wallet.definition.kind() == Some(WalletKind::Wallet);
    if is_chain && wallet.definition.chain().is_none() {
        return Err(AccountError::WalletNotSupported(new.exchange));
    }
    if !wallet.definition.is_active {
        return Err(AccountError::Inactive(new.exchange));
    }
    if is_chain {
        return Err(AccountError::AddressMissing(new.exchange));
    }
    fits(&new.exchange, new.mode)?;
    room(deps, &new, act).await?;
    of_no_token(deps, &new.label, act).await?;
    let mode = Some(new.mode);
    let state = AccountState { mode, version: 1, ..AccountState::default() };
    let kept = KeptAccount { account: account(new, act), state, key: None };
    let book = kept.account.exchange.is_paper().then(|| book(&kept.account, act));
    let record = audit("connect account", kept.account.id.as_str(), "wished by its user", act);
    if deps.open_account(&kept, book.as_ref(), &record).await? { Ok(kept) } else { Err(AccountError::Duplicate) }
}

/// A user's accounts, where there is room for one more with this label.
async fn room<D: ListKeptAccounts>(deps: &D, new: &NewAccount, act: Act<'_>) -> Result<Vec<KeptAccount>, AccountError> {
    let there = deps.list_kept_accounts(act.user).await?;
    if there.iter().any(|kept| place(kept) == (&new.exchange, new.label.as_str())) {
        return Err(AccountError::Duplicate);
    }
    if there.len() >= bounds::ACCOUNTS_PER_USER_MAX { Err(AccountError::TooMany) } else { Ok(there) }
}

/// Binding a token and naming an account at the same moment are both its owner's, who sees either.
async fn of_no_token<D: ListTokens>(deps: &D, label: &str, act: Act<'_>) -> Result<(), AccountError> {
    let tokens = deps.list_tokens(act.user).await?;
    let mut bound = tokens.iter().filter(|kept| kept.token.account.as_deref() == Some(label));
    match bound.find(|kept| kept.revoked_at.is_none() && kept.token.is_live(act.now)) {
        Some(kept) => Err(AccountError::LabelOfToken(kept.label.clone().unwrap_or_default())),
        None => Ok(()),
    }
}

/// Another label, or whether its owner lets it enter. `seen` is the version that is meant.
///
/// # Errors
/// `Unknown`, `NotInPerson`, `NotValidated`, `NeverTraded`, `Duplicate`, `LabelOfToken`, `VersionConflict`, or where the store
/// cannot be reached.
pub async fn change<D: Accounts>(
    deps: &D,
    id: &AccountId,
    changed: &Changed,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<KeptAccount, AccountError> {
    let Changed { label, enabled } = changed;
    if let Some(label) = label
        && find(deps, id, act).await?.account.label != *label
    {
        of_no_token(deps, label, act).await?;
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
pub async fn set_mode<D: Accounts>(
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
        Ok(KeptAccount { state, key, account: kept.account.clone() })
    })
    .await
}

/// What was started where nothing could be lost would go on where there is. What was said of the user's bots before this was looked at:
/// whoever counts on it holds that none was started since.
async fn no_bot_runs<D: Accounts>(deps: &D, id: &AccountId, act: Act<'_>) -> Result<u64, AccountError> {
    let changes = deps.bot_changes(act.user).await?;
    let running = bots::running_with(deps, act.user, id).await?;
    if running > 0 { Err(AccountError::BotsRun(running)) } else { Ok(changes) }
}

/// Accounts of the first release have no mode.
fn is_other(kept: &KeptAccount, mode: Mode) -> bool {
    kept.state.mode.is_some_and(|has| has != mode)
}

/// What an account had, a row for each day, newest first.
///
/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn days<D: ListKeptAccounts + ListDayBalances>(
    deps: &D,
    id: &AccountId,
    page: &PageRequest,
    act: Act<'_>,
) -> Result<Page<DayBalances>, AccountError> {
    let kept = find(deps, id, act).await?;
    Ok(deps.list_day_balances(&kept.account.id, page).await?)
}

/// It is found no more; what it traded stays on record.
///
/// # Errors
/// `Unknown`, `NotInPerson` of one with a key, `GroupsOpen`, `BotsRun`, `VersionConflict`, or where the store cannot be reached.
pub async fn remove<D: Accounts>(
    deps: &D,
    id: &AccountId,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<(), AccountError> {
    for _ in 0..bounds::DECISIONS_PER_RUN_MAX {
        let kept = find(deps, id, act).await?;
        if kept.key.is_some() {
            in_person(act, THROWN_AWAY)?;
        }
        admitted(&kept, seen, Groups::NoneOpen)?;
        let bots = no_bot_runs(deps, id, act).await?;
        let record = audit("remove account", id.as_str(), "wished by its user", act);
        if deps.close_account(&kept, Some(bots), &record).await? {
            return Ok(());
        }
    }
    Err(AccountError::Contended)
}

/// One change of one account; what is decided has the version that was seen.
async fn decide<D: Accounts>(
    deps: &D,
    id: &AccountId,
    seen: Option<u64>,
    action: &str,
    groups: Groups,
    act: Act<'_>,
    decision: impl Fn(&KeptAccount, &[KeptAccount]) -> Result<KeptAccount, AccountError>,
) -> Result<KeptAccount, AccountError> {
    for _ in 0..bounds::DECISIONS_PER_RUN_MAX {
        let (mine, others): (Vec<_>, Vec<_>) =
            deps.list_kept_accounts(act.user).await?.into_iter().partition(|kept| kept.account.id == *id);
        let kept = mine.into_iter().next().ok_or(AccountError::Unknown)?;
        admitted(&kept, seen, groups)?;
        let mut after = decision(&kept, &others)?;
        if after == kept {
            return Ok(kept);
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
        if deps.change_account(&kept, &after, Idle { groups, bots }, &record).await? {
            notices::account_widened(deps, &kept, &after, act.now).await;
            return Ok(after);
        }
    }
    Err(AccountError::Contended)
}

const THROWN_AWAY: &str = "throws no key of an exchange away";

fn in_person(act: Act<'_>, what: &'static str) -> Result<(), AccountError> {
    if act.in_person { Ok(()) } else { Err(AccountError::NotInPerson(what)) }
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

fn connected_as(label: Option<&str>) -> String {
    label.map(|label| format!(" (yours labelled \"{label}\")")).unwrap_or_default()
}

fn unproven(why: Unproven) -> &'static str {
    match why {
        Unproven::NoChallenge => "nothing is to be signed: ask for a challenge",
        Unproven::Expired => "the challenge has ended: ask for another one",
        Unproven::Foreign => {
            "the signature is not of this address over the text that is to be signed, to the last byte; that of a \
             contract wallet (ERC-1271) cannot be checked here"
        }
    }
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

fn account(new: NewAccount, act: Act<'_>) -> Account {
    let cause = [act.user.as_str(), new.exchange.as_str(), &new.label, act.attempt.as_str()];
    Account {
        id: AccountId::of(&cause),
        user: act.user.clone(),
        exchange: new.exchange,
        label: new.label,
        limits: new.limits,
        balances: new.start,
        balance_at: act.now,
        balance_told_at: act.now,
        filled_at: domain::clock::Timestamp::default(),
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: act.now.day(), amount: Amount::ZERO },
        halted: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
    }
}

/// The paper venue holds what the account believes it to.
fn book(account: &Account, act: Act<'_>) -> Book {
    let held = |amount: &Amount| Balance { free: *amount, locked: Amount::ZERO };
    Book {
        account: account.id.clone(),
        balances: account.balances.iter().map(|(asset, amount)| (asset.clone(), held(amount))).collect(),
        looked_at: act.now,
        fee_in: FeeIn::Received,
        fill_max: None,
        fault: None,
        settings: PaperSettings::default(),
        open: Vec::new(),
        contracts: BTreeMap::new(),
        sequence: 0,
        version: 1,
    }
}
