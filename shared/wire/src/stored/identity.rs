//! People: who they are, how they came in, and how often somebody tried.

use super::{Limits, Rates, Schema};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::identity::{
    self, Email, PasswordHash, PersonName, PlanName, Preferences, Profile, RoleName, Scope, Username,
};
use domain::ids::{SessionId, Sha, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub v: Schema<1>,
    pub id: Text<UserId>,
    pub email: Text<Email>,
    pub username: Text<Username>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<PersonName>>,
    /// JSON within a text: it is nobody's but theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Text<Preferences>>,
    /// By bcrypt, which says its rounds itself.
    pub password: String,
    pub role: Text<RoleName>,
    /// None is the one that limits nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Text<PlanName>>,
    pub active: bool,
    pub created_at: i64,
    pub password_at: i64,
    pub last_login: Option<i64>,
    /// Nobody finds them from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<i64>,
    pub version: u64,
}

/// Who has an address or a name, or is among all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserEntry {
    pub v: Schema<1>,
    pub user: Text<UserId>,
}

/// A log-in, with the requests that were counted in its last minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    pub v: Schema<1>,
    pub id: Text<SessionId>,
    pub user: Text<UserId>,
    pub role: Text<RoleName>,
    /// What the role permits; none in rows of a built-in role that were written before there were others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Text<Scope>>>,
    /// Of the role as it was then; none of a built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Text<PlanName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<Rates>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
    /// Minutes since 1970-01-01T00:00Z.
    pub minute: i64,
    pub requests: u32,
    /// None of a browser's session, and of those from before there were refresh tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Refresh>,
    /// Whether a second factor was proven when it began.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_factor: bool,
    /// Whether its access token goes on to its end, and no further.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_renewed: bool,
}

/// The refresh token of a log-in, by hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refresh {
    pub family: Text<Sha>,
    pub current: Text<Sha>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<ReplacedRefresh>,
}

/// The refresh token before the current one, by its hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedRefresh {
    pub secret: Text<Sha>,
    pub at: i64,
    /// The token in its place, sealed under the replaced one.
    pub successor: String,
    /// Whether the successor was answered a second time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
}

impl fmt::Debug for ReplacedRefresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ReplacedRefresh");
        shown.field("at", &self.at).field("repeated", &self.repeated).finish_non_exhaustive()
    }
}

/// Attempts on one thing; what that is can only be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guesses {
    pub v: Schema<1>,
    pub attempts: u32,
    pub last_at: i64,
}

/// Requests from one address, in the last minute in which there were any; whose that is can only be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorCount {
    pub v: Schema<1>,
    /// Minutes since 1970-01-01T00:00Z.
    pub minute: i64,
    pub requests: u32,
}

/// A token by which a password is chosen anew, under its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reset {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub password_at: i64,
    pub expires_at: i64,
}

/// The code by which the first person becomes admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bootstrap {
    pub v: Schema<1>,
    pub code: Text<Sha>,
    pub user: Text<UserId>,
    pub spent: bool,
}

/// Public keys by which tokens are proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKeys {
    pub v: Schema<1>,
    pub keys: Vec<TokenKey>,
    /// Raised by each change.
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    pub id: String,
    pub public: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

impl From<&identity::User> for User {
    fn from(user: &identity::User) -> Self {
        Self {
            v: Schema,
            id: Text(user.id.clone()),
            email: Text(user.email.clone()),
            username: Text(user.username.clone()),
            name: user.profile.name.clone().map(Text),
            preferences: Some(&user.profile.preferences).filter(|kept| !kept.is_empty()).cloned().map(Text),
            password: user.password.as_str().to_owned(),
            role: Text(user.role.clone()),
            plan: (!user.plan.is_default()).then(|| Text(user.plan.clone())),
            active: user.active,
            created_at: user.created_at.millis(),
            password_at: user.password_at.millis(),
            last_login: user.last_login.map(Timestamp::millis),
            deleted_at: None,
            version: user.version,
        }
    }
}

impl From<User> for identity::User {
    fn from(row: User) -> Self {
        Self {
            id: row.id.0,
            email: row.email.0,
            username: row.username.0,
            profile: Profile {
                name: row.name.map(|name| name.0),
                preferences: row.preferences.map(|kept| kept.0).unwrap_or_default(),
            },
            password: PasswordHash::from_stored(row.password),
            role: row.role.0,
            plan: row.plan.map(|plan| plan.0).unwrap_or_default(),
            active: row.active,
            created_at: Timestamp::from_millis(row.created_at),
            password_at: Timestamp::from_millis(row.password_at),
            last_login: row.last_login.map(Timestamp::from_millis),
            version: row.version,
        }
    }
}
