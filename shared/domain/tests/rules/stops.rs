//! Stops that rest at the venue: one order of ours for each slice, with a limit or alone.

use crate::given::{NOW, bought, fact, fill, plan, price, quantity, submitted};
use domain::clock::Millis;
use domain::group::{ExitReason, Observer, Position, Step, next};
use domain::ids::{AttemptId, ClientOrderId};
use domain::market::Stops;
use domain::money::{Percent, Price};
use domain::order::{Command, Direction, Fact, Half, Order, Purpose, Refusal, Resolution, Status};
use domain::preset::{OrderKind, TradePlan};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};
use domain::reason::{Reason, StoredReason};
use std::collections::BTreeSet;

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

fn steps(steps: &[(&str, &str)]) -> TakeProfit {
    let step = |(profit, amount): &(&str, &str)| ProfitStep { profit: percent(profit), amount: percent(amount) };
    TakeProfit::aggregate(Basis::Average, steps.iter().map(step).collect()).unwrap()
}

fn stopped(stop: StopLoss) -> TradePlan {
    TradePlan { stop_loss: Some(stop), ..plan() }
}

fn fixed() -> StopLoss {
    StopLoss::fixed(percent("5"), Basis::Base)
}

/// One unit bought at 100, its fee of 0.1 in quote, where the venue keeps stops.
fn held(plan: TradePlan) -> Position {
    let mut position = bought(plan, "100", "1", ("USDT", "0.1"));
    position.group.market.stops = Stops::Paired;
    position
}

fn asked(position: &Position) -> Step {
    asked_after(position, 1)
}

fn asked_after(position: &Position, seconds: i64) -> Step {
    let (me, tried) = (AttemptId::new("me"), BTreeSet::new());
    next(position, "test", Observer::Executor { attempt: &me, tried: &tried }, NOW.plus(Millis::seconds(seconds)))
        .unwrap()
}

fn decided(position: &Position) -> Position {
    match asked(position) {
        Step::Decide { position, .. } => *position,
        step => panic!("{step:?}"),
    }
}

/// With every order that was planned resting at the venue.
fn resting(position: &Position) -> Position {
    let planned = |position: &Position| position.orders.iter().find(|order| order.status == Status::Planned).cloned();
    let mut resting = decided(position);
    while let Some(order) = planned(&resting) {
        resting.orders.sort_by_key(|known| known.id == order.id);
        resting = submitted(resting).observe(&order.id, &Fact::of(Status::Open));
    }
    resting
}

fn slice(position: &Position, step: u32) -> &Order {
    position.latest_of(0, Purpose::TakeProfit(step)).unwrap()
}

fn sold(at: &str, of: &str, status: Status) -> Fact {
    fact(status, &[("2", fill(at, of, Some(("USDT", "0.04"))))])
}

fn by_stop(at: &str, of: &str, status: Status) -> Fact {
    Fact { triggered: true, ..sold(at, of, status) }
}

fn at(text: &str) -> Option<Price> {
    Some(price(text))
}

/// A venue that keeps stops alone keeps none beside a limit: that one rests, and the price is looked at.
#[test]
fn where_stops_are_kept_alone_one_rests_for_what_no_limit_does() {
    let alone = |plan: TradePlan| {
        let mut position = held(plan);
        position.group.market.stops = Stops::Alone;
        resting(&position)
    };
    let plain = alone(stopped(fixed()));
    assert_eq!((slice(&plain, 1).stop, plain.group.stop_at_venue), (None, false), "its limit rests");
    let take_profit = plan().take_profit.trailing_by(percent("1"));
    let trailing = alone(TradePlan { take_profit, ..stopped(fixed()) });
    let stop = slice(&trailing, 1);
    assert_eq!((stop.stop, stop.kind, stop.bracket()), (at("95.09"), OrderKind::Market, None));
    assert_eq!((stop.quantity, trailing.group.stop_at_venue), (quantity("1"), true));
    assert_eq!(asked(&trailing), Step::Wait);
}

