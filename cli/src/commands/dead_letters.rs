//! `moniqo dead-letters`

use super::{Api, filtered, of, paged};
use crate::args::{DeadLetterList, DeadLetters};
use crate::failure::Failure;
use crate::table::{facts, maybe, plain, printable, table, time, word};
use comfy_table::Cell;
use serde_json::json;
use wire::view::{List, Parked};

const HEADER: [&str; 6] = ["since (UTC)", "id", "kind", "state", "about", "detail"];
const NONE: &str = "No dead letters: every message was processed, or refused with its reason.";

pub(super) fn run(api: &Api, wanted: &DeadLetters) -> Result<(), Failure> {
    match wanted {
        DeadLetters::List(list) => rows(api, list),
        DeadLetters::Show { id, whose } => api.show(&of(format!("parked/{id}"), whose), false, detail),
        DeadLetters::Retry { id } => api.act(&format!("parked/{id}/retry"), None, |parked: &Parked| {
            let done = parked.retry.as_deref().unwrap_or("was processed again");
            format!("{id}: {done}. {}", watch(parked))
        }),
        DeadLetters::Discard { id, reason } => {
            let request = json!({"reason": reason}).to_string();
            api.act(&format!("parked/{id}/drop"), Some(request), |_: &Parked| format!("{id} is discarded."))
        }
    }
}

fn rows(api: &Api, list: &DeadLetterList) -> Result<(), Failure> {
    let deployment = list.deployment.then(|| "deployment".to_owned());
    let path = filtered(of(paged("parked", &list.list), &list.whose), &[("of", deployment.as_ref())]);
    api.show(&path, list.list.watch, |page: &List<Parked>| {
        table(&HEADER, page.items.iter().map(row).collect(), NONE).with_next(page.next_cursor.as_ref())
    })
}

fn row(parked: &Parked) -> Vec<Cell> {
    let about = parked.position_group_id.as_ref().or(parked.delivery_id.as_ref());
    let about = about.map(String::as_str).or(parked.queue.map(|queue| queue.as_str()));
    let start = [plain(time(parked.at)), plain(&*parked.id), plain(parked.kind.as_str()), word(parked.state.as_str())];
    start.into_iter().chain([maybe(about), plain(&*parked.why)]).collect()
}

fn detail(parked: &Parked) -> String {
    let facts = facts([
        ("state", Some(parked.state.to_string())),
        ("kind", Some(parked.kind.to_string())),
        ("since", Some(time(parked.at))),
        ("problem", Some(parked.why.clone())),
        ("failed", Some(format!("{} times", parked.times))),
        ("belongs to", parked.of_deployment.then(|| "the deployment".to_owned())),
        ("position", parked.position_group_id.clone()),
        ("alert", parked.delivery_id.clone()),
        ("queue", parked.queue.map(|queue| queue.to_string())),
        ("retry", parked.retry.clone().or_else(|| parked.no_retry.clone())),
        ("ended", parked.ended_at.map(time)),
        ("reason", parked.reason.clone()),
        ("trace", Some(parked.trace.clone()).filter(|trace| !trace.is_empty())),
    ]);
    match &parked.body {
        Some(body) => {
            format!(
                "{facts}\n\n{}{}",
                printable(body),
                if parked.body_cut { "\n(the rest was not stored)" } else { "" }
            )
        }
        None => facts,
    }
}

fn watch(parked: &Parked) -> String {
    match (&parked.position_group_id, &parked.delivery_id) {
        (Some(group), _) => format!("Watch it: moniqo positions show {group} --watch"),
        (None, Some(_)) => "Watch it: moniqo alerts list --watch".to_owned(),
        (None, None) => "If it fails again, it comes back under another id.".to_owned(),
    }
}
