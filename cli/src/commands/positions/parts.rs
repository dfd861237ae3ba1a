//! What a position was added to, and what was sold of it while it stayed open. Nothing for most positions.

use crate::table::{maybe, plain, short, table, time};
use wire::view::{Pyramid, Reduction};

const PYRAMIDS: [&str; 6] = ["pyramid", "alert", "bought", "average", "stop", "exit"];
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
            maybe(pyramid.exit_reason.as_ref()),
        ]
    };
    (pyramids.len() > 1).then(|| table(&PYRAMIDS, pyramids.iter().map(row).collect(), ""))
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
    (!reductions.is_empty()).then(|| table(&REDUCTIONS, reductions.iter().map(row).collect(), ""))
}
