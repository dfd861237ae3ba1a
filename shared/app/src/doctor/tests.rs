use super::*;
use crate::ports::NotSeen;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, UserId};

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// The state and the text of one check, of facts that are well but for one.
fn check(name: &str, spoil: impl FnOnce(&mut Facts, &mut Sight), state: State, part: &str) {
    let (mut facts, mut sight) = (facts(), sight());
    spoil(&mut facts, &mut sight);
    facts.sight = Some(sight);
    let checks = diagnose(&facts);
    let found = checks.iter().find(|check| check.name == name).expect(name);
    assert_eq!(found.state, state, "{found:?}");
    assert!(found.meaning.contains(part), "{found:?}");
    assert_eq!(found.next.is_none(), state == State::Ok, "what is not well says what to do: {found:?}");
}

#[test]
fn a_deployment_that_is_well_passes_every_check() {
    let facts = Facts { sight: Some(sight()), ..facts() };
    let ill: Vec<_> = diagnose(&facts).into_iter().filter(|check| check.state != State::Ok).collect();
    assert_eq!(ill, []);
}

#[test]
fn what_is_wrong_is_named_with_its_numbers() {
    check("region", |_, sight| sight.region = "us-east-1".to_owned(), State::Warn, "us-east-1");
    check("region", from_the_united_states, State::Fail, "BINANCE is not served from us-east-1");
    check("address", |_, sight| sight.address = Ok(Some("192.0.2.1".to_owned())), State::Fail, "192.0.2.1");
    check("address", |_, sight| sight.address = Err(not_seen()), State::Warn, "no answer");
    check("address", |_, sight| sight.promised_address = None, State::Ok, "not fixed");
    check("clock", |_, sight| sight.clock_ahead = Ok(Millis::new(1_500)), State::Ok, "1500 ms ahead");
    check("clock", |_, sight| sight.clock_ahead = Ok(Millis::new(-1_501)), State::Fail, "1501 ms behind");
    check("clock", |_, sight| sight.clock_ahead = Err(not_seen()), State::Warn, "no answer");
    check("concurrency", |_, sight| sight.concurrency_max = Ok(10), State::Warn, "10 functions");
    check("concurrency", |_, sight| sight.concurrency_max = Err(not_seen()), State::Warn, "no answer");
    check("venues", |_, sight| sight.accounts[0].markets_unread = 1, State::Fail, "1 markets");
    check("venues", |_, sight| sight.accounts[0].venue = Err(not_seen()), State::Warn, "PAPER default");
    check(
        "venue_clocks",
        |_, sight| sight.accounts[0].clock_ahead = Some(Millis::new(-40)),
        State::Ok,
        "40 ms behind PAPER's",
    );
    check(
        "venue_clocks",
        |_, sight| sight.accounts[0].clock_ahead = Some(Millis::new(1_001)),
        State::Warn,
        "1001 ms ahead",
    );
    check("limits", |_, sight| sight.accounts[0].flight.groups = 10, State::Warn, "10 of 10 groups");
    check("unknown", |_, sight| unknown_for(sight, 120), State::Warn, "the oldest for 120 s");
    check("unknown", |_, sight| unknown_for(sight, 121), State::Fail, "the oldest for 121 s");
    check("passes", |_, sight| sight.flight.oldest_look = None, State::Ok, "no live group");
    check("passes", |_, sight| looked(sight, 90), State::Ok, "for 90 s");
    check("passes", |_, sight| looked(sight, 91), State::Fail, "for 91 s");
    check("passes", |_, sight| looked(sight, -60), State::Ok, "for 0 s");
    check("passes", |_, sight| looked(sight, -61), State::Fail, "61 s in the future");
    check("accounts", |_, sight| sight.accounts = vec![account(false, true)], State::Warn, "PAPER default");
    check("accounts", |_, sight| sight.accounts = vec![account(true, false)], State::Warn, "PAPER default");
    check("epoch", |facts, _| facts.adopted = false, State::Fail, "nothing is sent from it");
    check("halt", |facts, _| facts.system_halted = true, State::Warn, "whole deployment");
    check("halt", |_, sight| sight.accounts[0].halted = true, State::Warn, "1 accounts");
    check("halt", |_, sight| sight.accounts[0].reducing = true, State::Warn, "nothing starts on 1 accounts");
    check("parked", |facts, _| facts.parked = 3, State::Warn, "3 messages");
}

