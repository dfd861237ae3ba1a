//! What holds of every ladder, and the numbers of 3Commas' own records. `tests/golden/ladder` has whole answers.
#![allow(clippy::panic, clippy::arithmetic_side_effects, reason = "assertions")]

use super::*;
use crate::alert::Side;
use crate::market::{Filters, Maxima, Stops};
use crate::money::Decimal;
use crate::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use proptest::prelude::*;
use std::str::FromStr;

fn number(text: &str) -> Number {
    Number::from(text.parse::<Decimal>().unwrap())
}

fn read<T: FromStr>(text: &str) -> T {
    text.parse().ok().unwrap()
}

fn market(tick: &str, lot: &str, quantity_min: &str, notional_min: &str) -> Filters {
    Filters {
        price_tick: read(tick),
        quantity_step: read(lot),
        quantity_min: read(quantity_min),
        notional_min: read(notional_min),
        most: Maxima::default(),
    }
}

fn sell(profit: &str, amount: &str) -> ProfitStep {
    ProfitStep { profit: read(profit), amount: read(amount) }
}

fn stepped(basis: Basis, steps: Vec<ProfitStep>) -> TakeProfit {
    TakeProfit::Aggregate { basis, steps, trailing: None }
}

fn stop(loss: &str) -> Option<StopLoss> {
    Some(StopLoss::fixed(read(loss), Basis::Base))
}

/// A long of 10 and five safety orders of 20 and more, as the documentation has it.
fn example() -> LadderPlan {
    LadderPlan {
        filters: market("0.01", "0.00001", "0.00001", "5"),
        orders_max: None,
        fee: read("0.001"),
        fee_in_base: false,
        side: Side::Long,
        margin: None,
        base_at_market: true,
        entry_price: read("100"),
        sizes: Sizes::Scaled { base: Size::Quote(read("10")), first: Size::Quote(read("20")), scale: read("1.5") },
        spacing: spaced(5, "2", "1.5", Dialect::Additive),
        active: None,
        at_market: false,
        take_profit: stepped(Basis::Average, vec![sell("1.5", "100")]),
        stop_loss: stop("10"),
        stops: Stops::Polled,
        balance: None,
    }
}

fn spaced(count: u32, deviation: &str, scale: &str, dialect: Dialect) -> Spacing {
    Spacing::Scaled { count, deviation: read(deviation), scale: read(scale), dialect }
}

fn texts<'a>(numbers: impl IntoIterator<Item = &'a Number>) -> Vec<String> {
    numbers.into_iter().map(ToString::to_string).collect()
}

#[test]
fn safety_orders_stand_where_those_of_the_official_records_do() {
    // entry, deviation, step scale, and the records' prices; the fee makes the records' average of the entry
    let cases: [(&str, &str, &str, &[&str]); 2] =
        [("3095.4", "1", "1", &["3067.51"]), ("2938.79", "1", "4", &["2912.31", "2794.64"])];
    for (entry, deviation, scale, expected) in cases {
        let spacing = spaced(u32::try_from(expected.len()).unwrap(), deviation, scale, Dialect::Additive);
        let ladder = plan(&LadderPlan { entry_price: read(entry), spacing, ..example() }).unwrap();
        assert_eq!(texts(ladder.legs.iter().skip(1).map(|leg| &leg.price)), expected, "{entry}");
    }
}

