//! Which answers leave an entry in the system log.

use super::*;
use crate::documented;
use crate::noted::RULES;
use domain::logs::{Category, Level, Note};
use lambda::api::Document;
use serde_json::json;

/// In this minute nothing else is noted: a process writes so many entries in each.
const NOTED: Timestamp = AT.plus(Millis::seconds(3_600));

/// What stands in the log, once this was asked for in that minute.
fn noted(api: &Api, path: &str, word: &str, body: &str) -> (u16, Vec<Note>) {
    let (status, ..) = sent(api, Request::post(path).extension(begun(NOTED)), word, body);
    (status.as_u16(), api.store.table().notes().collect())
}

#[test]
fn what_any_route_of_the_function_answers_is_noted() {
    let key = json!({"name": "night bot", "scopes": ["trading:read"]}).to_string();
    let client = "grant_type=client_credentials&client_id=key_x&client_secret=mqk_x";
    let password = json!({"old_password": "Wr0ng-one", "new_password": "N3wpass!"}).to_string();
    let user = UserId::of(&["trader"]);
    for (path, word, body, answered, message) in [
        ("/api/v1/api-keys", "trader", &*key, 201, "a key of a program was made"),
        ("/oauth2/token", "", client, 401, "a program was refused a token"),
        ("/api/v1/users/me/password", "trader", &password, 401, "a change of password was refused"),
    ] {
        let (status, notes) = noted(&town(&[Role::Trader]), path, word, body);
        let [note] = &notes[..] else { unreachable!("{path}: {notes:?}") };
        assert_eq!((status, &*note.message, note.at), (answered, message, NOTED));
        assert_eq!(note.user.as_ref(), (!word.is_empty()).then_some(&user), "{path}");
    }
}

#[test]
fn what_an_operator_would_look_for_is_noted_without_what_was_sent() {
    let body = json!({"email": "ann@example.com", "password": GOOD}).to_string();
    let (_, notes) = noted(&fresh(), "/api/auth/login", "", &body);
    let [note] = &notes[..] else { unreachable!("{notes:?}") };
    assert_eq!(
        (note.level, note.category, &*note.message),
        (Level::Warning, Category::Security, "a log-in was refused")
    );
    assert_eq!((&*note.details["route"], &*note.details["status"]), ("POST /api/auth/login", "401"));
    assert!(!format!("{note:?}").contains(GOOD) && !format!("{note:?}").contains("ann@example.com"));
}

#[test]
fn what_goes_well_and_has_no_rule_leaves_no_entry() {
    let body = json!({"email": "trader@example.com", "password": GOOD}).to_string();
    assert_eq!(noted(&town(&[Role::Trader]), "/api/auth/login", "", &body), (200, Vec::new()));
}

#[test]
fn each_rule_is_about_a_route_that_there_is() {
    let document = documented(Document::default()).written("0.0.0");
    for (method, route, status, ..) in RULES {
        let is_there = |path: &String| {
            let operation = &document["paths"][path][method.to_lowercase()];
            let answers = operation["responses"].as_object();
            answers.is_some_and(|answers| answers.keys().any(|code| is_it(code, *status)))
        };
        let paths = ["/api/v1", "/api", ""].map(|under| format!("{under}{route}"));
        assert!(paths.iter().any(is_there), "{method} {route} {status}");
    }
}

#[test]
fn whatever_changes_what_people_and_programs_may_do_leaves_an_entry() {
    let document = documented(Document::default()).written("0.0.0");
    let mut seen = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let below = path.strip_prefix("/api/v1").unwrap_or(path);
        let about = ["/roles", "/permissions", "/plans", "/user-plans", "/api-keys"];
        if !about.iter().any(|about| below.starts_with(about)) {
            continue;
        }
        for method in methods.as_object().unwrap().keys().filter(|method| *method != "get") {
            seen += 1;
            let is_it = |rule: &&lambda::noted::Rule| (rule.0, rule.1, rule.2) == (&*method.to_uppercase(), below, 200);
            assert!(RULES.iter().any(|rule| is_it(&rule)), "{method} {path}");
        }
    }
    assert!(seen > 18, "{seen}");
}

fn is_it(code: &str, status: u16) -> bool {
    code == status.to_string() || (status == 200 && code.starts_with('2'))
}
