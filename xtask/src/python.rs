//! The Python tools behind the stack: an environment of their own, exactly as pinned, made again when the pins change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::process::{capture, succeeds};
use crate::progress::step;

/// Python 3.10 is what the pins were resolved for.
const IS_RECENT: &str = "import sys; sys.exit(sys.version_info < (3, 10))";
const CANDIDATES: [&str; 7] =
    ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/// Where the tools' programs lie; exists only when the environment is complete.
#[derive(Debug)]
pub(crate) struct Tools {
    bin: PathBuf,
}

impl Tools {
    pub(crate) fn command(&self, program: &str) -> Command {
        Command::new(self.bin.join(program))
    }

    /// Where `up` has put them, without making them.
    pub(crate) fn existing(place: &Place) -> Result<Self> {
        let (environment, requirements) = paths(place);
        if is_current(&environment, &requirements)? {
            return Ok(Self { bin: environment.join("bin") });
        }
        Err(Failure::new("the Python tools are not installed").next("cargo xtask up"))
    }

    pub(crate) fn install(place: &Place) -> Result<Self> {
        let (environment, requirements) = paths(place);
        if !is_current(&environment, &requirements)? {
            make(&environment, &requirements)?;
        }
        Ok(Self { bin: environment.join("bin") })
    }
}

fn paths(place: &Place) -> (PathBuf, PathBuf) {
    let home = place.python_tools();
    (home.join(".venv"), home.join("requirements.txt"))
}

/// The environment says what it was made from, and where: its programs hold their own path. An interrupted making says
/// nothing.
fn is_current(environment: &Path, requirements: &Path) -> Result<bool> {
    let wanted = origin(environment, requirements)?;
    Ok(fs::read_to_string(label(environment)).is_ok_and(|made| made == wanted))
}

fn origin(environment: &Path, requirements: &Path) -> Result<String> {
    let pins = fs::read_to_string(requirements).while_doing(format_args!("reading {}", requirements.display()))?;
    Ok(format!("{}\n{pins}", environment.display()))
}

fn label(environment: &Path) -> PathBuf {
    environment.join("made-from")
}

fn make(environment: &Path, requirements: &Path) -> Result<()> {
    let making = step("Installing the Python tools (emulator, AWS CLI, cfn-lint; once)");
    let python = find_python()?;
    if environment.exists() {
        fs::remove_dir_all(environment).while_doing("removing the old Python environment")?;
    }
    capture(Command::new(python).args(["-m", "venv"]).arg(environment)).map_err(|failure| {
        failure.next("on Debian or Ubuntu: apt install python3-venv; then the same command again")
    })?;
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement"]);
    capture(pip.arg(requirements)).map_err(|failure| {
        failure.next("the tools come from PyPI: check the network or proxy, then the same command again")
    })?;
    fs::write(label(environment), origin(environment, requirements)?)
        .while_doing("marking the Python environment as complete")?;
    making.done("");
    Ok(())
}

fn find_python() -> Result<&'static str> {
    let is_recent = |python: &&str| succeeds(Command::new(python).args(["-c", IS_RECENT]));
    CANDIDATES.into_iter().find(is_recent).ok_or_else(|| {
        Failure::new("no Python 3.10 or later found").next("install Python 3.10+ and put `python3` on the PATH")
    })
}
