//! Entries that are added to a live group: whether, how large, with which ladder, and how they are sold.

use crate::given::{NOW, alert, amount, bought, delivery, fact, fill, market, plan, price, quantity, rich};
use domain::alert::Alert;
use domain::clock::Millis;
use domain::group::{
    self, Adding, AddingRefused, Drift, ExitReason, Found, GroupStatus, Observer, Position, Step, next,
};
use domain::ids::AttemptId;
use domain::ladder::{Size, Spacing, Total};
use domain::limits;
use domain::order::{Command, Direction, Fact, Intent, Order, Purpose, Refusal, Status};
use domain::preset::{AskedLadder, AskedLegs, AskedSize, OrderKind, OrderSize, PlanParts, SafetyOrders, TradePlan};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use domain::pyramid::{Approach, Closing, Pyramiding};
use domain::reason::Reason;
use domain::vault::Mode;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Additions that no price stands in the way of.
pub fn any_price(max: u32, close: Closing) -> Pyramiding {
    let (distance, size_factor) = ("0".parse().unwrap(), quantity("1"));
    Pyramiding { max, distance, direction: Approach::Any, size_factor, close }
}

fn with(pyramids: Pyramiding) -> TradePlan {
    TradePlan { pyramids: Some(pyramids), ..plan() }
}

fn ladder(count: u32) -> SafetyOrders {
    crate::given::ladder(count, "50", "2", 5)
}

/// A group that has bought one at 100, with a fee of 0.1.
fn live(pyramids: Pyramiding) -> Position {
    bought(with(pyramids), "100", "1", ("USDT", "0.1"))
}

fn add(position: &Position, name: &str, at: &str, own: PlanParts) -> Result<Position, AddingRefused> {
    let (delivery, alert) = (delivery(name), Alert { own, ..alert() });
    let adding = Adding {
        deployment: "test",
        delivery: &delivery,
        alert: &alert,
        price: price(at),
        funds: rich(),
        share: None,
        now: NOW,
    };
    group::add(position, &adding).map(|(position, _)| position)
}

pub fn added(position: &Position, name: &str, at: &str) -> Result<Position, AddingRefused> {
    add(position, name, at, PlanParts::default())
}

fn entry(position: &Position, pyramid: u32) -> &Order {
    position.latest_in(pyramid, 0, Purpose::Entry).unwrap()
}

/// The newest base order filled whole at this price, with a fee of a thousandth.
fn filled(position: &Position, at: &str) -> Position {
    let order = entry(position, *position.numbers().last().unwrap());
    let fee = (price(at).get() * order.quantity.get() / domain::money::Decimal::ONE_THOUSAND).normalize().to_string();
    let fill = fill(at, &order.quantity.to_string(), Some(("USDT", &fee)));
    position.observe(&order.id, &fact(Status::Filled, &[(&format!("base{}", order.pyramid), fill)]))
}

fn two(close: Closing, second_at: &str) -> Position {
    filled(&added(&live(any_price(3, close)), "second", second_at).unwrap(), second_at)
}

#[test]
fn every_order_of_a_position_has_its_mode_and_its_market() {
    let left = at_rest(two(Closing::Together, "101").leave(ExitReason::Signal, NOW), "102");
    assert!(left.orders.len() > 2 && left.orders.iter().all(|order| order.mode == Some(Mode::Live)));
    assert!(left.orders.iter().all(|order| order.market.as_ref() == Some(&left.group.market.key)));
}

fn ask(position: &Position) -> Step {
    let (attempt, tried) = (AttemptId::new("me"), BTreeSet::new());
    next(position, "test", Observer::Executor { attempt: &attempt, tried: &tried }, NOW).unwrap()
}

