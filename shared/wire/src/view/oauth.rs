//! Tokens for programs, in the words of RFC 6749.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /oauth2/token`, as a form. Id and secret may stand in `Authorization: Basic` instead.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a secret")]
#[schema(as = TokenRequest)]
pub struct AskToken {
    /// The OAuth 2.0 grant: always `client_credentials`.
    #[schema(pattern = "^client_credentials$")]
    pub grant_type: String,
    /// The API key's id, `key_…`; may be left out if `Authorization: Basic` is sent.
    pub client_id: Option<String>,
    /// The API key's secret; required without `Authorization: Basic`, refused with it.
    pub client_secret: Option<String>,
    /// Permissions, separated by single spaces; by default all permissions of the key.
    pub scope: Option<String>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a token")]
pub struct OauthToken {
    /// The bearer token that the program sends with its requests.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: i64,
    /// What the token permits, each `resource:action`, separated by blanks.
    pub scope: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OauthRefusal {
    /// Error code of RFC 6749, such as `invalid_client`.
    pub error: String,
    /// What is wrong, in plain words.
    pub error_description: String,
}
