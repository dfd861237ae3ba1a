//! Webhook tokens: what lets an alert in.

use crate::clock::Timestamp;
use crate::ids::{Sha, TokenId, UserId};
use crate::market::{Exchange, Symbol};
use crate::money::Amount;
use crate::preset::PresetName;
use crate::reason::Reason;
use crate::words::words;

/// A token as it is kept: only the SHA-256 of what was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookToken {
    pub id: TokenId,
    pub user: UserId,
    pub hash: Sha,
    /// The label of the one account that alerts of this token may name, and mean where they name none.
    pub account: Option<String>,
    /// The one exchange that alerts of this token may name, and mean where they name none.
    pub exchange: Option<Exchange>,
    pub expires_at: Option<Timestamp>,
    pub grant: Grant,
}

/// What alerts of a token may do beside naming its account. What is empty limits nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grant {
    pub markets: Vec<Symbol>,
    /// With any of these, an alert brings no plan of its own.
    pub presets: Vec<PresetName>,
    /// The most that one entry plans to spend, in the market's quote.
    pub order_quote_max: Option<Amount>,
    pub only: Option<Only>,
    pub from: Option<Sender>,
}

/// The one thing that a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Entry,
    Exit,
}

/// The one that may send, known by its addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    TradingView,
}

/// What a token does not permit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct NotGranted {
    /// Stable: it stands in the verdict.
    pub reason: Reason,
    pub detail: String,
}

impl Grant {
    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }

    /// By the address that the gateway saw; one that is not known is nobody's.
    ///
    /// # Errors
    /// Where the one that may send does not send from there.
    pub fn sent_from(&self, address: Option<&str>) -> Result<(), NotGranted> {
        match self.from {
            Some(Sender::TradingView) if !address.is_some_and(is_tradingview) => {
                let address = address.unwrap_or("an address that is not known");
                let detail = format!("this token takes alerts from TradingView's addresses only, not from {address}");
                Err(NotGranted { reason: Reason::TokenFrom, detail })
            }
            _ => Ok(()),
        }
    }

    /// # Errors
    /// Where the market is none of those that are named.
    pub fn on(&self, market: &Symbol) -> Result<(), NotGranted> {
        if self.markets.is_empty() || self.markets.contains(market) {
            return Ok(());
        }
        let detail = format!("this token trades {} only, not {market}", listed(&self.markets));
        Err(NotGranted { reason: Reason::TokenMarket, detail })
    }

    /// By the plan of a preset, which may be the standard one, and nothing of the alert's own.
    ///
    /// # Errors
    /// Where the preset is none of those that are named, or the alert brings a plan of its own.
    pub fn by(&self, preset: &PresetName, own_plan: bool) -> Result<(), NotGranted> {
        if self.presets.is_empty() || (self.presets.contains(preset) && !own_plan) {
            return Ok(());
        }
        let what = if own_plan { "a plan of the alert's own".to_owned() } else { preset.to_string() };
        let detail = format!("this token trades by the presets {} only, not by {what}", listed(&self.presets));
        Err(NotGranted { reason: Reason::TokenPreset, detail })
    }

    /// # Errors
    /// Where one entry would plan to spend more.
    pub fn spending(&self, planned: Amount) -> Result<(), NotGranted> {
        match self.order_quote_max.filter(|max| planned > *max) {
            None => Ok(()),
            Some(max) => {
                let detail = format!("{planned} planned, {max} is the most that one entry of this token may spend");
                Err(NotGranted { reason: Reason::TokenOrderQuoteMax, detail })
            }
        }
    }

    /// # Errors
    /// Where the token is for the other thing.
    pub fn to(&self, wanted: Only) -> Result<(), NotGranted> {
        match self.only {
            Some(Only::Entry) if wanted == Only::Exit => {
                Err(NotGranted { reason: Reason::TokenEntryOnly, detail: "this token only enters".to_owned() })
            }
            Some(Only::Exit) if wanted == Only::Entry => {
                Err(NotGranted { reason: Reason::TokenExitOnly, detail: "this token only exits".to_owned() })
            }
            _ => Ok(()),
        }
    }
}

fn listed<T: ToString>(named: &[T]) -> String {
    named.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

/// The addresses that TradingView says it sends from.
const TRADINGVIEW: [&str; 4] = ["52.89.214.238", "34.212.75.30", "54.218.53.128", "52.32.178.7"];

/// Whether TradingView sends from this address, as the gateway writes it: another spelling of one is none of them.
pub fn is_tradingview(address: &str) -> bool {
    TRADINGVIEW.contains(&address)
}

impl WebhookToken {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

words! {
    Sender { TradingView = "tradingview" }
    Only { Entry = "entry", Exit = "exit" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_from_tradingview_comes_from_one_of_its_addresses_and_nowhere_else() {
        let bound = Grant { from: Some(Sender::TradingView), ..Grant::default() };
        for address in TRADINGVIEW {
            assert_eq!(bound.sent_from(Some(address)), Ok(()));
        }
        for address in [
            None,
            Some(""),
            Some("203.0.113.7"),
            Some("::ffff:52.89.214.238"),
            Some("::ffff:3459:d6ee"),
            Some("::52.89.214.238"),
            Some("64:ff9b::52.89.214.238"),
            Some(" 52.89.214.238"),
            Some("52.89.214.238:443"),
            Some("52.89.214.238, 203.0.113.7"),
            Some("052.089.214.238"),
            Some("52.89.214.23"),
        ] {
            let refused = bound.sent_from(address).unwrap_err();
            assert_eq!(refused.reason, Reason::TokenFrom, "{address:?}");
            assert_eq!(Grant::default().sent_from(address), Ok(()), "{address:?}");
        }
    }
}
