//! How much is played at the most, and in which parts.

use super::{Wanted, Wrong};
use domain::backtests::BacktestPlan;
use domain::ids::Sha;
use domain::limits::{
    BACKTEST_BARS_MAX, BACKTEST_DRAWS_MAX, BACKTEST_LEARNT_MAX, BACKTEST_PART_BARS, BACKTEST_PART_BARS_MAX,
    BACKTEST_PARTS_MAX, BACKTEST_TRIED_BYTES_MAX, BACKTEST_VALUES_MAX, BACKTEST_WALKED_TRIES_MAX,
};
use domain::money::Decimal;
use wire::backtest::AskedSweep;

/// What a search that learns proposes at once: a part of it ends with such a step.
const STEP: u64 = 8;

/// Before anything is expanded: how many values there are.
pub(super) fn check_values(asked: &Wanted, sweep: &AskedSweep) -> Result<usize, Wrong> {
    let values = sweep.tried.iter().map(|(_, text)| count(text)).fold(0, usize::saturating_add);
    if values > BACKTEST_VALUES_MAX {
        let rule = format!("must have at most {BACKTEST_VALUES_MAX} values in all");
        return Err(Wrong::rule("sweep.tried", rule));
    }
    let fixed = |name: &String| asked.parameters.iter().any(|(given, _)| given == name);
    match sweep.tried.iter().find(|(name, _)| fixed(name)) {
        Some((name, _)) => Err(Wrong::rule(&format!("sweep.tried.{name}"), "must not stand in parameters as well")),
        None => Ok(values),
    }
}

/// What a search learns by each try is reckoned over all values and all tries before it.
pub(super) fn check_learnt(values: usize, tries: usize) -> Result<(), Wrong> {
    let large = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let pairs = large(tries).saturating_mul(large(tries)).div_euclid(2);
    if pairs.saturating_mul(large(values)) <= BACKTEST_LEARNT_MAX {
        return Ok(());
    }
    let rule = format!("are too many for tpe over {values} values: fewer of either, or search random");
    Err(Wrong::rule("sweep.tries", rule))
}

/// A walk holds all that it tries at once.
pub(super) fn check_walked(tries: usize) -> Result<(), Wrong> {
    if tries <= BACKTEST_WALKED_TRIES_MAX {
        return Ok(());
    }
    let rule = format!("has {tries} tries, and a walk or split at most {BACKTEST_WALKED_TRIES_MAX}");
    Err(Wrong::rule("sweep.tried", rule))
}

/// Values of `FROM:TO:STEP` or `A,B`; of what is neither, few, as it is refused where it is read.
fn count(text: &str) -> usize {
    let number = |text: &str| text.parse::<Decimal>().ok();
    match text.split(':').collect::<Vec<_>>()[..] {
        [from, to, step] => {
            let parsed = number(from).zip(number(to)).zip(number(step)).filter(|(_, step)| *step > Decimal::ZERO);
            let Some(((from, to), step)) = parsed else { return 1 };
            let steps = to.checked_sub(from).and_then(|span| span.checked_div(step));
            steps.map_or(usize::MAX, |steps| {
                let whole = steps.trunc().to_string().parse::<i128>().unwrap_or(i128::MAX).max(0);
                usize::try_from(whole).unwrap_or(usize::MAX).saturating_add(1)
            })
        }
        _ => text.split(',').count(),
    }
}

/// What is kept of each try says all its parameters.
pub(super) fn check_tries(asked: &Wanted, tries: usize) -> Result<(), Wrong> {
    let bytes = asked.bytes_of_each().saturating_mul(tries);
    if bytes <= BACKTEST_TRIED_BYTES_MAX {
        return Ok(());
    }
    let rule =
        format!("has {tries} tries, which are too many for what is said of each: fewer values, or shorter rules");
    Err(Wrong::rule("sweep.tried", rule))
}

