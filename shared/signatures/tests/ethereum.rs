//! Against the examples of the standards, and signatures of another implementation (`golden.json` says which).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::ports::RecoverSigner;
use domain::chain::{EvmAddress, Signature};
use proptest::prelude::*;
use serde::Deserialize;
use signatures::Ethereum;

#[derive(Deserialize)]
struct Golden {
    signatures: Vec<Signed>,
}

#[derive(Debug, Clone, Deserialize)]
struct Signed {
    text: String,
    address: String,
    signature: String,
}

fn golden() -> Vec<Signed> {
    serde_json::from_str::<Golden>(include_str!("golden.json")).unwrap().signatures
}

fn signer(text: &str, signature: &Signature) -> Option<String> {
    Ethereum.signer(text, signature).map(|address| address.to_string())
}

fn spelled(address: &str) -> Option<String> {
    Ethereum.spelled(&address.parse().unwrap()).map(|address| address.to_string())
}

#[test]
fn the_addresses_of_eip_55_are_spelled_as_it_says() {
    for address in [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ] {
        assert_eq!(spelled(address).as_deref(), Some(address));
        assert_eq!(spelled(&address.to_lowercase()).as_deref(), Some(address), "one without capitals says nothing");
        let capitals = format!("0x{}", address.strip_prefix("0x").unwrap().to_uppercase());
        assert_eq!(spelled(&capitals).as_deref(), Some(address), "nor does one of capitals alone");
    }
}

#[test]
fn capitals_of_another_checksum_are_a_slip_of_the_pen() {
    let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    for wrong in ["0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"] {
        assert_eq!(spelled(wrong), None, "{wrong}");
    }
    let one_digit = address.replace("0x5a", "0x6a");
    assert_eq!(spelled(&one_digit), None);
}

/// The example of web3.js' documentation of `eth.accounts.sign`.
#[test]
fn a_published_personal_signature_is_of_whom_it_says() {
    let signature = concat!(
        "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd",
        "6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c"
    );
    let told = signer("Some data", &signature.parse().unwrap());
    assert_eq!(told.as_deref(), Some("0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"));
}

#[test]
fn what_another_implementation_has_signed_is_of_whom_it_says() {
    let all = golden();
    assert_eq!(all.len(), 18);
    for Signed { text, address, signature } in all {
        assert_eq!(signer(&text, &signature.parse().unwrap()), Some(address.clone()), "{text}");
        let other_count = match signature.strip_suffix("1b") {
            Some(rs) => format!("{rs}00"),
            None => format!("{}01", signature.strip_suffix("1c").unwrap()),
        };
        assert_eq!(signer(&text, &other_count.parse().unwrap()), Some(address), "0 and 1 mean 27 and 28");
    }
}

/// The order of the curve, less `s`: the same signature in the form that EIP-2 forbids.
#[test]
fn the_higher_of_the_two_forms_is_no_signature() {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae,
        0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
    ];
    for Signed { text, signature, .. } in golden() {
        let mut high: Signature = signature.parse().unwrap();
        let mut borrow = 0_i16;
        for (place, of_order) in ORDER.iter().enumerate().rev() {
            let left = i16::from(*of_order) - i16::from(high.rs[32 + place]) - borrow;
            borrow = i16::from(left < 0);
            high.rs[32 + place] = u8::try_from(left + 256 * borrow).unwrap();
        }
        high.is_odd = !high.is_odd;
        assert_eq!(signer(&text, &high), None, "{text}");
    }
}

#[test]
fn no_key_signs_with_nothing() {
    for rs in [[0; 64], [0xff; 64]] {
        for is_odd in [false, true] {
            assert_eq!(signer("hello", &Signature { rs, is_odd }), None);
        }
    }
}

fn is_theirs(text: &str, signature: &Signature, address: &EvmAddress) -> bool {
    Ethereum.signer(text, signature).as_ref() == Some(address)
}

proptest! {
    #[test]
    fn no_signature_with_another_bit_is_theirs(which in 0..18_usize, bit in 0..513_usize) {
        let signed = golden().remove(which);
        let (mut signature, address) = (signed.signature.parse::<Signature>().unwrap(), signed.address.parse().unwrap());
        prop_assert!(is_theirs(&signed.text, &signature, &address));
        match signature.rs.get_mut(bit / 8) {
            Some(byte) => *byte ^= 1 << (bit % 8),
            None => signature.is_odd = !signature.is_odd,
        }
        prop_assert!(!is_theirs(&signed.text, &signature, &address));
    }

    #[test]
    fn no_text_with_another_bit_is_theirs(which in 0..18_usize, place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let signed = golden().remove(which);
        let (signature, address) = (signed.signature.parse::<Signature>().unwrap(), signed.address.parse().unwrap());
        let mut bytes = signed.text.into_bytes();
        if !bytes.is_empty() {
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
            if let Ok(text) = String::from_utf8(bytes) {
                prop_assert!(!is_theirs(&text, &signature, &address));
            }
        }
    }

    #[test]
    fn no_text_with_something_before_or_after_it_is_theirs(which in 0..18_usize, more in ".{1,20}") {
        let signed = golden().remove(which);
        let (signature, address) = (signed.signature.parse::<Signature>().unwrap(), signed.address.parse().unwrap());
        for text in [format!("{}{more}", signed.text), format!("{more}{}", signed.text)] {
            prop_assert!(!is_theirs(&text, &signature, &address));
        }
    }
}
