//! Users' secrets: sealed, opened, and what a venue tells of a key.

use super::{Secret, StoreError};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::vault::{KeyFacts, KeyFault, Mode};
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use std::fmt;
use store::vault::OfAnotherUser;

pub use store::vault::{Binding, Claim, Credential, DayBalances, Lease, LeaseTaken, Sealed};

/// A binding in its deployment: what KMS is told, and what the cipher text vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    pub deployment: String,
    pub binding: Binding,
}

/// The key of one secret. It is cleared from memory when it is dropped.
pub struct DataKey(SecretBox<[u8; 32]>);

/// A data key, and how it is kept.
#[derive(Debug)]
pub struct NewDataKey {
    pub key: DataKey,
    pub wrapped: Wrapped,
}

/// A data key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped {
    pub bytes: Vec<u8>,
    pub kms_key: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Try again.
    #[error("the vault cannot be reached now: {0}")]
    Unavailable(String),
    /// It was sealed for another user, credential, kind or deployment, or was changed since.
    #[error("the secret does not open: {0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A venue's key, opened.
#[derive(Debug, Clone)]
pub struct VenueKey {
    pub api_key: Secret,
    pub api_secret: Secret,
    pub passphrase: Option<Secret>,
}

/// Why a venue tells nothing of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// The venue says no, for a reason of the key.
    #[error("{}", .0.detail())]
    Fault(KeyFault),
    /// A failure of the venue or of the way to it: nothing is known of the key.
    #[error("the exchange cannot be asked now: {0}")]
    Away(String),
    /// There is no adapter for this venue yet.
    #[error("{0} cannot be traded yet: there is no adapter for it")]
    NotTradable(String),
    /// The venue wants a key, and the account has none.
    #[error("this account has no key")]
    NoKey,
}

pub trait SealSecret {
    /// Under a data key of its own.
    async fn seal(&self, binding: &Binding, plain: &Secret, now: Timestamp) -> Result<Sealed, VaultError>;
}

pub trait OpenSecret {
    /// The data key stays for [`domain::limits::DATA_KEY_LEASE`] at the most; the row of its lease is written before
    /// it is asked for.
    async fn open(&self, binding: &Binding, sealed: &Sealed, why: &Lease, now: Timestamp)
    -> Result<Secret, VaultError>;
}

/// What KMS does.
pub trait WrapKey {
    /// A new data key, which opens in this context alone.
    async fn new_key(&self, context: &Context, now: Timestamp) -> Result<NewDataKey, VaultError>;

    /// # Errors
    /// `Refused` in any context but its own.
    async fn unwrap_key(&self, context: &Context, wrapped: &Wrapped, now: Timestamp) -> Result<DataKey, VaultError>;

    /// The same data key under the current key, without seeing it; none where the endpoint cannot.
    async fn rewrap_key(
        &self,
        context: &Context,
        wrapped: &Wrapped,
        now: Timestamp,
    ) -> Result<Option<Wrapped>, VaultError>;

    /// Whether it is wrapped by the key that is used now.
    fn is_current(&self, kms_key: &str) -> bool;
}

/// The cipher.
pub trait Encrypt {
    /// The nonce, fresh each time, and the cipher text.
    fn encrypt(&self, key: &DataKey, vouched: &[u8], plain: &Secret) -> Result<(Vec<u8>, Vec<u8>), VaultError>;

    /// # Errors
    /// `Refused` where a bit of the key, the nonce, the text or what it vouches for is another.
    fn decrypt(&self, key: &DataKey, vouched: &[u8], nonce: &[u8], cipher_text: &[u8]) -> Result<Secret, VaultError>;
}

/// What a venue tells of a key.
pub trait ProbeCredential {
    /// With no key where the account has none. The mode is that of the key: of one that is not kept yet it may be another than
    /// the account's.
    async fn probe(
        &self,
        account: &Account,
        mode: Option<Mode>,
        key: Option<&VenueKey>,
        now: Timestamp,
    ) -> Result<KeyFacts, ProbeError>;
}

impl Context {
    /// Of a binding in its deployment.
    pub fn of(binding: &Binding, deployment: &str) -> Self {
        Self { deployment: deployment.to_owned(), binding: binding.clone() }
    }

    /// By name, sorted.
    pub fn pairs(&self) -> [(&'static str, &str); 4] {
        let Binding { user, credential, kind } = &self.binding;
        let (user, credential) = (user.as_str(), credential.as_str());
        [("credential", credential), ("deployment", &self.deployment), ("kind", kind.as_str()), ("user", user)]
    }

    /// What the cipher text vouches for: each name and value with its length before it, so that no two contexts give
    /// the same bytes.
    pub fn vouched(&self) -> Vec<u8> {
        let mut bytes = b"moniqo vault 1".to_vec();
        for text in self.pairs().into_iter().flat_map(|(name, value)| [name, value]) {
            bytes.extend(text.len().to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes
    }
}

impl From<&Sealed> for Wrapped {
    fn from(sealed: &Sealed) -> Self {
        Self { bytes: sealed.wrapped_key.clone(), kms_key: sealed.kms_key.clone() }
    }
}

impl From<OfAnotherUser> for VaultError {
    fn from(of_another: OfAnotherUser) -> Self {
        Self::Refused(of_another.to_string())
    }
}

impl DataKey {
    /// None where these are not 32 bytes. Whoever has them clears them.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let mut key = SecretBox::<[u8; 32]>::default();
        (bytes.len() == key.expose_secret().len()).then(|| {
            key.expose_secret_mut().copy_from_slice(bytes);
            Self(key)
        })
    }

    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wrapped").field(&self.kms_key).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{CredentialId, UserId};
    use domain::vault::SecretKind;

    fn context(user: &str, credential: &str, kind: SecretKind, deployment: &str) -> Context {
        let binding = Binding { user: UserId::of(&[user]), credential: CredentialId::of(&[credential]), kind };
        Context::of(&binding, deployment)
    }

    #[test]
    fn no_two_contexts_vouch_for_the_same() {
        let of = |user, credential, kind, deployment| context(user, credential, kind, deployment).vouched();
        let one = of("a", "b", SecretKind::Exchange, "moniqo");
        assert_eq!(one, of("a", "b", SecretKind::Exchange, "moniqo"));
        for other in [
            of("b", "b", SecretKind::Exchange, "moniqo"),
            of("a", "c", SecretKind::Exchange, "moniqo"),
            of("a", "b", SecretKind::Ai, "moniqo"),
            of("a", "b", SecretKind::Exchange, "moniqo2"),
        ] {
            assert_ne!(one, other);
        }
        let names = context("a", "b", SecretKind::Exchange, "m").pairs().map(|(name, _)| name);
        assert!(names.is_sorted(), "{names:?}");
    }

    #[test]
    fn a_data_key_has_32_bytes_and_never_prints_itself() {
        assert!(DataKey::of(&[7; 31]).is_none() && DataKey::of(&[7; 33]).is_none());
        let key = DataKey::of(&[7; 32]).unwrap();
        assert_eq!((key.expose(), format!("{key:?}").as_str()), (&[7; 32][..], "DataKey"));
    }
}
