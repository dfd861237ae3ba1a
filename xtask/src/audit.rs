//! `cargo xtask audit`: whether anything that we depend on is known to be unsafe or abandoned.
//!
//! It needs the network: advisories are news. Licences need none and are held by the tests (`tests/it/house.rs`).

use std::path::Path;
use std::process::Command;

use crate::cargo_tools::CargoTool;
use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::process::{show, succeeds};
use crate::progress::{heading, step};

const AUDIT: CargoTool = CargoTool { name: "audit", version: "0.22.2" };
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db.git";
/// Not 1, which says that something was found: nothing was looked at.
const NOT_AUDITED: i32 = 3;

/// `database` is a copy of the advisories that is used as it is.
pub(crate) fn run(place: &Place, database: Option<&Path>) -> Result<()> {
    if database.is_none() {
        reach_advisories()?;
    }
    let auditing = heading("Advisories against Cargo.lock");
    let mut audit = AUDIT.command(place)?;
    audit.args(["--deny", "warnings"]);
    if let Some(database) = database {
        audit.arg("--no-fetch").arg("--db").arg(database);
    }
    show(&mut audit)?;
    auditing.done("none");
    Ok(())
}

/// First of all: installing the tool takes minutes.
fn reach_advisories() -> Result<()> {
    let reaching = step("Looking for the advisories");
    let mut ask = Command::new("git");
    ask.args(["ls-remote", "--exit-code", ADVISORIES, "HEAD"]).env("GIT_TERMINAL_PROMPT", "0");
    if succeeds(&mut ask) {
        reaching.done("");
        return Ok(());
    }
    drop(reaching);
    Err(Failure::told(format!("nothing was audited: {ADVISORIES} cannot be reached"), Some(NOT_AUDITED)).next(
        "run it where GitHub is reached, or clone that repository and name the folder: cargo xtask audit --database DIR",
    ))
}
