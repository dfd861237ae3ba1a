//! Requests that are done once.

use super::Schema;
use crate::text::Text;
use domain::ids::{AttemptId, Sha};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A request that was sent with an `Idempotency-Key`. The key is known by its hash, and so is what was asked for: a body may hold
/// what no row may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyedRequest {
    pub v: Schema<1>,
    /// Of the path, the query and the body.
    pub asked: Text<Sha>,
    /// The request that did it.
    pub request: Text<AttemptId>,
    pub begun_at: i64,
    /// From then on the key is free.
    pub ends_at: i64,
    /// None while it is not finished, or where its answer was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// What a request was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    /// By their names: those that belong to the body, and the version.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// None of one that is shown once, such as a secret, or that is too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}
