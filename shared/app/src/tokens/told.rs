//! What a token permits, as the record says it: never its secret.

use super::Token;
use crate::ports::KeptToken;
use domain::clock::Timestamp;
use domain::token::{Grant, WebhookToken};
use wire::view::time;

/// Each member has its place here: one that is new does not compile until it is told, or left out on purpose.
pub(crate) fn told(Token { kept, former_until }: &Token) -> String {
    let KeptToken { token, label, hint: _, created_at: _, version, replaced: _, revoked_at } = kept;
    let WebhookToken { id: _, user: _, hash: _, account, exchange, expires_at, grant } = token;
    let until = |what: &str, end: &Option<Timestamp>| end.map(|end| format!("{what} {}", time(end)));
    let said = [
        label.as_ref().map(|label| format!("label {label}")),
        account.as_ref().map(|account| format!("account {account}")),
        exchange.as_ref().map(|exchange| format!("exchange {exchange}")),
        Some(permits(grant)),
        until("until", expires_at),
        until("the secret before until", former_until),
        until("revoked", revoked_at),
    ];
    said.into_iter().flatten().fold(format!("version {version}"), |told, said| format!("{told}, {said}"))
}

fn permits(grant: &Grant) -> String {
    let Grant { markets, presets, order_quote_max, only, from } = grant;
    let said = [
        listed("markets", markets),
        listed("presets", presets),
        order_quote_max.map(|max| format!("at most {max} an entry")),
        only.map(|only| format!("{only} only")),
        from.map(|from| format!("from {from} only")),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    if said.is_empty() { "everything permitted".to_owned() } else { said.join(", ") }
}

fn listed<T: ToString>(what: &str, named: &[T]) -> Option<String> {
    let names: Vec<_> = named.iter().map(T::to_string).collect();
    (!names.is_empty()).then(|| format!("{what} {}", names.join(" ")))
}
