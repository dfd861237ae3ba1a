//! Nothing of what was done before a bar depends on what comes from that bar on: with ladders, and with all cash.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

mod drawn;
mod traded;

use backtest::{Fill, Played, Trade, Unfollowed, What};
use drawn::{BEGINS_MS, Move, drawn, walked, with_future};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// All that was filled; with all cash, what trades and the open position say of it.
fn fills(played: &Played) -> Vec<Fill> {
    if let Some(steps) = &played.steps {
        return steps.fills.clone();
    }
    let fill = |bar, what, price, size| Fill { bar, what, price, size, fee: 0.0 };
    let of_trade = |trade: &Trade| {
        let Trade { entry_bar, exit_bar, entry_price, exit_price, size, .. } = *trade;
        [fill(entry_bar, What::Entry(0), entry_price, size), fill(exit_bar, What::Exit, exit_price, size)]
    };
    let open = played.run.open_position.map(|open| fill(open.entry_bar, What::Entry(0), open.entry_price, open.size));
    played.run.trades.iter().flat_map(of_trade).chain(open).collect()
}

fn is_at_open(fill: &Fill) -> bool {
    matches!(fill.what, What::Entry(0) | What::Exit | What::TimeLimit)
}

/// What was done before that bar, and at its open where that is known as well.
fn before(played: &Played, cut: usize, is_open_known: bool) -> (Vec<Trade>, Vec<Fill>) {
    let is_before = |fill: &Fill| fill.bar < cut || (is_open_known && fill.bar == cut && is_at_open(fill));
    let trades = played.run.trades.iter().copied().filter(|trade| trade.exit_bar < cut);
    (trades.collect(), fills(played).into_iter().filter(is_before).collect())
}

/// Were a bar of the future looked at, or what is paid behind it, another one in its place would change what was done before it. Whatever
/// is done at an open follows from the bars before and that open: the rest of its own bar is future, too.
#[test]
fn another_future_changes_nothing_of_what_was_done() {
    let mut runner = TestRunner::new(ProptestConfig::with_source_file(file!()));
    let futures = (walked(), walked(), any::<prop::sample::Index>(), any::<bool>(), drawn());
    let counted = RefCell::new(Counted::default());
    let checked = runner.run(&futures, |(walk, mut other, cut, is_open_known, drawn)| {
        let one = with_future(&[], &walk);
        let played = drawn.play(&one, None);
        // Where something was done at an open, it is one of these.
        let opens: Vec<usize> = fills(&played).iter().filter(|fill| is_at_open(fill)).map(|fill| fill.bar).collect();
        let cut = if is_open_known && !opens.is_empty() { opens[cut.index(opens.len())] } else { cut.index(one.len()) };
        if is_open_known {
            let Move { hours, gap, .. } = walk[cut];
            other[0] = Move { hours, gap, ..other[0] };
        }
        let other = with_future(&one[..cut], &other);
        let last_known = if is_open_known { Some(cut) } else { cut.checked_sub(1) };
        let behind_ms = last_known.map_or(BEGINS_MS, |bar| one[bar].time_ms);
        let (one, other) = (played, drawn.play(&other, Some(behind_ms)));
        prop_assert_eq!(&one.run.equity[..cut], &other.run.equity[..cut]);
        let [done, again] = [&one, &other].map(|played| before(played, cut, is_open_known));
        prop_assert_eq!(&done, &again);
        counted.borrow_mut().count(&done, cut, one.run.equity[cut..] != other.run.equity[cut..], one.run.unfollowed);
        Ok(())
    });
    checked.unwrap();
    counted.into_inner().check(ProptestConfig::default().cases);
}

/// What holds of nothing is not shown: how many have traded before, at the open in question, and otherwise behind it.
#[derive(Debug, Default)]
struct Counted {
    traded: u32,
    at_open: u32,
    differ: u32,
    unfollowed: BTreeSet<String>,
}

impl Counted {
    fn count(&mut self, (trades, fills): &(Vec<Trade>, Vec<Fill>), cut: usize, differs: bool, unfollowed: Unfollowed) {
        self.traded += u32::from(!trades.is_empty());
        self.at_open += u32::from(fills.last().is_some_and(|fill| fill.bar == cut));
        self.differ += u32::from(differs);
        self.unfollowed.extend(unfollowed.into_keys());
    }

    fn check(&self, cases: u32) {
        assert!(self.traded > cases / 4 && self.at_open > cases / 5 && self.differ > cases / 2, "{self:?} of {cases}");
        for word in ["cooldown", "below_minimum_profit", "confidence_min", "day_loss_max", "open_groups_max"] {
            assert!(self.unfollowed.contains(word), "{word} not among {self:?}");
        }
    }
}
