//! Exchanges whose markets a deployment wants though nobody has an account there: their candles can be asked for at once.

use domain::market::{BadSymbol, Exchange};
use std::collections::BTreeSet;
use std::str::FromStr;

/// Named with commas between, as `BINANCE,KRAKEN`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted(BTreeSet<Exchange>);

impl Wanted {
    pub(super) fn exchanges(&self) -> BTreeSet<Exchange> {
        self.0.clone()
    }
}

impl FromStr for Wanted {
    type Err = BadSymbol;

    fn from_str(text: &str) -> Result<Self, BadSymbol> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    #[test]
    fn names_stand_with_commas_between() {
        let wanted: Wanted = "binance, KRAKEN".parse().unwrap();
        let named: Vec<String> = wanted.exchanges().iter().map(Exchange::to_string).collect();
        assert_eq!(named, ["BINANCE", "KRAKEN"]);
        assert!("BINANCE,,KRAKEN".parse::<Wanted>().is_err());
        assert!(Wanted::default().exchanges().is_empty());
    }
}
