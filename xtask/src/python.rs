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
        Command::new(self.program(program))
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// Makes a program find these tools, and the Python that runs them, before all others.
    pub(crate) fn lead_path(&self, command: &mut Command) -> Result<()> {
        let others = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(self.bin.clone()).chain(std::env::split_paths(&others)));
        command.env("PATH", path.while_doing("putting the tools on the PATH")?);
        Ok(())
    }

    /// What lies in another folder, for tests.
    #[cfg(test)]
    pub(crate) fn in_folder(bin: PathBuf) -> Self {
        Self { bin }
    }

    /// Where `up` has put them, without making them.
    pub(crate) fn existing(place: &Place) -> Result<Self> {
        let (environment, requirements) = paths(&place.python_tools());
        if is_current(&environment, &requirements)? {
            return Ok(Self { bin: environment.join("bin") });
        }
        Err(Failure::new("the Python tools are not installed").next("cargo xtask up"))
    }

    pub(crate) fn install(place: &Place) -> Result<Self> {
        Self::install_in(&place.python_tools(), "Python tools (emulator, AWS CLI, cfn-lint; once)")
    }

    /// Without waiting for others that are building, where they are there already.
    pub(crate) fn find_or_install(place: &Place) -> Result<Self> {
        Self::existing(place).or_else(|_| {
            let _building = place.lock_building()?;
            Self::install(place)
        })
    }

    /// What the `requirements.txt` of this folder pins, in an environment beside it; `what` names it to people.
    pub(crate) fn install_in(home: &Path, what: &str) -> Result<Self> {
        let (environment, requirements) = paths(home);
        if !is_current(&environment, &requirements)? {
            make(&environment, &requirements, what)?;
        }
        Ok(Self { bin: environment.join("bin") })
    }
}

fn paths(home: &Path) -> (PathBuf, PathBuf) {
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

fn make(environment: &Path, requirements: &Path, what: &str) -> Result<()> {
    let making = step(format!("Installing the {what}"));
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

pub(crate) fn find_python() -> Result<&'static str> {
    let is_recent = |python: &&str| succeeds(Command::new(python).args(["-c", IS_RECENT]));
    CANDIDATES.into_iter().find(is_recent).ok_or_else(|| {
        Failure::new("no Python 3.10 or later found").next("install Python 3.10+ and put `python3` on the PATH")
    })
}
