//! What this function asks beside its tables, in memory.

use app::ports::{
    Clock, HashPassword, LeaveReset, Letter, LinesPage, LookAtParts, MailError, PartSeen, ProofError, ReadLines,
    SealFactor, Secret, SendLetter, StoreError, Window,
};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Email, FactorSecret, Password, PasswordHash};
use domain::ids::UserId;
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub use testkit::kms::MemoryAuditKey as Audits;
pub use testkit::world::World as Store;

/// The secret of the deployment whose people the world logs in.
#[derive(Debug, Clone)]
pub struct DeploymentKey;

impl DeploymentKey {
    #[allow(clippy::unused_async, reason = "the shape of the deployed one")]
    pub async fn read(&self, _: Timestamp) -> Result<Secret, StoreError> {
        Ok(Secret::new(testkit::world::SECRET.to_owned()))
    }
}

/// A hash says what it is of.
#[derive(Debug, Clone)]
pub struct Passwords;

impl Passwords {
    pub fn hash(password: &str) -> PasswordHash {
        PasswordHash::from_stored(format!("hash of {password}"))
    }
}

impl HashPassword for Passwords {
    async fn hash_password(&self, password: &Password) -> Result<PasswordHash, ProofError> {
        Ok(Self::hash(password.expose()))
    }

    async fn is_password(&self, given: &Password, kept: Option<&PasswordHash>) -> Result<bool, ProofError> {
        Ok(kept == Some(&Self::hash(given.expose())))
    }
}

/// What is sealed says for whom, and under which key.
#[derive(Debug, Clone, Default)]
pub struct Factors {
    /// How often the key was changed.
    pub keys: Arc<Mutex<u32>>,
}

impl Factors {
    fn sealed(&self, user: &UserId, text: &str) -> String {
        format!("{}/{user}/{text}", self.keys.lock().unwrap())
    }
}

impl SealFactor for Factors {
    async fn seal_factor(&self, user: &UserId, secret: &FactorSecret, _: Timestamp) -> Result<String, StoreError> {
        Ok(self.sealed(user, secret.text().expose_secret()))
    }

    async fn open_factor(&self, user: &UserId, sealed: &str, _: Timestamp) -> Result<FactorSecret, StoreError> {
        let parts: Vec<_> = sealed.split('/').collect();
        assert_eq!(parts[1], user.as_str());
        Ok(FactorSecret::of_text(parts[2]).unwrap())
    }

    async fn reseal_factor(&self, user: &UserId, sealed: &str, _: Timestamp) -> Result<Option<String>, StoreError> {
        let anew = self.sealed(user, sealed.rsplit('/').next().unwrap());
        Ok((anew != sealed).then_some(anew))
    }
}

/// A sender, and what it has sent.
#[derive(Debug, Clone, Default)]
pub struct Post {
    /// To whom a letter was left to be written.
    pub left: Arc<Mutex<Vec<Email>>>,
    /// To whom, and the text.
    pub sent: Arc<Mutex<Vec<(Email, String)>>>,
}

impl LeaveReset for Post {
    async fn leave_reset(&self, email: &Email, _: Timestamp) -> Result<(), StoreError> {
        self.left.lock().unwrap().push(email.clone());
        Ok(())
    }
}

impl SendLetter for Post {
    async fn send_letter(&self, letter: &Letter, _: Timestamp) -> Result<(), MailError> {
        self.sent.lock().unwrap().push((letter.to.clone(), letter.text.clone()));
        Ok(())
    }
}

/// Parts as they are found, and the lines of each log.
#[derive(Debug, Clone, Default)]
pub struct Sights {
    pub now: Timestamp,
    pub parts: Arc<Mutex<Vec<PartSeen>>>,
    pub lines: Arc<Mutex<BTreeMap<String, LinesPage>>>,
    /// Functions whose logs cannot be read.
    pub unread: Arc<Mutex<Vec<String>>>,
    /// Which logs were read, and of when.
    pub windows: Arc<Mutex<Vec<(String, Window)>>>,
}

impl Clock for Sights {
    fn now(&self) -> Timestamp {
        self.now
    }
}

impl LookAtParts for Sights {
    async fn look_at_parts(&self, _: Timestamp) -> Vec<PartSeen> {
        self.parts.lock().unwrap().clone()
    }
}

impl ReadLines for Sights {
    async fn read_lines(
        &self,
        function: &str,
        window: Window,
        _: Option<&str>,
        _: Timestamp,
    ) -> Result<LinesPage, StoreError> {
        self.windows.lock().unwrap().push((function.to_owned(), window));
        if self.unread.lock().unwrap().iter().any(|unread| unread == function) {
            return Err(StoreError::Unavailable("throttled".to_owned()));
        }
        Ok(self.lines.lock().unwrap().get(function).cloned().unwrap_or_default())
    }
}

/// Files by their names.
#[derive(Debug, Clone, Default)]
pub struct Objects(pub Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl Objects {
    #[allow(clippy::unused_async, reason = "the shape of the deployed one")]
    pub async fn keep_export(&self, name: &str, packed: &[u8], _: Millis, _: Timestamp) -> Result<String, StoreError> {
        self.0.lock().unwrap().insert(name.to_owned(), packed.to_vec());
        Ok(format!("https://bucket.example/{name}"))
    }
}
