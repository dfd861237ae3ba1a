//! Books that balance: profit equals cash flow, and nothing is sold that is not there.

use crate::given::{amount, bought, fact, fill, plan, position, price, quantity, submitted};
use crate::{pyramids, reductions};
use domain::group::{ExitReason, Observer, Position, Step, next};
use domain::ids::AttemptId;
use domain::lots::Lots;
use domain::money::{Fraction, Quantity};
use domain::order::{Direction, Purpose, Status};
use domain::preset::TradePlan;
use domain::pyramid::Closing;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn a_round_trip_earns_what_the_cash_says() {
    let position = bought(plan(), "100", "1", ("USDT", "0.1"));
    let exit = position.plan("test", &exit_intent(&position, "1"), crate::given::NOW);
    let id = exit.orders.last().unwrap().id.clone();
    let sold = submitted(exit).observe(&id, &fact(Status::Filled, &[("2", fill("110", "1", Some(("USDT", "0.11"))))]));
    let ledger = sold.ledger().unwrap();
    assert_eq!(ledger.cash_flow().unwrap(), amount("9.79"));
    assert_eq!(ledger.realised(), Fraction::from(amount("9.79").get()));
    assert_eq!(sold.settle(crate::given::NOW).unwrap().group.settled.unwrap().realised, amount("9.79"));
}

/// Whoever makes a market may be paid for it, in coins too.
#[test]
fn a_rebate_in_base_is_coins_more() {
    let ledger = bought(plan(), "100", "1", ("BTC", "-0.001")).ledger().unwrap();
    assert_eq!((ledger.bought, ledger.held().unwrap()), (quantity("1.001"), quantity("1.001")));
}

fn exit_intent(position: &Position, of: &str) -> domain::order::Intent {
    domain::order::Intent {
        stop: None,
        purpose: Purpose::Exit,
        pyramid: 0,
        leg: 0,
        epoch: position.next_epoch(0, Purpose::Exit),
        direction: Direction::Sell,
        kind: domain::preset::OrderKind::Market,
        quantity: quantity(of),
        reserved: amount("0"),
        valid_until: None,
    }
}

/// Two were bought at different prices and one was sold: the average and the first in, first out say different things of it.
#[test]
fn what_was_bought_first_is_sold_first() {
    let second = bought(plan(), "100", "1", ("USDT", "0"));
    let traded = |position: Position, direction, at: &str| {
        let intent = domain::order::Intent { direction, ..exit_intent(&position, "1") };
        let position = position.plan("test", &intent, crate::given::NOW);
        let id = position.orders.last().unwrap().id.clone();
        submitted(position).observe(&id, &fact(Status::Filled, &[(at, fill(at, "1", Some(("USDT", "0"))))]))
    };
    let sold = traded(traded(second, Direction::Buy, "110"), Direction::Sell, "120");
    let lots = Lots::of(&sold.group.market.key.symbol, sold.group.side, &sold.orders).unwrap();
    assert_eq!((lots.realised, lots.cost), (Fraction::whole(20), Fraction::whole(110)));
}

/// One move of the outside: part of the newest open order is filled, it ends, or a person leaves.
#[derive(Debug, Clone, Copy)]
enum Move {
    Fill {
        share: u8,
        price: u32,
        fee_in: &'static str,
    },
    Cancel,
    Lose,
    Leave,
    /// Another entry is asked for.
    Add,
    /// So many quarters of what is held are sold.
    Reduce(i64),
    /// The stop of one part is hit.
    Stop(u32),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => (1_u8..=4, 80_u32..130, prop::sample::select(vec!["BTC", "USDT", "BNB"]))
            .prop_map(|(share, price, fee_in)| Move::Fill { share, price, fee_in }),
        1 => Just(Move::Cancel),
        1 => Just(Move::Lose),
        1 => Just(Move::Leave),
        2 => Just(Move::Add),
        1 => (1_i64..=4).prop_map(Move::Reduce),
        1 => (0_u32..=3).prop_map(Move::Stop),
    ];
    proptest::collection::vec(one, 1..24)
}

/// Lets the group do all it wants; every order it sends is checked against what may be sold.
fn settle_down(mut position: Position) -> Position {
    let (me, tried) = (AttemptId::new("me"), BTreeSet::new());
    for step in 0..100_i64 {
        // Far apart, so that nothing backs off.
        let now = crate::given::NOW.plus(domain::clock::Millis::seconds(step));
        match next(&position, "test", Observer::Executor { attempt: &me, tried: &tried }, now).unwrap() {
            Step::Decide { position: decided, .. } => position = *decided,
            Step::Submit(id) => {
                let submission = domain::order::Submission { sent_at: crate::given::NOW, by: me.clone() };
                position = position.command(&id, &domain::order::Command::Submit(submission)).unwrap();
                position = position.observe(&id, &domain::order::Fact::of(Status::Open));
            }
            Step::Cancel(id) => position = position.observe(&id, &domain::order::Fact::of(Status::Cancelled)),
            Step::Wait | Step::Settled => break,
        }
        never_more_than_held(&position);
    }
    position
}

