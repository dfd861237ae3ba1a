//! Which answers leave an entry in the system log.

use super::*;
use crate::documented;
use crate::noted::RULES;
use crate::routes::noting;
use axum::Router;
use axum::routing::post;
use lambda::api::Document;

#[tokio::test]
async fn what_any_router_of_the_function_answers_is_noted() {
    let stub = Stub::default();
    let made = Router::new().route("/api/v1/api-keys", post(async || StatusCode::CREATED));
    let refused = made.route("/oauth2/token", post(async || StatusCode::UNAUTHORIZED));
    for path in ["/api/v1/api-keys", "/oauth2/token"] {
        let request = Request::builder().method("POST").uri(path).body(Body::empty()).unwrap();
        let router = lambda::edge::prepare(noting(refused.clone(), stub.clone()));
        router.oneshot(request).await.unwrap();
    }
    let notes: Vec<_> = stub.noted.lock().unwrap().iter().map(|note| note.message.clone()).collect();
    assert_eq!(notes, ["a key of a program was made", "a program was refused a token"]);
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
