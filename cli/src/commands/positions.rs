//! `moniqo positions list`

mod facts;
mod parts;
#[cfg(test)]
mod tests;

use super::orders::{fills, with_legs};
use super::{Api, act, exits};
use crate::args::{Close, Look, PositionAct, Positions};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::prompt;
use crate::table::{STILL_HELD, gain, maybe, plain, table, time, word};
use comfy_table::Cell;
use serde_json::json;
use wire::view::{ClosingAnswer, HistoryEntry, PositionGroup, PositionGroupDetail, TakeProfitMode};

const HEADER: [&str; 8] = ["id", "market", "side", "status", "exit", "PnL", "opened (UTC)", "attention"];
const NONE: [&str; 2] = ["No position yet. Try: moniqo alerts send --help", "There is no such position."];

pub(super) fn run(api: &Api, wanted: &Positions) -> Result<(), Failure> {
    match &wanted.act {
        Some(PositionAct::Edit(wanted)) => exits::run(api, wanted),
        Some(PositionAct::Close(wanted)) => close(api, wanted),
        _ => wanted.look().map_or(Ok(()), |look| show(api, &look)),
    }
}

fn show(api: &Api, look: &Look) -> Result<(), Failure> {
    api.look("position-groups", look, NONE, detail, groups)
}

fn close(api: &Api, Close { id, user, reason, confirm }: &Close) -> Result<(), Failure> {
    match (id, user, reason) {
        (Some(id), ..) => act::close(api, id),
        (None, Some(user), Some(reason)) => close_all(api, user, reason, *confirm),
        (None, ..) => Err(Failure::input("a position, grp_…, is needed")),
    }
}

/// All positions of a suspended user.
pub(super) fn close_all(api: &Api, user: &str, reason: &str, confirmed: bool) -> Result<(), Failure> {
    if !confirmed && !api.yes {
        prompt::confirm(&format!("Sell all positions of {user} at the market?"))?;
    }
    let request = json!({"user": user, "reason": reason});
    api.act("position-groups/close", Some(request.to_string()), |answer: &ClosingAnswer| {
        table(&HEADER, answer.closing.iter().map(row).collect(), "The user has no open positions.")
    })
}

fn groups(groups: &[PositionGroup], none: &str) -> Listing {
    table(&HEADER, groups.iter().map(row).collect(), none)
}

fn row(group: &PositionGroup) -> Vec<Cell> {
    vec![
        plain(&*group.id),
        plain(market(group)),
        plain(group.side.as_str()),
        word(group.status.as_str()),
        maybe(group.exit_reason),
        made(group),
        plain(time(group.opened_at)),
        maybe(group.attention.as_ref()),
    ]
}

fn made(group: &PositionGroup) -> Cell {
    match (&group.realised_pnl, &group.still_held) {
        (None, Some(_)) => plain(STILL_HELD),
        (realised, _) => gain(realised.as_ref()),
    }
}

fn market(group: &PositionGroup) -> String {
    let timeframe = group.timeframe.as_ref().map(|timeframe| format!(" {timeframe}"));
    format!("{}:{}{}", group.exchange, group.symbol, timeframe.unwrap_or_default())
}

fn detail(detail: &PositionGroupDetail) -> String {
    let entries = detail.pyramids.iter().flat_map(|pyramid| &pyramid.legs).flat_map(|leg| &leg.orders);
    let all = entries.chain(&detail.take_profit_orders).chain(&detail.exit_orders);
    let by_leg = detail.group.take_profit.mode != TakeProfitMode::Aggregate;
    let told = [
        Some(groups(std::slice::from_ref(&detail.group), "").to_string()),
        Some(facts::of(detail)),
        parts::pyramids(&detail.pyramids),
        Some(with_legs(all, by_leg, "no orders").to_string()),
        parts::planned_legs(&detail.pyramids),
        parts::reductions(&detail.reductions),
        Some(fills(&detail.fills)),
        Some(history(&detail.history)),
    ];
    told.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

pub(super) fn history(history: &[HistoryEntry]) -> String {
    let row = |entry: &HistoryEntry| {
        let change = match &entry.before {
            Some(before) if *before != entry.after => format!("{before} → {}", entry.after),
            _ => entry.after.clone(),
        };
        vec![plain(time(entry.at)), plain(&*entry.why), plain(change)]
    };
    table(&["time (UTC)", "what happened", "status"], history.iter().map(row).collect(), "no history").to_string()
}
