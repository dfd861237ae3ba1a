//! People: their accounts, log-ins, and what proves who somebody is.

use super::{Audit, Guarded, Page, PageRequest, StoreError, Visit};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Email, Grant, Guesses, Password, PasswordHash, Scope, User, Username};
use domain::ids::{KeyId, SessionId, Sha, UserId};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;

/// From where somebody has logged in, as the edge saw it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    pub address: Option<String>,
    pub user_agent: Option<String>,
}

/// One log-in of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub id: SessionId,
    pub user: UserId,
    pub grant: Grant,
    pub origin: Origin,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// When it was last asked by.
    pub seen_at: Timestamp,
}

/// What was handed out to choose a new password by; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    pub hash: Sha,
    pub user: UserId,
    /// Of the password that it replaces: no other one is.
    pub password_at: Timestamp,
    pub expires_at: Timestamp,
}

/// The one code by which a deployment's first person becomes its admin: its first token, while that lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bootstrap {
    pub code: Sha,
    /// Whose deployment it is: their accounts are there before they are.
    pub user: UserId,
    pub spent: bool,
}

/// By which a token is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenKey {
    pub id: String,
    /// In base 64, as it stands in URLs.
    pub public: String,
    /// From when on it is believed no more; none while it signs.
    pub until: Option<Timestamp>,
}

/// What a token says, once it is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    pub session: SessionId,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What a token of a program says, once it is proven: which secret of which key it is good for, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyClaims {
    pub user: UserId,
    pub key: KeyId,
    /// The hash of the secret that it was handed out for.
    pub secret: Sha,
    pub scopes: BTreeSet<Scope>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A text that lets its holder in: it never prints itself, and leaves no copy behind in memory.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is kept of it.
    pub fn hash(&self) -> Sha {
        Sha::of_bytes(self.expose().as_bytes())
    }
}

/// Nothing could be proven or signed, for a reason of our own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a password or token cannot be dealt with now: {0}")]
pub struct ProofError(pub String);

pub trait FindUser {
    async fn find_email(&self, email: &Email) -> Result<Option<UserId>, StoreError>;
    async fn find_username(&self, username: &Username) -> Result<Option<UserId>, StoreError>;
    async fn load_user(&self, user: &UserId) -> Result<Option<User>, StoreError>;
}

pub trait ListUsers {
    /// By their ids; as they are now.
    async fn list_users(&self, page: &PageRequest) -> Result<Page<User>, StoreError>;
}

pub trait CreateUser {
    /// On record; false where the id, the address or the name is somebody's, or the code was spent. The code is a token
    /// as well: one that lets nobody in any more makes nobody.
    async fn create_user(&self, user: &User, code: Option<&Sha>, audit: &Audit) -> Result<bool, StoreError>;
}

pub trait ChangeUser {
    /// On record, and on the version that was seen; a reset goes with it, and has to be there. False where another
    /// change was first. Address and name stay.
    async fn change_user(&self, user: &User, seen: u64, reset: Option<&Sha>, audit: &Audit)
    -> Result<bool, StoreError>;
}

pub trait KeepLogin {
    /// On record, where the user is at this version, and notes when they came; false where they were changed.
    async fn open_login(&self, login: &Login, seen: u64, audit: &Audit) -> Result<bool, StoreError>;

    /// Those that are not over, oldest first; as they are now.
    async fn list_logins(&self, user: &UserId, now: Timestamp) -> Result<Vec<Login>, StoreError>;

    /// False where it was extended meanwhile, or is over.
    async fn extend_login(&self, login: &Login, until: Timestamp) -> Result<bool, StoreError>;

    /// From here on its token lets nobody in. Ending it again is success; false where it was not there.
    async fn end_login(&self, user: &UserId, login: &SessionId) -> Result<bool, StoreError>;
}

pub trait GuardLogin {
    /// Counts the request and lets it in, as [`super::GuardSession`] does with opaque tokens.
    async fn guard_login(&self, user: &UserId, login: &SessionId, visit: Visit) -> Result<Guarded, StoreError>;
}

pub trait MindGuesses {
    async fn load_guesses(&self, subject: &Sha) -> Result<Option<Guesses>, StoreError>;

    /// In the place of what was seen; false where another attempt was counted first.
    async fn count_guess(
        &self,
        subject: &Sha,
        seen: Option<Guesses>,
        counted: Guesses,
        forgotten_at: Timestamp,
    ) -> Result<bool, StoreError>;

    async fn forget_guesses(&self, subject: &Sha) -> Result<(), StoreError>;
}

pub trait CountAddress {
    /// One more request of this minute; how long to wait where that is more than this many, and then it is not counted.
    async fn count_address(&self, subject: &Sha, most: u32, now: Timestamp) -> Result<Option<Millis>, StoreError>;
}

pub trait KeepReset {
    /// With the change of its user, on record, and on the version that was seen; false where another change was first.
    async fn keep_reset(&self, reset: &Reset, user: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError>;
    async fn find_reset(&self, hash: &Sha) -> Result<Option<Reset>, StoreError>;
}

pub trait FindBootstrap {
    async fn find_bootstrap(&self) -> Result<Option<Bootstrap>, StoreError>;
}

pub trait KeepTokenKeys {
    async fn load_token_keys(&self) -> Result<Vec<TokenKey>, StoreError>;

    /// In the place of those that were seen; false where others were published first.
    async fn publish_token_keys(&self, seen: &[TokenKey], keys: &[TokenKey]) -> Result<bool, StoreError>;
}

pub trait HashPassword {
    async fn hash_password(&self, password: &Password) -> Result<PasswordHash, ProofError>;

    /// It takes as long where there is nothing to compare with.
    async fn is_password(&self, given: &Password, kept: Option<&PasswordHash>) -> Result<bool, ProofError>;
}

pub trait SignToken {
    async fn sign_token(&self, claims: &Claims) -> Result<Secret, ProofError>;
}

pub trait SignKeyToken {
    async fn sign_key_token(&self, claims: &KeyClaims) -> Result<Secret, ProofError>;
}
