//! Long seeded runs: random alerts, prices, wishes and faults, everything in a random order.

mod ladders;

use crate::run::run;
use crate::scenario::{Scenario, scenario};
use crate::{AlertText, Seen, alert, census, replay};
use domain::alert::Side;
use domain::clock::Millis;
use domain::risk::{Action, BoundKind};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use testkit::sim::{Counted, Latency, Plan, Rates, Strike, Strikes};
use testkit::world::{Lags, Strictness};

/// What its user keeps in some of the runs.
const KEPT: &str = r#"{"base_order": {"quote": "80"}, "stop_loss_percent": "2",
    "take_profit": {"basis": "average", "steps": [{"profit_percent": "0.8", "amount_percent": "100"}]}}"#;

/// How unpleasant the cloud and the venue are.
const STRICT: Strictness = Strictness {
    conflicts: 50,
    contention: 5,
    lag_writes: 5,
    duplicates: 100,
    repeats: 150,
    tardiness: Millis::seconds(12),
    read_lag: Millis::seconds(5),
    worst: false,
};

const STEPS_MAX: u32 = 14;
const TIMEFRAMES: [&str; 3] = ["15", "60", "240"];
/// Orders by hand. The same one again is a repeat, whatever has become of it.
const BY_HAND: [&str; 6] = [
    r#"{"account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": "100"}"#,
    r#"{"account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": "60", "type": "limit", "limit_price": "97"}"#,
    r#"{"position_id": "@open", "side": "buy", "quote": "50"}"#,
    r#"{"position_id": "@open", "side": "sell", "quantity": "0.5"}"#,
    r#"{"position_id": "@open", "side": "sell", "quantity": "10"}"#,
    r#"{"account": "default", "symbol": "BTC/USDT", "side": "sell", "quantity": "0.3"}"#,
];
const HEAPED: &str = "5";

/// What must have come about in any thousand runs: else they prove less than they seem to.
const MET: [&str; 86] = [
    "accepted opened",
    "accepted closing",
    "accepted pyramid_added",
    "accepted reducing",
    "conflict conflict",
    "expired expired",
    "expired not_placed",
    "ignored below_minimum_profit",
    "ignored nothing_held",
    "ignored nothing_open",
    "refused above_quantity_max",
    "refused already_live",
    "refused below_notional_min",
    "refused contradicts_side",
    "refused cooldown",
    "refused day_loss_max",
    "refused drift",
    "refused entries_per_hour_max",
    "refused entries_reducing",
    "refused exposure_max",
    "refused halted",
    "refused insufficient_balance",
    "refused losing_closes_max",
    "refused market_cannot_short",
    "refused no_price",
    "refused open_groups_max",
    "refused price_moved",
    "refused pyramid_distance",
    "refused pyramid_pending",
    "refused pyramids_max",
    "refused rate_limited",
    "stale stale",
    "entry cancelled",
    "entry filled",
    "entry not_placed",
    "entry open",
    "entry refused clock",
    "entry partially_filled",
    "entry rejected",
    "exit filled",
    "exit refused clock",
    "exit rejected",
    "leg cancelled",
    "leg filled",
    "tp#1 cancelled",
    "tp#1 filled",
    "tp#1 not_placed",
    "tp#1 rejected",
    "tp#2 cancelled",
    "tp#2 filled",
    "tp#3 filled",
    "part not_entered",
    "part stop_loss",
    "part take_profit",
    "reduce#1 filled",
    "signal",
    "stop_loss",
    "time_limit",
    "user",
    "aggregate base tp filled",
    "break_even stop_loss",
    "hybrid take_profit",
    "leg at market filled",
    "leg at market hybrid",
    "leg at market per_leg",
    "leg compounding filled",
    "leg in base filled",
    "leg listed filled",
    "leg of a total filled",
    "per_leg tp filled",
    "preset filled",
    "delayed stop_loss",
    "trailing stop_loss",
    "trailing take_profit",
    "venue stop_loss",
    "bitget: entry not_placed",
    "bitget: entry refused refused_by_venue",
    "bitget: exit filled",
    "bybit: entry not_placed",
    "bybit: exit filled",
    "coinbase: first returned",
    "kucoin: entry not_placed",
    "kucoin: exit filled",
    "unpromised: entry not_placed",
    "unpromised: exit filled",
    "unpromised: tp#1 not_placed",
];