#[test]
fn take_profits_and_the_stop_are_those_of_the_official_records() {
    let cases: [(&str, &[&str], &[&str]); 3] = [
        ("3095.4", &["2", "3", "4"], &["3163.63", "3194.65", "3225.67"]),
        ("3260.5", &["2", "3", "4"], &["3332.37", "3365.04", "3397.71"]),
        ("2931.186171", &["1"], &["2966.43"]),
    ];
    for (entry, profits, expected) in cases {
        let share = if profits.len() == 1 { ["100"; 3] } else { ["30", "30", "40"] };
        let steps = profits.iter().zip(share).map(|(profit, share)| sell(profit, share)).collect();
        let (take_profit, stop_loss) = (stepped(Basis::Average, steps), stop("4"));
        let ladder = plan(&LadderPlan { entry_price: read(entry), take_profit, stop_loss, ..example() }).unwrap();
        assert_eq!(texts(ladder.after_fill[0].take_profit.iter().map(|slice| &slice.price)), expected, "{entry}");
        if entry == "3095.4" {
            // The record says 2974.555584, before and after a safety order; the trigger goes down to the tick.
            let stops = ladder.after_fill.iter().map(|row| row.stop_price.as_ref().unwrap());
            assert!(stops.map(ToString::to_string).all(|stop| stop == "2974.55"));
        }
    }
}

#[test]
fn the_worked_ladder_without_a_fee_and_a_grid_is_that_of_the_table() {
    let filters = market("0.000001", "0.000000000001", "0", "0");
    let ladder = plan(&LadderPlan { filters, fee: read("0"), ..example() }).unwrap();
    let cut = |number: &Number| number.clone().shortened(5).to_string();
    let rows = ladder.after_fill.iter().map(|row| (cut(&row.average.approximate()), cut(&row.take_profit[0].price)));
    let expected = [
        ("100", "101.5"),
        ("98.65771", "100.13758"),
        ("96.79431", "98.24623"),
        ("93.99264", "95.40253"),
        ("89.69991", "91.04541"),
        ("82.99752", "84.24249"),
    ];
    for ((row, expected), leg) in rows.into_iter().zip(expected).zip(&ladder.legs) {
        assert_eq!((&*row.0, &*row.1), expected, "level {}", leg.level);
    }
    assert_eq!((ladder.quote_needed.to_string(), ladder.deviation_max.to_string()), ("273.75".into(), "26.375".into()));
}

#[test]
fn a_compounding_ladder_counts_from_the_order_before() {
    let spacing = spaced(3, "2", "1", Dialect::Compounding);
    let ladder = plan(&LadderPlan { fee: read("0"), spacing, ..example() }).unwrap();
    assert_eq!(texts(ladder.legs.iter().map(|leg| &leg.price)), ["100", "98", "96.04", "94.11"]);
    assert_eq!(texts(ladder.legs.iter().map(|leg| &leg.deviation)), ["0", "2", "3.96", "5.8808"]);
}

#[test]
fn slices_that_are_too_little_join_others() {
    let placed = |steps: &[(&str, &str)], level: usize| {
        let take_profit = stepped(Basis::Average, steps.iter().map(|(profit, amount)| sell(profit, amount)).collect());
        let ladder = plan(&LadderPlan { take_profit, ..example() }).unwrap();
        let placed = ladder.after_fill[level].placed();
        assert_eq!(ladder.pre_flight, Ok(()));
        placed.iter().map(|one| format!("{} of step {}", one.quantity, one.step)).collect::<Vec<_>>()
    };
    let rising = [("1", "20"), ("2", "20"), ("3", "60")];
    assert_eq!(placed(&rising, 0), ["0.1 of step 3"], "0.02 and 0.02 are below 5 quote, 0.04 too");
    assert_eq!(placed(&rising, 1), ["0.06077 of step 1", "0.06077 of step 2", "0.18235 of step 3"]);
    assert_eq!(placed(&[("1", "80"), ("2", "10"), ("3", "10")], 0), ["0.1 of step 1"], "nothing follows the last");
}

