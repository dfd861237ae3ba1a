//! A failed run, told so that it can be run again.

use crate::check::{exhaustive_strictness, run};
use crate::random;
use crate::scenario::Scenario;
use std::env;
use testkit::sim::{Counted, Plan, Strikes};

const PLAN: &str = "MONIQO_SIM_PLAN";
const SEED: &str = "MONIQO_SIM_SEED";

/// The faults that the environment lists: `effects/3:crash,7:lose`.
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

/// Runs once, shows everything, and fails where it fails.
pub(crate) fn exit(scenario: &Scenario, plan: &Plan) {
    let ended = run(scenario, plan, exhaustive_strictness(), true);
    println!("{}", ended.deployment.world().sim().trace());
    if let Some(failure) = ended.failure {
        panic!("{}: {failure}", scenario.name);
    }
}

/// What failed, how it came to it, and how to see it again.
pub(crate) fn told(scenario: &Scenario, plan: &Plan, failure: &str) -> String {
    let strict = if matches!(plan.strikes, Strikes::Random(_)) { random::STRICT } else { exhaustive_strictness() };
    let again = run(scenario, plan, strict, true);
    let trace = again.deployment.world().sim().trace();
    format!("{}: {failure}\n\n{trace}\n{}\n", scenario.name, how(scenario, plan))
}

fn how(scenario: &Scenario, plan: &Plan) -> String {
    let name = scenario.name.replace(' ', "_");
    match &plan.strikes {
        Strikes::Random(_) => format!("replay: {SEED}={} cargo nextest run -p sim random", plan.seed),
        strikes => {
            let counted = if plan.counted == Counted::Effects { "effects" } else { "all" };
            format!("replay: {PLAN}={counted}/{strikes} cargo nextest run -p sim --no-capture {name}")
        }
    }
}

/// Shows the run when an expectation panics.
pub(crate) fn on_panic<'a>(scenario: &'a Scenario, plan: &'a Plan) -> impl Drop + use<'a> {
    OnPanic { scenario, plan }
}

struct OnPanic<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
}

impl Drop for OnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", told(self.scenario, self.plan, "an expectation of the calm run"));
        }
    }
}
