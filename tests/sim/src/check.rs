//! One run of a scenario, and all runs of it: without faults, with one at every place, with two at every pair of them.

use crate::rest::unrest;
use crate::safety::{broken, unseen};
use crate::scenario::Scenario;
use crate::{Deployment, Seen, replay};
use domain::clock::{Millis, Timestamp};
use domain::limits::SLOT;
use testkit::sim::{Counted, Plan, Sim, Strike, Strikes};
use testkit::world::{Strictness, World};

/// Where pairs of faults are tried: at most so many yield points.
const PAIR_POINTS_MAX: usize = 40;
/// Faults that are tried in pairs.
const PAIRED: [Strike; 2] = [Strike::Crash, Strike::LoseReply];
/// How long after the last step everything must have come to rest.
const SLOTS_TO_REST_MAX: i64 = 120;

/// What came of a run.
pub(crate) struct Ended {
    pub(crate) deployment: Deployment,
    pub(crate) failure: Option<String>,
}

/// Runs the scenario with every single fault at every yield point, and with every pair of a crash or a lost reply.
///
/// Pairs are tried at all points where a run has at most forty of them, else at the first forty that change something:
/// a crash before a read is a crash before the effect that follows.
///
/// # Panics
/// Where a run breaks a rule; the message says how to replay it.
pub fn exhaustive(scenario: &Scenario) {
    if let Some((counted, strikes)) = replay::listed() {
        return replay::exit(scenario, &plan(scenario, counted, strikes));
    }
    let all = calm(scenario, Counted::All);
    for at in 0..all {
        for strike in Strike::ALL {
            check(scenario, &plan(scenario, Counted::All, Strikes::At(vec![(at, strike)])));
        }
    }
    let counted = if all <= PAIR_POINTS_MAX { Counted::All } else { Counted::Effects };
    let points = calm(scenario, counted).min(PAIR_POINTS_MAX);
    for first in 0..points {
        for second in first + 1..PAIR_POINTS_MAX {
            for pair in PAIRED.into_iter().flat_map(|a| PAIRED.map(|b| vec![(first, a), (second, b)])) {
                check(scenario, &plan(scenario, counted, Strikes::At(pair)));
            }
        }
    }
}

/// The run without faults; how many yield points it has.
fn calm(scenario: &Scenario, counted: Counted) -> usize {
    let plan = plan(scenario, counted, Strikes::None);
    let ended = check(scenario, &plan);
    if let Some(expect) = scenario.calm {
        let trace = replay::on_panic(scenario, &plan);
        expect(&Seen::of(&ended));
        drop(trace);
    }
    ended.world().sim().points()
}

fn check(scenario: &Scenario, plan: &Plan) -> Deployment {
    let ended = run(scenario, plan, exhaustive_strictness(), false);
    if let Some(failure) = ended.failure {
        panic!("{}", replay::told(scenario, plan, &failure));
    }
    ended.deployment
}

fn plan(scenario: &Scenario, counted: Counted, strikes: Strikes) -> Plan {
    Plan { strikes, named: scenario.strikes.clone(), counted, ..Plan::calm() }
}

/// Lists and reads lag as much as they may.
pub(crate) fn exhaustive_strictness() -> Strictness {
    Strictness { lag_writes: 3, read_lag: Millis::seconds(5), worst: true, ..Strictness::default() }
}

/// One run: the steps, then time for everything to come to rest, then the questions.
pub(crate) fn run(scenario: &Scenario, plan: &Plan, strict: Strictness, verbose: bool) -> Ended {
    let random = matches!(plan.strikes, Strikes::Random(_));
    let world = World::new(Sim::new(plan.clone(), begin(), verbose), strict);
    let deployment = Deployment::new(world, random, scenario.terms.quote_at_venue);
    let last = scenario.begin(&deployment);
    let sim = deployment.world().sim();
    sim.run_until(last, &mut || deployment.pump(), &mut || false);
    if random {
        sim.end_faults();
    }
    let end = last.plus(Millis::new(SLOT.get() * SLOTS_TO_REST_MAX));
    let mut patience = Patience { slot: 0, missing: None };
    sim.run_until(end, &mut || deployment.pump(), &mut || patience.is_over(scenario, &deployment));
    let failure = patience.missing.into_iter().chain(broken(&deployment)).reduce(|all, next| format!("{all}\n{next}"));
    Ended { deployment, failure }
}

/// Three seconds before a full minute, so that the first slots follow soon after an opening.
fn begin() -> Timestamp {
    Timestamp::from_millis(1_760_000_040_000 - 3_000)
}

/// Looks once in a slot whether all is done.
struct Patience {
    slot: i64,
    missing: Option<String>,
}

impl Patience {
    fn is_over(&mut self, scenario: &Scenario, deployment: &Deployment) -> bool {
        let slot = deployment.now().millis().div_euclid(SLOT.get());
        if slot == self.slot || !deployment.world().sim().is_quiet() {
            return false;
        }
        self.slot = slot;
        self.missing = unrest(deployment)
            .or_else(|| unseen(deployment).into_iter().next())
            .or_else(|| missing(scenario, deployment));
        self.missing.is_none()
    }
}

fn missing(scenario: &Scenario, deployment: &Deployment) -> Option<String> {
    let seen = Seen::of(deployment);
    let missing = scenario.ends.iter().find(|(_, holds)| !holds(&seen));
    missing.map(|(what, _)| {
        format!("it does not end with: {what}; verdicts {:?}, orders {:?}", seen.verdicts(), seen.orders())
    })
}
