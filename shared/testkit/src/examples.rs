//! Answers as examples for the document: with `MONIQO_EXAMPLES=FOLDER` each that went well is written there, and `cargo xtask examples`
//! takes of each kind one.

use serde_json::{Value, json};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

/// The path is below the address of the API.
pub fn keep(method: &str, path: &str, status: u16, answer: &[u8]) {
    let Some(folder) = std::env::var_os("MONIQO_EXAMPLES").map(PathBuf::from) else { return };
    let Ok(body) = serde_json::from_slice::<Value>(answer) else { return };
    if !(200..300).contains(&status) {
        return;
    }
    // It holds tokens of the stack.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).unwrap();
    let file = folder.join(format!("{}.jsonl", std::process::id()));
    let line = json!({"method": method, "path": path, "status": status, "body": body});
    let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
    writeln!(file, "{line}").unwrap();
}
