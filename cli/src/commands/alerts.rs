//! `moniqo alerts`

use super::Api;
use crate::args::Look;
use crate::failure::Failure;
use crate::table::{facts, plain, printable, table, time, word};
use comfy_table::Cell;
use wire::view::{Delivery, Verdict};

const HEADER: [&str; 7] = ["received (UTC)", "id", "verdict", "mode", "reason", "detail", "position"];
const NONE: [&str; 2] = ["No alert has arrived yet. Try: moniqo alerts send --help", "No such alert has arrived."];

pub(super) fn run(api: &Api, look: &Look) -> Result<(), Failure> {
    let list = |alerts: &[Delivery], none: &str| table(&HEADER, alerts.iter().map(row).collect(), none);
    api.look("deliveries", look, NONE, detail, list)
}

pub(super) fn detail(delivery: &Delivery) -> String {
    let verdict = delivery.verdict.as_ref();
    let of = |told: fn(&Verdict) -> Option<String>| verdict.and_then(told);
    let sender = delivery.from_tradingview.map(|is_theirs| if is_theirs { "TradingView" } else { "another sender" });
    let facts = facts([
        ("received (UTC)", Some(time(delivery.received_at))),
        ("verdict", Some(verdict.map_or_else(|| "pending".to_owned(), |verdict| verdict.kind.to_string()))),
        ("reason", of(|verdict| verdict.reason.as_ref().map(ToString::to_string))),
        ("detail", of(|verdict| verdict.detail.clone())),
        ("fields", of(|verdict| (!verdict.fields.is_empty()).then(|| verdict.fields.join(", ")))),
        ("out of order", of(|verdict| verdict.out_of_order.then(|| "yes".to_owned()))),
        ("decided (UTC)", of(|verdict| Some(time(verdict.at)))),
        ("positions", of(|verdict| Some(verdict.position_group_ids.join(" ")).filter(|ids| !ids.is_empty()))),
        ("account", delivery.account.clone()),
        ("mode", of(|verdict| verdict.mode.map(|mode| mode.to_string()))),
        ("token", Some(delivery.token_id.clone())),
        ("sent from", delivery.source_ip.as_ref().map(|ip| format!("{ip} ({})", sender.unwrap_or("unknown")))),
        ("repeats", (delivery.repeats > 0).then(|| delivery.repeats.to_string())),
        ("part of", delivery.part_of.as_ref().map(|of| of.delivery_id.clone())),
        ("trace", Some(delivery.trace.clone())),
    ]);
    format!("{facts}\n\n{}", printable(&delivery.body))
}

fn row(delivery: &Delivery) -> Vec<Cell> {
    let start = vec![plain(time(delivery.received_at)), plain(&*delivery.id)];
    let Some(verdict) = &delivery.verdict else {
        return start.into_iter().chain([word("pending"), plain(""), plain(""), plain(""), plain("")]).collect();
    };
    let mark = if verdict.out_of_order { " (out of order)" } else { "" };
    let reason = format!("{}{mark}", verdict.reason.as_deref().unwrap_or_default());
    let detail = match (&verdict.detail, &*verdict.fields) {
        (Some(detail), fields) if fields.iter().all(|field| detail.contains(&**field)) => detail.clone(),
        (Some(detail), fields) => format!("{}: {detail}", fields.join(", ")),
        (None, fields) => fields.join(", "),
    };
    let mode = verdict.mode.map(|word| word.as_str()).unwrap_or_default();
    let groups = plain(verdict.position_group_ids.join(" "));
    let end = [word(verdict.kind.as_str()), word(mode), plain(reason), plain(detail), groups];
    start.into_iter().chain(end).collect()
}