/// 100.1 × 0.95 = 95.095, trigger down; the limit is 100.1 × 1.015 ÷ 0.999.
#[test]
fn a_slice_is_one_order_with_a_limit_and_a_stop_and_its_coins_are_locked_once() {
    let position = resting(&held(stopped(fixed())));
    let order = slice(&position, 1);
    assert_eq!((order.bracket(), order.quantity), (Some((price("101.71"), price("95.09"))), quantity("1")));
    let ledger = position.ledger().unwrap();
    assert_eq!((ledger.committed, position.sellable().unwrap()), (quantity("1"), quantity("0")));
    assert_eq!(asked(&position), Step::Wait);
    assert!(position.group.stop_at_venue);
}

#[test]
fn a_stop_rests_only_where_venue_and_plan_let_it_and_it_waits_for_a_price_alone() {
    let kept = |position: &Position| slice(&decided(position), 1).stop;
    assert_eq!(kept(&held(stopped(fixed()))), at("95.09"));
    assert_eq!(kept(&held(stopped(StopLoss { basis: Basis::Average, ..fixed() }))), at("95.09"));
    for stop in [
        StopLoss { at_venue: false, ..fixed() },
        StopLoss { trailing: true, ..fixed() },
        StopLoss { delay: Some(Millis::seconds(5)), ..fixed() },
    ] {
        assert_eq!(kept(&held(stopped(stop))), None, "{stop:?}");
    }
    assert_eq!(kept(&held(TradePlan { stop_loss: None, ..plan() })), None);
    let mut elsewhere = held(stopped(fixed()));
    elsewhere.group.market.stops = Stops::Polled;
    assert_eq!(kept(&elsewhere), None);
    // 0.054 at 95.09 would be 5.13, at 92 it is below the minimum of 5.
    let little = |loss: &str| {
        let plan = TradePlan { size: domain::preset::OrderSize::Base(quantity("0.054")), ..plan() };
        let mut position = bought(TradePlan { stop_loss: None, ..plan }, "100", "0.054", ("USDT", "0.0054"));
        position.group.plan.stop_loss = Some(StopLoss::fixed(percent(loss), Basis::Base));
        position.group.market.stops = Stops::Paired;
        kept(&position)
    };
    assert_eq!((little("5"), little("8")), (at("95.09"), None));
}

#[test]
fn a_step_that_trails_rests_by_its_stop_alone() {
    let trails = steps(&[("1", "40"), ("2", "60")]).trailing_by(percent("1"));
    let position = resting(&held(TradePlan { take_profit: trails, ..stopped(fixed()) }));
    let (limit, alone) = (slice(&position, 1), slice(&position, 2));
    assert_eq!((limit.bracket(), limit.stop_id().is_some()), (Some((price("101.21"), price("95.09"))), true));
    assert_eq!((alone.kind, alone.stop, alone.stop_id()), (OrderKind::Market, at("95.09"), None));
    assert!(position.group.stop_at_venue);
    let stopped = position.observe(&alone.id.clone(), &sold("95", "0.2", Status::PartiallyFilled));
    assert!(slice(&stopped, 2).triggered);
    assert_eq!(decided(&stopped).group.exit.unwrap().reason, ExitReason::StopLoss);
}

#[test]
fn what_the_stop_has_sold_closes_the_group_with_loss_and_what_the_limit_has_sold_with_profit() {
    let position = resting(&held(stopped(fixed())));
    let id = slice(&position, 1).id.clone();
    for (told, reason) in [
        (by_stop("95", "1", Status::Filled), ExitReason::StopLoss),
        (by_stop("95", "0.3", Status::PartiallyFilled), ExitReason::StopLoss),
        (sold("101.71", "1", Status::Filled), ExitReason::TakeProfit),
    ] {
        let after = position.observe(&id, &told);
        assert_eq!(decided(&after).group.exit.unwrap().reason, reason, "{told:?}");
        assert!(!after.group.stop_at_venue, "it waits no more");
    }
}

