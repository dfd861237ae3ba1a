//! What is signed to prove that an address is one's own: a text in the manner of ERC-4361, which says to whoever signs
//! it where it came from and what for.

use crate::view::time;
use domain::chain::EvmAddress;
use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};

const STATEMENT: &str = "Prove that this address is yours, so that its balance may be looked at. \
                         This signature moves nothing, pays nothing and allows nobody to spend.";

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    pub deployment: &'a str,
    pub address: &'a EvmAddress,
    pub user: &'a UserId,
    pub account: &'a AccountId,
    pub chain: u64,
    /// What nobody can guess.
    pub nonce: &'a str,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Proof<'_> {
    /// To be signed as it is, to the last byte.
    pub fn text(&self) -> String {
        let Self { deployment, address, user, account, chain, nonce, .. } = self;
        let (issued_at, expires_at) = (time(self.issued_at), time(self.expires_at));
        format!(
            "{deployment} wants you to sign in with your Ethereum account:\n\
             {address}\n\
             \n\
             {STATEMENT}\n\
             \n\
             URI: urn:moniqo:{deployment}:{account}\n\
             Version: 1\n\
             Chain ID: {chain}\n\
             Nonce: {nonce}\n\
             Issued At: {issued_at}\n\
             Expiration Time: {expires_at}\n\
             Request ID: {account}\n\
             Resources:\n\
             - urn:moniqo:{deployment}:{user}"
        )
    }
}
