//! What the routes stand on. The key that signs follows from the deployment's secret; it is read anew every few minutes, so that a
//! new secret is used soon.

use app::identity::{self, IdentityError, Knock, Run};
use app::ports::{Guarded, StoreError};
use credentials::{Proofs, Signer, Verifier};
use domain::clock::{Millis, Timestamp};
use domain::limits::TOKEN_KEYS_CACHE;
use domain::logs::Note;
use lambda::api::CountsAddresses;
use lambda::guard::Guards;
use lambda::noted::Notes;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::idempotency::Once;
use store::identity::Identity;

#[cfg(not(test))]
use crate::outside;
/// The tests of this function stand on memory.
#[cfg(test)]
use crate::tests::outside;

pub use outside::{Audits, DeploymentKey, Factors, Objects, Passwords, Post, Sights, Store};

/// Whether people may register by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    Open,
    Closed,
}

impl FromStr for Registration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err("must be open or closed"),
        }
    }
}

/// Cheap to clone; clones are one and the same.
#[derive(Debug, Clone)]
pub struct Api {
    /// For one request, where it has a key.
    pub(crate) store: Store,
    parts: Arc<Parts>,
}

/// What the API is put together from.
#[derive(Debug)]
pub struct Parts {
    /// What the key that signs follows from.
    pub secret: DeploymentKey,
    pub passwords: Passwords,
    /// Seals second factors.
    pub factors: Factors,
    /// Proves closed days of changes.
    pub audits: Audits,
    pub post: Post,
    pub sights: Sights,
    /// Where files of logs are put.
    pub objects: Objects,
    pub deployment: String,
    pub registration: Registration,
    /// Requests of the routes that ask for no token, from one address in a minute.
    pub auth_per_minute: NonZeroU32,
    pub verifier: Verifier,
    pub signer: KnownSigner,
}

/// The key that signs, and when its secret was read.
#[derive(Debug, Default)]
pub struct KnownSigner(Mutex<Option<(Signer, Timestamp)>>);

impl KnownSigner {
    fn lock(&self) -> MutexGuard<'_, Option<(Signer, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Api {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Api {
    pub fn new(store: Store, parts: Parts) -> Self {
        Self { store, parts: Arc::new(parts) }
    }

    /// Compares passwords and signs tokens.
    pub(crate) async fn proofs(&self, run: Run<'_>) -> Result<Proofs<Passwords>, IdentityError> {
        Ok(Proofs { passwords: self.passwords.clone(), signer: self.signer(run).await? })
    }

    pub(crate) async fn signer(&self, run: Run<'_>) -> Result<Signer, IdentityError> {
        let known = self.signer.lock().clone();
        match known {
            Some((signer, read_at)) if run.now.since(read_at) < TOKEN_KEYS_CACHE => Ok(signer),
            // While nobody tells the secret, the one in hand goes on: it is believed as long as no other was published.
            Some((signer, _)) => Ok(self.read_signer(run).await.unwrap_or(signer)),
            None => self.read_signer(run).await,
        }
    }

    async fn read_signer(&self, run: Run<'_>) -> Result<Signer, IdentityError> {
        let secret = self.secret.read(run.now).await?;
        let signer = Signer::of(&secret, &self.deployment)?;
        // Before it signs: whoever is asked finds it.
        identity::publish_key(&self.store, signer.public(), run).await?;
        *self.signer.lock() = Some((signer.clone(), run.now));
        Ok(signer)
    }

    /// What proves somebody twice.
    pub(crate) fn factor_proofs(&self) -> (&Passwords, &Factors) {
        (&self.passwords, &self.factors)
    }

    /// The same, and what writes to them.
    pub(crate) fn means(&self) -> (&Passwords, &Factors, &Post) {
        (&self.passwords, &self.factors, &self.post)
    }
}

impl Guards for Api {
    type Store = Store;

    fn store(&self) -> &Store {
        &self.store
    }

    fn for_once(self, once: Arc<Once>) -> Self {
        Self { store: self.store.for_once(once), ..self }
    }

    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        identity::admit(&self.store, &self.verifier, knock).await
    }
}

impl CountsAddresses for Api {
    async fn count_address(&self, address: Option<&str>, now: Timestamp) -> Result<Option<Millis>, StoreError> {
        identity::at_the_door(&self.store, address, self.auth_per_minute.get(), now).await
    }
}

impl Notes for Api {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        Identity(&self.store).note(note).await
    }
}
