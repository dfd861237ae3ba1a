//! What an amount of one asset is worth in another, by prices that are known: over one market or two, and never further.

use crate::clock::Timestamp;
use crate::market::Asset;
use crate::money::{Fraction, Price};

/// The price of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    pub base: Asset,
    pub quote: Asset,
    pub price: Price,
    pub at: Timestamp,
}

/// What an amount is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    pub amount: Fraction,
    /// When the older of its prices was seen; none if none was needed.
    pub price_at: Option<Timestamp>,
}

/// Prices of markets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates(Vec<Rate>);

impl Rates {
    pub fn add(&mut self, rate: Rate) {
        self.0.push(rate);
    }

    /// None if no market or pair of markets leads there. Of several ways the shorter one, then the one whose older price is newest.
    pub fn convert(&self, amount: &Fraction, from: &Asset, to: &Asset) -> Option<Converted> {
        if from == to {
            return Some(Converted { amount: amount.clone(), price_at: None });
        }
        let one = self.hops(from).into_iter().filter(|hop| hop.to == *to).max_by_key(|hop| hop.at);
        if let Some(hop) = one {
            return Some(Converted { amount: amount.clone() * hop.factor, price_at: Some(hop.at) });
        }
        let mut best: Option<(Timestamp, Fraction)> = None;
        for first in self.hops(from) {
            for second in self.hops(&first.to).into_iter().filter(|second| second.to == *to) {
                let at = first.at.min(second.at);
                if best.as_ref().is_none_or(|(known, _)| *known < at) {
                    best = Some((at, first.factor.clone() * second.factor));
                }
            }
        }
        best.map(|(at, factor)| Converted { amount: amount.clone() * factor, price_at: Some(at) })
    }

    fn hops(&self, from: &Asset) -> Vec<Hop> {
        let hop = |rate: &Rate| {
            if rate.base == *from {
                return Some(Hop { to: rate.quote.clone(), factor: rate.price.fraction(), at: rate.at });
            }
            let factor = Fraction::whole(1).over(&rate.price.fraction())?;
            (rate.quote == *from).then(|| Hop { to: rate.base.clone(), factor, at: rate.at })
        };
        self.0.iter().filter_map(hop).collect()
    }
}

struct Hop {
    to: Asset,
    factor: Fraction,
    at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(rates: &[(&str, &str, &str, i64)]) -> Rates {
        let rate = |(base, quote, price, at): &(&str, &str, &str, i64)| Rate {
            base: base.parse().unwrap(),
            quote: quote.parse().unwrap(),
            price: price.parse().unwrap(),
            at: Timestamp::from_millis(*at),
        };
        Rates(rates.iter().map(rate).collect())
    }

    fn told(rates: &Rates, from: &str, to: &str) -> Option<(String, Option<i64>)> {
        let worth = rates.convert(&Fraction::whole(10), &from.parse().unwrap(), &to.parse().unwrap())?;
        Some((worth.amount.approximate().to_string(), worth.price_at.map(Timestamp::millis)))
    }

    #[test]
    fn an_amount_goes_over_one_market_or_two_and_no_further() {
        let known = rates(&[
            ("BTC", "USDT", "50000", 30),
            ("EUR", "USDT", "1.25", 20),
            ("ETH", "BTC", "0.05", 10),
            ("XMR", "ETH", "0.1", 40),
        ]);
        assert_eq!(told(&known, "USDT", "USDT"), Some(("10".to_owned(), None)));
        assert_eq!(told(&known, "BTC", "USDT"), Some(("500000".to_owned(), Some(30))));
        assert_eq!(told(&known, "USDT", "EUR"), Some(("8".to_owned(), Some(20))), "the other way round");
        assert_eq!(told(&known, "BTC", "EUR"), Some(("400000".to_owned(), Some(20))), "the older price");
        assert_eq!(told(&known, "ETH", "EUR"), None, "three markets");
        assert_eq!(told(&known, "BTC", "CHF"), None);
    }

    #[test]
    fn of_several_ways_the_shorter_and_then_the_newer_one_is_taken() {
        let known = rates(&[
            ("BTC", "EUR", "40000", 5),
            ("BTC", "EUR", "41000", 6),
            ("BTC", "USDT", "50000", 30),
            ("EUR", "USDT", "1", 30),
            ("SOL", "USDC", "1", 1),
            ("SOL", "USDT", "2", 9),
            ("EUR", "USDC", "1", 9),
        ]);
        assert_eq!(told(&known, "BTC", "EUR"), Some(("410000".to_owned(), Some(6))));
        assert_eq!(told(&known, "SOL", "EUR"), Some(("20".to_owned(), Some(9))));
    }
}