/// 100.1 ÷ 0.999 = 100.2002…, up.
#[test]
fn a_stop_that_moves_to_break_even_is_taken_back_and_placed_anew() {
    let stop = StopLoss { break_even_after: Some(1), ..fixed() };
    let plan = TradePlan { take_profit: steps(&[("1", "40"), ("20", "60")]), ..stopped(stop) };
    let position = resting(&held(plan));
    let first = slice(&position, 1).id.clone();
    assert!(position.group.stop_at_venue);
    assert!(!position.observe(&first, &Fact::of(Status::Cancelled)).group.stop_at_venue, "not all of it has a stop");
    let moved = position.observe(&first, &sold("101.21", "0.4", Status::Filled));
    let Step::Decide { position: taken, why } = asked(&moved) else { panic!() };
    assert_eq!((why, slice(&taken, 2).cancel_wanted.is_some()), ("stop moved at the venue", true));
    assert!(!taken.group.stop_at_venue, "it is being taken back");
    let back = taken.observe(&slice(&taken, 2).id.clone(), &Fact::of(Status::Cancelled));
    let again = decided(&back);
    assert_eq!((slice(&again, 2).stop, slice(&again, 2).epoch), (at("100.21"), 1));
    // What a stop has sold is no step.
    let by_loss = position.observe(&first, &by_stop("95", "0.4", Status::Filled));
    assert_eq!(by_loss.stop_price().unwrap(), at("95.09"));
}

#[test]
fn a_limit_that_is_filled_in_part_has_no_stop_and_stays() {
    let position = resting(&held(stopped(fixed())));
    let id = slice(&position, 1).id.clone();
    let after = position.observe(&id, &sold("101.71", "0.4", Status::PartiallyFilled));
    assert_eq!((asked(&after), after.group.stop_at_venue), (Step::Wait, false));
}

#[test]
fn a_stop_that_is_refused_is_kept_by_polling_until_it_is_another_one() {
    let planned = decided(&held(stopped(fixed())));
    let id = slice(&planned, 1).id.clone();
    let refusal = Refusal { code: Reason::OcoPrices.into(), detail: String::new() };
    let no = Fact { refusal: Some(refusal), ..Fact::of(Status::Rejected) };
    let refused = submitted(planned).observe(&id, &no);
    assert_eq!(refused.group.attention, None, "the price is looked at, as ever");
    let without = resting(&refused);
    assert_eq!((slice(&without, 1).stop, slice(&without, 1).kind), (None, OrderKind::Limit(price("101.71"))));
    assert_eq!((asked(&without), without.group.stop_at_venue), (Step::Wait, false));
    let mut other = without.clone();
    other.group.plan.stop_loss = Some(StopLoss::fixed(percent("7"), Basis::Base));
    let taken = decided(&other);
    let back = taken.observe(&slice(&taken, 1).id.clone(), &Fact::of(Status::Cancelled));
    assert_eq!(slice(&decided(&back), 1).stop, at("93.09"));
    // Where it was not the stop's fault, a smaller one is sent with its stop.
    let missing = domain::group::Drift { missing: quantity("0.6"), in_all: quantity("0.6"), since: NOW };
    let short = without.marked(Some(missing), NOW);
    let taken = decided(&short);
    let back = taken.observe(&slice(&taken, 1).id.clone(), &Fact::of(Status::Cancelled));
    assert_eq!((slice(&decided(&back), 1).stop, slice(&decided(&back), 1).quantity), (at("95.09"), quantity("0.4")));
}

#[test]
fn a_pair_that_is_refused_for_a_moment_is_sent_again_with_its_stop() {
    for code in ["insufficient_balance", "too_many_orders", "no_price", "clock"] {
        let planned = decided(&held(stopped(fixed())));
        let id = slice(&planned, 1).id.clone();
        let refusal = Refusal { code: StoredReason::read(code.to_owned()), detail: "not now".to_owned() };
        let no = Fact { refusal: Some(refusal), ..Fact::of(Status::Rejected) };
        let refused = submitted(planned).observe(&id, &no);
        assert!(refused.group.attention.as_ref().is_some_and(|told| told.ends_with("not now")), "{code}: it is told");
        assert_eq!(asked_after(&refused, 9), Step::Wait, "{code}: nothing is sent again at once, nor without its stop");
        let Step::Decide { position: again, .. } = asked_after(&refused, 11) else { panic!("{code}") };
        assert_eq!((slice(&again, 1).epoch, slice(&again, 1).stop), (1, at("95.09")), "{code}");
        assert_eq!(slice(&again, 1).bracket().unwrap().0, price("101.71"));
    }
}

