//! Secrets planted wherever one may go, and wherever one may go by mistake; then looked for wherever anything is kept.
//!
//! What is meant to be free text (a reason, a label, a preset) is kept as its owner has written it: nothing is planted there.

use crate::secrets::{logs, queues, tables};
use crate::support::ahead::copy_since;
use crate::support::bucket::objects;
use crate::support::http::{Answer, answered, ask, client};
use crate::support::people::{GOOD, Someone, admin, enter, somebody};
use crate::support::unique::{now, unique};
use crate::support::{Setting, Stack, Trader};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One of each kind, by its name.
struct Planted {
    secrets: BTreeMap<&'static str, String>,
    /// What everybody was told who was refused.
    refusals: Vec<Answer>,
}

impl Planted {
    fn new() -> Self {
        let made = |kind: &str| format!("{kind}{}", unique());
        let secrets = BTreeMap::from([
            // As each has to look, so that it is not refused for that.
            ("password", made("Pl4nted-")),
            ("other password", made("Pl5nted-")),
            ("webhook token", made("whk_planted")),
            ("key of a program", made("mqs_planted")),
            ("reset token", made("rst_planted")),
            ("signed token", format!("eyJhbGciOiJFZERTQSJ9.{}.{}", unique(), unique())),
            ("bootstrap code", made("mqs_code")),
            ("recovery code", made("planted-")),
            ("exchange key", made("PLANTEDKEY")),
            ("exchange secret", made("PLANTEDSECRET")),
            ("passphrase", made("PLANTEDPASSPHRASE")),
        ]);
        Self { secrets, refusals: Vec::new() }
    }

    fn of(&self, kind: &str) -> &str {
        &self.secrets[kind]
    }

    async fn send(&mut self, method: Method, path: &str, bearer: Option<&str>, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = ask(method, path, bearer, body).await;
        if answer.status >= 400 {
            self.refusals.push(answer.clone());
        }
        answer
    }

    /// Every secret where its route takes it: some let in, some are wrong.
    async fn go_where_they_belong(&mut self, admin: &Someone, trader: &Trader) -> Someone {
        let password = self.of("password").to_owned();
        let name = format!("planted{}", unique());
        let email = format!("{name}@example.com");
        let person = json!({"email": email, "username": name, "password": password, "role": "trader"});
        let made = self.send(Method::POST, "/api/v1/users", Some(&admin.token), &person).await;
        assert_eq!(made.status, 201, "{made:?}");
        let entered =
            self.send(Method::POST, "/api/auth/login", None, &json!({"email": email, "password": password})).await;
        assert_eq!(entered.status, 200, "{entered:?}");
        let told = entered.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let someone = Someone { id: text(&told["user"]["id"]), email: email.clone(), token: text(&told["token"]) };
        let token = Some(&*someone.token);

        let other = self.of("other password").to_owned();
        let refused = [
            ("/api/auth/login", None, json!({"email": email, "password": other})),
            ("/api/auth/login", None, json!({"email": email, "password": other, "totp": self.of("recovery code")})),
            ("/api/auth/refresh", None, json!({"token": self.of("signed token")})),
            ("/api/auth/refresh", None, json!({"refresh_token": self.of("reset token")})),
            ("/api/auth/logout", None, json!({"token": self.of("signed token")})),
            ("/api/auth/reset-password", None, json!({"token": self.of("reset token"), "new_password": other})),
            (
                "/api/auth/register",
                None,
                json!({"email": format!("x{email}"), "username": format!("x{name}"), "password": other,
                       "bootstrap_code": self.of("bootstrap code")}),
            ),
            ("/api/v1/users/me/password", token, json!({"old_password": other, "new_password": other})),
            ("/api/v1/users/me/totp", token, json!({"password": other})),
            ("/api/v1/users/me/totp/disable", token, json!({"password": other, "code": self.of("recovery code")})),
        ];
        for (path, bearer, body) in refused {
            let answer = self.send(Method::POST, path, bearer, &body).await;
            assert!((400..500).contains(&answer.status), "{path}: {answer:?}");
        }
        // A venue without an adapter keeps whatever it is given, sealed.
        let key = json!({
            "mode": "live", "label": "planted", "api_key": self.of("exchange key"),
            "api_secret": self.of("exchange secret"), "passphrase": self.of("passphrase"),
        });
        for path in ["/api/keys/KRAKEN", "/api/keys/PAPER"] {
            self.send(Method::POST, path, token, &key).await;
        }
        for kind in ["webhook token", "key of a program"] {
            let wrong = format!("/api/webhook/{}/{}", trader.user, self.of(kind));
            self.send(Method::POST, &wrong, None, &json!({"tv": {}})).await;
        }
        someone
    }

