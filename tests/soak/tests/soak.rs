//! A short run over all five wires.
#![allow(clippy::unwrap_used)]

use soak::{Plan, Progress, run};

/// So few that a busy machine sends each of them within the five seconds that Binance lets it be late.
const AT_ONCE: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_orders_meet_faults_on_five_wires_and_the_books_are_equal() {
    let plan = Plan { orders: 300, faults_percent: 10.0, seed: 7, at_once: AT_ONCE };
    let report = run(plan, Progress::Silent).await.unwrap();
    let figures = &report.figures;
    assert!(report.differences.is_empty(), "{:#?}\n{:#?}", report.differences, figures.rows());
    assert_eq!((figures.wishes, figures.creates_per_id_max), (300, 1), "{:#?}", figures.rows());
    // What it is there to show has happened.
    assert!(figures.faults.len() >= 8, "{:?}", figures.faults);
    for ended in ["not_placed", "filled"] {
        assert!(figures.unknown_ended.contains_key(ended), "{:?}", figures.unknown_ended);
    }
    assert!(figures.fills >= 150, "{}", figures.fills);
}
