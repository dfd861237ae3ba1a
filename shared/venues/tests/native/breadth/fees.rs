//! What a trade has cost, and in what.

use super::paged::{asks_for_trades, order, told_so, trade};
use super::{EXCHANGES, World, parse};
use crate::server::{Server, json};
use domain::order::{Fee, FeeValue};
use serde_json::{Value, json as value};
use venues::native::Native;

/// A trade of 0.01 at 64250.3 with this fee.
fn costing(name: &str, amount: &str, asset: &str) -> Value {
    let mut told = trade(name, 1);
    match name {
        "bybit" => {
            told["execFee"] = value!(amount);
            told["feeCurrency"] = value!(asset);
        }
        "okx" => {
            told["fee"] = value!(format!("-{amount}"));
            told["feeCcy"] = value!(asset);
        }
        "kucoin" => {
            told["fee"] = value!(amount);
            told["feeCurrency"] = value!(asset);
        }
        _ => {
            told["feeDetail"]["totalFee"] = value!(format!("-{amount}"));
            told["feeDetail"]["feeCoin"] = value!(asset);
        }
    }
    told
}

/// The fee as it is read, of a trade that is known.
async fn read(name: &'static str, trade: Value) -> Option<Fee> {
    let (order, trades) = (order(name).to_string(), told_so(name, &[trade], "", 0).to_string());
    let reply = move |heard: &crate::server::Heard| json(200, if asks_for_trades(heard) { &trades } else { &order });
    let world = World::at(name, Server::start(reply).await);
    let fact = world.spoken.find_order(&world.login, &world.address()).await.unwrap().unwrap();
    let [fill] = fact.fills.values().collect::<Vec<_>>()[..] else { unreachable!("{name}: {fact:?}") };
    assert_eq!(fill.quantity, parse("0.01"), "{name}");
    fill.fee.clone()
}

/// Who pays with a coin of the exchange's own pays in neither asset of the market.
#[tokio::test]
async fn a_fee_is_in_what_the_exchange_says_that_it_has_taken() {
    for name in EXCHANGES {
        let fee = read(name, costing(name, "0.75", "MNT")).await.unwrap();
        assert_eq!((fee.asset.as_str(), fee.amount, fee.value), ("MNT", parse("0.75"), FeeValue::Wanted), "{name}");
    }
    for (side, asset) in [("Buy", "BTC"), ("Sell", "USDT")] {
        let mut silent = costing("bybit", "0.00001", "");
        silent["side"] = value!(side);
        let fee = read("bybit", silent).await.unwrap();
        assert_eq!((fee.asset.as_str(), fee.value), (asset, FeeValue::Own), "where it does not say");
    }
}

#[tokio::test]
async fn a_fee_of_all_that_was_traded_is_not_known_yet() {
    for name in EXCHANGES {
        for (amount, asset) in [("0.01", "BTC"), ("0.75", "BTC"), ("642.503", "USDT"), ("700", "USDT")] {
            assert_eq!(read(name, costing(name, amount, asset)).await, None, "{name} {amount} {asset}");
        }
        for (amount, asset) in [("0.0099", "BTC"), ("642.502", "USDT"), ("0", "USDT")] {
            let fee = read(name, costing(name, amount, asset)).await.unwrap();
            assert_eq!((fee.asset.as_str(), fee.amount), (asset, parse(amount)), "{name}");
        }
    }
}

#[tokio::test]
async fn a_fee_of_nothing_is_nothing_in_whatever_asset() {
    let mut free = costing("bybit", "0", "");
    free["side"] = value!("");
    let fee = read("bybit", free).await.unwrap();
    assert_eq!((fee.amount, fee.value), (parse("0"), FeeValue::Own));
}
