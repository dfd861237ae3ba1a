use super::*;
use app::identity::Knock;
use app::ports::{Guarded, Session, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use domain::ids::SessionId;
use domain::notice::{Notice, Topic};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Ann, in a session of hers or by a key of hers.
#[derive(Clone)]
struct Stub;

fn ann() -> UserId {
    UserId::of(&["ann"])
}

fn notice() -> Notice {
    let at = Timestamp::from_millis(1_763_628_660_000);
    Notice::new(&ann(), Topic::RoleChanged, at, &["2"], "Your role is viewer now, and was trader.".to_owned())
}

impl Guards for Stub {
    async fn guard(&self, Knock { token, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
        let login = match token.expose() {
            "ann" => Some(SessionId::of(&["s"])),
            "key" => None,
            _ => return Ok(Guarded::Unknown),
        };
        Ok(Guarded::Admitted(Session::new(ann(), vec!["trading:read".to_owned()], login)))
    }
}

impl Inbox for Stub {
    async fn notices(&self, user: &UserId, unread: bool, _: &PageRequest, _: Timestamp) -> Done<Page<KeptNotice>> {
        assert_eq!(*user, ann());
        Ok(Page { items: vec![KeptNotice { notice: notice(), is_read: !unread }], next: Some("N#1".to_owned()) })
    }
    async fn unread(&self, _: &UserId, _: Timestamp) -> Done<Unread> {
        Ok(Unread { count: 100, more: true })
    }
    async fn read(&self, user: &UserId, id: &NoticeId) -> Done<bool> {
        Ok(*user == ann() && *id == notice().id)
    }
    async fn read_all(&self, user: &UserId, _: Timestamp) -> Done<()> {
        assert_eq!(*user, ann());
        Ok(())
    }
    async fn drop_one(&self, _: &UserId, id: &NoticeId) -> Done<Dropped> {
        Ok(match id.as_str() {
            "ntf_stays" => Dropped::Stays,
            id if id == notice().id.as_str() => Dropped::Gone,
            _ => Dropped::Unknown,
        })
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(method: &str, path: &str, token: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(format!("/api/v1/notifications{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    let (parts, body) = lambda::edge::prepare(router(Stub)).oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 99_999).await.unwrap();
    (parts.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn an_inbox_is_its_persons_alone() {
    let id = notice().id;
    for (method, path, told) in [
        ("GET", String::new(), 200),
        ("GET", "/unread-count".to_owned(), 200),
        ("POST", "/read-all".to_owned(), 204),
        ("POST", format!("/{id}/read"), 204),
        ("DELETE", format!("/{id}"), 204),
        ("POST", "/ntf_nobody/read".to_owned(), 404),
        ("DELETE", "/ntf_nobody".to_owned(), 404),
        ("DELETE", "/x!".to_owned(), 404),
        ("DELETE", "/ntf_stays".to_owned(), 409),
    ] {
        for (token, told) in [("ann", told), ("key", 404), ("nobody", 401)] {
            assert_eq!(ask(method, &path, token).await.0, told, "{method} {path} {token}");
        }
    }
}

#[tokio::test]
async fn what_stays_is_refused_by_a_code() {
    assert_eq!(ask("DELETE", "/ntf_stays", "ann").await.1["code"], "notification_stays");
}

#[tokio::test]
async fn a_list_says_what_was_read_and_where_it_goes_on() {
    let (_, all) = ask("GET", "", "ann").await;
    let expected = json!({
        "id": notice().id.to_string(), "topic": "role_changed", "text": "Your role is viewer now, and was trader.",
        "about": null, "created_at": "2025-11-20T08:51:00Z", "is_read": true,
    });
    assert_eq!(all["items"], json!([expected]));
    let (_, unread) = ask("GET", "?unread=true", "ann").await;
    assert_eq!(unread["items"][0]["is_read"], false);
    let cursor = unread["next_cursor"].as_str().unwrap();
    assert_eq!(ask("GET", &format!("?unread=true&cursor={cursor}"), "ann").await.0, 200);
    assert_eq!(ask("GET", &format!("?cursor={cursor}"), "ann").await.0, 422, "a cursor of another list");
    assert_eq!(ask("GET", "/unread-count", "ann").await.1, json!({"unread": 100, "more": true}));
    for wrong in ["?unread=yes", "?unread=", "?unread=true&unread=false"] {
        let (status, problem) = ask("GET", wrong, "ann").await;
        assert_eq!((status, &problem["field"]), (422, &json!("unread")), "{wrong}");
    }
}
