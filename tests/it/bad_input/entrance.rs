//! Who may not come in.

use super::{assert_problem, assert_tells_nothing};
use crate::support::http::{Answer, answered, ask, client};
use crate::support::{Setting, Stack, Trader};
use reqwest::Method;
use serde_json::json;

const LISTS: [&str; 3] = ["/api/v1/deliveries", "/api/v1/position-groups", "/api/v1/orders"];

#[tokio::test]
async fn an_unknown_user_and_a_wrong_token_are_answered_alike_to_the_byte() {
    let trader = Trader::new().await;
    let entry = trader.entry().to_string();
    let strange = |path: String, body: String| async move { ask(Method::POST, &path, None, body).await };
    let (user, token) = (&trader.user, &trader.webhook_token);
    let wrong = strange(format!("/api/webhook/{user}/whk_wrong"), entry.clone()).await;
    assert_problem(&wrong, 401, "unauthorized", None, "a wrong token");
    for (path, body) in [
        (format!("/api/webhook/usr_nobody/{token}"), entry.clone()),
        (format!("/api/webhook/nobody/{token}"), "not JSON".to_owned()),
        (format!("/api/webhook/{user}"), entry.clone()),
        (format!("/api/webhook/{user}"), trader.entry().with("secret", "whk_wrong").to_string()),
        (format!("/api/webhook/{user}"), trader.entry().with("secret", json!(["whk_wrong"])).to_string()),
        (format!("/api/webhook/{user}/%ff"), entry.clone()),
    ] {
        assert_eq!(strange(path.clone(), body).await.unnamed(), wrong.unnamed(), "{path}");
    }
    assert_eq!(trader.deliveries().await, [], "strangers leave no row");
}

#[tokio::test]
async fn without_a_known_bearer_token_no_route_tells_anything() {
    let bearer = |value: &'static str, path: &'static str| async move {
        let url = format!("{}{path}", Stack::get().api);
        answered(client().get(url).header("authorization", value)).await
    };
    for path in LISTS {
        let missing = ask(Method::GET, path, None, "").await;
        assert_problem(&missing, 401, "unauthorized", None, path);
        for value in ["Bearer mqs_wrong", "Bearer ", "Basic bXFzOg==", "mqs_wrong"] {
            assert_eq!(bearer(value, path).await.unnamed(), missing.unnamed(), "{value} {path}");
        }
    }
    for path in ["/api/v1/halt", "/api/v1/resume", "/api/v1/position-groups/grp_1/close", "/api/v1/orders/ord_1/cancel"]
    {
        let answer = ask(Method::POST, path, None, r#"{"reason": "x"}"#).await;
        assert_problem(&answer, 401, "unauthorized", None, path);
    }
}

#[tokio::test]
async fn a_token_that_may_only_look_changes_nothing() {
    let looking = Trader::with(Setting { scopes: &["trading:read"], ..Setting::default() }).await;
    assert_eq!(looking.get("/halt").await.status, 200);
    let halt = looking.post("/halt", &json!({"reason": "x"})).await;
    assert_problem(&halt, 403, "missing_scope", None, "halt");
    assert!(looking.account_state().await.halted.is_none());
}

#[tokio::test]
async fn what_is_anothers_looks_like_what_is_not_there() {
    let (owner, other) = (Trader::new().await, Trader::new().await);
    let group = owner.hold(&owner.entry()).await;
    let order = &group.take_profit_orders[0].id;
    let (id, none) = (&group.group.id, "grp_aaaaaaaaaaaaaaaaaaaaaaaaaa");
    let missing = other.get(&format!("/position-groups/{none}")).await;
    assert_problem(&missing, 404, "not_found", None, none);
    assert_eq!(other.get(&format!("/position-groups/{id}")).await.unnamed(), missing.unnamed());
    let missing = other.get("/orders/ord_aaaaaaaaaaaaaaaaaaaaaaaaaa").await;
    assert_problem(&missing, 404, "not_found", None, "an order");
    assert_eq!(other.get(&format!("/orders/{order}")).await.unnamed(), missing.unnamed());
    for act in [
        format!("/position-groups/{id}/close"),
        format!("/position-groups/{id}/cancel-pending"),
        format!("/orders/{order}/cancel"),
    ] {
        assert_problem(&other.post(&act, &json!({})).await, 404, "not_found", None, &act);
    }
    assert_eq!(owner.group(id).await.group.status, "live");
    for list in ["/deliveries", "/position-groups", "/orders"] {
        assert_eq!(other.get(list).await.json()["items"], json!([]), "{list}");
    }
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let trader = Trader::new().await;
    let try_it = |method: Method, path: &'static str| {
        let bearer = trader.bearer.clone();
        async move { ask(method, path, Some(&bearer), "").await }
    };
    for path in ["/api/v1/nothing", "/api/v1/orders/ord_1/nothing", "/api/v1/position-groups/a/b/c/d"] {
        assert_problem(&try_it(Method::GET, path).await, 404, "not_found", None, path);
    }
    for (method, path) in [
        (Method::DELETE, "/api/v1/orders"),
        (Method::PUT, "/api/v1/halt"),
        (Method::GET, "/api/v1/resume"),
        (Method::GET, "/api/v1/position-groups/grp_1/close"),
        (Method::POST, "/api/v1/deliveries"),
    ] {
        let answer = try_it(method.clone(), path).await;
        assert_problem(&answer, 405, "method_not_allowed", None, &format!("{method} {path}"));
    }
}

/// The gateway answers these by itself.
#[tokio::test]
async fn routes_that_lead_nowhere_are_no_failure() {
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/api/webhook/usr_1/whk_1"),
        (Method::PUT, "/api/webhook/usr_1/whk_1"),
        (Method::POST, "/api/webhook/usr_1/whk_1/more"),
        (Method::POST, "/api/v2/halt"),
    ] {
        let answer: Answer = ask(method.clone(), path, None, "{}").await;
        assert!((400..500).contains(&answer.status), "{method} {path}: {answer:?}");
        assert_tells_nothing(&answer, path);
    }
}
