//! People: their accounts, log-ins, and what proves who somebody is.

use super::{Audit, Guarded, Page, PageRequest, StoreError, Visit};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Email, Guesses, Password, PasswordHash, Scope, User, Username};
use domain::ids::{KeyId, SessionId, Sha, UserId};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use store::Engine;
use store::identity::Identity;

pub use store::identity::{Bootstrap, Login, Origin, Reset, TokenKey};

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

    /// The same without the people whose rows cannot be read, and what was wrong with the first of those.
    async fn list_readable_users(&self, page: &PageRequest) -> Result<(Page<User>, Option<StoreError>), StoreError>;
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

impl<E: Engine> FindUser for E {
    async fn find_email(&self, email: &Email) -> Result<Option<UserId>, StoreError> {
        Identity(self).find_email(email).await
    }

    async fn find_username(&self, username: &Username) -> Result<Option<UserId>, StoreError> {
        Identity(self).find_username(username).await
    }

    async fn load_user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        Identity(self).load_user(user).await
    }
}

impl<E: Engine> ListUsers for E {
    async fn list_users(&self, page: &PageRequest) -> Result<Page<User>, StoreError> {
        Identity(self).list_users(page).await
    }

    async fn list_readable_users(&self, page: &PageRequest) -> Result<(Page<User>, Option<StoreError>), StoreError> {
        Identity(self).list_readable_users(page).await
    }
}

impl<E: Engine> CreateUser for E {
    async fn create_user(&self, user: &User, code: Option<&Sha>, audit: &Audit) -> Result<bool, StoreError> {
        Identity(self).create_user(user, code, audit).await
    }
}

impl<E: Engine> ChangeUser for E {
    async fn change_user(
        &self,
        user: &User,
        seen: u64,
        reset: Option<&Sha>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Identity(self).change_user(user, seen, reset, audit).await
    }
}

impl<E: Engine> KeepLogin for E {
    async fn open_login(&self, login: &Login, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        Identity(self).open_login(login, seen, audit).await
    }

    async fn list_logins(&self, user: &UserId, now: Timestamp) -> Result<Vec<Login>, StoreError> {
        Identity(self).list_logins(user, now).await
    }

    async fn extend_login(&self, login: &Login, until: Timestamp) -> Result<bool, StoreError> {
        Identity(self).extend_login(login, until).await
    }

    async fn end_login(&self, user: &UserId, login: &SessionId) -> Result<bool, StoreError> {
        Identity(self).end_login(user, login).await
    }
}

impl<E: Engine> GuardLogin for E {
    async fn guard_login(&self, user: &UserId, login: &SessionId, visit: Visit) -> Result<Guarded, StoreError> {
        Identity(self).guard_login(user, login, visit).await
    }
}

impl<E: Engine> MindGuesses for E {
    async fn load_guesses(&self, subject: &Sha) -> Result<Option<Guesses>, StoreError> {
        Identity(self).load_guesses(subject).await
    }

    async fn count_guess(
        &self,
        subject: &Sha,
        seen: Option<Guesses>,
        counted: Guesses,
        forgotten_at: Timestamp,
    ) -> Result<bool, StoreError> {
        Identity(self).count_guess(subject, seen, counted, forgotten_at).await
    }

    async fn forget_guesses(&self, subject: &Sha) -> Result<(), StoreError> {
        Identity(self).forget_guesses(subject).await
    }
}

impl<E: Engine> CountAddress for E {
    async fn count_address(&self, subject: &Sha, most: u32, now: Timestamp) -> Result<Option<Millis>, StoreError> {
        Identity(self).count_address(subject, most, now).await
    }
}

impl<E: Engine> KeepReset for E {
    async fn keep_reset(&self, reset: &Reset, user: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        Identity(self).keep_reset(reset, user, seen, audit).await
    }

    async fn find_reset(&self, hash: &Sha) -> Result<Option<Reset>, StoreError> {
        Identity(self).find_reset(hash).await
    }
}

impl<E: Engine> FindBootstrap for E {
    async fn find_bootstrap(&self) -> Result<Option<Bootstrap>, StoreError> {
        Identity(self).find_bootstrap().await
    }
}

impl<E: Engine> KeepTokenKeys for E {
    async fn load_token_keys(&self) -> Result<Vec<TokenKey>, StoreError> {
        Identity(self).load_token_keys().await
    }

    async fn publish_token_keys(&self, seen: &[TokenKey], keys: &[TokenKey]) -> Result<bool, StoreError> {
        Identity(self).publish_token_keys(seen, keys).await
    }
}