/// The venue would refuse either at any time: what can rest does, and at once.
#[test]
fn a_stop_alone_that_is_refused_for_what_it_is_is_kept_by_polling() {
    let trails = steps(&[("1", "40"), ("2", "60")]).trailing_by(percent("1"));
    let planned = decided(&held(TradePlan { take_profit: trails, ..stopped(fixed()) }));
    let alone = slice(&planned, 2).id.clone();
    let refused = |code: &str| {
        let refusal = Refusal { code: StoredReason::read(code.to_owned()), detail: String::new() };
        let mut sent = planned.clone();
        sent.orders.sort_by_key(|order| order.id == alone);
        let mut sent = submitted(sent).observe(&alone, &Fact { refusal: Some(refusal), ..Fact::of(Status::Rejected) });
        let first = slice(&sent, 1).id.clone();
        sent.orders.sort_by_key(|order| order.id == first);
        submitted(sent).observe(&first, &Fact::of(Status::Open))
    };
    for code in ["would_trigger_immediately", "stop_not_taken"] {
        assert_eq!(asked_after(&refused(code), 400), Step::Wait, "{code}");
    }
    let Step::Decide { position: again, .. } = asked_after(&refused("insufficient_balance"), 11) else { panic!() };
    assert_eq!((slice(&again, 2).epoch, slice(&again, 2).stop), (1, at("95.09")));
}

#[test]
fn a_users_word_below_the_stop_is_the_stops() {
    let planned = submitted(decided(&held(stopped(fixed()))));
    let id = slice(&planned, 1).id.clone();
    let lost = planned.command(&id, &Command::LoseTrack).unwrap();
    let says = |at: &str| lost.command(&id, &Command::Resolve(Resolution::Filled(fill(at, "1", None)))).unwrap();
    assert!(slice(&says("95.05"), 1).triggered && !slice(&says("101.71"), 1).triggered);
    let limit = fact(Status::Filled, &[("7", fill("101.71", "1", None))]);
    assert!(!slice(&says("95.05").observe(&id, &limit), 1).triggered, "its venue says that the limit has sold");
}

#[test]
fn the_second_id_is_a_function_of_the_first() {
    let position = decided(&held(stopped(fixed())));
    let order = slice(&position, 1);
    let stop = order.stop_id().unwrap();
    assert_eq!(stop, order.client_id.of_stop());
    assert!(stop != order.client_id && stop.as_str().len() == order.client_id.as_str().len());
    assert!(stop.as_str().starts_with(&ClientOrderId::deployment_prefix("test")));
    assert!(stop.as_str().bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()));
    assert_eq!(order.half_of(&order.client_id), Some(Half::Own));
    assert_eq!((order.half_of(&stop), order.half_of(&stop.of_stop())), (Some(Half::Stop), None));
}

/// What is known of a pair by what is known of its halves.
#[test]
fn a_pair_is_over_only_where_both_halves_are() {
    use Status::{Cancelled as C, Expired as E, Filled as F, Open as O, PartiallyFilled as P};
    let told = |status: Status| if status == P || status == F { sold("99", "0.4", status) } else { Fact::of(status) };
    let cases = [
        ((Some(O), Some(O)), O, false),
        ((Some(O), None), O, false),
        ((None, Some(O)), O, false),
        ((Some(C), None), O, false),
        ((None, Some(C)), O, false),
        ((Some(C), Some(O)), O, false),
        ((Some(C), Some(C)), C, false),
        ((Some(E), Some(C)), C, false),
        ((Some(P), Some(C)), P, false),
        ((Some(P), None), P, false),
        ((Some(F), None), F, false),
        ((Some(F), Some(C)), F, false),
        ((Some(C), Some(P)), P, true),
        ((Some(E), Some(F)), F, true),
        ((None, Some(F)), F, true),
    ];
    for ((limit, stop), status, triggered) in cases {
        let whole = Fact::of_pair(limit.map(told), stop.map(told)).unwrap();
        assert_eq!((whole.status, whole.triggered), (Some(status), triggered), "{limit:?} {stop:?}");
    }
    assert_eq!(Fact::of_pair(None, None), None);
}

