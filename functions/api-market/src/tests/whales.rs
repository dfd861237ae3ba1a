//! `/whale-alerts`.

use super::*;
use domain::whale::WhaleAlert;
use serde_json::json;
use store::whale::Whales;
use wire::stored;

const READS: &str = "trading:read";

/// The alert whose row stands among the stored shapes, so many minutes ago, with these members.
fn alert(transaction: &str, minutes: i64, changed: Value) -> WhaleAlert {
    let row = include_str!("../../../../events/stored/whale_alert.v1.json");
    let mut row: Value = serde_json::from_str(row).unwrap();
    let at = AT.minus(Millis::seconds(minutes * 60)).millis();
    let id = WhaleAlert::id_of(domain::whale::Blockchain::Ethereum, transaction).to_string();
    let all = [json!({"id": id, "transaction": transaction, "at": at, "detected_at": at}), changed];
    for (name, value) in all.iter().flat_map(|members| members.as_object().unwrap()) {
        row[name] = value.clone();
    }
    serde_json::from_value::<stored::WhaleAlert>(row).unwrap().try_into().unwrap()
}

fn seeded(alerts: &[WhaleAlert]) -> Api {
    let (api, alerts) = (fresh(), alerts.to_vec());
    done(&api, |world| async move {
        for alert in alerts {
            assert!(Whales(&world).keep_alert(&alert, None).await.unwrap());
        }
    });
    api
}

fn get(api: &Api, path: &str) -> (StatusCode, Value) {
    let (status, _, told) = ask(api, "GET", &format!("/api/v1/{path}"), READS, "");
    (status, told)
}

fn hashes(told: &Value) -> Vec<&str> {
    told["items"].as_array().unwrap().iter().map(|item| item["transaction_hash"].as_str().unwrap()).collect()
}

/// Of today, of some days ago, of last week; a mint and one that was orphaned.
fn some() -> Api {
    seeded(&[
        alert("0xa", 5, json!({"worth": "12000000.5"})),
        alert("0xb", 3 * 1_440, json!({"asset": "BTC", "kind": "exchange_outflow", "worth": "60000000", "score": 10})),
        alert("0xc", 8 * 1_440, json!({})),
        alert("0xd", 6, json!({"kind": "mint", "from": {}, "score": 1})),
        alert("0xe", 7, json!({"status": "orphaned", "revoked_at": AT.millis()})),
    ])
}

#[test]
fn alerts_are_listed_newest_first_as_far_as_a_filter_has_them() {
    let api = some();
    let listed = |query: &str| {
        let (status, told) = get(&api, &format!("whale-alerts{query}"));
        assert_eq!(status, StatusCode::OK, "{told}");
        hashes(&told).join(" ")
    };
    assert_eq!(listed(""), "0xa 0xb", "of the last seven days, without mints and orphans");
    assert_eq!(listed("?start_time=2025-01-01T00:00:00Z"), "0xa 0xb 0xc");
    assert_eq!(listed("?end_time=2025-11-20T08:00:00Z"), "0xb");
    assert_eq!(listed("?since=2025-11-01&until=2025-11-18"), "0xb 0xc", "by the names of every list too");
    assert_eq!(listed("?currency=btc"), "0xb");
    assert_eq!(listed("?transaction_type=mint"), "0xd");
    assert_eq!(listed("?transaction_type=large_transfer"), "");
    assert_eq!(listed("?status=orphaned"), "0xe");
    assert_eq!(listed("?min_amount_usd=12000000.51"), "0xb");
    assert_eq!(listed("?min_significance=10&blockchain=ethereum"), "0xb");
    let (_, first) = get(&api, "whale-alerts?limit=1");
    let next = first["next_cursor"].as_str().unwrap();
    let (_, second) = get(&api, &format!("whale-alerts?limit=1&cursor={next}"));
    assert_eq!((hashes(&first), hashes(&second)), (vec!["0xa"], vec!["0xb"]));
    assert_eq!(get(&api, &format!("whale-alerts?currency=BTC&cursor={next}")).1["field"], "cursor", "of another list");
}

#[test]
fn what_cannot_be_asked_for_is_refused_by_its_name() {
    let api = fresh();
    for (query, field) in [
        ("?currency=%F0%9F%90%8B", "currency"),
        ("?blockchain=dogecoin", "blockchain"),
        ("?transaction_type=gift", "transaction_type"),
        ("?status=maybe", "status"),
        ("?min_amount_usd=-1", "min_amount_usd"),
        ("?min_amount_usd=1e400", "min_amount_usd"),
        ("?min_significance=11", "min_significance"),
        ("?start_time=yesterday", "start_time"),
        ("?limit=0", "limit"),
        ("/recent?limit=ten", "limit"),
        ("/stats?days=91", "days"),
    ] {
        let (status, told) = get(&api, &format!("whale-alerts{query}"));
        assert_eq!((status.as_u16(), &told["field"]), (422, &json!(field)), "{query}: {told}");
    }
    assert_eq!(get(&api, "onchain/whale-transactions?hours=169").1["field"], "hours");
    assert_eq!(get(&api, "whale-alerts/wha_unknown").0, StatusCode::NOT_FOUND);
    assert_eq!(get(&api, "whale-alerts/BTC").0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&api, "GET", "/api/v1/whale-alerts", "", "").0, StatusCode::UNAUTHORIZED);
}

