//! `moniqo alerts list`

use super::{Api, of, paged};
use crate::args;
use crate::failure::Failure;
use crate::table::{plain, table, time, word};
use comfy_table::Cell;
use wire::view::{Delivery, List};

const HEADER: [&str; 7] = ["received (UTC)", "id", "verdict", "mode", "reason", "detail", "position group"];
const NONE: &str = "No alert has arrived yet. Try: moniqo alerts send --help";

pub(super) fn run(api: &Api, args::Looks { whose, list }: &args::Looks) -> Result<(), Failure> {
    api.show(&of(paged("deliveries", list), whose), list.watch, |page: &List<Delivery>| {
        table(&HEADER, page.items.iter().map(row).collect(), NONE).with_next(page.next_cursor.as_ref())
    })
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