#[test]
fn each_mode_is_the_same_where_there_is_one_leg() {
    let profit = read("1.5");
    let modes = [
        example().take_profit,
        TakeProfit::PerLeg { profit },
        TakeProfit::Hybrid { profit, all: profit },
        example().take_profit.trailing_by(read("1")),
    ];
    for take_profit in modes {
        let row = plan(&LadderPlan { take_profit: take_profit.clone(), ..example() }).unwrap().after_fill.remove(0);
        let prices: Vec<_> = row.take_profit.iter().map(|slice| &slice.price).chain(&row.price_of_all).collect();
        assert!(prices.iter().all(|price| price.to_string() == "101.71"), "{take_profit:?}: {prices:?}");
        assert_eq!(texts(row.take_profit.iter().map(|slice| &slice.quantity)), ["0.1"]);
    }
}

#[test]
fn a_step_that_trails_rests_nowhere() {
    let steps = stepped(Basis::Average, vec![sell("1", "50"), sell("3", "50")]).trailing_by(read("1"));
    let asked = LadderPlan { take_profit: steps, orders_max: Some(5), ..example() };
    assert_eq!(*plan(&asked).unwrap().pre_flight.unwrap_err(), FlightFailure::Orders { resting: 6, most: 5 });
    assert_eq!(plan(&LadderPlan { orders_max: Some(6), ..asked }).unwrap().pre_flight, Ok(()));
}

/// With as many as may rest, and with one less.
fn rest(asked: &LadderPlan, resting: usize) {
    let most = u32::try_from(resting).unwrap();
    let refused = |most| plan(&LadderPlan { orders_max: Some(most), ..asked.clone() }).unwrap().pre_flight;
    assert_eq!(refused(most), Ok(()));
    assert_eq!(*refused(most - 1).unwrap_err(), FlightFailure::Orders { resting, most: resting - 1 });
}

#[test]
fn what_sells_rests_beside_the_legs_that_are_not_filled_yet() {
    let each = LadderPlan { take_profit: TakeProfit::PerLeg { profit: read("1") }, ..example() };
    rest(&each, 6);
    rest(&LadderPlan { active: Some(2), ..each.clone() }, 6);
    rest(&LadderPlan { at_market: true, ..each.clone() }, 6);
    rest(&LadderPlan { stops: Stops::Alone, ..each.clone() }, 6);
    rest(&LadderPlan { stops: Stops::Paired, ..each }, 12);
    // The base order's two slices are one order: 1 beside 5 or 2, then 2 beside 4 or 2, 2 beside 3 or 2.
    let steps = stepped(Basis::Average, vec![sell("1", "20"), sell("2", "80")]);
    let stepped = LadderPlan { take_profit: steps, ..example() };
    rest(&stepped, 6);
    rest(&LadderPlan { active: Some(2), ..stepped.clone() }, 4);
    rest(&LadderPlan { at_market: true, ..stepped.clone() }, 2);
    rest(&LadderPlan { stops: Stops::Paired, ..stepped.clone() }, 8);
    rest(&LadderPlan { spacing: spaced(1, "2", "1", Dialect::Additive), ..stepped }, 2);
}

#[test]
fn what_stands_against_a_ladder_is_told_in_the_order_of_its_finding() {
    let small = Sizes::Scaled { base: Size::Quote(read("10")), first: Size::Quote(read("4")), scale: read("1") };
    let (side, take_profit) = (Side::Short, stepped(Basis::Average, vec![sell("1", "10"), sell("60", "90")]));
    let (orders_max, balance) = (Some(1), Some(read("1")));
    let mut asked = LadderPlan { sizes: small, side, take_profit, orders_max, balance, ..example() };
    let order = |asked: &LadderPlan| match *plan(asked).unwrap().pre_flight.unwrap_err() {
        FlightFailure::Order(order) => (order.level, order.sale, order.check),
        other => panic!("{other:?}"),
    };
    assert_eq!(order(&asked), (1, None, FilterFailure::BelowNotionalMin));
    asked.sizes = example().sizes;
    assert_eq!(order(&asked), (0, Some(Sale::Step(2)), FilterFailure::BelowNotionalMin));
    (asked.side, asked.take_profit) = (Side::Long, example().take_profit);
    let balance = FlightFailure::Balance { level: 0, needed: number("10.01"), available: number("1") };
    assert_eq!(plan(&asked).unwrap().pre_flight, Err(Box::new(balance)));
    asked.balance = None;
    assert_eq!(plan(&asked).unwrap().pre_flight, Err(Box::new(FlightFailure::Orders { resting: 6, most: 1 })));
    asked.orders_max = Some(6);
    assert_eq!(plan(&asked).unwrap().pre_flight, Ok(()));
}

