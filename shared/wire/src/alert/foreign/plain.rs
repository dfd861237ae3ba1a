//! `buy BINANCE:BTCUSDT`: one line, a word and a market.

use super::said::{Ask, Said};
use crate::alert::fields::Beneath;
use crate::alert::{BadAlert, exchange};
use domain::alert::{Alert, Side};
use domain::market::{Exchange, MarketKey, Symbol};
use std::fmt;

const WORDS: [(&str, Word); 6] = [
    ("buy", Word::Ask(Ask::Enter(Side::Long))),
    ("long", Word::Ask(Ask::Enter(Side::Long))),
    ("short", Word::Ask(Ask::Enter(Side::Short))),
    ("exit", Word::Ask(Ask::Leave)),
    ("close", Word::Ask(Ask::Leave)),
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
    symbol: Symbol,
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
        let MarketKey { exchange, symbol } = MarketKey::named(self.exchange(usual)?, self.symbol.clone());
        let ask = self.ask(&symbol)?;
        Said::plainly(exchange, symbol, ask).alert(beneath)
    }

    pub(super) fn exchange(&self, usual: Option<&Exchange>) -> Result<Exchange, BadAlert> {
        let wrong = |allowed: &dyn fmt::Display| BadAlert::field("exchange", allowed);
        match Symbol::exchange_before(&self.market) {
            Some(exchange) => exchange.parse().map_err(|why| wrong(&why)),
            None => usual
                .cloned()
                .ok_or_else(|| wrong(&format!("{}, as in {} BINANCE:{}", exchange::REQUIRED, self.said, self.market))),
        }
    }

    fn ask(&self, symbol: &Symbol) -> Result<Ask, BadAlert> {
        match self.word {
            Word::Ask(ask) => Ok(ask),
            Word::Sell if symbol.settle.is_none() => Ok(Ask::Leave),
            Word::Sell => Err(BadAlert::field("action", "must be exit or short where a perpetual is meant")),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.said, self.market)
    }
}
