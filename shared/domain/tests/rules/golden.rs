//! Prices against the example records of 3Commas' own API documentation (deals of the paper account, fee 0.1 %).

use crate::given::{bought, plan, price, quantity};
use domain::group::Slice;
use domain::preset::TradePlan;
use domain::profit::{Basis, StopLoss, TakeProfit};

#[test]
fn take_profit_and_stop_are_those_of_the_official_records() {
    // fill price, fee, so that the average is the record's; profit %; the record's take-profit price
    let cases = [
        ("3095.4", "3.0954", "2", "3163.63"),
        ("3095.4", "3.0954", "3", "3194.65"),
        ("3095.4", "3.0954", "4", "3225.67"),
        ("3260.5", "3.2605", "2", "3332.37"),
        ("3260.5", "3.2605", "3", "3365.04"),
        ("3260.5", "3.2605", "4", "3397.71"),
    ];
    for (at, fee, profit, expected) in cases {
        let plan = TradePlan { take_profit: TakeProfit::at(profit.parse().unwrap()), ..plan() };
        let position = bought(plan, at, "1", ("USDT", fee));
        let slice = Slice { pyramid: 0, leg: 0, step: 1, price: price(expected), quantity: quantity("1") };
        assert_eq!(position.slices().unwrap(), Some(vec![slice]), "{at} {profit}");
    }
    let stop = TradePlan { stop_loss: Some(StopLoss::fixed("4".parse().unwrap(), Basis::Base)), ..plan() };
    // The record says 2974.555584; the trigger goes down to the tick.
    assert_eq!(bought(stop, "3095.4", "1", ("USDT", "3.0954")).stop_price().unwrap(), Some(price("2974.55")));
}

#[test]
fn a_fee_taken_in_base_makes_less_to_sell_and_a_higher_average() {
    let position = bought(plan(), "100", "1", ("BTC", "0.001"));
    // 100 / 0.999 × 1.015 / 0.999 = 101.7033...
    let slice = Slice { pyramid: 0, leg: 0, step: 1, price: price("101.71"), quantity: quantity("0.999") };
    assert_eq!(position.slices().unwrap(), Some(vec![slice]));
}
