use super::*;
use crate::testing::{Scripted, candles, terms};
use proptest::prelude::*;
use strategies::Action::{Enter, Exit, Hold};

const LONG: Action = Enter(Side::Long);

fn played(prices: &[f64], said: &[Action], fee: &str, step: &str) -> Run {
    run(&candles(prices), &mut Scripted::new(said), &terms("1000", fee, step)).unwrap()
}

#[test]
fn a_signal_fills_at_the_next_open_and_fees_leave_with_each_side() {
    // Each bar opens at its price and closes one higher.
    let run = played(&[100.0, 100.0, 110.0, 120.0, 130.0], &[LONG, Hold, Exit], "0.01", "1");
    let trade =
        Trade { entry_bar: 1, exit_bar: 3, entry_price: 100.0, exit_price: 120.0, size: 9.0, fees: 19.8, pnl: 160.2 };
    assert_eq!(run.trades, [trade]);
    assert_eq!(run.open_position, None);
    assert_eq!(run.equity, [1000.0, 1000.0 - 9.0 + 9.0, 991.0 + 9.0 * 11.0, 1160.2, 1160.2]);
}

#[test]
fn what_is_open_at_the_end_is_in_the_equity_and_not_among_trades() {
    let run = played(&[100.0, 100.0, 110.0], &[LONG], "0.01", "1");
    assert_eq!(run.trades, []);
    assert_eq!(run.open_position, Some(OpenPosition { entry_bar: 1, size: 9.0, entry_price: 100.0, fees: 9.0 }));
    assert_eq!(run.equity.last(), Some(&(991.0 + 9.0 * 11.0)));
}

#[test]
fn what_does_not_fit_what_is_held_does_nothing() {
    let check = |said: &[Action], expected: usize| {
        let run = played(&[100.0; 6], said, "0", "1");
        assert_eq!(run.trades.len() + run.open_position.iter().count(), expected, "{said:?}");
    };
    check(&[Hold, Exit, Exit], 0);
    check(&[LONG, LONG, LONG], 1);
    check(&[Enter(Side::Short), Exit], 0);
    // Said on the last bar: nothing follows that it could fill at.
    check(&[Hold, Hold, Hold, Hold, Hold, LONG], 0);
    check(&[LONG, Exit, LONG, Exit], 2);
}

#[test]
fn a_step_that_cash_does_not_pay_for_buys_nothing() {
    let run = played(&[100.0; 4], &[LONG, Hold, Exit], "0.001", "10");
    assert_eq!((run.trades.len(), run.open_position), (0, None));
    assert_eq!(run.equity, [1000.0; 4]);
}

#[test]
fn few_candles_are_played_too() {
    for bars in 0..3 {
        let run = played(&vec![100.0; bars], &[LONG, Exit], "0.001", "0.1");
        assert_eq!((run.equity.len(), run.trades.len()), (bars, 0));
    }
}

#[test]
fn an_order_that_takes_its_time_fills_later_and_one_that_slips_fills_worse() {
    let terms = Terms { slippage: "0.01".parse().unwrap(), latency: 1, ..terms("1000", "0", "1") };
    let said = [LONG, Hold, Exit, Exit];
    let run = run(&candles(&[100.0, 90.0, 100.0, 120.0, 200.0]), &mut Scripted::new(&said), &terms).unwrap();
    assert_eq!(run.trades.len(), 1, "{run:?}");
    let trade = run.trades[0];
    assert_eq!((trade.entry_bar, trade.exit_bar, trade.size), (2, 4, 9.0));
    assert_eq!((trade.entry_price, trade.exit_price, trade.pnl), (101.0, 198.0, 873.0));
}

fn actions() -> impl Strategy_<Value = Vec<Action>> {
    prop::collection::vec(prop_oneof![2 => Just(Hold), 1 => Just(LONG), 1 => Just(Exit)], 0..60)
}

use proptest::strategy::Strategy as Strategy_;

fn prices() -> impl Strategy_<Value = Vec<f64>> {
    prop::collection::vec((1_i64..10_000_000).prop_map(|cents| format!("{cents}e-2").parse().unwrap()), 0..60)
}

proptest! {
    #[test]
    fn equity_is_the_sum_of_all_cash_flows(prices in prices(), said in actions(), fee in 0_u32..500) {
        let run = played(&prices, &said, &format!("{fee}e-4"), "0.0001");
        let fee: f64 = format!("{fee}e-4").parse().unwrap();
        for (bar, equity) in run.equity.iter().enumerate() {
            let closed = run.trades.iter().map(|trade| (trade.entry_bar, trade.entry_price, trade.size, Some(trade)));
            let open = run.open_position.iter().map(|open| (open.entry_bar, open.entry_price, open.size, None));
            let (mut cash, mut held) = (1000.0, 0.0);
            for (entry_bar, price, size, trade) in closed.chain(open) {
                if entry_bar <= bar {
                    cash -= size * price * (1.0 + fee);
                    held += size;
                }
                if let Some(trade) = trade.filter(|trade| trade.exit_bar <= bar) {
                    cash += size * trade.exit_price * (1.0 - fee);
                    held -= size;
                }
            }
            let expected = cash + held * (prices[bar] + 1.0);
            prop_assert!((equity - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{bar}: {equity} {expected}");
        }
    }

    #[test]
    fn trades_follow_signals_and_each_other(prices in prices(), said in actions()) {
        let run = played(&prices, &said, "0.001", "0.0001");
        let mut free_from = 1;
        for trade in &run.trades {
            prop_assert!(trade.entry_bar >= free_from && trade.exit_bar > trade.entry_bar);
            prop_assert_eq!(said[trade.entry_bar - 1], LONG);
            prop_assert_eq!(said[trade.exit_bar - 1], Exit);
            prop_assert_eq!((trade.entry_price, trade.exit_price), (prices[trade.entry_bar], prices[trade.exit_bar]));
            free_from = trade.exit_bar + 1;
        }
    }

    #[test]
    fn no_later_bar_changes_what_was_done(prices in prices(), other in prices(), said in actions(), cut in 0_usize..60) {
        let cut = cut.min(prices.len());
        let changed: Vec<f64> = prices.iter().take(cut).chain(&other).copied().collect();
        let (run, changed) = (played(&prices, &said, "0.001", "0.0001"), played(&changed, &said, "0.001", "0.0001"));
        prop_assert_eq!(&run.equity[..cut], &changed.equity[..cut]);
        let before = |run: &Run| run.trades.iter().copied().take_while(|trade| trade.exit_bar < cut).collect::<Vec<_>>();
        prop_assert_eq!(before(&run), before(&changed));
    }
}