/// As it stands once everything decided now was done at the venue: what is sold at the market is filled at this price,
/// the rest rests.
pub fn at_rest(position: Position, at: &str) -> Position {
    let mut position = position;
    for trade in 0..200 {
        position = match ask(&position) {
            Step::Decide { position, .. } => *position,
            Step::Submit(id) => {
                let order = position.order(&id).unwrap().clone();
                let fill = fill(at, &order.quantity.to_string(), Some(("USDT", "0")));
                let filled = || fact(Status::Filled, &[(&format!("{at}#{trade}"), fill)]);
                let is_market_sale = order.kind == OrderKind::Market && order.direction == Direction::Sell;
                position.observe(&id, &if is_market_sale { filled() } else { fact(Status::Open, &[]) })
            }
            Step::Cancel(id) => position.observe(&id, &fact(Status::Cancelled, &[])),
            Step::Wait | Step::Settled => return position,
        };
    }
    panic!("it comes to no rest")
}

/// Purpose, pyramid and quantity of every sell that rests or was filled.
fn sells(position: &Position) -> Vec<(String, u32, String)> {
    let sells = position.orders.iter().filter(|order| order.direction == Direction::Sell);
    let there = sells.filter(|order| order.status.is_resting() || order.status == Status::Filled);
    there.map(|order| (order.purpose.to_string(), order.pyramid, order.quantity.to_string())).collect()
}

