//! As whom an exchange is asked: the account's own side of it, with its own key.
//!
//! Both are read once in a run, and never kept longer: whoever changes sides or keys is not sent to the other one by what
//! somebody remembers. Within a run neither changes under an order: sides change only where no group is open.

use super::Exchanges;
use super::venue::on;
use crate::native::{Login, Refusals, Site};
use app::ports::{KeyRefused, OpenSecret, Pause, StoreError, Urgency, VaultError, VenueError, VenueKey};
use domain::clock::Timestamp;
use domain::ids::{AccountId, CredentialId};
use domain::market::Exchange;
use domain::vault::Mode;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

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

/// Sides and keys that this run has read, and where accounts were asked for, with a key or without one.
#[derive(Debug, Default)]
pub(super) struct Known {
    access: Mutex<BTreeMap<AccountId, Access>>,
    places: Mutex<BTreeMap<AccountId, Place>>,
}

/// Where an account was asked for.
#[derive(Debug)]
pub(super) struct Place {
    site: Site,
    key: Option<VenueKey>,
    /// For how long everybody knows that it is left alone: by its row, or since this run has told it.
    paused_until: Option<Timestamp>,
}

impl Place {
    pub(super) fn of(site: &Site, key: Option<&VenueKey>, paused_until: Option<Timestamp>) -> Self {
        Self { site: site.clone(), key: key.cloned(), paused_until }
    }
}

/// As whom an account is spoken for, and what became of its key.
#[derive(Debug, Clone)]
struct Access {
    site: Site,
    key: VenueKey,
    credential: CredentialId,
    refusals: Refusals,
    /// For which the account's row says that the exchange is left alone, whichever process was told so.
    paused_until: Option<Timestamp>,
}

impl Known {
    fn of(&self, account: &AccountId) -> Option<Access> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    fn keep(&self, account: &AccountId, access: Access) {
        self.asked(account, Place::of(&access.site, Some(&access.key), access.paused_until));
        let mut all = self.access.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(account.clone(), access);
    }

    /// What is known of the place already stays so.
    pub(super) fn asked(&self, account: &AccountId, place: Place) {
        let mut all = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.remove(account);
        let paused_until = place.paused_until.max(known.as_ref().and_then(|known| known.paused_until));
        let key = place.key.or(known.and_then(|known| known.key));
        all.insert(account.clone(), Place { key, paused_until, ..place });
    }

    /// The pause that holds where the account was asked for, where nobody else knows of it.
    pub(super) fn newly_paused(
        &self,
        account: &AccountId,
        pause: impl FnOnce(&Site, Option<&VenueKey>) -> Option<Pause>,
    ) -> Option<Pause> {
        let mut all = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.get_mut(account)?;
        let pause = pause(&place.site, place.key.as_ref())?;
        let is_new = place.paused_until < Some(pause.until);
        place.paused_until = place.paused_until.max(Some(pause.until));
        is_new.then_some(pause)
    }

    /// Whether its key was refused since this was last asked.
    pub(super) fn refused(&self, account: &AccountId) -> Option<KeyRefused> {
        let Access { credential, refusals, .. } = self.of(account)?;
        refusals.take().map(|fault| KeyRefused { credential, fault })
    }
}

impl<P, D: Engine, S: OpenSecret> Exchanges<P, D, S> {
    /// With the key, by a clock that is not doubted, unless the site has asked to be left alone.
    pub(super) async fn admitted(&self, account: &AccountId, exchange: &Exchange) -> Result<Login, NoAccess> {
        let access = self.access(account, exchange).await?;
        if let Some(pause) = self.barred(account, &access.site) {
            return Err(NoAccess::LeftAlone(pause.why));
        }
        self.set_clock(exchange, &access.site).await;
        Ok(self.with(access))
    }

    /// The same to ask something, unless little is left of what may be asked.
    pub(super) async fn asking(&self, account: &AccountId, exchange: &Exchange) -> Result<Login, NoAccess> {
        let login = self.admitted(account, exchange).await?;
        let Login { site, key, now, .. } = &login;
        let full = self.wires.full(site, *now).or_else(|| self.wires.full_one(site, key, *now));
        full.map_or(Ok(login), |full| Err(NoAccess::LeftAlone(full.why)))
    }

    /// Reads the exchange's clock, where something was refused for it.
    pub(super) async fn set_clock(&self, exchange: &Exchange, site: &Site) {
        on!(self.wires, exchange, native => Box::pin(self.wires.set_clock(native, site, &self.deps)).await, _ => ());
    }

