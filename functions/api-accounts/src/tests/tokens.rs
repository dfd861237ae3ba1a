use super::*;
use crate::desk::Tokened;
use app::actor::Act;
use app::ports::{KeptToken, Secret};
use app::tokens::{InPerson, Token, Wanted};
use domain::clock::Millis;
use domain::ids::TokenId;
use domain::token::{Grant, WebhookToken};
use serde_json::json;
use std::collections::BTreeMap;

const PATH: &str = "/api/v1/webhook-tokens";

fn id() -> TokenId {
    TokenId::of(&["one"])
}

fn token(wanted: Option<Wanted>, secret: Option<&Secret>) -> Token {
    let wanted = wanted.unwrap_or_else(|| Wanted {
        label: "chart".to_owned(),
        account: Some("default".to_owned()),
        exchange: None,
        grant: Grant { markets: vec!["BTC/USDT".parse().unwrap()], ..Grant::default() },
        expires_at: None,
    });
    let token = WebhookToken {
        id: id(),
        user: ann(),
        hash: secret.map_or_else(|| Secret::new("whk_kept".to_owned()), Clone::clone).hash(),
        account: wanted.account,
        exchange: wanted.exchange,
        expires_at: wanted.expires_at,
        grant: wanted.grant,
    };
    let (label, hint) = (Some(wanted.label), Some("whk_kept".to_owned()));
    let kept = KeptToken { token, label, hint, created_at: Some(AT), version: 3, replaced: false, revoked_at: None };
    Token { kept, former_until: Some(AT.plus(Millis::DAY)) }
}

impl Stub {
    fn done<T>(&self, done: T) -> Tokened<T> {
        self.token_refusal.clone().map_or(Ok(done), Err)
    }

    fn note(&self, secret: &Secret) {
        self.secrets.lock().unwrap().push(secret.expose().to_owned());
    }
}

impl TokenDesk for Stub {
    async fn tokens(&self, _: Act<'_>) -> Tokened<Vec<Token>> {
        self.done(vec![token(None, None)])
    }
    async fn token(&self, of: &TokenId, _: Act<'_>) -> Tokened<Token> {
        if *of == id() { self.done(token(None, None)) } else { Err(TokenError::Unknown) }
    }
    async fn token_uses(&self, user: &UserId) -> Tokened<BTreeMap<TokenId, Timestamp>> {
        assert_eq!(*user, ann());
        Ok(BTreeMap::from([(id(), AT)]))
    }
    async fn create_token(&self, wanted: Wanted, secret: &Secret, _: InPerson<'_>) -> Tokened<Token> {
        self.note(secret);
        self.done(token(Some(wanted), Some(secret)))
    }
    async fn restrict_token(
        &self,
        of: &TokenId,
        wanted: impl Fn(&KeptToken) -> Wanted + Send + Sync,
        _: Option<u64>,
        _: InPerson<'_>,
    ) -> Tokened<Token> {
        assert_eq!(*of, id());
        self.done(token(Some(wanted(&token(None, None).kept)), None))
    }
    async fn rotate_token(
        &self,
        _: &TokenId,
        secret: &Secret,
        overlap: Millis,
        _: Option<u64>,
        _: InPerson<'_>,
    ) -> Tokened<Token> {
        self.note(secret);
        let former_until = Some(AT.plus(overlap));
        self.done(Token { former_until, ..token(None, Some(secret)) })
    }
    async fn revoke_token(&self, _: &TokenId, _: Option<u64>, _: Act<'_>) -> Tokened<()> {
        self.done(())
    }
}

fn one() -> String {
    format!("{PATH}/{}", id())
}

#[tokio::test]
async fn a_token_is_shown_once_with_the_whole_way_to_the_webhook() {
    let stub = Stub::default();
    let body = json!({"label": "my chart", "markets": ["BTCUSDT", "BTC/USDT"], "only": "entry", "order_quote_max": "250",
               "from": "tradingview"});
    let (status, headers, made) = ask(&stub, "POST", PATH, ALL, body.to_string()).await;
    assert_eq!(
        (status, &headers["etag"], &headers["cache-control"]),
        (StatusCode::CREATED, &"\"3\"".parse().unwrap(), &"no-store".parse().unwrap())
    );
    let secret = stub.secrets.lock().unwrap()[0].clone();
    assert_eq!((secret.len(), &made["secret"]), (47, &json!(secret)));
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
    for (method, path) in [("GET", PATH.to_owned()), ("GET", one()), ("PATCH", one())] {
        let (status, _, told) = ask(&stub, method, &path, ALL, "{}").await;
        assert!(status == StatusCode::OK && !told.to_string().contains(&secret), "{method} {path}: {told}");
    }
}

/// Which of them its exchange trades is asked when an alert comes.
#[tokio::test]
async fn a_token_is_for_every_market_that_a_symbol_may_mean() {
    let stub = Stub::default();
    let body = json!({"label": "coins", "markets": ["BNBUSD", "BNB/USD", "XBTUSDT"]});
    let (status, _, made) = ask(&stub, "POST", PATH, ALL, body.to_string()).await;
    assert_eq!((status, &made["markets"]), (StatusCode::CREATED, &json!(["BN/BUSD", "BNB/USD", "BTC/USDT"])));
}

