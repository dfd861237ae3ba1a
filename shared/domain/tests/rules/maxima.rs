//! What is larger than one order may be: cut where it is sold, until all is sold, and refused where it is bought.

use crate::given::{NOW, bought, fact, fill, ladder, market, opened, plan, price, quantity, rich, submitted};
use crate::reductions::reduced;
use domain::clock::Millis;
use domain::group::{ExitReason, GroupStatus, Observer, OpeningRefused, Position, Step, next};
use domain::ids::{AttemptId, OrderId};
use domain::ladder::FlightFailure;
use domain::limits;
use domain::market::{FilterFailure, Market, Maxima, Stops};
use domain::money::{Decimal, Quantity};
use domain::order::{Fact, Order, Purpose, Refusal, Status};
use domain::preset::{OrderKind, OrderSize, SafetyOrders, TradePlan};
use domain::profit::{Basis, StopLoss};
use domain::reason::StoredReason;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn most(limit: &str, market: &str) -> Maxima {
    let told = |text: &str| text.parse().ok();
    Maxima { limit: told(limit), market: told(market), notional: None }
}

/// So much bought at 100, its fee taken in quote, where one order may have no more than this.
fn held(of: &str, plan: TradePlan, most: Maxima) -> Position {
    let mut position = bought(TradePlan { size: OrderSize::Base(quantity(of)), ..plan }, "100", of, ("USDT", "0.1"));
    position.group.market.filters.most = most;
    position
}

fn asked(position: &Position) -> Step {
    let (me, tried) = (AttemptId::new("me"), BTreeSet::new());
    next(position, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW.plus(Millis::seconds(1))).unwrap()
}

/// With everything done that is asked for: sells at the market are filled as `fills` says, sells with a price rest.
fn done(position: Position, mut fills: impl FnMut(&Order) -> (Status, Quantity)) -> Position {
    done_until(position, |order| Some(fills(order)))
}

/// The same until nothing is said of one, which is left submitted.
fn done_until(mut position: Position, mut fills: impl FnMut(&Order) -> Option<(Status, Quantity)>) -> Position {
    for number in 0.. {
        assert!(number < 2_000, "it comes to no rest");
        position = match asked(&position) {
            Step::Decide { position, .. } => *position,
            Step::Submit(id) => {
                let order = position.order(&id).unwrap().clone();
                let (status, sold) = match (order.kind, order.stop) {
                    (OrderKind::Market, None) => match fills(&order) {
                        Some(told) => told,
                        None => return sent(position, &id),
                    },
                    _ => (Status::Open, Quantity::ZERO),
                };
                let sold = fill("90", &sold.to_string(), Some(("USDT", "0")));
                let sold = (!sold.quantity.is_zero()).then_some((id.as_str(), sold));
                sent(position, &id).observe(&id, &fact(status, sold.as_slice()))
            }
            Step::Cancel(id) => position.observe(&id, &fact(Status::Cancelled, &[])),
            Step::Wait | Step::Settled => return position,
        };
    }
    position
}

fn sent(mut position: Position, id: &OrderId) -> Position {
    position.orders.sort_by_key(|known| known.id == *id);
    submitted(position)
}

fn whole(order: &Order) -> (Status, Quantity) {
    (Status::Filled, order.quantity)
}

fn quantities(position: &Position, purpose: Purpose) -> Vec<String> {
    let mut orders: Vec<_> = position.orders.iter().filter(|order| order.purpose == purpose).collect();
    orders.sort_by_key(|order| order.epoch);
    orders.iter().map(|order| order.quantity.to_string()).collect()
}

#[test]
fn an_exit_larger_than_one_order_is_cut_and_the_next_ones_sell_the_rest() {
    for reason in [ExitReason::StopLoss, ExitReason::Signal, ExitReason::User, ExitReason::TimeLimit] {
        let sold = done(held("1", plan(), most("", "0.4")).leave(reason, NOW), whole);
        assert_eq!(quantities(&sold, Purpose::Exit), ["0.33334", "0.33333", "0.33333"]);
        assert_eq!(sold.group.status, GroupStatus::Closed);
        assert_eq!(sold.group.settled.unwrap().dust, Quantity::ZERO);
    }
    let at_once = done(held("1", plan(), most("0.4", "1")).leave(ExitReason::StopLoss, NOW), whole);
    assert_eq!(quantities(&at_once, Purpose::Exit), ["1"], "what holds for limits alone cuts no exit");
}

