//! Builds all functions at once and lays them where the template looks for them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::process::{self, succeeds};
use crate::progress::heading;
use crate::{venue_sim, web};

pub(crate) use domain::functions::NAMES;

/// The folder below `target/` where the template looks for them.
pub(crate) const STAGED: &str = "lambda-local";

/// What is built beside the functions where they are not shipped: what stands in for exchanges, and what serves the dashboard.
const BESIDE: [&str; 2] = [venue_sim::PROGRAM, web::PROGRAM];

const SHIPPED: &str = "Building the functions as they are shipped";

/// What one `cargo build` makes. Cargo compiles what is shared anew when another set of features is asked for, so the
/// checks build everything at once, and the functions among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    Functions,
    WholeWorkspaceWithTests,
    /// The functions in the profile that goes to Lambda.
    Shipped,
}

/// Builds in the profile that tests use as well: what they share is compiled once.
pub(crate) fn build_and_stage(place: &Place, selection: Selection) -> Result<()> {
    let building = heading(match selection {
        Selection::Functions => "Building the functions",
        Selection::WholeWorkspaceWithTests => "Building the functions and all tests",
        Selection::Shipped => SHIPPED,
    });
    for (name, binary) in build(place, selection)? {
        // A Lambda's zip holds one program called `bootstrap`.
        let file = if BESIDE.contains(&name) { name } else { "bootstrap" };
        stage(place, name, file, &binary)?;
    }
    building.done(format!("{} staged", NAMES.len()));
    Ok(())
}

/// The programs in the profile that goes to Lambda. They are not staged: local stacks run what tests run.
pub(crate) fn build_shipped(place: &Place) -> Result<Vec<(&'static str, PathBuf)>> {
    let building = heading(SHIPPED);
    let built = build(place, Selection::Shipped)?;
    building.done(format!("{} built", built.len()));
    Ok(built)
}

#[derive(Debug, Deserialize)]
struct Artifact {
    target: Target,
    profile: Profile,
    executable: Option<PathBuf>,
}

impl Artifact {
    /// A function's library and its tests bear the same name.
    fn is_program(&self, name: &str) -> bool {
        self.target.name == name && self.target.kind.iter().any(|kind| kind == "bin") && !self.profile.test
    }
}

#[derive(Debug, Deserialize)]
struct Profile {
    test: bool,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

fn build(place: &Place, selection: Selection) -> Result<Vec<(&'static str, PathBuf)>> {
    let built = compile(place, selection)?;
    let binary = |name| {
        let program = built.iter().find(|artifact| artifact.is_program(name));
        let binary = program.and_then(|artifact| artifact.executable.clone());
        binary.map(|binary| (name, binary)).ok_or_else(|| Failure::new(format!("cargo built no binary `{name}`")))
    };
    wanted(selection).map(binary).collect()
}

fn wanted(selection: Selection) -> impl Iterator<Item = &'static str> {
    let beside = if selection == Selection::Shipped { [].as_slice() } else { &BESIDE };
    NAMES.into_iter().chain(beside.iter().copied())
}

/// This program is among them where it was built with them: another selection would be another set of features to compile.
fn packages(selection: Selection) -> impl Iterator<Item = &'static str> {
    let this = (selection != Selection::Shipped).then_some(env!("CARGO_PKG_NAME"));
    wanted(selection).chain(this).flat_map(|name| ["--package", name])
}

fn compile(place: &Place, selection: Selection) -> Result<Vec<Artifact>> {
    let mut command = process::cargo();
    command.current_dir(&place.root).args(["build", "--message-format=json-render-diagnostics"]);
    match selection {
        Selection::Functions => command.args(packages(selection)),
        Selection::WholeWorkspaceWithTests => command.args(["--workspace", "--all-targets"]),
        Selection::Shipped => command.args(["--profile", "lambda"]).args(packages(selection)),
    };
    let mut child = process::start(command.stdout(Stdio::piped()))?;
    // Cargo's own progress goes to stderr; stdout has one JSON object per line, read while it builds.
    let stdout = child.stdout.take();
    let reading = std::thread::spawn(move || stdout.map(std::io::read_to_string).transpose());
    let status = process::wait(child)?;
    if !status.success() {
        return Err(Failure::new("the functions do not compile").next("mend what cargo says above, then run it again"));
    }
    let lines = reading.join().ok().and_then(std::io::Result::ok).flatten().unwrap_or_default();
    Ok(lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// It keeps the binary's time, so that nothing is done twice and unchanged functions keep the checksum that
/// CloudFormation compares.
fn stage(place: &Place, name: &str, file: &str, binary: &Path) -> Result<()> {
    let folder = place.staged_functions().join(name);
    fs::create_dir_all(&folder).while_doing(format_args!("making {}", folder.display()))?;
    let bootstrap = folder.join(file);
    let made = fs::metadata(binary).and_then(|binary| binary.modified()).while_doing("looking at a built function")?;
    if fs::metadata(&bootstrap).and_then(|staged| staged.modified()).is_ok_and(|staged| staged == made) {
        return Ok(());
    }
    // Written beside and renamed: a running emulator never sees half a program, and of two that stage at once neither takes the other's away.
    let fresh = place.staged_functions().join(format!("{name}.{}.new", std::process::id()));
    if !succeeds(Command::new("strip").arg("-o").arg(&fresh).arg(binary)) {
        fs::copy(binary, &fresh).while_doing(format_args!("copying {name}"))?;
    }
    File::options()
        .append(true)
        .open(&fresh)
        .and_then(|file| file.set_modified(made))
        .while_doing("staging a function")?;
    fs::rename(&fresh, &bootstrap).while_doing("staging a function")
}

/// `signal-worker` is `SignalWorker` in the template.
pub(crate) fn pascal(function: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    function.split('-').map(capital).collect()
}
