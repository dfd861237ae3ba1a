//! Tokens, signed with Ed25519.

use crate::{Body, failed};
use app::ports::{Claims, KeyClaims, ProofError, Secret, SignToken, TokenKey};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// What a private key of Ed25519 begins with in PKCS #8 (RFC 8410).
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const KEY_ID_CHARACTERS: usize = 16;
/// A secret that is shorter could be guessed.
const SECRET_CHARACTERS_MIN: usize = 32;

/// The key that follows from the deployment's secret: a new secret makes a new key.
#[derive(Clone)]
pub struct Signer {
    deployment: String,
    key: EncodingKey,
    public: TokenKey,
}

impl Signer {
    /// # Errors
    /// Where the secret is too short to be one.
    pub fn of(secret: &Secret, deployment: &str) -> Result<Self, ProofError> {
        if secret.expose().len() < SECRET_CHARACTERS_MIN {
            return Err(ProofError(format!("the secret must have at least {SECRET_CHARACTERS_MIN} characters")));
        }
        // The secret has no structure and more entropy than a key: one hash, under a name of its own, is enough.
        let named = Sha256::new().chain_update("moniqo token signing 1\0").chain_update(secret.expose());
        let seed = Zeroizing::new(<[u8; 32]>::from(named.finalize()));
        let pkcs8 = Zeroizing::new([&PKCS8[..], &seed[..]].concat());
        let key = EncodingKey::from_ed_der(&pkcs8);
        let public = public(&key)?;
        let id = data_encoding::HEXLOWER.encode(&Sha256::digest(&public));
        let id = id.chars().take(KEY_ID_CHARACTERS).collect();
        Ok(Self { deployment: deployment.to_owned(), key, public: TokenKey { id, public, until: None } })
    }

    fn sign(&self, body: &Body) -> Result<Secret, ProofError> {
        let header = Header { kid: Some(self.public.id.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, body, &self.key).map(Secret::new).map_err(failed)
    }

    /// By which its tokens are proven.
    pub fn public(&self) -> &TokenKey {
        &self.public
    }
}

impl SignToken for Signer {
    async fn sign_token(&self, claims: &Claims) -> Result<Secret, ProofError> {
        self.sign(&Body::of(claims, &self.deployment))
    }

    async fn sign_key_token(&self, claims: &KeyClaims) -> Result<Secret, ProofError> {
        self.sign(&Body::of_key(claims, &self.deployment))
    }
}

fn public(key: &EncodingKey) -> Result<String, ProofError> {
    match Jwk::from_encoding_key(key, Algorithm::EdDSA).map_err(failed)?.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) => Ok(pair.x),
        _ => Err(ProofError("the key is of another kind than was asked for".to_owned())),
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.public.id).finish()
    }
}
