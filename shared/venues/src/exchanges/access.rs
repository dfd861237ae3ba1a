//! As whom an exchange is asked: the account's own side of it, with its own key.
//!
//! Both are read once in a run, and never kept longer: whoever changes sides or keys is not sent to the other one by what
//! somebody remembers. Within a run neither changes under an order: sides change only where no group is open.

use super::Exchanges;
use crate::native::{Login, Site};
use app::ports::{
    Clock, LoadAccount, LoadCredential, MindAccountState, OpenSecret, StoreError, VaultError, VenueError, VenueKey,
};
use domain::ids::AccountId;
use domain::market::Exchange;
use domain::vault::Mode;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What reading an account's side of an exchange needs.
pub trait Keys: LoadAccount + LoadCredential + MindAccountState + Clock {}
impl<D: LoadAccount + LoadCredential + MindAccountState + Clock> Keys for D {}

/// Why an account cannot be spoken for.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAccess {
    #[error("there is no such account, or it says no mode")]
    NoAccount,
    #[error("the account has no key")]
    NoKey,
    #[error("{0} has no {1} side that can be asked")]
    NoSide(Exchange, Mode),
    /// What the site has asked to be left alone for.
    #[error("{0}")]
    LeftAlone(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<NoAccess> for VenueError {
    fn from(why: NoAccess) -> Self {
        Self::Unavailable(why.to_string())
    }
}

/// Sides and keys that this run has read.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<BTreeMap<AccountId, (Site, VenueKey)>>);

impl Known {
    fn of(&self, account: &AccountId) -> Option<(Site, VenueKey)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    fn keep(&self, account: &AccountId, site: &Site, key: &VenueKey) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(account.clone(), (site.clone(), key.clone()));
    }
}

impl<P, D: Keys, S: OpenSecret> Exchanges<P, D, S> {
    /// With the key, unless the site has asked to be left alone.
    pub(super) async fn admitted(&self, account: &AccountId, exchange: &Exchange) -> Result<Login, NoAccess> {
        let login = self.login(account, exchange).await?;
        self.left_alone(&login.site).map_or(Ok(login), Err)
    }

    /// The same without the key, for what everybody may ask.
    pub(super) async fn open_site(&self, account: &AccountId, exchange: &Exchange) -> Result<Site, NoAccess> {
        let site = self.site(account, exchange).await?;
        self.left_alone(&site).map_or(Ok(site), Err)
    }

    fn left_alone(&self, site: &Site) -> Option<NoAccess> {
        self.wires.barred(site, self.deps.now()).map(|pause| NoAccess::LeftAlone(pause.why))
    }

    /// The side of the exchange that the account trades on.
    async fn site(&self, account: &AccountId, exchange: &Exchange) -> Result<Site, NoAccess> {
        if let Some((site, _)) = self.known.of(account) {
            return Ok(site);
        }
        let mode = self.deps.load_account_state(account).await?.and_then(|state| state.mode);
        let mode = mode.ok_or(NoAccess::NoAccount)?;
        self.wires.sites.of(exchange, mode).ok_or_else(|| NoAccess::NoSide(exchange.clone(), mode))
    }

    /// The same, with the key.
    pub(super) async fn login(&self, account: &AccountId, exchange: &Exchange) -> Result<Login, NoAccess> {
        if let Some((site, key)) = self.known.of(account) {
            return Ok(self.logged_in(site, key));
        }
        let (site, key) = tokio::join!(self.site(account, exchange), self.key(account));
        let (site, key) = (site?, key?);
        self.known.keep(account, &site, &key);
        Ok(self.logged_in(site, key))
    }

    /// With a key that is known already, at this moment.
    pub(super) fn logged_in(&self, site: Site, key: VenueKey) -> Login {
        let offset = self.wires.clocks.offset(&site);
        Login { now: self.deps.now(), offset, site, key }
    }

    async fn key(&self, account: &AccountId) -> Result<VenueKey, NoAccess> {
        let (known, credential) = tokio::join!(self.deps.load_account(account), self.deps.load_credential(account));
        let known = known?.ok_or(NoAccess::NoAccount)?;
        let credential = credential?.ok_or(NoAccess::NoKey)?;
        let binding = credential.binding_at(&known)?;
        let plain = self.vault.open(&binding, &credential.sealed, &self.lease, self.deps.now()).await?;
        Ok(VenueKey::of_plain(&plain, account)?)
    }
}