/// These seeds are played by every run of the tests, and an eighth of those after them by each.
const ALWAYS: usize = 1_000;
const PART: usize = 500;
/// So many more where the runs have met too little: what a seed meets changes with every call that is added.
const MORE: usize = 1_000;
const MORE_AT_ONCE: usize = 100;
const SEEDS_PLAYED_TWICE: u64 = 8;

/// Runs every seed, or only the one that the environment names, on as many threads as there are processors.
///
/// # Panics
/// Where a run breaks a rule; the message says how to replay it. And where the runs together met too little, and as many
/// more after them.
pub fn random() {
    if let Some(seed) = replay::seed() {
        let (scenario, plan) = made(seed);
        return replay::show(&scenario, &plan, strictness(seed));
    }
    let part = |part: usize| ALWAYS + PART * part..ALWAYS + PART * (part + 1);
    let parts: [Range<usize>; replay::SHARDS] = std::array::from_fn(|n| if replay::plays(n) { part(n) } else { 0..0 });
    let seeds: Vec<usize> = (0..ALWAYS).chain(parts.clone().into_iter().flatten()).collect();
    let mut met = all(&seeds);
    let missed = |met: &BTreeSet<String>| MET.into_iter().filter(|word| !met.contains(*word)).collect::<Vec<_>>();
    let after = part(replay::SHARDS).start;
    for more in (after..after + MORE).step_by(MORE_AT_ONCE) {
        if missed(&met).is_empty() {
            break;
        }
        met.extend(all(&(more..more + MORE_AT_ONCE).collect::<Vec<_>>()));
    }
    let missed = missed(&met);
    assert!(missed.is_empty(), "no run has met {missed:?}");
    census::note_random(ALWAYS, &parts.map(|seeds| seeds.len()), met.len());
}

/// One seed is one run, to the last word of its trace: rows come in one order, whichever process plays it.
///
/// # Panics
/// If a run is another one the second time, or if two seeds are one run.
pub fn one_seed_is_one_run() {
    let trace = |seed: u64| {
        let (scenario, plan) = made(seed);
        run(&scenario, &plan, strictness(seed), true).deployment.world().sim().trace()
    };
    let first: Vec<_> = (0..SEEDS_PLAYED_TWICE).map(trace).collect();
    for (seed, first) in (0..SEEDS_PLAYED_TWICE).zip(&first) {
        let second = trace(seed);
        let differs = first.lines().zip(second.lines()).find(|(one, other)| one != other);
        assert!(*first == second, "seed {seed} is another run the second time: {differs:?}");
    }
    let longest = first.iter().map(|trace| trace.lines().count()).max();
    assert!(longest > Some(100), "the traces say what happened: {longest:?}");
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), first.len(), "two seeds are one run");
}

/// What the runs of these seeds have met together.
fn all(seeds: &[usize]) -> BTreeSet<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut met = BTreeSet::new();
        while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
            met.extend(one_run(u64::try_from(*seed).unwrap()));
        }
        met
    };
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        let working: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        working
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            .collect()
    })
}

/// What the run has come to, in words.
fn one_run(seed: u64) -> Vec<String> {
    let ((scenario, plan), strict) = (made(seed), strictness(seed));
    let ended = run(&scenario, &plan, strict, false);
    if let Some(failure) = ended.failure {
        panic!("{}", replay::told(&scenario, &plan, strict, &failure));
    }
    let seen = Seen::of(&ended.deployment);
    let exits = seen.exits().into_iter().chain(seen.followed()).map(str::to_owned);
    let orders = seen.orders().into_iter().chain(seen.refusals()).collect::<Vec<_>>().into_iter();
    let said = seen.verdicts().into_iter().chain(orders.clone()).chain(seen.parts()).chain(seen.modes()).chain(exits);
    let way = scenario.terms.habits.name();
    let told_again = ended.deployment.world().traffic().first_returned() > 0;
    let ways =
        orders.map(|order| format!("{way}: {order}")).chain(told_again.then(|| format!("{way}: first returned")));
    said.chain(ways).collect()
}

