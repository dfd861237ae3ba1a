//! The routes of logs: who may ask for what, and what is answered.

use super::*;
use crate::logs_desk::Looked;
use app::actor::Act;
use app::logs::{AuditWanted, Dropped, Exported, SystemWanted, Verified};
use domain::audit::{Audit, Chain, DayFlaw, Flaw, Link, Shelf};
use domain::ids::{AttemptId, LogId};
use domain::logs::{Category, Level, Note};
use lambda::noted::Notes;
use std::collections::BTreeMap;

fn note() -> Note {
    Note {
        id: LogId::of(&["one"]),
        at: AT,
        level: Level::Warning,
        category: Category::Security,
        user: None,
        message: "=a log-in was refused".to_owned(),
        details: BTreeMap::from([("route".to_owned(), "POST /x".to_owned())]),
        address: Some("203.0.113.9".to_owned()),
    }
}

fn link() -> Link {
    let audit = Audit {
        user: ann().id,
        action: "halt".to_owned(),
        resource: "acc_1".to_owned(),
        reason: "a storm".to_owned(),
        before: None,
        after: None,
        at: AT,
        attempt: AttemptId::new("one"),
        address: None,
    };
    Chain::of(Shelf::Trading, &audit).beginning().next(audit, "salt")
}

impl Notes for Stub {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        self.noted.lock().unwrap().push(note.clone());
        Ok(())
    }
}

impl LogsDesk for Stub {
    async fn system_log(&self, wanted: SystemWanted, page: &PageRequest, _: Timestamp) -> Looked<Page<Note>> {
        assert_eq!((wanted.level, wanted.category, page.limit), (Some(Level::Warning), None, 100));
        Ok(Page { items: vec![note()], next: None })
    }
    async fn audit_log(&self, wanted: &AuditWanted, _: &PageRequest, _: Timestamp) -> Looked<Page<(Shelf, Link)>> {
        *self.whose.lock().unwrap() = Some(wanted.user.clone());
        Ok(Page { items: vec![(Shelf::Trading, link())], next: None })
    }
    async fn verify(&self, _: Option<&UserId>, (first, last): (i64, i64), _: Timestamp) -> Looked<Verified> {
        assert_eq!((first, last), (20_000, 20_001));
        let flaws = vec![(Chain::of(Shelf::Trading, &link().audit), Flaw::Missing(7))];
        let unproven = vec![(Shelf::Vault, 20_001, DayFlaw::Unsigned)];
        let (signed, signed_since) = (3, Some(19_999));
        Ok(Verified { chains: 1, rows: 6, flaws, signed, signed_since, unproven, next: Some(20_002) })
    }
    async fn delete_logs(&self, days_old: u16, act: Act<'_>) -> Looked<Dropped> {
        assert_eq!((days_old, act.user), (30, &ann().id));
        Ok(Dropped { deleted: 7, more: true, kept_from: Some(20_000) })
    }
    async fn record_export(&self, log: &str, format: &str, act: Act<'_>) -> Looked<()> {
        self.exported.lock().unwrap().push(format!("{log} {format} {}", act.user));
        Ok(())
    }
    async fn export_system(&self, _: SystemWanted, _: Timestamp) -> Looked<Exported<Note>> {
        Ok(Exported { items: vec![note()], more: false, next: None, pages: 1 })
    }
    async fn keep_export(&self, name: &str, packed: &[u8], _: Timestamp) -> Looked<crate::Link> {
        assert!(name.starts_with(ann().id.as_str()) && name.ends_with("/moniqo-audit-log.json.gz"), "{name}");
        assert_eq!(packed[..2], [0x1f, 0x8b]);
        Ok(crate::Link { url: "https://there".to_owned(), expires_at: AT })
    }
    async fn export_audit(&self, _: &AuditWanted, _: Timestamp) -> Looked<Exported<(Shelf, Link)>> {
        Ok(Exported { items: vec![(Shelf::Trading, link())], more: true, next: None, pages: 1 })
    }
}

