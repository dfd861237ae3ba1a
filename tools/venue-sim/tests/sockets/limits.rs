//! Who asks too much: told how much there was, refused with a time to wait, and banned in the end.

use crate::trader::{trader, trader_with};
use serde_json::json;
use venue_sim::Settings;

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
async fn every_answer_says_what_was_used_and_a_refusal_how_long_to_wait() {
    let trader = trader().await;
    trader.fault("banned", json!({ "on": null, "ms": 7000 })).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let answer = http.get(format!("{}/api/v3/exchangeInfo", trader.sim.url())).send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        seen.push((answer.status().as_u16(), header("retry-after"), header("x-mbx-used-weight-1m")));
    }
    assert_eq!(seen, [(418, Some("7".to_owned()), None), (200, None, Some("20".to_owned()))]);
}

#[tokio::test]
async fn a_key_comes_only_from_its_addresses_and_says_that_it_has_some() {
    for (from, status, restricted) in [("127.0.0.1", 200, Some(true)), ("10.0.0.1", 401, None)] {
        let ips = format!("ips = [\"{from}\"], rights");
        let settings = Settings::parse(&venue_sim::settings::DEFAULT.replace("rights", &ips)).unwrap();
        let trader = trader_with(&settings).await;
        let (seen, said) = trader.signed("GET", "/sapi/v1/account/apiRestrictions", "").await.unwrap();
        assert_eq!((seen, said["ipRestrict"].as_bool()), (status, restricted), "{from}: {said}");
    }
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
