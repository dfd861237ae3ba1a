//! Bearer tokens of the API.

use super::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::identity::Permission;
use domain::ids::{SessionId, Sha, UserId};

/// Who asks, and what the token lets them do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub user: UserId,
    pub scopes: Vec<String>,
    /// The log-in, where it is a person who asks; programs have keys.
    pub login: Option<SessionId>,
}

impl Session {
    pub fn may(&self, permission: Permission) -> bool {
        // The word that keys of the first release have for it.
        let known =
            |scope: &str| if scope == "system" { Permission::SYSTEM.as_str() } else { scope } == permission.as_str();
        self.scopes.iter().any(|scope| known(scope))
    }
}

/// What a guarded request is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarded {
    /// Let in, and counted.
    Admitted(Session),
    /// No such token, or its time is over; the two look alike from outside.
    Unknown,
    /// The token is good, and has asked too often in this minute.
    TooMany { retry_after: Millis },
}

/// Requests of one session in one minute of the clock.
pub const REQUESTS_PER_MINUTE_MAX: u32 = 600;

pub trait GuardSession {
    /// Counts the request and lets it in. The hash is what is kept of the token.
    async fn guard_session(&self, token_hash: &Sha, now: Timestamp) -> Result<Guarded, StoreError>;
}
