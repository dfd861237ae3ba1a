//! What a bot says, in the text of an alert: it goes the way of any other.

use super::fields::{Beneath, Fields};
use super::json::Node;
use super::understand::{BRINGS, traded};
use super::{BadAlert, open, plan as parts};
use crate::preset::Document;
use domain::alert::{Alert, Side};
use domain::bot::{Deed, Run, Terms};
use domain::clock::Timestamp;
use domain::market::{Bar, MarketKey};
use domain::preset::{AskedPlan, PlanParts};

/// The text of a signal. It follows from the run, the candle, when it was meant and the deed: the same ones make the same text. `brought` is
/// the ladder of the run's strategy, where it brings one.
///
/// # Errors
/// Where what was kept of the plan is none, as it was when it was kept.
pub fn of_bot(
    run: &Run,
    brought: Option<&PlanParts>,
    (bar, said_at): (&Bar, Timestamp),
    deed: Deed,
) -> Result<String, BadAlert> {
    let closed = said_at.millis().to_string();
    let about = vec![
        text("id", &run.signal_id(bar.opens_at, deed)),
        text("sent_at", &closed),
        ("tv".to_owned(), tv(&run.terms, Some(bar))),
        ("execution_intent".to_owned(), intent(deed)),
    ];
    Ok(Node::Object(about.into_iter().chain(plan(&run.terms, brought, deed)?).collect()).to_string())
}

/// What an entry of a bot would be over this preset, before any candle has closed.
///
/// # Errors
/// The member of its plan that is wrong, or does not go together with its preset or with what its strategy brings; `unknown_preset`.
pub fn entry_of(
    terms: &Terms,
    brought: Option<&PlanParts>,
    side: Side,
    base: Option<&super::Base>,
) -> Result<Alert, BadAlert> {
    let deed = Deed::Enter(side);
    let about = vec![("tv".to_owned(), tv(terms, None)), ("execution_intent".to_owned(), intent(deed))];
    let body = Node::Object(about.into_iter().chain(plan(terms, brought, deed)?).collect()).to_string();
    open(body.as_bytes()).over(base)
}

fn text(name: &str, value: &impl ToString) -> (String, Node) {
    (name.to_owned(), Node::Text(value.to_string()))
}

fn tv(terms: &Terms, bar: Option<&Bar>) -> Node {
    let MarketKey { exchange, symbol } = &terms.series.market;
    let close = bar.map(|bar| text("close", &bar.close));
    let named = [text("exchange", exchange), text("symbol", symbol), text("timeframe", &terms.series.interval)];
    Node::Object(named.into_iter().chain(close).collect())
}

fn intent(deed: Deed) -> Node {
    let (kind, side) = match deed {
        Deed::Enter(Side::Long) => ("entry", Some("long")),
        Deed::Enter(Side::Short) => ("entry", Some("short")),
        Deed::Exit => ("exit", None),
    };
    let side = side.map(|side| text("side", &side));
    Node::Object([text("type", &kind), text("strategy", &"grid")].into_iter().chain(side).collect())
}

/// Of an entry alone: an exit has no use for it.
fn plan(terms: &Terms, brought: Option<&PlanParts>, deed: Deed) -> Result<Vec<(String, Node)>, BadAlert> {
    if deed == Deed::Exit {
        return Ok(Vec::new());
    }
    let preset = terms.preset.as_ref().map(|preset| text("preset", preset));
    let own = Document::parse(&terms.plan)?;
    Ok(preset.into_iter().chain(members(&own, brought)?).collect())
}

/// The plan of the entries of a bot without a preset whose own plan is this, and whose strategy brings this ladder: what
/// [`of_bot`] is understood as.
///
/// # Errors
/// The member that is wrong, or does not go together with what its strategy brings.
pub fn plan_of_bot(own: &Document, brought: Option<&PlanParts>) -> Result<AskedPlan, BadAlert> {
    let body = Node::Object(members(own, brought)?);
    traded(&Fields::of_body(&body)?, Beneath::Nothing)
}

/// Refuses a plan that says something of its entries and exits, where something else says all of them.
///
/// # Errors
/// The first member that does.
pub fn leaves_ladder_to(other: &str, own: &Document) -> Result<(), BadAlert> {
    let said = own.members().iter().find(|(name, _)| parts::PARTS.contains(&name.as_str()));
    said.map_or(Ok(()), |(name, _)| Err(BadAlert::field(format!("plan.{name}"), format!("must be left out: {other}"))))
}

fn members(own: &Document, brought: Option<&PlanParts>) -> Result<Vec<(String, Node)>, BadAlert> {
    let ladder = brought.map(|parts| ladder(parts, own)).transpose()?.unwrap_or_default();
    Ok(own.members().iter().cloned().chain(ladder).collect())
}

/// What a strategy brings says all of the entries and exits: a plan says none of them beside it.
fn ladder(brought: &PlanParts, own: &Document) -> Result<Vec<(String, Node)>, BadAlert> {
    leaves_ladder_to("the strategy brings a ladder, and its parameters say it", own)?;
    let mark = (BRINGS.to_owned(), Node::Bool(true));
    Ok(parts::members(brought)?.into_iter().chain([mark]).collect())
}
