//! Refresh tokens: invented, and each successor sealed under the token that it replaces.
//!
//! Whoever reads the row alone opens nothing: the key is a hash of the replaced token, of which the row has other hashes.

use crate::{AesGcm, Proofs, Signer, failed};
use app::ports::{DataKey, Encrypt, ProofError, SealRefresh, Secret};
use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 12;
const VOUCHED: &[u8] = b"moniqo refresh successor 1";

impl SealRefresh for Signer {
    fn invent_secret(&self) -> Result<Secret, ProofError> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        rand::fill(&mut *bytes).map_err(|_| ProofError("no random numbers".to_owned()))?;
        Ok(Secret::new(BASE64URL_NOPAD.encode(&*bytes)))
    }

    fn seal_successor(&self, replaced: &Secret, successor: &Secret) -> Result<String, ProofError> {
        let (nonce, text) = AesGcm.encrypt(&key(replaced)?, VOUCHED, successor).map_err(failed)?;
        Ok(BASE64URL_NOPAD.encode(&[nonce, text].concat()))
    }

    fn open_successor(&self, replaced: &Secret, sealed: &str) -> Result<Secret, ProofError> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(failed)?;
        let (nonce, text) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(|| failed("a successor is too short"))?;
        AesGcm.decrypt(&key(replaced)?, VOUCHED, nonce, text).map_err(failed)
    }
}

impl<P> SealRefresh for Proofs<P> {
    fn invent_secret(&self) -> Result<Secret, ProofError> {
        self.signer.invent_secret()
    }

    fn seal_successor(&self, replaced: &Secret, successor: &Secret) -> Result<String, ProofError> {
        self.signer.seal_successor(replaced, successor)
    }

    fn open_successor(&self, replaced: &Secret, sealed: &str) -> Result<Secret, ProofError> {
        self.signer.open_successor(replaced, sealed)
    }
}

/// The token has more entropy than a key: one hash, under a name of its own, is enough.
fn key(replaced: &Secret) -> Result<DataKey, ProofError> {
    let named = Sha256::new().chain_update("moniqo refresh key 1\0").chain_update(replaced.expose());
    let bytes = Zeroizing::new(<[u8; 32]>::from(named.finalize()));
    DataKey::of(&*bytes).ok_or_else(|| failed("a key is of another length"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::ports::REFRESH_SECRET_CHARACTERS;

    fn signer() -> Signer {
        Signer::of(&Secret::new("s".repeat(32)), "test").unwrap()
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn invented_secrets_have_their_length_and_are_never_alike() {
        let (one, other) = (signer().invent_secret().unwrap(), signer().invent_secret().unwrap());
        assert_eq!(one.expose().len(), REFRESH_SECRET_CHARACTERS);
        assert_ne!(one.expose(), other.expose());
    }

    #[test]
    fn successor_opens_under_the_token_that_it_replaced_and_no_other() {
        let sealed = signer().seal_successor(&secret("old"), &secret("new")).unwrap();
        assert_eq!(signer().open_successor(&secret("old"), &sealed).unwrap().expose(), "new");
        assert!(signer().open_successor(&secret("odl"), &sealed).is_err());
        let cut_short = sealed.get(..sealed.len() - 2).unwrap();
        for changed in ["", "AAAA", cut_short, &sealed.to_ascii_lowercase(), "é"] {
            assert!(signer().open_successor(&secret("old"), changed).is_err(), "{changed}");
        }
    }
}
