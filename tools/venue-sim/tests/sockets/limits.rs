//! Who asks too much: told how much there was, refused with a time to wait, and banned in the end.

use crate::trader::trader;
use serde_json::json;

#[tokio::test]
async fn orders_of_ten_seconds_are_counted() {
    let trader = trader().await;
    trader.control("/sim/limits", json!({ "venue": "binance", "orders": 2 })).await;
    // Ten seconds may be over in between: then there is room for two more.
    let mut refused = None;
    for id in ["a", "b", "c", "d", "e"] {
        let (status, said) = trader.place(id).await.unwrap();
        if status == 429 {
            refused = Some(said["code"].as_i64());
            break;
        }
    }
    assert_eq!(refused, Some(Some(-1015)));
}

#[tokio::test]
async fn weight_of_a_minute_is_counted_and_who_goes_on_is_banned() {
    let trader = trader().await;
    trader.control("/sim/limits", json!({ "venue": "binance", "weight": 10, "refusals": 2 })).await;
    let mut seen = Vec::new();
    // A minute may be over in between: then counting begins anew.
    while seen.len() < 20 && !seen.contains(&418) {
        seen.push(trader.ask("GET", "/api/v3/depth?symbol=BTCUSDT", "", "").await.unwrap().0);
    }
    assert!(seen.contains(&429) && seen.contains(&418), "{seen:?}");
    assert_eq!(trader.ask("GET", "/api/v3/ping", "", "").await.unwrap().0, 418, "a ban stays");
    trader.control("/sim/limits", json!({ "venue": "binance" })).await;
    assert_eq!(trader.ask("GET", "/api/v3/ping", "", "").await.unwrap().0, 200);
}

#[tokio::test]
async fn the_other_exchanges_count_by_the_second() {
    let trader = trader().await;
    for (venue, path, told) in [
        ("coinbase", "/api/v3/brokerage/time", "rate_limit_exceeded"),
        ("kraken", "/0/public/Time", "EAPI:Rate limit exceeded"),
    ] {
        trader.control("/sim/limits", json!({ "venue": venue, "weight": 3, "refusals": 1000 })).await;
        let mut refused = None;
        for _ in 0..100 {
            let (_, said) = trader.ask("GET", path, "", "").await.unwrap();
            if said.to_string().contains(told) {
                refused = Some(said);
                break;
            }
        }
        assert!(refused.is_some(), "{venue}");
    }
}
