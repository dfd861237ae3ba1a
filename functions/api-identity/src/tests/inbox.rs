//! What somebody was told.

use super::rows::{done, refused, told};
use super::*;
use domain::ids::NoticeId;
use domain::notice::{Notice, Topic};
use serde_json::json;
use store::trading::Trading;

/// One that may go, and one that tells of a way in, a minute before; the viewer's.
fn inbox() -> Api {
    let api = town(&[Role::Viewer, Role::Trader]);
    put(&api, vec![notice(), staying()]);
    api
}

fn viewer() -> UserId {
    UserId::of(&["viewer"])
}

fn notice() -> Notice {
    Notice::new(&viewer(), Topic::RoleChanged, AT, &["2"], "Your role is viewer now, and was trader.".to_owned())
}

fn staying() -> Notice {
    let at = AT.minus(Millis::seconds(60));
    Notice::new(&viewer(), Topic::AccessMade, at, &["k"], "An API key was made.".to_owned())
}

/// So many minutes before.
fn before(minutes: i64) -> Notice {
    let (at, number) = (AT.minus(Millis::seconds(60 * minutes)), minutes.to_string());
    Notice::new(&viewer(), Topic::Parked, at, &[&number], "Something waits.".to_owned())
}

fn put(api: &Api, notices: Vec<Notice>) {
    done(api, |world| async move {
        for notice in notices {
            Trading(&world).notify(&notice).await.unwrap();
        }
    });
}

fn asked(api: &Api, method: &str, path: &str, word: &str) -> (StatusCode, HeaderMap, Value) {
    ask(api, method, &format!("/api/v1/notifications{path}"), word, &Value::Null)
}

fn get(api: &Api, path: &str) -> Value {
    asked(api, "GET", path, "viewer").2
}

/// Of those that are shown, each with whether it was read.
fn shown(list: &Value) -> Vec<(NoticeId, bool)> {
    let shown = |item: &Value| (NoticeId::parse(item["id"].as_str().unwrap()).unwrap(), item["is_read"] == true);
    list["items"].as_array().unwrap().iter().map(shown).collect()
}

#[test]
fn an_inbox_is_its_persons_alone() {
    let (id, stays) = (notice().id, staying().id);
    for (method, path, status) in [
        ("GET", String::new(), 200),
        ("GET", "/unread-count".to_owned(), 200),
        ("POST", "/read-all".to_owned(), 204),
        ("POST", format!("/{id}/read"), 204),
        ("DELETE", format!("/{id}"), 204),
        ("POST", "/ntf_nobody/read".to_owned(), 404),
        ("DELETE", "/ntf_nobody".to_owned(), 404),
        ("DELETE", "/x!".to_owned(), 404),
        ("DELETE", format!("/{stays}"), 409),
    ] {
        let api = inbox();
        for (word, status) in [("key:viewer", 404), ("nobody", 401), ("viewer", status)] {
            assert_eq!(asked(&api, method, &path, word).0.as_u16(), status, "{method} {path} {word}");
        }
        let is_one = path.contains(id.as_str()) || path.contains(stays.as_str());
        assert!(!is_one || asked(&api, method, &path, "trader").0 == StatusCode::NOT_FOUND, "{method} {path}");
    }
}

#[test]
fn what_is_read_counts_no_more_and_what_is_dropped_is_gone() {
    let (api, first, second) = (inbox(), notice().id, staying().id);
    assert_eq!(shown(&get(&api, "")), [(first.clone(), false), (second.clone(), false)]);
    assert_eq!(get(&api, "/unread-count"), json!({"unread": 2, "more": false}));
    asked(&api, "POST", &format!("/{second}/read"), "viewer");
    assert_eq!(shown(&get(&api, "")), [(first.clone(), false), (second.clone(), true)]);
    assert_eq!(shown(&get(&api, "?unread=true")), [(first.clone(), false)]);
    asked(&api, "POST", "/read-all", "viewer");
    assert_eq!(shown(&get(&api, "?unread=false")), [(first.clone(), true), (second.clone(), true)]);
    asked(&api, "DELETE", &format!("/{first}"), "viewer");
    assert_eq!(shown(&get(&api, "")), [(second, true)]);
    assert_eq!(told(asked(&api, "POST", &format!("/{first}/read"), "viewer")), refused(404, "not_found"));
    assert_eq!(get(&api, "/unread-count"), json!({"unread": 0, "more": false}));
}

#[test]
fn what_stays_is_refused_by_a_code() {
    let api = inbox();
    let drop = asked(&api, "DELETE", &format!("/{}", staying().id), "viewer");
    assert_eq!(told(drop), refused(409, "notification_stays"));
    assert_eq!(shown(&get(&api, "")).len(), 2);
}

#[test]
fn a_list_says_what_was_read_and_where_it_goes_on() {
    let api = inbox();
    asked(&api, "POST", &format!("/{}/read", notice().id), "viewer");
    let expected = json!({
        "id": notice().id.to_string(), "topic": "role_changed", "text": "Your role is viewer now, and was trader.",
        "about": null, "created_at": "2025-11-20T08:51:00Z", "is_read": true,
    });
    let first = get(&api, "?limit=1");
    assert_eq!(first["items"], json!([expected]));
    let next = get(&api, &format!("?limit=1&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!(shown(&next), [(staying().id, false)]);
    put(&api, (2..5).map(before).collect());
    let unread = get(&api, "?unread=true&limit=1");
    assert_eq!(unread["items"][0]["is_read"], false);
    let cursor = unread["next_cursor"].as_str().unwrap();
    let further = get(&api, &format!("?unread=true&limit=1&cursor={cursor}"));
    assert_eq!(further["items"][0]["topic"], "parked", "{further}");
    let other = told(asked(&api, "GET", &format!("?cursor={cursor}"), "viewer"));
    assert_eq!(other, rows::wrong("cursor"), "a cursor of another list");
    for wrong in ["?unread=yes", "?unread=", "?unread=true&unread=false"] {
        assert_eq!(told(asked(&api, "GET", wrong, "viewer")), rows::wrong("unread"), "{wrong}");
    }
}

#[test]
fn a_hundred_are_counted_and_then_there_are_more() {
    let api = inbox();
    put(&api, (2..99).map(before).collect());
    assert_eq!(get(&api, "/unread-count"), json!({"unread": 99, "more": false}));
    put(&api, vec![before(99), before(100)]);
    assert_eq!(get(&api, "/unread-count"), json!({"unread": 100, "more": true}));
}
