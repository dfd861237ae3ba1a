//! What a user keeps beside trades: notes, tags, and trades that were made elsewhere. Nothing here is a fill, and no position follows from it.

use crate::alert::Side;
use crate::clock::Timestamp;
use crate::ids::{GroupId, OwnTradeId};
use crate::limits::{TRADE_NOTES_LENGTH_MAX, TRADE_TAG_LENGTH_MAX, TRADE_TAGS_MAX};
use crate::lots::shown;
use crate::market::{Exchange, Symbol};
use crate::money::{Amount, MoneyError, Price, Quantity};
use crate::vault::Mode;
use std::fmt;
use std::str::FromStr;

/// A word that a user sorts trades by: small letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be up to {TRADE_TAGS_MAX} tags, each of 1 to {TRADE_TAG_LENGTH_MAX} letters, digits, dashes and underscores"
)]
pub struct BadTag;

impl FromStr for Tag {
    type Err = BadTag;

    fn from_str(text: &str) -> Result<Self, BadTag> {
        let text = text.trim().to_ascii_lowercase();
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let fits = (1..=TRADE_TAG_LENGTH_MAX).contains(&text.len()) && text.bytes().all(is_plain);
        if fits { Ok(Self(text)) } else { Err(BadTag) }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a user writes about a trade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have at most {TRADE_NOTES_LENGTH_MAX} characters, without control characters but ends of lines")]
pub struct BadNotes;

impl FromStr for Notes {
    type Err = BadNotes;

    fn from_str(text: &str) -> Result<Self, BadNotes> {
        let text = text.trim().replace("\r\n", "\n");
        let fits = text.chars().count() <= TRADE_NOTES_LENGTH_MAX;
        let is_plain = !text.chars().any(|c| c.is_control() && c != '\n');
        if fits && is_plain { Ok(Self(text)) } else { Err(BadNotes) }
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Of which trade something is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TradeOf {
    Position(GroupId),
    /// Made elsewhere.
    Own(OwnTradeId),
}

impl TradeOf {
    pub fn parse(id: &str) -> Option<Self> {
        let own = || OwnTradeId::parse(id).ok().map(Self::Own);
        GroupId::parse(id).ok().map(Self::Position).or_else(own)
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Position(group) => group.as_str(),
            Self::Own(id) => id.as_str(),
        }
    }
}

/// A trade that was made elsewhere, closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTrade {
    pub mode: Mode,
    pub exchange: Exchange,
    pub symbol: Symbol,
    pub side: Side,
    /// In base.
    pub quantity: Quantity,
    pub entry_price: Price,
    pub exit_price: Price,
    /// All of them together, in quote.
    pub fees: Amount,
    pub opened_at: Timestamp,
    pub closed_at: Timestamp,
}

impl OwnTrade {
    /// In quote, after fees, floored to eight decimals.
    ///
    /// # Errors
    /// `Inexact` if it cannot be kept.
    pub fn realised(&self) -> Result<Amount, MoneyError> {
        let (entered, left) = (self.entry_price.times(self.quantity)?, self.exit_price.times(self.quantity)?);
        let gained = match self.side {
            Side::Long => left.minus(entered)?,
            Side::Short => entered.minus(left)?,
        };
        shown(&gained.minus(self.fees)?.fraction())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_is_a_plain_word_in_small_letters() {
        assert_eq!(" Break-Out_2 ".parse::<Tag>().unwrap().to_string(), "break-out_2");
        for wrong in ["", " ", "two words", "a,b", "=1+1", &"x".repeat(33)] {
            assert_eq!(wrong.parse::<Tag>(), Err(BadTag), "{wrong:?}");
        }
    }

    #[test]
    fn own_trade_gains_what_its_side_says_after_fees() {
        let trade = |side| OwnTrade {
            mode: Mode::Live,
            exchange: "KRAKEN".parse().unwrap(),
            symbol: "BTC/EUR".parse().unwrap(),
            side,
            quantity: "0.1".parse().unwrap(),
            entry_price: "40000".parse().unwrap(),
            exit_price: "41000".parse().unwrap(),
            fees: "8.1".parse().unwrap(),
            opened_at: Timestamp::from_millis(0),
            closed_at: Timestamp::from_millis(1),
        };
        assert_eq!(trade(Side::Long).realised().unwrap().to_string(), "91.9");
        assert_eq!(trade(Side::Short).realised().unwrap().to_string(), "-108.1");
    }

    #[test]
    fn what_is_kept_is_of_a_position_or_of_an_own_trade() {
        let own = OwnTradeId::at(Timestamp::from_millis(7), &["a"]);
        let group = GroupId::of(&["b"]);
        assert_eq!(TradeOf::parse(own.as_str()), Some(TradeOf::Own(own)));
        assert_eq!(TradeOf::parse(group.as_str()), Some(TradeOf::Position(group)));
        assert_eq!(TradeOf::parse("acc_x"), None);
    }
}
