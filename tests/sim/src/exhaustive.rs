//! All runs of a scenario: without faults, with one at every place, with two at pairs of them.

use crate::branches::Branches;
use crate::census::{self, Played};
use crate::replay::{self, OnPanic};
use crate::run::{Ended, run, run_in};
use crate::scenario::Scenario;
use crate::{Deployment, Seen};
use domain::clock::Millis;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use testkit::sim::{Counted, Latency, Op, Plan, Sim, Strike, Strikes};
use testkit::world::Strictness;

/// Where pairs of faults are tried: at most so many steps.
const PAIR_STEPS_MAX: usize = 40;
/// A story of at most so many steps has pairs at its reads too.
const SHORT_STEPS_MAX: usize = 19;
/// Of the pairs of places one in so many is tried, unless all are asked for.
const PAIRS_APART: usize = 4;
/// Up to here a run is played again sooner than a process is forked.
const BRANCHED_FROM: usize = 60;
/// Single faults at later places are a part of the long tail.
const ALWAYS: usize = 20;
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
/// fourth pair of places, or at each of them with `MONIQO_SIM_PAIRS=all`. With `MONIQO_PART=0` to `7` an eighth of the long
/// tail is played: of the pairs, and of single faults behind the first twenty points.
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

/// Runs the scenario with every single fault at every yield point, as [`exhaustive`] does: for long stories, whose pairs are too many.
///
/// # Panics
/// Where a run breaks a rule; the message says how to replay it.
pub fn single_faults(scenario: &Scenario) {
    match replay::listed() {
        Some((counted, strikes)) => replay::show(scenario, &plan(scenario, counted, strikes), strict(scenario)),
        None => census::note(scenario.name, &singles(scenario)),
    }
}

/// Early faults strike runs of their own, later ones branches of one.
fn singles(scenario: &Scenario) -> Played {
    let calm = calm_run(scenario, Counted::All);
    let ops = calm.world().sim().ops();
    let mut played = Played { points: ops.len(), ..Played::default() };
    let mut count = |at| {
        let count = if at < ALWAYS { &mut played.singles } else { &mut played.tail[at % replay::SHARDS] };
        *count += 1;
    };
    for (at, op) in ops.iter().enumerate().take(BRANCHED_FROM).filter(|(at, _)| is_struck(*at)) {
        for strike in strikes(*op) {
            check(scenario, &plan(scenario, Counted::All, Strikes::At(vec![(at, strike)])));
            count(at);
        }
    }
    if ops.len() > BRANCHED_FROM {
        branches(scenario).into_iter().for_each(count);
    }
    played
}

/// Whether faults strike there in this run of the tests.
fn is_struck(at: usize) -> bool {
    at < ALWAYS || replay::plays(at % replay::SHARDS)
}

/// A refused read of the store and a read whose reply is lost are the same to the caller, and are played once.
fn strikes(op: Op) -> impl Iterator<Item = Strike> {
    Strike::ALL.into_iter().filter(move |strike| !op.is_store_read() || *strike != Strike::Refuse)
}

/// Where runs branched from the one without faults.
fn branches(scenario: &Scenario) -> Vec<usize> {
    let branches = Rc::new(RefCell::new(Branches::default()));
    let (calm, asked) = (plan(scenario, Counted::All, Strikes::None), branches.clone());
    let sim = Sim::new(calm.clone(), scenario.begin, false);
    sim.choose_by(move |at, op| {
        let mut branches = asked.borrow_mut();
        let is_place = at >= BRANCHED_FROM && !branches.is_branch() && is_struck(at);
        if is_place { strikes(op).find(|strike| branches.branch(at, *strike)) } else { None }
    });
    let ended = catch_unwind(AssertUnwindSafe(|| run_in(scenario, &calm, strict(scenario), sim)));
    let mut branches = branches.take();
    branches.end(matches!(&ended, Ok(Ended { failure: None, .. })));
    if let Some(fault) = branches.failed {
        check(scenario, &plan(scenario, Counted::All, Strikes::At(vec![fault])));
        panic!("{}: struck by {fault:?} it fails as a branch, and not by itself", scenario.name);
    }
    assert!(
        ended.is_ok_and(|ended| ended.failure.is_none()),
        "{}: it passes, and not where it branches",
        scenario.name
    );
    branches.played
}

/// The first fault with every second one that is tried before `end`, as long as there is anything left to strike.
fn pairs(scenario: &Scenario, counted: Counted, first: (usize, Strike), end: usize, played: &mut Played) {
    for second in first.0 + 1..end {
        let Some(part) = part(scenario, first.0, second).filter(|part| replay::plays(*part)) else {
            continue;
        };
        for fault in PAIRED {
            let both = Strikes::At(vec![first, (second, fault)]);
            let ended = check(scenario, &plan(scenario, counted, both));
            played.tail[part] += 1;
            if ended.world().sim().ops().len() <= second {
                return;
            }
        }
    }
}

/// In which part of the long tail this pair of places is tried, if it is. Each story tries others, so that all of them
/// together leave none out.
fn part(scenario: &Scenario, first: usize, second: usize) -> Option<usize> {
    let place = first + second + scenario.name.len();
    let is_tried = replay::all_pairs() || place.is_multiple_of(PAIRS_APART);
    is_tried.then_some(place / PAIRS_APART % replay::SHARDS)
}

/// How many points there are in the run without faults.
fn points(scenario: &Scenario, counted: Counted) -> usize {
    calm_run(scenario, counted).world().sim().ops().len()
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
