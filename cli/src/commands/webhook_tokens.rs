//! `moniqo webhook-tokens`

use super::act::json;
use super::{Api, percent};
use crate::args::{Permits, WebhookTokens};
use crate::failure::Failure;
use crate::table::{facts, maybe, plain, table, time};
use comfy_table::Cell;
use serde_json::{Map, Value, json as value};
use wire::view::{List, MadeWebhookToken, WebhookToken};

const HEADER: [&str; 6] = ["label", "id", "prefix", "permits", "last used (UTC)", "expires (UTC)"];
const NONE: &str = "There are no webhook tokens: moniqo webhook-tokens create --help";

pub(super) fn run(api: &Api, wanted: &WebhookTokens) -> Result<(), Failure> {
    match wanted {
        WebhookTokens::List => api.show_all("webhook-tokens", |list: &List<WebhookToken>| {
            table(&HEADER, list.items.iter().map(row).collect(), NONE)
        }),
        WebhookTokens::Show { id } => api.show(&path(id), false, shown),
        WebhookTokens::Create { label, permits } => made(api, "webhook-tokens", &json(&body(Some(label), permits))?),
        WebhookTokens::Edit { id, label, permits } => {
            let body = body(label.as_ref(), permits);
            if body.is_empty() {
                return Err(Failure::input("name what to change").next("moniqo webhook-tokens edit --help"));
            }
            api.patch(&path(id), json(&body)?, shown)
        }
        WebhookTokens::Rotate { id, overlap_seconds } => {
            let body = json(&value!({"overlap_seconds": overlap_seconds}))?;
            made(api, &format!("{}/rotate", path(id)), &body)
        }
        WebhookTokens::Revoke { id } => {
            api.delete(&path(id), None)?;
            anstream::println!("Revoked. It can still be accepted for half a minute.");
            Ok(())
        }
    }
}

fn path(id: &str) -> String {
    format!("webhook-tokens/{}", percent(id))
}

/// The members that were named; the others stay, and are null for a new token.
fn body(label: Option<&String>, permits: &Permits) -> Map<String, Value> {
    let Permits { account, exchange, markets, presets, order_quote_max, only, from, expires_at } = permits;
    let text = |text: Option<&String>| text.map(|text| value!(text));
    let listed = |names: &[String]| (!names.is_empty()).then(|| value!(names));
    let members = [
        ("label", text(label)),
        ("account", text(account.as_ref())),
        ("exchange", text(exchange.as_ref())),
        ("markets", listed(markets)),
        ("presets", listed(presets)),
        ("order_quote_max", text(order_quote_max.as_ref())),
        ("only", text(only.as_ref())),
        ("from", text(from.as_ref())),
        ("expires_at", text(expires_at.as_ref())),
    ];
    members.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
}

/// With the URL under which this API was asked: a stack at hand has no name of its own.
fn made(api: &Api, path: &str, body: &str) -> Result<(), Failure> {
    let url = api.target.url()?.to_owned();
    api.act(path, Some(body.to_owned()), |made: &MadeWebhookToken| {
        let former =
            made.token.former_until.map(|until| format!("\nthe previous secret is valid until {}", time(until)));
        let id = &made.token.id;
        format!(
            "{url}{}\n\nThe URL of {id} is a secret and is shown only once: paste it into TradingView.{}",
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

fn shown(of: &WebhookToken) -> String {
    facts([
        ("id", Some(of.id.clone())),
        ("label", of.label.clone()),
        ("prefix", of.hint.clone()),
        ("permits", Some(permits(of))),
        ("last used (UTC)", of.last_used_at.map(time)),
        ("expires (UTC)", of.expires_at.map(time)),
    ])
}

fn permits(of: &WebhookToken) -> String {
    let listed = |name: &str, names: &Option<Vec<String>>| Some(format!("{name} {}", names.as_ref()?.join(" ")));
    let parts = [
        of.only.map(|only| format!("{only} only")),
        of.account.as_ref().map(|account| format!("account {account}")),
        of.exchange.as_ref().map(|exchange| format!("at {exchange}")),
        listed("markets", &of.markets),
        listed("presets", &of.presets),
        of.order_quote_max.as_ref().map(|max| format!("max. {max}")),
        of.from.as_ref().map(|sender| format!("from {sender}")),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "everything".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use crate::commands::served::serving;
    use clap::Parser;

    const TOKEN: &str = r#"{"id": "tok_1", "label": "a", "hint": null, "only": null, "account": null, "exchange": null,
        "markets": null, "presets": null, "order_quote_max": null, "from": null, "created_at": "2026-01-01T00:00:00Z",
        "last_used_at": null, "expires_at": null, "former_until": null, "version": 1}"#;

    fn asked(line: &str) -> String {
        let cli = Cli::try_parse_from(format!("moniqo webhook-tokens {line}").split(' ')).unwrap();
        let Command::WebhookTokens(wanted) = cli.command else { unreachable!() };
        let (api, requests) = serving(&[(200, TOKEN)]);
        run(&api, &wanted).unwrap();
        requests.join().unwrap().remove(0)
    }

    #[test]
    fn webhook_token_is_changed_in_what_is_named() {
        assert_eq!(
            asked("edit tok_1 --label b --market BTC/USDT --only exit"),
            r#"PATCH webhook-tokens/tok_1 {"label":"b","markets":["BTC/USDT"],"only":"exit"}"#
        );
        assert_eq!(asked("show tok_1"), "GET webhook-tokens/tok_1");
    }
}
