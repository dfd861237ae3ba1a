use domain::group::Group;
use domain::group::Position;
use domain::order::{Direction, Fact, Fee, FeeValue, Fill, Intent, Order, Purpose, Status, TradeId};
use domain::preset::OrderKind;
use wire::stored;
use wire::view::StillHeld;
use wire::view::*;

fn order(group: &Group, purpose: Purpose, quantity: &str, price: &str) -> Order {
    let direction = if purpose == Purpose::Entry { Direction::Buy } else { Direction::Sell };
    let (quantity, reserved) = (quantity.parse().unwrap(), "0".parse().unwrap());
    let (pyramid, leg, epoch, kind, stop) = (0, 0, 0, OrderKind::Market, None);
    let intent = Intent { purpose, pyramid, leg, epoch, direction, kind, stop, quantity, reserved, valid_until: None };
    let fee = Some(Fee { asset: "USDT".parse().unwrap(), amount: "0.05".parse().unwrap(), value: FeeValue::Own });
    let fill = Fill { price: price.parse().unwrap(), quantity, fee, at: group.opened_at };
    let fact = Fact { fills: [(TradeId(purpose.to_string()), fill)].into(), ..Fact::of(Status::Filled) };
    Order::plan("test", &group.id, &intent, group.opened_at).merge(&fact)
}

/// 50.05 paid for 0.5; 0.2 of it left for 21.95; the rest marked at 103.
#[test]
fn a_trade_is_told_in_the_numbers_of_its_fills_and_whose_it_is() {
    let stored = include_str!("../../../../../events/stored/group.bot.v2.json");
    let mut group: Group = serde_json::from_str::<stored::Group>(stored).unwrap().into();
    (group.settled, group.mark) = (None, None);
    let entry = order(&group, Purpose::Entry, "0.5", "100");
    let held = Trade::of(&Position { group: group.clone(), orders: vec![entry.clone()] }).unwrap();
    assert_eq!((held.exit_price, held.unrealised_pnl, held.closed_at), (None, None, None));
    let mark = domain::group::Mark { price: "103".parse().unwrap(), at: group.opened_at };
    group.mark = Some(mark);
    let orders = vec![entry, order(&group, Purpose::Exit, "0.2", "110")];
    let trade = Trade::of(&Position { group, orders }).unwrap();
    let numbers = [&trade.quantity, &trade.held, trade.realised_pnl.as_ref().unwrap()].map(String::as_str);
    assert_eq!(numbers, ["0.5", "0.3", "1.93"]);
    assert_eq!((trade.entry_price.as_deref(), trade.exit_price.as_deref()), (Some("100.1"), Some("109.75")));
    assert_eq!(trade.unrealised_pnl.as_deref(), Some("0.87"));
    assert_eq!(trade.bot_id.as_deref(), Some("bot_1750000000000q4m6n1b8c9d0e2f4g6k3"));
    let line = trade.line();
    assert_eq!(line.split(',').count(), TRADE_COLUMNS.split(',').count(), "{line}");
    let beside: Vec<_> = TRADE_COLUMNS.split(',').zip(line.split(',')).collect();
    assert!(beside.contains(&("fees", "0.1 USDT")) && beside.contains(&("held", "0.3")), "{beside:?}");
}

/// Bought for 50.05, and ended with nothing sold.
#[test]
fn a_trade_that_has_sold_nothing_has_no_profit_and_says_what_is_held() {
    let stored = include_str!("../../../../../events/stored/group.bot.v2.json");
    let group: Group = serde_json::from_str::<stored::Group>(stored).unwrap().into();
    let orders = vec![order(&group, Purpose::Entry, "0.5", "100")];
    let ended = Position { group, orders }.settle(domain::clock::Timestamp::default()).unwrap();
    let trade = Trade::of(&ended).unwrap();
    let held = StillHeld { quantity: "0.5".to_owned(), cost: "50.05".to_owned() };
    assert_eq!((&trade.realised_pnl, &trade.still_held), (&None, &Some(held)));
    assert!(trade.line().ends_with(",0.5,50.05,"), "{}", trade.line());
    let detail = PositionGroupDetail::of(&ended, Vec::new()).unwrap();
    assert_eq!((&detail.group.realised_pnl, &detail.group.still_held), (&None, &trade.still_held));
}
