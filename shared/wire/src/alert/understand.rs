//! From fields to an alert.

use super::fields::{Asked, Beneath, Fields};
use super::json::Node;
use super::{BadAlert, clock, exchange, exit, plan, pyramids};
use domain::alert::{Action, Alert, IntentType, Side, Stance, StrategyFields};
use domain::clock::Millis;
use domain::limits;
use domain::market::{Cuts, Exchange, Timeframe};
use domain::preset::{AskedPlan, PresetName};
use domain::route::RouteName;
use domain::signal;
use std::collections::BTreeSet;

pub(super) const STANCES: [(&str, Stance); 3] =
    [("long", Stance::In(Side::Long)), ("short", Stance::In(Side::Short)), ("flat", Stance::Flat)];
pub(super) const ACTIONS: [(&str, Action); 2] = [("buy", Action::Buy), ("sell", Action::Sell)];
pub(super) const TYPES: [(&str, IntentType); 2] = [("entry", IntentType::Entry), ("exit", IntentType::Exit)];
/// Whether what it says of its entries and exits takes the place of all that its preset says of them. Whoever does not know it refuses the
/// entry: it begins as a member of a trade does.
pub(super) const BRINGS: &str = "safety_orders_alone";
/// What the names of a trade's members begin with: one that is known to nobody is misspelt.
const OF_A_TRADE: [&str; 11] = [
    "base_order",
    "break_even",
    "cooldown",
    "minimum_profit",
    "open_groups",
    "pyramid",
    "retry_unproven",
    "safety_order",
    "stop_loss",
    "take_profit",
    "time_limit",
];

/// What else may stand in a body, with names long enough to be misspelt.
const OF_AN_ALERT: [&str; 7] =
    ["account", "execution_intent", "max_lag_seconds", "preset", "route", "sent_at", "timestamp"];

pub(super) fn understand(node: &Node, usual: Option<&Exchange>, beneath: Beneath<'_>) -> Result<Alert, BadAlert> {
    if exit::is_meant(node) {
        return exit::understand(node, usual);
    }
    entry(&Fields::of_body(node)?, usual, beneath, &Asked::default())
}

/// The paths of all members that an entry is read for.
pub(super) fn paths(node: &Node) -> Result<BTreeSet<String>, BadAlert> {
    let (asked, of_trade) = (Asked::default(), Asked::default());
    entry(&Fields::of_body(node)?.noting(&asked), None, Beneath::Nothing, &of_trade)?;
    Ok(asked.into_paths().into_iter().chain(of_trade.into_paths()).collect())
}

fn entry(body: &Fields<'_>, usual: Option<&Exchange>, beneath: Beneath<'_>, asked: &Asked) -> Result<Alert, BadAlert> {
    named_preset(body)?;
    let (tv, intent) = (body.object("tv")?, body.object("execution_intent")?);
    let noted = body.noting(asked);
    let said = noted.over(beneath);
    let exchange = exchange(&tv, usual)?;
    let Cuts { first: symbol, others: other_symbols } = tv.needed("symbol")?;
    let alert = Alert {
        id: body.observed_text("id").map(str::to_owned),
        exchange,
        symbol,
        other_symbols,
        timeframe: timeframe(&tv)?,
        timeframe_unread: false,
        account: body.owned("account")?,
        route: route(body)?,
        intent: intent.word("type", &TYPES)?,
        strategy: intent.text("strategy")?.map(str::to_ascii_lowercase),
        side: intent.word("side", &STANCES)?,
        action: tv.word("action", &ACTIONS)?,
        fields: strategy_fields(&tv)?,
        price: tv.observed("price")?,
        close: tv.observed("close")?,
        sent_at: clock::read(&[(body, "sent_at"), (body, "timestamp"), (&tv, "sent_at"), (&tv, "timestamp")])?,
        max_lag: max_lag(body, "max_lag_seconds")?,
        preset: None,
        plan: traded(&noted, beneath)?,
        own: plan::own(&body.over(Beneath::Unknown))?,
        flags: pyramids::flags(&said)?,
    };
    signal::wish(&alert).map_err(|wrong| contradiction(&wrong))?;
    body.refuse_misspelt(asked, &OF_A_TRADE, &OF_AN_ALERT)?;
    Ok(alert)
}

/// The plan that a body says, over what is beneath it.
pub(super) fn traded(body: &Fields<'_>, beneath: Beneath<'_>) -> Result<AskedPlan, BadAlert> {
    let brings = body.flag(BRINGS)?.unwrap_or(false);
    if brings { plan::read_brought(body, beneath) } else { plan::read(&body.over(beneath)) }
}

pub(super) fn exchange(tv: &Fields<'_>, usual: Option<&Exchange>) -> Result<Exchange, BadAlert> {
    exchange::read(tv, ("exchange", "symbol"), usual)
}

fn timeframe(tv: &Fields<'_>) -> Result<Option<Timeframe>, BadAlert> {
    let lasting = |text| Timeframe::lasting(text).map_err(|why| tv.wrong("timeframe", why));
    tv.text("timeframe")?.map(lasting).transpose()
}

/// The route that the alert names in place of an account.
pub(super) fn route(body: &Fields<'_>) -> Result<Option<RouteName>, BadAlert> {
    let route = body.parsed("route")?;
    if route.is_some() && body.has("account") {
        return Err(body.wrong("route", "names several accounts: leave account out"));
    }
    Ok(route)
}

/// The preset that the alert names.
pub(super) fn named_preset(body: &Fields<'_>) -> Result<Option<PresetName>, BadAlert> {
    body.parsed("preset")
}

/// The position of now is meant: it says which side is traded. The one before is a mark in the verdict, and no more.
pub(super) fn strategy_fields(tv: &Fields<'_>) -> Result<StrategyFields, BadAlert> {
    Ok(StrategyFields {
        market_position: tv.word("market_position", &STANCES)?,
        market_position_size: tv.observed("market_position_size")?,
        prev_market_position: tv.observed_word("prev_market_position", &STANCES),
        prev_market_position_size: tv.observed("prev_market_position_size")?,
    })
}

pub(super) fn max_lag(body: &Fields<'_>, name: &str) -> Result<Millis, BadAlert> {
    let Some(text) = body.text(name)? else {
        return Ok(limits::LAG_DEFAULT);
    };
    let allowed = || format!("must be a whole number from 1 to {}", limits::LAG_SECONDS_MAX);
    lag(text).ok_or_else(|| body.wrong(name, allowed()))
}

pub(super) fn lag(seconds: &str) -> Option<Millis> {
    let seconds = seconds.parse().ok().filter(|seconds| (1..=limits::LAG_SECONDS_MAX).contains(seconds));
    seconds.map(Millis::seconds)
}

fn contradiction(wrong: &signal::Contradiction) -> BadAlert {
    let fields: Vec<String> = wrong.fields.iter().map(|field| (*field).to_owned()).collect();
    BadAlert { code: BadAlert::INVALID, detail: format!("{} {}", fields.join(" and "), wrong.allowed), fields }
}
