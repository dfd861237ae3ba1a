//! Entries taken back.

use super::*;

#[test]
fn an_entry_is_cancelled_as_far_as_it_has_come() {
    let check = |before: Status, after: Status, marked: bool| {
        let world = with([entry(before)]);
        let order = cancelled_by(&world, &entry(before), act()).unwrap();
        assert_eq!((order.status, order.cancel_wanted.is_some()), (after, marked), "{before:?}");
        assert_eq!(stands_of(&world, &order), order, "{before:?}");
        assert_eq!(rung(&world), 1);
    };
    check(Status::Planned, Status::NotPlaced, false);
    for status in [Status::Submitting, Status::Unknown, Status::Open, Status::PartiallyFilled] {
        check(status, status, true);
    }
}

#[test]
fn an_order_that_is_over_or_protects_is_not_cancelled() {
    let [over, protects] = [entry(Status::Filled), order(Purpose::TakeProfit(1), Status::Open)];
    let world = with([over.clone(), protects.clone()]);
    assert_eq!(cancelled_by(&world, &over, act()), Err(ActError::AlreadyFinal(Status::Filled)));
    assert_eq!(cancelled_by(&world, &protects, act()), Err(ActError::ProtectiveOrder(Purpose::TakeProfit(1))));
    let position = pending_cancelled_by(&world, act()).unwrap();
    assert_eq!(position.order(&protects.id).unwrap().cancel_wanted, None);
    assert_eq!((stands(&world).group.version, rung(&world)), (1, 0));
}
