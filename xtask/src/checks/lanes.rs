//! The parts of `cargo xtask test` by name, and how much each may take.
//!
//! A budget is processor time, of all that a lane starts: how long it takes besides depends on what runs beside it, and on the
//! machine. `xtask/lanes.toml` has the budgets.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anstream::eprintln;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::shard::Shard;
use crate::bench::table::table;
use crate::failure::{Failure, Parts, Result, While};
use crate::place::Place;

/// Of Linux, on every processor.
const TICKS_A_SECOND: f64 = 100.0;
/// So much more than its budget, in hundredths, no lane may take.
const ABOVE_MAX_PERCENT: f64 = 20.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Lane {
    /// What reads the repository alone: template, documents, golden files, directions between crates
    Static,
    /// Unit and property tests, and programs on loopback
    Pure,
    /// The money path under faults, in simulated time
    Simulation,
    /// Tests that have a deployed stack for themselves
    Alone,
    /// Tests that share a deployed stack
    Stack,
    /// The dashboard: types, units, sizes, and its stories in a browser
    Web,
}

impl Lane {
    pub(super) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Seconds of processor time.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Budgets(BTreeMap<Lane, f64>);

impl Budgets {
    pub(super) fn read(place: &Place) -> Result<Self> {
        let text = fs::read_to_string(place.lanes()).while_doing("reading xtask/lanes.toml")?;
        toml::from_str(&text).while_doing("reading xtask/lanes.toml")
    }

    /// Those of a run that plays one part of the long tail; the whole of it has none.
    pub(super) fn of(place: &Place, shard: Shard) -> Result<Self> {
        if shard == Shard::All { Ok(Self(BTreeMap::new())) } else { Self::read(place) }
    }
}

/// What each lane has taken so far.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Taken(Vec<(Lane, Spent)>);

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Spent {
    whole: Duration,
    processor: f64,
}

impl Taken {
    pub(super) fn run(&mut self, lane: Lane, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let (since, before) = (Instant::now(), processor_of_children());
        let worked = work();
        self.0.push((lane, Spent { whole: since.elapsed(), processor: processor_of_children() - before }));
        worked
    }

    /// For the program that has started this one.
    pub(super) fn keep(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string(self).while_doing("writing what the lanes have taken")?;
        fs::write(file, text).while_doing("writing what the lanes have taken")
    }

    /// What a program that this one has started has kept.
    pub(super) fn add_kept(&mut self, file: &Path) -> Result<()> {
        let text = fs::read_to_string(file).while_doing("reading what the lanes have taken")?;
        let Self(others) = serde_json::from_str(&text).while_doing("reading what the lanes have taken")?;
        self.0.extend(others);
        Ok(())
    }

    /// The table for people; and an error that names each lane that took too much.
    pub(super) fn tell(&self, budgets: &Budgets) -> Result<()> {
        let budget = |lane| budgets.0.get(&lane).copied();
        let row = |(lane, spent): &(Lane, Spent)| {
            let budget = budget(*lane).map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.0}"));
            vec![lane.name(), format!("{:.0}", spent.whole.as_secs_f64()), format!("{:.0}", spent.processor), budget]
        };
        let rows = self.0.iter().map(row).collect();
        eprintln!("\n{}", table(&["lane", "seconds", "of a processor", "budget"], rows));
        let mut parts = Parts::default();
        for (lane, spent) in &self.0 {
            parts.hear(budget(*lane).map_or(Ok(()), |budget| spent.within(*lane, budget)))?;
        }
        parts.end()
    }
}

impl Spent {
    fn within(self, lane: Lane, budget: f64) -> Result<()> {
        if self.processor <= budget * (1.0 + ABOVE_MAX_PERCENT / 100.0) {
            return Ok(());
        }
        let (name, took) = (lane.name(), self.processor);
        Err(Failure::new(format!(
            "the lane {name} took {took:.0} s of a processor, more than {ABOVE_MAX_PERCENT} % above its {budget:.0}"
        ))
        .next("make it quicker, or raise its budget in xtask/lanes.toml and take the minutes away elsewhere"))
    }
}

/// Of all that this process has started and waited for, and of what they have; nothing where the kernel does not tell.
fn processor_of_children() -> f64 {
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name before it may hold anything, brackets too.
    let fields = told.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>();
    ticks / TICKS_A_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_above_its_budget_a_lane_passes_and_beyond_it_fails_by_name() {
        let took = |processor| Spent { whole: Duration::ZERO, processor }.within(Lane::Pure, 100.0);
        assert!(took(120.0).is_ok());
        let failure = took(121.0).unwrap_err().to_string();
        assert!(failure.contains("pure") && failure.contains("121"), "{failure}");
    }

    #[test]
    fn each_lane_has_a_budget() {
        let budgets = Budgets::read(&Place::find().unwrap()).unwrap();
        for lane in Lane::value_variants() {
            assert!(budgets.0.contains_key(lane), "{lane:?}");
        }
    }

    #[test]
    fn what_a_lane_starts_is_counted_and_told_by_the_program_that_has_run_it() {
        let mut taken = Taken::default();
        let spin = || {
            let mut busy = std::process::Command::new("sh");
            crate::process::capture(busy.args(["-c", "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done"])).map(drop)
        };
        taken.run(Lane::Pure, spin).unwrap();
        assert!(taken.0[0].1.processor > 0.05, "{taken:?}");

        let kept = std::env::temp_dir().join(format!("moniqo-taken-{}.json", std::process::id()));
        taken.keep(&kept).unwrap();
        let mut whole = Taken::default();
        whole.add_kept(&kept).unwrap();
        fs::remove_file(kept).unwrap();
        assert_eq!(format!("{whole:?}"), format!("{taken:?}"));
    }
}
