//! A browser for the stories of the dashboard: the system's Chromium, which is installed in CI alone.

use std::path::PathBuf;
use std::process::Command;

use rustix::process::getuid;

use crate::failure::{Failure, Result};
use crate::process::capture;
use crate::progress::step;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// Set by `.ci/run`: there, what is missing is a failure and not left out.
const IN_CI: &str = "MONIQO_CI";

pub(crate) fn in_ci() -> bool {
    std::env::var_os(IN_CI).is_some()
}

/// Where it is; nothing on a machine without one.
pub(crate) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

/// In CI it is installed where it is missing. A user's machine stays as it is.
pub(crate) fn find_or_install() -> Result<Option<PathBuf>> {
    if let Some(found) = find() {
        return Ok(Some(found));
    }
    if !in_ci() || !getuid().is_root() {
        return Ok(None);
    }
    let installing = step("Installing Chromium (once)");
    let apt = |words: &[&str]| capture(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(words));
    apt(&["update", "--quiet"])?;
    apt(&["install", "--yes", "--quiet", "--no-install-recommends", "chromium"])?;
    installing.done("");
    find().map(Some).ok_or_else(|| Failure::new("apt-get has installed no chromium"))
}
