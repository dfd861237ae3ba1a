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

/// What installing needs: folders, language, a way through a proxy, and another registry where one is set.
fn is_needed(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(&*lower, "home" | "tmpdir" | "lang" | "term" | "no_color" | "ssl_cert_file" | "node_extra_ca_certs")
        || ["http_proxy", "https_proxy", "no_proxy", "npm_config_registry", "npm_config_cache"].contains(&&*lower)
}

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

    /// What others wrote runs there: of this environment it sees what it needs, and no key of a cloud.
    fn npm(&self) -> Result<Command> {
        let mut npm = self.tools.command("npm");
        npm.current_dir(&self.home).env_clear().env("npm_config_update_notifier", "false");
        npm.envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_needed)));
        self.tools.lead_path(&mut npm)?;
        Ok(npm)
    }
}
