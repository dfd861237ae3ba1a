//! Exits that are refused: how much is asked for again, after how long, and what is dust.

use crate::given::{NOW, bought, fact, fill, market, plan, price, quantity};
use domain::clock::{Millis, Timestamp};
use domain::group::{Drift, ExitReason, GroupStatus, Mark, Observer, Position, Step, next};
use domain::ids::{AttemptId, OrderId};
use domain::limits;
use domain::market::{Filters, Maxima};
use domain::money::Quantity;
use domain::order::{Command, Fact, Order, Purpose, Refusal, Status, Submission};
use domain::preset::{OrderSize, TradePlan};
use domain::reason::StoredReason;
use std::collections::BTreeSet;

fn s(seconds: i64) -> Timestamp {
    NOW.plus(Millis::seconds(seconds))
}

/// So much bought at 100 and on its way out, where a pass has seen this price last.
fn leaving(of: &str, seen: Option<&str>) -> Position {
    let plan = TradePlan { size: OrderSize::Base(quantity(of)), ..plan() };
    let mut position = bought(plan, "100", of, ("USDT", "0.1"));
    position.group.mark = seen.map(|at| Mark { price: price(at), at: NOW });
    position.leave(ExitReason::StopLoss, NOW)
}

/// When each exit was sent, and how much it was to sell.
type Sent = Vec<(i64, String)>;

/// Everything that is asked for every ten seconds, from one until before the other; the venue sells all of an order or refuses it in a
/// word.
fn played(
    mut position: Position,
    (from, until): (i64, i64),
    sells: impl Fn(&Order, i64) -> Result<(), &'static str>,
) -> (Position, Sent) {
    let (me, tried, mut sent) = (AttemptId::new("me"), BTreeSet::new(), Sent::new());
    for now in (from..until).step_by(10) {
        loop {
            let observer = Observer::Executor { attempt: &me, tried: &tried };
            position = match next(&position, "test", observer, s(now)).unwrap() {
                Step::Decide { position, .. } => *position,
                Step::Submit(id) => {
                    let order = position.order(&id).unwrap().clone();
                    sent.push((now, order.quantity.to_string()));
                    let submission = Submission { sent_at: s(now), by: me.clone() };
                    let submitted = position.command(&id, &Command::Submit(submission)).unwrap();
                    answered(&submitted, &id, sells(&order, now), order.quantity)
                }
                Step::Cancel(id) => position.observe(&id, &fact(Status::Cancelled, &[])),
                Step::Wait | Step::Settled => break,
            };
        }
    }
    (position, sent)
}

fn answered(position: &Position, id: &OrderId, sold: Result<(), &'static str>, of: Quantity) -> Position {
    let told = match sold {
        Ok(()) => fact(Status::Filled, &[(id.as_str(), fill("90", &of.to_string(), Some(("USDT", "0"))))]),
        Err(code) => {
            let refusal = Some(Refusal { code: StoredReason::read(code.to_owned()), detail: "as it says".to_owned() });
            Fact { refusal, ..Fact::of(Status::Rejected) }
        }
    };
    position.observe(id, &told)
}

fn told(sent: &[(i64, &str)]) -> Sent {
    sent.iter().map(|(at, quantity)| (*at, (*quantity).to_owned())).collect()
}

fn gaps(sent: &Sent) -> Vec<i64> {
    sent.windows(2).map(|pair| pair[1].0 - pair[0].0).collect()
}

fn end(position: &Position) -> (GroupStatus, Option<Quantity>) {
    (position.group.status, position.group.settled.map(|settled| settled.dust))
}

const TOO_LITTLE: &str = "below_notional_min";

#[test]
fn a_wrong_too_little_of_a_few_seconds_costs_nothing() {
    let venue = |_: &Order, now| if now < 40 { Err(TOO_LITTLE) } else { Ok(()) };
    let (sold, sent) = played(leaving("100", Some("90")), (0, 300), venue);
    assert_eq!(sent, told(&[(0, "100"), (10, "100"), (30, "100"), (70, "100")]), "whole, and not at once");
    assert_eq!(end(&sold), (GroupStatus::Closed, Some(Quantity::ZERO)));
}

