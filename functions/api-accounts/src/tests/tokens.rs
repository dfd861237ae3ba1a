use super::accounts::{ask_seen, told};
use super::*;
use app::ports::{KeptToken, Secret, TokenChange};
use domain::delivery::{Delivery, DeliveryKey};
use domain::ids::{Sha, TokenId};
use domain::limits::WEBHOOK_TOKENS_PER_USER_MAX;
use domain::token::{Grant, WebhookToken};
use serde_json::json;
use store::trading::Trading;

pub(super) const PATH: &str = "/api/v1/webhook-tokens";

fn id() -> TokenId {
    TokenId::of(&["one"])
}

/// A token of Ann's at version 3, for accounts that are called so.
pub(super) fn kept_for(account: Option<&str>) -> KeptToken {
    let token = WebhookToken {
        id: id(),
        user: ann(),
        hash: Secret::new("whk_kept".to_owned()).hash(),
        account: account.map(str::to_owned),
        exchange: None,
        expires_at: None,
        grant: Grant { markets: vec!["BTC/USDT".parse().unwrap()], ..Grant::default() },
    };
    let (label, hint) = (Some("chart".to_owned()), Some("whk_kept".to_owned()));
    KeptToken { token, label, hint, created_at: Some(AT), version: 3, replaced: false, revoked_at: None }
}

/// Another one, called so.
fn called(label: &str, user: &UserId) -> KeptToken {
    let kept = kept_for(None);
    let hash = Secret::new(format!("whk_{label}")).hash();
    let token = WebhookToken { id: TokenId::of(&[label]), user: user.clone(), hash, ..kept.token };
    KeptToken { token, label: Some(label.to_owned()), ..kept }
}

pub(super) fn put(api: &Api, kept: &KeptToken) {
    let record = on_record(&kept.token.user, kept.token.id.as_str());
    let change = TokenChange { made: Some(kept.clone()), ..TokenChange::default() };
    assert!(done(api, |world| async move { Trading(&world).change_tokens(&change, &record).await.unwrap() }));
}

/// An alert that came by this token at that moment.
fn put_delivery(api: &Api, token: &TokenId, body: &str, first_at: Timestamp) {
    let hash = Sha::of_bytes(body.as_bytes());
    let key = DeliveryKey::of(&ann(), token, None, &hash);
    let delivery = Delivery {
        at: Delivery::reference(&ann(), &key, first_at),
        identity: key.identity,
        token: token.clone(),
        account: None,
        exchange: None,
        grant: Grant::default(),
        body: body.to_owned(),
        body_hash: hash,
        source_ip: None,
        lane: "lane".to_owned(),
        trace: "trace".to_owned(),
        decisions: 0,
        repeats: 0,
        verdict: None,
        due_at: None,
        expires_at: first_at.plus(Millis::DAY),
        part: None,
        by_hand: None,
        bot: None,
    };
    let attempt = AttemptId::new(body.to_owned());
    done(api, |world| async move { Trading(&world).put_delivery(&delivery, &attempt).await.unwrap() });
}

/// Ann has one, and Eve another.
fn anns() -> Api {
    let api = fresh();
    put(&api, &kept_for(Some("default")));
    put(&api, &called("eves", &eve()));
    api
}

fn one() -> String {
    format!("{PATH}/{}", id())
}

/// Whose alerts this secret lets in.
fn let_in_by(api: &Api, secret: &Value) -> Option<WebhookToken> {
    let hash = Secret::new(secret.as_str().unwrap().to_owned()).hash();
    done(api, |world| async move { Trading(&world).find_token(&ann(), &hash).await.unwrap() })
}