    /// The same without the key, for what everybody may ask.
    pub(super) async fn open_site(&self, account: &AccountId, exchange: &Exchange) -> Result<Site, NoAccess> {
        let site = self.site(account, exchange).await?;
        self.known.asked(account, Place::of(&site, None, None));
        let held = self.barred(account, &site).or_else(|| self.wires.full(&site, self.deps.now()));
        held.map_or(Ok(site), |pause| Err(NoAccess::LeftAlone(pause.why)))
    }

    /// Why nothing may be asked there for the account: this process was told so, or another has written it down. The row
    /// was read for the key's sake.
    fn barred(&self, account: &AccountId, site: &Site) -> Option<Pause> {
        let now = self.deps.now();
        let of_its_own = || {
            let Access { key, paused_until, .. } = self.known.of(account)?;
            self.wires.barred_one(site, &key, now).or_else(|| told_another(paused_until, now))
        };
        self.wires.barred(site, now).or_else(of_its_own)
    }

    /// Why an order is not to be begun there.
    pub(super) fn held(&self, account: &AccountId, site: &Site, urgency: Urgency) -> Option<Pause> {
        let now = self.deps.now();
        let of_its_own = || {
            let Access { key, .. } = self.known.of(account)?;
            match urgency {
                Urgency::Entry => self.wires.spent(site, &key, now),
                Urgency::Look => self.wires.full_one(site, &key, now).or_else(|| self.wires.calm_one(site, &key, now)),
                Urgency::Exit => None,
            }
        };
        self.barred(account, site).or_else(|| self.wires.spared(site, urgency, now)).or_else(of_its_own)
    }

    /// The side of the exchange that the account trades on.
    async fn site(&self, account: &AccountId, exchange: &Exchange) -> Result<Site, NoAccess> {
        if let Some(access) = self.known.of(account) {
            return Ok(access.site);
        }
        let mode = Vault(&self.deps).load_account_state(account).await?.and_then(|state| state.mode);
        let mode = mode.ok_or(NoAccess::NoAccount)?;
        self.wires.sites.of(exchange, mode).ok_or_else(|| NoAccess::NoSide(exchange.clone(), mode))
    }

    /// The same, with the key.
    pub(super) async fn login(&self, account: &AccountId, exchange: &Exchange) -> Result<Login, NoAccess> {
        self.access(account, exchange).await.map(|access| self.with(access))
    }

    async fn access(&self, account: &AccountId, exchange: &Exchange) -> Result<Access, NoAccess> {
        if let Some(access) = self.known.of(account) {
            return Ok(access);
        }
        let (site, opened) = tokio::join!(self.site(account, exchange), self.open(account));
        let (site, (paused_until, credential, key)) = (site?, opened?);
        let access = Access { site, key, credential, refusals: Refusals::default(), paused_until };
        self.known.keep(account, access.clone());
        Ok(access)
    }

    /// With a key that is known already, at this moment.
    pub(super) fn logged_in(&self, site: Site, key: VenueKey) -> Login {
        let (offset, doubt) = (self.wires.clocks.offset(&site), self.wires.clocks.doubt(&site));
        Login { offset, doubt, ..Login::new(site, key, self.deps.now()) }
    }

    fn with(&self, Access { site, key, refusals, .. }: Access) -> Login {
        Login { refusals, ..self.logged_in(site, key) }
    }

    async fn open(&self, account: &AccountId) -> Result<(Option<Timestamp>, CredentialId, VenueKey), NoAccess> {
        let (accounts, vault) = (Trading(&self.deps), Vault(&self.deps));
        let (known, credential) = tokio::join!(accounts.load_account(account), vault.load_credential(account));
        let known = known?.ok_or(NoAccess::NoAccount)?;
        let credential = credential?.ok_or(NoAccess::NoKey)?;
        let binding = credential.binding_at(&known).map_err(VaultError::from)?;
        let now = self.deps.now();
        let plain = self.vault.open(&binding, &credential.sealed, &self.lease, now).await?;
        Ok((known.venue_pauses_until(now), credential.id, VenueKey::of_plain(&plain, account)?))
    }
}

/// The pause that an account's row tells of, as long as it lasts.
pub(super) fn told_another(until: Option<Timestamp>, now: Timestamp) -> Option<Pause> {
    let until = until.filter(|until| now < *until)?;
    Some(Pause { code: Pause::ASKED, until, why: "another process was asked to leave it alone".to_owned() })
}
