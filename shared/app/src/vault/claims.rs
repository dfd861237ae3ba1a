//! One account here for each account of an exchange: two would count the same coins twice, in limits, reservations, shares of
//! a balance, and drift.
//!
//! 1. What is compared is told by the exchange (`KeyFacts::holder`), on one side of one exchange: coins and contracts of one
//!    house are two accounts. Where it is not told, one key is one account.
//! 2. The claim is written with the state that it lets enter, in one commit, and on the version that was seen of both. Whoever
//!    claims reads the claim before the state of the account that has it: that one cannot have come back unseen.
//! 3. A claim is over with the key that it was made with: nobody has to give it back.

use crate::ports::{Claim, StoreError, VenueKey};
use domain::ids::{AccountId, HolderId};
use domain::market::Exchange;
use domain::vault::{KeyFacts, Mode};
use store::Engine;
use store::vault::Vault;

/// How it stands with an account of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stake {
    /// By this claim it is the account's that asks.
    Free(Claim),
    /// This one trades it.
    Taken(AccountId),
}

/// Under what an account is claimed. At the paper venue each account has a book of its own, unless its key says otherwise.
pub(super) fn holder(
    exchange: &Exchange,
    mode: Option<Mode>,
    facts: &KeyFacts,
    key: Option<&VenueKey>,
) -> Option<HolderId> {
    let of_key = || {
        let key = key.filter(|_| !exchange.is_paper())?;
        Some(HolderId::of(&["key", key.api_key.expose()]))
    };
    let whose = facts.holder.clone().or_else(of_key)?;
    Some(HolderId::of(&[exchange.as_str(), mode.map_or("", Mode::as_str), whose.as_str()]))
}

/// Whether this account may claim it.
///
/// # Errors
/// Where the store cannot be reached.
pub(super) async fn stake<D: Engine>(deps: &D, account: &AccountId, of: HolderId) -> Result<Stake, StoreError> {
    let Some(before) = Vault(deps).load_claim(&of).await? else {
        return Ok(Stake::Free(Claim { of, account: account.clone(), version: 1 }));
    };
    if before.account != *account && is_held(deps, &before).await? {
        return Ok(Stake::Taken(before.account));
    }
    let version = before.version.saturating_add(1);
    Ok(Stake::Free(Claim { of, account: account.clone(), version }))
}

/// One that is closed has no key.
async fn is_held<D: Engine>(deps: &D, claim: &Claim) -> Result<bool, StoreError> {
    let state = Vault(deps).load_account_state(&claim.account).await?;
    let is_its = state.is_some_and(|state| state.claim.as_ref() == Some(&claim.of));
    Ok(is_its && Vault(deps).load_credential(&claim.account).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Secret;

    fn of(exchange: &str, mode: Mode, told: Option<&str>, api_key: &str) -> Option<HolderId> {
        let secret = |text: &str| Secret::new(text.to_owned());
        let key = VenueKey { api_key: secret(api_key), api_secret: secret("s"), passphrase: None };
        let facts = KeyFacts { holder: told.map(|uid| HolderId::of(&[uid])), ..KeyFacts::default() };
        holder(&exchange.parse().unwrap(), Some(mode), &facts, Some(&key))
    }

    #[test]
    fn an_account_is_what_its_exchange_calls_it_or_else_its_key_on_one_side_of_one_exchange() {
        let one = of("BINANCE", Mode::Live, Some("7"), "a");
        assert!(one.is_some());
        assert_eq!(of("BINANCE", Mode::Live, Some("7"), "b"), one, "whichever key");
        let untold = of("BINANCE", Mode::Live, None, "a");
        assert_eq!(of("BINANCE", Mode::Live, None, "a"), untold);
        for other in [
            of("BINANCE", Mode::Live, Some("8"), "a"),
            of("BINANCE", Mode::Testnet, Some("7"), "a"),
            of("BINANCEUSDM", Mode::Live, Some("7"), "a"),
            untold,
            of("BINANCE", Mode::Live, None, "b"),
        ] {
            assert!(other.is_some() && other != one, "{other:?}");
        }
        assert_eq!(of("PAPER", Mode::Paper, None, "a"), None);
    }
}