fn made(seed: u64) -> (Scenario, Plan) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let rates = rates(&mut rng);
    let strikes = Strikes::Random(if is_lagging(seed) { Rates { refuse: rates.refuse, ..LAGGING } } else { rates });
    let named =
        if is_lagging(seed) && seed.is_multiple_of(2) { vec![("submit", 1, Strike::LoseReply)] } else { Vec::new() };
    let latency = Latency::Random { store: Millis::new(rng.i64(1..60)), venue: Millis::new(rng.i64(20..900)) };
    let plan = Plan { seed, strikes, named, counted: Counted::All, latency, shuffled: true };
    (at_a_cost(story(&mut rng), seed), plan)
}

/// One run in four has a venue that takes its fees in a third asset, one in seven a sluggish one. Seven in eleven have each
/// another exchange's ways, and the rest Binance's; every second one of those that can keep stops keeps them as that exchange does.
/// In one of three nobody keeps prices. One in three trades contracts, and every second of these is short where others are long. In one of six no order may
/// be of more than 1.3.
fn at_a_cost(story: Scenario, seed: u64) -> Scenario {
    let story = match seed.rem_euclid(6) {
        1 => story.contracts(Side::Short, 2),
        3 => story.contracts(Side::Long, 2),
        _ => story,
    };
    let story = if seed.rem_euclid(6) == 2 { story.at_most("1.3") } else { story };
    let story = if seed.rem_euclid(6) == 4 { ruled(story, seed) } else { story };
    let story = if seed.is_multiple_of(4) { story.fee_in_third() } else { story };
    let story = match (seed.rem_euclid(11), seed.is_multiple_of(2)) {
        (1, _) => story.as_coinbase(),
        (2, true) => story.as_kraken(),
        (2, false) => story.as_kraken().stops_alone(),
        (3, _) => story.as_okx(),
        (4, _) => story.as_kucoin(),
        (5, _) => story.as_bitget(),
        (6, _) => story.unbounded(),
        (7, _) => story.as_bybit(),
        (_, true) => story,
        (_, false) => story.stops(),
    };
    let story = if seed.is_multiple_of(3) { story.unpriced() } else { story };
    let story = if seed.is_multiple_of(7) { story.sluggish() } else { story };
    lagging(left_alone(story, seed), seed)
}

/// One run in six has risk rules over all accounts, of which one of two has a second account and a route between both.
fn ruled(story: Scenario, seed: u64) -> Scenario {
    const RULES: [&[(BoundKind, &str, Action)]; 5] = [
        &[(BoundKind::OpenPositions, "1", Action::Refuse)],
        &[(BoundKind::Exposure, "150", Action::Reduce), (BoundKind::EntriesPerHour, "3", Action::Refuse)],
        &[(BoundKind::OrderSize, "60", Action::Reduce), (BoundKind::LosingCloses, "1", Action::Pause)],
        &[(BoundKind::Exposure, "250", Action::Refuse), (BoundKind::DayLoss, "2", Action::Refuse)],
        &[(BoundKind::DayLossPercent, "0.02", Action::Refuse), (BoundKind::Drawdown, "1", Action::Notify)],
    ];
    let rules = RULES[usize::try_from(seed / 6).unwrap_or_default() % RULES.len()];
    let story = story.ruled(rules);
    if seed.rem_euclid(12) == 4 {
        story.routed(true).post(Millis::seconds(1), &alert().quote("120").account("other"))
    } else {
        story
    }
}

/// In one run of five reads lag for longer than any exchange says. There nothing but an entry comes into doubt and is at the venue all the
/// same: an exit of which nobody heard and that no read shows in time is sold once more, as the rules have it.
fn is_lagging(seed: u64) -> bool {
    seed.rem_euclid(5) == 2
}

/// An exit whose outcome is not recorded has come into doubt as well: each commit is answered.
const LAGGING: Rates = Rates { crash: 0, lose_reply: 0, refuse: 0, late: 0, too_late: 0, spared: Some("transact") };

fn strictness(seed: u64) -> Strictness {
    if is_lagging(seed) { Strictness { contention: 0, ..STRICT } } else { STRICT }
}

