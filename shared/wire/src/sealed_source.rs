//! What is sealed of a source of whale alerts: where it is asked, and by which key.

use crate::text::Text;
use domain::chain::EndpointUrl;
use domain::ids::SourceId;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Cleared from memory when it is dropped, and never printed: an address may hold a provider's key.
#[derive(Serialize, Deserialize)]
pub struct SourceText {
    /// Which source it is of: what stands beside another one opens nowhere.
    pub source: Text<SourceId>,
    pub endpoints: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
}

/// What was sealed is no source. It is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed is no source")]
pub struct NoSource;

impl SourceText {
    /// # Errors
    /// Never in practice: texts can always be written.
    pub fn encode(&self) -> Result<Zeroizing<String>, NoSource> {
        serde_json::to_string(self).map(Zeroizing::new).map_err(|_| NoSource)
    }

    /// # Errors
    /// [`NoSource`] if it is something else, or of another source.
    pub fn decode(text: &str, source: &SourceId) -> Result<Self, NoSource> {
        serde_json::from_str::<Self>(text).ok().filter(|text| text.source.0 == *source).ok_or(NoSource)
    }

    /// # Errors
    /// [`NoSource`] if one of them is no address.
    pub fn endpoints(&self) -> Result<Vec<EndpointUrl>, NoSource> {
        self.endpoints.iter().map(|url| url.parse().map_err(|_| NoSource)).collect()
    }
}

impl Drop for SourceText {
    fn drop(&mut self) {
        self.endpoints.zeroize();
        self.api_key.zeroize();
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceText")
    }
}
