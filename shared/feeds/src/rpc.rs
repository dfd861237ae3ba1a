//! Calls by JSON-RPC, several in one request.

use crate::{heard, too_large};
use domain::chain::EndpointUrl;
use domain::whale::FeedFault;
use outbound::{Client, Fault};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A method with its parameters.
pub(crate) type Call = (&'static str, Value);

/// Of all answers to the calls of one kind: what they say is held at once, and the sources of a deployment share its memory.
const ANSWERS_BYTES_MAX: usize = 32 * 1_024 * 1_024;

/// Why there is no answer to calls.
struct Refused {
    fault: FeedFault,
    /// It may answer fewer of them.
    is_too_much: bool,
}

impl From<FeedFault> for Refused {
    fn from(fault: FeedFault) -> Self {
        Self { fault, is_too_much: false }
    }
}

#[derive(Deserialize)]
struct Reply<T> {
    id: Value,
    result: Option<T>,
    error: Option<RpcError>,
}

#[derive(Deserialize)]
struct RpcError {
    #[serde(default)]
    message: String,
}

/// The results of all calls, in their order; none of one that is null. As long as they are too many at once, half as many are asked for, down
/// to one.
pub(crate) async fn ask<T: DeserializeOwned>(
    client: &Client,
    url: &EndpointUrl,
    calls: &[Call],
) -> Result<Vec<Option<T>>, FeedFault> {
    let (mut results, mut rest, mut most, mut bytes) = (Vec::with_capacity(calls.len()), calls, calls.len(), 0_usize);
    while let Some((some, behind)) = rest.split_at_checked(most.min(rest.len())).filter(|(some, _)| !some.is_empty()) {
        match ask_at_once(client, url, some).await {
            Ok((told, length)) => {
                bytes = bytes.saturating_add(length);
                if bytes > ANSWERS_BYTES_MAX {
                    return Err(FeedFault::Unreadable);
                }
                results.extend(told);
                rest = behind;
            }
            Err(refused) if refused.is_too_much && some.len() > 1 => most = some.len() / 2,
            Err(refused) => return Err(refused.fault),
        }
    }
    Ok(results)
}

async fn ask_at_once<T: DeserializeOwned>(
    client: &Client,
    url: &EndpointUrl,
    calls: &[Call],
) -> Result<(Vec<Option<T>>, usize), Refused> {
    let numbered = calls.iter().enumerate();
    let body: Vec<_> = numbered
        .map(|(id, (method, params))| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
        .collect();
    let answer = client.post(url, Value::Array(body).to_string()).await;
    let is_too_much = matches!(answer, Err(Fault::TooLong | Fault::TimedOut));
    let answer = heard(answer).map_err(|fault| Refused { fault, is_too_much })?;
    let refused =
        |message: &str| Refused { fault: FeedFault::Refused, is_too_much: too_large::is_told(answer.status, message) };
    let Ok(replies) = serde_json::from_slice::<Vec<Reply<T>>>(&answer.body) else {
        // Who takes no batch, or none of so many, says so once.
        return Err(match error_of(&answer.body) {
            Some(error) => refused(&error.message),
            None if answer.status == 200 => FeedFault::Unreadable.into(),
            None => refused(""),
        });
    };
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
        Ok((by_number.into_values().collect(), answer.body.len()))
    } else {
        Err(FeedFault::Unreadable.into())
    }
}

/// Of an answer that is one error instead of many replies.
fn error_of(body: &[u8]) -> Option<RpcError> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
    serde_json::from_str(members.get("error")?.get()).ok()
}
