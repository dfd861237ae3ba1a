//! The routes of logs: who may ask for what, and what is answered.

use super::*;
use app::logs::sign;
use app::ports::{Audit, OldLog, Progress};
use domain::audit::{Chain, Shelf};
use domain::ids::{AttemptId, LogId};
use domain::logs::{Category, Level, Note};
use flate2::read::GzDecoder;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;
use store::Rows;
use store::audit::{row_in, table};
use store::identity::Identity;

/// 2025-11-20.
const TODAY: i64 = 20_412;

fn user(name: &str) -> UserId {
    UserId::of(&[name])
}

fn on(day: i64, number: i64) -> Timestamp {
    Timestamp::from_millis(day * Millis::DAY.get() + number)
}

fn note(day: i64, number: i64) -> Note {
    Note {
        id: LogId::of(&[&number.to_string()]),
        at: on(day, number),
        level: Level::Warning,
        category: Category::Security,
        user: None,
        message: "=a log-in was refused".to_owned(),
        details: BTreeMap::from([("route".to_owned(), "POST /x".to_owned())]),
        address: Some("203.0.113.9".to_owned()),
    }
}

/// So many entries of a day.
fn noted(api: &Api, day: i64, count: i64) {
    done(api, move |world| async move {
        for number in 0..count {
            Identity(&world).note(&note(day, number)).await.unwrap();
        }
    });
}

/// So many changes by one user on a day.
fn changed(api: &Api, name: &str, (shelf, day): (Shelf, i64), count: i64) {
    let audit = Audit {
        user: user(name),
        action: "halt".to_owned(),
        resource: "acc_1".to_owned(),
        reason: "a storm".to_owned(),
        before: None,
        after: None,
        at: on(day, 0),
        attempt: AttemptId::new("seed"),
        address: None,
        actor: None,
    };
    done(api, move |world| async move {
        for number in 0..count {
            let attempt = AttemptId::new(format!("seed-{number}"));
            let audit = Audit { attempt: attempt.clone(), at: on(day, number), ..audit.clone() };
            Rows(&world).transact(vec![row_in(table(shelf), &audit).unwrap()], &attempt).await.unwrap();
        }
    });
}

/// The answer to an admin.
fn get(api: &Api, path: &str) -> Value {
    let (status, _, told) = ask(api, "GET", path, "admin", &Value::Null);
    assert_eq!(status, StatusCode::OK, "{path}: {told}");
    told
}

/// A file as it comes.
fn exported(api: &Api, body: &Value) -> (StatusCode, HeaderMap, String) {
    let request = Request::post("/api/logs/export").header("authorization", format!("Bearer {}", token(api, "admin")));
    let (status, headers, file) = answered(api, request.body(Body::from(body.to_string())).unwrap());
    (status, headers, String::from_utf8(file).unwrap())
}

/// What admins have done.
fn on_record(api: &Api) -> Vec<(String, String, String)> {
    let all = api.store.table().audits().filter(|audit| audit.user == user("admin")).collect::<Vec<_>>();
    all.into_iter().map(|audit| (audit.action, audit.resource, audit.reason)).collect()
}

#[test]
fn logs_are_read_exported_and_deleted_by_those_who_may() {
    let body = json!({"logs": "system", "format": "csv"});
    let days = "since=2025-11-18&until=2025-11-19";
    let api = town(&[Role::Trader, Role::Admin]);
    for (method, path, body, trader, admin) in [
        ("GET", "/logs/system?level=WARNING", Value::Null, 403, 200),
        ("GET", "/logs/audit", Value::Null, 200, 200),
        ("GET", "/logs/audit?user_id=usr_other", Value::Null, 404, 200),
        ("GET", &format!("/logs/audit/verify?{days}"), Value::Null, 200, 200),
        ("GET", &format!("/logs/audit/verify?user_id=usr_other&{days}"), Value::Null, 404, 200),
        ("DELETE", "/logs/system/30", Value::Null, 403, 200),
        ("POST", "/logs/export", body, 403, 200),
    ] {
        for under in ["/api", "/api/v1"] {
            let path = format!("{under}{path}");
            let asked = |word| ask(&api, method, &path, word, &body).0.as_u16();
            assert_eq!([asked(""), asked("trader"), asked("admin")], [401, trader, admin], "{path}");
        }
    }
}

