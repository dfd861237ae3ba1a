//! Keys of accounts: sealed, looked at by their venue, and only then kept.
//!
//! 1. A key that its venue refuses, or that can withdraw and whose owner does not insist, was never kept.
//! 2. Another key in the place of one keeps the account: it enters nothing until the new one was found good and its
//!    owner has enabled it again.
//! 3. A key that works stays while a group is open. One that does not is replaced by a key of the same account at the exchange
//!    alone, as the exchange tells it, or where it does not, as its owner says: with another account's, orders that rest would be
//!    looked for where they are not, and exits let loose on other holdings.
//! 4. Only who is defined as asking for API keys has one kept: what is for a chain would be a private key.
//! 5. A person keeps them: a thief's key in the place of its owner's would show what is there, and trade it.
//! 6. A key that lacks its passphrase is told so before anything is sealed: its venue would be asked nothing, and no better key be
//!    made for that.
//! 7. What a venue without an adapter would say nobody knows: its key is kept, and its account enters nothing.

use super::opened::connect_at;
use super::{
    AccountError, NewAccount, admitted, decide, find, fits, in_person, is_other, list, moved, no_bot_runs, remove,
};
use crate::actor::Act;
use crate::conflict::retry_on_conflict;
use crate::notices;
use crate::ports::{
    AskKeyCheck, Binding, Credential, Groups, KeptAccount, KeptWallet, SealSecret, StoreError, VaultError, VenueKey,
};
use crate::wallets;
use domain::ids::{AccountId, CredentialId, HolderId};
use domain::market::{Exchange, Passphrase};
use domain::vault::{AccountState, KeyFault, Mode, SecretKind};
use store::Engine;
use wire::key_check::{Asked, Candidate, KeyCheck, KeyChecked, Refused};
use wire::text::Text;

const UNASKED: &str = "the exchange has no adapter yet: nothing was asked of it, and the account enters nothing";
/// On record: it is its owner's word.
const SAID_TO_BE_THE_SAME: &str = "save key, said to be of the same account";
const ENABLE: &str = "the account enters nothing until the key is validated and you enable the account again";

/// A key as its owner gives it.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub key: VenueKey,
    /// Whether its owner has insisted, in writing, on a key that can withdraw.
    pub insisted: bool,
    /// Whether its owner says that it is of the same account at the exchange as the key before.
    pub same_account: bool,
}

/// A key that its venue takes.
#[derive(Debug, Default)]
struct Taken {
    advice: Vec<String>,
    holder: Option<HolderId>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySaved {
    pub kept: KeptAccount,
    /// Whether the account was made for it.
    pub opened: bool,
    /// What its owner should know.
    pub advice: Vec<String>,
}

/// By which keys are kept.
#[derive(Debug)]
pub struct Keys<'a, D, S, K> {
    pub deps: &'a D,
    pub vault: &'a S,
    pub checks: &'a K,
    /// Of the request.
    pub trace: &'a str,
}

