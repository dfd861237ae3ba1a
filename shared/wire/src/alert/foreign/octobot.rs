//! OctoBot's `KEY=VALUE`, one to a line, or with `;` or a written-out `\n` between them.

use super::said::{Ask, Said, plan};
use crate::alert::fields::{Beneath, Fields};
use crate::alert::json::Node;
use crate::alert::lenient::Lenient;
use crate::alert::secret::names_a_secret;
use crate::alert::{BadAlert, Secret, clock, exchange};
use domain::alert::{Action, Alert, Side};
use domain::market::{Cuts, Exchange, MarketKey};
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
const REDUCES: [(&str, bool); 2] = [("true", true), ("false", false)];
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
        if let Some(exit) = exit(&body, usual)? {
            return exit.alert(beneath);
        }
        let lines = Fields::of_body(&body)?;
        lines.only(&KNOWN)?;
        said(&lines, usual)?.alert(beneath)
    }

    /// Of a perpetual nobody knows of a `SELL` that does not say so.
    pub(super) fn leave(&self) -> bool {
        let body = self.body();
        let said = Lenient::of(&body);
        let reduces = said.word("REDUCE_ONLY", &REDUCES) == Some(true);
        reduces || said.word("SIGNAL", &SIGNALS) == Some(Action::Sell)
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

/// A `SELL` that closes. Of a perpetual it could as well begin a short, unless it says that it only reduces.
fn exit(body: &Node, usual: Option<&Exchange>) -> Result<Option<Said>, BadAlert> {
    let said = Lenient::of(body);
    if said.word("SIGNAL", &SIGNALS) != Some(Action::Sell) {
        return Ok(None);
    }
    let needed = Node::Object(said.only(&[MARKET.0, MARKET.1]));
    let (exchange, symbol) = market(&Fields::of_body(&needed)?, usual)?;
    if is_perpetual(&exchange, &symbol) && said.word("REDUCE_ONLY", &REDUCES) != Some(true) {
        return Ok(None);
    }
    // What is sold is a long: no short is bought back by it.
    let ask = Ask::Leave(Some(Side::Long));
    let price = said.number("PRICE").filter(|_| said.word("ORDER_TYPE", &TYPES) != Some(Type::Limit));
    let sent_at = clock::of_exit(&[(&said, "TIMESTAMP")]);
    Ok(Some(Said { price, sent_at, ..Said::plainly(exchange, symbol, ask) }))
}

fn market(lines: &Fields<'_>, usual: Option<&Exchange>) -> Result<(Exchange, Cuts), BadAlert> {
    Ok((exchange::read(lines, MARKET, usual)?, lines.needed("SYMBOL")?))
}

fn is_perpetual(exchange: &Exchange, symbol: &Cuts) -> bool {
    MarketKey::named(exchange.clone(), symbol.first.clone()).symbol.settle.is_some()
}

/// What enters.
fn said(lines: &Fields<'_>, usual: Option<&Exchange>) -> Result<Said, BadAlert> {
    let (exchange, symbol) = market(lines, usual)?;
    let action = lines.word("SIGNAL", &SIGNALS)?.ok_or_else(|| lines.required("SIGNAL"))?;
    let kind = lines.word("ORDER_TYPE", &TYPES)?;
    if kind.is_none() && lines.has("PRICE") {
        return Err(lines.wrong("ORDER_TYPE", "is required where PRICE is given: MARKET or LIMIT"));
    }
    let reduces = lines.word("REDUCE_ONLY", &REDUCES)?.unwrap_or(false);
    match action {
        Action::Buy if reduces => {
            return Err(lines.wrong("REDUCE_ONLY", "must be false with SIGNAL=BUY: it would close a long too"));
        }
        Action::Buy => {}
        Action::Sell => {
            let allowed = "must be true with SIGNAL=SELL of a perpetual: it closes, and opens no short";
            return Err(lines.wrong("REDUCE_ONLY", allowed));
        }
    }
    let plan = enter(lines, kind)?;
    let price = if kind == Some(Type::Limit) { None } else { lines.observed("PRICE")? };
    let sent_at = clock::read(&[(lines, "TIMESTAMP")])?;
    Ok(Said { plan, price, sent_at, ..Said::plainly(exchange, symbol, Ask::Enter(Side::Long)) })
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

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, value)) in self.0.iter().enumerate() {
            let between = if index > 0 { "\n" } else { "" };
            write!(f, "{between}{key}={value}")?;
        }
        Ok(())
    }
}
