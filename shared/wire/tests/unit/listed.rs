//! Assets that are watched on blockchains.

use domain::whale::Blockchain;
use serde_json::Value;
use wire::listed::listing;

const LISTED: &str = include_str!("../../src/listed.json");

#[test]
fn each_chain_has_its_own_coin_and_decimals_of_tokens_differ_by_chain() {
    let decimals = |chain, asset| listing(chain).by_asset(asset).map(|listed| listed.decimals);
    assert_eq!(Blockchain::ALL.map(|chain| listing(chain).native.asset.to_string()), ["ETH", "BTC", "BNB"]);
    assert_eq!(decimals(Blockchain::Ethereum, "usdt"), Some(6));
    assert_eq!(decimals(Blockchain::BinanceSmartChain, "USDT"), Some(18));
    assert_eq!(decimals(Blockchain::Bitcoin, "BTC"), Some(8));
    assert_eq!(decimals(Blockchain::Bitcoin, "USDT"), None);
}

#[test]
fn each_row_names_a_source_of_the_file() {
    let file: Value = serde_json::from_str(LISTED).unwrap();
    for chain in file["chains"].as_array().unwrap() {
        let tokens = chain["tokens"].as_array().unwrap();
        assert_eq!(
            listing(chain["chain"].as_str().unwrap().parse().unwrap()).tokens.len(),
            tokens.len(),
            "no contract twice"
        );
        for row in tokens.iter().chain([&chain["native"]]) {
            assert!(file["sources"][row["source"].as_str().unwrap()].is_string(), "{row}");
        }
    }
}
