//! A client in TypeScript whose types are made of docs/openapi.json: it must compile, and
//! the tests on the stack close a position with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, While};
use crate::place::Place;
use crate::process::capture;
use crate::progress::{heading, step};
use crate::python::Tools;

const PACKAGES: &str = "package-lock.json";
/// What was installed, beside what it was installed from.
const INSTALLED: &str = "node_modules/.installed";
const SCRIPT: &str = "close-position.ts";

/// Node.js and the packages. The caller holds the lock of building.
pub(crate) fn install(place: &Place) -> Result<Tools> {
    let home = place.client();
    let tools = Tools::install_in(&home, "Node.js for the typed client (once)")?;
    let wanted = fs::read(home.join(PACKAGES)).while_doing("reading package-lock.json")?;
    if fs::read(home.join(INSTALLED)).is_ok_and(|installed| installed == wanted) {
        return Ok(tools);
    }
    let installing = step("Installing the packages of the typed client (once)");
    capture(npm(&tools, &home)?.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
    fs::write(home.join(INSTALLED), wanted).while_doing("noting what was installed")?;
    installing.done("");
    Ok(tools)
}

/// Makes the types anew, and compiles what uses them.
pub(crate) fn check(place: &Place) -> Result<()> {
    let (tools, home) = (install(place)?, place.client());
    let checking = heading("A typed client of docs/openapi.json");
    for script in ["types", "check"] {
        capture(npm(&tools, &home)?.args(["run", "--silent", script]).env("npm_config_offline", "true"))?;
    }
    checking.done("");
    Ok(())
}

/// Tells the tests what the client is run by, and where it is.
pub(crate) fn tell(tools: &Tools, place: &Place, tests: &mut Command) {
    tests.env("MONIQO_NODE", tools.program("node")).env("MONIQO_CLIENT", script(place));
}

fn script(place: &Place) -> PathBuf {
    place.client().join(SCRIPT)
}

fn npm(tools: &Tools, home: &Path) -> Result<Command> {
    let mut npm = tools.command("npm");
    // Only `ci` may use the network.
    npm.current_dir(home).env("npm_config_update_notifier", "false");
    tools.lead_path(&mut npm)?;
    Ok(npm)
}