/// A group keeps the market that it was opened on: what its venue takes now is found out.
#[test]
fn an_exit_that_is_refused_as_too_much_is_halved_until_it_is_taken_without_a_wait() {
    let position = held("1", plan(), Maxima::default()).leave(ExitReason::StopLoss, NOW);
    let venue = |most: &'static str, code: &'static str| {
        move |order: &Order| {
            let refusal = (order.quantity > quantity(most)).then(|| code.to_owned());
            refusal.map_or_else(|| Ok(order.quantity), Err)
        }
    };
    for code in ["above_quantity_max", "above_notional_max"] {
        let sold = played(position.clone(), venue("0.3", code));
        assert_eq!(quantities(&sold, Purpose::Exit), ["1", "0.5", "0.25", "0.25", "0.25", "0.25"], "{code}");
        assert_eq!((sold.group.status, sold.group.settled.unwrap().dust), (GroupStatus::Closed, Quantity::ZERO));
    }
    let other = played(position, venue("0.3", "out_of_bounds"));
    assert_eq!(quantities(&other, Purpose::Exit), ["1"], "what is refused for anything else waits, and is not cut");
    let few = played(
        held("0.06", plan(), Maxima::default()).leave(ExitReason::StopLoss, NOW),
        venue("0", "above_quantity_max"),
    );
    assert!(few.orders.len() < 20, "it ends at the least that may be sold, and waits: {}", few.orders.len());
}

/// A refusal waits as long as those right before it say, not as long as portions that were sold.
#[test]
fn a_portion_that_is_refused_waits_as_a_first_refusal_does() {
    let position = held("1", plan(), most("", "0.2")).leave(ExitReason::StopLoss, NOW);
    let stuck = played(position, |order| if order.epoch < 4 { Ok(order.quantity) } else { Err("clock".to_owned()) });
    let refused = stuck.latest_of(0, Purpose::Exit).unwrap().clone();
    assert_eq!((refused.epoch, refused.status), (4, Status::Rejected));
    let sent = refused.submission.as_ref().unwrap().sent_at;
    assert!(stuck.backs_off(&refused, sent.plus(limits::SLOT).plus(Millis::new(-1))));
    assert!(!stuck.backs_off(&refused, sent.plus(limits::SLOT)));
}

/// As [`done`], where the venue fills a sell at the market whole or refuses it in a word.
fn played(mut position: Position, sells: impl Fn(&Order) -> Result<Quantity, String>) -> Position {
    let mut refused = BTreeSet::new();
    loop {
        let before = position.orders.len();
        let told = std::cell::RefCell::new(None);
        position = done_until(position, |order| match sells(order) {
            Ok(quantity) => Some((Status::Filled, quantity)),
            Err(code) => {
                *told.borrow_mut() = Some((order.id.clone(), code));
                None
            }
        });
        let Some((id, code)) = told.into_inner().filter(|(id, _)| refused.insert(id.clone())) else { return position };
        let refusal = Some(Refusal { code: StoredReason::read(code), detail: String::new() });
        position = position.observe(&id, &Fact { refusal, ..Fact::of(Status::Rejected) });
        assert!(before < 100);
    }
}

#[test]
fn a_partial_exit_is_cut_as_well_and_its_take_profit_comes_back_once_all_of_it_is_sold() {
    let after = done(reduced(&held("1", plan(), most("", "0.2")), 1, 2).unwrap(), whole);
    assert_eq!(quantities(&after, Purpose::Reduce(1)), ["0.16667", "0.16667", "0.16666"]);
    assert_eq!(quantities(&after, Purpose::TakeProfit(1)), ["0.5"]);
    assert_eq!(after.group.status, GroupStatus::Live);
}

fn resting(position: &Position) -> Order {
    let mut resting = position.orders.iter().filter(|order| order.status.is_resting());
    let (Some(only), None) = (resting.next(), resting.next()) else { panic!("{position:?}") };
    only.clone()
}