#[test]
fn what_is_worth_much_is_no_dust_however_often_the_venue_says_so() {
    for seen in [Some("90"), Some("0.06"), None] {
        let (stuck, sent) = played(leaving("100", seen), (0, 7_200), |_, _| Err(TOO_LITTLE));
        assert_eq!(end(&stuck), (GroupStatus::Closing, None), "{seen:?}");
        assert!(stuck.group.attention.as_ref().unwrap().contains("the venue refused exit"), "a person is told");
        assert!(sent.iter().filter(|(_, of)| of == "100").count() >= 8, "all of it is asked for again: {sent:?}");
        assert!(sent.len() < 100 && gaps(&sent).iter().all(|gap| *gap >= 10), "{sent:?}");
        let least = sent.iter().map(|(_, of)| quantity(of)).min().unwrap();
        let worth = seen.map(|at| price(at).fraction() * least.fraction());
        assert!(worth.is_none_or(|worth| worth >= quantity("5").fraction()), "nothing that is too little: {least}");
    }
}

#[test]
fn what_has_collapsed_is_dust_once_it_was_refused_for_a_while() {
    let (dust, sent) = played(leaving("100", Some("0.04")), (0, 1_000), |_, _| Err(TOO_LITTLE));
    assert_eq!(sent, told(&[(0, "100"), (10, "100"), (30, "100"), (70, "100")]));
    assert_eq!(end(&dust), (GroupStatus::Closed, Some(quantity("100"))));
    let for_so_long = dust.orders.iter().filter_map(|order| Some(order.submission.as_ref()?.sent_at)).max().unwrap();
    assert!(for_so_long.since(NOW) >= limits::TOO_LITTLE_FOR);
}

#[test]
fn what_has_cost_little_is_dust_where_the_last_price_says_so_too() {
    let (dust, sent) = played(leaving("0.1", Some("45")), (0, 1_000), |_, _| Err(TOO_LITTLE));
    assert_eq!((sent, end(&dust)), (told(&[(0, "0.1")]), (GroupStatus::Closed, Some(quantity("0.1")))));
    for seen in [Some("100"), None] {
        let (stuck, sent) = played(leaving("0.1", seen), (0, 60), |_, _| Err(TOO_LITTLE));
        assert_eq!(sent, told(&[(0, "0.1"), (10, "0.1"), (30, "0.1")]), "{seen:?}");
        assert_eq!(end(&stuck), (GroupStatus::Closing, None));
    }
}

/// Binance's word for a worth beyond its limits is one for too little and too much.
#[test]
fn what_is_refused_as_too_little_again_and_again_may_be_too_much() {
    let venue = |order: &Order, _| if order.quantity > quantity("30") { Err(TOO_LITTLE) } else { Ok(()) };
    let (sold, sent) = played(leaving("100", Some("90")), (0, 1_000), venue);
    let first = [(0, "100"), (10, "100"), (30, "100"), (70, "100"), (150, "50"), (160, "25")];
    assert_eq!(sent[..6], told(&first));
    assert_eq!(end(&sold), (GroupStatus::Closed, Some(Quantity::ZERO)));
}

#[test]
fn coins_that_are_known_to_be_missing_are_waited_for_no_longer() {
    let venue = |order: &Order, _| if order.quantity > quantity("95") { Err("insufficient_balance") } else { Ok(()) };
    let (refused, sent) = played(leaving("100", Some("90")), (0, 50), venue);
    assert_eq!(sent, told(&[(0, "100"), (10, "100"), (30, "100")]));
    let missing = Drift { missing: quantity("5"), in_all: quantity("5"), since: s(50) };
    let (sold, sent) = played(refused.marked(Some(missing), s(50)), (50, 300), venue);
    assert_eq!(sent, told(&[(50, "95")]), "at once");
    assert_eq!(sold.group.settled.unwrap().missing, quantity("5"));
}

#[test]
fn less_than_was_refused_waits_as_a_first_refusal_does() {
    let venue = |_: &Order, _| Err("insufficient_balance");
    let (refused, _) = played(leaving("100", Some("90")), (0, 50), venue);
    let missing = Drift { missing: quantity("5"), in_all: quantity("5"), since: s(50) };
    let (_, sent) = played(refused.marked(Some(missing), s(50)), (50, 100), venue);
    assert_eq!(sent, told(&[(50, "95"), (60, "95"), (80, "95")]));
}

#[test]
fn an_exit_that_its_venue_could_not_take_is_sent_again_within_a_minute() {
    let longest = |code: &'static str, hours: i64| {
        let (_, sent) = played(leaving("1", Some("90")), (0, hours * 3_600), |_, _| Err(code));
        gaps(&sent).into_iter().max().unwrap()
    };
    for passing in ["market_closed", "rate_limited", "clock", "too_many_orders", "key_refused", "insufficient_balance"]
    {
        assert_eq!(longest(passing, 2), limits::EXIT_SOON.get() / 1_000, "{passing}");
    }
    assert_eq!(longest("refused_by_venue", 2), 320, "its own");
    assert_eq!(longest("market_closed", 5), 320, "after hours");
}

