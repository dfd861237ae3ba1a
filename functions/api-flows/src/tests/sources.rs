//! `/whale-sources`

use super::*;
use serde_json::json;
use store::market::{Market, Wanting};
use store::vault::Vault;
use store::whale::Whales;

const PATH: &str = "/api/v1/whale-sources";
const ADMIN: &str = "sources:write";

fn nodes() -> Value {
    json!({
        "name": "nodes", "kind": "json_rpc", "blockchain": "ethereum", "enabled": true,
        "endpoints": ["https://eth.example.org/v3/s3cret", "https://node.example.com"],
    })
}

fn created(api: &Api, body: &Value) -> Value {
    let (status, _, source) = ask(api, ("POST", PATH), ADMIN, &[], body.to_string());
    assert_eq!(status, 201, "{source}");
    source
}

fn one(source: &Value) -> String {
    format!("{PATH}/{}", source["id"].as_str().unwrap())
}

/// Whether a source is watched, and which series are fetched for one.
fn watched(api: &Api) -> (bool, Vec<String>) {
    done(api, |world| async move {
        let wishes = Market(&world).list_wishes().await.unwrap().into_iter();
        let of_sources = wishes.filter(|wish| matches!(wish.by, Wanting::Source(..)));
        let series = of_sources.map(|wish| wish.series.to_string()).collect();
        (Whales(&world).is_any_watched().await.unwrap(), series)
    })
}

#[test]
fn only_who_may_define_sources_reads_or_changes_them() {
    let api = fresh();
    let source = created(&api, &nodes());
    let others = "trading:read+trading:write+accounts:write+research:write+system:operate+wallets:write+users:write";
    let patch = json!({"enabled": false}).to_string();
    for (method, path, body) in [
        ("GET", PATH.to_owned(), String::new()),
        ("POST", PATH.to_owned(), nodes().to_string()),
        ("GET", one(&source), String::new()),
        ("PATCH", one(&source), patch),
        ("DELETE", one(&source), String::new()),
    ] {
        assert_eq!(ask(&api, (method, &path), "", &[], body.clone()).0, 401, "{method}");
        assert_eq!(ask(&api, (method, &path), others, &[], body.clone()).0, 403, "{method}");
        let by_program = ask(&api, (method, &path), "sources:write+key", &[], body).0;
        assert_eq!(by_program == 403, ["POST", "PATCH", "DELETE"].contains(&method), "{method}: {by_program}");
    }
}

