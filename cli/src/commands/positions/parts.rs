//! What a position was added to, and what was sold of it while it stayed open. Nothing for most positions.

use crate::table::{maybe, plain, short, table, time};
use comfy_table::Cell;
use wire::view::{PlannedLeg, Pyramid, Reduction};

const PYRAMIDS: [&str; 6] = ["pyramid", "alert", "bought", "average", "stop", "exit"];
const PLANNED: [&str; 4] = ["planned leg", "pyramid", "price", "quantity"];
const REDUCTIONS: [&str; 5] = ["time (UTC)", "partial exit", "pyramid", "quantity", "alert"];

pub(super) fn pyramids(pyramids: &[Pyramid]) -> Option<String> {
    let row = |pyramid: &Pyramid| {
        let average = pyramid.average_price.as_deref().map(short);
        vec![
            plain(format!("p{}", pyramid.pyramid)),
            plain(&*pyramid.delivery_id),
            plain(&*pyramid.bought),
            maybe(average.as_ref()),
            maybe(pyramid.stop_price.as_ref()),
            maybe(pyramid.exit_reason),
        ]
    };
    (pyramids.len() > 1).then(|| table(&PYRAMIDS, pyramids.iter().map(row).collect(), "").to_string())
}

/// Safety orders that are no orders yet.
pub(super) fn planned_legs(pyramids: &[Pyramid]) -> Option<String> {
    let of =
        |pyramid: &Pyramid| pyramid.planned_legs.iter().map(|leg| row_of(pyramid.pyramid, leg)).collect::<Vec<_>>();
    let rows: Vec<_> = pyramids.iter().flat_map(of).collect();
    (!rows.is_empty()).then(|| table(&PLANNED, rows, "").to_string())
}

fn row_of(pyramid: u32, leg: &PlannedLeg) -> Vec<Cell> {
    vec![plain(format!("leg {}", leg.level)), plain(format!("p{pyramid}")), plain(&*leg.price), plain(&*leg.quantity)]
}

pub(super) fn reductions(reductions: &[Reduction]) -> Option<String> {
    let row = |reduction: &Reduction| {
        vec![
            plain(time(reduction.at)),
            plain(format!("reduce#{}", reduction.number)),
            plain(format!("p{}", reduction.pyramid)),
            plain(&*reduction.quantity),
            plain(&*reduction.delivery_id),
        ]
    };
    (!reductions.is_empty()).then(|| table(&REDUCTIONS, reductions.iter().map(row).collect(), "").to_string())
}
