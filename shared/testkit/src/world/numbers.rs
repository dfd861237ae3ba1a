//! Numbers of signed requests at a venue that takes them in order alone.
//!
//! Each gets one as it is begun; what arrives after a greater one of the same key is refused. Functions ask one thing after
//! another, so that only requests of two functions overtake each other, and what is held up on its way.

use domain::ids::AccountId;
use std::cell::RefCell;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Numbers(RefCell<Counted>);

#[derive(Debug, Default)]
struct Counted {
    last: u64,
    /// The greatest that has arrived of each account's key.
    arrived: BTreeMap<AccountId, u64>,
}

/// The number of one request, and whose key has signed it.
#[derive(Debug)]
pub(super) struct Number {
    account: AccountId,
    number: u64,
}

impl Numbers {
    /// Of a request that is begun now.
    pub(super) fn next(&self, account: &AccountId) -> Number {
        let mut counted = self.0.borrow_mut();
        counted.last += 1;
        Number { account: account.clone(), number: counted.last }
    }

    /// Whether it is taken: nothing that was begun later has arrived before it.
    pub(super) fn takes(&self, Number { account, number }: Number) -> bool {
        let mut counted = self.0.borrow_mut();
        let greatest = counted.arrived.entry(account).or_default();
        let is_taken = number > *greatest;
        *greatest = number.max(*greatest);
        is_taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_a_later_one_of_the_same_key_has_overtaken_is_not_taken() {
        let (numbers, [one, other]) = (Numbers::default(), ["a", "b"].map(|account| AccountId::of(&[account])));
        let [first, second, third] = [&one, &one, &other].map(|account| numbers.next(account));
        assert!(numbers.takes(third) && numbers.takes(second));
        assert!(!numbers.takes(first));
        assert!(numbers.takes(numbers.next(&one)));
    }
}
