//! People and their sessions. No answer holds a password, and a token stands only in the answer that hands it out.

use super::words::Time;
use super::{UserSettings, time};
use domain::clock::Timestamp;
use domain::identity::{self, Grant, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The id of the user, `usr_…`.
    pub id: String,
    /// E-mail address with which the user logs in.
    pub email: String,
    /// Name by which others see the user; unique, upper and lower case are the same.
    pub username: String,
    /// As they want to be called.
    #[serde(default)]
    pub name: Option<String>,
    /// Name of the user's role.
    pub role: String,
    /// Name of the user's plan; `default` if none was assigned.
    #[serde(default)]
    #[schema(required)]
    pub plan: String,
    /// What the role permits, each `resource:action`; null where that stands with the role alone.
    pub permissions: Option<Vec<String>>,
    /// Whether the user may log in; false if suspended.
    pub is_active: bool,
    /// When the user was made.
    pub created_at: Time,
    /// When the user last logged in; null if never.
    pub last_login: Option<Time>,
    /// When they last asked for anything, as far as their sessions tell; null in lists and after a change, which look at no
    /// sessions.
    #[serde(default)]
    pub last_seen: Option<Time>,
    /// What their programs keep for them.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub preferences: Option<Value>,
    /// As they apply; null in lists, after a change, and of anybody but yourself.
    #[serde(default)]
    pub settings: Option<UserSettings>,
    /// The version of the user, raised by each change; its `ETag`, accepted as `If-Match`.
    pub version: u64,
}

/// The user who has logged in or registered, and the session's token.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a token")]
#[schema(as = LoggedIn)]
pub struct Entered {
    /// The user who logged in or was registered.
    pub user: User,
    /// The session's bearer token; null if it is a cookie, or if an admin created the user.
    pub token: Option<String>,
    /// When the session's token expires; null if an admin created the user.
    pub expires_at: Option<Time>,
    /// The refresh token of the session, `mqf_…`, good once; null without a bearer token.
    #[serde(default)]
    pub refresh_token: Option<String>,
    /// When the session can be refreshed no more; null without a refresh token.
    #[serde(default)]
    pub refresh_expires_at: Option<Time>,
    /// The value of `X-CSRF-Token` for changes by the session's cookie; null without a cookie.
    #[serde(default)]
    pub csrf_token: Option<String>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a token")]
pub struct Refreshed {
    /// The new bearer token of the session.
    pub new_token: String,
    /// When the session's token now expires.
    pub expires_at: Time,
    /// The refresh token in place of the one that was sent; null if a bearer token was sent.
    #[serde(default)]
    pub refresh_token: Option<String>,
    /// When the session can be refreshed no more; null without a refresh token.
    #[serde(default)]
    pub refresh_expires_at: Option<Time>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a token")]
pub struct CsrfToken {
    /// The value of `X-CSRF-Token` for changes by the session's cookie.
    pub csrf_token: String,
}

/// By which one person chooses a new password, once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a token")]
pub struct ResetToken {
    /// The reset token, `mqr_…`, with which the user sets a new password once.
    pub reset_token: String,
    /// When the reset token ends.
    pub expires_at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Success {
    /// Always true; a failure is answered as a problem.
    pub success: bool,
}

/// One log-in of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The id of the session, `ses_…`.
    pub id: String,
    /// IP address from which the user logged in; null if not known.
    pub ip_address: Option<String>,
    /// `User-Agent` of the program with which the user logged in; null if it sent none.
    pub user_agent: Option<String>,
    /// When the user logged in.
    pub created_at: Time,
    /// When the session's token expires unless it is refreshed.
    pub expires_at: Time,
    /// When the session can be refreshed no more; null if it has no refresh token.
    #[serde(default)]
    pub refresh_expires_at: Option<Time>,
    /// When the session last made a request; null if not known.
    #[serde(default)]
    pub last_seen: Option<Time>,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl From<&identity::User> for User {
    fn from(user: &identity::User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            username: user.username.to_string(),
            name: user.profile.name.as_ref().map(ToString::to_string),
            role: user.role.to_string(),
            plan: user.plan.to_string(),
            permissions: user.role.built_in().map(|role| words(&Grant::from(role).scopes)),
            is_active: user.active,
            created_at: time(user.created_at),
            last_login: user.last_login.map(time),
            last_seen: None,
            preferences: serde_json::from_str(user.profile.preferences.as_str()).ok(),
            settings: None,
            version: user.version,
        }
    }
}

impl User {
    /// One alone, with all that is known of them.
    pub fn of(user: &identity::User, last_seen: Option<Timestamp>) -> Self {
        Self { last_seen: last_seen.map(time), ..Self::from(user) }
    }

    /// With the settings that apply to them.
    #[must_use]
    pub fn with_settings(self, settings: UserSettings) -> Self {
        Self { settings: Some(settings), ..self }
    }

    /// With what they may do, as their session says it.
    #[must_use]
    pub fn permitted<'a>(self, scopes: impl IntoIterator<Item = &'a Scope>) -> Self {
        Self { permissions: Some(words(scopes)), ..self }
    }
}

fn words<'a>(scopes: impl IntoIterator<Item = &'a Scope>) -> Vec<String> {
    scopes.into_iter().map(Scope::to_string).collect()
}

impl ResetToken {
    pub fn of(token: &str, expires_at: Timestamp) -> Self {
        Self { reset_token: token.to_owned(), expires_at: time(expires_at) }
    }
}
