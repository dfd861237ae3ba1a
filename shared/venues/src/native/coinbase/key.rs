//! The secret of a key in each of the forms that it is handed out in, as the one that is signed with.
//!
//! For ECDSA a PEM of SEC 1 (`EC PRIVATE KEY`) or of PKCS #8 (`PRIVATE KEY`), also with `\n` written out; for Ed25519 a
//! PEM of PKCS #8, or the bytes alone in base 64: 32, or 64 with the public key behind them.

use app::ports::Secret;
use data_encoding::BASE64;
use jsonwebtoken::{Algorithm, EncodingKey};
use zeroize::Zeroizing;

type Der = Zeroizing<Vec<u8>>;

/// `id-ecPublicKey` with `prime256v1`, as an algorithm of PKCS #8.
const P256: &[u8] = &[
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
    0x01, 0x07,
];
/// `id-Ed25519`, as an algorithm of PKCS #8.
const ED25519: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];
const VERSION: &[u8] = &[0x02, 0x01, 0x00];
const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const SEED_BYTES: usize = 32;

/// A key with the algorithm that it signs by. Its bytes are wiped when it is dropped.
#[derive(Debug)]
pub(super) struct SigningKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: EncodingKey,
}

/// None where it is no key of these forms.
pub(super) fn read(secret: &Secret) -> Option<SigningKey> {
    let text = Zeroizing::new(secret.expose().replace("\\n", "\n"));
    if text.trim_start().starts_with("-----BEGIN") { of_pem(&text) } else { of_bytes(&text) }
}

fn of_pem(text: &str) -> Option<SigningKey> {
    let (before, behind) = text.split_once("PRIVATE KEY-----")?;
    let is_sec1 = before.ends_with("BEGIN EC ");
    if !is_sec1 && !before.ends_with("-----BEGIN ") {
        return None;
    }
    let (body, _) = behind.split_once("-----END")?;
    let der = decoded(body)?;
    if is_sec1 {
        return Some(ecdsa(&pkcs8(P256, &der)));
    }
    let has = |algorithm: &[u8]| der.windows(algorithm.len()).any(|part| part == algorithm);
    if has(P256) { Some(ecdsa(&der)) } else { has(ED25519).then(|| eddsa(&der)) }
}

fn of_bytes(text: &str) -> Option<SigningKey> {
    let bytes = decoded(text)?;
    let seed = matches!(bytes.len(), SEED_BYTES | 64).then(|| bytes.get(..SEED_BYTES)).flatten()?;
    Some(eddsa(&pkcs8(ED25519, &tagged(OCTETS, &[seed]))))
}

fn ecdsa(der: &Der) -> SigningKey {
    SigningKey { algorithm: Algorithm::ES256, key: EncodingKey::from_ec_der(der) }
}

fn eddsa(der: &Der) -> SigningKey {
    SigningKey { algorithm: Algorithm::EdDSA, key: EncodingKey::from_ed_der(der) }
}

/// Base 64, whatever white space stands in it.
fn decoded(text: &str) -> Option<Der> {
    let plain: Zeroizing<Vec<u8>> = Zeroizing::new(text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    BASE64.decode(&plain).ok().map(Zeroizing::new)
}

fn pkcs8(algorithm: &[u8], key: &[u8]) -> Der {
    tagged(SEQUENCE, &[VERSION, algorithm, &tagged(OCTETS, &[key])])
}

/// One value of DER: its tag, its length, its parts.
fn tagged(tag: u8, parts: &[&[u8]]) -> Der {
    let length = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    // With room for all of it at once: a buffer that grows leaves a copy behind.
    let mut der = Zeroizing::new(Vec::with_capacity(length.saturating_add(4)));
    der.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => der.push(short),
        Ok(byte) => der.extend([0x81, byte]),
        Err(_) => {
            let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
            der.extend([0x82, high, low]);
        }
    }
    for part in parts {
        der.extend_from_slice(part);
    }
    der
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ED25519_POINT, ED25519_SEED, P256_SCALAR, bytes, pem, sec1};
    use super::*;

    fn algorithm(secret: &str) -> Option<Algorithm> {
        read(&Secret::new(secret.to_owned())).map(|signing| signing.algorithm)
    }

    #[test]
    fn a_key_is_read_in_each_form_that_it_comes_in() {
        let check = |secret: &str, expected: Algorithm| assert_eq!(algorithm(secret), Some(expected), "{secret}");
        let bare = bytes(&format!("30310201010420{P256_SCALAR}a00a06082a8648ce3d030107"));
        let seed = bytes(ED25519_SEED);
        let both = [seed.clone(), bytes(ED25519_POINT)].concat();
        check(&sec1(), Algorithm::ES256);
        check(&sec1().replace('\n', "\\n"), Algorithm::ES256);
        check(&sec1().replace('\n', "\r\n"), Algorithm::ES256);
        check(&format!("  {}  ", sec1().trim()), Algorithm::ES256);
        check(&pem("PRIVATE KEY", &pkcs8(P256, &bare)), Algorithm::ES256);
        check(&pem("PRIVATE KEY", &pkcs8(ED25519, &tagged(OCTETS, &[&seed]))), Algorithm::EdDSA);
        check(&BASE64.encode(&seed), Algorithm::EdDSA);
        check(&format!("{}\n", BASE64.encode(&both)), Algorithm::EdDSA);
    }

    #[test]
    fn what_is_no_key_of_these_forms_is_none() {
        let check = |secret: &str| assert_eq!(algorithm(secret), None, "{secret}");
        check("");
        check("secret");
        check(&BASE64.encode(&[7; 31]));
        check(&pem("PUBLIC KEY", &[1, 2, 3]));
        check(&pem("RSA PRIVATE KEY", &[1, 2, 3]));
        check(&pem("ENCRYPTED PRIVATE KEY", &[1, 2, 3]));
        check(&pem("PRIVATE KEY", &[1, 2, 3]));
        check("-----BEGIN EC PRIVATE KEY-----");
        check("-----BEGIN EC PRIVATE KEY-----\n!\n-----END EC PRIVATE KEY-----");
    }

    #[test]
    fn a_length_is_written_as_short_as_it_can_be() {
        let check = |length: usize, head: &[u8]| {
            let der = tagged(OCTETS, &[&vec![0; length]]);
            assert_eq!(der.get(..head.len()), Some(head), "{length}");
            assert_eq!(der.len(), length + head.len(), "{length}");
        };
        check(0x7f, &[OCTETS, 0x7f]);
        check(0x80, &[OCTETS, 0x81, 0x80]);
        check(0xff, &[OCTETS, 0x81, 0xff]);
        check(0x100, &[OCTETS, 0x82, 0x01, 0x00]);
    }
}
