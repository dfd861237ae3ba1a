//! How long a ladder of two hundred safety orders takes, pre-flight included: `cargo bench -p domain`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for people")]

use domain::alert::Side;
use domain::ladder::{Dialect, LadderPlan, Size, Sizes, Spacing, plan};
use domain::market::{Filters, Maxima, Stops};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use std::hint::black_box;
use std::time::Instant;

const RUNS: usize = 2_000;

fn main() {
    println!("{:<44} {:>10} {:>10}", "200 safety orders, planned and checked", "fastest", "middle");
    let profit = "1".parse().unwrap();
    let each_leg = TakeProfit::Hybrid { profit, all: profit };
    let cases = [
        ("one take-profit step, scales 1", asked("1", "1", 1)),
        ("one step, scales 1.01 and 1.02", asked("1.01", "1.02", 1)),
        ("four steps, scales 1.01 and 1.02", asked("1.01", "1.02", 4)),
        ("eight steps, scales of six decimals", asked("1.010101", "1.020202", 8)),
        ("a hybrid, scales 1", LadderPlan { take_profit: each_leg.clone(), ..asked("1", "1", 1) }),
        ("a hybrid, scales 1.01 and 1.02", LadderPlan { take_profit: each_leg, ..asked("1.01", "1.02", 1) }),
    ];
    for (name, asked) in cases {
        let (fastest, middle) = measured(&asked);
        println!("{name:<44} {fastest:>7} µs {middle:>7} µs");
    }
}

/// Of all runs, in microseconds.
fn measured(asked: &LadderPlan) -> (u128, u128) {
    let time = || {
        let begun = Instant::now();
        assert_eq!(black_box(plan(black_box(asked))).unwrap().legs.len(), 201);
        begun.elapsed().as_micros()
    };
    let mut times: Vec<_> = (0..RUNS).map(|_| time()).collect();
    times.sort_unstable();
    (times[0], times[RUNS / 2])
}

fn asked(step_scale: &str, volume_scale: &str, steps: i64) -> LadderPlan {
    let share = domain::money::Decimal::from(100) / domain::money::Decimal::from(steps);
    let step = |number: i64| ProfitStep {
        profit: number.to_string().parse().unwrap(),
        amount: share.to_string().parse().unwrap(),
    };
    LadderPlan {
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: "0.00001".parse().unwrap(),
            quantity_min: "0.00001".parse().unwrap(),
            notional_min: "5".parse().unwrap(),
            most: Maxima::default(),
        },
        orders_max: Some(201),
        fee: "0.001".parse().unwrap(),
        fee_in_base: false,
        side: Side::Long,
        margin: None,
        base_at_market: true,
        entry_price: "60123.45".parse().unwrap(),
        sizes: Sizes::Scaled {
            base: Size::Quote("100".parse().unwrap()),
            first: Size::Quote("50".parse().unwrap()),
            scale: volume_scale.parse().unwrap(),
        },
        spacing: Spacing::Scaled {
            count: 200,
            deviation: "0.1".parse().unwrap(),
            scale: step_scale.parse().unwrap(),
            dialect: Dialect::Additive,
        },
        active: Some(5),
        at_market: false,
        take_profit: TakeProfit::Aggregate {
            basis: Basis::Average,
            steps: (1..=steps).map(step).collect(),
            trailing: None,
        },
        stop_loss: Some(StopLoss::fixed("90".parse().unwrap(), Basis::Base)),
        stops: Stops::Polled,
        balance: Some("1000000".parse().unwrap()),
    }
}
