//! What Kraken counts beside windows: counters that fall as time goes by, of a key's questions, and of an account's orders in
//! one pair. How far they go depends on the tier of whoever asks.

use crate::engine::Millis;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    Starter,
    Intermediate,
    Pro,
}

/// In thousandths: how much there may be, and how much less it is each second.
#[derive(Debug, Clone, Copy)]
struct Rate {
    most: i64,
    falls: i64,
}

impl Tier {
    fn questions(self) -> Rate {
        match self {
            Self::Starter => Rate { most: 15_000, falls: 330 },
            Self::Intermediate => Rate { most: 20_000, falls: 500 },
            Self::Pro => Rate { most: 20_000, falls: 1_000 },
        }
    }

    fn orders(self) -> Rate {
        match self {
            Self::Starter => Rate { most: 60_000, falls: 1_000 },
            Self::Intermediate => Rate { most: 125_000, falls: 2_340 },
            Self::Pro => Rate { most: 180_000, falls: 3_750 },
        }
    }
}

/// An order that has rested for less than so long counts so much when it is cancelled.
const CANCELLED: [(Millis, i64); 6] = [(5_000, 8), (10_000, 6), (15_000, 5), (45_000, 4), (90_000, 2), (300_000, 1)];

#[derive(Debug, Default)]
pub struct Counters {
    /// By key.
    questions: HashMap<String, Counter>,
    /// By account and market.
    orders: HashMap<(String, String), Counter>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counter {
    used: i64,
    at: Millis,
}

impl Counter {
    fn fall(&mut self, rate: Rate, now: Millis) {
        let fallen = now.saturating_sub(self.at).max(0).saturating_mul(rate.falls).div_euclid(1_000);
        *self = Self { used: self.used.saturating_sub(fallen).max(0), at: now };
    }

    /// Whether so much fits in; then it is in.
    fn takes(&mut self, amount: i64, rate: Rate, now: Millis) -> bool {
        self.fall(rate, now);
        let used = self.used.saturating_add(amount.saturating_mul(1_000));
        if used > rate.most {
            return false;
        }
        self.used = used;
        true
    }
}

impl Counters {
    /// Whether a key may ask what counts so much.
    pub fn asks(&mut self, tier: Tier, key: &str, amount: i64, now: Millis) -> bool {
        self.questions.entry(key.to_owned()).or_default().takes(amount, tier.questions(), now)
    }

    /// Whether an account may place another order in a market.
    pub fn places(&mut self, tier: Tier, account: &str, market: &str, now: Millis) -> bool {
        self.of(account, market).takes(1, tier.orders(), now)
    }

    /// An order was cancelled that has rested for so long. That is never refused.
    pub fn cancels(&mut self, tier: Tier, account: &str, market: &str, rested: Millis, now: Millis) {
        let counter = self.of(account, market);
        counter.fall(tier.orders(), now);
        let amount = CANCELLED.iter().find(|(less, _)| rested < *less).map_or(0, |(_, amount)| *amount);
        counter.used = counter.used.saturating_add(amount.saturating_mul(1_000));
    }

    fn of(&mut self, account: &str, market: &str) -> &mut Counter {
        self.orders.entry((account.to_owned(), market.to_owned())).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_of_a_key_fall_as_its_tier_has_it() {
        for (tier, at_once, after_a_minute) in
            [(Tier::Starter, 15, 15), (Tier::Intermediate, 20, 20), (Tier::Pro, 20, 20)]
        {
            let mut counters = Counters::default();
            let mut fitting = |now: Millis| (0..100).take_while(|_| counters.asks(tier, "key", 1, now)).count();
            assert_eq!((fitting(0), fitting(60_000)), (at_once, after_a_minute), "{tier:?}");
            let in_ten_seconds = [3, 5, 10][tier as usize];
            assert_eq!(fitting(70_000), in_ten_seconds, "{tier:?}");
        }
        let mut counters = Counters::default();
        assert!(counters.asks(Tier::Starter, "one", 15, 0) && !counters.asks(Tier::Starter, "one", 1, 0));
        assert!(counters.asks(Tier::Starter, "two", 1, 0), "another key's");
    }

    #[test]
    fn orders_of_a_pair_count_and_those_that_are_cancelled_soon_count_most() {
        let mut counters = Counters::default();
        for (rested, left) in
            [(4_999, 52), (9_999, 54), (14_999, 55), (44_999, 56), (89_999, 58), (299_999, 59), (300_000, 60)]
        {
            let (account, now) = (rested.to_string(), 1_000_000);
            counters.cancels(Tier::Starter, &account, "BTC/USD", rested, now);
            let fitting = (0..100).take_while(|_| counters.places(Tier::Starter, &account, "BTC/USD", now)).count();
            assert_eq!(fitting, left, "{rested}");
            assert!(counters.places(Tier::Starter, &account, "ETH/USD", now), "another pair");
            assert!(counters.places(Tier::Starter, &account, "BTC/USD", now + 1_000), "one a second");
        }
    }
}
