//! Second factors. What is secret stands only in the answer that hands it out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactorState {
    /// Whether a code is asked for at each log-in.
    pub enabled: bool,
    /// Number of unused recovery codes; 0 without a second factor.
    pub recovery_codes_left: usize,
}

/// The secret for an authenticator app, shown once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a secret")]
pub struct NewFactor {
    /// In base 32, to be typed.
    pub secret: String,
    /// The same to be scanned.
    pub otpauth_uri: String,
}

/// Each good once, in the place of a code; shown once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds secrets")]
pub struct RecoveryCodes {
    /// Ten codes, each of which replaces the code of the second factor once.
    pub recovery_codes: Vec<String>,
}
