//! Sources of whale alerts, as an admin sets them.

use super::{Credential, Schema};
use crate::text::Text;
use domain::ids::{SourceId, UserId};
use domain::whale::{Blockchain, SourceKind};
use serde::{Deserialize, Serialize};

/// Its endpoints and its key are sealed together; their hosts are not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleSource {
    pub v: Schema<1>,
    pub id: Text<SourceId>,
    /// As alerts name it.
    pub name: String,
    pub kind: Text<SourceKind>,
    pub chain: Text<Blockchain>,
    pub enabled: bool,
    /// Whether each block is read with all its transactions, and not only with transfers of tokens.
    pub reads_native: bool,
    /// Of its endpoints.
    pub hosts: Vec<String>,
    pub secret: Credential,
    pub version: u64,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: Text<UserId>,
}

/// That a source is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedSource {
    pub v: Schema<1>,
    pub source: Text<SourceId>,
}
