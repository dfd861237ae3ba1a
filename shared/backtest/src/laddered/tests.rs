mod bot;

use super::*;
use crate::testing::Scripted;
use domain::ladder::{Dialect, Size, Sizes, Spacing};
use domain::market::{Filters, Leverage, Maxima, Stops};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
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
        fee_in_base: false,
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
    LadderTerms {
        cash: "1000".parse().unwrap(),
        slippage: Rate::ZERO,
        latency: 0,
        funding: None,
        bot: BotTerms::default(),
    }
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
    check(LadderPlan { side: Side::Short, ..example() }, "side short of coins is not played in a backtest");
    let paid = LadderTerms { funding: Funding::same("0.1".parse().unwrap()).ok(), ..terms() };
    let refused = run_ladder(&[], &mut Scripted::new(&[]), &example(), &paid).unwrap_err();
    assert_eq!(refused.to_string(), "funding of coins is not played in a backtest");
    let waits = StopLoss { delay: Some(domain::clock::Millis::seconds(60)), ..stop("5").unwrap() };
    check(LadderPlan { stop_loss: Some(waits), ..example() }, "stop_loss_delay_seconds is not played in a backtest");
    check(LadderPlan { take_profit: steps(&[]), ..example() }, "take_profit.steps must have 1 to 8 steps");
}

const SHORT: Action = Action::Enter(Side::Short);

/// The example with contracts: ten times their margin, no fee, no safety order, unless told otherwise.
fn contracts(side: Side, leverage: u32) -> LadderPlan {
    let spacing = Spacing::Custom(Vec::new());
    let sizes = Sizes::Custom { base: Size::Quote("1000".parse().unwrap()), each: Vec::new() };
    let margin = Some(Leverage::new(leverage).unwrap());
    LadderPlan { side, margin, fee: Rate::ZERO, sizes, spacing, take_profit: steps(&[("50", "100")]), ..example() }
}

#[test]
fn a_short_gains_as_prices_fall_and_pays_fees_on_both_sides() {
    let plan = LadderPlan {
        fee: "0.001".parse().unwrap(),
        fee_in_base: false,
        take_profit: steps(&[("2", "50"), ("5", "50")]),
        ..contracts(Side::Short, 2)
    };
    let run = played(&plan, &[still(100.0), [100.0, 100.5, 94.0, 94.5]], &[SHORT]);
    // Sold at 100 it brings 99.9; bought back after its fee with 2 % of that gained, and with 5 %, down to the tick.
    let expected =
        [(1, What::Entry(0), 100.0, 10.0), (2, What::TakeProfit(1), 97.8, 5.0), (2, What::TakeProfit(2), 94.81, 5.0)];
    assert_eq!(fills(&run), expected);
    // 1000 - 489 - 474.05, less a thousandth of each.
    assert_eq!(run.run.trades[0].pnl, 34.986_95);
    assert_eq!(run.run.equity, [1000.0, 999.0, 1_034.986_95]);
}

#[test]
fn safety_orders_of_a_short_stand_above_and_its_stop_behind_them() {
    let spacing = Spacing::Custom(vec!["2".parse().unwrap(), "4".parse().unwrap()]);
    let hundred = Size::Quote("100".parse().unwrap());
    let sizes = Sizes::Custom { base: hundred, each: vec![hundred; 2] };
    let plan = LadderPlan { spacing, sizes, stop_loss: stop("5"), ..contracts(Side::Short, 1) };
    let run = played(&plan, &[still(100.0), [100.0, 106.0, 99.0, 103.0]], &[SHORT]);
    let expected = [
        (1, What::Entry(0), 100.0, 1.0),
        (2, What::Entry(1), 102.0, 0.980_39),
        (2, What::Entry(2), 104.0, 0.961_53),
        (2, What::Stop, 105.0, 2.941_92),
    ];
    assert_eq!(fills(&run), expected);
    // Beyond the stop an open is what it finds, and it slips upwards.
    let slips = LadderTerms { slippage: "0.001".parse().unwrap(), ..terms() };
    let bars = candles(&[still(100.0), still(100.0), [107.0, 108.0, 107.0, 107.0]]);
    let run = run_ladder(&bars, &mut Scripted::new(&[SHORT]), &plan, &slips).unwrap();
    assert_eq!(run.fills[0].price, 99.9);
    assert_eq!(run.fills.last().map(|fill| (fill.what, fill.price)), Some((What::Stop, 107.11)));
}