/// Those of orders, trades and balances lag for two minutes by up to a minute, each kind by itself.
fn lagging(story: Scenario, seed: u64) -> Scenario {
    let up_to = |times: u64| Millis::seconds(i64::try_from((seed * times).rem_euclid(61)).unwrap_or_default());
    let lags = Lags { orders: up_to(7), trades: up_to(11), balances: up_to(13) };
    let from = up_to(17);
    if is_lagging(seed) { story.lags(from, from.plus(Millis::seconds(120)), lags) } else { story }
}

/// In one run of five the venue asks once to be left alone for a minute, half of these where it is read; in one of nine most of
/// what may be asked of it is used for a while.
fn left_alone(story: Scenario, seed: u64) -> Scenario {
    let from = Millis::seconds(i64::try_from(seed.rem_euclid(97)).unwrap_or_default());
    let for_a_moment = from.plus(Millis::seconds(3));
    let story = match seed.rem_euclid(10) {
        3 => story.asks_for_pause(from, for_a_moment),
        8 => story.asks_for_pause_when_read(from, for_a_moment),
        _ => story,
    };
    if seed.rem_euclid(9) == 4 { story.busy(from, from.plus(Millis::seconds(60))) } else { story }
}

/// From almost none to one call in ten.
fn rates(rng: &mut fastrand::Rng) -> Rates {
    let mut rate = |max: u32| rng.u32(0..=max);
    Rates { crash: rate(25), lose_reply: rate(25), refuse: rate(25), late: rate(10), too_late: rate(10), spared: None }
}

fn story(rng: &mut fastrand::Rng) -> Scenario {
    let mut story = scenario("random").open_groups_max(rng.u32(1..=3));
    if rng.bool() {
        story = story.fee_in_base();
    }
    if rng.bool() {
        story = story.fills_of(["0.1", "0.33333", "0.7"][rng.usize(..3)]);
    }
    if rng.u32(..4) == 0 {
        story = story.venue_has(["60", "150", "450"][rng.usize(..3)]);
    }
    if rng.bool() {
        story = story.keeps(Millis::ZERO, "kept", KEPT);
    }
    let (mut at, mut price) = (Millis::ZERO, 10_000_i64);
    for step in 0..rng.u32(2..=STEPS_MAX) {
        at = at.plus(gap(rng));
        price = (price + rng.i64(-350..=350)).max(5_000);
        story = story.price(at, &format!("{}.{:02}", price / 100, price % 100));
        story = one(story, rng, at, step);
    }
    story
}

/// What follows at once meets what is still under way.
fn gap(rng: &mut fastrand::Rng) -> Millis {
    if rng.u32(..3) == 0 { Millis::new(rng.i64(0..500)) } else { Millis::new(rng.i64(0..45_000)) }
}

fn one(story: Scenario, rng: &mut fastrand::Rng, at: Millis, step: u32) -> Scenario {
    let text = alert().timeframe(TIMEFRAMES[rng.usize(..TIMEFRAMES.len())]);
    match rng.u32(..100) {
        0..4 => story.post(at, &text.preset("kept").id(&format!("kept{step}"))),
        4..39 => story.post(at, &entry(text, rng, step)),
        39..43 => heap(story, rng, at, step),
        43..50 => story.post(at, &less(text, rng, step)),
        50..65 => story.post(at, &text.exit().id(&format!("exit{step}"))),
        65..69 => story.post(at, &text.reversal().id(&format!("turn{step}"))),
        69..72 => story.can_short().post(at, &text.reversed().id(&format!("turn{step}"))),
        72..78 => story.halt(at),
        78..86 => story.resume(at),
        86..90 => story.close(at),
        90..92 => story.cancel(at),
        92..95 => story.leaves(at, ["0", "0.4", "1.3"][rng.usize(..3)]),
        95..97 => story.brings(at, ["0.3", "1", "20"][rng.usize(..3)]),
        97..99 => story.order(at, BY_HAND[rng.usize(..BY_HAND.len())]),
        _ => story.flatten(at),
    }
}

