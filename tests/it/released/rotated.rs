//! Secrets of a deployment that are changed: what CloudFront proves itself by, by two releases, and the vault's key as
//! docs/runbooks/rotate-the-vault.md says: by the command of the repository, and by roles as the template gives them.

use super::dashboard::{Dashboard, LEFT_OUT, RENEWED, SERVED};
use super::{Deployment, RELEASE};
use crate::factors::code;
use crate::support::http::{Answer, answered, client};
use crate::support::people::GOOD;
use crate::support::{Caller, Stack};
use reqwest::Method;
use serde_json::{Value, json};
use std::fs;

const EMAIL: &str = "owner@example.com";

#[tokio::test]
async fn what_was_sealed_opens_under_another_key_once_the_former_one_is_switched_off() {
    let deployment = Deployment::new();
    let first = deployment.run(&[&RELEASE[..], &SERVED[..], &["--seed"]].concat());
    first.tells(0, &["Released"]);
    let dashboard = Dashboard::is_served(&deployment, &first).await;
    let desk = Desk::of(&deployment).await;
    let (former, newest) = (deployment.vault_key().await, make_key().await);

    let both = ["--vault-key", &newest, "--vault-key", &former];
    let second = deployment.run(&[&RELEASE[..], &RENEWED[..], &both[..]].concat());
    second.tells(0, &["Released"]);
    dashboard.has_a_new_secret(&deployment, &second).await;
    assert_eq!(deployment.vault_key().await, newest);
    let moves = ["vault", "reseal"];
    deployment.run(&moves).tells(0, &[&row("keys of exchanges", 1, 0), &row("second factors", 1, 0)]);
    deployment.run(&moves).tells(0, &[&row("keys of exchanges", 0, 1), &row("second factors", 0, 1)]);

    let key = json!({"KeyId": former});
    Caller::root().ask("kms:DisableKey", &key).await;
    assert_eq!(desk.validates().await, json!(true));
    desk.enters(1).await;

    let ended = ["--vault-key", &newest, "--former-vault-key", &former];
    deployment.run(&[&RELEASE[..], &LEFT_OUT[..], &ended[..]].concat()).tells(0, &["Released"]);
    dashboard.is_gone(&deployment).await;
    Caller::root().ask("kms:EnableKey", &key).await;
    for (function, may) in [("key-check", false), ("api-identity", true)] {
        let name = format!("{}-{}", deployment.function(function), Stack::get().region);
        let role = Caller::role(&name).await;
        let opened = role.call("kms:Decrypt", &sealed(&former).await).await;
        assert_eq!(!opened.is_denied(), may, "{function}: signatures alone are opened by it: {}", opened.body);
    }
    assert_eq!(desk.validates().await, json!(true));
}

impl Deployment {
    /// By which functions seal.
    async fn vault_key(&self) -> String {
        let variables = Caller::root().variables(&format!("{}:live", self.function("key-check"))).await;
        variables["MONIQO_KMS_KEY"].as_str().unwrap().to_owned()
    }
}

async fn make_key() -> String {
    let made = Caller::root().ask("kms:CreateKey", &json!({"Description": "the vault's next key"})).await;
    made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

/// What opens it.
async fn sealed(key: &str) -> Value {
    let context = json!({"kind": "audit"});
    let plain = json!({"KeyId": key, "Plaintext": "eA==", "EncryptionContext": context});
    let sealed = Caller::root().ask("kms:Encrypt", &plain).await;
    json!({"CiphertextBlob": sealed["CiphertextBlob"], "EncryptionContext": context})
}

/// As the command prints it.
fn row(what: &str, moved: u32, stay: u32) -> String {
    format!("{what:<18} {moved:>7} {stay:>7} {:>7}", 0)
}

/// Its first user, with a second factor and a key of an exchange.
struct Desk {
    api: String,
    token: String,
    secret: String,
}

impl Desk {
    async fn of(deployment: &Deployment) -> Self {
        let saved = fs::read(deployment.folder().join("stack.json")).unwrap();
        let saved: Value = serde_json::from_slice(&saved).unwrap();
        let api = saved["api_url"].as_str().unwrap().to_owned();
        let mut desk = Self { api, token: String::new(), secret: String::new() };
        let person = json!({"email": EMAIL, "username": "owner", "password": GOOD, "bootstrap_code": saved["token"]});
        let first = desk.told(Method::POST, "/api/auth/register", person, 201).await;
        first["token"].as_str().unwrap().clone_into(&mut desk.token);
        let begun = desk.told(Method::POST, "/api/v1/users/me/totp", json!({"password": GOOD}), 201).await;
        begun["secret"].as_str().unwrap().clone_into(&mut desk.secret);
        let shown = json!({"code": code(&desk.secret, 0)});
        desk.told(Method::POST, "/api/v1/users/me/totp/confirm", shown, 200).await;
        let key = json!({"mode": "paper", "label": "keyed", "api_key": "paper:read,trade", "api_secret": "s3cret"});
        desk.told(Method::POST, "/api/keys/PAPER", key, 201).await;
        desk
    }

    async fn validates(&self) -> Value {
        let path = "/api/keys/PAPER/validate?label=keyed";
        self.told(Method::PUT, path, Value::Null, 200).await["validated"].clone()
    }

    /// By what the app shows so many half minutes from now.
    async fn enters(&self, later: i64) {
        let body = json!({"email": EMAIL, "password": GOOD, "totp": code(&self.secret, later)});
        self.told(Method::POST, "/api/auth/login", body, 200).await;
    }

    async fn told(&self, method: Method, path: &str, body: Value, status: u16) -> Value {
        let request = client().request(method, format!("{}{path}", self.api));
        let request = if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let answer: Answer = answered(request).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        answer.json()
    }
}
