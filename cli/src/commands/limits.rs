//! `moniqo accounts edit`

use super::{Api, percent};
use crate::args::Limits;
use crate::failure::Failure;
use crate::table::facts;
use serde_json::{Map, Value, json};
use wire::view::WalletLimits;

pub(super) fn run(api: &Api, wanted: &Limits) -> Result<(), Failure> {
    let Limits { id, open_groups_max, exposure_max, order_quote_max, day_loss_max, leverage_max } = wanted;
    let path = format!("accounts/{}/limits", percent(id));
    let limits = [
        ("open_groups_max", json!(open_groups_max)),
        ("exposure_max", json!(exposure_max)),
        ("order_quote_max", json!(order_quote_max)),
        ("day_loss_max", json!(day_loss_max)),
        ("leverage_max", json!(leverage_max)),
    ];
    let named: Map<_, _> =
        limits.into_iter().filter(|(_, limit)| !limit.is_null()).map(|(n, l)| (n.to_owned(), l)).collect();
    if named.is_empty() {
        api.show(&path, false, shown)
    } else {
        api.patch(&path, Value::Object(named).to_string(), shown)
    }
}

fn shown(limits: &WalletLimits) -> String {
    let of = |there: &dyn std::fmt::Display, most: &dyn std::fmt::Display| Some(format!("{there} of {most}"));
    facts([
        ("open positions", of(&limits.open_groups, &limits.open_groups_max)),
        ("exposure", of(&limits.exposure, &limits.exposure_max)),
        ("one entry", Some(format!("max. {}", limits.order_quote_max))),
        ("leverage", Some(format!("max. {}", limits.leverage_max))),
        ("loss today", of(&limits.day_loss, &limits.day_loss_max)),
    ])
}
