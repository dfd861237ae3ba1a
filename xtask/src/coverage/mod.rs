//! `cargo xtask coverage`: how many lines tests run, and that it is enough.
//!
//! All tests that need no stack are counted, and the contract of the stores on an emulator's tables. What only a
//! function's own process runs is not seen: an emulator ends it without its counts.

mod lines;
mod llvm;

use std::process::Command;

use crate::cargo_tools::CargoTool;
use crate::ccxt;
use crate::checks::{self, Runner};
use crate::failure::{Failure, Result, While};
use crate::functions::{self, Selection};
use crate::integration::Tests;
use crate::place::Place;
use crate::process::{capture, show};
use crate::progress::heading;
use crate::python::Tools;
use crate::stack;

use lines::Coverage;
use llvm::Llvm;

const TOOL: CargoTool = CargoTool { name: "llvm-cov", version: "0.9.1" };
/// The tests that use the stores in their own process.
const CONTRACT: &str = "contract";
const STACK: &str = "coverage";
const TESTS_AT_ONCE: &str = "10";

pub(crate) fn run(place: &Place) -> Result<()> {
    let llvm = Llvm::find(place)?;
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    let client = ccxt::install(place)?;
    functions::build_and_stage(place, Selection::Functions)?;
    drop(building);
    let testing = heading("Tests without a stack, their lines counted");
    let runner = Runner::find();
    let mut without_stack = tests(place, runner)?;
    without_stack.args(["--no-report", "--workspace", "--exclude", "it"]);
    show(llvm.apply(ccxt::tell(&client, &mut without_stack)))?;
    testing.done("");
    checks::with_fresh_stack(place, &tools, STACK, |folder, emulator| {
        stack::deploy_and_seed(place, &tools, folder, emulator.endpoint())?;
        let testing = heading("The contract of the stores, its lines counted");
        let mut tests = tests(place, runner)?;
        tests.args(["--no-report", "--no-clean"]);
        Tests { only: Some(CONTRACT), but: &[] }.apply(&mut tests, runner, folder, TESTS_AT_ONCE);
        emulator.endpoint().apply(&mut tests);
        show(llvm.apply(&mut tests))?;
        testing.done("");
        Ok(())
    })?;
    judge(&report(place, &llvm)?)
}

fn tests(place: &Place, runner: Runner) -> Result<Command> {
    let mut tests = TOOL.command(place)?;
    tests.arg(match runner {
        Runner::Nextest => "nextest",
        Runner::Cargo => "test",
    });
    Ok(tests)
}

fn judge(coverage: &Coverage) -> Result<()> {
    coverage.tell();
    match coverage.misses().as_slice() {
        [] => Ok(()),
        missed => {
            Err(Failure::new(missed.join("\n")).next("cargo llvm-cov report --show-missing-lines names the lines"))
        }
    }
}

fn report(place: &Place, llvm: &Llvm) -> Result<Coverage> {
    let file = place.root.join("target/coverage.json");
    let mut report = TOOL.command(place)?;
    report.args(["report", "--json", "--summary-only", "--output-path"]).arg(&file);
    capture(llvm.apply(&mut report))?;
    let json = std::fs::read(&file).while_doing("reading the counted lines")?;
    Coverage::read(&json, &place.root)
}
