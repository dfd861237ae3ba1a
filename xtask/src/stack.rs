//! A whole local stack: tools, emulator, functions, template, seed.

use anstream::{eprintln, println};

use crate::aws_cli::{Aws, Endpoint};
use crate::deploy::{self, Outputs};
use crate::emulator::{Emulator, Port};
use crate::failure::{Failure, Result};
use crate::functions::{self, Selection};
use crate::place::{Place, StackFolder};
use crate::progress::step;
use crate::python::Tools;
use crate::report::Report;
use crate::seed::{self, Seeded};
use crate::venue_sim::VenueSim;
use crate::web::{self, Site};

pub(crate) const DEV: &str = "dev";

/// A deployed stack, as seeding and the demo see it.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) endpoint: Endpoint,
    /// Without a slash at its end; routes begin with `/api/`.
    pub(crate) api_url: String,
    outputs: Outputs,
}

impl Stack {
    /// One that is there.
    pub(crate) fn of(endpoint: Endpoint, outputs: Outputs) -> Result<Self> {
        Ok(Self { api_url: api_url(&endpoint, &outputs)?, outputs, endpoint })
    }

    /// What the template calls this: `TableTrading`, `QueueSignals`, `KmsKeyArn` …
    pub(crate) fn output(&self, name: &str) -> Result<&str> {
        output(&self.outputs, name)
    }
}

fn output<'o>(outputs: &'o Outputs, name: &str) -> Result<&'o str> {
    outputs.get(name).map(String::as_str).ok_or_else(|| Failure::new(format!("the template has no output {name}")))
}

/// What commands talk to: the endpoint that the user has set, else the emulator that `up` left running.
#[derive(Debug)]
pub(crate) enum Target {
    Theirs(Endpoint),
    Ours(Emulator),
    Nothing,
}

impl Target {
    pub(crate) fn find(place: &Place) -> Result<Self> {
        let ours = Emulator::find(place, &place.stack(DEV)?);
        let theirs = Endpoint::from_environment();
        Ok(match (theirs, ours) {
            // Copied from what `up` printed.
            (Some(theirs), Some(ours)) if theirs.url == ours.endpoint().url => Self::Ours(ours),
            (Some(theirs), _) => Self::Theirs(theirs),
            (None, Some(ours)) => Self::Ours(ours),
            (None, None) => Self::Nothing,
        })
    }

    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        match self {
            Self::Theirs(endpoint) => Ok(endpoint.clone()),
            Self::Ours(emulator) => Ok(emulator.endpoint()),
            Self::Nothing => Err(Failure::new("no local stack is running").next("cargo xtask up")),
        }
    }
}

pub(crate) fn up(place: &Place, json: bool) -> Result<()> {
    let (stack, seeded) = bring_up(place)?;
    let site = web::beside(place, &stack, &seeded)?;
    let report = Report::new(&stack, seeded);
    if json {
        println!("{}", report.json()?);
        return Ok(());
    }
    report.tell(site.as_ref().map(Site::log_in_link).transpose()?.as_deref());
    Ok(())
}

/// Starts what is not running and deploys what has changed.
pub(crate) fn bring_up(place: &Place) -> Result<(Stack, Seeded)> {
    let folder = place.stack(DEV)?;
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    functions::build_and_stage(place, Selection::Functions)?;
    let endpoint = match Target::find(place)? {
        Target::Theirs(endpoint) => {
            eprintln!("Using AWS_ENDPOINT_URL={} ({}): no emulator is started", endpoint.url, endpoint.region);
            endpoint
        }
        Target::Ours(emulator) if emulator.is_healthy() => emulator.endpoint(),
        Target::Ours(stuck) => {
            stuck.stop()?;
            start_fresh(place, &tools, &folder)?
        }
        Target::Nothing => start_fresh(place, &tools, &folder)?,
    };
    let brought = deploy_and_seed(place, &tools, &folder, endpoint);
    drop(building);
    brought
}

