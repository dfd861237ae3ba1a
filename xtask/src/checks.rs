//! `cargo xtask test`: what must hold before anything is merged, cheap checks first.
//!
//! The integration tests get an emulator of their own on a free port, so a stack from `up` is not disturbed, and it is
//! stopped whatever happens. Tests that fail keep no others from being run: what failed is told together, at the end.

use std::process::Command;

use crate::bench;
use crate::ccxt;
use crate::emulator::{Emulator, Port};
use crate::failure::{Parts, Result};
use crate::functions::{self, Selection};
use crate::integration::{self, Skipped, Tests};
use crate::outside::Lookout;
use crate::place::{Place, StackFolder};
use crate::process::{capture, cargo, show, succeeds};
use crate::progress::{heading, step};
use crate::python::{Tools, find_python};
use crate::schemathesis;
use crate::stack;
use crate::terraform::Terraform;

const STACK: &str = "test";
/// These tests wait for others' work more than they work: many at once, however few cores there are.
const STACK_TESTS_AT_ONCE: &str = "10";
/// These take all that the stack has, and break it for a while.
const STRESS: Skipped = Skipped { tests: "stress", why: "they run alone, after the others" };
/// These put a second deployment beside it.
const RELEASED: Skipped = Skipped { tests: "released", why: "they run alone, after the others" };
/// These ask every route as everybody at once, which leaves others no function to run in.
const EVERYBODY: Skipped = Skipped { tests: "everybody", why: "they run alone, after the others" };
const ONE_AT_A_TIME: &str = "1";

pub(crate) fn run(place: &Place) -> Result<()> {
    format_and_lints(place)?;
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    let client = ccxt::install(place)?;
    fetch_crates(place)?;
    let asker = schemathesis::install(place)?;
    drop(building);
    lint_template(place, &tools)?;
    let building = place.lock_building()?;
    functions::build_and_stage(place, Selection::WholeWorkspaceWithTests)?;
    drop(building);
    let runner = Runner::find();
    golden_ladders(place)?;
    golden_requests(place, &client)?;
    // What was to be fetched has been: from here on nobody is asked who is not on this machine.
    let lookout = Lookout::begin();
    let mut parts = Parts::default();
    parts.hear(without_stack(place, runner, &client))?;
    parts.hear(bench::hold_counts(place))?;
    parts.hear(with_fresh_stack(place, &tools, |folder, emulator| {
        deploy_and_test(place, &tools, &asker, folder, emulator)
    }))?;
    parts.hear(lookout.end())?;
    parts.end()
}

fn format_and_lints(place: &Place) -> Result<()> {
    let format = heading("Format");
    show(cargo().current_dir(&place.root).args(["fmt", "--all", "--check"]))
        .map_err(|failure| failure.next("cargo fmt --all"))?;
    format.done("");
    let lints = heading("Lints");
    show(cargo().current_dir(&place.root).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    lints.done("");
    Ok(())
}

/// Of every target: a test reads the licences of all of them.
fn fetch_crates(place: &Place) -> Result<()> {
    let fetching = step("Crates of every target");
    capture(cargo().current_dir(&place.root).args(["fetch", "--locked"]))?;
    fetching.done("");
    Ok(())
}

fn lint_template(place: &Place, tools: &Tools) -> Result<()> {
    let linting = step("Template");
    capture(tools.command("cfn-lint").arg(place.template()))?;
    linting.done("");
    Ok(())
}

/// The ladders that tests hold the plans against, reckoned anew by whoever does not know the code.
fn golden_ladders(place: &Place) -> Result<()> {
    let reckoning = step("Golden ladders");
    let reference = place.root.join("tests/golden/ladder/reference.py");
    capture(Command::new(find_python()?).arg(reference).arg("--check"))?;
    reckoning.done("");
    Ok(())
}

/// The requests that tests hold ours against, made anew by the library that they are of; it sends none.
fn golden_requests(place: &Place, client: &Tools) -> Result<()> {
    let making = step("Golden requests");
    for script in ["tests/golden/ccxt/capture.py", "tests/golden/ccxt/breadth.py"] {
        capture(client.command("python").current_dir(&place.root).args([script, "--check"]))
            .map_err(|failure| failure.next(format!("infra/ccxt/.venv/bin/python {script}")))?;
    }
    making.done("");
    Ok(())
}

/// nextest where it is installed, else what every Rust has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Runner {
    Nextest,
    Cargo,
}

impl Runner {
    pub(crate) fn find() -> Self {
        if succeeds(cargo().args(["nextest", "--version"])) { Self::Nextest } else { Self::Cargo }
    }

    pub(crate) fn command(self, place: &Place) -> Command {
        let mut command = cargo();
        command.current_dir(&place.root).args(match self {
            Self::Nextest => ["nextest", "run"].as_slice(),
            Self::Cargo => ["test"].as_slice(),
        });
        command
    }
}

/// Unit, property, simulation and house tests: all but the package `it`, and of that its test `house`.
fn without_stack(place: &Place, runner: Runner, client: &Tools) -> Result<()> {
    let testing = heading("Tests without a stack");
    match runner {
        Runner::Nextest => {
            let mut tests = runner.command(place);
            tests.args(["--workspace", "--no-fail-fast", "-E", "not package(it) or binary(house)"]);
            show(ccxt::tell(client, &mut tests))?;
        }
        Runner::Cargo => {
            show(ccxt::tell(client, runner.command(place).args(["--workspace", "--exclude", "it"])))?;
            show(runner.command(place).args(["--package", "it", "--test", "house"]))?;
        }
    }
    testing.done("");
    Ok(())
}

/// An emulator of its own for this work, which is stopped whatever happens.
pub(crate) fn with_fresh_stack(
    place: &Place,
    tools: &Tools,
    work: impl FnOnce(&StackFolder, &Emulator) -> Result<()>,
) -> Result<()> {
    let _alone = place.lock_testing()?;
    let folder = place.stack(STACK)?;
    // Left by a run that was killed.
    if let Some(forgotten) = Emulator::find(place, &folder) {
        forgotten.stop()?;
    }
    folder.forget()?;
    let folder = place.stack(STACK)?;
    let emulator = Emulator::start(place, tools, &folder, Port::Free)?;
    let worked = work(&folder, &emulator);
    let stopped = emulator.stop();
    worked.and(stopped)
}

fn deploy_and_test(
    place: &Place,
    tools: &Tools,
    asker: &Tools,
    folder: &StackFolder,
    emulator: &Emulator,
) -> Result<()> {
    stack::deploy_and_seed(place, tools, folder, emulator.endpoint())?;
    let terraform = Terraform::find(place, folder)?;
    let tell = |command: &mut Command| {
        command.env("MONIQO_EMULATOR_PID", emulator.pid().to_string());
        emulator.endpoint().apply(command);
        terraform.apply(command);
    };
    let others = [terraform.skipped(), vec![EVERYBODY, STRESS, RELEASED, schemathesis::AS_AN_ADMIN]].concat();
    let mut parts = Parts::default();
    parts.hear(integration::run(place, folder, STACK_TESTS_AT_ONCE, Tests::AllBut(&others), tell))?;
    for alone in [EVERYBODY, STRESS, RELEASED] {
        parts.hear(integration::run(place, folder, ONE_AT_A_TIME, Tests::Only(alone.tests), tell))?;
    }
    // The last: whoever asks at random may well ask for a halt of everybody.
    parts.hear(schemathesis::run(place, asker, folder, tell))?;
    parts.end()
}
