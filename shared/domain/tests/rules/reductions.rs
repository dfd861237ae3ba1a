//! Partial exits: how much is sold, what makes room for it, and what is never left behind.

use crate::given::{NOW, bought, delivery, fact, fill, plan, price, quantity};
use crate::pyramids::{any_price, at_rest};
use domain::clock::Millis;
use domain::group::{GroupStatus, Observer, Position, Reducing, ReductionRefused, Step, next};
use domain::ids::{AttemptId, OrderId};
use domain::limits;
use domain::money::Fraction;
use domain::order::{Fact, Purpose, Refusal, Status};
use domain::preset::TradePlan;
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use domain::pyramid::Closing;
use domain::reason::Reason;
use std::collections::BTreeSet;

fn reduce(position: &Position, parts: i64, of: i64, at: &str) -> Result<Position, ReductionRefused> {
    let share = Fraction::whole(parts).over(&Fraction::whole(of)).unwrap();
    let delivery = delivery("reduce").at.id;
    let reducing = Reducing { delivery: &delivery, share: &share, price: price(at), now: NOW };
    position.reduce(&reducing).map(|reduced| reduced.position)
}

pub fn reduced(position: &Position, parts: i64, of: i64) -> Result<Position, ReductionRefused> {
    reduce(position, parts, of, "100")
}

fn held(of: &str) -> Position {
    let size = domain::preset::OrderSize::Base(quantity(of));
    bought(TradePlan { size, ..plan() }, "100", of, ("USDT", "0.01"))
}

fn order(position: &Position, purpose: Purpose) -> (Status, String) {
    let order = position.latest_of(0, purpose).unwrap();
    (order.status, order.quantity.to_string())
}

fn ask(position: &Position, after: Millis) -> Step {
    let (me, tried) = (AttemptId::new("me"), BTreeSet::new());
    next(position, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW.plus(after)).unwrap()
}

#[test]
fn take_profits_make_room_and_come_back_for_the_rest() {
    let resting = at_rest(held("1"), "100");
    assert_eq!(order(&resting, Purpose::TakeProfit(1)), (Status::Open, "1".to_owned()));
    let asked = reduced(&resting, 1, 4).unwrap();
    let Step::Decide { position: wished, .. } = ask(&asked, Millis::ZERO) else { panic!() };
    assert!(matches!(ask(&wished, Millis::ZERO), Step::Cancel(_)), "no coin is promised twice");
    let after = at_rest(*wished, "100");
    assert_eq!(order(&after, Purpose::Reduce(1)), (Status::Filled, "0.25".to_owned()));
    assert_eq!(order(&after, Purpose::TakeProfit(1)), (Status::Open, "0.75".to_owned()));
    assert_eq!(after.group.status, GroupStatus::Live);
}

#[test]
fn what_a_take_profit_sells_while_it_is_taken_back_is_not_sold_again() {
    let resting = at_rest(held("1"), "100");
    let target = resting.latest_of(0, Purpose::TakeProfit(1)).unwrap().id.clone();
    let Step::Decide { position: wished, .. } = ask(&reduced(&resting, 1, 2).unwrap(), Millis::ZERO) else { panic!() };
    let late = fact(Status::Cancelled, &[("9", fill("101.71", "0.8", Some(("USDT", "0.08"))))]);
    let after = at_rest(wished.observe(&target, &late), "100");
    assert_eq!(order(&after, Purpose::Reduce(1)), (Status::Filled, "0.2".to_owned()), "no more than is left");
}

#[test]
fn nothing_is_sold_while_a_take_profit_is_not_back_yet() {
    let resting = at_rest(held("1"), "100");
    let target = resting.latest_of(0, Purpose::TakeProfit(1)).unwrap().id.clone();
    let Step::Decide { position: wished, .. } = ask(&reduced(&resting, 1, 2).unwrap(), Millis::ZERO) else { panic!() };
    let (me, tried) = (AttemptId::new("me"), BTreeSet::from([target]));
    assert_eq!(next(&wished, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW).unwrap(), Step::Wait);
}

#[test]
fn steps_are_shares_of_what_was_not_sold_in_part() {
    let step =
        |profit: &str, amount: &str| ProfitStep { profit: profit.parse().unwrap(), amount: amount.parse().unwrap() };
    let take_profit = TakeProfit::aggregate(Basis::Average, vec![step("1", "40"), step("2", "60")]).unwrap();
    let position = bought(TradePlan { take_profit, ..plan() }, "100", "1", ("USDT", "0.1"));
    let after = at_rest(reduced(&position, 1, 2).unwrap(), "100");
    let slices = after.slices().unwrap().unwrap();
    assert_eq!(slices.iter().map(|slice| slice.quantity).collect::<Vec<_>>(), [quantity("0.2"), quantity("0.3")]);
}

#[test]
fn each_alert_sells_its_share_of_what_no_other_has_asked_for() {
    let asked = reduced(&reduced(&held("1"), 1, 2).unwrap(), 1, 2).unwrap();
    let told: Vec<_> = asked.group.reductions.iter().map(|one| (one.number, one.quantity.to_string())).collect();
    assert_eq!(told, [(1, "0.5".to_owned()), (2, "0.25".to_owned())]);
    let after = at_rest(asked, "100");
    assert_eq!(after.ledger().unwrap().held().unwrap(), quantity("0.25"));
}

