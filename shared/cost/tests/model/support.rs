//! Documents whose tables are the model's.

use cost::{Counts, PriceList, Prices, Usage, list_price};
use rust_decimal::Decimal;
use std::path::PathBuf;

/// The tables of this document are these, each between its marks; `MONIQO_WRITE_DOCS` writes them anew.
pub(crate) fn hold(document: &str, tables: &[(&str, String)]) {
    let path = file(&format!("docs/{document}"));
    let text = std::fs::read_to_string(&path).unwrap();
    let meant = tables.iter().fold(text.clone(), |text, (name, table)| placed(&text, name, table));
    if std::env::var_os("MONIQO_WRITE_DOCS").is_some() {
        return std::fs::write(&path, &meant).unwrap();
    }
    for (name, table) in tables {
        let is_there = text == placed(&text, name, table);
        assert!(is_there, "docs/{document}: by `MONIQO_WRITE_DOCS=1 cargo test -p cost` write anew\n{table}");
    }
}

/// The text with this table between its marks.
fn placed(text: &str, name: &str, table: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&open).unwrap_or_else(|| panic!("no mark {open}"));
    let (_, after) = rest.split_once(&close).unwrap_or_else(|| panic!("no mark {close}"));
    format!("{before}{open}{table}{close}{after}")
}

/// Of this repository.
pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// Of the region where a deployment stands unless somebody says otherwise.
pub(crate) fn prices() -> Prices {
    let list = PriceList::read().unwrap();
    list.regions.get(&list.default).unwrap().clone()
}

pub(crate) fn of(case: &str) -> Usage {
    Usage::of(case, &Counts::read().unwrap()).unwrap()
}

pub(crate) fn priced(usage: Usage) -> String {
    usd(list_price(usage, &prices()))
}

pub(crate) fn usd(amount: Decimal) -> String {
    format!("{:.2}", amount.round_dp(2))
}