#[tokio::test]
async fn two_tokens_have_two_secrets() {
    let stub = Stub::default();
    ask(&stub, "POST", PATH, ALL, r#"{"label": "one"}"#).await;
    let (status, _, rotated) = ask(&stub, "POST", &format!("{}/rotate", one()), ALL, "").await;
    assert_eq!((status, &rotated["former_until"]), (StatusCode::OK, &json!("2025-11-21T08:51:00Z")), "a day");
    let secrets = stub.secrets.lock().unwrap();
    assert_ne!(secrets[0], secrets[1]);
}

#[tokio::test]
async fn a_list_says_when_a_token_was_used_last() {
    let (status, _, list) = ask(&Stub::default(), "GET", PATH, "trading:read", "").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(list["items"][0]["last_used_at"], "2025-11-20T08:51:00Z");
    assert_eq!((&list["items"][0]["hint"], &list["next_cursor"]), (&json!("whk_kept"), &Value::Null));
}

#[tokio::test]
async fn what_is_left_out_stays_with_patch_and_put_lifts_what_it_says_alone() {
    let patch =
        ask(&Stub::default(), "PATCH", &one(), ALL, r#"{"only": "exit", "account": null, "from": "tradingview"}"#)
            .await
            .2;
    assert_eq!((&patch["label"], &patch["account"], &patch["only"]), (&json!("chart"), &Value::Null, &json!("exit")));
    assert_eq!((&patch["markets"], &patch["from"]), (&json!(["BTC/USDT"]), &json!("tradingview")));
    let mut whole = json!({
        "label": "other", "account": null, "exchange": null, "markets": null, "presets": null, "order_quote_max": null, "only": null,
        "from": null, "expires_at": null,
    });
    for left_out in ["account", "exchange", "markets", "presets", "order_quote_max", "only", "from", "expires_at"] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(left_out);
        let (status, _, problem) = ask(&Stub::default(), "PUT", &one(), ALL, body.to_string()).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(left_out)));
    }
    whole["exchange"] = json!(null);
    let put = ask(&Stub::default(), "PUT", &one(), ALL, whole.to_string()).await.2;
    assert_eq!((&put["label"], &put["account"], &put["markets"]), (&json!("other"), &Value::Null, &Value::Null));
}

#[tokio::test]
async fn whoever_may_only_look_or_trade_changes_no_token() {
    let rotate = format!("{}/rotate", one());
    for (method, path) in
        [("POST", PATH.to_owned()), ("PUT", one()), ("PATCH", one()), ("DELETE", one()), ("POST", rotate)]
    {
        let body = r#"{"label": "one"}"#;
        let (status, _, problem) = ask(&Stub::default(), method, &path, "trading:read+trading:write", body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")), "{method} {path}");
        let (status, ..) = ask(&Stub::default(), method, &path, "", body).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    assert_eq!(ask(&Stub::default(), "GET", PATH, "accounts:write", "").await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_field_that_breaks_its_rule_is_named_and_no_other_is_taken() {
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
            let (status, _, problem) = ask(&Stub::default(), method, &path, ALL, body.to_string()).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{method} {field} {value}: {problem}");
            assert_eq!(problem["field"], field, "{value}");
        }
    }
    for overlap in [json!(-1), json!(604_801), json!("1"), json!(1.5)] {
        let body = json!({"overlap_seconds": overlap}).to_string();
        let (status, _, problem) = ask(&Stub::default(), "POST", &format!("{}/rotate", one()), ALL, body).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("overlap_seconds")), "{overlap}");
    }
    for body in ["", "{", "[]", "null"] {
        let (status, _, problem) = ask(&Stub::default(), "POST", PATH, ALL, body).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_json")), "{body}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_answer() {
    for (refusal, status, code) in [
        (TokenError::Unknown, 404, "not_found"),
        (TokenError::Duplicate, 400, "DUPLICATE_WEBHOOK_TOKEN"),
        (TokenError::TooMany, 409, "too_many_webhook_tokens"),
        (TokenError::VersionConflict(2), 409, "version_conflict"),
        (TokenError::Contended, 503, "unavailable"),
        (TokenError::Store(StoreError::Unavailable(String::new())), 503, "unavailable"),
    ] {
        let stub = Stub { token_refusal: Some(refusal), ..Stub::default() };
        let (told, _, problem) = ask(&stub, "POST", PATH, ALL, r#"{"label": "one"}"#).await;
        assert_eq!((told.as_u16(), &problem["code"]), (status, &json!(code)));
    }
    let foreign = format!("{PATH}/{}", TokenId::of(&["anothers"]));
    for path in [foreign, format!("{PATH}/acc_1"), format!("{PATH}/..%2f")] {
        assert_eq!(ask(&Stub::default(), "GET", &path, ALL, "").await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ask(&Stub::default(), "DELETE", &one(), ALL, "").await.0, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_programs_key_lets_in_no_alerts_and_may_still_revoke() {
    let stub = Stub::default();
    let key = format!("{ALL}{KEY}");
    let one = format!("{PATH}/{}", id());
    for (method, path, body) in [
        ("POST", PATH.to_owned(), r#"{"label": "x"}"#),
        ("PUT", one.clone(), r#"{"label": "x"}"#),
        ("PATCH", one.clone(), r#"{"label": "x"}"#),
        ("POST", format!("{one}/rotate"), ""),
    ] {
        let (status, _, problem) = ask(&stub, method, &path, &key, body).await;
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("missing_scope")), "{method} {path}");
    }
    assert!(stub.secrets.lock().unwrap().is_empty());
    assert_eq!(ask(&stub, "DELETE", &one, &key, "").await.0.as_u16(), 204);
    assert_eq!(ask(&stub, "GET", PATH, &key, "").await.0.as_u16(), 200);
}
