//! `cargo xtask test`: what must hold before anything is merged, cheap checks first.
//!
//! The integration tests get emulators of their own on free ports, so a stack from `up` is not disturbed, and they are
//! stopped whatever happens. What takes a stack for itself waits more than it works: it runs beside what needs no stack
//! (`beside`), which gives way to it; two stacks at once would keep each other waiting. Tests that fail keep no others
//! from being run: what failed is told together, at the end.

mod beside;
mod deployed;

use std::process::Command;

use clap::Args;

use crate::bench;
use crate::ccxt;
use crate::failure::{Parts, Result};
use crate::functions::{self, Selection};
use crate::outside::Lookout;
use crate::place::Place;
use crate::process::{capture, cargo, giving_way, show, succeeds};
use crate::progress::{heading, step};
use crate::python::{Tools, find_python};
use crate::schemathesis;
use crate::throwaway::AwsOptions;

use beside::Beside;
pub(crate) use deployed::with_fresh_stack;

/// Which of the checks.
#[derive(Debug, Args)]
pub(crate) struct TestOptions {
    /// Only these tests of the deployed stack: a module of `tests/it`, or one test of it
    #[arg(long, value_name = "TESTS", conflicts_with = "aws")]
    pub(crate) only: Option<String>,
    /// What takes a stack for itself, with what was built before
    #[arg(long, hide = true, conflicts_with_all = ["aws", "only"])]
    pub(crate) alone: bool,
    #[command(flatten)]
    pub(crate) aws: AwsOptions,
}

pub(crate) fn run(place: &Place, options: &TestOptions) -> Result<()> {
    match &options.only {
        Some(tests) => only(place, tests),
        None if options.alone => deployed::alone(place),
        None => all(place),
    }
}

fn only(place: &Place, tests: &str) -> Result<()> {
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    functions::build_and_stage(place, Selection::WholeWorkspaceWithTests)?;
    drop(building);
    deployed::only(place, &tools, tests)
}

fn all(place: &Place) -> Result<()> {
    let this = beside::this_program()?;
    format_and_lints(place)?;
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    let client = ccxt::install(place)?;
    fetch_crates(place)?;
    schemathesis::install(place)?;
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
    let beside = Beside::begin(place, &this)?;
    let mut parts = Parts::default();
    parts.hear(without_stack(place, runner, &client))?;
    parts.hear(bench::hold_counts(place))?;
    parts.hear(beside.end())?;
    parts.hear(deployed::together(place, &tools))?;
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
    // What counts calls reads it as well, and comes last.
    bench::Template::read(place, tools)?.examine()?;
    linting.done("");
    Ok(())
}

/// The ladders that tests hold plans and backtests against, reckoned anew by whoever does not know the code.
fn golden_ladders(place: &Place) -> Result<()> {
    let reckoning = step("Golden ladders");
    for script in ["tests/golden/ladder/reference.py", "tests/golden/backtest/ladders.py"] {
        capture(Command::new(find_python()?).arg(place.root.join(script)).arg("--check"))?;
    }
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
            let mut tests = giving_way(&runner.command(place));
            tests.args(["--workspace", "--no-fail-fast", "-E", "not package(it) or binary(house)"]);
            show(ccxt::tell(client, &mut tests))?;
        }
        Runner::Cargo => {
            let mut tests = giving_way(&runner.command(place));
            show(ccxt::tell(client, tests.args(["--workspace", "--exclude", "it"])))?;
            show(giving_way(&runner.command(place)).args(["--package", "it", "--test", "house"]))?;
        }
    }
    testing.done("");
    Ok(())
}
