//! Every operation of docs/openapi.json but for logging out is asked at random by somebody who may all that an admin may,
//! about things that are there: nothing fails inside, and nothing is answered that the document does not say. How
//! schemathesis asks stands in infra/schemathesis. These run last: what is asked at random may be a halt of everybody.

mod asker;
mod things;
mod trade;

use crate::support::Stack;
use crate::support::http::ask;
use crate::support::unique::unique;
use reqwest::Method;
use std::fs;
use std::path::Path;
use std::process::Command;

const CONFIGURATION: &str = include_str!("../../../infra/schemathesis/schemathesis.toml");
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

#[tokio::test]
async fn whoever_may_everything_is_answered_as_it_is_documented() {
    let asker = asker::make().await;
    let about = things::make(&asker).await;
    // It leaves notes where it runs.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("at-random-{}", unique()));
    fs::create_dir_all(&folder).unwrap();
    let configuration = folder.join("schemathesis.toml");
    fs::write(&configuration, format!("{CONFIGURATION}\n{about}")).unwrap();
    let status = schemathesis()
        .arg("--config-file")
        .arg(&configuration)
        // With a time to be spent it might not come to the last of them.
        .args(["run", DOCUMENT, "--url", Stack::get().api.as_str()])
        .env("MONIQO_TOKEN", &asker.token)
        .current_dir(&folder)
        .status();
    fs::remove_dir_all(&folder).unwrap();
    assert!(status.unwrap().success(), "what it found stands above");
    let me = ask(Method::GET, "/api/v1/users/me", Some(&asker.token), "").await;
    assert_eq!(me.status, 200, "whoever asked was logged in to the end: {me:?}");
}

fn schemathesis() -> Command {
    let program = std::env::var_os("MONIQO_SCHEMATHESIS");
    Command::new(program.expect("MONIQO_SCHEMATHESIS: run these tests by `cargo xtask test`"))
}
