use domain::group::{self, Position};
use domain::order::{self, Purpose};
use domain::order::{Direction, Fact, Fee, FeeValue, Intent, Status, TradeId};
use domain::preset::OrderKind;
use wire::stored;
use wire::view::*;

const STORED: &str = include_str!("../../../../../events/stored/group.pyramids.v2.json");

fn order(group: &group::Group, purpose: Purpose, pyramid: u32, price: &str) -> order::Order {
    let direction = if purpose == Purpose::Entry { Direction::Buy } else { Direction::Sell };
    let (quantity, reserved) = ("0.5".parse().unwrap(), "0".parse().unwrap());
    let (kind, valid_until) = (OrderKind::Market, None);
    let intent =
        Intent { purpose, pyramid, leg: 0, epoch: 0, direction, kind, stop: None, quantity, reserved, valid_until };
    let fee = Some(Fee { asset: "USDT".parse().unwrap(), amount: "0.05".parse().unwrap(), value: FeeValue::Own });
    let fill = order::Fill { price: price.parse().unwrap(), quantity, fee, at: group.opened_at };
    let trade = TradeId(format!("{purpose}{pyramid}"));
    let fact = Fact { fills: [(trade, fill)].into(), ..Fact::of(Status::Filled) };
    order::Order::plan("test", &group.id, &intent, group.opened_at).merge(&fact)
}

#[test]
fn each_pyramid_is_shown_with_its_alert_its_average_and_its_stop() {
    let group: group::Group = serde_json::from_str::<stored::Group>(STORED).unwrap().into();
    let orders = vec![
        order(&group, Purpose::Entry, 0, "100"),
        order(&group, Purpose::Entry, 2, "110"),
        order(&group, Purpose::Reduce(1), 0, "105"),
    ];
    let shown = PositionGroupDetail::of(&Position { group: group.clone(), orders }, Vec::new()).unwrap();
    let told = |pyramid: &Pyramid| {
        let Pyramid { pyramid, bought, average_price, stop_price, .. } = pyramid.clone();
        (pyramid, bought, average_price.unwrap(), stop_price.unwrap())
    };
    let of = |number, average: &str, stop: &str| (number, "0.5".to_owned(), average.to_owned(), stop.to_owned());
    // 5 % below 100.1, and the 8 % of its own below 110.1.
    let expected = [of(0, "100.1", "95.09"), of(2, "110.1", "101.29")];
    assert_eq!(shown.pyramids.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(shown.pyramids[1].delivery_id, group.delivery_of(2).id.to_string());
    assert_eq!(shown.stop_price, None, "each has its own");
    assert_eq!((shown.reductions[0].number, &*shown.reductions[0].quantity), (1, "0.00031"));
    assert_eq!(shown.exit_orders[0].purpose, "reduce#1");
}

#[test]
fn safety_orders_that_are_no_orders_yet_are_told_with_their_places() {
    let stored = include_str!("../../../../../events/stored/group.ladder.v2.json");
    let mut group: group::Group = serde_json::from_str::<stored::Group>(stored).unwrap().into();
    (group.settled, group.exit) = (None, None);
    let base = order(&group, Purpose::Entry, 0, "100");
    let first = order::Order { leg: 1, ..order(&group, Purpose::Entry, 0, "99") };
    let planned = |group: &group::Group, orders: Vec<order::Order>| {
        let position = Position { group: group.clone(), orders };
        let shown = PositionGroupDetail::of(&position, Vec::new()).unwrap().pyramids;
        let told = |leg: &PlannedLeg| format!("{}: {} at {}", leg.level, leg.quantity, leg.price);
        shown.iter().flat_map(|pyramid| &pyramid.planned_legs).map(told).collect::<Vec<_>>()
    };
    // 2.5 % and 7 % below 100.1, of 0.2 base and of 33.33 quote.
    let expected = ["2: 0.2 at 97.59", "3: 0.35807 at 93.09"];
    assert_eq!(planned(&group, vec![base.clone(), first]), expected);
    assert_eq!(planned(&group, Vec::new()), [""; 0], "what the base order will have cost is not known yet");
    group.exit = Some(group::Exit { reason: group::ExitReason::User, at: group.opened_at });
    assert_eq!(planned(&group, vec![base]), [""; 0], "a group that is left arms none");
}
