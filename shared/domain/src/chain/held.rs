//! An address that an account is for, and how far it is proven.

use super::EvmAddress;
use crate::clock::{Millis, Timestamp};
use crate::words::words;

/// A text that is to be signed, once and before it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub text: String,
    pub expires_at: Timestamp,
}

/// The address of an account, and how far it is proven to be its owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAddress {
    /// With the capitals of its checksum.
    pub address: EvmAddress,
    pub proven_at: Option<Timestamp>,
    /// What is still to be signed.
    pub challenge: Option<Challenge>,
    /// Why the balances could not be read from the chain when they were last requested.
    pub fault: Option<ChainFault>,
}

/// Why a signature proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproven {
    /// Nothing is to be signed: ask for a challenge.
    NoChallenge,
    Expired,
    /// It is of another address, or of another text.
    Foreign,
}

/// Why it is not known what an address has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChainFault {
    NotSet,
    Unreachable,
    Refused,
    Unreadable,
    OtherChain,
    Beyond,
}

impl Challenge {
    /// For how long one may be signed.
    pub const LASTS: Millis = Millis::seconds(600);
}

impl HeldAddress {
    pub fn is_proven(&self) -> bool {
        self.proven_at.is_some()
    }

    /// What is to be signed now.
    ///
    /// # Errors
    /// `NoChallenge` or `Expired`.
    pub fn to_sign(&self, now: Timestamp) -> Result<&str, Unproven> {
        let challenge = self.challenge.as_ref().ok_or(Unproven::NoChallenge)?;
        if challenge.expires_at <= now { Err(Unproven::Expired) } else { Ok(&challenge.text) }
    }

    /// Once this text was signed by `signer`: the challenge is used up.
    ///
    /// # Errors
    /// Where it proves nothing; then nothing is used up.
    pub fn proven(&self, signed: &str, signer: Option<&EvmAddress>, now: Timestamp) -> Result<Self, Unproven> {
        let is_asked = self.to_sign(now)? == signed;
        if !is_asked || signer != Some(&self.address) {
            return Err(Unproven::Foreign);
        }
        Ok(Self { proven_at: Some(now), challenge: None, ..self.clone() })
    }
}

impl ChainFault {
    pub fn detail(self) -> &'static str {
        match self {
            Self::NotSet => "nobody is set who could be asked what the address has: an admin names an RPC address",
            Self::Unreachable => "the chain's RPC address does not answer",
            Self::Refused => "the chain's RPC address refuses to tell what the address has",
            Self::Unreadable => "the chain's RPC address answers something that is no balance",
            Self::OtherChain => "the chain's RPC address is of another chain than the wallet says",
            Self::Beyond => "the address has an amount with more digits than can be kept exactly",
        }
    }
}

words! {
    ChainFault {
        NotSet = "rpc_not_set",
        Unreachable = "rpc_unreachable",
        Refused = "rpc_refused",
        Unreadable = "rpc_unreadable",
        OtherChain = "rpc_other_chain",
        Beyond = "balance_beyond_exact",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn held() -> HeldAddress {
        let challenge = Challenge { text: "sign this".to_owned(), expires_at: NOW.plus(Challenge::LASTS) };
        let address = address('a');
        HeldAddress { address, proven_at: None, challenge: Some(challenge), fault: None }
    }

    fn address(digit: char) -> EvmAddress {
        format!("0x{}", digit.to_string().repeat(40)).parse().unwrap()
    }

    #[test]
    fn an_address_is_proven_by_its_own_signature_once_and_in_time() {
        let check = |signer: Option<char>, text: &str, after: i64, told: Result<(), Unproven>| {
            let at = NOW.plus(Millis::seconds(after));
            let proven = held().proven(text, signer.map(address).as_ref(), at);
            assert_eq!(proven.as_ref().map(drop).map_err(|why| *why), told, "{signer:?} {text} {after}");
            if let Ok(proven) = proven {
                assert_eq!((proven.proven_at, &proven.challenge), (Some(at), &None));
                assert_eq!(proven.proven(text, signer.map(address).as_ref(), at), Err(Unproven::NoChallenge));
            }
        };
        check(Some('a'), "sign this", 0, Ok(()));
        check(Some('a'), "sign this", 599, Ok(()));
        check(Some('a'), "sign this", 600, Err(Unproven::Expired));
        check(Some('b'), "sign this", 0, Err(Unproven::Foreign));
        check(None, "sign this", 0, Err(Unproven::Foreign));
        check(Some('a'), "sign that", 0, Err(Unproven::Foreign));
    }

    #[test]
    fn every_fault_of_a_chain_has_a_word_of_its_own() {
        for fault in ChainFault::ALL {
            assert_eq!(fault.as_str().parse(), Ok(fault));
            assert!(!fault.detail().is_empty());
        }
        assert!("rpc_lost".parse::<ChainFault>().is_err());
    }
}