#[test]
fn whether_requests_are_answered_is_told_to_anybody_and_asks_no_table() {
    let api = fresh();
    for call in ["get", "batch_get", "query", "write", "transact"] {
        api.store.set_down(call, true);
    }
    let (status, _, said) = ask(&api, "GET", "/health", "", &Value::Null);
    assert_eq!((status.as_u16(), said), (200, json!({"status": "ok"})));
}

#[test]
fn whoever_may_not_see_others_sees_their_own() {
    let api = town(&[Role::Trader, Role::Admin]);
    for name in ["trader", "other"] {
        changed(&api, name, (Shelf::Trading, TODAY), 1);
    }
    let whose = |query: &str, word: &str| {
        let (status, _, list) = ask(&api, "GET", &format!("/api/logs/audit{query}"), word, &Value::Null);
        assert_eq!(status, StatusCode::OK, "{list}");
        let users = list["items"].as_array().unwrap().iter().map(|item| item["user_id"].as_str().unwrap().to_owned());
        users.collect::<std::collections::BTreeSet<_>>()
    };
    let of = |names: &[&str]| names.iter().map(|name| user(name).to_string()).collect();
    let by_id = |name: &str| format!("?user_id={}", user(name));
    assert_eq!(whose("", "trader"), of(&["trader"]));
    assert_eq!(whose(&by_id("trader"), "trader"), of(&["trader"]));
    assert_eq!(whose("", "admin"), of(&["trader", "other"]));
    assert_eq!(whose(&by_id("other"), "admin"), of(&["other"]));
}

#[test]
fn a_wrong_filter_is_named() {
    let api = town(&[Role::Admin]);
    let refused = |method: &str, path: &str, body: Value, field: &str| {
        let (status, _, said) = ask(&api, method, path, "admin", &body);
        assert_eq!((status.as_u16(), &said["field"]), (422, &json!(field)), "{path} {body}: {said}");
    };
    for (query, field) in [
        ("level=LOUD", "level"),
        ("category=OTHER", "category"),
        ("since=yesterday", "since"),
        ("until=2025-02-30", "until"),
        ("since=2025-02-03&until=2025-02-01", "until"),
        ("start_date=2025-02-03&end_date=2025-02-01", "end_date"),
        ("until=2025-02-01&end_date=2025-02-01", "end_date"),
        ("since=2099-01-01", "since"),
        ("limit=0", "limit"),
        ("cursor=x", "cursor"),
        ("level=INFO&level=INFO", "query"),
    ] {
        refused("GET", &format!("/api/logs/system?{query}"), Value::Null, field);
    }
    refused("GET", "/api/logs/audit?user_id=bob", Value::Null, "user_id");
    refused("GET", "/api/logs/audit?action=", Value::Null, "action");
    for days in ["-1", "0", "7", "366", "soon", "1.5", "99999999999"] {
        refused("DELETE", &format!("/api/logs/system/{days}"), Value::Null, "days_old");
    }
    refused("POST", "/api/logs/export", json!({"logs": "all", "format": "csv"}), "logs");
    refused("POST", "/api/logs/export", json!({"logs": "audit"}), "format");
    refused("POST", "/api/logs/export", json!({"logs": "audit", "format": "csv", "more": 1}), "more");
}

