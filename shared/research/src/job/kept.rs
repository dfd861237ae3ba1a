//! What is kept of parts, put together as it is told.

use super::Job;
use domain::limits::{BACKTEST_TOLD_BYTES_MAX, BACKTEST_TOLD_TRIES_MAX};
use std::fmt::Write as _;
use wire::backtest::{KeptItem, KeptPart, figures};

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
            let figures = figures::of_walk(by, items.iter().map(|item| item.told.get()))?;
            Some(Told { whole: list(by, "steps", &items, None), figures })
        }
        Some((by, false)) => {
            let height = |item: &KeptItem| item.score().unwrap_or(f64::NEG_INFINITY);
            // Those that are as good stay in the order in which they were tried.
            items.sort_by(|one, other| height(other).total_cmp(&height(one)));
            let figures = figures::of_tries(by, items.len(), items.first()?.told.get())?;
            Some(Told { whole: list(by, "tries", &items, Some(items.len())), figures })
        }
    }
}

/// As many as fit, with how many there were.
fn list(by: &str, name: &str, items: &[KeptItem], tried: Option<usize>) -> String {
    let mut text = format!(r#"{{"by":"{by}""#);
    if let Some(tried) = tried {
        let _ = write!(text, r#","tried":{tried}"#);
    }
    let _ = write!(text, r#","{name}":["#);
    let most = if tried.is_some() { BACKTEST_TOLD_TRIES_MAX } else { usize::MAX };
    for (number, item) in items.iter().take(most).enumerate() {
        let told = item.told.get();
        if tried.is_some() && text.len().saturating_add(told.len()) > BACKTEST_TOLD_BYTES_MAX.saturating_sub(8) {
            break;
        }
        text.push_str(if number == 0 { "" } else { "," });
        text.push_str(told);
    }
    text.push_str("]}");
    text
}
