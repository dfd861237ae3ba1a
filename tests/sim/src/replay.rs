//! A failed run, told so that it can be run again.

use crate::run::run;
use crate::scenario::Scenario;
use std::env;
use testkit::sim::{Counted, Plan, Strikes};
use testkit::world::Strictness;

const PLAN: &str = "MONIQO_SIM_PLAN";
const SEED: &str = "MONIQO_SIM_SEED";
const PAIRS: &str = "MONIQO_SIM_PAIRS";
const SHARD: &str = "MONIQO_PART";

/// Into so many parts the long tail is cut: pairs of faults, and random runs beyond those that are always played.
pub(crate) const SHARDS: usize = 8;

/// The faults that the environment lists: `all/none`, `effects/3:crash,7:lose`.
pub(crate) fn listed() -> Option<(Counted, Strikes)> {
    let text = env::var(PLAN).ok()?;
    let (counted, strikes) = text.split_once('/').expect("MONIQO_SIM_PLAN is all/… or effects/…");
    let counted = if counted == "effects" { Counted::Effects } else { Counted::All };
    Some((counted, strikes.parse().unwrap()))
}

/// The seed that the environment names.
pub(crate) fn seed() -> Option<u64> {
    env::var(SEED).ok().map(|text| text.parse().expect("MONIQO_SIM_SEED is a number"))
}

/// Whether the environment asks for every pair of faults.
pub(crate) fn all_pairs() -> bool {
    env::var(PAIRS).is_ok_and(|pairs| pairs == "all")
}

/// The part of the long tail that the environment names, from 0; none where all of it is played.
fn shard() -> Option<usize> {
    let shard: usize = env::var(SHARD).ok()?.parse().expect("MONIQO_PART is a number");
    assert!(shard < SHARDS, "MONIQO_PART is below {SHARDS}");
    Some(shard)
}

/// Whether this part of the long tail is played.
pub(crate) fn plays(part: usize) -> bool {
    shard().is_none_or(|shard| shard == part)
}

/// Runs once, shows everything, and fails where it fails.
pub(crate) fn show(scenario: &Scenario, plan: &Plan, strict: Strictness) {
    let ended = run(scenario, plan, strict, true);
    println!("{}", ended.deployment.world().sim().trace());
    if let Some(failure) = ended.failure {
        panic!("{}: {failure}", scenario.name);
    }
}

/// What failed, how it came to it, and how to see it again.
pub(crate) fn told(scenario: &Scenario, plan: &Plan, strict: Strictness, failure: &str) -> String {
    let again = run(scenario, plan, strict, true);
    let trace = again.deployment.world().sim().trace();
    format!("{}: {failure}\n\n{trace}\n{}\n", scenario.name, how(scenario, plan))
}

fn how(scenario: &Scenario, plan: &Plan) -> String {
    let run = "cargo nextest run -p sim --no-capture";
    match &plan.strikes {
        Strikes::Random(_) => format!("replay: {SEED}={} {run} random", plan.seed),
        strikes => {
            let counted = if plan.counted == Counted::Effects { "effects" } else { "all" };
            format!("replay: {PLAN}={counted}/{strikes} {run} {}", scenario.name)
        }
    }
}

/// Tells the run when an expectation about it panics.
#[derive(Debug)]
pub(crate) struct OnPanic<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) plan: &'a Plan,
    pub(crate) strict: Strictness,
}

impl Drop for OnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", told(self.scenario, self.plan, self.strict, "not what the calm run is to come to"));
        }
    }
}
