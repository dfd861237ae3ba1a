//! What is sent to routes whose bodies are read member by member: their shapes, for the document. None of them is ever
//! printed: they hold passwords and tokens.
#![allow(missing_debug_implementations, reason = "they hold passwords and tokens")]

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Body of `POST /api/auth/login`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The user's e-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// The user's password.
    #[schema(min_length = 1)]
    pub password: String,
    /// What the second factor shows, or a recovery code; `totp_required` asks for it.
    pub totp: Option<String>,
}

/// Body of `POST /api/auth/register`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// E-mail address with which the user logs in.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Name by which others see the user; unique, upper and lower case are the same.
    #[schema(min_length = 3, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$")]
    pub username: String,
    /// With an upper-case letter and a digit, and none that is tried first.
    #[schema(min_length = 8, max_length = 72)]
    pub password: String,
    /// For admins; else a viewer is made.
    pub role: Option<String>,
    /// The deployment's first token, once.
    pub bootstrap_code: Option<String>,
}

/// Body of `POST /api/v1/users`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// E-mail address with which the user logs in.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Name by which others see the user; unique, upper and lower case are the same.
    #[schema(min_length = 3, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$")]
    pub username: String,
    /// First password of the user, with an upper-case letter and a digit; common passwords are refused.
    #[schema(min_length = 8, max_length = 72)]
    pub password: String,
    /// Name of the user's role; `viewer` if left out.
    pub role: Option<String>,
}

/// Body of `PUT /api/v1/users/{id}`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Name of the user's new role; left out or null, it stays.
    pub role: Option<String>,
    /// Whether the user may log in; false suspends them. Left out or null, it stays.
    pub is_active: Option<bool>,
    /// An object of at most 4,096 bytes; null empties it.
    #[schema(value_type = Object)]
    pub preferences: Option<Value>,
}

/// Body of `POST /api/auth/logout` and `refresh`, where no bearer token is sent.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenAlone {
    /// The session's bearer token; required if no `Authorization` header is sent.
    pub token: Option<String>,
}

/// Body of `POST /api/auth/refresh`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The session's bearer token, in its last hour. It may be sent as `Authorization` instead.
    pub token: Option<String>,
    /// The session's refresh token, at any time and alone.
    pub refresh_token: Option<String>,
}

/// Body of `POST /api/v1/users/me/totp`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAlone {
    /// Your current password.
    #[schema(min_length = 1)]
    pub password: String,
}

/// Body of `POST /api/v1/users/me/totp/confirm`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeAlone {
    /// Six digits.
    pub code: String,
}

/// Body of what changes a second factor that is on.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAndCode {
    /// Your current password.
    #[schema(min_length = 1)]
    pub password: String,
    /// Six digits, or a recovery code.
    pub code: String,
}

/// Body of `POST /api/auth/forgot-password`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotPassword {
    /// E-mail address of the user who forgot the password.
    pub email: String,
}

/// Body of `POST /api/auth/reset-password`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The reset token, `mqr_…`, which works once.
    pub token: String,
    /// The new password, with an upper-case letter and a digit; common passwords are refused.
    #[schema(min_length = 8, max_length = 72)]
    pub new_password: String,
}

/// Body of `POST /api/v1/users/me/password`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// Your current password.
    #[schema(min_length = 1)]
    pub old_password: String,
    /// The new password, with at least one upper-case letter and one digit.
    #[schema(min_length = 8, max_length = 72)]
    pub new_password: String,
}

/// Body of `POST /api/v1/presets`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPreset {
    /// Name of the preset: 1 to 40 of `a-z`, `0-9`, `_` and `-`.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// Members of the preset, as an alert has them: base order, safety orders, take-profit, stop and more.
    #[schema(value_type = Object)]
    pub preset: Value,
}
