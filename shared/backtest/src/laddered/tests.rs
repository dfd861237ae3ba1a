use super::*;
use crate::testing::Scripted;
use domain::ladder::{Dialect, Size, Sizes, Spacing};
use domain::market::{Filters, Maxima, Stops};
use domain::profit::{Basis, ProfitStep, StopLoss};
use proptest::prelude::*;
use strategies::{Action, Bar};

const LONG: Action = Action::Enter(Side::Long);

/// The worked example of the documents: 10 at 100, five safety orders, all at 1.5 %, a stop at 10 % of the base price.
fn example() -> LadderPlan {
    LadderPlan {
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: "0.00001".parse().unwrap(),
            quantity_min: "0.00001".parse().unwrap(),
            notional_min: "5".parse().unwrap(),
            most: Maxima::default(),
        },
        orders_max: None,
        fee: "0.001".parse().unwrap(),
        side: Side::Long,
        margin: None,
        base_at_market: true,
        entry_price: "100".parse().unwrap(),
        sizes: Sizes::Scaled {
            base: Size::Quote("10".parse().unwrap()),
            first: Size::Quote("20".parse().unwrap()),
            scale: "1.5".parse().unwrap(),
        },
        spacing: Spacing::Scaled {
            count: 5,
            deviation: "2".parse().unwrap(),
            scale: "1.5".parse().unwrap(),
            dialect: Dialect::Additive,
        },
        active: None,
        at_market: false,
        take_profit: steps(&[("1.5", "100")]),
        stop_loss: None,
        stops: Stops::Polled,
        balance: None,
    }
}

fn steps(steps: &[(&str, &str)]) -> TakeProfit {
    let step = |(profit, amount): &(&str, &str)| ProfitStep {
        profit: profit.parse().unwrap(),
        amount: amount.parse().unwrap(),
    };
    TakeProfit::Aggregate { basis: Basis::Average, steps: steps.iter().map(step).collect(), trailing: None }
}

fn stop(loss: &str) -> Option<StopLoss> {
    Some(StopLoss::fixed(loss.parse().unwrap(), Basis::Base))
}

fn terms() -> LadderTerms {
    LadderTerms { cash: "1000".parse().unwrap(), slippage: Rate::ZERO, latency: 0 }
}

/// Bars by open, high, low and close.
fn candles(bars: &[[f64; 4]]) -> Vec<Candle> {
    let bar = |[open, high, low, close]: &[f64; 4]| Bar::new(*open, *high, *low, *close, 1.0).unwrap();
    bars.iter().map(bar).zip(0_i64..).map(|(bar, hour)| Candle { time_ms: hour * 3_600_000, bar }).collect()
}

fn still(price: f64) -> [f64; 4] {
    [price; 4]
}

/// What is filled after an entry that is said on the first bar.
fn played(plan: &LadderPlan, bars: &[[f64; 4]], said: &[Action]) -> LadderRun {
    let bars = [&[still(100.0)], bars].concat();
    run_ladder(&candles(&bars), &mut Scripted::new(said), plan, &terms()).unwrap()
}

fn fills(run: &LadderRun) -> Vec<(usize, What, f64, f64)> {
    run.fills.iter().map(|fill| (fill.bar, fill.what, fill.price, fill.size)).collect()
}

#[test]
fn legs_and_take_profits_are_those_of_the_plan() {
    let bars = [still(100.0), [100.0, 100.0, 94.0, 94.0], [94.0, 200.0, 94.0, 200.0]];
    let run = played(&example(), &bars, &[LONG]);
    let plan = domain::ladder::plan(&example()).unwrap();
    let number = |number: &domain::ladder::Number| number.to_string().parse::<f64>().unwrap();
    let mut expected: Vec<_> = plan
        .legs
        .iter()
        .take(3)
        .map(|leg| {
            let bar = if leg.level == 0 { 1 } else { 2 };
            (bar, What::Entry(leg.level), number(&leg.price), number(&leg.quantity))
        })
        .collect();
    let profit = &plan.after_fill[2].take_profit[0];
    expected.push((3, What::TakeProfit(1), number(&profit.price), number(&profit.quantity)));
    assert_eq!(fills(&run), expected);
    assert_eq!(run.run.trades.len(), 1, "{run:?}");
    let trade = run.run.trades[0];
    let volume = number(&plan.after_fill[2].volume);
    assert!(trade.pnl >= volume * 0.015 && trade.pnl < volume * 0.0152, "{trade:?}");
    assert_eq!(run.run.equity.last(), Some(&(1000.0 + trade.pnl)));
}

#[test]
fn a_bar_that_touches_both_is_taken_at_its_worst() {
    let check = |plan: &LadderPlan, bar: [f64; 4], expected: &[What]| {
        let run = played(plan, &[still(100.0), bar, still(95.0)], &[LONG]);
        let filled: Vec<_> = run.fills.iter().filter(|fill| fill.bar == 2).map(|fill| fill.what).collect();
        assert_eq!(filled, expected, "{bar:?}");
    };
    let stopped = LadderPlan { stop_loss: stop("5"), ..example() };
    check(&stopped, [100.0, 110.0, 90.0, 100.0], &[What::Entry(1), What::Stop]);
    check(&stopped, [100.0, 110.0, 97.0, 100.0], &[What::Entry(1)]);
    check(&stopped, [100.0, 110.0, 99.0, 100.0], &[What::TakeProfit(1)]);
    check(&stopped, [100.0, 101.0, 99.0, 100.0], &[]);
    // An open beyond them is known to have come first.
    check(&stopped, [102.0, 110.0, 90.0, 100.0], &[What::TakeProfit(1)]);
    // A stop that stands before a safety order leaves nothing to be bought.
    let before = LadderPlan { stop_loss: stop("1"), ..example() };
    check(&before, [100.0, 110.0, 90.0, 100.0], &[What::Stop]);
}

