//! `cargo xtask test`: what must hold before anything is merged, cheap checks first.
//!
//! The integration tests get an emulator of their own on a free port, so a stack from `up` is not disturbed, and it is
//! stopped whatever happens. Nothing is printed after the test runner's own summary.

use std::process::Command;

use crate::emulator::{Emulator, Port};
use crate::failure::Result;
use crate::functions::{self, Selection};
use crate::place::{Place, StackFolder};
use crate::process::{capture, cargo, show, succeeds};
use crate::progress::{heading, step};
use crate::python::Tools;
use crate::stack;

const STACK: &str = "test";
/// These tests wait for others' work more than they work: many at once, however few cores there are.
const STACK_TESTS_AT_ONCE: &str = "10";

pub(crate) fn run(place: &Place) -> Result<()> {
    format_and_lints(place)?;
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    drop(building);
    lint_template(place, &tools)?;
    let building = place.lock_building()?;
    functions::build_and_stage(place, Selection::WholeWorkspaceWithTests)?;
    drop(building);
    let runner = Runner::find();
    without_stack(place, runner)?;
    with_fresh_stack(place, &tools, runner)
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

fn lint_template(place: &Place, tools: &Tools) -> Result<()> {
    let linting = step("Template");
    capture(tools.command("cfn-lint").arg(place.template()))?;
    linting.done("");
    Ok(())
}

/// nextest where it is installed, else what every Rust has.
#[derive(Debug, Clone, Copy)]
enum Runner {
    Nextest,
    Cargo,
}

impl Runner {
    fn find() -> Self {
        if succeeds(cargo().args(["nextest", "--version"])) { Self::Nextest } else { Self::Cargo }
    }

    fn command(self, place: &Place) -> Command {
        let mut command = cargo();
        command.current_dir(&place.root).args(match self {
            Self::Nextest => ["nextest", "run"].as_slice(),
            Self::Cargo => ["test"].as_slice(),
        });
        command
    }
}

/// Unit, property, simulation and house tests: all but the package `it`, and of that its test `house`.
fn without_stack(place: &Place, runner: Runner) -> Result<()> {
    let testing = heading("Tests without a stack");
    match runner {
        Runner::Nextest => {
            show(runner.command(place).args(["--workspace", "-E", "not package(it) or binary(house)"]))?;
        }
        Runner::Cargo => {
            show(runner.command(place).args(["--workspace", "--exclude", "it"]))?;
            show(runner.command(place).args(["--package", "it", "--test", "house"]))?;
        }
    }
    testing.done("");
    Ok(())
}

fn with_fresh_stack(place: &Place, tools: &Tools, runner: Runner) -> Result<()> {
    let _alone = place.lock_testing()?;
    let folder = place.stack(STACK)?;
    // Left by a run that was killed.
    if let Some(forgotten) = Emulator::find(place, &folder) {
        forgotten.stop()?;
    }
    folder.forget()?;
    let folder = place.stack(STACK)?;
    let emulator = Emulator::start(place, tools, &folder, Port::Free)?;
    let tested = deploy_and_test(place, tools, &folder, &emulator, runner);
    let stopped = emulator.stop();
    tested.and(stopped)
}

fn deploy_and_test(
    place: &Place,
    tools: &Tools,
    folder: &StackFolder,
    emulator: &Emulator,
    runner: Runner,
) -> Result<()> {
    stack::deploy_and_seed(place, tools, folder, emulator.endpoint())?;
    let testing = heading("Tests on the deployed stack");
    let mut command = runner.command(place);
    match runner {
        // The whole workspace again: another selection would be another set of features to compile.
        Runner::Nextest => command.args(["--workspace", "-E", "package(it) and not binary(house)"]),
        Runner::Cargo => command.args(["--package", "it", "--test", "it"]),
    };
    command.env("MONIQO_STACK", folder.file("stack.json"));
    command.env("MONIQO_EMULATOR_PID", emulator.pid().to_string());
    command.env("MONIQO_TEMPLATE", folder.file("packaged.json"));
    command.env("NEXTEST_TEST_THREADS", STACK_TESTS_AT_ONCE).env("RUST_TEST_THREADS", STACK_TESTS_AT_ONCE);
    emulator.endpoint().apply(&mut command);
    show(&mut command)?;
    drop(testing);
    Ok(())
}
