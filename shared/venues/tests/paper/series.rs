//! The recorded series that the local stack replays holds what its README says of it.

use crate::world::{World, bar, limit, minute, parse, told};
use domain::clock::Millis;
use domain::market::Bar;
use domain::money::{Percent, Price, Rate};
use domain::order::Direction::{Buy, Sell};
use domain::preset::OrderKind::Market;

const SERIES: &str = include_str!("../../../../infra/local/prices/btcusd_1h.csv");
/// An entry at any point of the first bars reaches its take-profit.
const RISING: i64 = 25;
/// An entry at any point of these loses more than the stop first.
const FALLING: std::ops::Range<i64> = 57..64;

/// The recorded bars, each as long as a minute.
fn bars() -> Vec<Bar> {
    let bar = |(at, line): (usize, &str)| {
        let cells: Vec<&str> = line.split(',').collect();
        bar(at.try_into().unwrap(), [cells[2], cells[3], cells[4], cells[5]])
    };
    SERIES.lines().skip(1).enumerate().map(bar).collect()
}

/// Every point from the entry on, with how many quarters of a bar later it is.
fn after(quarters: i64) -> impl Iterator<Item = (i64, Price)> {
    let path: Vec<Price> = bars().iter().flat_map(Bar::path).map(|(_, price)| price).collect();
    (0..).zip(path.into_iter().skip(quarters.try_into().unwrap()))
}

/// Take-profit of 1.5 % after both fees, and the stop 5 % below what was paid.
fn bounds(entry: Price) -> (Price, Price) {
    let (fee, gain, loss) = (parse::<Rate>("0.001"), parse::<Percent>("1.5"), parse::<Percent>("5"));
    let paid = entry.fraction() * fee.on_top();
    let take = (paid.clone() * gain.gain()).over(&fee.after()).unwrap();
    let filters = crate::world::market().filters;
    (filters.price_up(&take).unwrap(), filters.price_down(&(paid * loss.loss())).unwrap())
}

#[test]
fn entries_in_the_first_bars_take_profit_and_those_before_the_fall_are_stopped() {
    for quarters in (0..4 * RISING).chain(4 * FALLING.start..4 * FALLING.end) {
        let (_, entry) = after(quarters).next().unwrap();
        let (take, stop) = bounds(entry);
        let (later, price) = after(quarters).find(|(_, price)| *price >= take || *price <= stop).unwrap();
        assert_eq!(price >= take, quarters < 4 * RISING, "from quarter {quarters} at {entry}");
        assert!(later <= 8 * 4, "{later} quarters from {quarters}");
    }
}

#[test]
fn a_buy_at_the_first_close_sells_with_profit_in_the_fifth_bar() {
    let world = World::of_bars(bars());
    world.now.set(minute(0).plus(Millis::seconds(45)));
    world.send("entry", Buy, Market, "0.02685");
    let (take, _) = bounds(parse("3723.69"));
    world.send("profit", Sell, limit(&take.to_string()), "0.02685");
    world.go_to(4);
    assert_eq!(told(&world.find("profit").unwrap()), "open");
    world.go_to(5);
    assert_eq!(told(&world.find("profit").unwrap()), "filled 0.02685@3787.12-0.10168418USDT");
}
