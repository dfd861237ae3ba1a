//! Every operation of docs/openapi.json but for logging out is asked at random, by schemathesis: nothing fails inside, and
//! nothing is answered that the document does not say. How it asks stands in infra/schemathesis/schemathesis.toml. First with
//! the seeded key, then, by `tests/it`, as somebody who may all that an admin may.

use std::process::Command;

use crate::failure::Result;
use crate::integration::{self, Skipped, Tests};
use crate::place::{Place, StackFolder};
use crate::process::show;
use crate::progress::heading;
use crate::python::Tools;
use crate::report::Report;

pub(crate) const AS_AN_ADMIN: Skipped = Skipped { tests: "at_random", why: "it runs alone, as the last" };
const PROGRAM: &str = "schemathesis";
/// Of the whole long tail, and of an eighth of it.
const SECONDS_MAX: [&str; 2] = ["60", "30"];
const AT_ONCE: &str = "1";
/// Which requests it does not generate.
const HOOKS: (&str, &str) = ("SCHEMATHESIS_HOOKS", "hooks.py");
/// What is asked there is who somebody is, and passwords are hashed: whoever may everything asks it, a few times.
const AUTH: &str = "/auth/";

/// Whoever calls holds the lock of building.
pub(crate) fn install(place: &Place) -> Result<Tools> {
    Tools::install_in(&place.schemathesis(), "schemathesis (once)")
}

/// As an admin, too, where that is not left out.
pub(crate) fn run(
    place: &Place,
    tools: &Tools,
    folder: &StackFolder,
    (whole, left_out): (bool, &[Skipped]),
    tell: impl FnOnce(&mut Command),
) -> Result<()> {
    let asking = heading("Operations, asked at random with the seeded key");
    let report = Report::saved(folder)?;
    let mut command = tools.command(PROGRAM);
    command.arg("--config-file").arg(place.schemathesis().join("schemathesis.toml"));
    command.arg("run").arg(place.root.join("docs/openapi.json")).args(["--url", report.api_url()]);
    // It leaves notes where it runs.
    let [long, short] = SECONDS_MAX;
    let seconds = if whole { long } else { short };
    command.args(["--max-time", seconds, "--exclude-path-regex", AUTH]).current_dir(folder.file("tmp"));
    let hooks = (HOOKS.0, place.schemathesis().join(HOOKS.1));
    show(command.env("MONIQO_TOKEN", report.token()).env(hooks.0, &hooks.1))?;
    asking.done("");
    if left_out.iter().any(|left| left.tests == AS_AN_ADMIN.tests) {
        return Ok(());
    }
    let program = tools.program(PROGRAM);
    integration::run(place, folder, AT_ONCE, Tests { only: Some(AS_AN_ADMIN.tests), but: &[] }, |command| {
        tell(command.env("MONIQO_SCHEMATHESIS", program).env(hooks.0, &hooks.1));
    })
}
