//! Packages of Node.js: as their lock file pins them, installed again when it changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, While};
use crate::place::Place;
use crate::process::capture;
use crate::progress::step;
use crate::python::Tools;

const PACKAGES: &str = "package-lock.json";
/// What was installed, beside what it was installed from.
const INSTALLED: &str = "node_modules/.installed";

/// A folder with a `package.json`, and the Node.js that runs its scripts.
#[derive(Debug)]
pub(crate) struct Node {
    tools: Tools,
    home: PathBuf,
}

impl Node {
    /// Node.js and the packages of this folder. The caller holds the lock of building.
    pub(crate) fn install(place: &Place, home: PathBuf, what: &str) -> Result<Self> {
        let node = Self { tools: Tools::install_in(&place.client(), "Node.js (once)")?, home };
        let wanted = fs::read(node.home.join(PACKAGES)).while_doing("reading package-lock.json")?;
        if fs::read(node.home.join(INSTALLED)).is_ok_and(|installed| installed == wanted) {
            return Ok(node);
        }
        let installing = step(format!("Installing the packages of {what} (once)"));
        capture(node.npm()?.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
        fs::write(node.home.join(INSTALLED), wanted).while_doing("noting what was installed")?;
        installing.done("");
        Ok(node)
    }

    /// A script of its `package.json`, without the network.
    pub(crate) fn script(&self, name: &str) -> Result<Command> {
        let mut script = self.npm()?;
        script.args(["run", "--silent", name]).env("npm_config_offline", "true");
        Ok(script)
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.tools.program("node")
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    fn npm(&self) -> Result<Command> {
        let mut npm = self.tools.command("npm");
        npm.current_dir(&self.home).env("npm_config_update_notifier", "false");
        self.tools.lead_path(&mut npm)?;
        Ok(npm)
    }
}
