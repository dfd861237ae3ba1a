//! The functions as they are shipped, built by cargo-lambda against the C library that Lambda has.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use anstream::eprintln;

use super::DeployOptions;
use super::options::Arch;
use crate::failure::{Failure, Result, While};
use crate::functions::{self, NAMES, Selection};
use crate::place::Place;
use crate::process::{capture, show};
use crate::progress::heading;
use crate::python::Tools;

/// One function's program, and how long it is.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) name: &'static str,
    pub(crate) bytes: u64,
}

/// The folder below `target/` that holds a folder for each function.
pub(crate) fn folder(options: &DeployOptions) -> &'static str {
    match (options.dev_build, options.arch) {
        (true, _) => functions::STAGED,
        (false, Arch::X86_64) => "lambda-x86_64",
        (false, Arch::Arm64) => "lambda-arm64",
    }
}

/// # Errors
/// Where the tools cannot be had or the functions do not compile.
pub(crate) fn build(place: &Place, options: &DeployOptions) -> Result<Vec<Built>> {
    match (options.dev_build, options.staged) {
        (true, true) => {}
        // With all tests, as these build it: another selection is compiled anew.
        (true, false) => functions::build_and_stage(place, Selection::WholeWorkspaceWithTests)?,
        (false, _) => compile(place, options)?,
    }
    NAMES.into_iter().map(|name| measured(place, options, name)).collect()
}

fn compile(place: &Place, options: &DeployOptions) -> Result<()> {
    check_target(options.arch)?;
    let tools = Tools::install_in(&place.cargo_lambda(), "build tools (cargo-lambda, zig; once)")?;
    let building = heading("Building the functions for Lambda (minutes, the first time)");
    let mut command = tools.command("cargo-lambda");
    command.current_dir(&place.root).args(["lambda", "build", "--locked", "--profile", "lambda"]);
    command.args([flag(options.arch), "--lambda-dir"]).arg(place.target().join(folder(options)));
    command.args(NAMES.iter().flat_map(|name| ["--package", name]));
    // It finds its linker, zig, by the Python beside it.
    tools.lead_path(&mut command)?;
    show(&mut command).map_err(|failure| failure.next("mend what stands above, then the same command again"))?;
    building.done(options.arch.name());
    Ok(())
}

fn flag(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "--x86-64",
        Arch::Arm64 => "--arm64",
    }
}

/// Rust's library for the target is not there by itself; cargo says so in the middle of a long build.
fn check_target(arch: Arch) -> Result<()> {
    let mut rustc = Command::new("rustc");
    let library = capture(rustc.args(["--print", "target-libdir", "--target", arch.target()]))?;
    if fs::read_dir(library.trim()).is_ok_and(|mut files| files.next().is_some()) {
        return Ok(());
    }
    Err(Failure::new(format!("Rust's library for {} is not installed", arch.target()))
        .next(format!("rustup target add {}", arch.target())))
}

/// The same program gives the same zip, whenever it was built: its time is always the same.
fn measured(place: &Place, options: &DeployOptions, name: &'static str) -> Result<Built> {
    let program = program(place, options, name);
    let looking = || format!("looking at {}", program.display());
    if !options.dev_build {
        let file = File::options().append(true).open(&program).while_doing(looking())?;
        file.set_modified(SystemTime::UNIX_EPOCH + ZIP_BEGINS).while_doing(looking())?;
    }
    Ok(Built { name, bytes: fs::metadata(&program).while_doing(looking())?.len() })
}

/// 1980-01-02: times in zip files begin in 1980.
const ZIP_BEGINS: Duration = Duration::from_secs(315_619_200);

fn program(place: &Place, options: &DeployOptions, name: &str) -> PathBuf {
    place.target().join(folder(options)).join(name).join("bootstrap")
}

pub(crate) fn tell(functions: &[Built]) {
    for Built { name, bytes } in functions {
        eprintln!("  {name:<16} {}", megabytes(*bytes));
    }
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:>3}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
