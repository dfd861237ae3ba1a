//! How long an opening with two hundred safety orders and a decision about five that rest take: `cargo bench -p domain`.
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
use domain::order::Status;
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
    let held = at_rest(given::bought(plan(10, "1"), "100", "1", ("USDT", "0.1")));
    assert_eq!(held.entries().filter(|order| order.status.is_resting()).count(), 5);
    told("a decision about 5 legs that rest", || step(black_box(&held)));
}

fn plan(count: u32, percent: &str) -> TradePlan {
    TradePlan { ladder: Some(given::ladder(count, "50", percent, 5)), ..given::plan() }
}

fn step(position: &Position) -> Step {
    next(position, "test", Observer::Watch, given::NOW).unwrap()
}

/// With everything done at the venue that is decided, which fills nothing.
fn at_rest(mut position: Position) -> Position {
    loop {
        position = match step(&position) {
            Step::Decide { position, .. } => *position,
            Step::Submit(id) => position.observe(&id, &given::fact(Status::Open, &[])),
            _ => return position,
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
