//! How an account and its markets are set: one way or both, margins, leverage.

use super::super::draft;
use super::super::error::Refused;
use super::super::render::symbol as named;
use super::super::{Answered, Ask};
use crate::engine::{Order, Position};
use domain::market::Leverage;
use serde_json::{Value, json};

/// The most that is lent here.
const LEVERAGE_MAX: u32 = 100;

fn done() -> Value {
    json!({ "code": 200, "msg": "success" })
}

pub(super) fn dual(ask: &mut Ask) -> Answered {
    Ok(json!({ "dualSidePosition": ask.site.exchange.is_hedged(&ask.account) }))
}

pub(super) fn set_dual(ask: &mut Ask) -> Answered {
    let wanted = match ask.params.get("dualSidePosition") {
        Some("true") => true,
        Some("false") => false,
        _ => return Err(Refused::missing("dualSidePosition")),
    };
    let exchange = &mut ask.site.exchange;
    if exchange.is_hedged(&ask.account) == wanted {
        return Err(Refused::new(-4059, "No need to change position side."));
    }
    if exchange.open_of(&ask.account).next().is_some() {
        return Err(Refused::new(-4067, "Position side cannot be changed if there exists open orders."));
    }
    if exchange.positions_of(&ask.account).next().is_some() {
        return Err(Refused::new(-4068, "Position side cannot be changed if there exists position."));
    }
    exchange.hedge(&ask.account, wanted);
    Ok(done())
}

/// The market that is meant, and how it is set.
fn set(ask: &Ask) -> Result<(String, Position), Refused> {
    let market = draft::symbol(ask)?.to_owned();
    let position = ask.site.exchange.position(&ask.account, &market);
    Ok((market, position))
}

pub(super) fn set_margin(ask: &mut Ask) -> Answered {
    let (market, position) = set(ask)?;
    let is_isolated = match ask.params.get("marginType") {
        Some("ISOLATED") => true,
        Some("CROSSED") => false,
        _ => return Err(Refused::missing("marginType")),
    };
    if position.is_isolated == is_isolated {
        return Err(Refused::new(-4046, "No need to change margin type."));
    }
    let is_here = |order: &Order| order.draft.market == market;
    if ask.site.exchange.open_of(&ask.account).any(is_here) {
        return Err(Refused::new(-4047, "Margin type cannot be changed if there exists open orders."));
    }
    if position.is_open() {
        return Err(Refused::new(-4048, "Margin type cannot be changed if there exists position."));
    }
    ask.site.exchange.set_position(&ask.account, &market, Position { is_isolated, ..position });
    Ok(done())
}

/// An open position keeps what it was lent.
pub(super) fn set_leverage(ask: &mut Ask) -> Answered {
    let (market, position) = set(ask)?;
    let times: u32 = ask.params.number("leverage").ok_or_else(|| Refused::missing("leverage"))?;
    let lent = Leverage::new(times).ok().filter(|_| times <= LEVERAGE_MAX);
    let leverage = lent.ok_or_else(|| Refused::new(-4028, format!("Leverage {times} is not valid")))?;
    if position.is_open() && leverage != position.leverage {
        let told = "Leverage reduction is not supported in Isolated Margin Mode with open positions.";
        return Err(Refused::new(-4161, told));
    }
    ask.site.exchange.set_position(&ask.account, &market, Position { leverage, ..position });
    Ok(json!({ "leverage": times, "maxNotionalValue": "1000000", "symbol": named(&market) }))
}

/// The markets that are asked about: one, or all.
fn asked(ask: &Ask) -> Result<Vec<String>, Refused> {
    match ask.params.get("symbol") {
        Some(_) => Ok(vec![draft::symbol(ask)?.to_owned()]),
        None => Ok(ask.site.exchange.markets.keys().cloned().collect()),
    }
}

pub(super) fn symbol(ask: &mut Ask) -> Answered {
    let rows = asked(ask)?.into_iter().map(|market| {
        let position = ask.site.exchange.position(&ask.account, &market);
        json!({
            "symbol": named(&market),
            "marginType": if position.is_isolated { "ISOLATED" } else { "CROSSED" },
            "isAutoAddMargin": "false",
            "leverage": position.leverage.get(),
            "maxNotionalValue": "1000000",
        })
    });
    Ok(rows.collect())
}

pub(super) fn brackets(ask: &mut Ask) -> Answered {
    let rows = asked(ask)?.into_iter().map(|market| {
        let only = json!({
            "bracket": 1, "initialLeverage": LEVERAGE_MAX, "notionalCap": 1_000_000, "notionalFloor": 0,
            "maintMarginRatio": 0.005, "cum": 0.0,
        });
        json!({ "symbol": named(&market), "notionalCoef": 1.0, "brackets": [only] })
    });
    Ok(rows.collect())
}
