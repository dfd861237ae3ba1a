//! Exits that change while a position is open.

use super::*;
use domain::audit::Actor;
use domain::group::{Pyramid, Tracked};
use domain::profit::{Basis, StopLoss};
use wire::preset::Document;
use wire::preset::exits::Exits;

const LADDER: &str = r#"{"safety_orders": {"count": 3, "quote": 50, "deviation_percent": 2}, "stop_loss_percent": 20}"#;
const STEPS: &str = r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 30},
    {"profit_percent": 2, "amount_percent": 30}, {"profit_percent": 3, "amount_percent": 40}]}}"#;

/// One base unit bought at 100, with the plan of this preset.
fn bought(preset: &str, others: impl IntoIterator<Item = Order>) -> Position {
    let mut position = position_of([filled(entry(Status::Filled), "100")].into_iter().chain(others));
    position.group.plan = resolved_plan(&Document::parse(preset).unwrap().preset().unwrap().plan);
    position
}

fn sold(step: u32) -> Order {
    filled(order(Purpose::TakeProfit(step), Status::Filled), "101")
}

/// At an exchange where there is money to lose.
fn at_binance(mut position: Position) -> Position {
    position.group.market.key.exchange = "BINANCE".parse().unwrap();
    position
}

fn changed_by(world: &World, exits: &str, seen: Option<u64>, act: Act<'static>) -> Result<Position, ActError> {
    let exits = Exits::parse(exits).unwrap();
    played(world, |world| async move { change_exits(&world, &group(), &exits, seen, act).await })
}

fn later() -> Act<'static> {
    Act { now: NOW.plus(Millis::seconds(600)), ..act() }
}

fn change(world: &World, exits: &str, seen: Option<u64>) -> Result<Position, ActError> {
    changed_by(world, exits, seen, later())
}

fn change_of(position: &Position, exits: &str) -> Result<Position, ActError> {
    let world = holding(position);
    let told = change(&world, exits, None);
    let expected = told.as_ref().unwrap_or(position);
    assert_eq!((&stands(&world), rung(&world)), (expected, usize::from(told.is_ok())), "{exits}");
    told
}

/// The field that stands in the way.
fn refused(position: &Position, exits: &str) -> String {
    match change_of(position, exits) {
        Err(ActError::BadExits(wrong)) => wrong.fields.join(","),
        other => unreachable!("{exits}: {other:?}"),
    }
}

#[test]
fn other_exits_are_committed_and_rung_for_once() {
    let world = holding(&bought("{}", []));
    let stop = r#"{"stop_loss_percent": 3, "reason": "news"}"#;
    let changed = change(&world, stop, Some(1)).unwrap();
    assert_eq!(changed.group.plan.stop_loss.unwrap().loss, "3".parse().unwrap());
    assert_eq!((changed.group.version, rung(&world)), (2, 1));
    assert_eq!(change(&world, stop, None).unwrap().group.version, 2, "the same again changes nothing");
    assert_eq!((rung(&world), stands(&world)), (1, changed));
    let whys: Vec<_> = world.table().histories().map(|entry| entry.why.clone()).collect();
    assert_eq!(whys, ["exits changed by its user: news: stop loss 3 %"], "and say what they are");
}

