//! Keys of programs by the deployed routes: what they let do, from where, until when, and what those who want more of them
//! are told.

use crate::support::Stack;
use crate::support::http::{Answer, answered, ask, client};
use crate::support::people::{Someone, admin, somebody};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/api-keys";

async fn send(method: Method, path: &str, bearer: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, path, Some(bearer), body).await
}

async fn make(who: &Someone, body: &Value) -> (String, String) {
    let made = send(Method::POST, PATH, &who.token, body).await;
    assert_eq!(made.status, 201, "{made:?}");
    (text(&made, "id"), text(&made, "secret"))
}

fn text(answer: &Answer, member: &str) -> String {
    answer.json()[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer:?}")).to_owned()
}

fn code(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

/// Looking, and changing something that is not there.
async fn does(secret: &str) -> [u16; 2] {
    let looks = send(Method::GET, "/api/v1/position-groups", secret, &Value::Null).await.status;
    [looks, send(Method::POST, "/api/v1/orders/ord_nobody/cancel", secret, &Value::Null).await.status]
}

#[tokio::test]
async fn a_key_does_what_it_was_made_for_until_it_is_revoked() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let (id, first) = make(&ann, &json!({"name": "bot", "scopes": ["trading:read"]})).await;
    let one = format!("{PATH}/{id}");
    assert_eq!(does(&first).await, [200, 403]);

    let wider = json!({"scopes": ["trading:read", "trading:write"]});
    assert_eq!(send(Method::PATCH, &one, &ann.token, &wider).await.status, 200);
    assert_eq!(does(&first).await, [200, 404]);

    let rotated = send(Method::POST, &format!("{one}/rotate"), &ann.token, &Value::Null).await;
    assert_eq!((rotated.status, text(&rotated, "id")), (200, id.clone()));
    let second = text(&rotated, "secret");
    assert_eq!((does(&first).await, does(&second).await), ([200, 404], [200, 404]), "both overlap");
    let hard = send(Method::POST, &format!("{one}/rotate"), &ann.token, &json!({"overlap_seconds": 0})).await;
    let third = text(&hard, "secret");
    assert_eq!((does(&first).await, does(&second).await, does(&third).await), ([401; 2], [401; 2], [200, 404]));

    let listed = send(Method::GET, PATH, &ann.token, &Value::Null).await;
    let mine = listed.json()["items"][0].clone();
    assert!(third.starts_with(mine["prefix"].as_str().unwrap()) && mine["last_used_at"].is_string(), "{mine}");
    assert!(![&first, &second, &third].into_iter().any(|secret| listed.text.contains(secret.as_str())));

    assert_eq!(send(Method::DELETE, &one, &ann.token, &Value::Null).await.status, 204);
    assert_eq!(does(&third).await, [401; 2], "at the next request");
    assert_eq!(send(Method::DELETE, &one, &ann.token, &Value::Null).await.status, 404);
}

#[tokio::test]
async fn nobody_hands_out_more_than_they_have_and_a_key_hands_out_nothing() {
    let admin = admin().await;
    let (ann, eve) = (somebody(&admin, "viewer").await, somebody(&admin, "manager").await);
    let beyond = json!({"name": "bot", "scopes": ["trading:read", "users:write"]});
    for who in [&ann, &eve] {
        assert_eq!(code(&send(Method::POST, PATH, &who.token, &beyond).await), (403, json!("scope_not_yours")));
    }
    let (id, secret) = make(&admin, &beyond).await;
    assert_eq!(send(Method::GET, "/api/v1/users", &secret, &Value::Null).await.status, 200, "it was asked for");
    let one = format!("{PATH}/{id}");
    // Neither keys nor log-ins nor second factors, whatever it may do.
    for (method, path, body) in [
        (Method::GET, PATH.to_owned(), Value::Null),
        (Method::POST, PATH.to_owned(), json!({"name": "child", "scopes": ["trading:read"]})),
        (Method::PATCH, one.clone(), json!({"scopes": ["logs:delete"]})),
        (Method::POST, format!("{one}/rotate"), Value::Null),
        (Method::DELETE, one.clone(), Value::Null),
        (Method::GET, "/api/v1/sessions".to_owned(), Value::Null),
        (Method::POST, "/api/v1/users/me/totp".to_owned(), json!({"password": "x"})),
        (
            Method::POST,
            "/api/v1/users/me/password".to_owned(),
            json!({"old_password": "x", "new_password": "Tr4ding!!"}),
        ),
    ] {
        assert_eq!(send(method.clone(), &path, &secret, &body).await.status, 404, "{method} {path}");
    }
    // Another's key is not there, an admin's eyes included.
    let (theirs, _) = make(&ann, &json!({"name": "bot", "scopes": ["trading:read"]})).await;
    for method in [Method::GET, Method::DELETE] {
        let answer = send(method.clone(), &format!("{PATH}/{theirs}"), &admin.token, &Value::Null).await;
        assert_eq!(answer.status, 404, "{method}");
    }
}

