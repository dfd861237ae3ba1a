//! What somebody tries who means harm, against the deployed routes.

mod shapes;
mod strangers;
mod tokens;

use crate::support::http::{Answer, ask};
use reqwest::Method;
use serde_json::Value;

async fn get(path: &str, bearer: &str) -> Answer {
    ask(Method::GET, path, Some(bearer), "").await
}

async fn post(path: &str, bearer: Option<&str>, body: &Value) -> Answer {
    ask(Method::POST, path, bearer, body.to_string()).await
}

fn assert_refused(answer: &Answer, status: u16, code: &str, tried: &str) {
    assert_eq!(answer.status, status, "{tried}: {answer:?}");
    assert_eq!(answer.json()["code"], code, "{tried}: {answer:?}");
}