fn check(position: &Position, expected: &[(&str, u32, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(purpose, pyramid, of)| ((*purpose).to_owned(), *pyramid, (*of).to_owned())).collect();
    assert_eq!(sells(position), expected);
}

#[test]
fn a_group_without_pyramids_takes_none() {
    let position = bought(plan(), "100", "1", ("USDT", "0.1"));
    assert_eq!(added(&position, "b", "110").unwrap_err(), AddingRefused::NotAllowed);
}

#[test]
fn no_more_are_added_than_the_plan_says() {
    let once = filled(&added(&live(any_price(1, Closing::Together)), "b", "100").unwrap(), "100");
    assert_eq!(added(&once, "c", "100").unwrap_err(), AddingRefused::Max { max: 1 });
}

#[test]
fn what_is_sold_by_itself_has_no_exit_that_follows_the_price_or_waits() {
    let stop = StopLoss::fixed("5".parse().unwrap(), Basis::Base);
    let own = [
        PlanParts { stop_loss: Some(StopLoss { trailing: true, ..stop }), ..PlanParts::default() },
        PlanParts { stop_loss: Some(StopLoss { delay: Some(Millis::seconds(30)), ..stop }), ..PlanParts::default() },
        PlanParts {
            take_profit: Some(TakeProfit::at("2".parse().unwrap()).trailing_by("0.5".parse().unwrap())),
            ..PlanParts::default()
        },
    ];
    for own in own {
        let apart = add(&live(any_price(1, Closing::Alone)), "b", "100", own.clone());
        assert_eq!(apart.unwrap_err(), AddingRefused::FollowsApart, "{own:?}");
        assert!(add(&live(any_price(1, Closing::Together)), "b", "100", own).is_ok(), "it is not looked at");
    }
    let fixed = PlanParts { stop_loss: Some(stop), ..PlanParts::default() };
    assert!(add(&live(any_price(1, Closing::Alone)), "b", "100", fixed).is_ok());
}

#[test]
fn the_distance_is_from_what_the_base_order_before_it_has_cost() {
    let plan = Pyramiding {
        distance: "2".parse().unwrap(),
        direction: Approach::Favourable,
        ..any_price(3, Closing::Together)
    };
    let first = live(plan);
    // 100.1 with 2 % more is 102.102.
    let told = added(&first, "b", "102.1").unwrap_err();
    assert!(matches!(&told, AddingRefused::Distance { base, .. } if base == "100.1"), "{told:?}");
    let second = filled(&added(&first, "b", "102.11").unwrap(), "110");
    assert!(matches!(added(&second, "c", "112").unwrap_err(), AddingRefused::Distance { .. }), "from 110.11 by now");
    assert!(added(&second, "c", "112.32").is_ok());
}

#[test]
fn one_waits_for_the_other_and_an_entry_that_was_never_bought_is_passed_over() {
    let first = live(any_price(3, Closing::Together));
    let planned = added(&first, "b", "100").unwrap();
    assert_eq!(added(&planned, "c", "100").unwrap_err(), AddingRefused::Pending { number: 1 });
    let refusal = Some(Refusal { code: Reason::InsufficientBalance.into(), detail: String::new() });
    let refused = planned.observe(&entry(&planned, 1).id, &Fact { refusal, ..Fact::of(Status::Rejected) });
    let third = added(&at_rest(refused, "100"), "c", "100").unwrap();
    assert_eq!(third.numbers(), BTreeSet::from([0, 1, 2]), "its number is not given twice");
}

#[test]
fn nothing_is_added_before_the_opening_has_bought() {
    let plan = with(any_price(3, Closing::Together));
    let planned = crate::given::position(plan, "100");
    let id = planned.orders[0].id.clone();
    for status in [Status::Open, Status::Cancelled, Status::NotPlaced] {
        let told = added(&planned.observe(&id, &Fact::of(status)), "b", "100").unwrap_err();
        assert_eq!(told, AddingRefused::Pending { number: 0 }, "{status:?}");
    }
}

#[test]
fn its_size_is_its_own_or_the_groups_times_the_factor_for_each() {
    let plan = Pyramiding { size_factor: quantity("1.5"), ..any_price(3, Closing::Together) };
    let second = filled(&added(&live(plan), "b", "100").unwrap(), "100");
    assert_eq!(entry(&second, 1).quantity, quantity("1.5"));
    assert_eq!(entry(&added(&second, "c", "100").unwrap(), 2).quantity, quantity("2.25"));
    let own = PlanParts { size: Some(AskedSize::Of(Size::Quote(amount("40")))), ..PlanParts::default() };
    assert_eq!(entry(&add(&second, "c", "100", own).unwrap(), 2).quantity, quantity("0.4"));
}

#[test]
fn what_it_takes_of_the_account_is_its_own_base_order_and_ladder() {
    let plan = TradePlan { ladder: Some(ladder(2)), ..with(any_price(3, Closing::Alone)) };
    let position = bought(plan, "100", "1", ("USDT", "0.1"));
    let (delivery, alert) = (delivery("b"), alert());
    let adding = Adding {
        deployment: "test",
        delivery: &delivery,
        alert: &alert,
        price: price("100"),
        funds: rich(),
        share: None,
        now: NOW,
    };
    let (after, need) = group::add(&position, &adding).unwrap();
    // 100 with fee and one per cent of room, and two legs of 50 with their fees.
    assert_eq!((need.reserve, need.exposure, need.groups), (amount("201.201"), amount("200"), 0));
    assert_eq!(after.group.exposure, position.group.exposure.plus(amount("200")).unwrap());
    assert_eq!(after.ahead().unwrap(), position.ahead().unwrap().plus(amount("100.1")).unwrap());
}

#[test]
fn each_pyramid_has_a_ladder_from_its_own_base_price() {
    let plan = TradePlan { ladder: Some(ladder(1)), ..with(any_price(3, Closing::Together)) };
    let first = bought(plan, "100", "1", ("USDT", "0.1"));
    let own = PlanParts { ladder: Some(crate::given::ladder(2, "50", "4", 5).into()), ..PlanParts::default() };
    let position = at_rest(filled(&add(&first, "b", "110", own).unwrap(), "110"), "110");
    let legs = position.entries().filter(|order| order.leg > 0);
    let told: Vec<_> = legs.map(|order| (order.pyramid, order.leg, order.kind)).collect();
    let at = |text: &str| OrderKind::Limit(price(text));
    // 100.1 less 2 %; 110.11 less 4 and 8 %.
    assert_eq!(told, [(0, 1, at("98.09")), (1, 1, at("105.7")), (1, 2, at("101.3"))]);
}

#[test]
fn an_addition_that_says_no_safety_orders_buys_none_of_its_groups() {
    let plan = TradePlan { ladder: Some(ladder(2)), ..with(any_price(3, Closing::Together)) };
    let first = bought(plan, "100", "1", ("USDT", "0.1"));
    let none = AskedLadder { spacing: Spacing::Custom(Vec::new()), ..ladder(2).into() };
    let own =
        PlanParts { ladder: Some(AskedLadder { sizes: AskedLegs::Each(Vec::new()), ..none }), ..PlanParts::default() };
    let after = add(&first, "b", "100", own).unwrap();
    assert_eq!(after.exposure().unwrap(), first.exposure().unwrap().plus(amount("100")).unwrap());
    assert_eq!(after.ahead().unwrap(), first.ahead().unwrap());
    let position = at_rest(filled(&after, "100"), "100");
    assert!(position.entries().all(|order| order.pyramid == 0 || order.leg == 0));
}

#[test]
fn a_risk_is_none_for_what_another_stop_sells() {
    let risk = || {
        let total = Total::Risk(amount("20"));
        let size = AskedSize::Shared { total, weights: vec![quantity("1")] };
        PlanParts {
            size: Some(size),
            stop_loss: Some(StopLoss::fixed("1".parse().unwrap(), Basis::Base)),
            ..PlanParts::default()
        }
    };
    let refused = add(&live(any_price(3, Closing::Together)), "b", "100", risk()).unwrap_err().to_string();
    assert!(refused.contains("total.risk") && refused.contains("sold together"), "{refused}");
    assert!(add(&live(any_price(3, Closing::Alone)), "b", "100", risk()).is_ok());
}

#[test]
fn a_leg_that_is_taken_back_ends_its_own_ladder_and_no_other() {
    let plan = TradePlan { ladder: Some(ladder(2)), ..with(any_price(3, Closing::Together)) };
    let first = bought(plan, "100", "1", ("USDT", "0.1"));
    let position = filled(&added(&first, "b", "100").unwrap(), "100");
    let armed = at_rest(position, "100");
    let leg = armed.latest_in(1, 1, Purpose::Entry).unwrap().id.clone();
    let over = armed.command(&leg, &Command::Cancel(NOW)).unwrap();
    assert!(
        over.part(1).ahead().unwrap() == amount("0")
            && at_rest(over, "100").entries().filter(|order| order.leg > 0).count() == 4
    );
}

#[test]
fn together_one_take_profit_is_of_everything() {
    let position = two(Closing::Together, "110");
    check(&at_rest(position.clone(), "110"), &[("tp#1", 0, "2")]);
    // From 105.105 on average, 5 % less.
    assert_eq!(position.stop_price().unwrap(), Some(price("99.84")));
}

#[test]
fn alone_each_has_its_own_take_profit_and_stop() {
    let position = two(Closing::Alone, "110");
    let resting = at_rest(position.clone(), "110");
    check(&resting, &[("tp#1", 0, "1"), ("tp#1", 1, "1")]);
    let stop = |number| position.part(number).stop_price().unwrap().unwrap();
    assert_eq!([stop(0), stop(1)], [price("95.09"), price("104.6")]);
    let at = |number| resting.latest_in(number, 0, Purpose::TakeProfit(1)).unwrap().kind;
    assert_eq!([at(0), at(1)], [OrderKind::Limit(price("101.71")), OrderKind::Limit(price("111.88"))]);
}

#[test]
fn alone_a_part_that_is_stopped_sells_its_own_coins_and_the_rest_stays() {
    let resting = at_rest(two(Closing::Alone, "110"), "110");
    let before = NOW.minus(Millis::seconds(60));
    let stopped = resting.with_part(&resting.part(1).leave(ExitReason::StopLoss, before));
    let after = at_rest(stopped, "104");
    check(&after, &[("tp#1", 0, "1"), ("exit", 1, "1")]);
    assert_eq!((after.group.exit, after.group.status), (None, GroupStatus::Live));
    let target = after.latest_of(0, Purpose::TakeProfit(1)).unwrap().id.clone();
    let sold = fact(Status::Filled, &[("tp", fill("101.71", "1", Some(("USDT", "0.1"))))]);
    let closed = at_rest(after.observe(&target, &sold), "104");
    assert_eq!((closed.group.status, closed.group.exit.unwrap().reason), (GroupStatus::Closed, ExitReason::TakeProfit));
    check(&closed, &[("tp#1", 0, "1"), ("exit", 1, "1")]);
}

#[test]
fn alone_an_entry_that_may_not_be_sent_holds_up_no_others_stop() {
    let plan = TradePlan { ladder: Some(ladder(1)), ..with(any_price(3, Closing::Alone)) };
    let first = at_rest(bought(plan, "100", "1", ("USDT", "0.1")), "100");
    let second = filled(&added(&first, "b", "100").unwrap(), "100");
    // The leg of the first one waits to be sent.
    let leg = first.latest_in(0, 1, Purpose::Entry).unwrap().id.clone();
    let mut waiting = at_rest(second, "100");
    waiting.orders.iter_mut().filter(|order| order.id == leg).for_each(|order| order.status = Status::Planned);
    let stopped = waiting.with_part(&waiting.part(1).leave(ExitReason::StopLoss, NOW));
    let target = stopped.latest_in(1, 0, Purpose::TakeProfit(1)).unwrap().id.clone();
    assert_eq!(ask(&stopped), Step::Cancel(target));
}

#[test]
fn an_exit_of_the_group_closes_all_parts_at_once() {
    for close in Closing::ALL {
        let resting = at_rest(two(close, "110"), "110");
        let closed = at_rest(resting.leave(ExitReason::Signal, NOW), "105");
        check(&closed, &[("exit", 0, "2")]);
        assert_eq!(closed.group.status, GroupStatus::Closed);
    }
}

#[test]
fn an_exit_of_the_group_takes_over_from_the_exit_of_a_part() {
    let resting = at_rest(two(Closing::Alone, "110"), "110");
    let mut stopped = resting.with_part(&resting.part(1).leave(ExitReason::StopLoss, NOW));
    while stopped.latest_in(1, 0, Purpose::Exit).is_none() {
        stopped = match ask(&stopped) {
            Step::Decide { position, .. } => *position,
            Step::Cancel(id) => stopped.observe(&id, &fact(Status::Cancelled, &[])),
            step => panic!("{step:?}"),
        };
    }
    let part = stopped.latest_in(1, 0, Purpose::Exit).unwrap().id.clone();
    let half = fact(Status::PartiallyFilled, &[("half", fill("104", "0.5", Some(("USDT", "0.05"))))]);
    let leaving = stopped.observe(&part, &half).leave(ExitReason::User, NOW);
    let closed = at_rest(leaving, "104");
    assert_eq!(closed.order(&part).unwrap().status, Status::Cancelled);
    assert_eq!(closed.latest_of(0, Purpose::Exit).unwrap().quantity, quantity("1.5"));
    assert_eq!(closed.ledger().unwrap().held().unwrap(), quantity("0"));
}

#[test]
fn what_is_missing_is_sold_by_no_part() {
    let resting = at_rest(two(Closing::Alone, "110"), "110");
    let drift = Drift { missing: quantity("1.4"), in_all: quantity("1.4"), since: NOW };
    let marked = resting.marked(Some(drift), NOW);
    let stopped =
        |position: &Position, number| position.with_part(&marked.part(number).leave(ExitReason::StopLoss, NOW));
    let first = at_rest(stopped(&marked, 0), "90");
    check(&first, &[("exit", 0, "0.6")]);
    assert_eq!(first.group.exit, None, "the last ones miss it first");
    let closed = at_rest(stopped(&first, 1), "90");
    check(&closed, &[("exit", 0, "0.6")]);
    assert_eq!(closed.group.settled.unwrap().missing, quantity("1.4"));
}

#[test]
fn an_addition_that_is_not_bought_ends_by_itself_and_the_group_lives_on() {
    for close in Closing::ALL {
        let planned = added(&at_rest(live(any_price(2, close)), "100"), "b", "100").unwrap();
        let late = NOW.plus(limits::ENTRY_VALID);
        let mut position = planned;
        while position.group.pyramids.left.is_empty() {
            position = match next(&position, "test", Observer::Watch, late).unwrap() {
                Step::Decide { position, .. } => *position,
                step => panic!("{step:?}"),
            };
        }
        assert_eq!(position.group.pyramids.left[&1].reason, ExitReason::NotEntered);
        assert_eq!((position.group.status, position.ahead().unwrap()), (GroupStatus::Live, amount("0")));
        assert_eq!(ask(&position), Step::Wait);
    }
}

/// A group with a ladder and one addition, which the venue refuses.
fn refused_addition(max: u32, close: Closing) -> [Position; 2] {
    let plan = Pyramiding { size_factor: quantity("1.5"), ..any_price(max, close) };
    let live = bought(TradePlan { ladder: Some(ladder(2)), ..with(plan) }, "100", "1", ("USDT", "0.1"));
    let planned = added(&at_rest(live.clone(), "100"), "refused", "100").unwrap();
    let refusal = Some(Refusal { code: Reason::InsufficientBalance.into(), detail: String::new() });
    let refused = planned.observe(&entry(&planned, 1).id, &Fact { refusal, ..Fact::of(Status::Rejected) });
    [live, at_rest(refused, "100")]
}

#[test]
fn an_addition_that_never_bought_gives_back_its_exposure_and_its_place() {
    for close in Closing::ALL {
        let [live, refused] = refused_addition(1, close);
        assert_eq!(refused.exposure(), live.exposure(), "{close:?}");
        assert_eq!(refused.ahead(), live.ahead().map(|_| amount("0")), "the opening's legs are orders, no others wait");
        let again = added(&refused, "again", "100").unwrap();
        assert_eq!(entry(&again, 2).quantity, quantity("1.5"), "the first that counts");
        let bought = filled(&again, "100");
        assert_eq!(added(&bought, "third", "100").unwrap_err(), AddingRefused::Max { max: 1 });
    }
}

#[test]
fn an_addition_that_is_filled_after_all_takes_its_exposure_and_its_place_again() {
    let [live, refused] = refused_addition(1, Closing::Together);
    let late = filled_late(&refused, 1);
    let more = late.exposure().unwrap().minus(live.exposure().unwrap()).unwrap();
    assert_eq!((more, late.group.exposure), (amount("250"), late.exposure().unwrap()), "150 and its ladder");
    assert_eq!(added(&late, "again", "100").unwrap_err(), AddingRefused::Max { max: 1 });
}

#[test]
fn no_more_are_tried_than_a_row_holds() {
    let mut position = live(any_price(1, Closing::Together));
    for tried in 1..=limits::PYRAMIDS_TRIED_MAX {
        let planned = added(&position, &format!("a{tried}"), "100").unwrap();
        position = at_rest(planned.observe(&entry(&planned, tried).id, &Fact::of(Status::Cancelled)), "100");
    }
    assert_eq!(added(&position, "more", "100").unwrap_err(), AddingRefused::Tried);
}

fn filled_late(position: &Position, number: u32) -> Position {
    let order = entry(position, number);
    let fill = fill("100", &order.quantity.to_string(), Some(("USDT", "0.15")));
    position.observe(&order.id, &fact(Status::Filled, &[("late", fill)]))
}

/// As the venue lists an order that this group has sent.
fn found(of: &Position, purpose: Purpose, pyramid: u32, size: &str, fact: Fact) -> Found {
    let direction = if purpose == Purpose::Entry { Direction::Buy } else { Direction::Sell };
    let (kind, quantity, reserved) = (OrderKind::Market, quantity(size), amount("0"));
    let intent = Intent {
        purpose,
        pyramid,
        leg: 0,
        epoch: 0,
        direction,
        kind,
        stop: None,
        quantity,
        reserved,
        valid_until: None,
    };
    let client_id = Order::plan("test", &of.group.id, &intent, NOW).client_id;
    Found { client_id, direction, kind, stop: None, quantity, accepted_at: NOW, fact }
}

#[test]
fn orders_of_pyramids_are_known_by_their_ids_alone() {
    let forgotten = live(any_price(3, Closing::Alone));
    let bought = fact(Status::Filled, &[("9", fill("110", "1", Some(("USDT", "0.11"))))]);
    let regained = forgotten.regain("test", &found(&forgotten, Purpose::Entry, 2, "1", bought)).unwrap();
    assert_eq!(regained.part(2).ledger().unwrap().bought, quantity("1"));
    let sold = fact(Status::Filled, &[("10", fill("104", "1", Some(("USDT", "0.1"))))]);
    let stopped = regained.regain("test", &found(&regained, Purpose::Exit, 2, "1", sold.clone())).unwrap();
    assert_eq!((stopped.group.exit, stopped.group.pyramids.left[&2].reason), (None, ExitReason::Recovered));
    let all = regained.regain("test", &found(&regained, Purpose::Exit, 0, "2", sold)).unwrap();
    assert_eq!(all.group.exit.unwrap().reason, ExitReason::Recovered, "more than its own");
    let beyond = found(&forgotten, Purpose::Entry, limits::PYRAMIDS_TRIED_MAX + 1, "1", Fact::of(Status::Open));
    assert_eq!(forgotten.regain("test", &beyond), None);
}

fn take_profits() -> impl Strategy<Value = TakeProfit> {
    let step =
        |profit: &str, amount: &str| ProfitStep { profit: profit.parse().unwrap(), amount: amount.parse().unwrap() };
    let steps = vec![step("1", "30"), step("2", "25"), step("4", "45")];
    prop_oneof![
        Just(TakeProfit::at("1.5".parse().unwrap())),
        Just(TakeProfit::aggregate(Basis::Average, steps.clone()).unwrap()),
        Just(TakeProfit::aggregate(Basis::Base, steps).unwrap()),
    ]
}

proptest! {
    /// Where prices agree, two are as one of their size.
    #[test]
    fn together_two_entries_are_sold_as_one_larger_one(
        cents in 600_u32..900_000, first in 10_000_u32..500_000, second in 10_000_u32..500_000,
        take_profit in take_profits(), from_base: bool,
    ) {
        let decimal = |number: u32, scale: u32| domain::money::Decimal::new(i64::from(number), scale).normalize();
        let (at, one, other) = (decimal(cents, 2), decimal(first, 5), decimal(second, 5));
        // Its market takes 5, and a stop 7 % below sells it too.
        prop_assume!((one.min(other)) * at >= "5.5".parse().unwrap());
        let fee = |of: domain::money::Decimal| (at * of / domain::money::Decimal::ONE_THOUSAND).normalize().to_string();
        let basis = if from_base { Basis::Base } else { Basis::Average };
        let stop_loss = Some(StopLoss::fixed("7".parse().unwrap(), basis));
        let plan = TradePlan { take_profit, stop_loss, ..with(any_price(2, Closing::Together)) };
        let sized = |of: domain::money::Decimal| TradePlan { size: OrderSize::Base(quantity(&of.to_string())), ..plan.clone() };
        let (at, whole) = (at.to_string(), one + other);
        let larger = bought(sized(whole), &at, &whole.to_string(), ("USDT", &fee(whole)));
        let own = PlanParts { size: Some(AskedSize::Of(Size::Base(quantity(&other.to_string())))), ..PlanParts::default() };
        let single = bought(sized(one), &at, &one.to_string(), ("USDT", &fee(one)));
        let both = filled(&add(&single, "b", &at, own).unwrap(), &at);
        prop_assert_eq!(both.slices().unwrap(), larger.slices().unwrap());
        prop_assert_eq!(both.stop_price().unwrap(), larger.stop_price().unwrap());
        prop_assert_eq!(market().filters.check(quantity(&other.to_string()), price(&at)), Ok(()));
    }
}
