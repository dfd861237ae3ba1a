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
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    #[schema(min_length = 1)]
    pub password: String,
    /// What the second factor shows, or a recovery code; `totp_required` asks for it.
    pub totp: Option<String>,
}

/// Body of `POST /api/auth/register`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    #[schema(format = "email", max_length = 254)]
    pub email: String,
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
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    #[schema(min_length = 3, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$")]
    pub username: String,
    #[schema(min_length = 8, max_length = 72)]
    pub password: String,
    pub role: Option<String>,
}

/// Body of `PUT /api/v1/users/{id}`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    pub role: Option<String>,
    pub is_active: Option<bool>,
    /// An object of at most 4,096 bytes; null empties it.
    #[schema(value_type = Object)]
    pub preferences: Option<Value>,
}

/// Body of `POST /api/auth/logout` and `refresh`, where no bearer token is sent.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenAlone {
    pub token: Option<String>,
}

/// Body of `POST /api/v1/users/me/totp`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAlone {
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
    #[schema(min_length = 1)]
    pub password: String,
    /// Six digits, or a recovery code.
    pub code: String,
}

/// Body of `POST /api/auth/forgot-password`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotPassword {
    pub email: String,
}

/// Body of `POST /api/auth/reset-password`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    pub token: String,
    #[schema(min_length = 8, max_length = 72)]
    pub new_password: String,
}

/// Body of `POST /api/v1/users/me/password`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(min_length = 1)]
    pub old_password: String,
    #[schema(min_length = 8, max_length = 72)]
    pub new_password: String,
}

/// Body of `POST /api/v1/presets`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPreset {
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    #[schema(value_type = Object)]
    pub preset: Value,
}
