//! What is kept of parts, put together as it is told.

use super::Job;
use backtest::{Tested, Trade};
use domain::limits::{BACKTEST_TOLD_BYTES_MAX, BACKTEST_TOLD_TRIES_MAX};
use wire::backtest::{Exact, KeptItem, KeptPart, KeptTested, KeptTrade, figures};

/// All that is told, and the same in short; both as JSON.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) whole: String,
    pub(crate) figures: String,
}

/// None where a part holds nothing, or something else than was played.
pub(crate) fn together(job: &Job, parts: Vec<KeptPart>) -> Option<Told> {
    let mut items: Vec<KeptItem> = parts.into_iter().flat_map(|part| part.items).collect();
    match job.by() {
        None => {
            let told = items.first()?.told.get();
            Some(Told { whole: told.to_owned(), figures: figures::of_run(told)? })
        }
        Some((by, true)) => {
            let parts: Option<Vec<Tested>> = items.iter().map(|item| item.tested.as_ref().map(tested)).collect();
            let stats = trials::together(&parts.unwrap_or_default());
            let figures = figures::of_walk(by, items.iter().map(|item| item.told.get()), stats.as_ref())?;
            let (skipped, stats) = (job.skipped(&[]), figures::told(stats.as_ref())?);
            let head = format!(r#""by":"{by}","skipped":{skipped},"together":{stats}"#);
            Some(Told { whole: list(&head, "steps", &items, (usize::MAX, usize::MAX)), figures })
        }
        Some((by, false)) => {
            let skipped = job.skipped(&items);
            let height = |item: &KeptItem| item.score().unwrap_or(f64::NEG_INFINITY);
            // Those that are as good stay in the order in which they were tried; what has lost nothing is infinitely good.
            items.sort_by(|one, other| height(other).total_cmp(&height(one)));
            let figures = figures::of_tries(by, items.len(), items.first()?.told.get())?;
            let head = format!(r#""by":"{by}","tried":{},"skipped":{skipped}"#, items.len());
            let bounds = (BACKTEST_TOLD_TRIES_MAX, BACKTEST_TOLD_BYTES_MAX);
            Some(Told { whole: list(&head, "tries", &items, bounds), figures })
        }
    }
}

/// As many as fit into so many, and so many bytes.
fn list(head: &str, name: &str, items: &[KeptItem], (most, bytes): (usize, usize)) -> String {
    let mut text = format!(r#"{{{head},"{name}":["#);
    for (number, item) in items.iter().take(most).enumerate() {
        let told = item.told.get();
        if text.len().saturating_add(told.len()) > bytes.saturating_sub(8) {
            break;
        }
        text.push_str(if number == 0 { "" } else { "," });
        text.push_str(told);
    }
    text.push_str("]}");
    text
}

/// What is kept of a part that was tried.
pub(super) fn of(tested: &Tested) -> KeptTested {
    let trade = |trade: &Trade| {
        let Trade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl } = *trade;
        let [entry_price, exit_price, size, fees, pnl] = [entry_price, exit_price, size, fees, pnl].map(Exact);
        KeptTrade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl }
    };
    KeptTested {
        times_ms: tested.times_ms.clone(),
        equity: tested.equity.iter().copied().map(Exact).collect(),
        trades: tested.trades.iter().map(trade).collect(),
    }
}

fn tested(kept: &KeptTested) -> Tested {
    let trade = |trade: &KeptTrade| {
        let KeptTrade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl } = *trade;
        let [entry_price, exit_price, size, fees, pnl] =
            [entry_price, exit_price, size, fees, pnl].map(|Exact(number)| number);
        Trade { entry_bar, exit_bar, entry_price, exit_price, size, fees, pnl }
    };
    Tested {
        times_ms: kept.times_ms.clone(),
        equity: kept.equity.iter().map(|Exact(equity)| *equity).collect(),
        trades: kept.trades.iter().map(trade).collect(),
    }
}
