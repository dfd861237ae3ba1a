//! Runs that differ from one point on are branches of one: what comes before is played once. Where a fault may strike, the process
//! is forked. The branch is struck and plays to its end; its parent reads the result and goes on without the fault.

use fork::Fork;
use rustix::process::{Signal, getpid, kill_process};
use std::io::{self, PipeWriter, Read, Write};
use testkit::sim::Strike;

const PASSED: &[u8] = b"passed";

/// The trunk, or a branch of it.
#[derive(Debug, Default)]
pub(crate) struct Branches {
    /// Of a branch: to the trunk, which waits for it.
    trunk: Option<PipeWriter>,
    /// Where runs branched.
    pub(crate) played: Vec<usize>,
    /// What struck the first one that failed; none is played behind it.
    pub(crate) failed: Option<(usize, Strike)>,
}

impl Branches {
    /// True in the branch, which this strikes; false in the trunk, once the branch has ended.
    pub(crate) fn branch(&mut self, at: usize, strike: Strike) -> bool {
        if self.failed.is_some() {
            return false;
        }
        // What was printed and not written yet would be written twice.
        io::stdout().flush().expect("what was printed is written");
        let (mut reader, writer) = io::pipe().expect("a branch can be heard");
        match fork::fork().expect("a process of its own for a branch") {
            Fork::Child => {
                self.trunk = Some(writer);
                true
            }
            Fork::Parent(branch) => {
                drop(writer);
                let mut said = Vec::new();
                reader.read_to_end(&mut said).expect("a branch says how it ended");
                fork::waitpid(branch).expect("a branch ends");
                self.played.push(at);
                self.failed = (said != PASSED).then_some((at, strike));
                false
            }
        }
    }

    pub(crate) fn is_branch(&self) -> bool {
        self.trunk.is_some()
    }

    /// A branch says how it ended, and ends; the trunk goes on.
    pub(crate) fn end(&mut self, passed: bool) {
        let Some(mut trunk) = self.trunk.take() else { return };
        if passed {
            trunk.write_all(PASSED).expect("the trunk waits");
        }
        // Nothing is put in order, which would take as long as a short run.
        kill_process(getpid(), Signal::KILL).expect("a process may end itself");
    }
}
