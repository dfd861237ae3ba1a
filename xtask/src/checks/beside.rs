//! What waits more than it works, beside what works: this program once more, whose words are kept until the other is done.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use super::lanes::{Lane, Taken};
use super::shard::Shard;
use super::{Prepared, one};
use crate::failure::{Failure, Parts, Result, While};
use crate::place::Place;
use crate::process;
use crate::progress::heading;

#[derive(Debug)]
pub(super) struct Beside {
    what: &'static str,
    /// None once it was waited for.
    child: Option<Child>,
    said: PathBuf,
    taken: PathBuf,
}

/// Asked for before anything is built: the file may be another by then.
pub(super) fn this_program() -> Result<PathBuf> {
    std::env::current_exe().while_doing("finding this program")
}

impl Beside {
    /// What it does is said where it is waited for.
    pub(super) fn begin(
        place: &Place,
        program: &Path,
        (what, lanes): (&'static str, &[Lane]),
        shard: Shard,
    ) -> Result<Self> {
        let said = place.root.join(format!(".moniqo/lanes-beside-{}.log", name(lanes)));
        let taken = taken(place, lanes);
        // Of an earlier run.
        let _none_is_there = fs::remove_file(&taken);
        let log = File::create(&said).while_doing("making a log")?;
        let errors = log.try_clone().while_doing("sharing a log")?;
        let mut command = Command::new(program);
        command.args(["test", "--prepared"]).args(shard.words());
        for lane in lanes {
            command.args(["--lane", &lane.name()]);
        }
        let child = process::start(command.stdout(log).stderr(errors))?;
        Ok(Self { what, child: Some(child), said, taken })
    }

    /// Waits for it, shows what it has said, and adds what its lanes have taken.
    pub(super) fn end(mut self, taken: &mut Taken) -> Result<()> {
        let Some(child) = self.child.take() else { return Ok(()) };
        let waiting = heading(format!("{}, which began beside the others", self.what));
        let status = process::wait(child)?;
        let said = fs::read(&self.said).while_doing("reading what they said")?;
        std::io::stderr().write_all(&said).while_doing("showing what they said")?;
        let kept = taken.add_kept(&self.taken);
        if !status.success() {
            let why = format!("{}; what was said stands above", self.what);
            return Err(Failure::told(why, status.code()));
        }
        waiting.done("");
        kept
    }
}

/// These lanes, started by a program that has prepared them and tells what they have taken.
pub(super) fn run(place: &Place, lanes: &[Lane], shard: Shard) -> Result<()> {
    let (prepared, mut kept, mut parts) = (Prepared::find(place)?, Taken::default(), Parts::default());
    for &lane in lanes {
        parts.hear(kept.run(lane, || one(place, lane, &prepared, shard)))?;
    }
    kept.keep(&taken(place, lanes))?;
    parts.end()
}

fn taken(place: &Place, lanes: &[Lane]) -> PathBuf {
    place.root.join(format!(".moniqo/lanes-beside-{}.json", name(lanes)))
}

fn name(lanes: &[Lane]) -> String {
    lanes.iter().map(|lane| lane.name()).collect::<Vec<_>>().join("-")
}

/// Whoever ends before it ends it as well, politely: it stops its emulator.
impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            process::end(child);
        }
    }
}
