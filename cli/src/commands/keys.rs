//! `moniqo keys`

use super::act::json;
use super::{Api, limits, percent};
use crate::args::{AtExchange, Keys};
use crate::failure::Failure;
use crate::prompt;
use crate::table::{facts, maybe, plain, table, time};
use comfy_table::Cell;
use serde_json::{Map, Value, json as value};
use std::path::Path;
use wire::view::{List, SavedKey, UserWallet, WalletBalances};

const HEADER: [&str; 6] = ["exchange", "label", "id", "mode", "may enter", "key"];
const NONE: &str = "There is no account yet: moniqo keys connect --help";

pub(super) fn run(api: &Api, wanted: &Keys) -> Result<(), Failure> {
    match wanted {
        Keys::Uses(_) => Ok(()),
        Keys::List => api.show("user-wallets", false, |list: &List<UserWallet>| {
            table(&HEADER, list.items.iter().map(row).collect(), NONE)
        }),
        Keys::Connect { exchange, mode, label, start_balance } => {
            let body = value!({"exchange": exchange, "mode": mode, "label": label, "start_balance": start_balance});
            api.act("user-wallets", Some(json(&body)?), shown)
        }
        Keys::Add { exchange, mode, label, from_file } => {
            let mut body = key(from_file.as_deref())?;
            body.insert("mode".to_owned(), mode.clone().into());
            body.extend(label.iter().map(|label| ("label".to_owned(), label.clone().into())));
            api.act(&format!("keys/{}", percent(exchange)), Some(json(&body)?), |saved: &SavedKey| {
                let advice: String = saved.advice.iter().map(|advice| format!("\n{advice}")).collect();
                format!("{}{advice}", shown(&saved.account))
            })
        }
        Keys::Balances { id } => {
            api.act(&format!("user-wallets/{}/sync", percent(id)), None, |told: &WalletBalances| {
                let rows = told.balances.iter().map(|(asset, amount)| vec![plain(&**asset), plain(&**amount)]);
                table(&["asset", "amount"], rows.collect(), "It has nothing.")
            })
        }
        Keys::Validate(at) => api.put(&path(at, "/validate"), String::new(), None, shown),
        Keys::Enable { id } => enable(api, id, true),
        Keys::Disable { id } => enable(api, id, false),
        Keys::Limits(wanted) => limits::run(api, wanted),
        Keys::Mode { at, mode } => api.put(&path(at, "/mode"), json(&value!({"mode": mode}))?, None, shown),
        Keys::Remove(at) => {
            api.delete(&path(at, ""), None)?;
            anstream::println!("Removed.");
            Ok(())
        }
    }
}

/// What is sent of a key: from a file, else as it is typed.
fn key(file: Option<&Path>) -> Result<Map<String, Value>, Failure> {
    if let Some(file) = file {
        let text = super::input::read(Some(file))?;
        // What is wrong with it is not repeated: it may be the secret.
        return serde_json::from_str(&text).map_err(|_| {
            Failure::input("the file is no JSON object such as {\"api_key\": \"…\", \"api_secret\": \"…\"}")
        });
    }
    let (api_key, api_secret) = (prompt::hidden("API key: ")?, prompt::hidden("API secret: ")?);
    Ok(Map::from_iter([("api_key".to_owned(), api_key.into()), ("api_secret".to_owned(), api_secret.into())]))
}

fn enable(api: &Api, id: &str, enabled: bool) -> Result<(), Failure> {
    api.put(&format!("user-wallets/{}", percent(id)), json(&value!({"enabled": enabled}))?, None, shown)
}

fn path(at: &AtExchange, more: &str) -> String {
    let label = at.label.as_ref().map(|label| format!("?label={}", percent(label))).unwrap_or_default();
    format!("keys/{}{more}{label}", percent(&at.exchange))
}

fn row(of: &UserWallet) -> Vec<Cell> {
    let start = [plain(&*of.exchange), plain(&*of.label), plain(&*of.id), maybe(of.mode.as_ref())];
    let key = of.key.as_ref().map(|key| &key.masked);
    start.into_iter().chain([plain(may_enter(of)), maybe(key)]).collect()
}

fn may_enter(of: &UserWallet) -> String {
    match (of.enabled, of.validated, &of.fault) {
        (true, true, _) => "yes".to_owned(),
        (_, false, Some(fault)) => format!("no: {fault}"),
        (_, false, None) => "no: not validated".to_owned(),
        (false, true, _) => "no: not enabled".to_owned(),
    }
}

fn shown(of: &UserWallet) -> String {
    facts([
        ("account", Some(of.id.clone())),
        ("exchange", Some(of.exchange.clone())),
        ("label", Some(of.label.clone())),
        ("mode", of.mode.clone()),
        ("may enter", Some(may_enter(of))),
        ("key", of.key.as_ref().map(|key| key.masked.clone())),
        ("validated", of.validated_at.map(time)),
    ])
}
