//! What stands in for exchanges on this machine. It lives in the emulator's process group, and ends with it.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result, While};
use crate::interrupt::pause;
use crate::place::{Place, StackFolder};
use crate::process;
use crate::progress::step;

pub(crate) const PROGRAM: &str = "venue-sim";
const START_MAX: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(50);

/// Where it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VenueSim {
    pub(crate) url: String,
    testnet_url: String,
}

/// Starts it in this process group.
pub(crate) fn start(place: &Place, folder: &StackFolder, group: i32) -> Result<Child> {
    let starting = step("Starting what stands in for exchanges");
    let said = File::create(said(folder)).while_doing("making its log")?;
    let mut command = Command::new(place.staged_functions().join(PROGRAM).join(PROGRAM));
    command.args(["--port", "0"]).env_clear();
    command.stderr(said.try_clone().while_doing("sharing its log")?).stdout(said).process_group(group);
    let child = process::start(&mut command)?;
    let until = Instant::now() + START_MAX;
    loop {
        if let Some(found) = VenueSim::find(folder) {
            starting.done(found.url);
            return Ok(child);
        }
        if Instant::now() > until {
            let told = fs::read_to_string(self::said(folder)).unwrap_or_default();
            return Err(Failure::new(format!("{PROGRAM} did not start; it said:\n{}", process::tail(&told))));
        }
        pause(LOOK)?;
    }
}

impl VenueSim {
    /// The one that was started with this folder's emulator.
    pub(crate) fn find(folder: &StackFolder) -> Option<Self> {
        Self::told(&fs::read_to_string(said(folder)).ok()?)
    }

    fn told(lines: &str) -> Option<Self> {
        let value = |name: &str| {
            let found = lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            found.map(str::to_owned)
        };
        value("ready")?;
        Some(Self { url: value("url")?, testnet_url: value("testnet_url")? })
    }

    /// As the template takes it.
    pub(crate) fn parameter(&self) -> String {
        let Self { url, testnet_url } = self;
        format!(
            "VenueStandIns=BINANCE={url},BINANCE/testnet={testnet_url},BINANCEUSDM={url},BYBIT={url},COINBASE={url},\
             KRAKEN={url}"
        )
    }
}

fn said(folder: &StackFolder) -> PathBuf {
    folder.file("venue-sim.log")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_answers_is_read_once_it_is_ready() {
        let begun = "url=http://127.0.0.1:1\ntestnet_url=http://127.0.0.1:2\nbinance.a.b.id=c=d\n";
        assert_eq!(VenueSim::told(begun), None);
        let sim = VenueSim::told(&format!("{begun}ready=true\n")).unwrap();
        assert_eq!(
            sim.parameter(),
            "VenueStandIns=BINANCE=http://127.0.0.1:1,BINANCE/testnet=http://127.0.0.1:2,BINANCEUSDM=http://127.0.0.1:1,\
             BYBIT=http://127.0.0.1:1,COINBASE=http://127.0.0.1:1,KRAKEN=http://127.0.0.1:1"
        );
    }
}
