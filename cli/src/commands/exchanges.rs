//! `moniqo exchanges`

use super::act::json;
use super::{Api, input, percent};
use crate::args::Exchanges;
use crate::failure::Failure;
use crate::table::{plain, table, word};
use comfy_table::Cell;
use serde_json::{Map, Value};
use std::path::Path;
use wire::view::{List, Wallet};

const HEADER: [&str; 6] = ["provider", "name", "type", "id", "state", "currencies"];
const NONE: &str = "There are no exchanges.";

pub(super) fn run(api: &Api, wanted: &Exchanges) -> Result<(), Failure> {
    match wanted {
        Exchanges::List { inactive } => {
            let path = if *inactive { "exchanges?include_inactive=true" } else { "exchanges" };
            api.show_all(path, |list: &List<Wallet>| table(&HEADER, list.items.iter().map(row).collect(), NONE))
        }
        Exchanges::Show { id } => api.show(&format!("exchanges/{}", percent(id)), false, shown),
        Exchanges::Create { file } => api.act("exchanges", Some(json(&definition(file)?)?), shown),
        Exchanges::Edit { id, file } => {
            api.put(&format!("exchanges/{}", percent(id)), json(&definition(file)?)?, None, shown)
        }
        Exchanges::Delete { id } => {
            api.delete(&format!("exchanges/{}", percent(id)), None)?;
            anstream::println!("Deleted. No account can be created there any more.");
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
        word(if definition.is_active { "active" } else { "inactive" }),
        plain(definition.supported_currencies.join(" ")),
    ]
}
