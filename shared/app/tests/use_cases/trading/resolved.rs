//! What became of an order, on its user's word.

use super::*;
use domain::limits;
use domain::order::{Fee, FeeValue, Resolution};

fn said(
    world: &World,
    order: &Order,
    resolution: &Resolution,
    why: &'static str,
    act: Act<'static>,
) -> Result<Order, ActError> {
    let (id, resolution) = (order.id.clone(), resolution.clone());
    played(world, |world| async move { resolve(&world, &id, &resolution, why, act).await })
}

fn a_minute_later() -> Act<'static> {
    Act { now: NOW.plus(Millis::seconds(60)), ..act() }
}

#[test]
fn what_its_user_says_was_not_placed_may_come_after_all() {
    let world = with([entry(Status::Unknown)]);
    let later = a_minute_later();
    let resolved = said(&world, &entry(Status::Unknown), &Resolution::NotPlaced, "not in its list", later).unwrap();
    assert_eq!((resolved.status, stands_of(&world, &resolved)), (Status::NotPlaced, resolved.clone()));
    assert_eq!(accounts_row(&world).looks.late, BTreeMap::from([(market().key.symbol, later.now)]));
}

#[test]
fn a_declared_fee_in_a_third_asset_is_refused_since_nobody_knows_what_it_was_worth() {
    let world = with([entry(Status::Unknown)]);
    let declare = |asset: &str| {
        let fee = Fee { asset: asset.parse().unwrap(), amount: "0.1".parse().unwrap(), value: FeeValue::Own };
        let (price, quantity) = ("100".parse().unwrap(), "1".parse().unwrap());
        let filled = Resolution::Filled(Fill { fee: Some(fee), price, quantity, at: NOW });
        let said = said(&world, &entry(Status::Unknown), &filled, "seen at the venue", a_minute_later());
        said.map(|order| order.status)
    };
    let refused = declare("BNB").unwrap_err();
    assert!(refused.to_string().contains("must be BTC or USDT"), "{refused}");
    assert_eq!(stands_of(&world, &entry(Status::Unknown)).status, Status::Unknown);
    assert_eq!(declare("USDT"), Ok(Status::Filled));
}

/// What is answered to this word on an order of this state, whose group was left so long before.
fn said_of(order: &Order, left: Option<i64>, resolution: &Resolution) -> Result<Status, ActError> {
    let world = with([entry(Status::Filled), order.clone()]);
    if left.is_some() {
        closed_by(&world, act()).unwrap();
    }
    let now = NOW.plus(Millis::seconds(left.unwrap_or(86_400)));
    let say = || said(&world, order, resolution, "not in its list", Act { now, ..act() }).map(|order| order.status);
    let before = stands(&world);
    let said = say();
    let after = stands(&world);
    assert_eq!(said.is_err(), before == after);
    assert!(said.is_err() || (say() == said && stands(&world) == after), "said again it changes nothing");
    said
}

#[test]
fn an_accepted_order_is_its_users_to_end_where_that_was_tried_in_vain() {
    let over = Resolution::Cancelled(NOW);
    let open = || order(Purpose::TakeProfit(1), Status::Open);
    assert_eq!(said_of(&open(), None, &over), Err(ActError::NotInDoubt(Status::Open)));
    assert_eq!(said_of(&open(), Some(299), &over), Err(ActError::TooEarly));
    assert_eq!(said_of(&open(), Some(300), &over), Ok(Status::Cancelled));
    let wished = Order { cancel_wanted: Some(NOW), ..open() };
    assert_eq!(said_of(&wished, None, &over), Ok(Status::Cancelled));
    let filled = |quantity: &str| {
        let (price, quantity) = ("100".parse().unwrap(), quantity.parse().unwrap());
        Resolution::Filled(Fill { fee: None, price, quantity, at: NOW })
    };
    assert_eq!(said_of(&open(), Some(300), &filled("1")), Ok(Status::Filled));
    let counted = Order { cumulative: "0.5".parse().unwrap(), ..open() };
    let less = ActError::LessThanFilled("0.5".parse().unwrap());
    assert_eq!(said_of(&counted, Some(300), &filled("0.4")), Err(less));
    let fill = Fill { fee: None, price: "100".parse().unwrap(), quantity: "0.5".parse().unwrap(), at: NOW };
    let traded = Order { fills: [(TradeId("1".to_owned()), fill)].into(), ..open() };
    assert_eq!(said_of(&traded, Some(300), &over), Ok(Status::Cancelled));
    for (order, word) in [(open(), Resolution::NotPlaced), (traded, filled("1"))] {
        assert!(matches!(said_of(&order, Some(300), &word), Err(ActError::OtherOutcome(_))), "{word:?}");
    }
    let unknown = order(Purpose::TakeProfit(1), Status::Unknown);
    assert!(matches!(said_of(&unknown, Some(300), &over), Err(ActError::OtherOutcome(_))));
}

#[test]
fn accepted_order_that_is_not_shown_is_its_users_to_end_after_a_minute() {
    let over = Resolution::Cancelled(NOW);
    let (day, minute) = (Millis::seconds(86_400), limits::UNSHOWN_TOLD);
    let missed = |before: Millis| {
        let absent_at = Some(NOW.plus(day).minus(before));
        Order { absent_at, ..order(Purpose::TakeProfit(1), Status::Open) }
    };
    assert_eq!(said_of(&missed(minute.plus(Millis::new(-1))), None, &over), Err(ActError::TooEarly));
    assert_eq!(said_of(&missed(minute), None, &over), Ok(Status::Cancelled));
}