#[test]
fn a_margin_that_is_lost_ends_the_position_and_nothing_more_is_lost() {
    let check = |side: Side, bar: [f64; 4], expected: &[(What, f64)], equity: f64| {
        let run = played(&contracts(side, 10), &[still(100.0), bar, still(100.0)], &[Action::Enter(side)]);
        let told: Vec<_> = run.fills.iter().skip(1).map(|fill| (fill.what, fill.price)).collect();
        assert_eq!((told.as_slice(), run.run.equity.last()), (expected, Some(&equity)), "{side:?} {bar:?}");
    };
    // Of 1000 at 100 the margin is 100: it is lost at 90, or at 110.
    check(Side::Long, [100.0, 100.0, 90.01, 95.0], &[], 1000.0);
    check(Side::Long, [100.0, 100.0, 90.0, 95.0], &[(What::Liquidation, 90.0)], 900.0);
    check(Side::Long, [80.0, 85.0, 70.0, 85.0], &[(What::Liquidation, 90.0)], 900.0);
    check(Side::Short, [100.0, 109.99, 100.0, 105.0], &[], 1000.0);
    check(Side::Short, [100.0, 110.0, 100.0, 100.0], &[(What::Liquidation, 110.0)], 900.0);
    // What is paid for whole is never lost so.
    let run = played(&contracts(Side::Long, 1), &[still(100.0), [100.0, 100.0, 0.01, 50.0]], &[LONG]);
    assert_eq!(run.run.equity.last(), Some(&500.0));
}

#[test]
fn a_stop_that_comes_before_the_end_of_the_margin_is_met_first() {
    let plan = |loss| LadderPlan { stop_loss: stop(loss), ..contracts(Side::Long, 10) };
    let last = |loss, bar: [f64; 4]| {
        let run = played(&plan(loss), &[still(100.0), bar], &[LONG]);
        run.fills.last().map(|fill| (fill.what, fill.price))
    };
    assert_eq!(last("9", [100.0, 100.0, 80.0, 80.0]), Some((What::Stop, 91.0)));
    assert_eq!(last("11", [100.0, 100.0, 80.0, 80.0]), Some((What::Liquidation, 90.0)));
    // An open beyond both leaves nothing to be stopped.
    assert_eq!(last("9", [85.0, 86.0, 80.0, 80.0]), Some((What::Liquidation, 90.0)));
}

#[test]
fn a_ladder_of_contracts_asks_for_its_margin_and_for_no_more_than_there_is() {
    let played = |leverage, cash: &str| {
        let terms = LadderTerms { cash: cash.parse().unwrap(), ..terms() };
        let bars = candles(&[still(100.0); 3]);
        run_ladder(&bars, &mut Scripted::new(&[LONG]), &contracts(Side::Long, leverage), &terms).unwrap().refused
    };
    assert_eq!([played(10, "100"), played(10, "99.99"), played(1, "999"), played(1, "1000")], [0, 1, 1, 0]);
}

#[test]
fn funding_is_paid_every_eight_hours_for_what_was_held_before() {
    let check = |side: Side, rate: &str, expected: f64| {
        // The first candle is of midnight; what is entered at one o'clock is held at eight and at sixteen.
        let prices: Vec<[f64; 4]> = (0..18_u32).map(|hour| still(if hour < 16 { 100.0 } else { 110.0 })).collect();
        let terms = LadderTerms { funding: Funding::same(rate.parse().unwrap()).ok(), ..terms() };
        let said = [&[Action::Enter(side)], [Action::Hold; 15].as_slice(), &[Action::Exit]].concat();
        let run = run_ladder(&candles(&prices), &mut Scripted::new(&said), &contracts(side, 2), &terms).unwrap();
        assert!((run.funding - expected).abs() < 1e-12, "{}", run.funding);
        let gained = if side == Side::Long { 100.0 } else { -100.0 };
        let pnl = run.run.trades[0].pnl;
        assert!((pnl - (gained - expected)).abs() < 1e-9, "{pnl}");
        assert!((run.run.equity[17] - 1000.0 - pnl).abs() < 1e-9);
    };
    // 10 contracts, worth 1000 and then 1100.
    check(Side::Long, "0.0001", 0.21);
    check(Side::Short, "0.0001", -0.21);
    check(Side::Short, "-0.0001", 0.21);
}