#[test]
fn a_take_profit_larger_than_one_order_rests_in_portions_one_after_another() {
    let position = done(held("1", plan(), most("0.6", "0.6")), whole);
    let first = resting(&position);
    assert_eq!((first.quantity, first.kind), (quantity("0.5"), OrderKind::Limit(price("101.71"))));
    let partly = fact(Status::PartiallyFilled, &[("a", fill("101.71", "0.45", Some(("USDT", "0"))))]);
    let position = done(position.observe(&first.id, &partly), whole);
    assert_eq!(resting(&position).id, first.id, "it stays where it is");
    let rest = fact(Status::Filled, &[("b", fill("101.71", "0.05", Some(("USDT", "0"))))]);
    let position = done(position.observe(&first.id, &rest), whole);
    let second = resting(&position);
    assert_eq!((second.quantity, second.kind, second.epoch), (quantity("0.5"), first.kind, 1));
    assert_ne!(second.id, first.id);
    let all = fact(Status::Filled, &[("c", fill("101.71", "0.5", Some(("USDT", "0"))))]);
    let closed = done(position.observe(&second.id, &all), whole);
    assert_eq!(closed.group.exit.unwrap().reason, ExitReason::TakeProfit);
    assert_eq!((closed.group.status, quantities(&closed, Purpose::Exit)), (GroupStatus::Closed, Vec::new()));
}

#[test]
fn a_stop_that_one_order_could_not_sell_is_kept_by_polling() {
    let stop = StopLoss::fixed("5".parse().unwrap(), Basis::Base);
    let rests = |plan: TradePlan, most: Maxima| {
        let mut position = held("1", TradePlan { stop_loss: Some(stop), ..plan }, most);
        position.group.market.stops = Stops::Paired;
        let position = done(position, whole);
        let rests = position.orders.iter().filter(|order| order.status.is_resting());
        let told: Vec<_> = rests.map(|order| (order.quantity.to_string(), order.stop.is_some())).collect();
        (told, position.group.stop_at_venue)
    };
    let told = |of: &str, stop| vec![(of.to_owned(), stop)];
    assert_eq!(rests(plan(), Maxima::default()), (told("1", true), true));
    assert_eq!(rests(plan(), most("", "0.9")), (told("1", false), false), "beside a limit that may be so large");
    assert_eq!(rests(plan(), most("0.6", "0.6")), (told("0.5", true), false), "of a portion it rests");
    let trailing = TradePlan { take_profit: plan().take_profit.trailing_by("1".parse().unwrap()), ..plan() };
    assert_eq!(rests(trailing.clone(), most("", "1")), (told("1", true), true));
    assert_eq!(rests(trailing, most("", "0.9")), (Vec::new(), false), "alone");
}

/// The stop that rests beside a portion sells that, and the way out the rest.
#[test]
fn a_stop_of_a_portion_that_sells_takes_the_rest_with_it() {
    let stop = StopLoss::fixed("5".parse().unwrap(), Basis::Base);
    let mut position = held("1", TradePlan { stop_loss: Some(stop), ..plan() }, most("0.6", "0.6"));
    position.group.market.stops = Stops::Paired;
    let position = done(position, whole);
    let portion = resting(&position).id;
    let sold = fact(Status::Filled, &[("s", fill("95", "0.5", Some(("USDT", "0"))))]);
    let closed = done(position.observe(&portion, &Fact { triggered: true, ..sold }), whole);
    assert_eq!(closed.group.exit.unwrap().reason, ExitReason::StopLoss);
    assert_eq!(
        (closed.group.status, quantities(&closed, Purpose::Exit)),
        (GroupStatus::Closed, vec!["0.5".to_owned()])
    );
}