#[test]
fn a_version_that_was_not_seen_is_left_alone() {
    let (world, stop) = (holding(&bought("{}", [])), r#"{"stop_loss_percent": 3}"#);
    assert_eq!(change(&world, stop, Some(7)), Err(ActError::VersionConflict(1)));
    let mut refused = 0;
    for call in 0.. {
        let (world, exits) = (holding(&bought("{}", [])), Exits::parse(stop).unwrap());
        let change = |world: World| async move { change_exits(&world, &group(), &exits, Some(1), later()).await };
        let (told, deeds) = disturbed(&world, before(call), changes_the_group, change);
        let is_changed = stands(&world).group.plan != bought("{}", []).group.plan;
        match told {
            Ok(_) => assert!(is_changed),
            told => assert_eq!((told, is_changed), (Err(ActError::VersionConflict(2)), false), "another was first"),
        }
        refused += u32::from(!is_changed);
        if deeds == 0 {
            break;
        }
    }
    assert!(refused > 1, "before it has looked, and before it is committed");
    assert!(change(&world, stop, None).is_ok());
}

#[test]
fn what_is_left_stays_as_it_is() {
    let world = holding(&bought("{}", []));
    closed_by(&world, act()).unwrap();
    let stop = r#"{"stop_loss_percent": 3}"#;
    assert_eq!(change(&world, stop, None), Err(ActError::AlreadyClosing));
    let stranger = Box::leak(Box::new(UserId::of(&["other"])));
    assert_eq!(changed_by(&world, stop, None, Act { user: stranger, ..act() }), Err(ActError::NoGroup));
}

const WITH_ALL: &str = r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 30},
    {"profit_percent": 2, "amount_percent": 30}, {"profit_percent": 3, "amount_percent": 40}]}, "stop_loss_percent": 5,
    "break_even_after_step": 1, "stop_loss_trailing": true, "stop_loss_delay_seconds": 30, "time_limit_minutes": 600,
    "minimum_profit_percent": 1}"#;

const STEPS_FAR: &str = r#"{"take_profit": {"steps": [{"profit_percent": 8, "amount_percent": 30},
    {"profit_percent": 9, "amount_percent": 70}]}}"#;