#[test]
fn source_is_watched_and_priced_as_long_as_it_is_enabled() {
    let api = fresh();
    assert_eq!(watched(&api), (false, Vec::new()));
    let source = created(&api, &nodes());
    let (is_watched, series) = watched(&api);
    assert!(is_watched);
    // By the minute that prices it, and by the hour that its impact is compared with.
    assert!(series.iter().all(|series| series.starts_with("BINANCE:")), "{series:?}");
    let of = |end: &str| series.iter().filter_map(|series| series.strip_suffix(end)).collect::<Vec<_>>();
    assert_eq!((of("#1m"), series.len()), (of("#1h"), 2 * of("#1m").len()));
    assert!(of("#1m").contains(&"BINANCE:ETH/USDT"), "{series:?}");
    let disabled = ask(&api, ("PATCH", &one(&source)), ADMIN, &[], r#"{"enabled": false}"#);
    assert_eq!((disabled.0.as_u16(), &disabled.2["enabled"]), (200, &json!(false)));
    assert_eq!(watched(&api), (false, Vec::new()));
    assert_eq!(ask(&api, ("PATCH", &one(&source)), ADMIN, &[], r#"{"enabled": true}"#).0, 200);
    assert_eq!(watched(&api), (true, series));
    assert_eq!(ask(&api, ("DELETE", &one(&source)), ADMIN, &[], "").0, 204);
    assert_eq!(watched(&api), (false, Vec::new()));
    assert_eq!(ask(&api, ("GET", &one(&source)), ADMIN, &[], "").0, 404);
}

#[test]
fn endpoints_and_keys_are_sealed_and_never_shown() {
    let api = fresh();
    let mut whale_alert = json!({
        "name": "whale alert", "kind": "whale_alert", "blockchain": "bitcoin", "api_key": "k3y",
        "endpoints": ["https://api.example.org/path-s3cret"],
    });
    let source = created(&api, &whale_alert);
    assert_eq!(source["hosts"], json!(["api.example.org"]));
    assert_eq!((&source["enabled"], &source["native_transfers"]), (&json!(false), &json!(true)));
    whale_alert = json!({"endpoints": ["https://other.example.org/s3cret"], "api_key": "k3y"});
    let changed = ask(&api, ("PATCH", &one(&source)), ADMIN, &[], whale_alert.to_string()).2;
    assert_eq!((&changed["hosts"], &changed["version"]), (&json!(["other.example.org"]), &json!(2)));
    let list = ask(&api, ("GET", PATH), ADMIN, &[], "").2;
    let rows = format!("{:?}", api.store.table());
    for told in [source.to_string(), changed.to_string(), list.to_string(), rows] {
        assert!(!told.contains("s3cret") && !told.contains("k3y"), "{told}");
    }
    let sealed = done(&api, |world| async move { Vault(&world).list_sources().await.unwrap().remove(0) });
    assert_eq!(sealed.secret.kind.0.as_str(), "source");
}

#[test]
fn what_cannot_be_read_is_refused_by_its_member() {
    let api = fresh();
    let with = |name: &str, value: Value| {
        let mut body = nodes();
        body[name] = value;
        body
    };
    for (body, field) in [
        (with("kind", json!("esplora")), "blockchain"),
        (with("kind", json!("websocket")), "kind"),
        (with("blockchain", json!("solana")), "blockchain"),
        (with("endpoints", json!(["https://eth.example.org"])), "endpoints"),
        (with("endpoints", json!(["https://eth.example.org/a", "https://eth.example.org/b"])), "endpoints"),
        (with("endpoints", json!(["https://eth.example.org", "http://127.0.0.1:8545"])), "endpoints"),
        (with("endpoints", json!(["https://eth.example.org", "https://169.254.169.254/"])), "endpoints"),
        (with("endpoints", json!(["https://eth.example.org", "https://user:pass@node.example.com"])), "endpoints"),
        (with("endpoints", json!([])), "endpoints"),
        (with("endpoints", json!("https://eth.example.org")), "endpoints"),
        (with("api_key", json!("k")), "api_key"),
        (with("name", json!("")), "name"),
        (with("name", json!("x".repeat(41))), "name"),
        (with("enabled", json!("yes")), "enabled"),
        (with("hosts", json!([])), "hosts"),
    ] {
        let (status, _, problem) = ask(&api, ("POST", PATH), ADMIN, &[], body.to_string());
        assert_eq!(status, 422, "{body}: {problem}");
        assert!(problem.to_string().contains(field), "{body}: {problem}");
        assert!(!problem.to_string().contains("example"), "{problem}");
    }
    assert_eq!(ask(&api, ("POST", PATH), ADMIN, &[], "{").0, 400);
    let source = created(&api, &nodes());
    for (body, field) in [
        (json!({"kind": "esplora"}), "kind"),
        (json!({"api_key": "k"}), "endpoints"),
        (json!({"endpoints": ["https://eth.example.org"]}), "endpoints"),
    ] {
        let (status, _, problem) = ask(&api, ("PATCH", &one(&source)), ADMIN, &[], body.to_string());
        assert_eq!((status.as_u16(), problem.to_string().contains(field)), (422, true), "{problem}");
    }
}

#[test]
fn name_is_one_sources_alone_and_ten_are_enough() {
    let api = fresh();
    let source = created(&api, &nodes());
    let again = ask(&api, ("POST", PATH), ADMIN, &[], nodes().to_string());
    assert_eq!((again.0.as_u16(), &again.2["code"]), (400, &json!("DUPLICATE_WHALE_SOURCE")));
    for number in 1..10 {
        let mut other = nodes();
        other["name"] = json!(format!("nodes {number}"));
        created(&api, &other);
    }
    let taken = ask(&api, ("PATCH", &one(&source)), ADMIN, &[], r#"{"name": "nodes 3"}"#);
    assert_eq!((taken.0.as_u16(), &taken.2["code"]), (400, &json!("DUPLICATE_WHALE_SOURCE")));
    let mut eleventh = nodes();
    eleventh["name"] = json!("one more");
    let full = ask(&api, ("POST", PATH), ADMIN, &[], eleventh.to_string());
    assert_eq!((full.0.as_u16(), &full.2["code"]), (409, &json!("too_many_whale_sources")));
    let list = ask(&api, ("GET", PATH), ADMIN, &[], "").2;
    assert_eq!(list["items"].as_array().unwrap().len(), 10);
}

#[test]
fn change_is_meant_for_a_version() {
    let api = fresh();
    let source = created(&api, &nodes());
    let patch = |seen: &str, body: &str| ask(&api, ("PATCH", &one(&source)), ADMIN, &[("if-match", seen)], body);
    assert_eq!(patch("\"1\"", r#"{"native_transfers": false}"#).2["version"], json!(2));
    let late = patch("\"1\"", r#"{"enabled": false}"#);
    assert_eq!((late.0.as_u16(), &late.2["code"]), (409, &json!("version_conflict")));
    assert_eq!(patch("\"2\"", r#"{"native_transfers": false}"#).2["version"], json!(2), "nothing has changed");
    let gone = ask(&api, ("DELETE", &one(&source)), ADMIN, &[("if-match", "\"1\"")], "");
    assert_eq!(gone.0, 409);
}

#[test]
fn every_change_is_on_record_without_what_is_sealed() {
    let api = fresh();
    let source = created(&api, &nodes());
    assert_eq!(ask(&api, ("PATCH", &one(&source)), ADMIN, &[], r#"{"enabled": false}"#).0, 200);
    assert_eq!(ask(&api, ("DELETE", &one(&source)), ADMIN, &[], "").0, 204);
    let audits: Vec<_> = api.store.table().audits().collect();
    let actions: Vec<_> = audits.iter().map(|audit| audit.action.as_str()).collect();
    assert_eq!(actions, ["create whale source", "change whale source", "delete whale source"]);
    assert!(audits[1].after.as_ref().unwrap().contains("disabled"), "{audits:?}");
    assert!(audits.iter().all(|audit| !format!("{audit:?}").contains("s3cret")));
}
