//! What a transaction takes from and gives to addresses, in whole units of each asset.

use super::{Blockchain, ChainAddress};
use crate::market::Asset;
use crate::money::{Amount, Decimal, Fraction, MoneyError, Price};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// An asset as the deployment lists it. What a contract says of itself names nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub asset: Asset,
    /// So many digits of its whole units stand behind the point.
    pub decimals: u32,
}

/// Whole units of an asset, exactly as the chain counts them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Units {
    pub of: Listed,
    pub count: u128,
}

const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

impl Units {
    /// What it is worth at this price of one coin, cut to hundredths.
    ///
    /// # Errors
    /// `Inexact` where that is more than any amount can be.
    pub fn worth(&self, price: Price) -> Result<Amount, MoneyError> {
        let worth = Fraction::of_units(self.count, self.of.decimals) * price.fraction();
        Amount::new(worth.floor_to(CENT)?)
    }
}

/// Every digit, without trailing zeros: `1234.5`.
impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::try_from(self.of.decimals).map_err(|_| fmt::Error)?;
        let digits = format!("{:0>width$}", self.count, width = places.saturating_add(1));
        let (whole, part) = digits.split_at(digits.len().saturating_sub(places));
        let part = part.trim_end_matches('0');
        if part.is_empty() { f.write_str(whole) } else { write!(f, "{whole}.{part}") }
    }
}

/// What one transaction moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flows {
    pub chain: Blockchain,
    /// What each party gets and what it gives of each asset.
    pub(super) parts: BTreeMap<(Party, Listed), Moved>,
    /// Who takes part in movements of tokens that are not listed.
    pub(super) elsewhere: BTreeSet<ChainAddress>,
    /// Addresses that pay for inputs together: they have one owner.
    pub(super) payers: BTreeSet<ChainAddress>,
}

/// Who gives or gets, as far as the chain says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Party {
    Address(ChainAddress),
    /// Of a script that is no address.
    NoAddress,
    /// What creates and destroys an asset.
    Issuer,
}

impl Party {
    pub(super) fn address(&self) -> Option<&ChainAddress> {
        if let Self::Address(address) = self { Some(address) } else { None }
    }

    fn or_issuer(address: Option<&ChainAddress>) -> Self {
        address.map_or(Self::Issuer, |address| Self::Address(address.clone()))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) got: u128,
    pub(super) given: u128,
}

impl Flows {
    /// Of a chain of accounts: nothing has moved yet.
    pub fn none(chain: Blockchain) -> Self {
        Self { chain, parts: BTreeMap::new(), elsewhere: BTreeSet::new(), payers: BTreeSet::new() }
    }

    /// One movement of a listed asset; none for what creates and destroys it.
    ///
    /// # Errors
    /// `Inexact` where the sum is more than can be counted.
    pub fn moves(
        &mut self,
        from: Option<&ChainAddress>,
        to: Option<&ChainAddress>,
        units: &Units,
    ) -> Result<(), MoneyError> {
        self.gives(Party::or_issuer(from), units)?;
        self.gets(to, units)
    }

    /// One movement of a token that is not listed.
    pub fn moves_elsewhere(&mut self, from: Option<&ChainAddress>, to: Option<&ChainAddress>) {
        self.elsewhere.extend([from, to].into_iter().flatten().cloned());
    }

    /// One input of a transaction that is paid from several; none of a script that is no address.
    ///
    /// # Errors
    /// As [`Flows::moves`].
    pub fn pays(&mut self, from: Option<&ChainAddress>, units: &Units) -> Result<(), MoneyError> {
        self.payers.extend(from.cloned());
        self.gives(from.map_or(Party::NoAddress, |from| Party::Address(from.clone())), units)
    }

    /// One output.
    ///
    /// # Errors
    /// As [`Flows::moves`].
    pub fn gets(&mut self, to: Option<&ChainAddress>, units: &Units) -> Result<(), MoneyError> {
        let moved = self.parts.entry((Party::or_issuer(to), units.of.clone())).or_default();
        moved.got = moved.got.checked_add(units.count).ok_or(MoneyError::Inexact)?;
        Ok(())
    }

    /// Whether as much of an asset as this is worth in USD is got or given by all addresses together. Assets without a price are not.
    pub fn are_worth(&self, minimum: Amount, prices: &BTreeMap<Asset, Price>) -> bool {
        let mut sums: BTreeMap<&Listed, (u128, u128)> = BTreeMap::new();
        for ((_, of), moved) in &self.parts {
            let (got, given) = sums.entry(of).or_default();
            *got = got.saturating_add(moved.got.saturating_sub(moved.given));
            *given = given.saturating_add(moved.given.saturating_sub(moved.got));
        }
        sums.into_iter().any(|(of, (got, given))| {
            let units = Units { of: of.clone(), count: got.max(given) };
            // What is more than any amount can be is worth it.
            prices.get(&of.asset).is_some_and(|price| units.worth(*price).map_or(true, |worth| worth >= minimum))
        })
    }

    fn gives(&mut self, from: Party, units: &Units) -> Result<(), MoneyError> {
        let moved = self.parts.entry((from, units.of.clone())).or_default();
        moved.given = moved.given.checked_add(units.count).ok_or(MoneyError::Inexact)?;
        Ok(())
    }
}