impl<D: Engine, S: SealSecret, K: AskKeyCheck> Keys<'_, D, S, K> {
    /// A new account with its key; none is left where the key is refused.
    ///
    /// # Errors
    /// As of an account without a key, `NotInPerson`, and where the key is not taken, refused, or cannot be looked at.
    pub async fn connect(&self, new: NewAccount, key: &NewKey, act: Act<'_>) -> Result<KeySaved, AccountError> {
        let wallet = self.taking(&new.exchange, act).await?;
        is_whole(&key.key, &new.exchange)?;
        self.open(wallet.as_ref(), new, key, act).await
    }

    async fn open(
        &self,
        wallet: Option<&KeptWallet>,
        new: NewAccount,
        key: &NewKey,
        act: Act<'_>,
    ) -> Result<KeySaved, AccountError> {
        let mode = new.mode;
        let kept = connect_at(self.deps, wallet, new, act).await?;
        let saved = self.put(&kept, mode, key, act).await;
        match saved {
            Ok((kept, advice)) => Ok(KeySaved { kept, opened: true, advice }),
            Err(refused) => {
                // As this click has opened it, and no other one has saved a key in it since. Without a key it enters nothing:
                // whether it can be taken back now changes no refusal.
                let _left = remove(self.deps, &kept.account.id, Some(kept.state.version), act).await;
                Err(refused)
            }
        }
    }

    /// The key of the account with this label, which is made where it is not there.
    ///
    /// # Errors
    /// `GroupsOpen` where a group is open, but for a key that its venue refuses or that does not open any more: then
    /// `OtherAccount` where the new one is of another account, and `AccountUntold` where nobody knows; else as
    /// [`Keys::connect`].
    pub async fn save(&self, new: NewAccount, key: &NewKey, act: Act<'_>) -> Result<KeySaved, AccountError> {
        fits(&new.exchange, new.mode)?;
        let wallet = self.taking(&new.exchange, act).await?;
        is_whole(&key.key, &new.exchange)?;
        let (place, mode) = ((new.exchange.clone(), new.label.clone()), new.mode);
        retry_on_conflict(AccountError::Contended, || async {
            let Some(kept) = labelled(self.deps, &place, act).await? else {
                match self.open(wallet.as_ref(), new.clone(), key, act).await {
                    // Somebody was first: a second click.
                    Err(AccountError::Duplicate) => return Ok(None),
                    connected => return connected.map(Some),
                }
            };
            match self.put(&kept, mode, key, act).await {
                // The click that had opened it has taken it back: its own key was refused.
                Err(AccountError::Unknown) => Ok(None),
                put => put.map(|(kept, advice)| Some(KeySaved { kept, opened: false, advice })),
            }
        })
        .await
    }

    /// Has the venue look at an account and its key, and says how it stands then.
    ///
    /// # Errors
    /// Where nothing was found out. A key that is bad is no error: the account says so.
    pub async fn validate(&self, id: &AccountId, act: Act<'_>) -> Result<KeptAccount, AccountError> {
        let seen = find(self.deps, id, act).await?;
        if seen.state.address.is_some() {
            let read = self.sync(id, act).await;
            return if let Err(AccountError::Unread(_)) = read { find(self.deps, id, act).await } else { read };
        }
        match self.ask(Asked::Validate { account: Text(id.clone()) }, act).await? {
            KeyChecked::Validated(checked) => {
                if checked.validated && !seen.account.exchange.is_paper() {
                    // An exchange lists more markets than anybody waits for. Where it is not taken now the next round begins.
                    let begin = KeyCheck::new(self.trace.to_owned(), Asked::Begin { account: Text(id.clone()) });
                    let _left_to_the_round = self.checks.ask_key_check_later(&begin, act.now).await;
                }
                find(self.deps, id, act).await
            }
            other => Err(refusal(other, &seen.account.exchange)),
        }
    }

    /// Has the venue tell what an account has; it is kept for the day.
    ///
    /// # Errors
    /// Where the venue cannot be read.
    pub async fn sync(&self, id: &AccountId, act: Act<'_>) -> Result<KeptAccount, AccountError> {
        let seen = find(self.deps, id, act).await?;
        if seen.state.address.as_ref().is_some_and(|held| !held.is_proven()) {
            return Err(AccountError::NotProven);
        }
        match self.ask(Asked::Balances { account: Text(id.clone()) }, act).await? {
            KeyChecked::Balances(_) => find(self.deps, id, act).await,
            other => Err(refusal(other, &seen.account.exchange)),
        }
    }

    /// Who is there, where keys of it are kept at all: before anything is sealed.
    async fn taking(&self, exchange: &Exchange, act: Act<'_>) -> Result<Option<KeptWallet>, AccountError> {
        in_person(act, "saves no key of an exchange")?;
        let wallet = wallets::of_exchange(self.deps, exchange).await?;
        match &wallet {
            // It needs no key, and one that is given is no secret.
            _ if exchange.is_paper() => Ok(wallet),
            Some(known) if known.definition.takes_keys() => Ok(wallet),
            Some(_) => Err(AccountError::KeyNotTaken(exchange.clone())),
            // Accounts go on where an exchange was taken away. What a chain was nobody knows any more.
            None if wallets::is_built_in_exchange(exchange)? => Ok(None),
            None => Err(AccountError::NoWallet(exchange.clone())),
        }
    }

    async fn put(
        &self,
        to: &KeptAccount,
        mode: Mode,
        new: &NewKey,
        act: Act<'_>,
    ) -> Result<(KeptAccount, Vec<String>), AccountError> {
        let id = &to.account.id;
        if to.state.address.is_some() {
            return Err(AccountError::KeyNotTaken(to.account.exchange.clone()));
        }
        let groups = self.groups(to, mode, act).await?;
        admitted(to, None, groups)?;
        if is_other(to, mode) {
            no_bot_runs(self.deps, id, act).await?;
        }
        let credential = self.sealed(id, new, act).await?;
        let Taken { mut advice, holder } = self.probed(to, mode, &credential, act).await?;
        let is_seen = |kept: &KeptAccount| !is_other(kept, mode) && key_of(kept) == key_of(to);
        let action = if new.same_account { SAID_TO_BE_THE_SAME } else { "save key" };
        let kept = decide(self.deps, id, None, action, groups, act, |kept, _| {
            let (mut holder, mut account) = (holder.clone(), kept.account.clone());
            if groups == Groups::NoneOpen {
                account = moved(kept, act);
            } else {
                if !is_seen(kept) {
                    return Err(AccountError::Contended);
                }
                of_the_same_account(kept, holder.as_ref(), new.same_account)?;
                holder = holder.or_else(|| kept.state.holder.clone());
            }
            let version = kept.state.version;
            let state = AccountState { mode: Some(mode), version, holder, ..AccountState::default() };
            Ok(KeptAccount { account, state, key: Some(credential.clone()) })
        });
        let kept = kept.await?;
        if to.state.enabled {
            advice.push(ENABLE.to_owned());
        }
        notices::key_saved(self.deps, &kept.account, &credential, act.now).await;
        Ok((kept, advice))
    }

    /// Without a key that works nothing of what is open could be sold.
    async fn groups(&self, to: &KeptAccount, mode: Mode, act: Act<'_>) -> Result<Groups, AccountError> {
        if to.account.open_groups == 0 || to.key.is_none() || is_other(to, mode) {
            return Ok(Groups::NoneOpen);
        }
        let has_failed = match self.ask(Asked::Validate { account: Text(to.account.id.clone()) }, act).await? {
            KeyChecked::Validated(checked) => checked.probed.is_some_and(|probed| probed.fault.is_some()),
            KeyChecked::Refused(refused) => refused.code == "key_does_not_open",
            _ => false,
        };
        Ok(if has_failed { Groups::Any } else { Groups::NoneOpen })
    }

    async fn sealed(&self, id: &AccountId, new: &NewKey, act: Act<'_>) -> Result<Credential, AccountError> {
        let credential = CredentialId::of(&[id.as_str(), act.attempt.as_str()]);
        let binding = Binding { user: act.user.clone(), credential, kind: SecretKind::Exchange };
        let plain = new.key.plain(id).map_err(vault)?;
        let sealed = self.vault.seal(&binding, &plain, act.now).await.map_err(vault)?;
        let Binding { user, credential, kind } = binding;
        let masked = new.key.masked();
        Ok(Credential { id: credential, user, kind, masked, insisted: new.insisted, created_at: act.now, sealed })
    }

    async fn probed(
        &self,
        to: &KeptAccount,
        mode: Mode,
        key: &Credential,
        act: Act<'_>,
    ) -> Result<Taken, AccountError> {
        let candidate = Candidate {
            account: Text(to.account.id.clone()),
            mode: Some(Text(mode)),
            user: Text(key.user.clone()),
            credential: Text(key.id.clone()),
            sealed: (&key.sealed).into(),
            insisted: key.insisted,
        };
        match self.ask(Asked::Probe(candidate), act).await? {
            KeyChecked::Probed(probed) => match probed.fault {
                Some(Text(KeyFault::ConnectedTwice)) => Err(AccountError::ConnectedTwice(probed.connected_as)),
                Some(Text(fault)) => Err(AccountError::Key(fault)),
                None => Ok(Taken { advice: probed.advice, holder: probed.told.holder.map(|holder| holder.0) }),
            },
            other => match refusal(other, &to.account.exchange) {
                AccountError::NotTradable(_) => Ok(Taken { advice: vec![UNASKED.to_owned()], holder: None }),
                refused => Err(refused),
            },
        }
    }

    async fn ask(&self, asked: Asked, act: Act<'_>) -> Result<KeyChecked, AccountError> {
        let question = KeyCheck::new(self.trace.to_owned(), asked);
        self.checks.ask_key_check(&question, act.now).await.map_err(AccountError::from)
    }
}

