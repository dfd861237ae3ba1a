//! Perpetual contracts there: what an exchange must be told before a position, and what is held.
//!
//! 1. It is asked how it is, and told only what is not so: most refuse to be told anything while a position is open.
//! 2. Each question and each word is a request of its own. A no is looked at once more: what is so by now is no refusal.

use super::asked::{Kind, Wish};
use super::failed::Failed;
use super::line::symbol;
use super::lots::Lot;
use super::markets::SETTLED_IN;
use super::outcome;
use super::told::Exact;
use super::ways::{Naming, Step, What};
use super::{Spoken, markets};
use crate::native::{Login, words};
use app::ports::{OpenPosition, Unprepared};
use ccxt_base::Value;
use domain::alert::Side;
use domain::market::{Leverage, Market, MarketKey};
use domain::money::{Decimal, Quantity};
use domain::reason::Reason;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// Contracts that are held, whoever has opened them.
#[derive(Debug, Deserialize)]
struct Held {
    /// The exchange's own name where the market is not known.
    symbol: Option<String>,
    side: Option<String>,
    contracts: Option<Exact<Quantity>>,
}

impl What {
    /// The stable word for its refusal.
    fn code(self) -> Reason {
        match self {
            Self::PositionMode => words::POSITION_MODE,
            Self::MarginMode => words::MARGIN_MODE,
            Self::Leverage => words::LEVERAGE,
        }
    }
}

/// Makes an account ready for a position.
///
/// # Errors
/// [`Unprepared`].
pub(super) async fn prepare(
    spoken: &Spoken,
    login: &Login,
    market: &Market,
    leverage: Leverage,
) -> Result<(), Unprepared> {
    let Some(contracts) = &spoken.ways.contracts else { return Ok(()) };
    let most = market.kind.leverage_max();
    if leverage > most || !contracts.keep_leverage() && leverage > Leverage::ONE {
        return Err(refused(words::LEVERAGE, &format!("{leverage} is above what can be set in this market")));
    }
    let asks = Asks { spoken, login, market: &market.key, leverage };
    for step in &contracts.steps {
        if asks.is_so(step).await? {
            continue;
        }
        if let Err(no) = asks.tell(step).await {
            let Unprepared::Refused(_) = no else { return Err(no) };
            if !asks.is_so(step).await? {
                return Err(no);
            }
        }
    }
    Ok(())
}

struct Asks<'a> {
    spoken: &'a Spoken,
    login: &'a Login,
    market: &'a MarketKey,
    leverage: Leverage,
}

impl Asks<'_> {
    /// Whether the exchange says that it is so already, in every row that it has of it.
    async fn is_so(&self, step: &Step) -> Result<bool, Unprepared> {
        let args = match step.naming {
            Naming::Alone => vec![symbol(self.market)],
            Naming::Listed => vec![Value::from(vec![symbol(self.market)])],
            Naming::Isolated => vec![symbol(self.market), isolated()],
        };
        let told: Json = self.spoken.told(self.login, Some(self.market), step.asked, args).await.map_err(away)?;
        let rows = if let Json::Array(rows) = told { rows } else { vec![told] };
        let is_so = |row: &Json| step.at.iter().all(|at| row.pointer(at).is_some_and(|told| self.is_meant(step, told)));
        Ok(!rows.is_empty() && rows.iter().all(is_so))
    }

    fn is_meant(&self, step: &Step, told: &Json) -> bool {
        let text = told.as_str().map_or_else(|| told.to_string(), str::to_owned);
        match step.word {
            Some(word) => text == word,
            None => text.parse() == Ok(Decimal::from(self.leverage.get())),
        }
    }

    async fn tell(&self, step: &Step) -> Result<(), Unprepared> {
        let name = symbol(self.market);
        let (method, args) = match step.what {
            What::PositionMode => ("set_position_mode", vec![Value::Bool(false), name]),
            What::MarginMode => ("set_margin_mode", vec![Value::from("isolated"), name]),
            What::Leverage => {
                let leverage = Value::Int(i64::from(self.leverage.get()));
                let isolated = (step.naming == Naming::Isolated).then(isolated);
                ("set_leverage", [leverage, name].into_iter().chain(isolated).collect())
            }
        };
        let shown = format!("{method} {}", self.market.symbol);
        let wish = Wish { kind: Kind::Setting, shown, ..Wish::read(method, args) };
        let (login, market) = (self.login, [self.market]);
        let told = self.spoken.asked::<serde::de::IgnoredAny>(&login.site, Some(login), &market, &wish, login.now);
        told.await.map(drop).map_err(|failed| unprepared(step.what, failed))
    }
}

fn isolated() -> Value {
    Value::from(json!({"marginMode": "isolated"}))
}

