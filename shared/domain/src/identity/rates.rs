//! How often somebody may ask, by kinds of routes.

use crate::clock::{Millis, Timestamp};
use crate::words::words;
use std::collections::BTreeMap;

const MINUTE: Millis = Millis::seconds(60);
const HOUR: Millis = Millis::seconds(3_600);
pub const RATE_MAX: u32 = 100_000;

/// A kind of route with a limit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RouteClass {
    /// Whatever is of no other kind.
    #[default]
    Api,
    Ingest,
    Ai,
    Wallets,
    Market,
}

/// Limits that differ from those of their class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rates(BTreeMap<RouteClass, u32>);

/// Requests by class, each in the newest window in which there was one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts(BTreeMap<RouteClass, (i64, u32)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to {RATE_MAX}")]
pub struct BadRate;

impl RouteClass {
    /// Within one window of the clock, unless a role or a plan says otherwise.
    pub fn requests_max(self) -> u32 {
        match self {
            Self::Api => 600,
            Self::Ingest => 10,
            Self::Ai | Self::Market => 100,
            Self::Wallets => 50,
        }
    }

    pub fn window(self) -> Millis {
        if self == Self::Ai { HOUR } else { MINUTE }
    }

    /// Which window it is, counted since 1970-01-01T00:00Z.
    pub fn number_at(self, now: Timestamp) -> i64 {
        now.millis().div_euclid(self.window().get())
    }

    /// Until the next window begins.
    pub fn left_at(self, now: Timestamp) -> Millis {
        let window = self.window().get();
        Millis::new(window.saturating_sub(now.millis().rem_euclid(window)))
    }
}

impl Rates {
    /// # Errors
    /// Where nobody could ask at all, or as good as everybody.
    pub fn limit(mut self, class: RouteClass, most: u32) -> Result<Self, BadRate> {
        if !(1..=RATE_MAX).contains(&most) {
            return Err(BadRate);
        }
        self.0.insert(class, most);
        Ok(self)
    }

    /// The smaller where both say something, or one says less than the class does.
    #[must_use]
    pub fn at_most(mut self, class: RouteClass, most: u32) -> Self {
        let now = self.of(class);
        self.0.insert(class, now.min(most.max(1)));
        self
    }

    pub fn of(&self, class: RouteClass) -> u32 {
        self.0.get(&class).copied().unwrap_or_else(|| class.requests_max())
    }

    /// Those that are not as their class has them.
    pub fn iter(&self) -> impl Iterator<Item = (RouteClass, u32)> {
        self.0.iter().map(|(class, most)| (*class, *most))
    }
}

impl Counts {
    /// In the window of this moment.
    pub fn at(&self, class: RouteClass, now: Timestamp) -> u32 {
        let counted = self.0.get(&class).filter(|(window, _)| *window == class.number_at(now));
        counted.map_or(0, |(_, requests)| *requests)
    }
}

/// Each with the number of its window, and the requests there.
impl FromIterator<(RouteClass, (i64, u32))> for Counts {
    fn from_iter<I: IntoIterator<Item = (RouteClass, (i64, u32))>>(counted: I) -> Self {
        Self(counted.into_iter().collect())
    }
}

words! {
    RouteClass { Api = "api", Ingest = "ingest", Ai = "ai", Wallets = "wallets", Market = "market" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_of_its_window_alone() {
        let now = Timestamp::from_millis(7_200_000);
        let counts = Counts::from_iter([(RouteClass::Api, (120, 3)), (RouteClass::Ai, (1, 7))]);
        assert_eq!(RouteClass::ALL.map(|class| counts.at(class, now)), [3, 0, 0, 0, 0]);
        assert_eq!(counts.at(RouteClass::Api, now.plus(Millis::seconds(60))), 0);
    }

    #[test]
    fn each_class_has_the_window_and_the_limit_of_the_specification() {
        let check = |class: RouteClass, most: u32, seconds: i64| {
            assert_eq!((class.requests_max(), class.window()), (most, Millis::seconds(seconds)), "{class:?}");
        };
        check(RouteClass::Api, 600, 60);
        check(RouteClass::Ingest, 10, 60);
        check(RouteClass::Ai, 100, 3_600);
        check(RouteClass::Wallets, 50, 60);
        check(RouteClass::Market, 100, 60);
    }

    #[test]
    fn a_window_is_one_of_the_clock() {
        let now = Timestamp::from_millis(1_763_628_660_000 + 20_000);
        assert_eq!(RouteClass::Api.left_at(now), Millis::seconds(40));
        assert_eq!(RouteClass::Api.number_at(now), 29_393_811);
        assert_eq!(RouteClass::Ai.number_at(now), 489_896);
    }

    #[test]
    fn a_limit_is_raised_or_lowered_and_a_plan_only_lowers_it() {
        let rates = Rates::default().limit(RouteClass::Wallets, 80).unwrap();
        assert_eq!([rates.of(RouteClass::Wallets), rates.of(RouteClass::Ingest)], [80, 10]);
        let lowered = rates.clone().at_most(RouteClass::Wallets, 20).at_most(RouteClass::Api, 9_000);
        assert_eq!([lowered.of(RouteClass::Wallets), lowered.of(RouteClass::Api)], [20, 600]);
        assert_eq!(rates.clone().at_most(RouteClass::Api, 0).of(RouteClass::Api), 1, "nobody is locked out for ever");
        assert_eq!([0, RATE_MAX + 1].map(|most| rates.clone().limit(RouteClass::Api, most).is_err()), [true; 2]);
    }
}