#[test]
fn a_rest_that_could_not_be_sold_by_itself_is_not_left_behind() {
    // 5 USDT is the least: of 0.12 at 100, 0.04 would be left.
    let left = reduced(&held("0.12"), 2, 3).unwrap();
    assert!(left.group.exit.is_some() && left.group.reductions.is_empty());
    assert_eq!(at_rest(left, "100").group.status, GroupStatus::Closed);
    assert!(reduced(&held("0.18"), 2, 3).unwrap().group.exit.is_none());
}

#[test]
fn a_rest_that_could_not_be_sold_at_its_stop_is_not_left_behind() {
    let with_stop = |loss: &str| {
        let stop_loss = Some(StopLoss::fixed(loss.parse().unwrap(), Basis::Base));
        let size = domain::preset::OrderSize::Base(quantity("0.11"));
        bought(TradePlan { size, stop_loss, ..plan() }, "100", "0.11", ("USDT", "0.01"))
    };
    // Of 0.11 a half is 5.5 USDT now, and at a stop of a tenth 4.95: 5 is the least.
    assert!(reduced(&with_stop("10"), 1, 2).unwrap().group.exit.is_some());
    assert!(reduced(&with_stop("5"), 1, 2).unwrap().group.exit.is_none());
}

#[test]
fn nothing_is_planned_beside_a_take_profit_that_is_on_its_way_back() {
    let mut resting = at_rest(held("1"), "100");
    let former = resting.orders.iter().position(|order| order.purpose == Purpose::TakeProfit(1)).unwrap();
    let mut later = resting.orders[former].clone();
    resting.orders[former].cancel_wanted = Some(NOW);
    // The one that was to take its place was refused long ago.
    later.epoch += 1;
    later.id = OrderId::of(&["later"]);
    (later.status, later.submission) = (Status::Rejected, None);
    resting.orders.push(later);
    let (me, tried) = (AttemptId::new("me"), BTreeSet::from([resting.orders[former].id.clone()]));
    let asked =
        next(&resting, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW.plus(Millis::seconds(600)));
    assert_eq!(asked.unwrap(), Step::Wait);
}

#[test]
fn what_is_too_little_is_not_sold_and_nothing_held_is_nothing_sold() {
    assert_eq!(reduced(&held("1"), 1, 100), Err(ReductionRefused::TooLittle { held: quantity("1") }));
    assert_eq!(reduce(&held("0.06"), 1, 2, "50"), Err(ReductionRefused::TooLittle { held: quantity("0.06") }));
    assert_eq!(reduced(&crate::given::position(plan(), "100"), 1, 2), Err(ReductionRefused::NothingHeld));
    let many = (0..limits::REDUCTIONS_MAX).fold(held("1000"), |position, _| reduced(&position, 1, 10).unwrap());
    assert_eq!(reduced(&many, 1, 10), Err(ReductionRefused::Max));
}

#[test]
fn what_the_venue_refuses_as_too_little_is_not_asked_for_again() {
    let mut position = reduced(&held("1"), 1, 4).unwrap();
    while position.latest_of(0, Purpose::Reduce(1)).is_none() {
        position = match ask(&position, Millis::ZERO) {
            Step::Decide { position, .. } => *position,
            step => panic!("{step:?}"),
        };
    }
    let id = position.latest_of(0, Purpose::Reduce(1)).unwrap().id.clone();
    let refusal = Some(Refusal { code: Reason::BelowNotionalMin.into(), detail: String::new() });
    let refused = position.observe(&id, &Fact { refusal, ..Fact::of(Status::Rejected) });
    let after = at_rest(refused, "100");
    assert_eq!(order(&after, Purpose::TakeProfit(1)), (Status::Open, "1".to_owned()));
}

#[test]
fn alone_each_part_sells_its_share_of_its_own() {
    let plan = TradePlan { pyramids: Some(any_price(2, Closing::Alone)), ..plan() };
    let first = bought(plan, "100", "1", ("USDT", "0.1"));
    let planned = crate::pyramids::added(&first, "b", "100").unwrap();
    let entry = planned.latest_in(1, 0, Purpose::Entry).unwrap().id.clone();
    let filled = fact(Status::Filled, &[("2", fill("100", "1", Some(("USDT", "0.1"))))]);
    let after = at_rest(reduced(&planned.observe(&entry, &filled), 1, 4).unwrap(), "100");
    for number in [0, 1] {
        assert_eq!(after.latest_in(number, 0, Purpose::Reduce(1)).unwrap().quantity, quantity("0.25"));
        assert_eq!(after.latest_in(number, 0, Purpose::TakeProfit(1)).unwrap().quantity, quantity("0.75"));
    }
}

#[test]
fn the_way_out_takes_over_from_a_partial_exit() {
    let mut position = reduced(&held("1"), 1, 4).unwrap();
    while position.latest_of(0, Purpose::Reduce(1)).is_none() {
        position = match ask(&position, Millis::ZERO) {
            Step::Decide { position, .. } => *position,
            step => panic!("{step:?}"),
        };
    }
    let closed = at_rest(position.leave(domain::group::ExitReason::User, NOW), "100");
    assert_eq!(order(&closed, Purpose::Reduce(1)).0, Status::NotPlaced);
    assert_eq!(order(&closed, Purpose::Exit), (Status::Filled, "1".to_owned()));
}
