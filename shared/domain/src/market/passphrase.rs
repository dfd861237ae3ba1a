//! Which exchanges' keys have a passphrase beside their secret.

use super::Exchange;

/// Houses whose keys have one, those included that only a build of one's own speaks to. The adapters' tests hold it to what the
/// library wants.
const WITH: [&str; 7] = ["BITGET", "DEEPCOIN", "KUCOIN", "MYOKX", "OKX", "OKXUS", "WEEX"];
/// Houses whose keys have none.
const WITHOUT: [&str; 4] = ["BINANCE", "BYBIT", "COINBASE", "KRAKEN"];

/// Whether a key has a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passphrase {
    /// Nothing can be signed without it.
    Wanted,
    /// There is none, so that whatever is given as one is something else.
    NotTaken,
    /// Nobody knows: of the paper venue, which takes any key, and of exchanges that are not spoken to.
    Untold,
}

impl Exchange {
    /// Of its keys; those of its perpetual contracts are as those of its house.
    pub fn passphrase(&self) -> Passphrase {
        match self.house() {
            house if WITH.contains(&house) => Passphrase::Wanted,
            house if WITHOUT.contains(&house) => Passphrase::NotTaken,
            _ => Passphrase::Untold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_wanted_of_a_house_and_of_its_contracts() {
        let check = |exchanges: &[&str], expected| {
            for exchange in exchanges {
                assert_eq!(exchange.parse::<Exchange>().unwrap().passphrase(), expected, "{exchange}");
            }
        };
        check(&["OKX", "okxusdm", "KUCOIN", "BITGETUSDM"], Passphrase::Wanted);
        check(&["BINANCE", "BINANCEUSDM", "COINBASE", "BYBITUSDM"], Passphrase::NotTaken);
        check(&["PAPER", "PAPERUSDM", "UPBIT"], Passphrase::Untold);
    }
}
