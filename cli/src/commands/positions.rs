//! `moniqo positions`

use super::orders::{fills, orders};
use super::{Api, exits, path_of, with_next};
use crate::args::{PositionAct, Positions};
use crate::failure::Failure;
use crate::table::{facts, gain, maybe, plain, short, table, time, word};
use comfy_table::Cell;
use wire::view::{ByAsset, HistoryEntry, List, Order, PositionGroup, PositionGroupDetail, Protection};

const HEADER: [&str; 8] = ["id", "market", "side", "status", "exit", "PnL", "opened (UTC)", "attention"];
const NONE: &str = "No position yet. Try: moniqo signal send --help";

pub(super) fn run(api: &Api, wanted: &Positions) -> Result<(), Failure> {
    if let Some(PositionAct::Exits(wanted)) = &wanted.act {
        return exits::run(api, wanted);
    }
    let look = &wanted.look;
    let (path, watch) = (path_of("position-groups", look), look.list.watch);
    if look.id.is_some() {
        return api.show(&path, watch, detail);
    }
    api.show(&path, watch, |page: &List<PositionGroup>| with_next(groups(&page.items), page.next_cursor.as_ref()))
}

fn groups(groups: &[PositionGroup]) -> String {
    table(&HEADER, groups.iter().map(row).collect(), NONE)
}

fn row(group: &PositionGroup) -> Vec<Cell> {
    vec![
        plain(&*group.id),
        plain(market(group)),
        plain(&*group.side),
        word(&group.status),
        maybe(group.exit_reason.as_ref()),
        gain(group.realised_pnl.as_ref()),
        plain(time(group.opened_at)),
        maybe(group.attention.as_ref()),
    ]
}

fn market(group: &PositionGroup) -> String {
    let timeframe = group.timeframe.as_ref().map(|timeframe| format!(" {timeframe}"));
    format!("{}:{}{}", group.exchange, group.symbol, timeframe.unwrap_or_default())
}

fn detail(detail: &PositionGroupDetail) -> String {
    let entries = detail.pyramids.iter().flat_map(|pyramid| &pyramid.legs).flat_map(|leg| &leg.orders);
    let all: Vec<&Order> = entries.chain(&detail.take_profit_orders).chain(&detail.exit_orders).collect();
    let parts = [
        groups(std::slice::from_ref(&detail.group)),
        numbers(detail),
        orders(all, "no orders"),
        fills(&detail.fills),
        history(&detail.history),
    ];
    parts.join("\n\n")
}

fn numbers(detail: &PositionGroupDetail) -> String {
    let group = &detail.group;
    let kept = match group.protected {
        Protection::ByPolling => "by polling",
        Protection::AtVenue => "at the venue",
    };
    let began_with = group.preset.as_ref().map(|preset| format!("{}, version {}", preset.name, preset.version));
    facts([
        ("preset", began_with),
        ("held", Some(detail.quantity.clone())),
        ("average price", detail.average_price.as_deref().map(short)),
        ("last price", group.mark.as_ref().map(|mark| format!("{} at {}", mark.price, time(mark.at)))),
        ("realised PnL", group.realised_pnl.clone()),
        ("unrealised PnL", detail.unrealised_pnl.clone()),
        ("fees", Some(by_asset(&detail.fees)).filter(|fees| !fees.is_empty())),
        ("stop", detail.stop_price.as_ref().map(|price| format!("{price}, kept {kept}"))),
        ("dust", group.dust.clone()),
        ("missing at the venue", group.missing.clone()),
        ("closed", group.closed_at.map(time)),
    ])
}

fn by_asset(amounts: &ByAsset) -> String {
    amounts.iter().map(|(asset, amount)| format!("{amount} {asset}")).collect::<Vec<_>>().join(", ")
}

fn history(history: &[HistoryEntry]) -> String {
    let row = |entry: &HistoryEntry| {
        let change = match &entry.before {
            Some(before) if *before != entry.after => format!("{before} → {}", entry.after),
            _ => entry.after.clone(),
        };
        vec![plain(time(entry.at)), plain(&*entry.why), plain(change)]
    };
    table(&["time (UTC)", "what happened", "status"], history.iter().map(row).collect(), "no history")
}
