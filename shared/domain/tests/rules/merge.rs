//! Facts of the venue in any order, any number of times.

use crate::given::{fact, fill, plan, position, price, submitted};
use domain::money::Quantity;
use domain::order::{Fact, Fee, Fill, Order, Refusal, Status};
use domain::preset::OrderKind;
use domain::reason::Reason;
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
    let one = (status(), proptest::collection::vec(trade, 0..3), 0_u32..120, any::<bool>(), any::<bool>()).prop_map(
        |(status, trades, cumulative, triggered, named)| {
            let trades: Vec<_> = trades.iter().map(|(trade, fill)| (trade.as_str(), fill.clone())).collect();
            let cumulative: Quantity = format!("{}.{:02}", cumulative / 100, cumulative % 100).parse().unwrap();
            let venue_id = named.then(|| "7".to_owned());
            Fact { status, cumulative, triggered, venue_id, ..fact(Status::Open, &trades) }
        },
    );
    proptest::collection::vec(one, 0..6)
}

fn order() -> Order {
    submitted(position(plan(), "100")).orders[0].clone()
}

/// One that waits for its stop alone: whatever it sells, the stop has sold.
fn stop() -> Order {
    Order { stop: Some(price("95")), kind: OrderKind::Market, ..order() }
}

/// What is known of a pair, by whatever was known of its halves at a time.
fn pairs() -> impl Strategy<Value = Vec<Fact>> {
    let half = || proptest::option::of(facts().prop_map(|facts| facts.first().cloned().unwrap_or_default()));
    proptest::collection::vec(
        (half(), half()).prop_filter_map("nothing is known", |(limit, stop)| Fact::of_pair(limit, stop)),
        0..6,
    )
}

/// What a venue takes and fails later is over, whichever is heard first; what it never took is refused.
#[test]
fn what_was_there_and_then_failed_is_over() {
    let refusal = Some(Refusal { code: Reason::RefusedByVenue.into(), detail: "HOLD_FAILURE".to_owned() });
    let taken = Fact { venue_id: Some("7".to_owned()), ..Fact::of(Status::Open) };
    let failed = Fact { refusal: refusal.clone(), ..Fact { status: Some(Status::Rejected), ..taken.clone() } };
    for facts in [[taken.clone(), failed.clone()], [failed.clone(), taken]] {
        let over = merged(&facts);
        assert_eq!((over.status, over.refusal), (Status::Cancelled, refusal.clone()));
    }
    assert_eq!(merged(&[Fact { venue_id: None, ..failed }]).status, Status::Rejected);
}

fn merged(facts: &[Fact]) -> Order {
    merged_into(&order(), facts)
}

fn merged_into(order: &Order, facts: &[Fact]) -> Order {
    facts.iter().fold(order.clone(), |order, fact| order.merge(fact))
}

/// What is missing is never made up: how much is held is known, what it has cost is not, and nothing is sized by a part.
#[test]
fn an_order_that_is_told_with_fewer_trades_than_it_has_filled_is_not_counted_until_the_rest_is_told() {
    let quantity = |text: &str| text.parse::<Quantity>().unwrap();
    let paid = |of: &str| fill("100", of, Some(("USDT", "0.1")));
    let part = merged(&[Fact { cumulative: quantity("1"), ..fact(Status::Filled, &[("1", paid("0.4"))]) }]);
    assert_eq!((part.status, part.filled().unwrap()), (Status::Filled, quantity("1")));
    assert!(!part.is_counted().unwrap() && !part.is_accounted().unwrap(), "it is asked about again");
    let whole = part.merge(&Fact { cumulative: quantity("1"), ..fact(Status::Filled, &[("2", paid("0.6"))]) });
    assert!(whole.is_accounted().unwrap());
    assert_eq!((whole.filled().unwrap(), whole.fills.len()), (quantity("1"), 2));
}

/// A venue may end an order as filled for a little less than was asked for.
#[test]
fn an_order_that_is_filled_for_less_is_counted_by_what_its_venue_counts() {
    let quantity = |text: &str| text.parse::<Quantity>().unwrap();
    let most = fact(Status::Filled, &[("1", fill("100", "0.98", Some(("USDT", "0.1"))))]);
    let told = merged(&[Fact { cumulative: quantity("0.98"), ..most.clone() }]);
    assert_eq!((told.status, told.filled().unwrap()), (Status::Filled, quantity("0.98")));
    assert!(told.is_counted().unwrap() && told.is_accounted().unwrap());
    let more = told.merge(&Fact { cumulative: quantity("0.99"), ..Fact::default() });
    assert!(!more.is_counted().unwrap(), "a trade is missing");
    let part = Fact { cumulative: quantity("0.98"), status: Some(Status::PartiallyFilled), ..most };
    for facts in [[part.clone(), Fact::of(Status::Filled)], [Fact::of(Status::Filled), part]] {
        let whole = merged(&facts);
        assert_eq!(whole.filled().unwrap(), quantity("1"), "whoever counts nothing has filled all of it");
        assert!(!whole.is_counted().unwrap());
    }
}

/// In another order, and one of them twice.
fn shuffled(facts: &[Fact], turn: prop::sample::Index, again: prop::sample::Index) -> Vec<Fact> {
    let mut other: Vec<Fact> = facts.iter().rev().cloned().collect();
    if !other.is_empty() {
        other.rotate_left(turn.index(facts.len()));
        other.push(facts[again.index(facts.len())].clone());
    }
    other
}

proptest! {
    #[test]
    fn merging_is_commutative_and_idempotent(facts in facts(), turn in any::<prop::sample::Index>(), again in any::<prop::sample::Index>()) {
        let other = shuffled(&facts, turn, again);
        for order in [order(), stop()] {
            prop_assert_eq!(merged_into(&order, &other), merged_into(&order, &facts));
        }
    }

    #[test]
    fn what_is_told_of_pairs_is_merged_likewise(pairs in pairs(), turn in any::<prop::sample::Index>(), again in any::<prop::sample::Index>()) {
        prop_assert_eq!(merged(&shuffled(&pairs, turn, again)), merged(&pairs));
    }

    #[test]
    fn status_and_quantity_only_grow(facts in facts()) {
        let mut order = order();
        for fact in &facts {
            let merged = order.merge(fact);
            prop_assert!(merged.status >= order.status);
            prop_assert!(merged.triggered || !order.triggered);
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