/// What is surely a no stays one; anything else may be told again.
fn unprepared(what: What, failed: Failed) -> Unprepared {
    match &failed {
        Failed::Refused(status, error) if outcome::may_pass(*status, error) => away(failed),
        Failed::Not(error) if outcome::may_pass(0, error) => away(failed),
        Failed::Refused(_, error) | Failed::Not(error) => match outcome::fault(error) {
            Some(_) => refused(words::KEY_REFUSED, &error.to_string()),
            None => refused(what.code(), &error.to_string()),
        },
        Failed::Lost(_) => away(failed),
    }
}

fn refused(code: Reason, why: &str) -> Unprepared {
    Unprepared::Refused(words::refusal(code, why))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn away(failed: Failed) -> Unprepared {
    Unprepared::Away(failed.to_string())
}

/// All that is held of markets that are traded here. What the exchange calls by a name that stands in none of its lists is
/// something else: a contract with an end, or one that is paid in coins.
pub(super) async fn positions(spoken: &Spoken, login: &Login) -> Result<Vec<OpenPosition>, Failed> {
    let (known, held) = held(spoken, login).await?;
    if held.iter().all(|held| spoken.knows(&known, held)) {
        return open(&known, &held);
    }
    spoken.learn_all(&login.site).await?;
    let (known, held) = self::held(spoken, login).await?;
    spoken.strange(held.iter().filter(|held| !known.contains_key(held.name())).map(|held| held.name().to_owned()));
    open(&known, &held)
}

type Known = BTreeMap<String, (MarketKey, Lot)>;

async fn held(spoken: &Spoken, login: &Login) -> Result<(Known, Vec<Held>), Failed> {
    let known = spoken.known();
    let keys: Vec<&MarketKey> = known.values().map(|(key, _)| key).collect();
    let wish = Wish::read("fetch_positions", Vec::new());
    let held: Vec<Held> = spoken.asked(&login.site, Some(login), &keys, &wish, login.now).await?;
    Ok((known, held.into_iter().filter(|held| !held.is_nothing()).collect()))
}

fn open(known: &Known, held: &[Held]) -> Result<Vec<OpenPosition>, Failed> {
    let ours = held.iter().filter_map(|held| Some((held, known.get(held.name())?)));
    ours.map(|(held, (market, lot))| held.position(market, *lot).ok_or_else(not_understood)).collect()
}

fn not_understood() -> Failed {
    Failed::Lost("a position in words that are not known".to_owned())
}

impl Held {
    fn name(&self) -> &str {
        self.symbol.as_deref().unwrap_or_default()
    }

    fn is_nothing(&self) -> bool {
        self.contracts.is_some_and(|Exact(contracts)| contracts.is_zero())
    }

    fn position(&self, market: &MarketKey, lot: Lot) -> Option<OpenPosition> {
        let side = match self.side.as_deref()? {
            "long" => Side::Long,
            "short" => Side::Short,
            _ => return None,
        };
        let Exact(contracts) = self.contracts?;
        Some(OpenPosition { market: market.clone(), side, quantity: lot.base(contracts)? })
    }
}

impl Spoken {
    /// Markets that have been learned of this exchange, by the library's name.
    fn known(&self) -> Known {
        let markets = self.markets.lock().unwrap_or_else(PoisonError::into_inner);
        let own = markets.iter().filter(|(key, _)| key.exchange == self.exchange);
        let lot = |listed: &String| Lot::of(&serde_json::from_str(listed).ok()?);
        own.filter_map(|(key, listed)| Some((key.symbol.to_string(), (key.clone(), lot(listed)?)))).collect()
    }

    fn knows(&self, known: &Known, held: &Held) -> bool {
        let strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains_key(held.name()) || strangers.contains(&(self.exchange.clone(), held.name().to_owned()))
    }

    fn strange(&self, names: impl Iterator<Item = String>) {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.extend(names.map(|name| (self.exchange.clone(), name)));
    }

    /// Learns all markets of contracts that the exchange lists, those too that are not traded now.
    async fn learn_all(&self, site: &crate::native::Site) -> Result<(), Failed> {
        let (_, listed) = self.listed(site).await?;
        let mut known = self.markets.lock().unwrap_or_else(PoisonError::into_inner);
        for listed in &listed {
            if let Some(symbol) = markets::symbol_of_contract(listed) {
                let key = MarketKey { exchange: self.exchange.clone(), symbol };
                known.entry(key).or_insert_with(|| markets::kept(listed).to_string());
            }
        }
        Ok(())
    }
}

/// What the library must know of before it reads a balance of contracts: the asset that they are paid in.
pub(super) fn currencies() -> Json {
    json!({SETTLED_IN: {"id": SETTLED_IN, "code": SETTLED_IN}})
}
