//! Closed: whoever asks is told that the exchange is not available.

use crate::engine::Millis;
use crate::faults::Kind;
use crate::http::{Call, Purpose, Reply};
use crate::site::Site;
use serde_json::json;

pub(crate) fn purpose(_: &str) -> Purpose {
    Purpose::Other
}

pub(crate) fn answer(_: &mut Site, _: &Call, _: Millis) -> Reply {
    Reply::json(503, &json!({ "error": ["EService:Unavailable"] }))
}

pub(crate) fn fault(_: Kind, _: u64) -> Reply {
    Reply::json(503, &json!({ "error": ["EService:Unavailable"] }))
}
