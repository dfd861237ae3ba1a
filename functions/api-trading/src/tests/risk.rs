//! Risk rules.

use super::*;
use app::risk::assessed::assess_book;
use domain::account::{Account, Reducing};
use domain::audit::Actor;
use domain::risk::AssessedFor;
use wire::assess::Todo;
use wire::text::Text;

const RULE: &str = r#"{"scope": {"kind": "assets", "of": ["SOL", "AVAX"]}, "kind": "exposure", "max": "500", "currency": "USDT",
    "action": "reduce", "label": "alts"}"#;

fn asked(api: &Api, method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Value) {
    ask_with(api, method, &format!("/api/v1/{path}"), body, TOKEN, headers)
}

fn created(api: &Api, body: &str) -> String {
    let (status, headers, rule) = asked(api, "POST", "risk-rules", body, &[]);
    assert_eq!((status, headers["etag"].to_str().unwrap()), (201, "\"1\""), "{rule}");
    rule["id"].as_str().unwrap().to_owned()
}

#[test]
fn rule_is_created_listed_behind_limits_replaced_and_deleted() {
    let api = api();
    let limits = asked(&api, "GET", "risk-rules", "", &[]).2["items"].as_array().unwrap().len();
    assert!(limits > 0 && limits.is_multiple_of(5), "five limits of each account: {limits}");
    let id = created(&api, RULE);
    let listed = asked(&api, "GET", "risk-rules", "", &[]).2;
    let (first, last) = (&listed["items"][0], &listed["items"][limits]);
    assert_eq!((&first["source"], &first["version"]), (&json!("account_limits"), &Value::Null));
    assert_eq!((&last["id"], &last["source"], &last["enabled"]), (&json!(id), &json!("rule"), &json!(true)));
    assert_eq!(last["scope"], json!({"kind": "assets", "of": ["AVAX", "SOL"]}));
    let path = format!("risk-rules/{id}");
    let stricter = RULE.replace("500", "400");
    let (status, _, replaced) = asked(&api, "PUT", &path, &stricter, &[("if-match", "\"1\"")]);
    assert_eq!((status, &replaced["max"], &replaced["version"]), (200, &json!("400"), &json!(2)));
    let stale = asked(&api, "PUT", &path, &stricter, &[("if-match", "\"1\"")]);
    assert_eq!((stale.0, &stale.2["code"]), (409, &json!("version_conflict")));
    assert_eq!(asked(&api, "DELETE", &path, "", &[]).0, 204);
    assert_eq!(asked(&api, "GET", &path, "", &[]).0, 404);
}

#[test]
fn rule_that_cannot_be_names_its_field_and_what_is_allowed() {
    let api = api();
    let wrong = |field: &str, body: Value| {
        let (status, _, problem) = asked(&api, "POST", "risk-rules", &body.to_string(), &[]);
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{body}: {problem}");
    };
    let user = json!({"kind": "user"});
    wrong("kind", json!({"scope": user, "kind": "luck", "max": "1"}));
    wrong("max", json!({"scope": user, "kind": "open_positions", "max": "-1"}));
    wrong("max", json!({"scope": user, "kind": "open_positions", "max": "99999999999999999999"}));
    wrong("max", json!({"scope": user, "kind": "exposure", "max": "-0.1", "currency": "USDT"}));
    wrong("max", json!({"scope": user, "kind": "exposure", "max": "1e99", "currency": "USDT"}));
    wrong("max", json!({"scope": user, "kind": "leverage", "max": "126"}));
    wrong("max", json!({"scope": user, "kind": "spread", "max": "101"}));
    wrong("max", json!({"scope": user, "kind": "losing_closes", "max": "0"}));
    wrong("max", json!({"scope": user, "kind": "day_loss_percent", "max": "100.1", "currency": "USDT"}));
    wrong("max", json!({"scope": user, "kind": "exposure_percent", "max": "1001", "currency": "USDT"}));
    wrong("currency", json!({"scope": user, "kind": "drawdown", "max": "1"}));
    let market = json!({"kind": "symbol", "of": ["BTC/USDT"]});
    wrong("scope.kind", json!({"scope": market, "kind": "drawdown", "max": "1", "currency": "USDT"}));
    wrong("currency", json!({"scope": user, "kind": "exposure", "max": "1"}));
    wrong("currency", json!({"scope": user, "kind": "open_positions", "max": "1", "currency": "USDT"}));
    wrong("action", json!({"scope": user, "kind": "open_positions", "max": "1", "action": "reduce"}));
    wrong("action", json!({"scope": user, "kind": "open_positions", "max": "1", "action": "pray"}));
    wrong("scope.of", json!({"scope": {"kind": "user", "of": ["me"]}, "kind": "open_positions", "max": "1"}));
    wrong("scope.of", json!({"scope": {"kind": "assets"}, "kind": "open_positions", "max": "1"}));
    wrong(
        "scope.of",
        json!({"scope": {"kind": "symbol", "of": ["BTC/USDT", "ETH/USDT"]}, "kind": "open_positions", "max": "1"}),
    );
    wrong(
        "scope.of",
        json!({"scope": {"kind": "account", "of": ["acc_foreign"]}, "kind": "open_positions", "max": "1"}),
    );
    wrong("scope.of", json!({"scope": {"kind": "bot", "of": ["bot_foreign"]}, "kind": "open_positions", "max": "1"}));
    wrong("scope.of", json!({"scope": {"kind": "strategy", "of": ["MOON"]}, "kind": "open_positions", "max": "1"}));
    wrong("label", json!({"scope": user, "kind": "open_positions", "max": "1", "label": "x".repeat(65)}));
    assert_eq!(asked(&api, "POST", "risk-rules", "{", &[]).2["code"], "invalid_json");
}

