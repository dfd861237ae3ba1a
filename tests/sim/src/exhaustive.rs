//! All runs of a scenario: without faults, with one at every place, with two at pairs of them.

use crate::replay::{self, OnPanic};
use crate::run::run;
use crate::scenario::Scenario;
use crate::{Deployment, Seen};
use domain::clock::Millis;
use testkit::sim::{Counted, Latency, Plan, Strike, Strikes};
use testkit::world::Strictness;

/// Where pairs of faults are tried: at most so many yield points.
const PAIR_POINTS_MAX: usize = 40;
/// Of the pairs of places one in so many is tried, unless all are asked for.
const PAIRS_APART: usize = 4;
/// Faults that are tried in pairs.
const PAIRED: [Strike; 2] = [Strike::Crash, Strike::LoseReply];
/// Lists and reads always lag as much as they may; nothing else is left to chance.
const STRICT: Strictness = Strictness {
    conflicts: 0,
    contention: 0,
    lag_writes: 3,
    duplicates: 0,
    repeats: 0,
    tardiness: Millis::ZERO,
    read_lag: Millis::seconds(5),
    worst: true,
};

/// Runs the scenario with every single fault at every yield point, and with pairs of a crash or a lost reply: at every
/// fourth pair of places, or at each of them with `MONIQO_SIM_PAIRS=all`.
///
/// Places of pairs are all points where a run has at most forty of them, else the first forty that change something:
/// a crash before a read is a crash before the effect that follows.
///
/// # Panics
/// Where a run breaks a rule; the message says how to replay it.
pub fn exhaustive(scenario: &Scenario) {
    if let Some((counted, strikes)) = replay::listed() {
        return replay::show(scenario, &plan(scenario, counted, strikes), strict(scenario));
    }
    let all = singles(scenario);
    let counted = if all <= PAIR_POINTS_MAX { Counted::All } else { Counted::Effects };
    let first_max = points(scenario, counted).min(PAIR_POINTS_MAX);
    for first in 0..first_max {
        for fault in PAIRED {
            pairs(scenario, counted, (first, fault));
        }
    }
}

/// The scenario once, without faults.
///
/// # Panics
/// Where the run breaks a rule.
pub fn calm(scenario: &Scenario) -> Seen {
    Seen::of(&check(scenario, &plan(scenario, Counted::All, Strikes::None)))
}

/// Runs the scenario with every single fault at every yield point: for long stories, whose pairs are too many.
///
/// # Panics
/// Where a run breaks a rule; the message says how to replay it.
pub fn single_faults(scenario: &Scenario) {
    match replay::listed() {
        Some((counted, strikes)) => replay::show(scenario, &plan(scenario, counted, strikes), strict(scenario)),
        None => _ = singles(scenario),
    }
}

/// How many yield points there are.
fn singles(scenario: &Scenario) -> usize {
    let all = points(scenario, Counted::All);
    for at in 0..all {
        for strike in Strike::ALL {
            check(scenario, &plan(scenario, Counted::All, Strikes::At(vec![(at, strike)])));
        }
    }
    all
}

/// The first fault with every second one that is tried, as long as there is anything left to strike.
fn pairs(scenario: &Scenario, counted: Counted, first: (usize, Strike)) {
    let tried =
        (first.0 + 1..PAIR_POINTS_MAX).filter(|second| replay::all_pairs() || is_usual(scenario, first.0, *second));
    for second in tried {
        for fault in PAIRED {
            let both = Strikes::At(vec![first, (second, fault)]);
            let ended = check(scenario, &plan(scenario, counted, both));
            if ended.world().sim().points() <= second {
                return;
            }
        }
    }
}

/// Each story tries others, so that all of them together leave none out.
fn is_usual(scenario: &Scenario, first: usize, second: usize) -> bool {
    (first + second + scenario.name.len()).is_multiple_of(PAIRS_APART)
}

/// The run without faults; how many yield points it has.
fn points(scenario: &Scenario, counted: Counted) -> usize {
    let plan = plan(scenario, counted, Strikes::None);
    let ended = check(scenario, &plan);
    if let Some(expect) = scenario.calm {
        let told = OnPanic { scenario, plan: &plan, strict: strict(scenario) };
        expect(&Seen::of(&ended));
        drop(told);
    }
    ended.world().sim().points()
}

fn check(scenario: &Scenario, plan: &Plan) -> Deployment {
    let ended = run(scenario, plan, strict(scenario), false);
    if let Some(failure) = ended.failure {
        panic!("{}", replay::told(scenario, plan, strict(scenario), &failure));
    }
    ended.deployment
}

fn strict(scenario: &Scenario) -> Strictness {
    Strictness { tardiness: scenario.tardiness, ..STRICT }
}

fn plan(scenario: &Scenario, counted: Counted, strikes: Strikes) -> Plan {
    let calm = Plan::calm();
    let slow = |venue| Latency::Fixed { store: Millis::new(2), venue };
    let latency = scenario.slow.map_or(calm.latency, slow);
    Plan { strikes, named: scenario.strikes.clone(), counted, latency, ..calm }
}

/// One test for each story, which `plays` it under its faults: [`exhaustive`] or [`single_faults`].
#[macro_export]
macro_rules! stories {
    ($plays:path; $($name:ident => $story:expr;)+) => {
        $(
            #[test]
            fn $name() {
                let story: fn($crate::Scenario) -> $crate::Scenario = $story;
                $plays(&story($crate::scenario(stringify!($name))));
            }
        )+
    };
}
