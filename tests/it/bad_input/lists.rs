//! What is asked of lists and by id.

use super::{assert_keeps_secrets, assert_problem};
use crate::support::Trader;
use serde_json::json;

const LISTS: [&str; 8] = [
    "/deliveries",
    "/position-groups",
    "/orders",
    "/presets",
    "/routes",
    "/user-wallets",
    "/wallets",
    "/webhook-tokens",
];

#[tokio::test]
async fn a_limit_or_cursor_that_cannot_be_is_named() {
    let trader = Trader::new().await;
    let long = format!("cursor={}", "A".repeat(4_000));
    let table = [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=", "limit"),
        ("limit=ten", "limit"),
        ("limit=1.5", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=forged", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=%00", "cursor"),
        (long.as_str(), "cursor"),
    ];
    for list in LISTS {
        for (query, field) in table {
            let answer = trader.get(&format!("{list}?{query}")).await;
            assert_problem(&answer, 422, "invalid_field", Some(field), &format!("{list}?{query}"));
            assert_keeps_secrets(&trader, &answer);
        }
    }
}

#[tokio::test]
async fn a_limit_above_the_largest_is_clamped_and_says_so() {
    let trader = Trader::new().await;
    for list in LISTS {
        for limit in ["201", "99999999999999999999"] {
            let answer = trader.get(&format!("{list}?limit={limit}")).await;
            assert_eq!((answer.status, &answer.json()["limit"]), (200, &json!(200)), "{list} {limit}");
        }
    }
}

#[tokio::test]
async fn a_cursor_goes_on_in_its_own_list_and_for_its_own_user_alone() {
    let (trader, other) = (Trader::new().await, Trader::new().await);
    let mut sent = Vec::new();
    for _ in 0..3 {
        let delivery = trader.deliver(&trader.exit()).await;
        trader.verdict(&delivery, |_| true).await;
        sent.insert(0, delivery);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for _ in 0..3 {
        let page = trader.get(&format!("/deliveries?limit=1{cursor}")).await.json();
        seen.push(page["items"][0]["id"].as_str().unwrap().to_owned());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        for (who, list) in [(&other, "/deliveries"), (&trader, "/orders")] {
            let strange = who.get(&format!("{list}?limit=1{cursor}")).await;
            assert_problem(&strange, 422, "invalid_field", Some("cursor"), list);
        }
    }
    assert_eq!(seen, sent, "newest first, each once");
}

#[tokio::test]
async fn an_id_that_is_none_is_not_there() {
    let trader = Trader::new().await;
    let long = "a".repeat(2_000);
    for id in ["none", "grp_", "GRP_ABC", "..%2f..%2fetc", "%00", "grp_%27%20or%201=1", &*long] {
        for path in [format!("/position-groups/{id}"), format!("/orders/{id}")] {
            assert_problem(&trader.get(&path).await, 404, "not_found", None, &path);
        }
    }
}