    /// Every secret where it does not belong: in a path, a query, a header, as a bearer token, as another member.
    async fn go_astray(&mut self, someone: &Someone, trader: &Trader) {
        let kinds: Vec<_> = self.secrets.values().cloned().collect();
        let own = [someone.token.clone(), trader.bearer.clone(), trader.webhook_token.clone()];
        for secret in kinds.into_iter().chain(own) {
            for path in ["/api/v1/orders/", "/api/v1/sessions/", "/api/v1/users/", "/api/v1/user-wallets/", "/api/v1/"]
            {
                self.send(Method::GET, &format!("{path}{secret}"), Some(&trader.bearer), &Value::Null).await;
            }
            for query in
                ["/api/v1/deliveries?cursor=", "/api/v1/orders?limit=", "/api/logs/audit?start_date=", "/health?token="]
            {
                self.send(Method::GET, &format!("{query}{secret}"), Some(&someone.token), &Value::Null).await;
            }
            self.send(Method::GET, "/api/v1/orders", Some(&secret), &Value::Null).await;
            for header in ["x-api-key", "if-match", "x-correlation-id", "cookie", "referer"] {
                let url = format!("{}/api/v1/position-groups/grp_nobodys/exits", Stack::get().api);
                let request = client().put(url).bearer_auth(&trader.bearer).header(header, &secret).body("{}");
                self.refusals.push(answered(request).await);
            }
            let misplaced = [
                ("/api/auth/login", None, json!({"email": secret, "password": "x"})),
                ("/api/auth/login", None, json!({"email": format!("{}@example.com", unique()), "password": [secret]})),
                ("/api/auth/forgot-password", None, json!({"email": [secret]})),
                ("/api/v1/webhook-tokens", Some(&*trader.bearer), json!({"label": "x", "account": [secret]})),
                ("/api/v1/user-wallets", Some(&*trader.bearer), json!({"exchange": secret, "mode": secret})),
                ("/api/logs/export", Some(&*someone.token), json!({"logs": secret, "format": secret})),
            ];
            for (path, bearer, body) in misplaced {
                self.send(Method::POST, path, bearer, &body).await;
            }
            // Whoever sends a member that there is not is told its name: they alone.
            let misnamed = json!({"reason": "x", secret.as_str(): true}).to_string();
            assert_eq!(ask(Method::POST, "/api/v1/halt", Some(&trader.bearer), misnamed).await.status, 422);
            self.send(Method::POST, "/api/auth/login", None, &Value::String(secret)).await;
        }
    }
}

#[tokio::test]
async fn what_is_planted_is_found_nowhere() {
    let begun = now();
    let mut planted = Planted::new();
    let scopes = &["trading:read", "trading:write", "accounts:write"];
    let trader = Trader::with(Setting { scopes, ..Setting::default() }).await;
    let admin = admin().await;
    let someone = planted.go_where_they_belong(&admin, &trader).await;
    planted.go_astray(&someone, &trader).await;
    // Whoever really is in has secrets as well.
    let entered = enter(&somebody(&admin, "viewer").await.email).await;
    let mut secrets: Vec<(&str, String)> = planted.secrets.clone().into_iter().collect();
    secrets.extend([
        ("a good password", GOOD.to_owned()),
        ("a session", entered.token),
        ("another session", someone.token.clone()),
        ("a bearer token", trader.bearer.clone()),
        ("a webhook token", trader.webhook_token.clone()),
    ]);

    let refusals: String = planted.refusals.iter().map(|refusal| format!("{}\n", refusal.text)).collect();
    copy_since(begun).await;
    let (kept, said, queued, stored) = (tables().await, logs(begun.millis()).await, queues().await, objects().await);
    assert!(kept.contains(&someone.id) && said.contains("/api/auth/login"), "tables and logs were really read");
    assert!(stored.contains(&someone.id), "copies were unpacked and read");
    for (place, text) in
        [("a table", kept), ("a log", said), ("a queue", queued), ("the bucket", stored), ("a refusal", refusals)]
    {
        for (kind, secret) in &secrets {
            let before = text.split_once(secret.as_str()).map(|(before, _)| crate::secrets::last(before));
            assert_eq!(before, None, "{place} holds {kind} after this");
        }
    }
}
