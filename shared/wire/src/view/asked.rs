//! Bodies of log-ins and of users. None of them is ever printed: they hold passwords and tokens.
#![allow(missing_debug_implementations, reason = "they hold passwords and tokens")]

use super::preset_members::PresetMembers;
use crate::member::{Free, GivenPassword, Hidden, NewPassword, Written, said};
use domain::identity::{Email, GivenCode, RoleName, Username};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Body of `POST /api/auth/login`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The user's e-mail address.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: Written<Email>,
    /// The user's password.
    #[schema(value_type = String, min_length = 1)]
    pub password: GivenPassword,
    /// What the second factor shows, or a recovery code; `totp_required` asks for it.
    #[schema(value_type = Option<String>)]
    pub totp: Option<Written<GivenCode>>,
}

/// Body of `POST /api/auth/register`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// E-mail address with which the user logs in.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: Written<Email>,
    /// Name by which others see the user; unique, upper and lower case are the same.
    #[schema(value_type = String, min_length = 3, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$")]
    pub username: Written<Username>,
    /// With an upper-case letter and a digit, and none that is tried first.
    #[schema(value_type = String, min_length = 8, max_length = 72)]
    pub password: NewPassword,
    /// For admins; else a viewer is made.
    #[schema(value_type = Option<String>)]
    pub role: Option<Written<RoleName>>,
    /// The deployment's first token, once.
    #[schema(value_type = Option<String>)]
    pub bootstrap_code: Option<Hidden>,
}

/// Body of `POST /api/v1/users`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// E-mail address with which the user logs in.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: Written<Email>,
    /// Name by which others see the user; unique, upper and lower case are the same.
    #[schema(value_type = String, min_length = 3, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$")]
    pub username: Written<Username>,
    /// First password of the user, with an upper-case letter and a digit; common passwords are refused.
    #[schema(value_type = String, min_length = 8, max_length = 72)]
    pub password: NewPassword,
    /// Name of the user's role; `viewer` if left out.
    #[schema(value_type = Option<String>)]
    pub role: Option<Written<RoleName>>,
}

/// Body of `PUT /api/v1/users/{id}`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateUser)]
pub struct Standing {
    /// Name of the user's new role; left out or null, it stays.
    #[schema(value_type = Option<String>)]
    pub role: Option<Written<RoleName>>,
    /// Whether the user may log in; false suspends them. Left out or null, it stays.
    pub is_active: Option<bool>,
    /// An object of at most 4,096 bytes; null empties it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Object)]
    pub preferences: Option<Option<Free>>,
}

/// Body of `POST /api/auth/logout` where no bearer token is sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenAlone {
    /// The session's bearer token; required if no `Authorization` header is sent.
    #[schema(value_type = Option<String>)]
    pub token: Option<Hidden>,
}

/// Body of `POST /api/auth/refresh`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The session's bearer token, in its last hour. It may be sent as `Authorization` instead.
    #[schema(value_type = Option<String>)]
    pub token: Option<Hidden>,
    /// The session's refresh token, at any time and alone.
    #[schema(value_type = Option<String>)]
    pub refresh_token: Option<Hidden>,
}

/// Body of `POST /api/v1/users/me/totp`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAlone {
    /// Your current password.
    #[schema(value_type = String, min_length = 1)]
    pub password: GivenPassword,
}

/// Body of `POST /api/v1/users/me/totp/confirm`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeAlone {
    /// Six digits.
    #[schema(value_type = String)]
    pub code: Written<GivenCode>,
}

/// Body of what changes a second factor that is on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAndCode {
    /// Your current password.
    #[schema(value_type = String, min_length = 1)]
    pub password: GivenPassword,
    /// Six digits, or a recovery code.
    #[schema(value_type = String)]
    pub code: Written<GivenCode>,
}

/// Body of `POST /api/auth/forgot-password`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotPassword {
    /// E-mail address of the user who forgot the password.
    #[schema(value_type = String)]
    pub email: Written<Email>,
}

/// Body of `POST /api/auth/reset-password`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The reset token, `mqr_…`, which works once.
    #[schema(value_type = String)]
    pub token: Hidden,
    /// The new password, with an upper-case letter and a digit; common passwords are refused.
    #[schema(value_type = String, min_length = 8, max_length = 72)]
    pub new_password: NewPassword,
}

/// Body of `POST /api/v1/users/me/password`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// Your current password.
    #[schema(value_type = String, min_length = 1)]
    pub old_password: GivenPassword,
    /// The new password, with at least one upper-case letter and one digit.
    #[schema(value_type = String, min_length = 8, max_length = 72)]
    pub new_password: NewPassword,
}

/// Body of `POST /api/v1/presets`.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPreset {
    /// Name of the preset: 1 to 40 of `a-z`, `0-9`, `_` and `-`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9_-]+$")]
    pub name: String,
    /// Members of the preset, as an alert has them: base order, safety orders, take-profit, stop and more.
    #[schema(value_type = PresetMembers)]
    pub preset: Value,
}
