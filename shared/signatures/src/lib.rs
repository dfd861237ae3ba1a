//! Whose signature it is, on chains of Ethereum's kind: [`Ethereum`] behind [`app::ports::RecoverSigner`].
//!
//! 1. A signature is of one text, to the last byte, and in one form alone: its `s` is the lower of the two (EIP-2).
//! 2. Nothing is asked of anybody, and no key is ever needed here.

use app::ports::RecoverSigner;
use data_encoding::HEXLOWER;
use domain::chain::{EvmAddress, Signature};
use k256::ecdsa::{self, RecoveryId, VerifyingKey};
use sha3::{Digest, Keccak256};

/// What the mathematics of Ethereum's chains say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ethereum;

/// An address is the end of its key's hash.
const ADDRESS_BYTES: usize = 20;
/// From here on a digit of the hash makes a letter a capital.
const CAPITAL_FROM: u8 = b'8';

impl RecoverSigner for Ethereum {
    fn spelled(&self, address: &EvmAddress) -> Option<EvmAddress> {
        let spelled = spelled(&address.lower())?;
        (!address.is_mixed() || spelled == *address).then_some(spelled)
    }

    fn signer(&self, text: &str, signature: &Signature) -> Option<EvmAddress> {
        let rs = ecdsa::Signature::from_slice(&signature.rs).ok().filter(|rs| rs.normalize_s() == *rs)?;
        let recovery = RecoveryId::new(signature.is_odd, false);
        let key = VerifyingKey::recover_from_prehash(&personal(text), &rs, recovery).ok()?;
        let point = key.to_sec1_point(false);
        let hash = Keccak256::digest(point.as_bytes().get(1..)?);
        let end = hash.get(hash.len().saturating_sub(ADDRESS_BYTES)..)?;
        spelled(&format!("0x{}", HEXLOWER.encode(end)).parse().ok()?)
    }
}

/// What is signed of a text (EIP-191, version `E`).
fn personal(text: &str) -> [u8; 32] {
    let mut hash = Keccak256::new();
    hash.update(format!("\x19Ethereum Signed Message:\n{}", text.len()));
    hash.update(text);
    hash.finalize().into()
}

/// With the capitals that its hash asks for (EIP-55).
fn spelled(lower: &EvmAddress) -> Option<EvmAddress> {
    let hash = HEXLOWER.encode(&Keccak256::digest(lower.digits()));
    let letter = |(letter, digit): (char, u8)| if digit >= CAPITAL_FROM { letter.to_ascii_uppercase() } else { letter };
    let digits: String = lower.digits().chars().zip(hash.bytes()).map(letter).collect();
    format!("0x{digits}").parse().ok()
}
