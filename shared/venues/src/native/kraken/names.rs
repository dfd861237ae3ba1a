//! Kraken's names of assets and pairs.
//!
//! A pair is asked for by its other name, which is both assets in a row: `XBTUSD`. Markets whose other name is not made
//! that way are not listed, so that what is listed can be asked for.

use domain::market::{Asset, Symbol};

/// What only Kraken calls so, beside what everybody else calls it.
const ITS_OWN: [(&str, &str); 2] = [("XBT", "BTC"), ("XDG", "DOGE")];

/// Ids with a letter in front, X for coins and Z for money: the first ones that Kraken had. Newer ids begin with these
/// letters by chance.
const LETTERED: [&str; 18] = [
    "XETC", "XETH", "XLTC", "XMLN", "XREP", "XXBT", "XXDG", "XXLM", "XXMR", "XXRP", "XZEC", "ZAUD", "ZCAD", "ZEUR",
    "ZGBP", "ZJPY", "ZKRW", "ZUSD",
];

/// What is traded under this asset's name too: it earns, and is spent all the same.
const EARNING: &str = ".F";

/// The other name by which a pair is asked for.
pub(super) fn pair(symbol: &Symbol) -> String {
    format!("{}{}", own(&symbol.base), own(&symbol.quote))
}

/// Whether an answer means this symbol: by the pair's other name, its id, or its assets with a stroke between.
pub(super) fn is_pair(symbol: &Symbol, told: &str) -> bool {
    let told = told.replace('/', "");
    let Symbol { base, quote, .. } = symbol;
    told == pair(symbol) || told == format!("{base}{quote}") || told == format!("{}{}", id(base), id(quote))
}

/// The symbol of a pair such as `XBT/USD`.
pub(super) fn symbol(with_stroke: &str) -> Option<Symbol> {
    let (base, quote) = with_stroke.split_once('/')?;
    Some(Symbol { base: asset(base)?, quote: asset(quote)?, settle: None })
}

/// The asset with this id. None where it cannot be traded: what is staked or bonded has a mark behind its name.
pub(super) fn asset(id: &str) -> Option<Asset> {
    let id = id.strip_suffix(EARNING).unwrap_or(id);
    let plain = if LETTERED.contains(&id) { id.get(1..)? } else { id };
    ITS_OWN.iter().find(|(theirs, _)| *theirs == plain).map_or(plain, |(_, ours)| ours).parse().ok()
}

fn own(asset: &Asset) -> &str {
    ITS_OWN.iter().find(|(_, ours)| *ours == asset.as_str()).map_or(asset.as_str(), |(theirs, _)| theirs)
}

fn id(asset: &Asset) -> &str {
    let own = own(asset);
    LETTERED.into_iter().find(|id| id.get(1..) == Some(own)).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_asked_for_by_its_other_name_and_read_back_by_each_of_its_names() {
        let check = |symbol: &str, pair_name: &str, id: &str, stroke: &str| {
            let of: Symbol = symbol.parse().unwrap();
            assert_eq!(pair(&of), pair_name);
            for told in [pair_name, id, stroke, symbol] {
                assert!(is_pair(&of, told), "{told}");
            }
            assert_eq!(super::symbol(stroke).unwrap(), of);
        };
        check("BTC/USD", "XBTUSD", "XXBTZUSD", "XBT/USD");
        check("ETH/BTC", "ETHXBT", "XETHXXBT", "ETH/XBT");
        check("DOGE/EUR", "XDGEUR", "XXDGZEUR", "XDG/EUR");
        check("BTC/USDT", "XBTUSDT", "XBTUSDT", "XBT/USDT");
        check("SOL/USD", "SOLUSD", "SOLUSD", "SOL/USD");
        check("ZRX/XTZ", "ZRXXTZ", "ZRXXTZ", "ZRX/XTZ");
        assert!(!is_pair(&"BTC/USD".parse().unwrap(), "XBTUSDT"));
        assert!(!is_pair(&"BTC/USD".parse().unwrap(), "XXBTZEUR"));
    }

    #[test]
    fn an_asset_is_read_by_its_id_and_not_where_it_is_staked() {
        let check = |id: &str, expected: Option<&str>| {
            assert_eq!(asset(id).as_ref().map(Asset::as_str), expected, "{id}");
        };
        check("XXBT", Some("BTC"));
        check("XBT", Some("BTC"));
        check("XXDG", Some("DOGE"));
        check("XETH", Some("ETH"));
        check("ZUSD", Some("USD"));
        check("USDT", Some("USDT"));
        check("USDT.F", Some("USDT"));
        check("XBT.F", Some("BTC"));
        check("ZEUS", Some("ZEUS"));
        check("XTZ", Some("XTZ"));
        check("DOT.S", None);
        check("DOT28.S", None);
        check("XBT.M", None);
        check("ETH.B", None);
        check("AAPLx.T", None);
        check("", None);
    }
}
