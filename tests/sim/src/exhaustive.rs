//! All runs of a scenario: without faults, with one at every place, with two at pairs of them.

use crate::census::{self, Played};
use crate::replay::{self, OnPanic};
use crate::run::run;
use crate::scenario::Scenario;
use crate::{Deployment, Seen};
use domain::clock::Millis;
use testkit::sim::{Counted, Latency, Plan, Strike, Strikes};
use testkit::world::Strictness;

/// Where pairs of faults are tried: at most so many steps.
const PAIR_STEPS_MAX: usize = 40;
/// A story of at most so many steps has pairs at its reads too.
const SHORT_STEPS_MAX: usize = 19;
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
/// fourth pair of places, or at each of them with `MONIQO_SIM_PAIRS=all`; a quarter of those with `MONIQO_SIM_SHARD=0` to `3`.
///
/// Places of pairs are steps, the calls that change something: a crash before a read is a crash before the effect that
/// follows. Steps are counted, and not calls, so that a change of how often something is read moves no pair. A long story
/// has pairs at its first forty steps, a short one at all its calls.
///
/// # Panics
/// Where a run breaks a rule; the message says how to replay it.
pub fn exhaustive(scenario: &Scenario) {
    if let Some((counted, strikes)) = replay::listed() {
        return replay::show(scenario, &plan(scenario, counted, strikes), strict(scenario));
    }
    let mut played = singles(scenario);
    played.steps = points(scenario, Counted::Effects);
    let (counted, places) = if played.steps <= SHORT_STEPS_MAX {
        (Counted::All, played.points)
    } else {
        (Counted::Effects, played.steps.min(PAIR_STEPS_MAX))
    };
    let end = places.max(PAIR_STEPS_MAX);
    for first in 0..places {
        for fault in PAIRED {
            pairs(scenario, counted, (first, fault), end, &mut played);
        }
    }
    census::note(scenario.name, &played);
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
        None => census::note(scenario.name, &singles(scenario)),
    }
}

/// A read of the store that is refused and one whose reply is lost are the same to whoever asked, and are played once.
fn singles(scenario: &Scenario) -> Played {
    let calm = calm_run(scenario, Counted::All);
    let points = calm.world().sim().points();
    let mut played = Played { points, ..Played::default() };
    for at in 0..points {
        let is_read = calm.world().sim().is_store_read(at);
        for strike in Strike::ALL.into_iter().filter(|strike| !is_read || *strike != Strike::Refuse) {
            check(scenario, &plan(scenario, Counted::All, Strikes::At(vec![(at, strike)])));
            played.singles += 1;
        }
    }
    played
}

/// The first fault with every second one that is tried before `end`, as long as there is anything left to strike.
fn pairs(scenario: &Scenario, counted: Counted, first: (usize, Strike), end: usize, played: &mut Played) {
    for second in first.0 + 1..end {
        let Some(quarter) = quarter(scenario, first.0, second).filter(|quarter| replay::plays(*quarter)) else {
            continue;
        };
        for fault in PAIRED {
            let both = Strikes::At(vec![first, (second, fault)]);
            let ended = check(scenario, &plan(scenario, counted, both));
            played.pairs[quarter] += 1;
            if ended.world().sim().points() <= second {
                return;
            }
        }
    }
}

/// In which quarter of the long tail this pair of places is tried, if it is. Each story tries others, so that all of them
/// together leave none out.
fn quarter(scenario: &Scenario, first: usize, second: usize) -> Option<usize> {
    let place = first + second + scenario.name.len();
    let is_tried = replay::all_pairs() || place.is_multiple_of(PAIRS_APART);
    is_tried.then_some(place / PAIRS_APART % replay::SHARDS)
}

/// How many points there are in the run without faults.
fn points(scenario: &Scenario, counted: Counted) -> usize {
    calm_run(scenario, counted).world().sim().points()
}

fn calm_run(scenario: &Scenario, counted: Counted) -> Deployment {
    let plan = plan(scenario, counted, Strikes::None);
    let ended = check(scenario, &plan);
    if let Some(expect) = scenario.calm {
        let told = OnPanic { scenario, plan: &plan, strict: strict(scenario) };
        expect(&Seen::of(&ended));
        drop(told);
    }
    ended
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
