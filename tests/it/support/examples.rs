//! Answers as examples for the document: with `MONIQO_EXAMPLES=FOLDER` each that went well is written there, and `cargo xtask examples`
//! takes of each kind one.

use super::http::Answer;
use super::stack::Stack;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

/// Below the address of the API.
pub(crate) fn path(url: &Url) -> String {
    let base = Url::parse(&Stack::get().api).unwrap();
    url.path().strip_prefix(base.path().trim_end_matches('/')).unwrap_or(url.path()).to_owned()
}

pub(crate) fn keep(method: &Method, path: &str, answer: &Answer) {
    let Some(folder) = std::env::var_os("MONIQO_EXAMPLES").map(PathBuf::from) else { return };
    let Ok(body) = serde_json::from_str::<Value>(&answer.text) else { return };
    if !(200..300).contains(&answer.status) {
        return;
    }
    // It holds tokens of the stack.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).unwrap();
    let file = folder.join(format!("{}.jsonl", std::process::id()));
    let line = json!({"method": method.as_str(), "path": path, "status": answer.status, "body": body});
    let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
    writeln!(file, "{line}").unwrap();
}
