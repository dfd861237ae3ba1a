//! Envelope encryption: a cipher, whatever wraps data keys, and the record of who opened what.
//!
//! 1. A data key seals one secret, once.
//! 2. Cipher text and data key are bound to the same context: a row that is moved to another credential opens nowhere.
//!    A whole row that is copied to another account opens nowhere as well: the context is of the account's user, and
//!    what is sealed of a key says whose it is.
//! 3. The row of a lease is written before its data key is asked for. Without it nothing is opened.
//! 4. A data key is used for [`limits::DATA_KEY_LEASE`], and cleared from memory at the next look after that.

use crate::ports::{
    Binding, Context, DataKey, Encrypt, Lease, LeaseTaken, OpenSecret, SealSecret, Sealed, Secret, VaultError, WrapKey,
    Wrapped,
};
use domain::clock::Timestamp;
use domain::ids::Sha;
use domain::limits;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::Engine;

/// The vault of one deployment, as one process uses it.
pub struct Vault<K, L, C> {
    keys: K,
    leases: L,
    cipher: C,
    deployment: String,
    held: Mutex<BTreeMap<Sha, Held>>,
}

/// A data key, and until when it may be used.
struct Held {
    key: DataKey,
    until: Timestamp,
}

/// The same secret, under the key that is used now.
pub trait ResealSecret {
    /// Whether it is under that key already.
    fn is_current(&self, sealed: &Sealed) -> bool;

    /// Without opening it where the endpoint can; else it is opened, on record, and sealed anew.
    async fn reseal(
        &self,
        binding: &Binding,
        sealed: &Sealed,
        why: &Lease,
        now: Timestamp,
    ) -> Result<Sealed, VaultError>;
}

impl<K, L, C> Vault<K, L, C> {
    pub fn new(keys: K, leases: L, cipher: C, deployment: &str) -> Self {
        Self { keys, leases, cipher, deployment: deployment.to_owned(), held: Mutex::default() }
    }

    /// Those that may still be used; all others are cleared.
    fn held(&self, now: Timestamp) -> MutexGuard<'_, BTreeMap<Sha, Held>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, held| now < held.until && held.until <= now.plus(limits::DATA_KEY_LEASE));
        held
    }

    fn hold(&self, name: Sha, held: Held, now: Timestamp) {
        let mut all = self.held(now);
        if all.len() >= limits::DATA_KEYS_HELD_MAX {
            let first = all.iter().min_by_key(|(_, held)| held.until).map(|(name, _)| name.clone());
            first.and_then(|name| all.remove(&name));
        }
        all.insert(name, held);
    }
}

impl<K: WrapKey, L, C: Encrypt> SealSecret for Vault<K, L, C> {
    async fn seal(&self, binding: &Binding, plain: &Secret, now: Timestamp) -> Result<Sealed, VaultError> {
        if plain.expose().len() > limits::SECRET_BYTES_MAX {
            return Err(VaultError::Refused(format!("more than {} bytes", limits::SECRET_BYTES_MAX)));
        }
        let context = Context::of(binding, &self.deployment);
        let made = self.keys.new_key(&context, now).await?;
        let (nonce, cipher_text) = self.cipher.encrypt(&made.key, &context.vouched(), plain)?;
        let (wrapped_key, kms_key) = (made.wrapped.bytes, made.wrapped.kms_key);
        Ok(Sealed { form: Sealed::FORM, wrapped_key, nonce, cipher_text, kms_key, sealed_at: now })
    }
}

impl<K: WrapKey, L: Engine, C: Encrypt> OpenSecret for Vault<K, L, C> {
    async fn open(
        &self,
        binding: &Binding,
        sealed: &Sealed,
        why: &Lease,
        now: Timestamp,
    ) -> Result<Secret, VaultError> {
        if sealed.form != Sealed::FORM {
            return Err(VaultError::Refused(format!("it is sealed in form {}", sealed.form)));
        }
        let context = Context::of(binding, &self.deployment);
        let (name, vouched) = (name(&context, sealed), context.vouched());
        let open = |key: &DataKey| self.cipher.decrypt(key, &vouched, &sealed.nonce, &sealed.cipher_text);
        if let Some(held) = self.held(now).get(&name) {
            return open(&held.key);
        }
        let until = now.plus(limits::DATA_KEY_LEASE);
        let taken = LeaseTaken { binding: binding.clone(), lease: why.clone(), at: now, until };
        store::vault::Vault(&self.leases).keep_lease(&taken).await?;
        let key = self.keys.unwrap_key(&context, &Wrapped::from(sealed), now).await?;
        let opened = open(&key)?;
        self.hold(name, Held { key, until }, now);
        Ok(opened)
    }
}

impl<K: WrapKey, L: Engine, C: Encrypt> ResealSecret for Vault<K, L, C> {
    fn is_current(&self, sealed: &Sealed) -> bool {
        self.keys.is_current(&sealed.kms_key)
    }

    async fn reseal(
        &self,
        binding: &Binding,
        sealed: &Sealed,
        why: &Lease,
        now: Timestamp,
    ) -> Result<Sealed, VaultError> {
        let context = Context::of(binding, &self.deployment);
        match self.keys.rewrap_key(&context, &Wrapped::from(sealed), now).await? {
            Some(wrapped) => {
                let (wrapped_key, kms_key) = (wrapped.bytes, wrapped.kms_key);
                Ok(Sealed { wrapped_key, kms_key, sealed_at: now, ..sealed.clone() })
            }
            None => self.seal(binding, &self.open(binding, sealed, why, now).await?, now).await,
        }
    }
}

/// Of one wrapped key in one context: held for another, it does not open.
fn name(context: &Context, sealed: &Sealed) -> Sha {
    Sha::of_bytes(&[context.vouched(), sealed.wrapped_key.clone()].concat())
}

impl<K, L, C> fmt::Debug for Vault<K, L, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("deployment", &self.deployment).finish_non_exhaustive()
    }
}