#[tokio::test]
async fn logs_are_read_exported_and_deleted_by_those_who_may() {
    let body = json!({"logs": "system", "format": "csv"});
    let routes = [
        ("GET", "/logs/system?level=WARNING", Value::Null, 403, 200),
        ("GET", "/logs/audit", Value::Null, 200, 200),
        ("GET", "/logs/audit?user_id=usr_other", Value::Null, 404, 200),
        ("GET", "/logs/audit/verify?start_date=2024-10-04&end_date=2024-10-05", Value::Null, 200, 200),
        (
            "GET",
            "/logs/audit/verify?user_id=usr_other&start_date=2024-10-04&end_date=2024-10-05",
            Value::Null,
            404,
            200,
        ),
        ("DELETE", "/logs/system/30", Value::Null, 403, 200),
        ("POST", "/logs/export", body, 403, 200),
    ];
    for (method, path, body, trader, admin) in routes {
        for under in ["/api", "/api/v1"] {
            let path = format!("{under}{path}");
            let asked = async |token| ask(&Stub::default(), method, &path, token, &body).await.0.as_u16();
            assert_eq!(
                [asked("").await, asked("a.b.c").await, asked("a.b.admin").await],
                [401, trader, admin],
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn whether_requests_are_answered_is_told_to_anybody_and_asks_no_table() {
    let (status, _, said) = ask(&Stub::default(), "GET", "/health", "", &Value::Null).await;
    assert_eq!((status.as_u16(), said), (200, json!({"status": "ok"})));
}

#[tokio::test]
async fn whoever_may_not_see_others_sees_their_own() {
    let whose = async |path: &str, token: &str| {
        let stub = Stub::default();
        assert_eq!(ask(&stub, "GET", path, token, &Value::Null).await.0, 200);
        let whose = stub.whose.lock().unwrap().take();
        whose.unwrap()
    };
    assert_eq!(whose("/api/logs/audit", "a.b.c").await, Some(ann().id));
    assert_eq!(whose(&format!("/api/logs/audit?user_id={}", ann().id), "a.b.c").await, Some(ann().id));
    assert_eq!(whose("/api/logs/audit", "a.b.admin").await, None);
    assert_eq!(whose("/api/logs/audit?user_id=usr_other", "a.b.admin").await, UserId::parse("usr_other").ok());
}

#[tokio::test]
async fn a_wrong_filter_is_named() {
    let refused = async |method: &str, path: &str, body: Value, field: &str| {
        let (status, _, said) = ask(&Stub::default(), method, path, "a.b.admin", &body).await;
        assert_eq!((status.as_u16(), &said["field"]), (422, &json!(field)), "{path} {body}: {said}");
    };
    for (query, field) in [
        ("level=LOUD", "level"),
        ("category=OTHER", "category"),
        ("start_date=yesterday", "start_date"),
        ("end_date=2025-02-30", "end_date"),
        ("start_date=2025-02-03&end_date=2025-02-01", "end_date"),
        ("limit=0", "limit"),
        ("cursor=x", "cursor"),
        ("level=INFO&level=INFO", "query"),
    ] {
        refused("GET", &format!("/api/logs/system?{query}"), Value::Null, field).await;
    }
    refused("GET", "/api/logs/audit?user_id=bob", Value::Null, "user_id").await;
    refused("GET", "/api/logs/audit?action=", Value::Null, "action").await;
    for days in ["-1", "0", "7", "366", "soon", "1.5", "99999999999"] {
        refused("DELETE", &format!("/api/logs/system/{days}"), Value::Null, "days_old").await;
    }
    refused("POST", "/api/logs/export", json!({"logs": "all", "format": "csv"}), "logs").await;
    refused("POST", "/api/logs/export", json!({"logs": "audit"}), "format").await;
    refused("POST", "/api/logs/export", json!({"logs": "audit", "format": "csv", "more": 1}), "more").await;
}

#[tokio::test]
async fn answers_say_what_the_specification_asks_for() {
    let get = async |path: &str| ask(&Stub::default(), "GET", path, "a.b.admin", &Value::Null).await.2;
    let system = &get("/api/logs/system?level=WARNING").await["items"][0];
    assert_eq!(system["category"], "SECURITY");
    assert_eq!((&system["user_id"], &system["ip_address"]), (&Value::Null, &json!("203.0.113.9")));
    let audit = get("/api/logs/audit").await["items"][0].clone();
    assert_eq!((&audit["resource"], &audit["resource_id"]), (&json!("account"), &json!("acc_1")));
    assert_eq!((&audit["details"]["reason"], &audit["number"]), (&json!("a storm"), &json!(1)));
    let check = get("/api/logs/audit/verify?start_date=2024-10-04&end_date=2024-10-05").await;
    assert_eq!((&check["whole"], &check["next_date"]), (&json!(false), &json!("2024-10-06")));
    assert_eq!((&check["problems"][0]["problem"], &check["problems"][0]["number"]), (&json!("missing"), &json!(7)));
    assert_eq!((&check["signed_days"], &check["signed_since"]), (&json!(3), &json!("2024-10-03")));
    let of_day = json!({
        "date": "2024-10-05", "user_id": null, "table": "vault", "problem": "unsigned", "number": null,
    });
    assert_eq!(check["problems"][1], of_day);
    let deleted = ask(&Stub::default(), "DELETE", "/api/logs/system/30", "a.b.admin", &Value::Null).await.2;
    assert_eq!(deleted, json!({"deleted": 7, "more": true, "kept_from": "2024-10-04"}));
}

#[tokio::test]
async fn whoever_takes_rows_away_is_on_record() {
    for (logs, format, recorded) in [("system", "csv", "system_log csv"), ("audit", "json", "audit_log json")] {
        let (stub, body) = (Stub::default(), json!({"logs": logs, "format": format}));
        ask(&stub, "POST", "/api/logs/export", "a.b.admin", &body).await;
        assert_eq!(*stub.exported.lock().unwrap(), [format!("{recorded} {}", ann().id)]);
        assert_eq!(ask(&stub, "POST", "/api/logs/export", "a.b.c", &body).await.0, 403);
        assert_eq!(stub.exported.lock().unwrap().len(), 1, "who was refused has taken nothing");
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_for_an_answer_is_linked_to() {
    let body = json!({"logs": "audit", "format": "json"});
    let (status, _, said) = ask(&Stub::default(), "POST", "/api/logs/export", "a.b.admin", &body).await;
    assert_eq!((status.as_u16(), &said["url"], &said["rows"]), (201, &json!("https://there"), &json!(1)), "{said}");
}

#[tokio::test]
async fn what_an_operator_would_look_for_is_noted_without_what_was_sent() {
    let stub = Stub { refusal: Some(IdentityError::WrongCredentials), ..Stub::default() };
    ask(&stub, "POST", "/api/auth/login", "", &credentials()).await;
    let notes = stub.noted.lock().unwrap();
    let [noted] = &notes[..] else { unreachable!("{notes:?}") };
    assert_eq!(
        (noted.level, noted.category, &*noted.message),
        (Level::Warning, Category::Security, "a log-in was refused")
    );
    assert_eq!(noted.details["route"], "POST /api/auth/login");
    assert!(!format!("{noted:?}").contains(GOOD) && !format!("{noted:?}").contains("ann@example.com"));
}
