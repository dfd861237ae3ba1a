//! Every operation of docs/openapi.json is asked at random, by schemathesis: nothing fails inside, and nothing is answered
//! that the document does not say. How it asks stands in infra/schemathesis/schemathesis.toml.

use crate::failure::Result;
use crate::place::{Place, StackFolder};
use crate::process::show;
use crate::progress::heading;
use crate::python::Tools;
use crate::report::Report;

const SECONDS_MAX: &str = "100";

/// In the name of the seeded user.
pub(crate) fn run(place: &Place, folder: &StackFolder) -> Result<()> {
    let building = place.lock_building()?;
    let home = place.schemathesis();
    let tools = Tools::install_in(&home, "schemathesis (once)")?;
    drop(building);
    let asking = heading("Every operation, asked at random");
    let report = Report::saved(folder)?;
    let mut command = tools.command("schemathesis");
    command.arg("--config-file").arg(home.join("schemathesis.toml"));
    command.arg("run").arg(place.root.join("docs/openapi.json")).args(["--url", report.api_url()]);
    // It leaves notes where it runs.
    command.args(["--max-time", SECONDS_MAX]).current_dir(folder.file("tmp"));
    show(command.env("MONIQO_TOKEN", report.token()))?;
    asking.done("");
    Ok(())
}
