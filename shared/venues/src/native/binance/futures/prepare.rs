//! What an account must be set to before a position is opened: one way, a margin of its own, this leverage.
//!
//! 1. It is read first, and only what is otherwise is told: a setting that is told anew is refused in words that mean other
//!    things as well.
//! 2. A no that is about the account's own settings is final; whatever else is said is asked again.

use super::super::Login;
use super::super::ask::{Ask, about, name};
use super::super::line::{Failed, Line};
use super::account;
use crate::native::words::{self, refusal};
use app::ports::Unprepared;
use domain::market::{Leverage, Symbol};
use domain::reason::Reason;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// "No need to change position side."
const ONE_WAY_ALREADY: i64 = -4059;
/// "No need to change margin type."
const ISOLATED_ALREADY: i64 = -4046;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    symbol: String,
    margin_type: String,
    leverage: u32,
}

#[derive(Debug, Deserialize)]
struct Lent {
    leverage: u32,
}

pub(in super::super) async fn prepare(
    line: &Line,
    login: &Login,
    symbol: &Symbol,
    leverage: Leverage,
) -> Result<(), Unprepared> {
    let (config, set) = tokio::join!(account::config(line, login), set(line, login, symbol));
    let (config, set) = (config.map_err(away)?, set?);
    if config.dual_side_position {
        let one_way = Ask::post("/fapi/v1/positionSide/dual").with("dualSidePosition", "false");
        tell(line, login, &one_way, ONE_WAY_ALREADY, words::POSITION_MODE).await?;
    }
    if set.margin_type != "ISOLATED" {
        let isolated = settle("/fapi/v1/marginType", symbol).with("marginType", "ISOLATED");
        tell(line, login, &isolated, ISOLATED_ALREADY, words::MARGIN_MODE).await?;
    }
    if set.leverage != leverage.get() {
        lend(line, login, symbol, leverage).await?;
    }
    Ok(())
}

async fn set(line: &Line, login: &Login, symbol: &Symbol) -> Result<Set, Unprepared> {
    let all: Vec<Set> = line.read(login, &about("/fapi/v1/symbolConfig", symbol)).await.map_err(away)?;
    let own = all.into_iter().find(|set| set.symbol == name(symbol));
    own.ok_or_else(|| Unprepared::Away("how the market is set is not told".to_owned()))
}

/// Tells one thing; that it is so already is as good.
async fn tell(line: &Line, login: &Login, ask: &Ask, already: i64, word: Reason) -> Result<(), Unprepared> {
    match line.read::<IgnoredAny>(login, ask).await {
        Err(failed) if !failed.says(&[already]) => Err(unprepared(failed, word)),
        Ok(_) | Err(_) => Ok(()),
    }
}

async fn lend(line: &Line, login: &Login, symbol: &Symbol, leverage: Leverage) -> Result<(), Unprepared> {
    let ask = settle("/fapi/v1/leverage", symbol).with("leverage", &leverage);
    let lent: Lent = line.read(login, &ask).await.map_err(|failed| unprepared(failed, words::LEVERAGE))?;
    let is_so = lent.leverage == leverage.get();
    is_so.then_some(()).ok_or_else(|| Unprepared::Away(format!("a leverage of {} was lent instead", lent.leverage)))
}

fn settle(path: &'static str, symbol: &Symbol) -> Ask {
    Ask::post(path).with("symbol", &name(symbol))
}

fn unprepared(failed: Failed, word: Reason) -> Unprepared {
    match failed.code {
        Some(-4_999..=-4_000 | -2_028 | -2_027) => Unprepared::Refused(refusal(word, failed.why)),
        _ => away(failed),
    }
}

fn away(failed: Failed) -> Unprepared {
    Unprepared::Away(failed.why)
}