#[test]
fn a_token_is_shown_once_with_the_whole_way_to_the_webhook() {
    let api = fresh();
    let body = json!({"label": "my chart", "markets": ["BTCUSDT", "BTC/USDT"], "only": "entry", "order_quote_max": "250",
               "from": "tradingview"});
    let (status, headers, made) = ask(&api, "POST", PATH, ALL, body.to_string());
    assert_eq!(
        (status, &headers["etag"], &headers["cache-control"]),
        (StatusCode::CREATED, &"\"1\"".parse().unwrap(), &"no-store".parse().unwrap())
    );
    let secret = made["secret"].as_str().unwrap();
    let by = let_in_by(&api, &made["secret"]).unwrap();
    assert_eq!((secret.len(), &made["id"]), (47, &json!(by.id.as_str())));
    let path = format!("/api/webhook/{}/{secret}", ann());
    assert_eq!(
        (&made["webhook_path"], &made["webhook_url"]),
        (&json!(path), &json!(format!("https://api.example.com{path}")))
    );
    assert_eq!(made["markets"], json!(["BTC/USDT"]), "one market, however it is spelled");
    assert_eq!(
        (&made["only"], &made["order_quote_max"], &made["presets"], &made["from"]),
        (&json!("entry"), &json!("250"), &Value::Null, &json!("tradingview"))
    );
    let one = format!("{PATH}/{}", by.id);
    for (method, path) in [("GET", PATH), ("GET", &*one), ("PATCH", &*one)] {
        let (status, _, told) = ask(&api, method, path, ALL, "{}");
        assert!(status == StatusCode::OK && !told.to_string().contains(secret), "{method} {path}: {told}");
    }
}

/// Which of them its exchange trades is asked when an alert comes.
#[test]
fn a_token_is_for_every_market_that_a_symbol_may_mean() {
    let body = json!({"label": "coins", "markets": ["BNBUSD", "BNB/USD", "XBTUSDT"]});
    let (status, _, made) = ask(&fresh(), "POST", PATH, ALL, body.to_string());
    assert_eq!((status, &made["markets"]), (StatusCode::CREATED, &json!(["BN/BUSD", "BNB/USD", "BTC/USDT"])));
}

#[test]
fn two_tokens_have_two_secrets() {
    let api = anns();
    let made = ask(&api, "POST", PATH, ALL, r#"{"label": "one"}"#).2;
    let (status, _, rotated) = ask(&api, "POST", &format!("{}/rotate", one()), ALL, "");
    assert_eq!((status, &rotated["former_until"]), (StatusCode::OK, &json!("2025-11-21T08:51:00Z")), "a day");
    assert_ne!(made["secret"], rotated["secret"]);
    let former = let_in_by(&api, &json!("whk_kept")).unwrap();
    assert_eq!((former.id, former.expires_at), (id(), Some(AT.plus(Millis::DAY))));
    let by = let_in_by(&api, &rotated["secret"]).unwrap();
    assert_eq!((by.id, by.expires_at, rotated["version"].as_u64()), (id(), None, Some(4)));
    let (status, _, again) = ask(&api, "POST", &format!("{}/rotate", one()), ALL, r#"{"overlap_seconds": 60}"#);
    assert_eq!((status, &again["former_until"]), (StatusCode::OK, &json!("2025-11-20T08:52:00Z")));
}

#[test]
fn a_list_says_when_a_token_was_used_last() {
    let api = anns();
    put(&api, &called("never", &ann()));
    for (body, at) in [("first", AT.minus(Millis::DAY)), ("last", AT)] {
        put_delivery(&api, &id(), body, at);
    }
    let (status, _, list) = ask(&api, "GET", PATH, "trading:read", "");
    assert_eq!(status, StatusCode::OK);
    let items = list["items"].as_array().unwrap();
    let of = |label: &str| items.iter().find(|item| item["label"] == label).unwrap();
    assert_eq!((items.len(), &of("never")["last_used_at"]), (2, &Value::Null));
    assert_eq!(of("chart")["last_used_at"], "2025-11-20T08:51:00Z");
    assert_eq!((&of("chart")["hint"], &list["next_cursor"]), (&json!("whk_kept"), &Value::Null));
    assert_eq!(ask(&api, "GET", &one(), "trading:read", "").2["last_used_at"], "2025-11-20T08:51:00Z");
}

#[test]
fn what_is_left_out_stays_with_patch_and_put_lifts_what_it_says_alone() {
    let api = anns();
    let patch = ask(&api, "PATCH", &one(), ALL, r#"{"only": "exit", "account": null, "from": "tradingview"}"#).2;
    assert_eq!((&patch["label"], &patch["account"], &patch["only"]), (&json!("chart"), &Value::Null, &json!("exit")));
    assert_eq!((&patch["markets"], &patch["from"]), (&json!(["BTC/USDT"]), &json!("tradingview")));
    assert_eq!(ask(&api, "GET", &one(), ALL, "").2, patch);
    let whole = json!({
        "label": "other", "account": null, "exchange": null, "markets": null, "presets": null, "order_quote_max": null, "only": null,
        "from": null, "expires_at": null,
    });
    for left_out in ["account", "exchange", "markets", "presets", "order_quote_max", "only", "from", "expires_at"] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(left_out);
        let (status, _, problem) = ask(&api, "PUT", &one(), ALL, body.to_string());
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(left_out)));
    }
    assert_eq!(ask(&api, "GET", &one(), ALL, "").2, patch, "nothing was lifted");
    let put = ask(&api, "PUT", &one(), ALL, whole.to_string()).2;
    assert_eq!((&put["label"], &put["account"], &put["markets"]), (&json!("other"), &Value::Null, &Value::Null));
    assert_eq!((&put["only"], &put["version"]), (&Value::Null, &json!(5)));
}

