//! `moniqo api-keys`

use super::act::json;
use super::{Api, percent};
use crate::args::{ApiKeys, KeyBounds};
use crate::failure::Failure;
use crate::table::{facts, plain, table, time};
use comfy_table::Cell;
use serde_json::{Map, Value, json as value};
use wire::view::{ApiKey, ApiKeyOrders, List, MadeApiKey};

const HEADER: [&str; 7] = ["name", "id", "prefix", "scopes", "from", "last used (UTC)", "expires (UTC)"];
const NONE: &str = "You have no API keys: moniqo api-keys create --help";

pub(super) fn run(api: &Api, wanted: &ApiKeys) -> Result<(), Failure> {
    match wanted {
        ApiKeys::List => {
            api.show_all("api-keys", |list: &List<ApiKey>| table(&HEADER, list.items.iter().map(row).collect(), NONE))
        }
        ApiKeys::Show { id } => api.show(&format!("api-keys/{}", percent(id)), false, shown),
        ApiKeys::Create { name, scopes, bounds } => made(api, "api-keys", &json(&body(Some(name), scopes, bounds))?),
        ApiKeys::Edit { id, name, scopes, bounds } => {
            let body = body(name.as_ref(), scopes, bounds);
            if body.is_empty() {
                return Err(Failure::input("name what to change: moniqo api-keys edit --help"));
            }
            api.patch(&format!("api-keys/{}", percent(id)), json(&body)?, shown)
        }
        ApiKeys::Rotate { id, overlap_seconds } => {
            let body = json(&value!({"overlap_seconds": overlap_seconds}))?;
            made(api, &format!("api-keys/{}/rotate", percent(id)), &body)
        }
        ApiKeys::Revoke { id } => {
            api.delete(&format!("api-keys/{}", percent(id)), None)?;
            anstream::println!("Revoked: its next request is refused.");
            Ok(())
        }
    }
}

/// What is said; what is left out stays, or is as it is of a new one.
fn body(name: Option<&String>, scopes: &[String], bounds: &KeyBounds) -> Map<String, Value> {
    let listed = |values: &[String]| (!values.is_empty()).then(|| value!(values));
    let members = [
        ("name", name.map(|name| value!(name))),
        ("scopes", listed(scopes)),
        ("ip_allow_list", listed(&bounds.networks)),
        ("orders", orders(bounds)),
        ("expires_at", bounds.expires_at.as_ref().map(|end| value!(end))),
    ];
    members.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
}

/// Within what it may place orders by hand, if that is said.
fn orders(bounds: &KeyBounds) -> Option<Value> {
    let KeyBounds { order_accounts, order_markets, order_quote_max, day_quote_max, .. } = bounds;
    (!order_accounts.is_empty()).then(|| {
        value!({
            "accounts": order_accounts,
            "markets": order_markets,
            "order_quote_max": order_quote_max,
            "day_quote_max": day_quote_max,
        })
    })
}

fn made(api: &Api, path: &str, body: &str) -> Result<(), Failure> {
    api.act(path, Some(body.to_owned()), |made: &MadeApiKey| {
        let former = made.key.former_until.map(|until| format!("\nthe previous secret is valid until {}", time(until)));
        let ApiKey { id, expires_at, .. } = &made.key;
        format!(
            "{}\n\nThe secret of {id}, valid until {}. It is shown only once; the program sends it as its bearer token.{}",
            made.secret,
            time(*expires_at),
            former.unwrap_or_default()
        )
    })
}

fn row(of: &ApiKey) -> Vec<Cell> {
    let start = [plain(&*of.name), plain(&*of.id), plain(&*of.prefix), plain(does(of)), plain(from(of))];
    let used = of.last_used_at.map_or_else(|| "-".to_owned(), time);
    start.into_iter().chain([plain(used), plain(time(of.expires_at))]).collect()
}

fn shown(of: &ApiKey) -> String {
    facts([
        ("id", Some(of.id.clone())),
        ("name", Some(of.name.clone())),
        ("prefix", Some(of.prefix.clone())),
        ("scopes", Some(does(of))),
        ("from", Some(from(of))),
        ("orders", of.orders.as_ref().map(within)),
        ("expires (UTC)", Some(time(of.expires_at))),
    ])
}

/// With what its owner may not do at present.
fn does(of: &ApiKey) -> String {
    let less: Vec<_> = of.scopes.iter().filter(|scope| !of.effective_scopes.contains(scope)).cloned().collect();
    let does = of.effective_scopes.join(" ");
    if less.is_empty() { does } else { format!("{does} (not now: {})", less.join(" ")) }
}

fn within(orders: &ApiKeyOrders) -> String {
    let ApiKeyOrders { accounts, markets, order_quote_max, day_quote_max } = orders;
    format!("{order_quote_max}, {day_quote_max} a day, in {} at {}", markets.join(" "), accounts.join(" "))
}

fn from(of: &ApiKey) -> String {
    if of.ip_allow_list.is_empty() { "anywhere".to_owned() } else { of.ip_allow_list.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::served::serving;

    #[test]
    fn api_key_is_shown_by_its_id() {
        let (api, requests) = serving(&[(404, r#"{"detail": "no such key", "code": "not_found"}"#)]);
        assert!(run(&api, &ApiKeys::Show { id: "key_1".to_owned() }).is_err());
        assert_eq!(requests.join().unwrap(), ["GET api-keys/key_1"]);
    }
}
