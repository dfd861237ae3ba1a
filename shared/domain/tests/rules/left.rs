//! What a position has left unsold when it ends: dust, or coins that are still held.

use crate::given::{NOW, amount, bought, fact, fill, plan, quantity};
use domain::group::{ExitReason, GroupStatus, Position, StillHeld};
use domain::order::{Order, Status};
use domain::preset::{OrderSize, TradePlan};

/// So much bought at 100 without a fee and left by its stop, of which so much was sold at 90 before it ended.
fn ended(bought_of: &str, sold: Option<&str>) -> Position {
    let plan = TradePlan { size: OrderSize::Base(quantity("100")), ..plan() };
    let leaving = bought(plan, "100", bought_of, ("USDT", "0")).leave(ExitReason::StopLoss, NOW);
    leaving.with_sale(sold).settle(NOW).unwrap()
}

trait WithSale {
    fn with_sale(self, sold: Option<&str>) -> Self;
}

impl WithSale for Position {
    fn with_sale(mut self, sold: Option<&str>) -> Self {
        let Some(sold) = sold else { return self };
        let entry = &self.orders[0];
        let intent = domain::order::Intent {
            purpose: domain::order::Purpose::Exit,
            pyramid: 0,
            leg: 0,
            epoch: 0,
            direction: domain::order::Direction::Sell,
            kind: domain::preset::OrderKind::Market,
            stop: None,
            quantity: quantity(sold),
            reserved: amount("0"),
            valid_until: None,
        };
        let exit = Order::plan("test", &entry.group, &intent, NOW);
        self.orders.push(exit.merge(&fact(Status::Filled, &[("sold", fill("90", sold, Some(("USDT", "0"))))])));
        self
    }
}

/// What is still held, in words, and why it ended.
fn told(position: &Position) -> (Option<(String, String, bool)>, &'static str) {
    let held = position.group.settled.unwrap().still_held;
    let held =
        held.map(|StillHeld { quantity, cost, nothing_sold }| (quantity.to_string(), cost.to_string(), nothing_sold));
    (held, position.group.exit.unwrap().reason.as_str())
}

fn held(quantity: &str, cost: &str, nothing_sold: bool) -> Option<(String, String, bool)> {
    Some((quantity.to_owned(), cost.to_owned(), nothing_sold))
}

#[test]
fn position_that_has_sold_nothing_ends_as_dust_and_says_what_it_holds() {
    for (of, cost) in [("1", "100"), ("0.000009", "0.0009")] {
        let unsold = ended(of, None);
        assert_eq!(told(&unsold), (held(of, cost, true), "dust"), "{of}");
        let settled = unsold.group.settled.unwrap();
        assert_eq!(
            (unsold.group.status, settled.realised, settled.has_sold()),
            (GroupStatus::Closed, amount("0"), false)
        );
        assert_eq!(unsold.settle(NOW).unwrap(), unsold, "and it goes on saying so");
    }
}

#[test]
fn position_that_has_sold_some_keeps_its_reason_and_says_what_is_left() {
    let half = ended("1", Some("0.5"));
    assert_eq!(told(&half), (held("0.5", "50", false), "stop_loss"));
    let settled = half.group.settled.unwrap();
    assert_eq!((settled.realised, settled.has_sold()), (amount("-5"), true), "45 for what has cost 50, and no more");
}

/// A twentieth of all that was bought.
#[test]
fn what_is_left_is_dust_up_to_a_share_of_what_was_bought() {
    assert_eq!(told(&ended("1", Some("0.95"))), (None, "stop_loss"));
    assert_eq!(told(&ended("1", Some("0.94999"))), (held("0.05001", "5.001", false), "stop_loss"));
}

/// Twice the least that the market takes, which is 5.
#[test]
fn what_is_left_is_dust_up_to_what_it_has_cost() {
    assert_eq!(told(&ended("10", Some("9.9"))), (None, "stop_loss"));
    assert_eq!(told(&ended("10", Some("9.89999"))), (held("0.10001", "10.001", false), "stop_loss"));
}

/// Of a small position, whose share that is, as well.
#[test]
fn what_is_left_behind_a_sale_is_dust_below_a_step() {
    assert_eq!(told(&ended("0.00010999", Some("0.0001"))), (None, "stop_loss"));
    assert_eq!(told(&ended("0.00011", Some("0.0001"))), (held("0.00001", "0.001", false), "stop_loss"));
}

#[test]
fn position_that_has_sold_all_holds_nothing() {
    assert_eq!(told(&ended("1", Some("1"))), (None, "stop_loss"));
}

/// A sale that was called absent and came when the position had ended.
#[test]
fn coins_that_are_sold_later_are_held_no_more() {
    let sold = ended("1", None).with_sale(Some("1")).settle(NOW).unwrap();
    assert_eq!((told(&sold).0, sold.group.settled.unwrap().realised), (None, amount("-10")));
}