#[test]
fn a_program_tightens_what_ends_a_position_at_an_exchange_and_loosens_none_of_it() {
    let by = |exchange: &str, in_person: bool, exits: &str| {
        let mut position = bought(WITH_ALL, []);
        position.group.market.key.exchange = exchange.parse().unwrap();
        changed_by(
            &holding(&position),
            exits,
            Some(1),
            Act { actor: if in_person { Actor::Person } else { Actor::Key }, ..act() },
        )
    };
    let is_refused = |told: &Result<Position, ActError>| matches!(told, Err(ActError::NotInPerson(_)));
    for (exits, loosens) in [
        (r#"{"stop_loss_percent": null}"#, true),
        (r#"{"stop_loss_percent": "5.01"}"#, true),
        (r#"{"stop_loss_percent": 90, "reason": "x"}"#, true),
        (r#"{"stop_loss_basis": "average"}"#, true),
        (r#"{"stop_loss_percent": 1, "stop_loss_basis": "average"}"#, true),
        (r#"{"break_even_after_step": null}"#, true),
        (r#"{"stop_loss_trailing": false}"#, true),
        (r#"{"stop_loss_delay_seconds": 60}"#, true),
        (r#"{"stop_loss_at_venue": false}"#, true),
        (r#"{"time_limit_minutes": null}"#, true),
        (r#"{"time_limit_minutes": 601}"#, true),
        (r#"{"minimum_profit_percent": 1000}"#, true),
        (r#"{"minimum_profit_percent": null}"#, false),
        (r#"{"stop_loss_percent": 4}"#, false),
        (r#"{"stop_loss_delay_seconds": null}"#, false),
        (r#"{"time_limit_minutes": 60}"#, false),
        (STEPS_FAR, false),
    ] {
        let told = by("BINANCE", false, exits);
        assert_eq!((is_refused(&told), told.is_ok()), (loosens, !loosens), "{exits}: {told:?}");
        assert!(by("BINANCE", true, exits).is_ok(), "a person may: {exits}");
        assert!(by("PAPER", false, exits).is_ok(), "there is nothing to lose on paper: {exits}");
    }
}

/// The stop of what was added is its own while its group is sold part by part.
#[test]
fn a_program_loosens_no_stop_of_what_was_added_by_giving_one_to_all() {
    let by = |percent: &str| {
        let added = filled(order_of(&group(), (Purpose::Entry, 1, 0), Status::Filled), "100");
        let mut position =
            at_binance(bought(r#"{"pyramids": {"max": 1, "distance_percent": 1, "close": "alone"}}"#, [added]));
        let group = &mut position.group;
        group.plan.stop_loss = None;
        let (delivery, stop_loss) = (group.delivery.clone(), Some(StopLoss::fixed("2".parse().unwrap(), Basis::Base)));
        let (ladder, take_profit, exposure) = (None, None, Amount::ZERO);
        group.pyramids.added =
            vec![Pyramid { number: 1, delivery, at: NOW, exposure, ladder, take_profit, stop_loss, by_hand: false }];
        changed_by(&holding(&position), &format!(r#"{{"stop_loss_percent": "{percent}"}}"#), None, act())
    };
    assert!(matches!(by("90"), Err(ActError::NotInPerson(_))));
    assert!(by("1.9").is_ok());
}

/// A tighter stop that began anew would stand lower than the one before it did.
#[test]
fn a_tighter_stop_goes_on_from_where_the_one_before_has_come_to() {
    let tracked = |exits: &str| {
        let mut position = bought(WITH_ALL, []);
        position.group.tracked =
            Tracked { stop: Some("98".parse().unwrap()), below_since: Some(NOW), ..Tracked::default() };
        let world = holding(&position);
        changed_by(&world, exits, None, Act { actor: Actor::Person, ..act() }).unwrap();
        let tracked = stands(&world).group.tracked;
        (tracked.stop.map(|stop| stop.to_string()), tracked.below_since)
    };
    assert_eq!(tracked(r#"{"stop_loss_percent": "4.99"}"#), (Some("98".to_owned()), Some(NOW)));
    assert_eq!(tracked(r#"{"stop_loss_percent": "5.01"}"#), (None, None), "a person has loosened it");
}

#[test]
fn a_program_gives_a_stop_where_there_was_none() {
    let mut position = at_binance(bought("{}", []));
    position.group.plan.stop_loss = None;
    assert!(change_of(&position, r#"{"stop_loss_percent": 90, "reason": "better than none"}"#).is_ok());
}

#[test]
fn a_plan_goes_on_behind_the_steps_that_are_sold() {
    let two = r#"{"take_profit": {"steps": [{"profit_percent": 4, "amount_percent": 50}, {"profit_percent": 5, "amount_percent": 50}]}}"#;
    let each = r#"{"take_profit": {"mode": "per_leg", "steps": [{"profit_percent": 4, "amount_percent": 100}]}}"#;
    assert!(change_of(&bought(STEPS, []), two).is_ok());
    assert!(change_of(&bought(STEPS, []), each).is_ok());
    assert!(change_of(&bought(STEPS, [sold(1)]), two).is_ok());
    assert_eq!(refused(&bought(STEPS, [sold(1), sold(2)]), two), "take_profit.steps");
    assert_eq!(refused(&bought(STEPS, [sold(1)]), each), "take_profit.mode");
    assert!(change_of(&bought(STEPS, [sold(1), sold(2)]), r#"{"stop_loss_percent": 3}"#).is_ok());
}

#[test]
fn a_stop_does_not_close_a_ladder_before_it_is_down() {
    assert_eq!(refused(&bought(LADDER, []), r#"{"stop_loss_percent": 6}"#), "stop_loss_percent");
    assert!(change_of(&bought(LADDER, []), r#"{"stop_loss_percent": 6.01}"#).is_ok());
    assert!(change_of(&bought(LADDER, []), r#"{"stop_loss_percent": null}"#).is_ok());
    assert!(change_of(&bought(LADDER, []), r#"{"time_limit_minutes": 60}"#).is_ok());
    let taken_back = order_of(&group(), (Purpose::Entry, 0, 1), Status::Cancelled);
    assert!(change_of(&bought(LADDER, [taken_back]), r#"{"stop_loss_percent": 3}"#).is_ok(), "no leg follows");
}

#[test]
fn a_time_that_is_over_closes_nothing_by_itself() {
    assert_eq!(refused(&bought("{}", []), r#"{"time_limit_minutes": 10}"#), "time_limit_minutes");
    assert!(change_of(&bought("{}", []), r#"{"time_limit_minutes": 11}"#).is_ok());
}

#[test]
fn what_does_not_go_together_is_named() {
    assert_eq!(refused(&bought("{}", []), r#"{"break_even_after_step": 1}"#), "break_even_after_step");
}
