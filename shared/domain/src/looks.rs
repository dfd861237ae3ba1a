//! Where the venue of an account is looked at more closely than in any pass, and until when.

use crate::clock::Timestamp;
use crate::limits;
use crate::market::Symbol;
use std::collections::BTreeMap;

/// What of an account is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    /// Where an order that was sent was called absent, and when the last was: it may still come, and trade.
    pub late: BTreeMap<Symbol, Timestamp>,
    pub wanted: Option<Wanted>,
}

/// A look that a person has asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub at: Timestamp,
    /// What is still to be looked at, in this order.
    pub markets: Vec<Symbol>,
}

impl Looks {
    /// Where what was called absent may still come.
    pub fn late_at(&self, now: Timestamp) -> impl Iterator<Item = (&Symbol, Timestamp)> {
        let late = self.late.iter().filter(move |(_, at)| now < at.plus(limits::LATE_FOR));
        late.map(|(symbol, at)| (symbol, *at))
    }

    /// Where nothing is awaited any more.
    pub fn over(&self, now: Timestamp) -> impl Iterator<Item = (&Symbol, Timestamp)> {
        let over = self.late.iter().filter(move |(_, at)| at.plus(limits::LATE_FOR) <= now);
        over.map(|(symbol, at)| (symbol, *at))
    }
}

impl Wanted {
    /// This market was looked at.
    pub fn looked_at(&mut self, market: &Symbol) {
        self.markets.retain(|wanted| wanted != market);
    }

    /// This market could not be looked at, and comes after the others.
    pub fn put_off(&mut self, market: &Symbol) {
        self.markets.sort_by_key(|wanted| wanted == market);
    }

    /// Whether there is nothing more to look at.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.markets.is_empty() || self.is_stale(now)
    }

    /// Whether it is given up, whatever could not be looked at.
    fn is_stale(&self, now: Timestamp) -> bool {
        self.at.plus(limits::LOOK_WITHIN) <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_look_is_what_was_not_looked_at_and_what_could_not_be_comes_last() {
        let symbols = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<Vec<Symbol>>();
        let (at, markets) = (Timestamp::from_millis(0), symbols(&["A/USD", "B/USD", "C/USD"]));
        let [a, b, c] = markets.clone().try_into().unwrap();
        let mut look = Wanted { at, markets };
        look.put_off(&a);
        assert_eq!(look.markets, [b.clone(), c.clone(), a.clone()]);
        look.looked_at(&b);
        assert_eq!(look.markets, [c.clone(), a.clone()]);
        assert!(!look.is_over(at) && look.is_over(at.plus(limits::LOOK_WITHIN)));
        look.looked_at(&a);
        look.looked_at(&c);
        assert!(look.is_over(at));
    }
}
