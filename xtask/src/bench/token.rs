//! Webhook tokens of a measured run: one token may send ten alerts a second, so many take turns.

use axum::body::Bytes;
use serde_json::Value;

/// Alerts that one token sends before the next takes its turn; below the burst that a token is let.
const TURN: u32 = 50;

/// The secret that sends alert number `n`, from 0.
pub(crate) fn secret(first: &str, n: u32) -> String {
    match n / TURN {
        0 => first.to_owned(),
        turn => format!("{first}{turn}"),
    }
}

/// Whether this request looks for a webhook token.
pub(crate) fn is_asked_for(request: &Value) -> bool {
    hash(request).is_some()
}

/// The recorded answer, with the token under the hash that was asked for.
pub(super) fn renamed(request: &Value, recorded: &Value, answer: &Bytes) -> Bytes {
    let (Some(wanted), Some(recorded)) = (hash(request), hash(recorded)) else { return answer.clone() };
    let row: Value = serde_json::from_slice(answer).unwrap_or_default();
    let id = row.pointer("/Item/id/S").and_then(Value::as_str).unwrap_or_default();
    let another: String = wanted.chars().take(26).collect();
    row.to_string().replace(recorded, wanted).replace(id, &format!("tok_{another}")).into()
}

fn hash(request: &Value) -> Option<&str> {
    let key = request.get("Key")?;
    key.pointer("/pk/S")?.as_str()?.strip_prefix("TOK#")?;
    key.pointer("/sk/S")?.as_str()
}