/// A pair with its limit and stop, and a stop alone.
fn paired_and_alone() -> (Order, Order) {
    let planned = decided(&held(stopped(fixed())));
    let pair = slice(&planned, 1).clone();
    let alone = Order { kind: OrderKind::Market, ..pair.clone() };
    (pair, alone)
}

#[test]
fn a_pair_is_known_by_two_ids_and_a_stop_alone_by_one() {
    let (pair, alone) = paired_and_alone();
    assert_eq!(pair.client_ids().collect::<Vec<_>>(), [pair.client_id.clone(), pair.client_id.of_stop()]);
    let ids: Vec<_> = alone.client_ids().collect();
    assert_eq!(ids, [alone.client_id]);
}

#[test]
fn a_cancel_that_ends_one_half_ends_the_other() {
    let (pair, alone) = paired_and_alone();
    let stopped = sold("95", "0.4", Status::Cancelled);
    assert_eq!(pair.ended_by_cancel(Half::Own, Fact::of(Status::Cancelled)).status, Some(Status::Cancelled));
    let by_stop = pair.ended_by_cancel(Half::Stop, stopped.clone());
    assert_eq!((by_stop.status, by_stop.triggered), (Some(Status::Cancelled), true));
    assert_eq!((&by_stop.fills, by_stop.venue_id), (&stopped.fills, None));
    assert_eq!(alone.ended_by_cancel(Half::Own, stopped.clone()), stopped, "there is no other half");
}

#[test]
fn one_half_tells_of_the_whole_as_far_as_it_can() {
    let (pair, alone) = paired_and_alone();
    let numbered = |status| Fact { venue_id: Some("7".to_owned()), ..Fact::of(status) };
    let own = pair.told_of(Half::Own, numbered(Status::Cancelled));
    assert_eq!((own.status, own.venue_id.as_deref()), (Some(Status::Open), Some("7")), "the other half may rest");
    let stop = pair.told_of(Half::Stop, Fact { venue_id: Some("8".to_owned()), ..sold("95", "1", Status::Filled) });
    assert_eq!((stop.status, stop.triggered, stop.venue_id), (Some(Status::Filled), true, None));
    let only_how_much = Fact { cumulative: quantity("0.4"), ..Fact::of(Status::PartiallyFilled) };
    assert!(pair.told_of(Half::Stop, only_how_much.clone()).triggered, "its trades are not told yet");
    assert!(!pair.told_of(Half::Own, only_how_much).triggered);
    assert!(!pair.told_of(Half::Stop, Fact::of(Status::Open)).triggered);
    assert_eq!(alone.told_of(Half::Own, numbered(Status::Cancelled)), numbered(Status::Cancelled));
}

#[test]
fn the_other_half_need_not_be_asked_about_if_one_rests_or_has_sold_everything() {
    for status in Status::ALL {
        let tells = status == Status::Filled || status.is_resting();
        assert_eq!(Fact::of(status).tells_of_both(), tells, "{status:?}");
    }
    assert!(!Fact::default().tells_of_both());
}

#[test]
fn the_stop_of_a_short_was_set_off_if_it_was_bought_back_at_or_above_it() {
    let planned = submitted(decided(&held(stopped(fixed()))));
    let id = slice(&planned, 1).id.clone();
    let lost = planned.command(&id, &Command::LoseTrack).unwrap();
    let short = Order { direction: Direction::Buy, stop: at("105"), ..slice(&lost, 1).clone() };
    let says = |at: &str| short.command(Command::Resolve(Resolution::Filled(fill(at, "1", None)))).unwrap().triggered;
    assert_eq!([says("104.99"), says("105"), says("106")], [false, true, true]);
}