fn never_more_than_held(position: &Position) {
    let ledger = position.ledger().unwrap();
    let at_work = ledger.sold.plus(ledger.committed).unwrap();
    assert!(at_work <= ledger.bought, "sells of {at_work} against {}", ledger.bought);
    // Until all of them are left together, none sells another's coins.
    if position.stands_alone() && position.group.exit.is_none() {
        position.numbers().into_iter().for_each(|number| never_more_than_held(&position.part(number)));
    }
}

fn happen(position: Position, happening: Move, trade: usize) -> Position {
    match happening {
        Move::Add => return pyramids::added(&position, &trade.to_string(), "100").unwrap_or(position),
        Move::Reduce(quarters) => return reductions::reduced(&position, quarters, 4).unwrap_or(position),
        Move::Stop(number) if position.stands_alone() && position.numbers().contains(&number) => {
            return position.with_part(&position.part(number).leave(ExitReason::StopLoss, crate::given::NOW));
        }
        _ => {}
    }
    let open = position.orders.iter().rev().find(|order| order.status.is_resting()).cloned();
    let Some(order) = open else {
        return if matches!(happening, Move::Leave) { leave(position) } else { position };
    };
    match happening {
        Move::Leave => leave(position),
        Move::Cancel => position.observe(&order.id, &domain::order::Fact::of(Status::Cancelled)),
        Move::Lose | Move::Add | Move::Reduce(_) | Move::Stop(_) => position,
        Move::Fill { share, price: at, fee_in } => {
            let rest = order.remaining().unwrap();
            let part = rest.fraction() * Fraction::whole(share.into());
            let part = domain::market::Filters::quantity_down(
                &position.group.market.filters,
                &part.over(&Fraction::whole(4)).unwrap(),
            )
            .unwrap();
            if part.is_zero() {
                return position;
            }
            let fee = fee(order.direction, part, at, fee_in);
            let fill = domain::order::Fill { fee: Some(fee), ..fill(&at.to_string(), &part.to_string(), None) };
            position.observe(&order.id, &fact(Status::Open, &[(&trade.to_string(), fill)]))
        }
    }
}

fn leave(position: Position) -> Position {
    position.leave(ExitReason::User, crate::given::NOW)
}

fn fee(direction: Direction, part: Quantity, at: u32, fee_in: &str) -> domain::order::Fee {
    let thousandth = Fraction::from("0.001".parse::<domain::money::Decimal>().unwrap());
    let value = part.fraction() * Fraction::whole(at.into()) * thousandth.clone();
    let (asset, value) = match fee_in {
        "BTC" if direction == Direction::Buy => ("BTC", part.fraction() * thousandth),
        "BNB" => ("BNB", value.over(&Fraction::whole(600)).unwrap()),
        _ => ("USDT", value),
    };
    let up = value.ceil_to("0.00000001".parse().unwrap()).unwrap();
    let amount = domain::money::Amount::new(up).unwrap();
    let fee = domain::order::Fee::of(&crate::given::market().key.symbol, asset.parse().unwrap(), amount);
    if fee.is_valued() { fee } else { fee.at_price(price("600")).unwrap() }
}

#[test]
fn a_product_that_cannot_be_kept_is_refused_and_not_rounded() {
    let fits = price("64250.12345678").times(quantity("123.12345678")).unwrap();
    assert_eq!(fits.to_string(), "7910697.2985405165279684");
    assert!(price("999999999999998.999999999999").times(quantity("0.999999999999")).is_err());
}

proptest! {
    #[test]
    fn closes_never_exceed_sellable_and_profit_equals_cash_flow(
        moves in moves(), last in 50_u32..200, close in prop_oneof![Just(None), Just(Some(Closing::Together)), Just(Some(Closing::Alone))],
    ) {
        let pyramids = close.map(|close| pyramids::any_price(3, close));
        let mut position = settle_down(position(TradePlan { pyramids, ..plan() }, "100"));
        for (trade, happening) in moves.into_iter().enumerate() {
            position = settle_down(happen(position, happening, trade));
            never_more_than_held(&position);
        }
        let ledger = position.ledger().unwrap();
        let at = price(&last.to_string());
        let worth = ledger.held().unwrap().fraction() * at.fraction();
        prop_assert_eq!(
            ledger.realised() + ledger.unrealised(at).unwrap(),
            Fraction::from(ledger.cash_flow().unwrap().get()) + worth - Fraction::from(ledger.third.get())
        );
    }
}
