//! Routes: which of a user's own accounts buys, where an alert names none.
//!
//! 1. A route is a wish of its user; where there is none, nothing is routed.
//! 2. [`route`] chooses, by what is offered, the fees and what each account may take. It knows nothing else.
//! 3. What it has chosen stands in the alert's verdict ([`Routing`]); each account does its [`Part`] as a delivery of its own.

mod bid;
mod choose;
mod fee;
mod name;
mod part;
mod share;

pub use bid::{Figures, Passed};
pub use choose::{Asked, Candidate, NotRouted, Routed, Taken, route};
pub use fee::{FeeSource, ReckonedFee};
pub use name::{BadRouteName, RouteName, RouteRef};
pub use part::{Entry, LeftOut, Part, RoutedPart, Routing};
pub use share::{part, share};

use crate::ids::AccountId;
use crate::limits::{ROUTE_ACCOUNTS_MAX, ROUTE_ACCOUNTS_MIN, ROUTE_SLIPPAGE_PERCENT_MAX};
use crate::money::{Fraction, Percent};
use std::collections::BTreeSet;

/// Accounts between which an entry chooses, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    accounts: Vec<AccountId>,
    slippage_max: Percent,
    split: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRoute {
    #[error("must be {ROUTE_ACCOUNTS_MIN} to {ROUTE_ACCOUNTS_MAX} of your accounts, each once")]
    Accounts,
    #[error("must be 0 to {ROUTE_SLIPPAGE_PERCENT_MAX}")]
    Slippage,
}

impl Route {
    /// The order of the accounts decides between those that cost the same. `slippage_max` is from the best price on offer,
    /// and `split` lets several accounts buy parts of one order.
    ///
    /// # Errors
    /// Where the accounts are too few, too many or the same, or more slippage is allowed than may be.
    pub fn new(accounts: Vec<AccountId>, slippage_max: Percent, split: bool) -> Result<Self, BadRoute> {
        let several = (ROUTE_ACCOUNTS_MIN..=ROUTE_ACCOUNTS_MAX).contains(&accounts.len());
        if !several || accounts.iter().collect::<BTreeSet<_>>().len() != accounts.len() {
            return Err(BadRoute::Accounts);
        }
        if slippage_max.fraction() > Fraction::whole(ROUTE_SLIPPAGE_PERCENT_MAX) {
            return Err(BadRoute::Slippage);
        }
        Ok(Self { accounts, slippage_max, split })
    }

    pub fn accounts(&self) -> &[AccountId] {
        &self.accounts
    }

    pub fn slippage_max(&self) -> Percent {
        self.slippage_max
    }

    pub fn splits(&self) -> bool {
        self.split
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_a_few_accounts_each_once_and_a_bound() {
        let account = |name: &str| AccountId::of(&[name]);
        let check = |names: &[&str], slippage: &str, fits: bool| {
            let accounts = names.iter().map(|name| account(name)).collect();
            assert_eq!(Route::new(accounts, slippage.parse().unwrap(), true).is_ok(), fits, "{names:?} {slippage}");
        };
        check(&["a", "b"], "0", true);
        check(&["a", "b", "c", "d", "e"], "5", true);
        check(&["a"], "1", false);
        check(&["a", "b", "a"], "1", false);
        check(&["a", "b", "c", "d", "e", "f"], "1", false);
        check(&["a", "b"], "5.01", false);
    }
}