#[test]
fn limit_of_an_account_is_changed_where_it_stands() {
    let api = api();
    let listed = asked(&api, "GET", "risk-rules", "", &[]).2;
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    for (method, path, body) in [("GET", "", ""), ("PUT", "", RULE), ("DELETE", "", ""), ("POST", "/test", "")] {
        let answer = asked(&api, method, &format!("risk-rules/{id}{path}"), body, &[]);
        assert_eq!((answer.0, &answer.2["code"]), (409, &json!("account_limit")), "{method}");
    }
}

#[test]
fn recommended_rules_are_created_once() {
    let api = api();
    let recommend = || asked(&api, "POST", "risk-rules/recommended", r#"{"currency": "USDT"}"#, &[]);
    let (status, _, first) = recommend();
    assert_eq!((status, first["rules"].as_array().unwrap().len()), (200, 8), "{first}");
    assert_eq!(recommend().2, first);
    let kinds: Vec<_> = first["rules"].as_array().unwrap().iter().map(|rule| rule["kind"].as_str().unwrap()).collect();
    let [sizes, losses] = [["order_size", "leverage"], ["day_loss_percent", "drawdown"]];
    let others = ["losing_closes", "entries_per_hour", "price_collar", "spread"];
    assert_eq!(kinds, [&sizes[..], &losses, &others].concat());
}

/// A rule with the label of the set is no rule of the set.
#[test]
fn recommended_rule_is_created_beside_one_that_holds_less() {
    let api = api();
    for (max, action, enabled) in [("999", "notify", true), ("999", "refuse", true), ("250", "refuse", false)] {
        let rule = json!({"scope": {"kind": "user"}, "kind": "order_size", "max": max, "currency": "USDT", "action": action,
            "enabled": enabled, "label": "recommended"});
        created(&api, &rule.to_string());
    }
    let stricter = json!({"scope": {"kind": "user"}, "kind": "leverage", "max": "2"});
    let stricter = created(&api, &stricter.to_string());
    let set = asked(&api, "POST", "risk-rules/recommended", r#"{"currency": "USDT"}"#, &[]).2;
    let (size, leverage) = (&set["rules"][0], &set["rules"][1]);
    assert_eq!((&size["max"], &size["action"], &size["enabled"]), (&json!("250"), &json!("refuse"), &json!(true)));
    assert_eq!(leverage["id"], json!(stricter), "a stricter one is enough: {set}");
}

/// The account whose entries this rule has paused until then.
fn paused_until(api: &Api, rule: &str, until: Timestamp) {
    let rule = Some(rule.parse().unwrap());
    let reducing = Reducing { at: AT, until: Some(until), reason: "a rule".to_owned(), by: Actor::Rule, rule };
    let account = Account { halted: None, reducing: Some(reducing), ..account() };
    rows::put_account(&api.store, account, &[]);
}

#[test]
fn resume_overrides_a_rule_for_the_mode_that_it_has_paused_and_none_whose_pause_is_over() {
    let api = api();
    let rule =
        r#"{"scope": {"kind": "user"}, "kind": "open_positions", "max": "1", "action": "pause", "pause_minutes": 1}"#;
    let id = created(&api, rule);
    let resume =
        |token: &str| ask(&api, "POST", "/api/v1/resume", r#"{"reason": "over", "account": "default"}"#, token).0;
    let overridden = || asked(&api, "GET", &format!("risk-rules/{id}"), "", &[]).2["overridden"].clone();
    paused_until(&api, &id, AT);
    assert_eq!((resume(TOKEN), overridden()), (200, json!([])), "a program's key, and there is nothing to end");
    assert_eq!((resume(PERSON), overridden()), (200, json!([])), "nor by a person");
    let path = format!("/api/v1/risk-rules/{id}/resume");
    let (status, _, rule) = ask(&api, "POST", &path, r#"{"reason": "over"}"#, PERSON);
    assert_eq!((status, &rule["overridden"]), (200, &json!([])), "it has paused nothing");
    paused_until(&api, &id, AT.plus(Millis::seconds(60)));
    assert_eq!(resume(TOKEN), 409, "what a rule has paused is a person's to end");
    assert_eq!(overridden(), json!([]));
    assert_eq!(resume(PERSON), 200);
    assert_eq!((&overridden()[0]["mode"], &overridden()[1]), (&json!("paper"), &Value::Null));
}

#[test]
fn rule_is_tested_against_what_is_open() {
    let api = api();
    let id =
        created(&api, r#"{"scope": {"kind": "user"}, "kind": "order_size", "max": "0.00000001", "currency": "USDT"}"#);
    let (status, _, tested) = asked(&api, "POST", &format!("risk-rules/{id}/test"), "", &[]);
    assert_eq!((status, &tested["rule"]["id"]), (200, &json!(id)), "{tested}");
    let modes: Vec<_> = tested["modes"].as_array().unwrap().iter().map(|one| one["mode"].as_str().unwrap()).collect();
    assert_eq!(modes, ["live", "testnet", "paper"]);
    let broken = tested["modes"].as_array().unwrap().iter().map(|one| one["broken_by"].as_array().unwrap().len());
    assert!(broken.sum::<usize>() > 0, "{tested}");
    let spread = created(&api, r#"{"scope": {"kind": "user"}, "kind": "spread", "max": "1"}"#);
    let tested = asked(&api, "POST", &format!("risk-rules/{spread}/test"), "", &[]).2;
    assert_eq!(tested["modes"][0]["comes_to"], Value::Null, "no book tells a spread");
    let lost = r#"{"scope": {"kind": "user"}, "kind": "day_loss_percent", "max": "5", "currency": "USDT"}"#;
    let lost = created(&api, lost);
    let tested = asked(&api, "POST", &format!("risk-rules/{lost}/test"), "", &[]).2;
    assert_eq!(tested["modes"][0]["comes_to"], json!("0"), "{tested}");
}

#[test]
fn assessment_is_requested_made_and_listed_and_is_its_users_own() {
    let api = api();
    assert_eq!(asked(&api, "GET", "risk-assessments/latest", "", &[]).0, 404);
    let (status, _, requested) = asked(&api, "POST", "risk-assessments", "", &[]);
    assert_eq!(status, 202, "{requested}");
    let begun = api.store.assessments_begun();
    assert_eq!(begun.len(), 1);
    assert_eq!(begun[0].clone().known().unwrap(), Todo::User { user: Text(user()) });
    let world = api.store.clone();
    api.store.sim().block_on("assess", async move {
        assess_book(&world, &user(), AssessedFor::Request, AT).await.unwrap();
    });
    let (status, _, latest) = asked(&api, "GET", "risk-assessments/latest", "", &[]);
    assert_eq!(status, 200, "{latest}");
    let book = &latest["books"][0];
    assert_eq!(
        (&latest["made_for"], &book["currency"], &book["unvalued"]),
        (&json!("request"), &json!("USDT"), &json!([]))
    );
    assert_eq!(book["worst_cases"].as_array().unwrap().len(), 1, "{book}");
    let position = &book["worst_cases"][0];
    assert_eq!((&position["symbol"], &position["margin_gone_price"]), (&json!("BTC/USDT"), &Value::Null));
    let names: Vec<_> = book["factors"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["volatility", "concentration", "liquidity", "correlation", "leverage"]);
    assert_eq!(book["factors"][0]["value"], Value::Null, "no candles are kept");
    assert_eq!(latest["outdated"], json!(false));
    let listed = asked(&api, "GET", "risk-assessments", "", &[]).2;
    assert_eq!(listed["items"], json!([latest]));
    rows::put_account(&api.store, account(), &[]);
    assert_eq!(asked(&api, "GET", "risk-assessments/latest", "", &[]).2["outdated"], json!(true), "it has closed");
    let theirs = ask_with(&api, "GET", "/api/v1/risk-assessments/latest", "", MANAGER, &[]);
    assert_eq!(theirs.0, 404, "it is the user's own");
}
