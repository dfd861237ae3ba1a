//! What says that it leaves is read for its market, its account and its clock: nothing else in it, known or unknown, readable
//! or not, keeps it from being followed.

use super::fields::Fields;
use super::json::Node;
use super::lenient::Lenient;
use super::understand::{self, ACTIONS, STANCES, TYPES};
use super::{BadAlert, clock};
use domain::alert::Alert;
use domain::market::{Cuts, Exchange, Timeframe};
use domain::preset::{AskedPlan, Flags, PlanParts, Preset};
use domain::{limits, signal};

/// What an exit cannot do without, in the body and in its `tv`: where one of these cannot be read, nobody knows what it is about.
const OF_BODY: [&str; 2] = ["account", "route"];
const OF_TV: [&str; 2] = ["exchange", "symbol"];
const TIMEFRAME: &str = "timeframe";

/// Whether a body of our own form says that it leaves.
pub(super) fn is_meant(node: &Node) -> bool {
    let body = Lenient::of(node);
    let (tv, intent) = (body.within("tv"), body.within("execution_intent"));
    let position = tv.word("market_position", &STANCES);
    signal::leaves(intent.word("type", &TYPES), position, intent.word("side", &STANCES))
}

/// Whether the strategy of a body, of our own form or of 3Commas', was on one side and is on the other now.
pub(super) fn turned(node: &Node) -> bool {
    let body = Lenient::of(node);
    ["tv", "strategy_info"].iter().any(|name| signal::turned(&body.within(name).strategy_fields()))
}

/// Whether a text of no form that can be read says that it leaves. In JSON `close` is a price, and what a position was before
/// is no wish.
pub(super) fn is_named(text: &str) -> bool {
    const WORDS: [&str; 5] = ["exit", "exit_long", "exit_short", "flat", "sell"];
    const BEFORE: &str = "prev_";
    let text = text.to_ascii_lowercase();
    let is_json = text.trim_start().starts_with('{');
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let before = std::iter::once("").chain(words.iter().copied());
    let mut said = words.iter().zip(before).filter(|(_, before)| !before.starts_with(BEFORE));
    said.any(|(word, _)| WORDS.contains(word) || (!is_json && *word == "close"))
}

/// What such a body says.
pub(super) fn understand(node: &Node, usual: Option<&Exchange>) -> Result<Alert, BadAlert> {
    let body = Lenient::of(node);
    let (tv, intent) = (body.within("tv"), body.within("execution_intent"));
    let needed = body.only(&OF_BODY).into_iter().chain([("tv".to_owned(), Node::Object(tv.only(&OF_TV)))]);
    let needed = Node::Object(needed.collect());
    let needed = Fields::of_body(&needed)?;
    let market = needed.object("tv")?;
    let exchange = understand::exchange(&market, usual)?;
    let Cuts { first: symbol, others: other_symbols } = market.needed("symbol")?;
    let timeframe = tv.text(TIMEFRAME).and_then(|text| Timeframe::lasting(text).ok());
    Ok(Alert {
        id: body.text("id").map(str::to_owned),
        exchange,
        symbol,
        other_symbols,
        timeframe_unread: timeframe.is_none() && tv.says(TIMEFRAME),
        timeframe,
        account: needed.owned("account")?,
        route: understand::route(&needed)?,
        intent: intent.word("type", &TYPES),
        strategy: None,
        side: intent.word("side", &STANCES),
        action: tv.word("action", &ACTIONS),
        fields: tv.strategy_fields(),
        price: tv.number("price"),
        close: tv.number("close"),
        sent_at: clock::of_exit(&[(&body, "sent_at"), (&body, "timestamp"), (&tv, "sent_at"), (&tv, "timestamp")]),
        max_lag: body.text("max_lag_seconds").and_then(understand::lag).unwrap_or(limits::LAG_DEFAULT),
        preset: None,
        plan: plan()?,
        own: PlanParts::default(),
        flags: Flags::default(),
    })
}

/// What is bought is no exit's business: it has a plan as every alert has one, and nobody trades by it.
pub(super) fn plan() -> Result<AskedPlan, BadAlert> {
    Preset::built_in().map(|preset| preset.plan).map_err(|why| BadAlert::field("preset", why))
}
