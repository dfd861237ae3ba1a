//! What an alert means: the table, row by row. The first row that matches wins, and an exit wins over everything.
//!
//! [`wish`] is the part that needs no state and is answered at once; [`meaning`] is the rest.

use crate::alert::{Alert, IntentType, Side, Stance, StrategyFields};
use crate::money::Fraction;
use crate::reason::Reason;

/// The only `execution_intent.strategy` that trades.
pub const STRATEGY: &str = "grid";

/// What the alert asks for, whatever the state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Exit,
    Hold(Side),
}

/// An alert that contradicts itself or names what does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{allowed}")]
pub struct Contradiction {
    pub fields: Vec<&'static str>,
    pub allowed: &'static str,
}

/// The live group of the alert's account, market and timeframe, as far as the table asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    pub side: Side,
    pub closing: bool,
    /// Its plan lets entries be added to it.
    pub pyramids: bool,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    Enter(Side),
    Close,
    /// Close what is live; the other side is not opened.
    CloseAndRefuse(Reason),
    /// Close what is live; once it is closed, the alert is decided anew.
    CloseAndQueue,
    /// Add to the live group, where its plan's numbers allow it.
    Add,
    /// Sell this share of what is held.
    Reduce(Fraction),
    Queue,
    Ignore(Reason),
    Refuse(Reason),
}

/// Reads the alert alone.
///
/// # Errors
/// The fields that contradict each other, or the one that is missing or unknown.
pub fn wish(alert: &Alert) -> Result<Wish, Contradiction> {
    let position = alert.fields.market_position;
    if leaves(alert.intent, position, alert.side) {
        return Ok(Wish::Exit);
    }
    let named = position.or(alert.side);
    if alert.strategy.as_deref() != Some(STRATEGY) {
        return Err(Contradiction { fields: vec!["execution_intent.strategy"], allowed: "must be grid" });
    }
    let acted = alert.action.map(Side::from);
    match (named, acted) {
        (Some(Stance::In(side)), Some(acted)) if side != acted && !alert.fields.any() => Err(Contradiction {
            fields: vec!["tv.action", "execution_intent.side"],
            allowed: "must agree: buy with long, sell with short",
        }),
        (Some(Stance::In(side)), _) => Ok(Wish::Hold(side)),
        (None, Some(side)) => Ok(Wish::Hold(side)),
        (None | Some(Stance::Flat), _) => {
            Err(Contradiction { fields: vec!["execution_intent.side"], allowed: "must be long or short" })
        }
    }
}

/// Whether an alert with these words is an exit: they are read before anything else is.
pub fn leaves(intent: Option<IntentType>, position: Option<Stance>, side: Option<Stance>) -> bool {
    intent == Some(IntentType::Exit) || position.or(side) == Some(Stance::Flat)
}

/// Whether a strategy was on one side and is on the other now: what it had is to be closed, whatever comes after.
pub fn turned(fields: &StrategyFields) -> bool {
    match (fields.prev_market_position, fields.market_position) {
        (Some(Stance::In(before)), Some(Stance::In(after))) => before != after,
        _ => false,
    }
}

/// Reads the wish against what is live. Exits are matched to their groups by the caller, who knows them all.
pub fn meaning(wish: Wish, alert: &Alert, live: Option<Live>, can_short: bool) -> Meaning {
    let side = match (wish, live) {
        (Wish::Exit, None) => return Meaning::Ignore(Reason::NothingOpen),
        (Wish::Exit, Some(_)) => return Meaning::Close,
        (Wish::Hold(side), _) => side,
    };
    let reduces = reduces(alert, side);
    match live {
        Some(live) if live.closing => Meaning::Queue,
        None if side == Side::Short && !can_short => Meaning::Refuse(Reason::MarketCannotShort),
        None if reduces => Meaning::Ignore(Reason::NothingOpen),
        None => Meaning::Enter(side),
        Some(live) if live.side != side && alert.fields.any() => turns(alert, side, can_short),
        Some(live) if live.side != side => Meaning::Refuse(Reason::ContradictsSide),
        Some(_) if reduces && !alert.flags.partial_exit => Meaning::Ignore(Reason::PartialExitOff),
        Some(_) if reduces => share(alert).map_or(Meaning::Ignore(Reason::SizesMissing), Meaning::Reduce),
        Some(live) if live.pyramids => Meaning::Add,
        Some(_) => Meaning::Refuse(Reason::AlreadyLive),
    }
}

/// A strategy that is on the other side now.
fn turns(alert: &Alert, side: Side, can_short: bool) -> Meaning {
    match side {
        _ if !alert.flags.reverse => Meaning::CloseAndRefuse(Reason::ContradictsSide),
        Side::Short if !can_short => Meaning::CloseAndRefuse(Reason::MarketCannotShort),
        Side::Short | Side::Long => Meaning::CloseAndQueue,
    }
}

/// By which share a strategy has made its position smaller.
fn share(alert: &Alert) -> Option<Fraction> {
    let (size, before) = (alert.fields.market_position_size?, alert.fields.prev_market_position_size?);
    let left = size.fraction().over(&before.fraction())?;
    Some(Fraction::whole(1) - left)
}

/// Whether the strategy made its position on the same side smaller.
///
/// Where the sizes are missing, an order against the position's side is a reduction too: it is never an entry.
fn reduces(alert: &Alert, side: Side) -> bool {
    let fields = &alert.fields;
    let stayed = fields.prev_market_position.is_none_or(|before| before == Stance::In(side));
    match (fields.market_position_size, fields.prev_market_position_size) {
        (Some(size), Some(before)) => stayed && size < before,
        _ => fields.any() && alert.action.is_some_and(|action| Side::from(action) != side),
    }
}

/// Whether the alert's idea of the position before it contradicts ours.
pub fn out_of_order(alert: &Alert, live: Option<Live>) -> bool {
    let ours = live.map_or(Stance::Flat, |live| Stance::In(live.side));
    alert.fields.prev_market_position.is_some_and(|theirs| theirs != ours)
}