fn refused(plan: TradePlan, most: Maxima) -> Option<(FilterFailure, String)> {
    let market = market();
    let market = Market { filters: domain::market::Filters { most, ..market.filters }, ..market };
    match opened(plan, "100", &market, rich()) {
        Ok(_) => None,
        Err(OpeningRefused::Flight(why)) => match *why {
            FlightFailure::Order(ref order) => Some((order.check, why.to_string())),
            other => panic!("{other}"),
        },
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_entry_larger_than_one_order_is_refused_at_its_decision() {
    use FilterFailure::{AboveNotionalMax, AboveQuantityMax};
    let at_market = TradePlan { size: OrderSize::Base(quantity("2")), ladder: None, ..plan() };
    let limit = TradePlan { kind: OrderKind::Limit(price("100")), ..at_market.clone() };
    assert_eq!(refused(at_market.clone(), most("", "2")), None);
    let why = "level 0: above_quantity_max: 2 at 100 is 200; the most is 1.9".to_owned();
    assert_eq!(refused(at_market.clone(), most("", "1.9")), Some((AboveQuantityMax, why.clone())));
    assert_eq!(refused(limit.clone(), most("", "1.9")), None, "it is no order at the market");
    assert_eq!(refused(limit.clone(), most("1.9", "1")), Some((AboveQuantityMax, why)));
    let worth = Maxima { notional: Some(quantity("199")), ..Maxima::default() };
    let why = "level 0: above_notional_max: 2 at 100 is 200; the most is 199".to_owned();
    assert_eq!(refused(limit, worth), Some((AboveNotionalMax, why)));
    assert_eq!(refused(at_market, worth), None);
}

#[test]
fn a_ladder_with_a_leg_that_is_too_large_is_refused_and_its_take_profits_may_be_larger() {
    let legs = |at_market| TradePlan {
        size: OrderSize::Base(quantity("1")),
        ladder: Some(SafetyOrders { at_market, ..ladder(2, "200", "1", 2) }),
        ..plan()
    };
    // Legs of 200 at a price of about 99 and 98: all of them together are about 5.
    assert_eq!(refused(legs(false), most("2.1", "1")), None);
    let first = |told: Option<(FilterFailure, String)>, most: &str| {
        let (check, text) = told.unwrap();
        assert_eq!(check, FilterFailure::AboveQuantityMax);
        assert!(text.starts_with("level 1: above_quantity_max: ") && text.ends_with(most), "{text}");
    };
    first(refused(legs(false), most("2.01", "1")), "the most is 2.01");
    first(refused(legs(true), most("2.1", "1")), "the most is 1");
}

proptest! {
    /// However large it is, whatever a sell may be at most, and however little of each is filled.
    #[test]
    fn what_is_sold_in_all_is_what_was_held_and_no_order_is_above_the_maximum(
        held_of in 6_000_i64..500_000,
        most_of in 800_i64..100_000,
        shares in prop::collection::vec(1_i64..=10, 1..8),
    ) {
        let of = |value: i64| Quantity::new(Decimal::new(value, 5)).unwrap();
        prop_assume!(held_of / most_of < 40);
        let most = Maxima { market: Some(of(most_of)), ..Maxima::default() };
        let position = held(&of(held_of).to_string(), plan(), most).leave(ExitReason::StopLoss, NOW);
        let mut turn = 0;
        let closed = done(position, |order| {
            // Now and then a part is left unfilled, as in a thin book.
            let tenths = shares[turn % shares.len()];
            turn += 1;
            let part = order.quantity.fraction() * domain::money::Fraction::whole(tenths);
            let part = part.over(&domain::money::Fraction::whole(10)).unwrap();
            let sold = market().filters.quantity_down(&part).unwrap();
            if tenths == 10 || sold.is_zero() { whole(order) } else { (Status::Expired, sold) }
        });
        let exits: Vec<_> = closed.orders.iter().filter(|order| order.purpose == Purpose::Exit).collect();
        let sold = exits.iter().try_fold(Quantity::ZERO, |sum, order| sum.plus(order.filled().unwrap())).unwrap();
        prop_assert_eq!(sold, of(held_of));
        prop_assert!(exits.iter().all(|order| order.quantity <= of(most_of)));
        prop_assert_eq!(exits.iter().map(|order| &order.id).collect::<BTreeSet<&OrderId>>().len(), exits.len());
        prop_assert_eq!(closed.group.status, GroupStatus::Closed);
    }
}