pub(super) fn check_draws(asked: &Wanted) -> Result<(), Wrong> {
    let Some(draws) = asked.option("draws") else { return Ok(()) };
    match draws.parse::<u64>() {
        Ok(1..=BACKTEST_DRAWS_MAX) => Ok(()),
        _ => Err(Wrong::rule("draws", format!("must be a whole number from 1 to {BACKTEST_DRAWS_MAX}"))),
    }
}

/// So many items of so many bars each; by many workers where one would play more than `alone`.
pub(super) fn plan(
    (items, bars_each): (usize, usize),
    is_sequential: bool,
    alone: u64,
    candles: usize,
    digest: Sha,
) -> Result<BacktestPlan, Wrong> {
    let large = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let (items, each) = (large(items).max(1), large(bars_each).max(1));
    let all = items.saturating_mul(each);
    let one_worker = if is_sequential { all } else { each };
    if all > BACKTEST_BARS_MAX || one_worker > BACKTEST_PART_BARS_MAX {
        let (bars, most) =
            if all > BACKTEST_BARS_MAX { (all, BACKTEST_BARS_MAX) } else { (one_worker, BACKTEST_PART_BARS_MAX) };
        let rule = format!("plays {bars} bars, which may be {most} at the most: fewer values, or a shorter time");
        return Err(Wrong::rule("sweep.tried", rule));
    }
    let parts = all.div_ceil(BACKTEST_PART_BARS.min(alone).max(1)).clamp(1, BACKTEST_PARTS_MAX.min(items));
    let per_part = items.div_ceil(parts);
    let per_part = if is_sequential { per_part.next_multiple_of(STEP) } else { per_part };
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(BacktestPlan {
        candles: u32::try_from(candles).unwrap_or(u32::MAX),
        digest,
        items: small(items),
        items_per_part: small(per_part),
        is_spread: !is_sequential && all > alone && per_part < items,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::limits::BACKTEST_ALONE_BARS_MAX as ALONE;

    #[test]
    fn values_are_counted_before_they_are_expanded() {
        for (text, expected) in [
            ("5:20:5", 4),
            ("0:1:0.1", 11),
            ("a,b", 2),
            ("7", 1),
            ("1:0:1", 1),
            ("1:9:0", 1),
            ("1:9:x", 1),
            ("0:79228162514264337593543950335:1", usize::MAX),
            ("0:79228162514264337593543950335:0.0000001", usize::MAX),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn a_search_that_learns_and_a_walk_are_bounded_by_more_than_bars() {
        assert_eq!([check_learnt(2_000, 4_000).is_ok(), check_learnt(20, 40_000).is_ok()], [true, true]);
        assert_eq!(check_learnt(2_000, 20_000).unwrap_err().field, "sweep.tries");
        assert_eq!(check_learnt(usize::MAX, usize::MAX).unwrap_err().field, "sweep.tries");
        assert!(check_walked(500).is_ok());
        assert_eq!(check_walked(501).unwrap_err().field, "sweep.tried");
    }

    #[test]
    fn much_is_spread_and_more_is_refused() {
        let of = |items, each, is_sequential| plan((items, each), is_sequential, ALONE, 10, Sha::of_bytes(b""));
        let told = |items, each, is_sequential| {
            of(items, each, is_sequential).map(|plan| (plan.parts(), plan.items_per_part, plan.is_spread))
        };
        assert_eq!(told(1, 130_000, false), Ok((1, 1, false)));
        assert_eq!(told(1_000, 100_000, false), Ok((10, 100, false)));
        assert_eq!(told(10_000, 100_000, false), Ok((100, 100, true)));
        assert_eq!(told(50_000, 100_000, false), Ok((100, 500, true)));
        assert_eq!(told(1_001, 100_000, true), Ok((11, 96, false)), "whole steps of a search that learns");
        assert_eq!(told(1, 300_000_000, false), Ok((1, 1, false)));
        assert_eq!(told(7, 0, false), Ok((1, 7, false)));
        for (items, each, is_sequential) in [(60_001, 100_000, false), (3_001, 100_000, true), (1, 300_000_001, false)]
        {
            assert_eq!(of(items, each, is_sequential).unwrap_err().field, "sweep.tried");
        }
    }
}