#[test]
fn alert_is_found_by_its_id_with_all_that_is_known_of_it() {
    let api = some();
    let (_, listed) = get(&api, "whale-alerts/recent");
    assert_eq!(hashes(&listed), ["0xa"]);
    let (status, told) = get(&api, &format!("whale-alerts/{}", listed["items"][0]["id"].as_str().unwrap()));
    assert_eq!((status, &told), (StatusCode::OK, &listed["items"][0]));
    assert_eq!((&told["to"]["label"], &told["sentiment"]), (&json!("Binance"), &json!("bearish")));
    assert_eq!((&told["amount"], &told["amount_usd"]), (&json!("12000000"), &json!("12000000.5")));
}

#[test]
fn alerts_are_counted_by_type_and_currency_and_summed_up() {
    let api = some();
    let (_, told) = get(&api, "whale-alerts/stats");
    assert_eq!((&told["total_alerts"], &told["total_volume_usd"]), (&json!(2), &json!("72000000.5")));
    assert_eq!((&told["mean_significance"], &told["since"]), (&json!("9.50"), &json!("2025-11-14")));
    let names = |list: &str| told[list].as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names("currencies"), ["BTC", "USDC"]);
    assert_eq!(names("by_type"), ["exchange_inflow", "exchange_outflow"]);
    assert_eq!(get(&api, "whale-alerts/stats?days=90").1["total_alerts"], 3);
    assert_eq!(get(&api, "whale-alerts/stats?currency=BTC").1["total_alerts"], 1);
    let (_, none) = get(&fresh(), "whale-alerts/stats");
    assert_eq!((&none["mean_significance"], &none["total_volume_usd"]), (&Value::Null, &json!("0")));
    let (_, summed) = get(&api, "onchain/whale-transactions?hours=168&limit=1");
    assert_eq!(hashes(&summed), ["0xa"]);
    let summary = &summed["summary"];
    assert_eq!((&summary["transactions"], &summary["total_volume_usd"]), (&json!(2), &json!("72000000.5")));
    assert_eq!((&summary["average_usd"], &summary["largest_usd"]), (&json!("36000000.25"), &json!("60000000")));
    assert_eq!(summary["is_cut"], false);
    let (_, one) = get(&api, "onchain/whale-transactions?symbol=BTC&hours=168&min_amount=60000000");
    assert_eq!(hashes(&one), ["0xb"]);
}

#[test]
fn impact_stands_in_an_alert_and_its_means_in_the_counts_of_its_type() {
    let impact = |change: &str, low: &str| {
        json!({"after": "1h", "price": "0.9991", "change": change,
            "base": {"count": 30, "mean": "0.01", "low": low, "high": "0.03"}})
    };
    let api = seeded(&[
        alert("0xa", 90, json!({"impacts": [impact("-0.1", "-0.03")]})),
        alert("0xb", 91, json!({"impacts": [impact("0.02", "-0.03")]})),
        alert("0xc", 92, json!({"impacts": [{"after": "1h", "price": "7", "change": "600"}]})),
        alert("0xd", 93, json!({"price": null, "impacts": []})),
    ]);
    let (_, listed) = get(&api, "whale-alerts");
    let first = &listed["items"][0];
    let told = ["price_before", "price_after", "price_change_percent"].map(|name| first[name].as_str().unwrap());
    assert_eq!(told, ["1.0001", "0.9991", "-0.1"]);
    let base = json!({"days": 30, "mean_percent": "0.01", "low_percent": "-0.03", "high_percent": "0.03"});
    assert_eq!((&first["impact"]["after_1h"]["base_rate"], &first["impact"]["after_24h"]), (&base, &Value::Null));
    let unusual = |item: usize| &listed["items"][item]["impact"]["after_1h"]["unusual"];
    assert_eq!([unusual(0), unusual(1), unusual(2)], [&json!(true), &json!(false), &Value::Null]);
    assert_eq!((&listed["items"][3]["price_before"], &listed["items"][3]["price_after"]), (&Value::Null, &Value::Null));
    let (_, counted) = get(&api, "whale-alerts/stats");
    let mean = json!({"alerts": 2, "mean_change_percent": "-0.04", "mean_base_percent": "0.01", "unusual": 1});
    assert_eq!((&counted["by_type"][0]["after_1h"], &counted["by_type"][0]["after_24h"]), (&mean, &Value::Null));
}
