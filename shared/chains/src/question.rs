//! What is asked: which chain it is, then each coin, numbered in this order.

use domain::chain::{Chain, EvmAddress};
use serde_json::{Value, json};

/// `balanceOf(address)` of ERC-20.
const BALANCE_OF: &str = "70a08231";
const NEWEST: &str = "latest";

/// How many are asked for beside the tokens.
pub(crate) const BEFORE_TOKENS: usize = 2;

pub(crate) fn batch(chain: &Chain, address: &EvmAddress) -> String {
    let address = address.lower();
    let fixed = [("eth_chainId", json!([])), ("eth_getBalance", json!([address.as_str(), NEWEST]))];
    let tokens = chain.tokens.iter().map(|token| {
        // An address as an argument is filled up to 32 bytes.
        let data = format!("0x{BALANCE_OF}{:0>64}", address.digits());
        ("eth_call", json!([{"to": token.contract.as_str(), "data": data}, NEWEST]))
    });
    let asked = fixed.into_iter().chain(tokens).enumerate();
    let numbered =
        asked.map(|(id, (method, params))| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
    Value::Array(numbered.collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::chain::{Coin, Token};

    #[test]
    fn all_coins_are_asked_for_at_once() {
        let address: EvmAddress = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap();
        let coin = |asset: &str, decimals| Coin { asset: asset.parse().unwrap(), decimals };
        let contract = format!("0x{}", "c".repeat(40)).parse().unwrap();
        let tokens = vec![Token { coin: coin("USDT", 6), contract }];
        let chain = Chain { id: 1, native: coin("ETH", 18), tokens, rpc_urls: Vec::new() };
        let asked: Value = serde_json::from_str(&batch(&chain, &address)).unwrap();
        let lower = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
        let data = "0x70a082310000000000000000000000005aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
        let to = format!("0x{}", "c".repeat(40));
        let expected = json!([
            {"jsonrpc": "2.0", "id": 0, "method": "eth_chainId", "params": []},
            {"jsonrpc": "2.0", "id": 1, "method": "eth_getBalance", "params": [lower, "latest"]},
            {"jsonrpc": "2.0", "id": 2, "method": "eth_call", "params": [{"to": to, "data": data}, "latest"]},
        ]);
        assert_eq!(asked, expected);
    }
}
