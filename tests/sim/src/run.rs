//! One run: the steps of the scenario, then time for everything to come to rest, then the questions.

use crate::people::Wish;
use crate::rest::{messages_wait, unrest};
use crate::safety::{broken, unseen};
use crate::scenario::Scenario;
use crate::seed::Habits;
use crate::{Deployment, Seen, seed};
use domain::clock::{Millis, Timestamp};
use domain::limits::SLOT;
use domain::money::{Amount, Decimal};
use domain::risk::{Action, BoundKind};
use testkit::sim::{Plan, Sim, Strikes};
use testkit::world::{Strictness, World};

/// How long after the last step everything must have come to rest.
const SLOTS_TO_REST_MAX: i64 = 120;
/// Three seconds before a full minute, so that the first slots follow soon after an opening.
pub(crate) const BEGIN: Timestamp = Timestamp::from_millis(1_760_000_037_000);

/// What came of a run.
pub(crate) struct Ended {
    pub(crate) deployment: Deployment,
    pub(crate) failure: Option<String>,
}

/// Faults thrown by dice end with the steps; listed ones strike wherever they are listed.
pub(crate) fn run(scenario: &Scenario, plan: &Plan, strict: Strictness, verbose: bool) -> Ended {
    run_in(scenario, plan, strict, Sim::new(plan.clone(), scenario.begin, verbose))
}

/// In a simulation that was made of this plan.
pub(crate) fn run_in(scenario: &Scenario, plan: &Plan, strict: Strictness, sim: Sim) -> Ended {
    let thrown = matches!(plan.strikes, Strikes::Random(_));
    // Where reads lag, they lag as long as the venue says of itself.
    let lag = if strict.read_lag > Millis::ZERO { scenario.terms.habits.terms().read_lag } else { Millis::ZERO };
    let world = World::new(sim, Strictness { read_lag: lag, ..strict });
    let deployment = Deployment::new(world, thrown || scenario.minute_fails, scenario.terms);
    let last = scenario.begin(&deployment);
    let end = last.plus(Millis::new(SLOT.get() * SLOTS_TO_REST_MAX));
    if scenario.terms.habits == Habits::Unpromised {
        looks_every_minute(&deployment, end);
    }
    let sim = deployment.world().sim();
    let rules = scenario.terms.rules;
    let pump = || {
        within(&deployment, rules);
        deployment.pump();
    };
    sim.run_until(last, &mut || pump(), &mut || false);
    if thrown {
        sim.end_faults();
    }
    let missing = Some("something is always under way".to_owned());
    let mut patience = Patience { slot: 0, looked_at: None, missing };
    sim.run_until(end, &mut || pump(), &mut || patience.is_over(scenario, &deployment));
    if patience.missing.is_some() {
        // A price may have moved behind the last write.
        patience.look(scenario, &deployment);
    }
    let failures = patience.missing.into_iter().chain(broken(&deployment));
    let failure = failures.reduce(|all, next| format!("{all}\n{next}"));
    sim.forget_what_waits();
    Ended { deployment, failure }
}

/// At every moment no more is open, over all accounts, than each rule of the user that holds back entries lets be.
fn within(deployment: &Deployment, rules: &[(BoundKind, &str, Action)]) {
    let counted = |(kind, _, action): &&(BoundKind, &str, Action)| {
        *action != Action::Notify && matches!(kind, BoundKind::OpenPositions | BoundKind::Exposure)
    };
    let mut rules = rules.iter().filter(counted).peekable();
    if rules.peek().is_none() {
        return;
    }
    let table = deployment.world().table();
    let accounts: Vec<_> = seed::accounts(&table).filter_map(|id| table.account(&id)).collect();
    for (kind, max, _) in rules {
        let (max, open) = (max.parse::<Amount>().unwrap(), accounts.iter());
        let open = match kind {
            BoundKind::OpenPositions => Amount::new(open.map(|one| Decimal::from(one.open_groups)).sum()).unwrap(),
            _ => open.map(|one| one.exposure).try_fold(Amount::ZERO, Amount::plus).unwrap(),
        };
        if open > max {
            deployment.world().sim().violation(format!("{open} is beyond the rule of {} {max}", kind.as_str()));
        }
    }
}

/// What nothing proves absent ends by its user's word.
fn looks_every_minute(deployment: &Deployment, end: Timestamp) {
    let minute = Millis::seconds(60);
    let mut at = deployment.now().plus(minute);
    while at < end {
        let asked = deployment.clone();
        deployment.world().sim().at(at, move || asked.ask(Wish::ResolveAll));
        at = at.plus(minute);
    }
}

/// Looks once in a slot whether all is done, if anything has changed since it has looked.
struct Patience {
    slot: i64,
    looked_at: Option<Stage>,
    missing: Option<String>,
}

/// What the answer depends on: how often the table was written, and whether messages wait.
#[derive(PartialEq)]
struct Stage {
    writes: u64,
    messages: bool,
}

impl Patience {
    fn is_over(&mut self, scenario: &Scenario, deployment: &Deployment) -> bool {
        let slot = deployment.now().millis().div_euclid(SLOT.get());
        if slot == self.slot || !deployment.world().sim().is_quiet() {
            return false;
        }
        self.slot = slot;
        let stage = Stage { writes: deployment.world().writes(), messages: messages_wait(deployment) };
        if self.looked_at.as_ref() == Some(&stage) {
            return false;
        }
        self.looked_at = Some(stage);
        self.look(scenario, deployment);
        self.missing.is_none()
    }

    fn look(&mut self, scenario: &Scenario, deployment: &Deployment) {
        self.missing = unrest(deployment)
            .or_else(|| unseen(deployment).into_iter().next())
            .or_else(|| missing(scenario, deployment));
    }
}

fn missing(scenario: &Scenario, deployment: &Deployment) -> Option<String> {
    let seen = Seen::of(deployment);
    let (what, _) = scenario.ends.iter().find(|(_, holds)| !holds(&seen))?;
    Some(format!("it does not end with: {what}; verdicts {:?}, orders {:?}", seen.verdicts(), seen.orders()))
}