/// Decimals with so many digits after the point.
#[test]
fn a_stop_that_stands_before_an_order_is_told() {
    let check = |side: Side, stop: Option<StopLoss>, level: Option<usize>| {
        let planned = plan(&LadderPlan { side, stop_loss: stop, ..example() }).unwrap();
        assert_eq!(planned.stop_before, level, "{side:?} {stop:?}");
    };
    for side in [Side::Long, Side::Short] {
        check(side, None, None);
        check(side, stop("30"), None);
        check(side, stop("10"), Some(4));
        check(side, stop("2"), Some(1));
        check(side, stop("1.9"), Some(1));
    }
    // 92.11 after two safety orders, and the third one stands at 90.59.
    check(Side::Long, Some(StopLoss::fixed(read("5"), Basis::Average)), Some(3));
}

fn decimal(range: std::ops::RangeInclusive<i64>, decimals: u32) -> impl Strategy<Value = String> {
    range.prop_map(move |mantissa| Decimal::new(mantissa, decimals).normalize().to_string())
}

prop_compose! {
    fn filters()(
        tick in prop::sample::select(vec!["0.01", "0.5", "0.00000001", "0.025", "1"]),
        lot in prop::sample::select(vec!["0.00001", "0.1", "1", "0.003", "0.00000001"]),
        quantity_min in prop::sample::select(vec!["0", "0.001", "0.1", "2"]),
        notional_min in prop::sample::select(vec!["0", "5", "20"]),
    ) -> Filters {
        market(tick, lot, quantity_min, notional_min)
    }
}

prop_compose! {
    fn take_profits()(cuts in prop::collection::btree_set(1_i64..100, 0..7), profits in prop::collection::vec(decimal(1..=2_000, 2), 8))
    -> Vec<ProfitStep> {
        let edges: Vec<i64> = std::iter::once(0).chain(cuts).chain([100]).collect();
        edges.windows(2).zip(profits).map(|(edge, profit)| sell(&profit, &(edge[1] - edge[0]).to_string())).collect()
    }
}

prop_compose! {
    fn asked()(
        filters in filters(),
        fee in decimal(0..=1_000, 5),
        side in prop::sample::select(vec![Side::Long, Side::Short]),
        entry in decimal(1..=10_000_000, 2),
        (base, first, volume) in (decimal(1..=100_000, 2), decimal(1..=100_000, 2), decimal(1..=300, 2)),
        (count, deviation, step) in (0_u32..40, decimal(1..=1_000, 2), decimal(1..=300, 2)),
        dialect in prop::sample::select(vec![Dialect::Additive, Dialect::Compounding]),
        basis in prop::sample::select(vec![Basis::Average, Basis::Base]),
        steps in take_profits(),
        loss in decimal(1..=9_999, 2),
    ) -> LadderPlan {
        LadderPlan {
            filters,
            fee: read(&fee),
            fee_in_base: false,
            side,
            margin: None,
            base_at_market: true,
            entry_price: read(&entry),
            sizes: Sizes::Scaled { base: Size::Quote(read(&base)), first: Size::Quote(read(&first)), scale: read(&volume) },
            spacing: spaced(count, &deviation, &step, dialect),
            take_profit: stepped(basis, steps),
            stop_loss: stop(&loss),
            ..example()
        }
    }
}

fn is_on(value: &Number, step: Decimal) -> bool {
    let step = Positive::of(Number::from(step)).unwrap();
    value.clone().over(Positive::ONE).rounded(&step, number::Rounding::Down) == *value
}

