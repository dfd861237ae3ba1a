//! The Python tools behind the stack: an environment of their own, exactly as pinned, made again when the pins change.

use std::path::{Path, PathBuf};
use std::process::Command;

use start::python;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::progress::step;

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
        let home = place.python_tools();
        if python::is_current(&home).while_doing("reading what Python tools are wanted")? {
            return Ok(Self { bin: python::programs(&home) });
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
        if !python::is_current(home).while_doing("reading what Python tools are wanted")? {
            let making = step(format!("Installing the {what}"));
            python::make(home).map_err(|cannot| Failure::new(cannot.what).next(cannot.next))?;
            making.done("");
        }
        Ok(Self { bin: python::programs(home) })
    }
}
