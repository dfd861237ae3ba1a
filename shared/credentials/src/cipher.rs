//! AES-256-GCM: what is changed in one bit, or belongs elsewhere, does not open.

use app::ports::{DataKey, Encrypt, Secret, VaultError};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use zeroize::Zeroizing;

/// A data key seals once, under a nonce of its own that nobody chooses.
#[derive(Debug, Clone, Copy, Default)]
pub struct AesGcm;

impl Encrypt for AesGcm {
    fn encrypt(&self, key: &DataKey, vouched: &[u8], plain: &Secret) -> Result<(Vec<u8>, Vec<u8>), VaultError> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| VaultError::Unavailable("no random numbers".to_owned()))?;
        let tag = AES_256_GCM.tag_len();
        // All the room at once: a buffer that grows leaves a copy of the plain text behind.
        let mut text = Zeroizing::new(Vec::with_capacity(plain.expose().len().saturating_add(tag)));
        text.extend_from_slice(plain.expose().as_bytes());
        let under = Nonce::assume_unique_for_key(nonce);
        cipher(key)?.seal_in_place_append_tag(under, Aad::from(vouched), &mut *text).map_err(broken)?;
        Ok((nonce.to_vec(), std::mem::take(&mut *text)))
    }

    fn decrypt(&self, key: &DataKey, vouched: &[u8], nonce: &[u8], cipher_text: &[u8]) -> Result<Secret, VaultError> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(broken)?;
        let mut text = Zeroizing::new(cipher_text.to_vec());
        let plain = cipher(key)?.open_in_place(nonce, Aad::from(vouched), &mut text).map_err(broken)?;
        let plain =
            std::str::from_utf8(plain).map_err(|_| VaultError::Refused("what was sealed is no text".to_owned()))?;
        Ok(Secret::new(plain.to_owned()))
    }
}

fn cipher(key: &DataKey) -> Result<LessSafeKey, VaultError> {
    UnboundKey::new(&AES_256_GCM, key.expose()).map(LessSafeKey::new).map_err(broken)
}

fn broken(_: Unspecified) -> VaultError {
    VaultError::Refused("the cipher text is not what was sealed here".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> DataKey {
        DataKey::of(&[byte; 32]).unwrap()
    }

    fn sealed(plain: &str) -> (Vec<u8>, Vec<u8>) {
        AesGcm.encrypt(&key(7), b"context", &Secret::new(plain.to_owned())).unwrap()
    }

    fn opened(key: &DataKey, vouched: &[u8], nonce: &[u8], text: &[u8]) -> Option<String> {
        AesGcm.decrypt(key, vouched, nonce, text).ok().map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn what_was_sealed_opens_again() {
        for plain in ["", "s", "ключ", &"x".repeat(4_096)] {
            let (nonce, text) = sealed(plain);
            assert_eq!(opened(&key(7), b"context", &nonce, &text).as_deref(), Some(plain));
            assert_eq!((nonce.len(), text.len()), (12, plain.len() + 16));
        }
    }

    #[test]
    fn no_two_seals_are_alike() {
        let (one, other) = (sealed("same"), sealed("same"));
        assert!(one.0 != other.0 && one.1 != other.1);
    }

    #[test]
    fn one_bit_that_is_another_opens_nothing() {
        let (nonce, text) = sealed("secret");
        assert_eq!(opened(&key(8), b"context", &nonce, &text), None);
        assert_eq!(opened(&key(7), b"contexu", &nonce, &text), None);
        assert_eq!(opened(&key(7), b"context", nonce.get(1..).unwrap(), &text), None);
        for at in 0..text.len() {
            let mut changed = text.clone();
            changed[at] ^= 1;
            assert_eq!(opened(&key(7), b"context", &nonce, &changed), None, "byte {at}");
        }
        for at in 0..nonce.len() {
            let mut changed = nonce.clone();
            changed[at] ^= 1;
            assert_eq!(opened(&key(7), b"context", &changed, &text), None, "byte {at} of the nonce");
        }
    }

    #[test]
    fn nothing_that_fails_says_what_was_sealed() {
        let (nonce, text) = sealed("hidden");
        let error = AesGcm.decrypt(&key(8), b"context", &nonce, &text).unwrap_err().to_string();
        assert!(!error.contains("hidden"), "{error}");
    }

    /// NIST's test case 14 of GCM for 256 bits: a block of zeros under a key of zeros, without anything vouched for.
    #[test]
    fn it_is_the_cipher_that_others_call_so() {
        let text = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919";
        let text = data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        assert_eq!(opened(&key(0), b"", &[0; 12], &text).as_deref(), Some("\0".repeat(16).as_str()));
    }
}
