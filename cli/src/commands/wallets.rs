//! `moniqo wallets`

use super::act::json;
use super::{Api, input, percent};
use crate::args::Wallets;
use crate::failure::Failure;
use crate::table::{plain, table, word};
use comfy_table::Cell;
use serde_json::{Map, Value};
use std::path::Path;
use wire::view::{List, Wallet};

const HEADER: [&str; 6] = ["provider", "name", "type", "id", "state", "currencies"];
const NONE: &str = "There is none.";

pub(super) fn run(api: &Api, wanted: &Wallets) -> Result<(), Failure> {
    match wanted {
        Wallets::List { inactive } => {
            let path = if *inactive { "wallets?include_inactive=true" } else { "wallets" };
            api.show_all(path, |list: &List<Wallet>| table(&HEADER, list.items.iter().map(row).collect(), NONE))
        }
        Wallets::Show { id } => api.show(&format!("wallets/{}", percent(id)), false, shown),
        Wallets::Add { file } => api.act("wallets", Some(json(&definition(file)?)?), shown),
        Wallets::Set { id, file } => {
            api.put(&format!("wallets/{}", percent(id)), json(&definition(file)?)?, None, shown)
        }
        Wallets::Remove { id } => {
            api.delete(&format!("wallets/{}", percent(id)), None)?;
            anstream::println!("Removed: no account is connected there any more.");
            Ok(())
        }
    }
}

fn definition(file: &Path) -> Result<Map<String, Value>, Failure> {
    let read = serde_json::from_str(&input::read(Some(file))?);
    read.map_err(|error| Failure::input(format!("{}: {error}", file.display())))
}

fn shown(wallet: &Wallet) -> String {
    serde_json::to_string_pretty(wallet).unwrap_or_default()
}

fn row(of: &Wallet) -> Vec<Cell> {
    let definition = &of.definition;
    vec![
        plain(&*definition.provider),
        plain(&*definition.name),
        plain(definition.kind.as_str()),
        plain(&*of.id),
        word(if definition.is_active { "active" } else { "not active" }),
        plain(definition.supported_currencies.join(" ")),
    ]
}
