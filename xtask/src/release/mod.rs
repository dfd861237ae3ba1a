//! `cargo xtask deploy`: a release into an AWS account, switched at once, and the way back.
//!
//! 1. Nothing that runs changes before the switch: the change set updates what nobody calls (`$LATEST`), and callers
//!    call the alias `live`. Tables, queues and rights do change with it: that is why readers take the schema before
//!    theirs.
//! 2. The aliases are the record: each holds the version in use and, in its description, the one before.
//! 3. Nothing is replaced or deleted that holds data without the person's own words, and nothing is switched onto a table
//!    of another epoch.

pub(crate) mod account;
pub(crate) mod answers;
pub(crate) mod build;
mod change_set;
mod dashboard;
mod epoch;
pub(crate) mod examine;
mod flight;
mod options;
pub(crate) mod package;
mod rehearse;
mod steps;
#[cfg(test)]
mod tests;
pub(crate) mod there;
mod versions;

pub(crate) use options::{DeployOptions, EXAMPLES};
pub(crate) use versions::for_all;

use anstream::eprintln;

use crate::aws_cli::Aws;
use crate::failure::Result;
use crate::first_user;
use crate::place::Place;
use crate::python::Tools;
use dashboard::Dashboard;
use examine::Tables;

pub(crate) fn run(place: &Place, options: &DeployOptions) -> Result<()> {
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    drop(building);
    if options.dry_run {
        return rehearse::rehearse(place, &tools, options);
    }
    // First of all: whoever cannot deploy learns it before minutes of building.
    let endpoint = account::log_in(&tools, options)?;
    let aws = Aws { tools: &tools, endpoint: &endpoint };
    account::introduce(&aws)?;
    if options.back {
        return steps::go_back(&aws, options);
    }
    let former = there::former(&aws, options)?;
    let dashboard = Dashboard::plan(options, former.as_ref())?;
    if let Some(inside) = former.map(|outputs| Tables::of(&aws, &outputs)).transpose()? {
        inside.adopt_where_fresh()?;
        epoch::guard(options, &inside)?;
        if options.seed {
            first_user::refuse_second(place, options, &inside)?;
        }
    }
    account::mind_the_limit(&aws, options)?;
    let building = place.lock_building()?;
    let functions = build::build(place, options)?;
    dashboard.build(place)?;
    drop(building);
    build::tell(&functions);
    let outputs = steps::release(place, &aws, options, &dashboard)?;
    if options.seed {
        first_user::make(place, &aws, options, &outputs)?;
    }
    eprintln!("Released. The way back: cargo xtask deploy --back{}", options.repeated());
    Ok(())
}