#[tokio::test]
async fn a_key_shrinks_with_its_owners_role_and_ends_with_their_standing() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let (_, secret) = make(&ann, &json!({"name": "bot", "scopes": ["trading:read", "trading:write"]})).await;
    assert_eq!(does(&secret).await, [200, 404]);
    let path = format!("/api/v1/users/{}", ann.id);
    let stand = async |body: Value| assert_eq!(send(Method::PATCH, &path, &admin.token, &body).await.status, 200);
    stand(json!({"role": "viewer"})).await;
    assert_eq!(does(&secret).await, [200, 403]);
    stand(json!({"role": "trader"})).await;
    assert_eq!(does(&secret).await, [200, 404]);
    stand(json!({"is_active": false})).await;
    assert_eq!(does(&secret).await, [401; 2]);
    stand(json!({"is_active": true})).await;
    assert_eq!(does(&secret).await, [401; 2], "it does not come back with them");
}

#[tokio::test]
async fn a_key_lets_in_from_its_networks_as_the_gateway_sees_them() {
    let admin = admin().await;
    let ann = somebody(&admin, "viewer").await;
    let body = json!({"name": "bot", "scopes": ["trading:read"], "ip_allow_list": ["203.0.113.0/24"]});
    let (id, secret) = make(&ann, &body).await;
    assert_eq!(does(&secret).await, [401; 2], "nobody asks from there");
    // What a caller says of where they are is not believed.
    for header in ["x-forwarded-for", "x-real-ip", "forwarded"] {
        let request = client().get(format!("{}/api/v1/position-groups", Stack::get().api)).bearer_auth(&secret);
        let value = if header == "forwarded" { "for=203.0.113.9" } else { "203.0.113.9" };
        assert_eq!(answered(request.header(header, value)).await.status, 401, "{header}");
    }
    let anywhere = json!({"ip_allow_list": []});
    assert_eq!(send(Method::PATCH, &format!("{PATH}/{id}"), &ann.token, &anywhere).await.status, 200);
    assert_eq!(does(&secret).await, [200, 403]);
}

#[tokio::test]
async fn two_who_change_a_key_at_once_do_not_overwrite_each_other() {
    let admin = admin().await;
    let ann = somebody(&admin, "viewer").await;
    let body = json!({"name": "bot", "scopes": ["trading:read"]});
    let (id, _) = make(&ann, &body).await;
    assert_eq!(code(&send(Method::POST, PATH, &ann.token, &body).await), (400, json!("DUPLICATE_API_KEY")));
    let change = async |seen: &str, name: &str| {
        let request = client().patch(format!("{}{PATH}/{id}", Stack::get().api)).bearer_auth(&ann.token);
        answered(request.header("if-match", seen).body(json!({"name": name}).to_string())).await.status
    };
    assert_eq!((change("\"1\"", "one").await, change("\"1\"", "other").await), (200, 409));
    let shown = send(Method::GET, &format!("{PATH}/{id}"), &ann.token, &Value::Null).await.json();
    assert_eq!((&shown["name"], &shown["version"]), (&json!("one"), &json!(2)));
    for (body, field) in [
        (json!({"name": "x", "scopes": ["all"]}), "scopes"),
        (json!({"name": "x", "scopes": ["trading:read"], "ip_allow_list": ["everywhere"]}), "ip_allow_list"),
        (json!({"name": "x", "scopes": ["trading:read"], "expires_at": "2020-01-01T00:00:00Z"}), "expires_at"),
        (json!({"name": "x", "scopes": ["trading:read"], "version": 9}), "version"),
    ] {
        let bad = send(Method::POST, PATH, &ann.token, &body).await;
        assert_eq!((bad.status, bad.json()["field"].clone()), (422, json!(field)), "{body}");
    }
}