/// What all orders of a ladder lose together where each is left at `stop`.
fn lost(ladder: &Ladder, terms: &Terms, stop: &Number) -> Number {
    let one = |leg: &Leg| leg.quantity.times(&terms.loss(&leg.price, stop));
    ladder.legs.iter().fold(Number::ZERO, |sum, leg| sum.plus(&one(leg)))
}

proptest! {
    #[test]
    fn what_is_ok_breaks_no_filter(asked in asked()) {
        let (ladder, filters) = (plan(&asked).unwrap(), asked.filters);
        for leg in ladder.legs.iter().filter(|leg| leg.check.is_ok()) {
            prop_assert!(leg.level == 0 || is_on(&leg.price, filters.price_tick.get()), "{leg:?}");
            prop_assert!(is_on(&leg.quantity, filters.quantity_step.get()), "{leg:?}");
            prop_assert!(leg.quantity >= Number::from(filters.quantity_min.get()) && leg.quantity.is_positive());
            prop_assert!(leg.price.times(&leg.quantity) >= Number::from(filters.notional_min.get()));
        }
        if ladder.pre_flight.is_ok() {
            for placed in ladder.after_fill.iter().flat_map(AfterFill::placed) {
                prop_assert!(is_on(&placed.price, filters.price_tick.get()));
                prop_assert!(is_on(&placed.quantity, filters.quantity_step.get()));
                prop_assert!(placed.quantity >= Number::from(filters.quantity_min.get()));
                prop_assert!(placed.price.times(&placed.quantity) >= Number::from(filters.notional_min.get()));
            }
        }
    }

    #[test]
    fn an_order_spends_what_was_asked_to_within_a_lot(asked in asked()) {
        let lot = Number::from(asked.filters.quantity_step.get());
        for leg in plan(&asked).unwrap().legs.iter().filter(|leg| leg.price.is_positive()) {
            let spent = leg.price.times(&leg.quantity);
            let quote = leg.quote.numerator();
            prop_assert!(spent <= *quote && *quote < spent.plus(&leg.price.times(&lot)), "{leg:?}");
        }
    }

    #[test]
    fn take_profits_sell_all_that_is_held(asked in asked()) {
        for row in plan(&asked).unwrap().after_fill {
            let slices = row.take_profit.iter().fold(Number::ZERO, |sum, slice| sum.plus(&slice.quantity));
            let placed = row.placed().iter().fold(Number::ZERO, |sum, placed| sum.plus(&placed.quantity));
            prop_assert_eq!(&slices, &row.quantity);
            prop_assert_eq!(&placed, &row.quantity);
        }
    }

    #[test]
    fn an_order_further_away_is_never_dearer(asked in asked()) {
        let ladder = plan(&asked).unwrap();
        for pair in ladder.legs.windows(2).skip(1) {
            prop_assert!(pair[0].deviation <= pair[1].deviation, "{pair:?}");
            let (near, far) = (&pair[0].price, &pair[1].price);
            let is_ordered = match asked.side {
                Side::Long => far <= near || !far.is_positive(),
                Side::Short => far >= near,
            };
            prop_assert!(is_ordered, "{pair:?}");
        }
    }

    #[test]
    fn a_take_profit_leaves_its_profit_and_a_tick_less_would_not(asked in asked()) {
        let TakeProfit::Aggregate { steps, .. } = asked.take_profit else { return Ok(()) };
        let asked = LadderPlan { take_profit: stepped(Basis::Average, steps.clone()), side: Side::Long, ..asked };
        let terms = Terms::of(&asked).unwrap();
        let tick = Number::from(asked.filters.price_tick.get());
        for row in plan(&asked).unwrap().after_fill {
            for (slice, step) in row.take_profit.iter().zip(&steps) {
                let received = |price: &Number| price.times(&row.quantity).times(terms.exit_fee.number());
                let wanted = row.volume.times(&terms.better(&Number::HUNDRED, &Number::from(step.profit.get()))).percent();
                prop_assert!(received(&slice.price) >= wanted && received(&slice.price.minus(&tick)) < wanted);
            }
        }
    }

    #[test]
    fn without_fees_a_short_is_a_long_in_a_mirror(asked in asked(), entry in 1_i64..100_000) {
        let filters = market("0.25", "0.00000001", "0", "0");
        let entry_price = Decimal::new(entry, 0).to_string();
        let sided = |side| {
            let dialect = match &asked.spacing {
                Spacing::Scaled { count, deviation, scale, .. } =>
                    Spacing::Scaled { count: *count, deviation: *deviation, scale: *scale, dialect: Dialect::Additive },
                Spacing::Custom(_) => asked.spacing.clone(),
            };
            let asked = LadderPlan { filters, fee: read("0"), side, entry_price: read(&entry_price), spacing: dialect, ..asked.clone() };
            plan(&asked).unwrap()
        };
        let (long, short) = (sided(Side::Long), sided(Side::Short));
        let twice = number(&(entry * 2).to_string());
        for (long, short) in long.legs.iter().zip(&short.legs) {
            prop_assert_eq!(long.price.plus(&short.price), twice.clone());
            prop_assert_eq!(&long.deviation, &short.deviation);
        }
        for (long, short) in long.after_fill.iter().zip(&short.after_fill).take(1) {
            for (long, short) in long.take_profit.iter().zip(&short.take_profit) {
                prop_assert_eq!(long.price.plus(&short.price), twice.clone());
            }
            let stops = long.stop_price.clone().unwrap().plus(short.stop_price.as_ref().unwrap());
            prop_assert_eq!(stops, twice.clone());
        }
    }

    #[test]
    fn a_risk_is_used_up_to_within_one_lot_of_each_order_and_never_exceeded(
        asked in asked(), risk in decimal(1..=1_000_000, 2), weights in prop::collection::vec(decimal(1..=1_000, 2), 40),
    ) {
        let orders = asked.safety_orders() + 1;
        let weights = weights.iter().take(orders).map(|weight| read(weight)).collect();
        let asked = LadderPlan { sizes: Sizes::Split { total: Total::Risk(read(&risk)), weights }, ..asked };
        let Ok(ladder) = plan(&asked) else { return Ok(()) };
        let terms = Terms::of(&asked).unwrap();
        let stop = terms.stop_price(&ladder.base_price, asked.stop_loss.unwrap().loss);
        let (lost, lot) = (lost(&ladder, &terms, &stop), Number::from(asked.filters.quantity_step.get()));
        let of_a_lot = |leg: &Leg| lot.times(&terms.loss(&leg.price, &stop));
        let lots = ladder.legs.iter().fold(Number::ZERO, |sum, leg| sum.plus(&of_a_lot(leg)));
        prop_assert!(lost <= number(&risk), "{lost} of {risk}");
        prop_assert!(lost.plus(&lots) > number(&risk), "{lost} and {lots} of {risk}");
    }
}

#[test]
fn a_risk_is_met_on_many_a_ladder() {
    let asked = LadderPlan {
        sizes: Sizes::Split { total: Total::Risk(read("25")), weights: ["1", "1", "2"].map(read).into() },
        spacing: spaced(2, "2", "1", Dialect::Additive),
        ..example()
    };
    for side in [Side::Long, Side::Short] {
        let asked = LadderPlan { side, ..asked.clone() };
        let (ladder, terms) = (plan(&asked).unwrap(), Terms::of(&asked).unwrap());
        let stop = ladder.after_fill[2].stop_price.clone().unwrap();
        let lost = lost(&ladder, &terms, &stop);
        assert!(number("24.99") < lost && lost <= number("25"), "{lost}");
    }
}
