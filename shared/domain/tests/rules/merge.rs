//! Facts of the venue in any order, any number of times.

use crate::given::{fact, fill, plan, position, price, submitted};
use domain::money::Quantity;
use domain::order::{Fact, Fee, Fill, Order, Status};
use proptest::prelude::*;

fn status() -> impl Strategy<Value = Option<Status>> {
    let told =
        [Status::Rejected, Status::Open, Status::PartiallyFilled, Status::Expired, Status::Cancelled, Status::Filled];
    proptest::option::of(proptest::sample::select(told.to_vec()))
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let trade = (0_u8..4, 0_u8..3).prop_map(|(trade, known)| {
        // The same trade always has the same price and quantity; only its fee may come later, and what that was worth.
        let quantity = format!("0.{:02}", u32::from(trade) + 1);
        let fee = if trade % 2 == 0 { ("USDT", "0.1") } else { ("BNB", "0.0002") };
        let fill = fill("100", &quantity, (known > 0).then_some(fee));
        let worth = |fee: Fee| if known == 2 && !fee.is_valued() { fee.at_price(price("600")).unwrap() } else { fee };
        (trade.to_string(), Fill { fee: fill.fee.map(worth), ..fill })
    });
    let one =
        (status(), proptest::collection::vec(trade, 0..3), 0_u32..120).prop_map(|(status, trades, cumulative)| {
            let trades: Vec<_> = trades.iter().map(|(trade, fill)| (trade.as_str(), fill.clone())).collect();
            let cumulative: Quantity = format!("{}.{:02}", cumulative / 100, cumulative % 100).parse().unwrap();
            Fact { status, cumulative, ..fact(Status::Open, &trades) }
        });
    proptest::collection::vec(one, 0..6)
}

fn order() -> Order {
    submitted(position(plan(), "100")).orders[0].clone()
}

fn merged(facts: &[Fact]) -> Order {
    facts.iter().fold(order(), |order, fact| order.merge(fact))
}

proptest! {
    #[test]
    fn merging_is_commutative_and_idempotent(facts in facts(), shuffled in any::<prop::sample::Index>(), again in any::<prop::sample::Index>()) {
        let straight = merged(&facts);
        let mut other = facts.clone();
        other.reverse();
        if !other.is_empty() {
            let (turn, twice) = (shuffled.index(other.len()), again.index(other.len()));
            other.rotate_left(turn);
            other.push(facts[twice].clone());
        }
        prop_assert_eq!(merged(&other), straight);
    }

    #[test]
    fn status_and_quantity_only_grow(facts in facts()) {
        let mut order = order();
        for fact in &facts {
            let merged = order.merge(fact);
            prop_assert!(merged.status >= order.status);
            prop_assert!(merged.filled().unwrap() >= order.filled().unwrap());
            order = merged;
        }
    }

    #[test]
    fn a_fact_in_parts_is_the_same_fact(facts in facts(), fills_max in 1_usize..4) {
        for fact in &facts {
            let parts = fact.parts(fills_max);
            prop_assert!(parts.iter().all(|part| part.fills.len() <= fills_max));
            prop_assert_eq!(merged(&parts), merged(std::slice::from_ref(fact)));
        }
    }
}

#[test]
fn a_fill_on_a_cancelled_order_is_legal_and_changes_it() {
    let cancelled = order().merge(&Fact::of(Status::Cancelled));
    let filled = cancelled.merge(&fact(Status::Open, &[("1", fill("100", "1", None))]));
    assert_eq!(filled.status, Status::Filled);
    assert_eq!(filled.filled().unwrap(), "1".parse().unwrap());
}
