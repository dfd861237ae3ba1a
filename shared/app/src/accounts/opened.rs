//! A new account: where it may be, under which label, and what it starts with.

use super::{AccountError, fits, place};
use crate::actor::{Act, audit};
use crate::ports::{Balance, Book, FeeIn, KeptAccount, KeptWallet, PaperSettings};
use crate::wallets;
use domain::account::{Account, AccountLimits, DayLoss};
use domain::ids::AccountId;
use domain::limits as bounds;
use domain::market::{Asset, Exchange};
use domain::money::Amount;
use domain::token::WebhookToken;
use domain::vault::{AccountState, Mode};
use domain::wallet::WalletKind;
use std::collections::BTreeMap;
use store::Engine;
use store::trading::Trading;

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

/// # Errors
/// `NoWallet`, `WalletNotSupported`, `AddressMissing`, `Inactive`, `Mode`, `Duplicate`, `LabelOfToken`, `TooMany`, or where
/// the store cannot be reached.
pub async fn connect<D: Engine>(deps: &D, new: NewAccount, act: Act<'_>) -> Result<KeptAccount, AccountError> {
    let wallet = wallets::of_exchange(deps, &new.exchange).await?;
    connect_at(deps, wallet.as_ref(), new, act).await
}

pub(super) async fn connect_at<D: Engine>(
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
    of_no_token(deps, &new.exchange, &new.label, act).await?;
    let mode = Some(new.mode);
    let state = AccountState { mode, version: 1, ..AccountState::default() };
    let kept = KeptAccount { account: account(new, act), state, key: None };
    let book = kept.account.exchange.is_paper().then(|| book(&kept.account, act));
    let record = audit("connect account", kept.account.id.as_str(), "wished by its user", act);
    if Trading(deps).open_account(&kept, book.as_ref(), &record).await? {
        Ok(kept)
    } else {
        Err(AccountError::Duplicate)
    }
}

/// A user's accounts, where there is room for one more with this label.
pub(super) async fn room<D: Engine>(
    deps: &D,
    new: &NewAccount,
    act: Act<'_>,
) -> Result<Vec<KeptAccount>, AccountError> {
    let there = Trading(deps).list_kept_accounts(act.user).await?;
    if there.iter().any(|kept| place(kept) == (&new.exchange, new.label.as_str())) {
        return Err(AccountError::Duplicate);
    }
    if there.len() >= bounds::ACCOUNTS_PER_USER_MAX { Err(AccountError::TooMany) } else { Ok(there) }
}

/// Binding a token and naming an account at the same moment are both its owner's, who sees either.
/// A token of another house's exchange never means this account.
pub(super) async fn of_no_token<D: Engine>(
    deps: &D,
    exchange: &Exchange,
    label: &str,
    act: Act<'_>,
) -> Result<(), AccountError> {
    let tokens = Trading(deps).list_tokens(act.user).await?;
    let may_mean = |token: &WebhookToken| token.exchange.as_ref().is_none_or(|of| of.house() == exchange.house());
    let is_bound = |token: &WebhookToken| token.account.as_deref() == Some(label) && may_mean(token);
    let mut bound = tokens.iter().filter(|kept| is_bound(&kept.token));
    match bound.find(|kept| kept.revoked_at.is_none() && kept.token.is_live(act.now)) {
        Some(kept) => Err(AccountError::LabelOfToken(kept.label.clone().unwrap_or_default())),
        None => Ok(()),
    }
}

pub(super) fn account(new: NewAccount, act: Act<'_>) -> Account {
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
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: act.now.day(), amount: Amount::ZERO },
        halted: None,
        reducing: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
        ruled: false,
        worth: Default::default(),
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
