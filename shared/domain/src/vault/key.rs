//! What a venue tells of a key, and what is wrong with it.

use crate::clock::{Millis, Timestamp};
use crate::ids::HolderId;
use crate::words::words;

/// A key that ends sooner is worth a word.
const ENDS_SOON: Millis = Millis::seconds(14 * 86_400);

/// What a venue tells of a key. What it does not tell is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFacts {
    pub reads: Option<bool>,
    pub trades: Option<bool>,
    pub withdraws: Option<bool>,
    /// From where the key may be used; empty where from everywhere.
    pub addresses: Option<Vec<String>>,
    pub expires_at: Option<Timestamp>,
    /// Of which of the exchange's accounts it is.
    pub holder: Option<HolderId>,
    /// Whether numbered requests of several processes may overtake each other; told only where requests are numbered.
    pub side_by_side: Option<bool>,
}

/// Why a key is not used: a reason of the key's own, and none of the way to its venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyFault {
    /// The venue does not know the key, or its secret is another.
    Unknown,
    Expired,
    /// The venue does not take it from our address.
    AddressRefused,
    /// The venue does not say which of these it is: an unknown key, our address, or a right that is missing.
    KeyOrAddress,
    CannotRead,
    CannotTrade,
    CanWithdraw,
    /// Another account here trades the same one there.
    ConnectedTwice,
}

impl KeyFault {
    /// What is wrong, and how a better key is made.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Unknown => {
                "the exchange does not know this key, or the secret is not its own: copy both anew, and for the mode \
                 (testnet or live) that the account has; a key with a list of addresses needs the one on it that moniqo \
                 doctor shows"
            }
            Self::Expired => "the key has ended: make a new one at the exchange and save it here",
            Self::AddressRefused => {
                "the exchange refuses the key from our address: put the address that moniqo doctor shows on the key's \
                 list, or take the list away"
            }
            Self::KeyOrAddress => {
                "the exchange refuses the key, and does not say whether for the key, for our address or for a right that \
                 it lacks: look there whether the key is still listed and may read and trade, and put the address that \
                 moniqo doctor shows on its list, or take the list away; where all that is so, copy key and secret anew, \
                 for the mode (testnet or live) that the account has"
            }
            Self::CannotRead => "the key may not read balances and orders: make one that may read and trade",
            Self::CannotTrade => "the key may not trade: make one that may read and trade, and nothing else",
            Self::CanWithdraw => {
                "the key can withdraw: whoever gets hold of it can empty the account. Make a new key at the exchange \
                 with the permissions to read and to trade spot, without withdrawals, transfers and margin, and bind \
                 it to our address; or insist in writing that this key is to be kept"
            }
            Self::ConnectedTwice => {
                "the account that this key is of is connected here already, and its coins would count twice: save a key of \
                 another account or sub-account of the exchange, or remove the account that is connected"
            }
        }
    }
}

impl KeyFacts {
    /// What is wrong with the key; a key that can withdraw is taken from whoever insists.
    pub fn fault(&self, insisted: bool, now: Timestamp) -> Option<KeyFault> {
        if self.expires_at.is_some_and(|end| end <= now) {
            return Some(KeyFault::Expired);
        }
        if self.reads == Some(false) {
            return Some(KeyFault::CannotRead);
        }
        if self.trades == Some(false) {
            return Some(KeyFault::CannotTrade);
        }
        (self.withdraws == Some(true) && !insisted).then_some(KeyFault::CanWithdraw)
    }

    /// What its owner should know of a key that is taken all the same.
    pub fn advice(&self, now: Timestamp) -> Vec<&'static str> {
        let is_open = self.addresses.as_ref().is_some_and(Vec::is_empty);
        let ends_soon = self.expires_at.is_some_and(|end| end < now.plus(ENDS_SOON));
        let mut advice = Vec::new();
        if self.withdraws.is_none() {
            advice.push("the exchange does not tell whether this key can withdraw: look at it there");
        }
        if self.withdraws == Some(true) {
            advice.push("this key can withdraw");
        }
        if is_open {
            advice.push("this key may be used from everywhere: bind it to our address");
        }
        if self.side_by_side == Some(false) {
            advice.push(
                "several functions use this key at once, and the exchange refuses requests that overtake each other: give the key \
                 a nonce window of 10000000 there",
            );
        }
        if ends_soon {
            advice.push("this key ends within 14 days");
        }
        advice
    }
}

words! {
    KeyFault {
        Unknown = "key_unknown",
        Expired = "key_expired",
        AddressRefused = "key_address_refused",
        KeyOrAddress = "key_or_address_refused",
        CannotRead = "key_cannot_read",
        CannotTrade = "key_cannot_trade",
        CanWithdraw = "key_can_withdraw",
        ConnectedTwice = "key_connected_twice",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn good() -> KeyFacts {
        let addresses = Some(vec!["192.0.2.1".to_owned()]);
        KeyFacts { reads: Some(true), trades: Some(true), withdraws: Some(false), addresses, ..KeyFacts::default() }
    }

    #[test]
    fn a_key_is_taken_that_reads_and_trades_and_no_more() {
        let check = |facts: KeyFacts, insisted: bool, fault: Option<KeyFault>| {
            assert_eq!(facts.fault(insisted, NOW), fault, "{facts:?}, insisted: {insisted}");
        };
        check(good(), false, None);
        check(KeyFacts::default(), false, None);
        check(KeyFacts { reads: Some(false), ..good() }, true, Some(KeyFault::CannotRead));
        check(KeyFacts { trades: Some(false), ..good() }, true, Some(KeyFault::CannotTrade));
        check(KeyFacts { withdraws: Some(true), ..good() }, false, Some(KeyFault::CanWithdraw));
        check(KeyFacts { withdraws: Some(true), ..good() }, true, None);
        check(KeyFacts { expires_at: Some(NOW), ..good() }, true, Some(KeyFault::Expired));
        check(KeyFacts { expires_at: Some(NOW.plus(Millis::new(1))), ..good() }, false, None);
    }

    #[test]
    fn what_is_worth_a_word_is_said() {
        let check = |facts: KeyFacts, words: &[&str]| {
            let advice = facts.advice(NOW);
            assert_eq!(advice.len(), words.len(), "{advice:?}");
            assert!(advice.iter().zip(words).all(|(said, word)| said.contains(word)), "{advice:?}");
        };
        check(good(), &[]);
        check(KeyFacts { withdraws: None, ..good() }, &["does not tell"]);
        check(KeyFacts { side_by_side: Some(true), ..good() }, &[]);
        check(KeyFacts { side_by_side: Some(false), ..good() }, &["nonce window of 10000000"]);
        check(KeyFacts { withdraws: Some(true), addresses: Some(Vec::new()), ..good() }, &["withdraw", "everywhere"]);
        check(KeyFacts { expires_at: Some(NOW.plus(ENDS_SOON).minus(Millis::new(1))), ..good() }, &["14 days"]);
    }

    #[test]
    fn every_fault_has_a_word_of_its_own_and_says_what_helps() {
        for fault in KeyFault::ALL {
            assert_eq!(fault.as_str().parse(), Ok(fault));
            assert!(!fault.detail().is_empty());
        }
        assert!("key_lost".parse::<KeyFault>().is_err());
        assert!(KeyFault::CanWithdraw.detail().contains("without withdrawals"));
        for part in ["key is still listed", "address that moniqo doctor shows", "may read and trade"] {
            assert!(KeyFault::KeyOrAddress.detail().contains(part), "{part}");
        }
    }
}
