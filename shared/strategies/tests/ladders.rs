//! Ladders that strategies bring.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use domain::ladder::{Dialect, Size, Spacing};
use domain::money::Percent;
use domain::preset::{AskedLegs, AskedSize, PlanParts};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use strategies::{BadParameter, Given, all, find};

fn brought(name: &str, given: &[Given<'_>]) -> Result<PlanParts, BadParameter> {
    let definition = find(name).unwrap();
    definition.ladder(&definition.read(given).unwrap()).map(Option::unwrap)
}

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

/// Shares of the balance, the first order's and those behind it.
fn shares(parts: &PlanParts, count: usize) -> Vec<f64> {
    let sizes = parts.ladder.as_ref().map(|ladder| (&parts.size, &ladder.sizes));
    let (base, first, scale) = match sizes {
        Some((Some(AskedSize::Of(Size::Percent(base))), AskedLegs::Scaled { first: Size::Percent(first), scale })) => {
            (base, first, scale)
        }
        _ => unreachable!("{parts:?}"),
    };
    let float = |text: String| text.parse::<f64>().unwrap();
    let (base, mut next, scale) = (float(base.to_string()), float(first.to_string()), float(scale.to_string()));
    let behind = std::iter::repeat_with(|| {
        let now = next;
        next *= scale;
        now
    });
    [base].into_iter().chain(behind.take(count)).collect()
}

#[test]
fn those_that_bring_a_ladder_say_so() {
    let bring =
        |definition: &&strategies::Definition| definition.ladder(&definition.read(&[]).unwrap()).unwrap().is_some();
    let names: Vec<_> = all().iter().filter(bring).map(|definition| definition.offline_name).collect();
    assert_eq!(names, ["dca_ladder", "grid"]);
}

#[test]
fn safety_orders_stand_and_grow_as_they_are_told() {
    let given = [("safety_orders", "4"), ("deviation", "1.5"), ("step_scale", "1.2"), ("volume_scale", "2")];
    let parts = brought("dca_ladder", &given).unwrap();
    let ladder = parts.ladder.as_ref().unwrap();
    let (deviation, scale) = (percent("1.5"), "1.2".parse().unwrap());
    assert_eq!(ladder.spacing, Spacing::Scaled { count: 4, deviation, scale, dialect: Dialect::Additive });
    // 1 + 1 + 2 + 4 + 8 parts of 90 %.
    assert_eq!(shares(&parts, 4), [5.625, 5.625, 11.25, 22.5, 45.0]);
    assert_eq!((parts.take_profit.clone(), parts.stop_loss), (Some(TakeProfit::at(percent("1.5"))), None));
    assert!(parts.says_all_sizes() && parts.kind.is_none());
}

#[test]
fn a_grid_sells_each_line_by_itself_and_all_lines_are_alike() {
    let parts = brought("grid", &[("lines", "8"), ("profit", "0.7"), ("stop_loss", "12"), ("budget", "45")]).unwrap();
    assert_eq!(shares(&parts, 8), [5.0; 9]);
    assert_eq!(parts.take_profit, Some(TakeProfit::PerLeg { profit: percent("0.7") }));
    assert_eq!(parts.stop_loss, Some(StopLoss::fixed(percent("12"), Basis::Base)));
}

#[test]
fn all_orders_together_ask_for_no_more_than_the_budget() {
    for (count, scale) in [("0", "1.5"), ("5", "1.5"), ("30", "1.3"), ("7", "0.1"), ("3", "10")] {
        let parts =
            brought("dca_ladder", &[("safety_orders", count), ("volume_scale", scale), ("budget", "70")]).unwrap();
        let all: f64 = shares(&parts, count.parse().unwrap()).into_iter().sum();
        assert!(all <= 70.0 + 1e-9 && all > 69.999, "{count} {scale}: {all}");
    }
}

#[test]
fn what_cannot_be_kept_is_named() {
    let check = |given: &[Given<'_>], expected: &str| {
        assert_eq!(brought("dca_ladder", given).unwrap_err().to_string(), expected);
    };
    check(&[("deviation", "1.0000000000001")], "deviation must have at most 12 decimals");
    check(
        &[("safety_orders", "30"), ("volume_scale", "10")],
        "budget must leave something for the smallest order: fewer, or less different ones",
    );
    let steps = vec![ProfitStep { profit: percent("1000"), amount: Percent::HUNDRED }];
    let all = TakeProfit::Aggregate { basis: Basis::Average, steps, trailing: None };
    assert_eq!(brought("dca_ladder", &[("take_profit", "1000")]).unwrap().take_profit, Some(all));
}