/// The emulator keeps nothing when it stops, so what was known of the former stack is void.
fn start_fresh(place: &Place, tools: &Tools, folder: &StackFolder) -> Result<Endpoint> {
    folder.forget()?;
    let folder = place.stack(DEV)?;
    Ok(Emulator::start(place, tools, &folder, Port::Usual)?.endpoint())
}

/// From a running endpoint to a stack that can be used; also what the checks do on their own emulator.
pub(crate) fn deploy_and_seed(
    place: &Place,
    tools: &Tools,
    folder: &StackFolder,
    endpoint: Endpoint,
) -> Result<(Stack, Seeded)> {
    let outputs = deploy::deploy(place, folder, &Aws { tools, endpoint: &endpoint })?;
    seed_deployed(place, folder, endpoint, outputs)
}

/// A user and all that belongs to it, in a stack that is there: the same one over and over.
pub(crate) fn seed_deployed(
    place: &Place,
    folder: &StackFolder,
    endpoint: Endpoint,
    outputs: Outputs,
) -> Result<(Stack, Seeded)> {
    let seeded = Report::seeded_before(folder, &endpoint).map_or_else(seed::invent, Ok)?;
    let stack = seed_with(place, folder, endpoint, outputs, &seeded)?;
    Ok((stack, seeded))
}

/// This user and all that belongs to it, in a stack that is there.
pub(crate) fn seed_with(
    place: &Place,
    folder: &StackFolder,
    endpoint: Endpoint,
    outputs: Outputs,
    seeded: &Seeded,
) -> Result<Stack> {
    let stack = Stack::of(endpoint, outputs)?;
    let seeding = step("Seeding a user, a paper account and a market");
    seed::seed(place, &stack, seeded)?;
    seeding.done("");
    Report::new(&stack, seeded.clone()).save(folder)?;
    Ok(stack)
}

/// Emulators name APIs by host (`<id>.execute-api.localhost`), which not every machine resolves; the path always works.
fn api_url(endpoint: &Endpoint, outputs: &Outputs) -> Result<String> {
    if endpoint.is_local() {
        return Ok(format!("{}/_aws/execute-api/{}", endpoint.url, output(outputs, "ApiId")?));
    }
    Ok(output(outputs, "ApiUrl")?.trim_end_matches('/').to_owned())
}

/// What `up` has left running, and whose it is.
pub(crate) fn running(place: &Place) -> Result<(Stack, Seeded)> {
    let (folder, endpoint) = (place.stack(DEV)?, Target::find(place)?.endpoint()?);
    let nobody = || Failure::new("this stack has no user of ours").next("cargo xtask up");
    let seeded = Report::seeded_before(&folder, &endpoint).ok_or_else(nobody)?;
    let tools = Tools::existing(place)?;
    let outputs = deploy::outputs(&Aws { tools: &tools, endpoint: &endpoint }, deploy::DEPLOYMENT)?;
    Ok((Stack::of(endpoint, outputs)?, seeded))
}

/// What stands in for exchanges beside the local stack.
pub(crate) fn exchanges(place: &Place) -> Result<Option<VenueSim>> {
    Ok(VenueSim::find(&place.stack(DEV)?))
}

pub(crate) fn down(place: &Place) -> Result<()> {
    let folder = place.stack(DEV)?;
    match Emulator::find(place, &folder) {
        Some(emulator) => {
            let stopping = step("Stopping the emulator and its functions");
            emulator.stop()?;
            stopping.done("");
        }
        None => eprintln!("Nothing is running."),
    }
    Ok(())
}

/// Refuses whatever is not the emulator that `up` started: a reset of anything else would be a loss.
pub(crate) fn reset(place: &Place) -> Result<()> {
    if let Target::Theirs(endpoint) = Target::find(place)? {
        return Err(Failure::new(format!("{} was not started by `cargo xtask up`; it is not reset", endpoint.url))
            .next("unset AWS_ENDPOINT_URL to reset the local stack"));
    }
    down(place)?;
    place.stack(DEV)?.forget()?;
    eprintln!("The local stack's data is gone. `cargo xtask up` makes a new one.");
    Ok(())
}
