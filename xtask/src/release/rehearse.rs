//! `--dry-run`: all that needs no account, up to the packages that would be uploaded.

use anstream::println;

use super::dashboard::Dashboard;
use super::options::DeployOptions;
use super::{build, package};
use crate::failure::Result;
use crate::place::Place;
use crate::process::capture;
use crate::progress::step;
use crate::python::Tools;

const REST: &str = "\
With credentials it would go on:
  1. print the account, and ask for more than 10 functions at once where that is the limit
  2. upload the packages, and show what differs from what is there; what replaces or deletes stands in red
  3. show orders in flight, and wait up to a minute for none
  4. carry out the change set: nobody calls what it changes until the switch
  5. see that the table is of this epoch, publish a version of each function, and switch all aliases at once
  6. look at the deployment from inside, and go back where it is not well
  7. upload the dashboard, where there is one";

pub(crate) fn rehearse(place: &Place, tools: &Tools, options: &DeployOptions) -> Result<()> {
    let linting = step("Template");
    capture(tools.command("cfn-lint").arg(place.template()))?;
    linting.done("");
    let building = place.lock_building()?;
    let functions = build::build(place, options)?;
    Dashboard::plan(options, None)?.build(place)?;
    drop(building);
    let package = package::pack(place, tools, options)?;
    println!("Would deploy {} to {}, with", options.deployment, options.region);
    for parameter in options.parameters() {
        println!("  {parameter}");
    }
    println!("the template {}, which names the packages of", package.template.display());
    package.tell(&functions);
    println!("{REST}");
    Ok(())
}
