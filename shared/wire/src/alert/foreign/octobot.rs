//! OctoBot's `KEY=VALUE`, one to a line, or with `;` or a written-out `\n` between them.

use super::said::{Ask, Said, plan};
use crate::alert::fields::{Beneath, Fields};
use crate::alert::json::Node;
use crate::alert::secret::names_a_secret;
use crate::alert::{BadAlert, Secret, clock, exchange};
use domain::alert::{Action, Alert, Side};
use domain::limits;
use domain::market::{Exchange, MarketKey, Symbol};
use domain::money::{Price, Quantity};
use domain::preset::{OrderKind, OrderSize, PlanParts};
use std::fmt;

/// More lines than any alert has.
const LINES_MAX: usize = 32;
/// A text with none of these keys is none of OctoBot's.
const MARKS: [&str; 3] = ["EXCHANGE", "SYMBOL", "SIGNAL"];
const MARKET: (&str, &str) = ("EXCHANGE", "SYMBOL");
/// Keys that end so let the alert in.
const LETS_IN: [&str; 2] = ["TOKEN", "SECRET"];
const KNOWN: [&str; 9] =
    ["EXCHANGE", "SYMBOL", "SIGNAL", "ORDER_TYPE", "PRICE", "VOLUME", "REDUCE_ONLY", "TIMESTAMP", "TAG"];
const SIGNALS: [(&str, Action); 2] = [("BUY", Action::Buy), ("SELL", Action::Sell)];
const TYPES: [(&str, Type); 2] = [("MARKET", Type::Market), ("LIMIT", Type::Limit)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Market,
    Limit,
}

#[derive(Debug, Clone)]
pub(in crate::alert) struct Lines(Vec<(String, String)>);

impl Lines {
    pub(super) fn read(text: &str) -> Option<Self> {
        let parts = text.split(['\n', ';']).flat_map(|part| part.split("\\n")).map(str::trim);
        let lines: Vec<_> =
            parts.filter(|part| !part.is_empty()).take(LINES_MAX + 1).map(line).collect::<Option<_>>()?;
        let marked = lines.iter().any(|(key, _)| MARKS.contains(&key.as_str()));
        (marked && lines.len() <= LINES_MAX).then_some(Self(lines))
    }

    /// Takes every secret out, and returns the first.
    pub(super) fn cut(&mut self) -> Option<Secret> {
        let lets_in = |key: &str| LETS_IN.iter().any(|end| key.ends_with(end));
        let found = self.0.iter().find(|(key, value)| lets_in(key) && !value.is_empty());
        let secret = found.map(|(_, value)| Secret::new(value.as_str()));
        self.0.retain(|(key, _)| !names_a_secret(key));
        secret
    }

    pub(super) fn alert(&self, usual: Option<&Exchange>, beneath: Beneath<'_>) -> Result<Alert, BadAlert> {
        let body = self.body();
        let lines = Fields::of_body(&body)?;
        lines.only(&KNOWN)?;
        said(&lines, usual)?.alert(beneath)
    }

    pub(super) fn exchange(&self, usual: Option<&Exchange>) -> Result<Exchange, BadAlert> {
        exchange::read(&Fields::of_body(&self.body())?, MARKET, usual)
    }

    fn body(&self) -> Node {
        let text = |(key, value): &(String, String)| (key.clone(), Node::Text(value.clone()));
        Node::Object(self.0.iter().map(text).collect())
    }
}

/// A key in capitals and its value, in which no second one can hide.
fn line(part: &str) -> Option<(String, String)> {
    let (key, value) = part.split_once('=')?;
    let (key, value) = (key.trim_end(), value.trim_start());
    let in_capitals = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let is_key = key.starts_with(|first: char| first.is_ascii_uppercase()) && key.bytes().all(in_capitals);
    (is_key && !value.contains('=')).then(|| (key.to_owned(), value.to_owned()))
}

fn said(lines: &Fields<'_>, usual: Option<&Exchange>) -> Result<Said, BadAlert> {
    let MarketKey { exchange, symbol } =
        MarketKey::named(exchange::read(lines, MARKET, usual)?, lines.needed("SYMBOL")?);
    let action = lines.word("SIGNAL", &SIGNALS)?.ok_or_else(|| lines.required("SIGNAL"))?;
    let kind = lines.word("ORDER_TYPE", &TYPES)?;
    if kind.is_none() && lines.has("PRICE") {
        return Err(lines.wrong("ORDER_TYPE", "is required where PRICE is given: MARKET or LIMIT"));
    }
    let ask = ask(lines, action, &symbol)?;
    let plan = match ask {
        Ask::Leave => leave(lines, kind)?,
        _ => enter(lines, kind)?,
    };
    let price = if kind == Some(Type::Limit) { None } else { lines.observed("PRICE")? };
    let sent_at = clock::read(&[(lines, "TIMESTAMP")])?;
    Ok(Said { exchange, symbol, ask, plan, price, sent_at, max_lag: limits::LAG_DEFAULT })
}

/// Selling ends what was bought. Of a perpetual it could as well begin a short, unless it says that it only reduces.
fn ask(lines: &Fields<'_>, action: Action, symbol: &Symbol) -> Result<Ask, BadAlert> {
    let reduces = lines.word("REDUCE_ONLY", &[("true", true), ("false", false)])?.unwrap_or(false);
    match (action, reduces) {
        (Action::Buy, false) => Ok(Ask::Enter(Side::Long)),
        (Action::Buy, true) => {
            Err(lines.wrong("REDUCE_ONLY", "must be false with SIGNAL=BUY: it would close a long too"))
        }
        (Action::Sell, false) if symbol.settle.is_some() => {
            Err(lines
                .wrong("REDUCE_ONLY", "must be true with SIGNAL=SELL of a perpetual: it closes, and opens no short"))
        }
        (Action::Sell, _) => Ok(Ask::Leave),
    }
}

fn enter(lines: &Fields<'_>, kind: Option<Type>) -> Result<PlanParts, BadAlert> {
    let kind = match kind {
        Some(Type::Limit) => OrderKind::Limit(lines.needed::<Price>("PRICE")?),
        Some(Type::Market) | None => OrderKind::Market,
    };
    Ok(plan(volume(lines)?, Some(kind)))
}

fn volume(lines: &Fields<'_>) -> Result<Option<OrderSize>, BadAlert> {
    let Some(text) = lines.text("VOLUME")? else { return Ok(None) };
    let quantity = text.parse().ok().filter(|quantity: &Quantity| !quantity.is_zero());
    // Shares are there of a whole portfolio, or of what is free; ours are of all the quote that an account has.
    let allowed = "must be a quantity of the base above 0, such as 0.01. OctoBot's shares are of a whole portfolio or of what \
                   is free, and none here is: leave it out, and keep a preset with base_order.balance_percent";
    quantity.map(|quantity| Some(OrderSize::Base(quantity))).ok_or_else(|| lines.wrong("VOLUME", allowed))
}

/// All that is held is sold at the market.
fn leave(lines: &Fields<'_>, kind: Option<Type>) -> Result<PlanParts, BadAlert> {
    if lines.has("VOLUME") {
        return Err(lines.wrong("VOLUME", "must be left out with SIGNAL=SELL: all that is held is sold"));
    }
    if kind == Some(Type::Limit) {
        return Err(lines.wrong("ORDER_TYPE", "must be MARKET with SIGNAL=SELL"));
    }
    Ok(plan(None, Some(OrderKind::Market)))
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, value)) in self.0.iter().enumerate() {
            let between = if index > 0 { "\n" } else { "" };
            write!(f, "{between}{key}={value}")?;
        }
        Ok(())
    }
}