#[test]
fn only_an_exit_is_sent_again_so_soon() {
    let mut position = leaving("1", Some("90"));
    position.group.exit = None;
    let closed = |order: &Order, _| if order.purpose == Purpose::Exit { Ok(()) } else { Err("market_closed") };
    let (_, sent) = played(position, (0, 3_600), closed);
    assert_eq!(gaps(&sent).into_iter().max().unwrap(), 320);
}

/// The rules that a market has by now.
fn by_now(step: &str, most: Option<&str>) -> Filters {
    let most = Maxima { market: most.map(quantity), ..Maxima::default() };
    Filters { quantity_step: quantity(step), quantity_min: quantity(step), most, ..market().filters }
}

/// As a venue refuses by rules that it has by now, in this word.
fn rules(now: Filters, word: &'static str) -> impl Fn(&Order, i64) -> Result<(), &'static str> {
    move |order, _| {
        let fits =
            now.on_grid(order.quantity, None).is_ok() && now.check_most(order.quantity, price("90"), true).is_ok();
        if fits && order.quantity >= now.quantity_min { Ok(()) } else { Err(word) }
    }
}

/// A step of a hundredth has become one of a whole.
#[test]
fn what_was_bought_by_finer_steps_is_sold_by_those_of_now() {
    for word in ["off_quantity_step", "above_quantity_max", "precision", "refused_by_venue"] {
        let now = by_now("1", None);
        let (refused, sent) = played(leaving("12.61", Some("90")), (0, 10), |_, _| Err(word));
        assert!(refused.is_refused_by_rules() && sent[0].1 == "12.61", "{word}");
        let (sold, sent) = played(refused.under_rules(now), (10, 400), rules(now, word));
        assert_eq!(sent.iter().map(|(_, of)| of.as_str()).collect::<Vec<_>>(), ["12"], "{word}");
        assert_eq!(end(&sold), (GroupStatus::Closed, Some(quantity("0.61"))), "{word}");
    }
}

#[test]
fn what_is_refused_for_its_step_is_sold_by_coarser_ones_at_once() {
    let now = by_now("1", None);
    let (stuck, sent) = played(leaving("12.61", Some("90")), (0, 3_600), rules(now, "off_quantity_step"));
    assert_eq!(sent[..4], told(&[(0, "12.61"), (0, "12.6"), (0, "12"), (0, "0.61")]));
    assert!(sent.len() < 60, "{sent:?}");
    let (sold, more) = played(stuck.under_rules(now), (3_600, 3_610), rules(now, "off_quantity_step"));
    assert_eq!((more, end(&sold)), (Sent::new(), (GroupStatus::Closed, Some(quantity("0.61")))));
}

/// Binance has one word for its step and its most.
#[test]
fn a_maximum_that_has_come_down_is_found_whatever_its_venue_calls_it() {
    for held in ["12.61", "10"] {
        let (sold, sent) =
            played(leaving(held, Some("90")), (0, 60), rules(by_now("0.01", Some("4")), "off_quantity_step"));
        assert_eq!(end(&sold), (GroupStatus::Closed, Some(Quantity::ZERO)), "{sent:?}");
    }
    let known = leaving("12.61", Some("90")).under_rules(by_now("0.01", Some("4")));
    let (_, sent) = played(known, (0, 60), |_, _| Ok(()));
    assert_eq!(sent, told(&[(0, "3.16"), (0, "3.15"), (0, "3.15"), (0, "3.15")]));
}

#[test]
fn rules_become_stricter_and_never_laxer() {
    let position = leaving("12.61", Some("90"));
    let laxer = Filters { quantity_step: quantity("0.000001"), quantity_min: quantity("0"), ..market().filters };
    assert_eq!(position.under_rules(Filters { notional_min: quantity("1"), ..laxer }), position);
    let now = position.under_rules(Filters { notional_min: quantity("10"), ..by_now("1", Some("4")) });
    let filters = now.group.market.filters;
    assert_eq!((filters.quantity_step, filters.notional_min), (quantity("1"), quantity("10")));
    assert_eq!((filters.price_tick, filters.most.market), (market().filters.price_tick, Some(quantity("4"))));
    assert_eq!(now.under_rules(market().filters), now);
    let moment = |code| played(leaving("1", Some("90")), (0, 10), |_, _| Err(code)).0.is_refused_by_rules();
    assert!(!moment("market_closed") && !moment("insufficient_balance") && moment("below_quantity_min"));
}
