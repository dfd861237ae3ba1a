//! A token by e-mail.

use super::rows::{recorded, told};
use super::*;
use crate::routes::LETTERS;
use serde_json::json;

const PATHS: [&str; 2] = ["/api/auth/forgot-password", "/api/v1/auth/forgot-password"];

fn forgot(api: &Api, path: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    ask(api, "POST", path, "", body)
}

/// The function asks itself to write to this address.
fn write(api: &Api, email: &str) -> StatusCode {
    let event = wire::own::event(LETTERS, &json!({"email": email}));
    answered(api, lambda::own::request(&event.to_string()).unwrap()).0
}

#[test]
fn every_address_is_answered_alike() {
    for path in PATHS {
        let api = town(&[Role::Viewer]);
        for email in ["viewer@example.com", "nobody@example.com"] {
            let (status, _, said) = forgot(&api, path, &json!({"email": email}));
            assert_eq!((status, said), (StatusCode::OK, json!({"success": true})), "{path} {email}");
        }
        let left: Vec<_> = api.post.left.lock().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(left, ["viewer@example.com", "nobody@example.com"], "a run of its own looks for them");
        for (body, field) in [
            (json!({}), "email"),
            (json!({"email": "ann"}), "email"),
            (json!({"email": "a@b.co", "to": "c@d.ef"}), "to"),
        ] {
            assert_eq!(told(forgot(&api, path, &body)), rows::wrong(field), "{body}");
        }
    }
}

#[test]
fn whoever_asks_for_letters_again_and_again_waits() {
    let api = town(&[Role::Viewer]);
    for email in ["viewer@example.com", "nobody@example.com"] {
        for turn in 0..5 {
            assert_eq!(forgot(&api, PATHS[turn % 2], &json!({"email": email})).0, StatusCode::OK, "{email} {turn}");
        }
        for path in PATHS {
            let (status, headers, _) = forgot(&api, path, &json!({"email": email}));
            assert_eq!((status, &headers["retry-after"]), (StatusCode::TOO_MANY_REQUESTS, &"30".parse().unwrap()));
        }
    }
    assert_eq!(api.post.left.lock().unwrap().len(), 10);
}

#[test]
fn nobody_but_the_function_itself_has_letters_written() {
    let api = town(&[Role::Viewer, Role::Admin]);
    for word in ["", "admin"] {
        let told = ask(&api, "POST", LETTERS, word, &json!({"email": "viewer@example.com"}));
        assert_eq!(told.0, StatusCode::NOT_FOUND, "{word}");
    }
    known(&api, &User { active: false, ..person("eve", Role::Viewer) });
    for email in ["nobody@example.com", "eve@example.com"] {
        assert_eq!(write(&api, email), StatusCode::NO_CONTENT, "{email}");
    }
    assert!(api.post.sent.lock().unwrap().is_empty() && recorded(&api).is_empty());
    assert_eq!(write(&api, "viewer@example.com"), StatusCode::NO_CONTENT);
    let [(to, text)] = <[_; 1]>::try_from(api.post.sent.lock().unwrap().clone()).unwrap();
    assert_eq!(to.as_str(), "viewer@example.com");
    let token = text.lines().find(|line| line.starts_with("mqr_")).unwrap();
    assert!(token.len() > 40, "{token}");
    let chosen = json!({"token": token, "new_password": "An0ther!"});
    for status in [StatusCode::OK, StatusCode::UNAUTHORIZED] {
        assert_eq!(ask(&api, "POST", "/api/v1/auth/reset-password", "", &chosen).0, status, "it is good once");
    }
}