#[test]
fn whoever_may_only_look_or_trade_changes_no_token() {
    let (api, rotate) = (anns(), format!("{}/rotate", one()));
    for (method, path) in
        [("POST", PATH.to_owned()), ("PUT", one()), ("PATCH", one()), ("DELETE", one()), ("POST", rotate)]
    {
        let body = r#"{"label": "one"}"#;
        let (status, _, problem) = ask(&api, method, &path, "trading:read+trading:write", body);
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")), "{method} {path}");
        let (status, ..) = ask(&api, method, &path, "", body);
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    assert_eq!(ask(&api, "GET", PATH, "accounts:write", "").0, StatusCode::FORBIDDEN);
    assert_eq!(ask(&api, "GET", &one(), ALL, "").2["version"], 3);
}

#[test]
fn a_field_that_breaks_its_rule_is_named_and_no_other_is_taken() {
    let api = anns();
    let many: Vec<_> = (0..21).map(|number| format!("A{number}/USDT")).collect();
    for (field, value) in [
        ("label", json!(null)),
        ("label", json!("")),
        ("label", json!("a  b")),
        ("label", json!("a\nb")),
        ("label", json!("x".repeat(41))),
        ("label", json!(7)),
        ("account", json!("a#b")),
        ("exchange", json!("no exchange")),
        ("exchange", json!(["PAPER"])),
        ("markets", json!("BTC/USDT")),
        ("markets", json!([])),
        ("presets", json!([])),
        ("markets", json!([1])),
        ("markets", json!(["//"])),
        ("markets", json!(many)),
        ("presets", json!(["no name!"])),
        ("presets", json!({})),
        ("order_quote_max", json!("0")),
        ("order_quote_max", json!("-1")),
        ("order_quote_max", json!("NaN")),
        ("order_quote_max", json!(250)),
        ("only", json!("both")),
        ("from", json!("anywhere")),
        ("from", json!(["tradingview"])),
        ("expires_at", json!("yesterday")),
        ("expires_at", json!("2001-01-01T00:00:00Z")),
        ("expires_at", json!(1)),
        ("id", json!("tok_1")),
        ("user", json!("usr_1")),
        ("hash", json!("abc")),
        ("version", json!(9)),
        ("secret", json!("whk_chosen")),
    ] {
        let mut body = json!({"label": "chart"});
        body[field] = value.clone();
        for (method, path) in [("POST", PATH.to_owned()), ("PUT", one()), ("PATCH", one())] {
            let (status, _, problem) = ask(&api, method, &path, ALL, body.to_string());
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{method} {field} {value}: {problem}");
            assert_eq!(problem["field"], field, "{value}");
        }
    }
    for overlap in [json!(-1), json!(604_801), json!("1"), json!(1.5)] {
        let body = json!({"overlap_seconds": overlap}).to_string();
        let (status, _, problem) = ask(&api, "POST", &format!("{}/rotate", one()), ALL, body);
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("overlap_seconds")), "{overlap}");
    }
    for body in ["", "{", "[]", "null"] {
        let (status, _, problem) = ask(&api, "POST", PATH, ALL, body);
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_json")), "{body}");
    }
    assert_eq!(ask(&api, "GET", PATH, ALL, "").2["items"].as_array().map(Vec::len), Some(1), "nothing came of it");
}