/// Some have ids of their own, some have an id that was used before, some have none.
fn entry(text: AlertText, rng: &mut fastrand::Rng, step: u32) -> AlertText {
    let text = match rng.u32(..4) {
        0 => text.id(&format!("entry{step}")),
        1 => text.id(&format!("entry{}", rng.u32(..=step))),
        2 => text.max_lag_seconds(rng.u32(5..120)),
        _ => text,
    };
    let text = plain(text, rng);
    if rng.u32(..3) == 0 { ladders::shaped(text, rng) } else { text }
}

/// Sizes in quote, steps alike.
fn plain(text: AlertText, rng: &mut fastrand::Rng) -> AlertText {
    let text = match rng.u32(..5) {
        0 => text.ladder(rng.u32(1..=6), ["0.5", "1", "3"][rng.usize(..3)]),
        1 => text.wide_ladder(30, "0.2", 20),
        _ => text,
    };
    let text = match rng.u32(..10) {
        0 => text.steps("average", &[("1", "40"), ("2.5", "60")]),
        1 | 9 => text.steps("base", &[("0.5", "20"), ("1", "30"), ("4", "50")]),
        2 | 7 => text.hybrid("3", ["0.4", "1.2"][rng.usize(..2)]),
        5 => text.each_leg(["0.4", "1"][rng.usize(..2)]),
        6 | 8 => return text.steps("average", &[("0.4", "50"), ("5", "50")]).break_even_after(1),
        3 => text.steps("average", &[("0.6", "100")]).trailing("0.4"),
        4 => text.steps("base", &[("0.5", "30"), ("1.2", "70")]).trailing("1"),
        _ => text,
    };
    if rng.u32(..5) < 2 {
        return pyramids(text, rng);
    }
    let text = rules(text, rng);
    match rng.u32(..4) {
        0 => text.limit(&format!("{}", rng.u32(92..104))),
        1 => text.quote(&format!("{}", rng.u32(4..600))),
        2 => text.quote(["4", "5.01", "6", "13"][rng.usize(..4)]),
        _ => text,
    }
}

/// Stops that follow the price or wait, and what some ask of other signals and groups.
fn rules(text: AlertText, rng: &mut fastrand::Rng) -> AlertText {
    let text = match rng.u32(..6) {
        0 => text.trailing_stop(["1", "2.5"][rng.usize(..2)]),
        1 => text.delayed_stop("1", rng.u32(1..=40)),
        2 => text.delayed_stop("1.5", 15).trailing_stop("1.5"),
        _ => text,
    };
    match rng.u32(..8) {
        0 => text.minimum_profit(["0", "0.7"][rng.usize(..2)]),
        1 => text.cooldown_minutes(rng.u32(1..=3)),
        2 => text.open_groups_max(rng.u32(1..=2)).cooldown_minutes(1).minimum_profit("0.1"),
        3 | 4 => text.time_limit_minutes(rng.u32(1..=2)),
        5 => text.retries_unproven(),
        _ => text,
    }
}

/// Some far enough apart, some not.
fn pyramids(text: AlertText, rng: &mut fastrand::Rng) -> AlertText {
    let (distance, direction) = [("0", "any"), ("0", "any"), ("1.5", "favourable"), ("2", "adverse")][rng.usize(..4)];
    let text = match rng.u32(..4) {
        0 => text.stop("1").steps("average", &[("2", "100")]),
        1 => text.stop("3").steps("average", &[("0.7", "100")]),
        2 => text.stop("0.5"),
        _ => text,
    };
    text.pyramids([1, 1, 2][rng.usize(..3)], distance, direction, ["together", "alone", "alone"][rng.usize(..3)])
}

/// The same entry again and again, which adds to a group as long as its plan lets it.
fn heap(story: Scenario, rng: &mut fastrand::Rng, at: Millis, step: u32) -> Scenario {
    let text = pyramids(alert().timeframe(HEAPED), rng);
    let text = if rng.u32(..6) == 0 { ladders::shaped(text, rng) } else { text };
    (0..3).fold(story, |story, again| {
        story.post(at.plus(Millis::seconds(12 * again)), &text.clone().id(&format!("heap{step}.{again}")))
    })
}

/// A share of what is held.
fn less(text: AlertText, rng: &mut fastrand::Rng, step: u32) -> AlertText {
    text.shrinks(["0.2", "0.5", "0.97"][rng.usize(..3)], "1").id(&format!("less{step}"))
}
