//! Contracts, which some exchanges count, and base, which everything here counts.

use super::told::Exact;
use domain::money::{Decimal, Quantity};
use serde::Deserialize;

/// What one contract of a market is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lot {
    /// Base in one contract; above zero.
    base: Decimal,
    /// Contracts that an order is made of; none where that is not looked at here.
    step: Option<Decimal>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default)]
    contract: bool,
    contract_size: Option<Exact<Quantity>>,
    precision: Steps,
}

#[derive(Debug, Deserialize)]
struct Steps {
    amount: Option<Exact<Quantity>>,
}

impl Lot {
    /// Coins are counted as they are.
    pub(super) const COINS: Self = Self { base: Decimal::ONE, step: None };

    /// Of a market as the library lists it; none where it is one of contracts and does not say what they are.
    pub(super) fn of(listed: &serde_json::Value) -> Option<Self> {
        let listed = Listed::deserialize(listed).ok()?;
        if !listed.contract {
            return Some(Self::COINS);
        }
        let (Exact(base), Exact(step)) = listed.contract_size.zip(listed.precision.amount)?;
        let is_one = !base.is_zero() && !step.is_zero();
        is_one.then(|| Self { base: base.get(), step: Some(step.get()) })
    }

    /// The base in so many contracts; none where that cannot be written exactly.
    pub(super) fn base(self, contracts: Quantity) -> Option<Quantity> {
        let base = contracts.get().checked_mul(self.base)?;
        let is_exact = base.checked_div(self.base) == Some(contracts.get());
        Quantity::new(base).ok().filter(|_| is_exact)
    }

    /// The contracts of so much base; none where it is no whole number of steps.
    pub(super) fn contracts(self, quantity: Quantity) -> Option<Quantity> {
        let contracts = quantity.get().checked_div(self.base)?;
        let is_whole = match self.step {
            Some(step) => contracts.checked_rem(step)?.is_zero(),
            None => true,
        };
        let contracts = Quantity::new(contracts).ok()?;
        (is_whole && self.base(contracts) == Some(quantity)).then_some(contracts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(size: f64, step: f64, base: &str, contracts: Option<&str>) {
        let listed = json!({"contract": true, "contractSize": size, "precision": {"amount": step}});
        let (lot, quantity) = (Lot::of(&listed).unwrap(), base.parse().unwrap());
        assert_eq!(lot.contracts(quantity).map(|contracts| contracts.to_string()).as_deref(), contracts, "{base}");
        if let Some(contracts) = contracts {
            assert_eq!(lot.base(contracts.parse().unwrap()), Some(quantity), "{contracts}");
        }
    }

    #[test]
    fn a_quantity_is_a_whole_number_of_steps_or_nothing() {
        check(0.01, 1.0, "0.02", Some("2"));
        check(0.01, 1.0, "0.025", None);
        check(0.01, 0.01, "0.0233", Some("2.33"));
        check(0.01, 0.01, "0.02335", None);
        check(0.001, 1.0, "12.345", Some("12345"));
        check(1.0, 0.001, "0.012", Some("0.012"));
        check(0.3, 1.0, "0.1", None);
        check(1_000.0, 1.0, "5000", Some("5"));
        check(3.0, 1.0, "0.000000000001", None);
    }

    #[test]
    fn a_market_of_contracts_says_what_they_are() {
        let of = |listed| Lot::of(&listed);
        assert_eq!(of(json!({"precision": {}})), Some(Lot::COINS));
        assert_eq!(Lot::COINS.contracts("0.123".parse().unwrap()), Some("0.123".parse().unwrap()));
        assert_eq!(of(json!({"contract": true, "precision": {"amount": 1.0}})), None);
        assert_eq!(of(json!({"contract": true, "contractSize": 0.0, "precision": {"amount": 1.0}})), None);
        assert_eq!(of(json!({"contract": true, "contractSize": 0.01, "precision": {}})), None);
    }
}