#[test]
fn the_system_log_says_what_the_specification_asks_for() {
    let api = town(&[Role::Admin]);
    noted(&api, TODAY, 101);
    let quiet = Note { level: Level::Info, category: Category::Api, ..note(TODAY, 200) };
    done(&api, move |world| async move { Identity(&world).note(&quiet).await.unwrap() });
    let list = get(&api, "/api/logs/system?level=WARNING");
    let system = &list["items"][0];
    assert_eq!((&system["category"], &system["timestamp"]), (&json!("SECURITY"), &json!("2025-11-20T00:00:00.1Z")));
    assert_eq!((&system["user_id"], &system["ip_address"]), (&Value::Null, &json!("203.0.113.9")));
    assert_eq!(list["items"].as_array().unwrap().len(), 100, "where nobody says how many");
    let rest = list["next_cursor"].as_str().unwrap();
    let rest = get(&api, &format!("/api/logs/system?level=WARNING&cursor={rest}"));
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
    assert_eq!(get(&api, "/api/logs/system?category=API")["items"].as_array().unwrap().len(), 1);
}

#[test]
fn what_people_have_changed_is_told_as_the_specification_has_it() {
    let api = town(&[Role::Admin]);
    changed(&api, "ann", (Shelf::Trading, TODAY), 1);
    let audit = &get(&api, "/api/logs/audit")["items"][0];
    assert_eq!((&audit["resource"], &audit["resource_id"]), (&json!("account"), &json!("acc_1")));
    assert_eq!((&audit["details"]["reason"], &audit["number"]), (&json!("a storm"), &json!(1)));
    assert_eq!((&audit["table"], &audit["user_id"]), (&json!("trading"), &json!(user("ann").as_str())));
    assert_eq!(get(&api, "/api/logs/audit?action=resume")["items"], json!([]));
}

#[test]
fn whatever_is_gone_from_what_is_on_record_is_found() {
    let api = town(&[Role::Admin]);
    changed(&api, "ann", (Shelf::Trading, TODAY - 2), 7);
    let key = api.audits.clone();
    done(&api, |world| async move {
        for day in TODAY - 3..TODAY {
            // At two o'clock in the night after it.
            sign(&world, &key, &world, on(day + 1, 7_200_000)).await.unwrap();
        }
    });
    let path = "/api/logs/audit/verify?since=2025-10-20&until=2025-11-20";
    let check = get(&api, path);
    assert_eq!((&check["whole"], &check["problems"], &check["rows"]), (&json!(true), &json!([]), &json!(7)));
    assert_eq!((&check["signed_days"], &check["signed_since"]), (&json!(9), &json!("2025-11-17")));
    assert_eq!(check["next_date"], "2025-11-20", "of 32 days the last is left to another request");
    let chain = Chain { shelf: Shelf::Trading, day: TODAY - 2, user: user("ann") };
    api.store.take_audit(&chain, 7);
    api.store.forget_signed_days(Shelf::Vault, TODAY - 2);
    let check = get(&api, path);
    assert_eq!((&check["whole"], &check["rows"]), (&json!(false), &json!(6)));
    let of_chain = json!({
        "date": "2025-11-18", "user_id": user("ann").as_str(), "table": "trading", "problem": "missing", "number": 7,
    });
    let of_day = json!({
        "date": "2025-11-18", "user_id": null, "table": "vault", "problem": "unsigned", "number": null,
    });
    assert_eq!((&check["problems"], &check["signed_days"]), (&json!([of_chain, of_day]), &json!(8)));
    let newest = get(&api, "/api/logs/audit/verify");
    assert_eq!((&newest["problems"], &newest["next_date"]), (&check["problems"], &Value::Null), "of the last 31 days");
}

#[test]
fn what_is_old_is_deleted_as_far_as_it_is_copied_and_on_record() {
    let api = town(&[Role::Admin]);
    let copied = |day| {
        let progress = Progress { day, part: 0, after: None, skipped: Vec::new() };
        done(&api, move |world| async move {
            Identity(&world).keep_archive_progress(OldLog::System, &progress).await.unwrap();
        });
    };
    let delete = || ask(&api, "DELETE", "/api/logs/system/30", "admin", &Value::Null).2;
    let left = |day| api.store.table().notes().filter(|note| note.at.day() == day).count();
    let (older, old) = (TODAY - 32, TODAY - 31);
    noted(&api, older, 7);
    noted(&api, old, 501);
    copied(old);
    assert_eq!(delete(), json!({"deleted": 7, "more": false, "kept_from": "2025-10-20"}));
    assert_eq!((left(older), left(old)), (0, 501), "what is not copied yet is kept");
    copied(TODAY - 8);
    assert_eq!(delete(), json!({"deleted": 500, "more": true, "kept_from": null}));
    assert_eq!(delete(), json!({"deleted": 1, "more": false, "kept_from": null}));
    let record = ["delete logs", "system_log", "what is older than 30 days"].map(str::to_owned);
    assert_eq!(on_record(&api), vec![record.into(); 3]);
}

