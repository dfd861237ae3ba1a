//! `/market-sentiment`.

use super::*;
use domain::whale::{MarketSentiment, Told};
use serde_json::json;
use store::whale::Whales;

const READS: &str = "trading:read";

/// Of two markets in each of these hours, so many before now.
fn seeded(hours: &'static [i64]) -> Api {
    let api = fresh();
    done(&api, |world| async move {
        for before in hours {
            let hour = AT.minus(Millis::seconds(3_600 * before));
            let told = |score: &str, age: i64| {
                let at = hour.minus(Millis::seconds(age));
                Some(Told { score: score.parse().unwrap(), at })
            };
            let of = |symbol: &str, flow, momentum| {
                MarketSentiment::of(symbol.parse().unwrap(), hour, flow, momentum).unwrap()
            };
            let all = [of("BTC/USDT", told("0.5", 540), told("0.25", 0)), of("ETH/USDT", None, told("-0.25", 0))];
            assert!(Whales(&world).keep_sentiment(hour, &all).await.unwrap());
            assert!(!Whales(&world).keep_sentiment(hour, &[]).await.unwrap(), "once");
        }
    });
    api
}

fn get(api: &Api, query: &str) -> (StatusCode, Value) {
    let (status, _, told) = ask(api, "GET", &format!("/api/v1/market-sentiment{query}"), READS, "");
    (status, told)
}

fn symbols(told: &Value) -> Vec<&str> {
    told["items"].as_array().unwrap().iter().map(|item| item["symbol"].as_str().unwrap()).collect()
}

#[test]
fn newest_hour_says_what_it_is_made_of() {
    let api = seeded(&[3, 2]);
    let (status, told) = get(&api, "/latest");
    assert_eq!((status, symbols(&told)), (StatusCode::OK, vec!["BTC/USDT", "ETH/USDT"]));
    let first = &told["items"][0];
    assert_eq!((&first["score"], &first["label"]), (&json!("0.3409"), &json!("positive")));
    let flow = json!({"name": "whale_flow", "score": "0.5", "weight": "0.3636", "age_seconds": 540});
    assert_eq!((&first["inputs"][0], &first["inputs"][1]["weight"]), (&flow, &json!("0.6364")));
    assert_eq!(
        (&told["items"][1]["label"], &told["items"][1]["inputs"][0]["weight"]),
        (&json!("negative"), &json!("1"))
    );
    assert_eq!(symbols(&get(&api, "/latest?symbol=eth").1), ["ETH/USDT"]);
    assert_eq!(symbols(&get(&seeded(&[25]), "/latest").1), Vec::<&str>::new(), "no older than a day");
}

#[test]
fn hours_are_listed_newest_first_page_by_page() {
    let api = seeded(&[30, 5, 4]);
    let (_, told) = get(&api, "?symbol=BTC/USDT");
    assert_eq!(symbols(&told), ["BTC/USDT"; 2]);
    let times = told["items"].as_array().unwrap().iter().map(|item| item["timestamp"].as_str().unwrap());
    assert!(times.is_sorted_by(|one, other| one > other), "{told}");
    assert_eq!(symbols(&get(&api, "?hours=168&symbol=BTC").1).len(), 3);
    let (_, first) = get(&api, "?limit=3");
    let (_, second) = get(&api, &format!("?limit=3&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!((symbols(&first), symbols(&second)), (vec!["BTC/USDT", "ETH/USDT", "BTC/USDT"], vec!["ETH/USDT"]));
}

#[test]
fn what_cannot_be_asked_for_is_refused_by_its_name() {
    let api = fresh();
    for (query, field) in [
        ("?symbol=%F0%9F%90%8B", "symbol"),
        ("?symbol=BTC/", "symbol"),
        ("?hours=169", "hours"),
        ("?hours=0", "hours"),
        ("?symbol=BTC&symbol=ETH", "symbol"),
        ("/latest?limit=x", "limit"),
    ] {
        let (status, told) = get(&api, query);
        assert_eq!((status.as_u16(), &told["field"]), (422, &json!(field)), "{query}: {told}");
    }
    assert_eq!(ask(&api, "GET", "/api/v1/market-sentiment", "", "").0, StatusCode::UNAUTHORIZED);
    assert_eq!(get(&api, "").1, json!({"items": [], "next_cursor": null}));
}
