//! Calls by JSON-RPC, several in one request.

use crate::{heard, too_large};
use domain::chain::EndpointUrl;
use domain::whale::FeedFault;
use outbound::{Client, Fault};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A method with its parameters.
pub(crate) type Call = (&'static str, Value);

/// Why there is no answer to calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// To less it may be one.
    TooLarge,
    Fault(FeedFault),
}

impl From<FeedFault> for Refused {
    fn from(fault: FeedFault) -> Self {
        Self::Fault(fault)
    }
}

/// Where nothing less can be asked for.
impl From<Refused> for FeedFault {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooLarge => Self::Refused,
            Refused::Fault(fault) => fault,
        }
    }
}

#[derive(Deserialize)]
struct Reply {
    id: Value,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error: Option<RpcError>,
}

#[derive(Deserialize)]
struct RpcError {
    #[serde(default)]
    message: String,
}

/// The results of all calls, in their order.
pub(crate) async fn ask(client: &Client, url: &EndpointUrl, calls: &[Call]) -> Result<Vec<Value>, Refused> {
    let numbered = calls.iter().enumerate();
    let body: Vec<_> = numbered
        .map(|(id, (method, params))| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
        .collect();
    let answer = client.post(url, Value::Array(body).to_string()).await;
    if answer == Err(Fault::TooLong) {
        return Err(Refused::TooLarge);
    }
    let answer = heard(answer)?;
    let refused = |message: &str| match too_large::is_told(answer.status, message) {
        true => Refused::TooLarge,
        false => Refused::Fault(FeedFault::Refused),
    };
    let Ok(said) = serde_json::from_slice::<Value>(&answer.body) else {
        return Err(if answer.status == 200 { FeedFault::Unreadable.into() } else { refused("") });
    };
    // Who takes no batch, or none of so many, says so once.
    if let Some(error) = said.get("error") {
        return Err(refused(error.get("message").and_then(Value::as_str).unwrap_or_default()));
    }
    let replies: Vec<Reply> = serde_json::from_value(said).map_err(|_| FeedFault::Unreadable)?;
    let mut by_number = BTreeMap::new();
    for Reply { id, result, error } in replies {
        if let Some(error) = error {
            return Err(refused(&error.message));
        }
        let id = id.as_u64().and_then(|id| usize::try_from(id).ok()).filter(|id| *id < calls.len());
        if by_number.insert(id.ok_or(FeedFault::Unreadable)?, result).is_some() {
            return Err(FeedFault::Unreadable.into());
        }
    }
    if by_number.len() == calls.len() {
        Ok(by_number.into_values().collect())
    } else {
        Err(FeedFault::Unreadable.into())
    }
}
