//! What waits more than it works, beside what works: this program once more, whose words are kept until the other is done.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use super::lanes::Lane;
use super::shard::Shard;
use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::process;
use crate::progress::heading;

#[derive(Debug)]
pub(super) struct Beside {
    /// None once it was waited for.
    child: Option<Child>,
    said: PathBuf,
}

/// Asked for before anything is built: the file may be another by then.
pub(super) fn this_program() -> Result<PathBuf> {
    std::env::current_exe().while_doing("finding this program")
}

impl Beside {
    pub(super) fn begin(place: &Place, program: &Path, lane: Lane, shard: Shard) -> Result<Self> {
        let said = place.root.join(format!(".moniqo/lane-{}.log", lane.name()));
        let log = File::create(&said).while_doing("making a log")?;
        let errors = log.try_clone().while_doing("sharing a log")?;
        let mut command = Command::new(program);
        command.args(["test", "--prepared", "--lane", &lane.name()]).args(shard.words());
        let child = process::start(command.stdout(log).stderr(errors))?;
        Ok(Self { child: Some(child), said })
    }

    /// Waits for it, and shows what it has said.
    pub(super) fn end(mut self) -> Result<()> {
        let Some(child) = self.child.take() else { return Ok(()) };
        let waiting = heading("Tests that have a stack for themselves, which began beside the others");
        let status = process::wait(child)?;
        let said = fs::read(&self.said).while_doing("reading what they said")?;
        std::io::stderr().write_all(&said).while_doing("showing what they said")?;
        if !status.success() {
            return Err(Failure::told(
                "tests that have a stack for themselves; what they said stands above",
                status.code(),
            ));
        }
        waiting.done("");
        Ok(())
    }
}

/// Whoever ends before it ends it as well, politely: it stops its emulator.
impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            process::end(child);
        }
    }
}