/// Whether this key may take the place of the one before while a group is open.
fn of_the_same_account(kept: &KeptAccount, holder: Option<&HolderId>, said: bool) -> Result<(), AccountError> {
    let exchange = || kept.account.exchange.clone();
    match kept.state.is_held_by(holder) {
        Some(true) => Ok(()),
        Some(false) => Err(AccountError::OtherAccount(exchange())),
        None if said => Ok(()),
        None => Err(AccountError::AccountUntold(exchange())),
    }
}

/// Whether it has all that its exchange's keys have, and nothing else.
fn is_whole(key: &VenueKey, exchange: &Exchange) -> Result<(), AccountError> {
    match (exchange.passphrase(), &key.passphrase) {
        (Passphrase::Wanted, None) => Err(AccountError::PassphraseMissing(exchange.clone())),
        (Passphrase::NotTaken, Some(_)) => Err(AccountError::NoPassphrase(exchange.clone())),
        _ => Ok(()),
    }
}

fn key_of(kept: &KeptAccount) -> Option<&CredentialId> {
    kept.key.as_ref().map(|key| &key.id)
}

async fn labelled<D: Engine>(
    deps: &D,
    (exchange, label): &(Exchange, String),
    act: Act<'_>,
) -> Result<Option<KeptAccount>, AccountError> {
    let found = |kept: &KeptAccount| kept.account.exchange == *exchange && kept.account.label == *label;
    Ok(list(deps, act).await?.into_iter().find(found))
}

/// Why nothing was found out.
fn refusal(said: KeyChecked, exchange: &Exchange) -> AccountError {
    let KeyChecked::Refused(Refused { code, detail }) = said else {
        return StoreError::Unavailable("key-check answers something else".to_owned()).into();
    };
    match code.as_str() {
        "not_found" => AccountError::Unknown,
        "venue_not_tradable" => AccountError::NotTradable(exchange.clone()),
        "venue_unavailable" => AccountError::VenueAway(detail),
        "key_missing" => AccountError::NoKey,
        "key_does_not_open" => AccountError::Shut,
        "address_not_proven" => AccountError::NotProven,
        "version_conflict" => AccountError::Contended,
        code => match (code.parse(), code.parse()) {
            (Ok(fault), _) => AccountError::Key(fault),
            (Err(_), Ok(fault)) => AccountError::Unread(fault),
            (Err(_), Err(_)) => StoreError::Unavailable(detail).into(),
        },
    }
}

fn vault(error: VaultError) -> AccountError {
    match error {
        VaultError::Store(error) => error.into(),
        // Nothing was to be opened: it is too long, or this deployment may not seal.
        VaultError::Refused(why) | VaultError::Unavailable(why) => StoreError::Unavailable(why).into(),
    }
}