#[test]
fn what_is_sold_at_the_market_slips_and_never_finds_a_better_price_than_an_open_beyond_it() {
    let plan = LadderPlan { stop_loss: stop("5"), ..example() };
    let slips = LadderTerms { slippage: "0.001".parse().unwrap(), ..terms() };
    let bars = [still(100.0), still(100.0), [90.0, 91.0, 80.0, 85.0]];
    let run = run_ladder(&candles(&bars), &mut Scripted::new(&[LONG]), &plan, &slips).unwrap();
    let prices: Vec<_> = run.fills.iter().map(|fill| (fill.what, fill.price)).collect();
    // The base price is 100.1 with its fee: the safety order stands 2 % below that, and the stop 5 %.
    assert_eq!(prices, [(What::Entry(0), 100.1), (What::Entry(1), 98.19), (What::Stop, 89.91)]);
}

#[test]
fn steps_are_sold_one_after_the_other_and_the_stop_follows_to_where_nothing_is_lost() {
    let even = StopLoss { break_even_after: Some(1), ..stop("10").unwrap() };
    let size = Size::Quote("20".parse().unwrap());
    let sizes = Sizes::Scaled { base: size, first: size, scale: "1".parse().unwrap() };
    let plan =
        LadderPlan { take_profit: steps(&[("1", "60"), ("3", "40")]), stop_loss: Some(even), sizes, ..example() };
    let bars = [still(100.0), [100.0, 102.0, 100.0, 101.5], [101.5, 101.5, 99.0, 99.0]];
    let run = played(&plan, &bars, &[LONG]);
    let filled = fills(&run);
    assert_eq!(filled[1].1, What::TakeProfit(1));
    assert_eq!((filled[1].3, filled[2].1, filled[2].3), (0.12, What::Stop, 0.08));
    // 100.1 with the fee of the sale on top.
    assert_eq!(filled[2].2, 100.21);
    assert!(run.run.trades[0].pnl > 0.0);
}

#[test]
fn a_signal_ends_a_ladder_and_one_that_is_not_paid_for_is_refused() {
    let run = played(&example(), &[still(100.0), still(97.0), still(96.0)], &[LONG, Action::Hold, Action::Exit]);
    assert_eq!(run.fills.last().map(|fill| (fill.bar, fill.what, fill.price)), Some((3, What::Exit, 96.0)));
    assert_eq!(run.run.open_position, None);
    let poor = LadderTerms { cash: "100".parse().unwrap(), ..terms() };
    let run = run_ladder(&candles(&[still(100.0); 3]), &mut Scripted::new(&[LONG]), &example(), &poor).unwrap();
    assert_eq!((run.refused, run.fills.len(), run.run.equity), (1, 0, vec![100.0; 3]));
}

#[test]
fn what_is_not_played_is_named() {
    let check = |plan: LadderPlan, expected: &str| {
        let refused = run_ladder(&[], &mut Scripted::new(&[]), &plan, &terms()).unwrap_err();
        assert_eq!(refused.to_string(), expected);
    };
    check(LadderPlan { side: Side::Short, ..example() }, "side short is not played in a backtest");
    check(
        LadderPlan { take_profit: example().take_profit.trailing_by("1".parse().unwrap()), ..example() },
        "take_profit.trailing_percent is not played in a backtest",
    );
    check(LadderPlan { take_profit: steps(&[]), ..example() }, "take_profit.steps must have 1 to 8 steps");
}

proptest! {
    #[test]
    fn equity_is_the_sum_of_all_fills(walk in prop::collection::vec((-60_i64..60, 0_i64..80, 0_i64..80), 1..80), loss in 1_u32..40, said in prop::collection::vec(prop_oneof![Just(LONG), Just(Action::Exit), Just(Action::Hold)], 0..80)) {
        let (mut bars, mut open) = (Vec::new(), 10_000_i64);
        for (change, above, below) in walk {
            let close = (open + change * 10).max(200);
            let cents = |cents: i64| format!("{cents}e-2").parse::<f64>().unwrap();
            bars.push([cents(open), cents(open.max(close) + above), cents(open.min(close) - below), cents(close)]);
            open = close;
        }
        let plan = LadderPlan { stop_loss: stop(&loss.to_string()), take_profit: steps(&[("0.5", "50"), ("1", "50")]), ..example() };
        let run = run_ladder(&candles(&bars), &mut Scripted::new(&said), &plan, &terms()).unwrap();
        for (bar, equity) in run.run.equity.iter().enumerate() {
            let (mut cash, mut held) = (1000.0, 0.0);
            for fill in run.fills.iter().filter(|fill| fill.bar <= bar) {
                let sign = if matches!(fill.what, What::Entry(_)) { 1.0 } else { -1.0 };
                cash -= sign * fill.size * fill.price + fill.fee;
                held += sign * fill.size;
            }
            prop_assert!(held > -1e-9 && cash >= 0.0);
            prop_assert!((equity - cash - held * bars[bar][3]).abs() < 1e-9 * equity.abs(), "{bar}");
        }
        for fill in &run.fills {
            let [_, high, low, _] = bars[fill.bar];
            // What rests has its own price where the bar opens beyond it; the market's is one that was there.
            let is_within = match fill.what {
                What::Entry(0) | What::Stop | What::Exit => (low..=high).contains(&fill.price),
                What::Entry(_) => fill.price >= low,
                What::TakeProfit(_) => fill.price <= high,
            };
            prop_assert!(is_within, "{fill:?} {:?}", bars[fill.bar]);
        }
    }
}