#[test]
fn a_trailing_stop_follows_highs_and_never_falls() {
    let trailing = StopLoss { trailing: true, ..stop("5").unwrap() };
    let plan = |side| LadderPlan { stop_loss: Some(trailing), ..contracts(side, 1) };
    let last = |side: Side, bars: &[[f64; 4]]| {
        let run = played(&plan(side), &[&[still(100.0)], bars].concat(), &[Action::Enter(side)]);
        run.fills.last().map(|fill| (fill.bar, fill.what, fill.price))
    };
    // From 120 on it stands at 114, above which the low of the same bar is, or else it was met.
    let risen = [116.0, 120.0, 115.0, 119.0];
    assert_eq!(last(Side::Long, &[risen, [119.0, 119.0, 114.01, 115.0]]).unwrap().1, What::Entry(0));
    assert_eq!(last(Side::Long, &[risen, [119.0, 119.0, 113.0, 115.0]]), Some((3, What::Stop, 114.0)));
    assert_eq!(last(Side::Long, &[risen, [110.0, 112.0, 109.0, 110.0]]), Some((3, What::Stop, 110.0)));
    for close in [101.0, 119.0] {
        assert_eq!(
            last(Side::Long, &[[100.0, 120.0, 100.0, close]]),
            Some((2, What::Stop, 114.0)),
            "the worse of both orders"
        );
    }
    let fallen = [83.0, 83.0, 80.0, 81.0];
    assert_eq!(last(Side::Short, &[fallen, [81.0, 84.5, 81.0, 82.0]]), Some((3, What::Stop, 84.0)));
}

#[test]
fn the_last_step_of_a_take_profit_may_trail() {
    let profit = steps(&[("10", "50"), ("20", "50")]).trailing_by("5".parse().unwrap());
    let plan = LadderPlan { take_profit: profit, ..contracts(Side::Long, 1) };
    let told = |bars: &[[f64; 4]]| {
        let run = played(&plan, &[&[still(100.0)], bars].concat(), &[LONG]);
        run.fills.iter().skip(1).map(|fill| (fill.bar, fill.what, fill.price, fill.size)).collect::<Vec<_>>()
    };
    let first = (2, What::TakeProfit(1), 110.0, 5.0);
    // Below 120 nothing trails; from there on all is sold 5 % below the highest price.
    assert_eq!(told(&[[100.0, 119.0, 100.0, 100.0]]), [first]);
    assert_eq!(
        told(&[[100.0, 130.0, 100.0, 128.0]]),
        [first, (2, What::TakeProfit(2), 123.5, 5.0)],
        "the low may have come last"
    );
    let risen = [124.0, 130.0, 124.0, 128.0];
    assert_eq!(told(&[risen]), [first]);
    assert_eq!(told(&[risen, [128.0, 129.0, 123.0, 124.0]]), [first, (3, What::TakeProfit(2), 123.5, 5.0)]);
    assert_eq!(told(&[risen, [136.0, 140.0, 134.0, 139.0], still(133.0)])[1], (4, What::TakeProfit(2), 133.0, 5.0));
}

#[test]
fn a_hybrid_sells_each_order_until_everything_is_worth_it() {
    let [profit, all] = ["3", "2"].map(|percent| percent.parse().unwrap());
    let spacing = Spacing::Custom(vec!["10".parse().unwrap()]);
    let hundred = Size::Quote("100".parse().unwrap());
    let sizes = Sizes::Custom { base: hundred, each: vec![hundred] };
    let take_profit = TakeProfit::Hybrid { profit, all };
    let plan = LadderPlan { take_profit, sizes, spacing, ..contracts(Side::Long, 1) };
    // 1 at 100 and 1.11111 at 90: the second is sold at 92.7, and all of it at 96.64, which is 2 % above the average.
    let fallen = [100.0, 100.0, 90.0, 90.0];
    let run = played(&plan, &[still(100.0), fallen, [90.0, 97.0, 90.0, 95.0]], &[LONG]);
    let told = [(What::TakeProfit(1), 92.7, 1.111_11), (What::TakeProfitOfAll, 96.64, 1.0)];
    assert_eq!(run.fills[2..].iter().map(|fill| (fill.what, fill.price, fill.size)).collect::<Vec<_>>(), told);
    // With nothing below it everything goes at its own 2 %.
    let run = played(&plan, &[still(100.0), [100.0, 110.0, 100.0, 110.0]], &[LONG]);
    assert_eq!(run.fills.last().map(|fill| (fill.what, fill.price)), Some((What::TakeProfitOfAll, 102.0)));
}

#[test]
fn an_entry_on_the_other_side_is_none_of_the_ladders() {
    let run = played(&contracts(Side::Short, 1), &[still(100.0); 3], &[LONG, SHORT]);
    assert_eq!(run.fills.iter().map(|fill| (fill.bar, fill.what)).collect::<Vec<_>>(), [(2, What::Entry(0))]);
}

