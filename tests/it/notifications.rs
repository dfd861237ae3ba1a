//! Inboxes by the deployed routes: what is told, to whom, and who reads it.

use crate::support::http::{Answer, ask};
use crate::support::people::{Someone, admin, enter, somebody};
use crate::support::tables;
use crate::support::unique::{now, unique};
use domain::ids::UserId;
use domain::notice::{Notice, Topic};
use reqwest::Method;
use serde_json::{Value, json};
use store::trading::Trading;

const PATH: &str = "/api/v1/notifications";

async fn send(method: Method, path: &str, who: &Someone) -> Answer {
    ask(method, &format!("{PATH}{path}"), Some(&who.token), "").await
}

async fn told(who: &Someone, query: &str) -> Vec<Value> {
    let page = send(Method::GET, query, who).await;
    page.json()["items"].as_array().unwrap_or_else(|| panic!("{page:?}")).clone()
}

async fn unread(who: &Someone) -> Value {
    send(Method::GET, "/unread-count", who).await.json()["unread"].clone()
}

/// Told by hand, three of them.
async fn given(who: &Someone) -> Vec<String> {
    let (user, store) = (UserId::parse(&who.id).unwrap(), tables::connect().await);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let notice = Notice::new(&user, Topic::Parked, now(), &[&unique()], "for a test".to_owned());
        Trading(&store).notify(&notice).await.unwrap();
        ids.push(notice.id.to_string());
    }
    ids
}

#[tokio::test]
async fn a_change_of_role_is_told_and_read_by_its_person_alone() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    assert_eq!(unread(&ann).await, 0, "a first log-in is nothing new");
    let body = json!({"role": "viewer"}).to_string();
    let changed = ask(Method::PATCH, &format!("/api/v1/users/{}", ann.id), Some(&admin.token), body).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let ann = enter(&ann.email).await;
    let mine = told(&ann, "").await;
    assert_eq!(mine.len(), 1, "{mine:?}");
    assert_eq!(mine[0]["topic"], "role_changed");
    assert_eq!(mine[0]["text"], "Your role is viewer now, and was trader.");
    let id = mine[0]["id"].as_str().unwrap();
    for (method, path) in [(Method::POST, format!("/{id}/read")), (Method::DELETE, format!("/{id}"))] {
        assert_eq!(send(method, &path, &admin).await.status, 404, "an admin reads nobody's inbox");
    }
    assert_eq!(unread(&ann).await, 1);
    assert_eq!(send(Method::POST, &format!("/{id}/read"), &ann).await.status, 204);
    assert_eq!(unread(&ann).await, 0);
    assert_eq!(told(&ann, "?unread=true").await, Vec::<Value>::new());
}

#[tokio::test]
async fn an_inbox_is_read_page_by_page_at_once_and_emptied() {
    let admin = admin().await;
    let ann = somebody(&admin, "viewer").await;
    let ids = given(&ann).await;
    let first = send(Method::GET, "?limit=2", &ann).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = send(Method::GET, &format!("?limit=2&cursor={cursor}"), &ann).await.json();
    let pages = [&first, &second].map(|page| page["items"].as_array().unwrap().clone()).concat();
    let mut listed: Vec<_> = pages.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    listed.sort();
    let mut expected = ids.clone();
    expected.sort();
    assert_eq!(listed, expected);
    for _ in 0..2 {
        assert_eq!(send(Method::POST, "/read-all", &ann).await.status, 204);
        assert_eq!(unread(&ann).await, 0);
    }
    assert!(told(&ann, "").await.iter().all(|item| item["is_read"] == true));
    assert_eq!(send(Method::DELETE, &format!("/{}", ids[0]), &ann).await.status, 204);
    assert_eq!(send(Method::DELETE, &format!("/{}", ids[0]), &ann).await.status, 404);
    assert_eq!(told(&ann, "").await.len(), 2);
    for (query, field) in [("?unread=maybe", "unread"), ("?limit=0", "limit"), ("?cursor=x", "cursor")] {
        let bad = send(Method::GET, query, &ann).await;
        assert_eq!((bad.status, bad.json()["field"].clone()), (422, json!(field)), "{query}");
    }
}

#[tokio::test]
async fn whatever_lets_in_without_a_password_is_told_to_its_owner() {
    let ann = somebody(&admin().await, "trader").await;
    let scopes = json!(["trading:read"]);
    for (path, body) in
        [("api-keys", json!({"name": "bot", "scopes": scopes})), ("webhook-tokens", json!({"label": "chart"}))]
    {
        let made = ask(Method::POST, &format!("/api/v1/{path}"), Some(&ann.token), body.to_string()).await;
        assert_eq!(made.status, 201, "{made:?}");
        let rotate = format!("/api/v1/{path}/{}/rotate", made.json()["id"].as_str().unwrap());
        let rotated = ask(Method::POST, &rotate, Some(&ann.token), "").await;
        assert_eq!(rotated.status, 200, "{rotated:?}");
    }
    let told = told(&ann, "").await;
    let made: Vec<_> = told.iter().filter(|notice| notice["topic"] == "access_made").collect();
    assert_eq!(made.len(), 4, "{told:?}");
}
