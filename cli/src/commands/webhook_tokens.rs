//! `moniqo webhook-tokens`

use super::act::json;
use super::{Api, percent};
use crate::args::WebhookTokens;
use crate::failure::Failure;
use crate::table::{maybe, plain, table, time};
use comfy_table::Cell;
use serde_json::json as value;
use wire::view::{List, MadeWebhookToken, WebhookToken};

const HEADER: [&str; 6] = ["label", "id", "begins with", "permits", "used last (UTC)", "until (UTC)"];
const NONE: &str = "No webhook token lets alerts in: moniqo webhook-tokens create --help";

pub(super) fn run(api: &Api, wanted: &WebhookTokens) -> Result<(), Failure> {
    match wanted {
        WebhookTokens::List => api.show_all("webhook-tokens", |list: &List<WebhookToken>| {
            table(&HEADER, list.items.iter().map(row).collect(), NONE)
        }),
        WebhookTokens::Create { label, permits } => {
            let body = value!({
                "label": label, "account": permits.account, "exchange": permits.exchange,
                "markets": some(&permits.markets), "presets": some(&permits.presets), "order_quote_max": permits.order_quote_max, "only": permits.only,
                "from": permits.from, "expires_at": permits.expires_at,
            });
            made(api, "webhook-tokens", &json(&body)?)
        }
        WebhookTokens::Rotate { id, overlap_seconds } => {
            let body = json(&value!({"overlap_seconds": overlap_seconds}))?;
            made(api, &format!("webhook-tokens/{}/rotate", percent(id)), &body)
        }
        WebhookTokens::Revoke { id } => {
            api.delete(&format!("webhook-tokens/{}", percent(id)), None)?;
            anstream::println!("Revoked. A process that believes it still does so for at most half a minute.");
            Ok(())
        }
    }
}

/// What limits names at least one.
fn some(names: &[String]) -> Option<&[String]> {
    (!names.is_empty()).then_some(names)
}

/// With the URL under which this API was asked: a stack at hand has no name of its own.
fn made(api: &Api, path: &str, body: &str) -> Result<(), Failure> {
    let url = api.target.url()?.to_owned();
    api.act(path, Some(body.to_owned()), |made: &MadeWebhookToken| {
        let former = made.token.former_until.map(|until| format!("\nthe secret before lets in until {}", time(until)));
        let id = &made.token.id;
        format!(
            "{url}{}\n\nThis is {id}. Its URL is a key, and is shown this once: paste it into TradingView.{}",
            made.webhook_path,
            former.unwrap_or_default()
        )
    })
}

fn row(of: &WebhookToken) -> Vec<Cell> {
    let start = [maybe(of.label.as_ref()), plain(&*of.id), maybe(of.hint.as_ref()), plain(permits(of))];
    let dates = [of.last_used_at, of.expires_at].map(|at| plain(at.map_or_else(|| "-".to_owned(), time)));
    start.into_iter().chain(dates).collect()
}

fn permits(of: &WebhookToken) -> String {
    let listed = |name: &str, names: &Option<Vec<String>>| Some(format!("{name} {}", names.as_ref()?.join(" ")));
    let parts = [
        of.only.map(|only| format!("{only} only")),
        of.account.as_ref().map(|account| format!("account {account}")),
        of.exchange.as_ref().map(|exchange| format!("at {exchange}")),
        listed("markets", &of.markets),
        listed("presets", &of.presets),
        of.order_quote_max.as_ref().map(|max| format!("at most {max}")),
        of.from.as_ref().map(|sender| format!("from {sender}")),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "everything".to_owned() } else { parts.join(", ") }
}