/// Bars in cents from how far each close goes, and how far high and low go beyond.
fn wandering(walk: &[(i64, i64, i64)]) -> Vec<[f64; 4]> {
    let mut open = 10_000_i64;
    let cents = |cents: i64| format!("{cents}e-2").parse::<f64>().unwrap();
    let bar = |(change, above, below): &(i64, i64, i64)| {
        let close = (open + change * 10).max(200);
        let bar = [open, open.max(close) + above, open.min(close) - below, close].map(cents);
        open = close;
        bar
    };
    walk.iter().map(bar).collect()
}

proptest! {
    #[test]
    fn equity_is_the_sum_of_all_fills(walk in prop::collection::vec((-60_i64..60, 0_i64..80, 0_i64..80), 1..80), loss in 1_u32..40, said in prop::collection::vec(prop_oneof![Just(LONG), Just(Action::Exit), Just(Action::Hold)], 0..80)) {
        let bars = wandering(&walk);
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
                What::Entry(0) | What::Stop | What::Exit | What::TimeLimit => (low..=high).contains(&fill.price),
                What::Entry(_) => fill.price >= low,
                What::TakeProfit(_) | What::TakeProfitOfAll => fill.price <= high,
                What::Liquidation => false,
            };
            prop_assert!(is_within, "{fill:?} {:?}", bars[fill.bar]);
        }
    }

    /// Whatever the side, the leverage and what follows the price: equity is what was entered and left at the fills' prices, less fees.
    #[test]
    fn contracts_gain_and_lose_what_their_fills_say(
        walk in prop::collection::vec((-60_i64..60, 0_i64..80, 0_i64..80), 1..80),
        is_short in any::<bool>(), leverage in 1_u32..20, loss in 1_u32..60, trailing in any::<bool>(), profit_trails in any::<bool>(),
        said in prop::collection::vec(prop_oneof![Just(LONG), Just(SHORT), Just(Action::Exit), Just(Action::Hold)], 0..80),
    ) {
        let (bars, side) = (wandering(&walk), if is_short { Side::Short } else { Side::Long });
        let stop_loss = Some(StopLoss { trailing, ..stop(&loss.to_string()).unwrap() });
        let profit = steps(&[("0.5", "50"), ("1", "50")]);
        let take_profit = if profit_trails { profit.trailing_by("1".parse().unwrap()) } else { profit };
        let plan = LadderPlan { side, margin: Some(Leverage::new(leverage).unwrap()), stop_loss, take_profit, ..example() };
        let terms = LadderTerms { cash: "300".parse().unwrap(), ..terms() };
        let run = run_ladder(&candles(&bars), &mut Scripted::new(&said), &plan, &terms).unwrap();
        let sign = if is_short { -1.0 } else { 1.0 };
        for (bar, equity) in run.run.equity.iter().enumerate() {
            let (mut cash, mut held) = (300.0, 0.0);
            for fill in run.fills.iter().filter(|fill| fill.bar <= bar) {
                let entered = if matches!(fill.what, What::Entry(_)) { sign } else { -sign };
                cash -= entered * fill.size * fill.price + fill.fee;
                held += entered * fill.size;
            }
            prop_assert!(held * sign > -1e-9);
            prop_assert!((equity - cash - held * bars[bar][3]).abs() < 1e-6, "{bar}: {equity} {cash} {held}");
        }
        // What comes later changes nothing of it.
        let cut = bars.len() / 2;
        let before = run_ladder(&candles(&bars[..cut]), &mut Scripted::new(&said), &plan, &terms).unwrap();
        prop_assert_eq!(&before.run.equity[..], &run.run.equity[..cut]);
        let same = run.fills.iter().filter(|fill| fill.bar < cut).copied().collect::<Vec<_>>();
        prop_assert_eq!(before.fills, same);
        let pnl: f64 = run.run.trades.iter().map(|trade| trade.pnl).sum();
        let is_flat = run.run.open_position.is_none();
        prop_assert!(!is_flat || (run.run.equity.last().unwrap() - 300.0 - pnl).abs() < 1e-6);
        for fill in run.fills.iter().filter(|fill| matches!(fill.what, What::Entry(0) | What::Stop | What::Exit)) {
            let [_, high, low, _] = bars[fill.bar];
            prop_assert!((low..=high).contains(&fill.price), "{fill:?}");
        }
    }
}