#[test]
fn whoever_takes_rows_away_is_on_record() {
    for (logs, format, log) in [("system", "csv", "system_log"), ("audit", "json", "audit_log")] {
        let (api, body) = (town(&[Role::Trader, Role::Admin]), json!({"logs": logs, "format": format}));
        let record = vec![("export logs".to_owned(), log.to_owned(), format!("as {format}"))];
        assert_eq!(exported(&api, &body).0, StatusCode::OK);
        assert_eq!(on_record(&api), record);
        assert_eq!(ask(&api, "POST", "/api/logs/export", "trader", &body).0, StatusCode::FORBIDDEN);
        assert_eq!(api.store.table().audits().count(), 1, "who was refused has taken nothing");
    }
}

#[test]
fn a_small_file_is_the_answer_itself() {
    let api = town(&[Role::Admin]);
    noted(&api, TODAY, 1);
    changed(&api, "ann", (Shelf::Trading, TODAY), 2);
    let (_, headers, file) = exported(&api, &json!({"logs": "system", "format": "csv"}));
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"moniqo-system-log.csv\"");
    let lines: Vec<_> = file.lines().collect();
    assert!(lines.len() == 2 && lines[1].contains(r#""'=a log-in was refused""#), "no cell is a formula: {file}");
    let (_, headers, file) = exported(&api, &json!({"logs": "audit", "format": "json"}));
    assert_eq!(headers["content-disposition"], "attachment; filename=\"moniqo-audit-log.json\"");
    let rows: Vec<Value> = serde_json::from_str(&file).unwrap();
    let ann = rows.iter().filter(|row| row["user_id"] == user("ann").as_str());
    assert_eq!(ann.map(|row| row["number"].as_u64().unwrap()).collect::<Vec<_>>(), [2, 1], "newest first");
}

#[test]
fn a_file_that_is_too_large_for_an_answer_is_linked_to() {
    let api = town(&[Role::Admin]);
    changed(&api, "ann", (Shelf::Trading, TODAY), 5_001);
    let body = json!({"logs": "audit", "format": "json", "start_date": "2025-11-20"});
    let (status, _, said) = ask(&api, "POST", "/api/logs/export", "admin", &body);
    assert_eq!((status.as_u16(), &said["rows"]), (201, &json!(5_001)), "{said}");
    assert_eq!((&said["packed"], &said["expires_at"]), (&json!("gzip"), &json!("2025-11-20T09:06:00Z")));
    let kept = api.objects.0.lock().unwrap();
    let [(name, packed)] = &kept.iter().collect::<Vec<_>>()[..] else { unreachable!("{kept:?}") };
    assert!(name.starts_with(user("admin").as_str()) && name.ends_with("/moniqo-audit-log.json.gz"), "{name}");
    assert_eq!(said["url"], format!("https://bucket.example/{name}"));
    let mut file = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut file).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Value>>(&file).unwrap().len(), 5_001);
}

/// The time of a request is over by the clock on the wall: there is none to read a second part.
#[test]
fn a_file_that_cannot_be_written_in_time_is_none() {
    let api = town(&[Role::Admin]);
    noted(&api, TODAY, 8_001);
    let (status, _, problem) =
        ask(&api, "POST", "/api/logs/export", "admin", &json!({"logs": "system", "format": "csv"}));
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("too_many_rows")), "{problem}");
    assert_eq!(problem["fields"], json!(["since", "until"]));
    assert!(api.objects.0.lock().unwrap().is_empty() && on_record(&api).is_empty());
}
