//! What an alert means: the table of the alert message, row by row, each row with a trader of its own.

mod asked;
mod closing;
mod foreign;
mod limits;
mod live;
mod nothing;
mod refused;

use crate::support::unique::now;
use crate::support::{Alert, Setting, Trader, together};
use domain::clock::Millis;

/// One row: what it says in words, what was sent, and the verdict as `kind: reason`.
struct Row {
    says: &'static str,
    setting: Setting,
    alert: fn(&Trader) -> Alert,
    verdict: &'static str,
}

fn row(says: &'static str, alert: fn(&Trader) -> Alert, verdict: &'static str) -> Row {
    Row { says, setting: Setting::default(), alert, verdict }
}

/// The same for a trader who is not as the others.
fn row_with(says: &'static str, setting: Setting, alert: fn(&Trader) -> Alert, verdict: &'static str) -> Row {
    Row { says, setting, alert, verdict }
}

/// By its sender's clock.
fn clocked(alert: Alert) -> Alert {
    alert.tv("sent_at", wire::view::time(now().minus(Millis::new(7))).to_string())
}

/// All rows at once, and all that are wrong.
async fn check(rows: Vec<Row>, given: impl AsyncFn(&Trader) + Copy + 'static) {
    let wrong = together(rows.into_iter().map(|row| wrong(row, given))).await;
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn wrong(row: Row, given: impl AsyncFn(&Trader)) -> Option<String> {
    let trader = Trader::with(row.setting).await;
    given(&trader).await;
    let verdict = trader.judged(&(row.alert)(&trader)).await;
    let mark = if verdict.out_of_order { " (out_of_order)" } else { "" };
    let said = format!("{}: {}{mark}", verdict.kind, verdict.reason.as_deref().unwrap_or_default());
    (said != row.verdict).then(|| format!("{}: {said}, and not {}; {verdict:?}", row.says, row.verdict))
}
