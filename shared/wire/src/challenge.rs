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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_reads_for_what_for_whom_and_until_when() {
        let at = Timestamp::from_millis(1_763_628_660_000);
        let (user, account) = (UserId::of(&["ann"]), AccountId::of(&["ann", "1"]));
        let text = Proof {
            deployment: "desk",
            address: &"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap(),
            user: &user,
            account: &account,
            chain: 56,
            nonce: "k3yqd7hbl2",
            issued_at: at,
            expires_at: at.plus(domain::chain::Challenge::LASTS),
        }
        .text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "desk wants you to sign in with your Ethereum account:");
        assert_eq!(lines[1], "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        assert_eq!([lines[2], lines[4]], ["", ""]);
        assert!(lines[3].contains("moves nothing"));
        assert_eq!(
            lines[5..],
            [
                &*format!("URI: urn:moniqo:desk:{account}"),
                "Version: 1",
                "Chain ID: 56",
                "Nonce: k3yqd7hbl2",
                "Issued At: 2025-11-20T08:51:00Z",
                "Expiration Time: 2025-11-20T09:01:00Z",
                &format!("Request ID: {account}"),
                "Resources:",
                &format!("- urn:moniqo:desk:{user}"),
            ]
        );
    }
}
