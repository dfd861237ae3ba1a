//! Who is told of what: whoever keeps the deployment of all of it, everybody else of their own accounts.

use super::flight::Flight;
use super::inside::{AccountFacts, Sight};
use domain::clock::Timestamp;
use domain::ids::AccountId;

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Whoever keeps the whole deployment.
    Keeper,
    /// Whoever has these accounts.
    User(Vec<AccountId>),
}

/// As much of a look as somebody is told.
pub(super) struct Told<'a> {
    pub(super) at: Timestamp,
    pub(super) flight: Flight,
    pub(super) accounts: Vec<&'a AccountFacts>,
    /// Own accounts that the look has not come to.
    pub(super) unseen: usize,
}

impl<'a> Told<'a> {
    pub(super) fn of(sight: &'a Sight, reader: &Reader) -> Self {
        let Reader::User(own) = reader else {
            let accounts = sight.accounts.iter().collect();
            return Self { at: sight.at, flight: sight.flight.clone(), accounts, unseen: 0 };
        };
        let accounts: Vec<_> = sight.accounts.iter().filter(|account| own.contains(&account.id)).collect();
        let flight = accounts.iter().fold(Flight::default(), |sum, account| sum.and(&account.flight));
        Self { at: sight.at, flight, unseen: own.len().saturating_sub(accounts.len()), accounts }
    }
}
