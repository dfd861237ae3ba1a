//! `buy BINANCE:BTCUSDT`: one line, a word and a market.

use super::said::{Ask, Said};
use crate::alert::fields::Beneath;
use crate::alert::{BadAlert, exchange};
use domain::alert::{Alert, Side};
use domain::market::{Cuts, Exchange, MarketKey, Symbol};
use std::fmt;

const WORDS: [(&str, Word); 7] = [
    ("buy", Word::Ask(Ask::Enter(Side::Long))),
    ("long", Word::Ask(Ask::Enter(Side::Long))),
    ("short", Word::Ask(Ask::Enter(Side::Short))),
    ("exit", Word::Ask(Ask::Leave(None))),
    ("close", Word::Ask(Ask::Leave(None))),
    ("flat", Word::Ask(Ask::Leave(None))),
    ("sell", Word::Sell),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Ask(Ask),
    /// Ends what was bought. Of a perpetual it could as well begin a short.
    Sell,
}

#[derive(Debug, Clone)]
pub(in crate::alert) struct Line {
    said: String,
    word: Word,
    market: String,
    symbol: Cuts,
}

impl Line {
    /// Two words, of which the first is one of ours and the second reads as a market.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (Some(said), Some(market), None) = (words.next(), words.next(), words.next()) else {
            return None;
        };
        let (_, word) = WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(said))?;
        let symbol = market.parse().ok()?;
        Some(Self { said: said.to_owned(), word: *word, market: market.to_owned(), symbol })
    }

    pub(super) fn alert(&self, usual: Option<&Exchange>, beneath: Beneath<'_>) -> Result<Alert, BadAlert> {
        let exchange = self.exchange(usual)?;
        let ask = self.ask(&exchange)?;
        Said::plainly(exchange, self.symbol.clone(), ask).alert(beneath)
    }

    pub(super) fn leaves(&self) -> bool {
        matches!(self.word, Word::Sell | Word::Ask(Ask::Leave(_)))
    }

    pub(super) fn exchange(&self, usual: Option<&Exchange>) -> Result<Exchange, BadAlert> {
        let wrong = |allowed: &dyn fmt::Display| BadAlert::field("exchange", allowed);
        match Symbol::exchange_before(&self.market) {
            Some(exchange) => exchange::named(exchange).map_err(|why| wrong(&why)),
            None => usual
                .cloned()
                .ok_or_else(|| wrong(&format!("{}, as in {} BINANCE:{}", exchange::REQUIRED, self.said, self.market))),
        }
    }

    fn ask(&self, exchange: &Exchange) -> Result<Ask, BadAlert> {
        let is_perpetual = MarketKey::named(exchange.clone(), self.symbol.first.clone()).symbol.settle.is_some();
        match self.word {
            Word::Ask(ask) => Ok(ask),
            Word::Sell if !is_perpetual => Ok(Ask::Leave(Some(Side::Long))),
            Word::Sell => Err(BadAlert::field("action", "must be exit or short where a perpetual is meant")),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.said, self.market)
    }
}