#[test]
fn what_cannot_be_done_with_a_token_is_told() {
    let api = anns();
    let create = |api: &Api, label: &str| told(ask(api, "POST", PATH, ALL, json!({"label": label}).to_string()));
    assert_eq!(create(&api, "chart"), (400, json!("DUPLICATE_WEBHOOK_TOKEN")));
    assert_eq!(create(&api, "eves").0, 201, "labels of others are free");
    let renamed = ask(&api, "PATCH", &one(), ALL, r#"{"label": "eves"}"#);
    assert_eq!(told(renamed), (400, json!("DUPLICATE_WEBHOOK_TOKEN")));
    for (method, path, body) in
        [("PATCH", one(), r#"{"only": "exit"}"#), ("POST", format!("{}/rotate", one()), ""), ("DELETE", one(), "")]
    {
        let conflict = ask_seen(&api, 2, (method, &path), ALL, body);
        assert_eq!(conflict, (409, json!("version_conflict")), "{method} {path}");
    }
    let full = fresh();
    (0..WEBHOOK_TOKENS_PER_USER_MAX).for_each(|number| put(&full, &called(&format!("n{number}"), &ann())));
    assert_eq!(create(&full, "one"), (409, json!("too_many_webhook_tokens")));
    api.store.set_down("query TOK#", true);
    assert_eq!(told(ask(&api, "GET", PATH, ALL, "")), (503, json!("unavailable")));
}

#[test]
fn what_is_somebody_elses_or_no_token_is_not_there_and_one_that_is_revoked_is_gone() {
    let api = anns();
    let foreign = format!("{PATH}/{}", called("eves", &eve()).token.id);
    for path in [&*foreign, &format!("{PATH}/acc_1"), &format!("{PATH}/..%2f")] {
        assert_eq!(ask(&api, "GET", path, ALL, "").0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(told(ask(&api, "DELETE", &foreign, ALL, "")), (404, json!("not_found")));
    assert_eq!(ask(&api, "DELETE", &one(), ALL, "").0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&api, "GET", &one(), ALL, "").0, StatusCode::NOT_FOUND);
    let revoked = let_in_by(&api, &json!("whk_kept")).unwrap();
    assert!(!revoked.is_live(AT), "it lets nothing in");
}

#[test]
fn a_programs_key_lets_in_no_alerts_and_may_still_revoke() {
    let api = anns();
    let key = format!("{ALL}{KEY}");
    let one = format!("{PATH}/{}", id());
    for (method, path, body) in [
        ("POST", PATH.to_owned(), r#"{"label": "x"}"#),
        ("PUT", one.clone(), r#"{"label": "x"}"#),
        ("PATCH", one.clone(), r#"{"label": "x"}"#),
        ("POST", format!("{one}/rotate"), ""),
    ] {
        let (status, _, problem) = ask(&api, method, &path, &key, body);
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{method} {path}");
    }
    let list = ask(&api, "GET", PATH, &key, "").2;
    let versions: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["version"].clone()).collect();
    assert_eq!(versions, [json!(3)], "no secret was made");
    assert_eq!(ask(&api, "DELETE", &one, &key, "").0.as_u16(), 204);
    assert_eq!(ask(&api, "GET", PATH, &key, "").2["items"], json!([]));
}