#[test]
fn every_check_has_a_name_that_the_api_lists() {
    let names = diagnose(&Facts { sight: Some(sight()), ..facts() }).into_iter().map(|check| check.name);
    assert!(names.into_iter().all(|name| name.parse::<wire::view::CheckName>().is_ok()));
}

/// An old look says nothing of now: none of its findings is told.
#[test]
fn a_look_from_before_is_no_answer() {
    let mut facts = Facts { sight: Some(sight()), ..facts() };
    facts.sight_since = NOW.plus(Millis::new(1));
    let names: Vec<_> = diagnose(&facts).into_iter().map(|check| (check.name, check.state)).collect();
    assert_eq!(names, [("watch", State::Fail), ("epoch", State::Ok), ("halt", State::Ok), ("parked", State::Ok),]);
    facts.sight = None;
    assert_eq!(diagnose(&facts)[0].state, State::Fail);
}

/// What goes on in the accounts of others is nobody else's.
#[test]
fn whoever_does_not_keep_the_deployment_is_told_of_own_accounts_alone() {
    let mut sight = sight();
    sight.flight.unknown = 7;
    let mut other = account(false, true);
    (other.id, other.label) = (AccountId::of(&["other"]), "theirs".to_owned());
    (other.markets_unread, other.halted, other.flight.unknown) = (1, true, 7);
    sight.accounts.push(other);
    let told = |own: &[AccountId]| {
        diagnose(&Facts { sight: Some(sight.clone()), reader: Reader::User(own.to_vec()), ..facts() })
    };
    let checks = told(&[own()]);
    assert!(checks.iter().all(|check| check.state == State::Ok), "{checks:?}");
    let names: Vec<_> = checks.iter().map(|check| check.name).collect();
    let all = ["watch", "venues", "unknown", "passes", "accounts", "limits", "epoch", "halt", "parked"];
    assert_eq!(names, all);
    assert!(checks.iter().all(|check| !check.meaning.contains("version")), "{checks:?}");

    let checks = told(&[own(), AccountId::of(&["unseen"])]);
    let accounts = checks.iter().find(|check| check.name == "accounts").unwrap();
    assert_eq!(accounts.state, State::Warn, "an account that was not looked at is not called well");
}

fn facts() -> Facts {
    let sight_since = NOW.minus(Millis::seconds(30));
    let reader = Reader::Keeper;
    Facts { now: NOW, sight: None, sight_since, system_halted: false, adopted: true, parked: 0, reader }
}

fn sight() -> Sight {
    Sight {
        at: NOW,
        version: "7".to_owned(),
        region: "eu-central-1".to_owned(),
        promised_address: Some("203.0.113.7".to_owned()),
        address: Ok(Some("203.0.113.7".to_owned())),
        clock_ahead: Ok(Millis::new(12)),
        concurrency_max: Ok(1_000),
        flight: flight(),
        accounts: vec![account(true, true)],
    }
}

fn account(enabled: bool, validated: bool) -> AccountFacts {
    AccountFacts {
        id: own(),
        user: UserId::of(&["u"]),
        exchange: "PAPER".parse().unwrap(),
        label: "default".to_owned(),
        enabled,
        validated,
        halted: false,
        reducing: false,
        venue: Ok(()),
        clock_ahead: None,
        markets_read: 1,
        markets_unread: 0,
        open_groups_max: 10,
        flight: flight(),
    }
}

fn own() -> AccountId {
    AccountId::of(&["a"])
}

fn flight() -> Flight {
    Flight { accounts: 1, groups: 1, oldest_look: Some(NOW.minus(Millis::seconds(4))), ..Flight::default() }
}

fn looked(sight: &mut Sight, seconds_ago: i64) {
    sight.flight.oldest_look = Some(NOW.minus(Millis::seconds(seconds_ago)));
}

fn from_the_united_states(_: &mut Facts, sight: &mut Sight) {
    sight.region = "us-east-1".to_owned();
    sight.flight.exchanges = ["BINANCE".parse().unwrap()].into();
}

fn unknown_for(sight: &mut Sight, seconds: i64) {
    sight.flight.unknown = 1;
    sight.flight.unknown_since = Some(NOW.minus(Millis::seconds(seconds)));
}

fn not_seen() -> NotSeen {
    NotSeen("no answer".to_owned())
}
