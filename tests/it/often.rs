//! Who asks too often is told so by the function itself, with how long to wait: by session, and by address.

use crate::support::http::{self, ask, client};
use crate::support::people::{GOOD, admin, enter, somebody};
use crate::support::unique::{now, unique};
use crate::support::{Caller, Stack, until};
use domain::ids::Sha;
use domain::limits::DOOR_WINDOW;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A problem, and what stood in `Retry-After`.
struct Refused {
    problem: Value,
    seconds: u64,
}

/// None where it was let in. The gateway's own 429 has no code, and is asked again.
async fn refused(request: RequestBuilder) -> Option<Refused> {
    until("an answer of ours", async || {
        let answer = request.try_clone().unwrap().send().await.unwrap();
        let (status, waits) = (answer.status().as_u16(), answer.headers().get("retry-after").cloned());
        let problem: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default();
        match (status, problem.get("code").is_some()) {
            (429, true) => {
                let seconds = waits.expect("it says how long to wait").to_str().unwrap().parse().unwrap();
                Some(Some(Refused { problem, seconds }))
            }
            (429 | 502..=504, _) => None,
            _ => Some(None),
        }
    })
    .await
}

fn assert_of_class(Refused { problem, seconds }: &Refused, class: &str) {
    assert_eq!((&problem["code"], &problem["rate_class"]), (&json!("too_many_requests"), &json!(class)), "{problem}");
    assert!((1..=60).contains(seconds), "{seconds} s");
}

#[tokio::test]
async fn a_session_waits_for_the_next_window_of_its_class_and_asks_of_others_meanwhile() {
    let admin = admin().await;
    let role = format!("slow-{}", unique());
    let body = json!({"name": role, "permissions": ["trading:read"], "rates": {"wallets": 1}}).to_string();
    assert_eq!(ask(Method::POST, "/api/v1/roles", Some(&admin.token), body).await.status, 201);
    let ann = somebody(&admin, "viewer").await;
    let body = json!({"role": role}).to_string();
    assert_eq!(ask(Method::PUT, &format!("/api/v1/users/{}", ann.id), Some(&admin.token), body).await.status, 200);
    let ann = enter(&ann.email).await;
    let wallets = client().get(format!("{}/api/v1/wallets", Stack::get().api)).bearer_auth(&ann.token);
    // The second of a minute; a minute may end between two.
    let told = until("two requests of one minute", async || refused(wallets.try_clone().unwrap()).await).await;
    assert_of_class(&told, "wallets");
    let others = ask(Method::GET, "/api/v1/users/me", Some(&ann.token), "").await;
    assert_eq!(others.status, 200, "{others:?}");
    let second = enter(&ann.email).await;
    let wallets = ask(Method::GET, "/api/v1/wallets", Some(&second.token), "").await;
    assert_eq!(wallets.status, 200, "another session has a window of its own: {wallets:?}");
}

/// A local stack allows more than a test could ask: as many are written down as asked before.
#[tokio::test]
async fn an_address_waits_for_the_next_minute_whatever_it_asks_without_a_token() {
    let Some(address) = http::own_address() else { return };
    let post = |path: &str, kind: &str, body: &str| {
        let request = client().post(format!("{}{path}", Stack::get().api));
        request.header("content-type", kind).body(body.to_owned())
    };
    let nobody = json!({"email": format!("nobody{}@example.com", unique()), "password": GOOD}).to_string();
    let log_in = post("/api/auth/login", "application/json", &nobody);
    assert!(refused(log_in.try_clone().unwrap()).await.is_none(), "the first of a minute");
    let exchange = post("/oauth2/token", "application/x-www-form-urlencoded", "grant_type=client_credentials");
    for request in [log_in, exchange] {
        let told = until("a request in a minute that is full", async || {
            fill_the_minute(&address.to_string()).await;
            refused(request.try_clone().unwrap()).await
        })
        .await;
        assert_of_class(&told, "auth");
    }
}

/// Of this address, whose row is there.
async fn fill_the_minute(address: &str) {
    let stack = Stack::get();
    let variables = Caller::root().variables(&stack.name("ApiIdentityFunction")).await;
    let minute = now().millis().div_euclid(DOOR_WINDOW.get());
    let write = json!({
        "TableName": stack.name("IdentityTable"),
        "Key": {"pk": {"S": format!("DOR#{}", Sha::of_parts(&["door", address]).as_str())}, "sk": {"S": "D"}},
        "ConditionExpression": "attribute_exists(pk)",
        "UpdateExpression": "SET #minute = :minute, requests = :most",
        "ExpressionAttributeNames": {"#minute": "minute"},
        "ExpressionAttributeValues": {
            ":minute": {"N": minute.to_string()},
            ":most": {"N": variables["MONIQO_AUTH_PER_MINUTE"]},
        },
    });
    Caller::root().ask("dynamodb:UpdateItem", &write).await;
}
