//! Tokens for programs, in the words of RFC 6749.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /oauth2/token`, as a form. Id and secret may stand in `Authorization: Basic` instead.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a secret")]
pub struct AskToken {
    #[schema(pattern = "^client_credentials$")]
    pub grant_type: String,
    pub client_id: Option<String>,
    pub client_secret: Option<String>,
    /// Words with single blanks between; all that the key lets do where it is left out.
    pub scope: Option<String>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a token")]
pub struct OauthToken {
    pub access_token: String,
    pub token_type: String,
    /// Seconds.
    pub expires_in: i64,
    pub scope: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OauthRefusal {
    pub error: String,
    pub error_description: String,
}
