//! Cargo's tools that a check needs and a machine may not have: pinned, and installed under `target/tools` only.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Result;
use crate::place::Place;
use crate::process::{cargo, show, succeeds};
use crate::progress::heading;

/// A subcommand of cargo that is a crate of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CargoTool {
    /// `cargo <name>`, of the crate `cargo-<name>`.
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl CargoTool {
    /// The tool, called as `cargo` would call it; whichever version is installed on the machine goes first.
    pub(crate) fn command(self, place: &Place) -> Result<Command> {
        if succeeds(cargo().args([self.name, "--version"])) {
            let mut command = cargo();
            command.current_dir(&place.root).arg(self.name);
            return Ok(command);
        }
        let program = self.install(place)?;
        let mut command = Command::new(program);
        command.current_dir(&place.root).arg(self.name);
        Ok(command)
    }

    fn install(self, place: &Place) -> Result<PathBuf> {
        let (home, package) = (place.root.join("target/tools"), format!("cargo-{}", self.name));
        let program = home.join("bin").join(&package);
        let is_installed = succeeds(Command::new(&program).args([self.name, "--version"]));
        if !is_installed {
            let installing = heading(format!("Installing {package} {} (once)", self.version));
            let mut install = cargo();
            install
                .args(["install", "--quiet", "--locked", "--version", self.version, "--root"])
                .arg(&home)
                .arg(&package);
            show(&mut install).map_err(|failure| {
                failure.next(format!("it comes from crates.io: check the network, or install {package} by yourself"))
            })?;
            installing.done("");
        }
        Ok(program)
    }
}
