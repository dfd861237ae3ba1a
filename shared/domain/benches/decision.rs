//! How long an opening with two hundred safety orders and what a look decides take: `cargo bench -p domain`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    dead_code,
    clippy::needless_pass_by_value,
    reason = "a tool for people"
)]

#[path = "../tests/rules/given.rs"]
mod given;

use domain::group::{Observer, Position, Step, next};
use domain::order::{Purpose, Status};
use domain::preset::TradePlan;
use domain::profit::TakeProfit;
use std::hint::black_box;
use std::time::Instant;

const RUNS: usize = 2_000;

fn main() {
    println!("{:<44} {:>10} {:>10}", "a live ladder", "fastest", "middle");
    let long = plan(200, "0.1");
    told("200 legs: resolved, pre-flight, opened", || given::position(black_box(long.clone()), "60123.45"));
    let profit = "1".parse().unwrap();
    let apart = TradePlan { take_profit: TakeProfit::Hybrid { profit, all: profit }, ..long };
    told("the same, each leg sold by itself", || given::position(black_box(apart.clone()), "60123.45"));
    let resting = held(plan(10, "1"));
    told("a decision about 5 legs that rest", || step(black_box(&resting)));
    let fallen = given::with_leg(held(plan(200, "0.1")), 1);
    let due = before_arming(fallen.clone());
    told("a look that arms the next of 200 legs", || look(black_box(&due)));
    told("all that a fill of one of 200 legs begins", || look(black_box(&before_arming(fallen.clone()))));
}

fn plan(count: u32, percent: &str) -> TradePlan {
    TradePlan { ladder: Some(given::ladder(count, "50", percent, 5)), ..given::plan() }
}

fn step(position: &Position) -> Step {
    next(position, "test", Observer::Watch, given::NOW).unwrap()
}

/// With its base order filled and five legs at rest.
fn held(plan: TradePlan) -> Position {
    let held = given::at_rest(given::bought(plan, "100", "1", ("USDT", "0.1")));
    assert_eq!(held.entries().filter(|order| order.status.is_resting()).count(), 5);
    held
}

/// The price is held against it, and what follows is decided.
fn look(position: &Position) -> Step {
    step(&position.track(given::price("99.9"), given::NOW, given::NOW).unwrap())
}

/// With its take-profit taken back and resting anew for what is held now, as the venue does what is decided: what the next
/// look decides is the leg behind the five.
fn before_arming(mut position: Position) -> Position {
    loop {
        position = match look(&position) {
            Step::Decide { position: decided, .. } if decided.latest_of(6, Purpose::Entry).is_some() => {
                return position;
            }
            Step::Decide { position, .. } => *position,
            Step::Submit(id) => position.observe(&id, &given::fact(Status::Open, &[])),
            Step::Cancel(id) => position.observe(&id, &given::fact(Status::Cancelled, &[])),
            step => panic!("{step:?}"),
        };
    }
}

/// Of all runs, in microseconds.
fn told<T>(name: &str, run: impl Fn() -> T) {
    let time = || {
        let begun = Instant::now();
        black_box(run());
        begun.elapsed().as_nanos()
    };
    let mut times: Vec<_> = (0..RUNS).map(|_| time()).collect();
    times.sort_unstable();
    let shown = |nanos: u128| format!("{}.{} µs", nanos / 1_000, nanos % 1_000 / 100);
    println!("{name:<44} {:>10} {:>10}", shown(times[0]), shown(times[RUNS / 2]));
}
