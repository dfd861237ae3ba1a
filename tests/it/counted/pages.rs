//! What pages of the dashboard ask when they are opened: their requests, answered by the functions that answer them, on counted
//! tables. Which requests those are, the browser says (`web/requests.json`, held by a story of the dashboard).

use super::meter::Counted;
use super::shop::{Person, Shop};
use crate::support::people::GOOD;
use crate::support::unique::{now, unique};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use domain::identity::RouteClass;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tower::ServiceExt;

const REQUESTS: &str = include_str!("../../../web/requests.json");
/// Requests that every page has.
const AROUND: &str = "shell";
/// Candles that `key-check` asks an exchange for: counted as requests, and in nothing else.
const OF_AN_EXCHANGE: &str = "/api/v1/markets/";

/// Of one person with an open position: how many requests each page makes, and what they ask of AWS.
pub(crate) async fn all() -> BTreeMap<String, (u32, Counted)> {
    loop {
        // The first request of a minute is written twice: all are made in one minute, by functions that have just begun.
        let minute = minute();
        let counted = opened(&Shop::open().await).await;
        if minute == self::minute() {
            return counted;
        }
    }
}

/// The window in which requests are counted.
fn minute() -> i64 {
    RouteClass::Api.number_at(now())
}

async fn opened(shop: &Shop) -> BTreeMap<String, (u32, Counted)> {
    let mut requests: BTreeMap<String, Vec<String>> = serde_json::from_str(REQUESTS).unwrap();
    let around = requests.remove(AROUND).unwrap();
    let browser = Browser::of(shop).await;
    let mut counted = BTreeMap::new();
    for (page, own) in requests {
        let asked: Vec<_> = around.iter().chain(&own).map(|request| browser.meant(request)).collect();
        shop.begin().await;
        for path in asked.iter().filter(|path| !path.starts_with(OF_AN_EXCHANGE)) {
            browser.reads(path).await;
        }
        counted.insert(page, (u32::try_from(asked.len()).unwrap(), shop.end()));
    }
    counted
}

/// The functions of the API, asked by one person.
struct Browser {
    functions: [Router; 5],
    bearer: String,
    /// What `{id}` stands for, behind the path before it.
    known: Vec<(&'static str, String)>,
}

impl Browser {
    async fn of(shop: &Shop) -> Self {
        let person: Person = shop.person().await;
        shop.receive(&person, &super::cases::an_entry()).await;
        shop.decide().await;
        shop.execute().await;
        let mut browser = Self { functions: shop.api(), bearer: String::new(), known: Vec::new() };
        let (email, password) = (format!("{}@example.com", unique()), GOOD);
        let user =
            json!({"email": email, "username": unique(), "password": password, "bootstrap_code": person.bearer()});
        browser.sends("/api/v1/auth/register", &user).await;
        let entered = browser.sends("/api/v1/auth/login", &json!({"email": email, "password": password})).await;
        browser.bearer = entered["token"].as_str().unwrap().to_owned();
        for (before, list) in [
            ("/api/v1/position-groups/", "/api/v1/position-groups"),
            ("/api/v1/orders/", "/api/v1/orders"),
            ("/api/v1/deliveries/", "/api/v1/deliveries"),
        ] {
            let id = browser.reads(list).await["items"][0]["id"].as_str().unwrap().to_owned();
            browser.known.push((before, id));
        }
        browser.known.push(("/api/v1/accounts/", person.seeded.account.to_string()));
        browser
    }

    /// The path of a request, with this person's own ids.
    fn meant(&self, request: &str) -> String {
        let path = request.strip_prefix("GET ").unwrap();
        let known = self.known.iter().find(|(before, _)| path.starts_with(before));
        let id = known.map(|(_, id)| id.as_str()).unwrap_or_default();
        path.replace("{id}", id).replace("{time}", &wire::view::date(now().day()))
    }

    async fn reads(&self, path: &str) -> Value {
        let bearer = format!("Bearer {}", self.bearer);
        self.asks(|| Request::get(path).header("authorization", &bearer).body(Body::empty()).unwrap()).await
    }

    /// A request without a token.
    async fn sends(&self, path: &str, body: &Value) -> Value {
        let kind = ("content-type", "application/json");
        self.asks(|| Request::post(path).header(kind.0, kind.1).body(Body::from(body.to_string())).unwrap()).await
    }

    /// Of the function that has such a route.
    async fn asks(&self, request: impl Fn() -> Request<Body>) -> Value {
        let path = request().uri().to_string();
        for function in &self.functions {
            let answer = function.clone().oneshot(request()).await.unwrap();
            let status = answer.status();
            let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap_or(json!(null));
            let is_elsewhere = status == StatusCode::NOT_FOUND && body["detail"] == "there is no such route";
            if !is_elsewhere {
                assert!(status.is_success(), "{status} {path}: {body}");
                return body;
            }
        }
        panic!("no function answers {path}");
    }
}
