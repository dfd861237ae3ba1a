//! Exchanges by what the accounts there show, and reading that ends.

use crate::given::{account, played};
use app::health::{Answering, Look, Venue, Venues, venues};
use app::ports::{Standing, StoreError};
use domain::account::{Account, Halt, KeptOut};
use domain::chain::HeldAddress;
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::limits::API_TIMEOUT;
use domain::market::Exchange;
use domain::vault::{AccountState, KeyFault, Mode, VenueAnswers};
use store::vault::Vault;
use testkit::sim::{Latency, Plan, Sim};
use testkit::world::{Strictness, World};

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);
const LOOK: Look = Look { now: NOW, deadline: NOW.plus(API_TIMEOUT) };

/// A deployment with these accounts.
fn with(accounts: impl IntoIterator<Item = (Account, AccountState)>) -> World {
    let world = World::calm_at(NOW);
    put(&world, accounts);
    world
}

/// The same, where each read takes so long.
fn slow(takes: Millis, accounts: impl IntoIterator<Item = (Account, AccountState)>) -> World {
    let plan = Plan { latency: Latency::Fixed { store: takes, venue: takes }, ..Plan::calm() };
    let world = World::new(Sim::new(plan, NOW, false), Strictness::default());
    put(&world, accounts);
    world
}

fn put(world: &World, accounts: impl IntoIterator<Item = (Account, AccountState)>) {
    for (turn, (account, state)) in accounts.into_iter().enumerate() {
        let account = Account { id: id(turn), label: turn.to_string(), ..account };
        world.put_account(&account, Standing { enabled: true, validated: true });
        world.put_state(&account.id, &state);
    }
}

fn told(world: &World) -> Venues {
    played(world, |world| async move { venues(&world, LOOK).await })
}

fn id(turn: usize) -> AccountId {
    AccountId::of(&["ann", &turn.to_string()])
}

/// One that may enter, and was checked so many minutes ago.
fn at(exchange: &str, minutes: i64) -> (Account, AccountState) {
    let checked_at = Some(NOW.minus(Millis::seconds(minutes * 60)));
    let state = AccountState { enabled: true, validated: true, checked_at, ..AccountState::default() };
    (account(exchange, "default", NOW), state)
}

fn halted((account, state): (Account, AccountState), kept_out: Option<KeptOut>) -> (Account, AccountState) {
    let halt = Halt { at: NOW, reason: "news".to_owned(), kept_out, by_person: true };
    (Account { halted: Some(halt), ..account }, state)
}

fn paused((account, state): (Account, AccountState), seconds: i64) -> (Account, AccountState) {
    (Account { venue_paused_until: Some(NOW.plus(Millis::seconds(seconds))), ..account }, state)
}

fn disabled((account, state): (Account, AccountState)) -> (Account, AccountState) {
    (account, AccountState { enabled: false, ..state })
}

/// For an address of a chain, which is no exchange.
fn looked_at((account, state): (Account, AccountState)) -> (Account, AccountState) {
    let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap();
    let held = HeldAddress { address, proven_at: Some(NOW), challenge: None, fault: None };
    (account, AccountState { address: Some(held), ..state })
}

fn bad((account, state): (Account, AccountState)) -> (Account, AccountState) {
    (account, AccountState { failures: 1, fault: Some(KeyFault::Unknown), ..state })
}

fn only(world: &World) -> Venue {
    let told = told(world);
    assert_eq!((told.venues.len(), told.left), (1, 0));
    *told.venues.values().next().unwrap()
}

#[test]
fn an_exchange_is_told_by_the_accounts_there() {
    let check = |accounts: Vec<(Account, AccountState)>, answering: Answering| {
        let venue = only(&with(accounts));
        assert_eq!(venue.answering(), answering, "{venue:?}");
    };
    let binance = |minutes| at("BINANCE", minutes);
    check(vec![binance(5)], Answering::Up);
    check(vec![binance(120)], Answering::Up);
    check(vec![binance(121)], Answering::Failing);
    check(vec![binance(121), binance(5)], Answering::Up);
    check(vec![bad(binance(5))], Answering::Up);
    check(vec![disabled(binance(121))], Answering::Unknown);
    check(vec![halted(binance(121), Some(KeptOut::of(None)))], Answering::Unknown);
    check(vec![halted(binance(121), None)], Answering::Failing);
    check(vec![paused(binance(5), 30), paused(binance(121), 60)], Answering::Paused);
    check(vec![paused(binance(5), 30), binance(5)], Answering::Up);
    check(vec![paused(binance(121), 30), binance(121)], Answering::Failing);
    check(vec![paused(binance(5), 0)], Answering::Up);
}

/// What rounds have found, minutes ago.
fn rounds(mode: Mode, rounds: &[(i64, bool)]) -> VenueAnswers {
    let none = VenueAnswers::of("BINANCE".parse().unwrap(), mode);
    let ago = |minutes: i64| NOW.minus(Millis::seconds(minutes * 60));
    rounds.iter().fold(none, |answers, (minutes, answered)| answers.after(*answered, ago(*minutes)))
}

#[test]
fn an_exchange_that_two_rounds_have_asked_in_vain_fails() {
    let on = |mode| {
        let (account, state) = at("BINANCE", 20);
        (account, AccountState { mode: Some(mode), ..state })
    };
    let check = |accounts: &[(Account, AccountState)], answers: Vec<VenueAnswers>, answering: Answering| {
        let world = with(accounts.to_vec());
        for answers in answers {
            played(&world, |world| async move { Vault(&world).keep_answers(&answers).await.unwrap() });
        }
        let venue = only(&world);
        assert_eq!(venue.answering(), answering, "{venue:?}");
        venue
    };
    let failing = || rounds(Mode::Live, &[(20, true), (15, false), (10, false)]);
    let told = check(&[on(Mode::Live)], vec![failing()], Answering::Failing);
    let ago = |minutes: i64| Some(NOW.minus(Millis::seconds(minutes * 60)));
    assert_eq!(
        (told.answered_at, told.failed_at),
        (ago(20), ago(10)),
        "within the hour in which its account was noted"
    );
    check(&[on(Mode::Live)], vec![rounds(Mode::Live, &[(20, true), (15, false)])], Answering::Up);
    let back = check(&[on(Mode::Live)], vec![failing().after(true, NOW)], Answering::Up);
    assert_eq!(back.answered_at, Some(NOW));
    let well = || rounds(Mode::Testnet, &[(5, true)]);
    check(&[on(Mode::Live), on(Mode::Testnet)], vec![failing(), well()], Answering::Failing);
    check(&[on(Mode::Testnet)], vec![failing(), well()], Answering::Up);
    check(&[on(Mode::Testnet), disabled(on(Mode::Live))], vec![failing(), well()], Answering::Up);
    check(&[paused(on(Mode::Live), 30)], vec![failing()], Answering::Paused);
}

#[test]
fn accounts_are_counted_for_each_exchange() {
    let told = told(&with([
        at("BINANCE", 5),
        bad(at("BINANCE", 3)),
        halted(at("BINANCE", 130), None),
        disabled(at("BINANCE", 130)),
        looked_at(at("ETHEREUM", 5)),
        paused(at("KRAKEN", 7), 60),
        paused(at("KRAKEN", 9), 30),
    ]));
    let of = |exchange: &str| told.venues[&exchange.parse::<Exchange>().unwrap()];
    let ago = |minutes: i64| Some(NOW.minus(Millis::seconds(minutes * 60)));
    let binance = Venue { accounts: 4, entering: 2, bad: 1, checked: 3, unchecked: 1, ..Venue::default() };
    assert_eq!(of("BINANCE"), Venue { answered_at: ago(3), ..binance });
    let kraken = Venue { accounts: 2, entering: 2, checked: 2, answered_at: ago(7), ..Venue::default() };
    assert_eq!(of("KRAKEN"), Venue { paused: 2, paused_until: Some(NOW.plus(Millis::seconds(60))), ..kraken });
    assert_eq!((told.venues.len(), told.left, told.unlisted.is_none()), (2, 0, true));
}

#[test]
fn more_accounts_than_are_looked_at_are_told() {
    let told = told(&with((0..507).map(|_| at("BINANCE", 5))));
    let counted: u32 = told.venues.values().map(|venue| venue.accounts).sum();
    assert_eq!((counted, told.left), (500, 7));
}

#[test]
fn what_cannot_be_read_keeps_back_nothing_else() {
    let world = with([at("BINANCE", 5), at("KRAKEN", 5), at("COINBASE", 5)]);
    world.set_unreadable(id(1).as_str(), true);
    let seen = told(&world);
    let names: Vec<_> = seen.venues.keys().map(Exchange::as_str).collect();
    assert_eq!((names, seen.left), (vec!["BINANCE", "COINBASE"], 1));
    world.set_down("get", true);
    assert_eq!(told(&world), Venues { left: 3, ..Venues::default() });
    world.set_down("query", true);
    let unlisted = Some(StoreError::Unavailable("query: nobody answers".to_owned()));
    assert_eq!(told(&world), Venues { unlisted, ..Venues::default() });
}

#[test]
fn nothing_is_read_that_may_come_when_whoever_asked_is_gone() {
    const LATEST: Millis = Millis::seconds(7);
    let seen = |takes: Millis, accounts: usize| {
        let world = slow(takes, (0..accounts).map(|_| at("BINANCE", 5)));
        let told = told(&world);
        let read = told.venues.values().next().map_or(0, |venue| venue.accounts);
        assert_eq!(usize::try_from(read).unwrap() + told.left, accounts);
        // The last accounts are followed by what rounds have found.
        assert!(world.sim().now() <= NOW.plus(LATEST).plus(takes).plus(takes));
        read
    };
    // The last ones begin three seconds before the end: after their list at once, or behind others.
    assert_eq!(seen(LATEST, 2), 2);
    assert_eq!(seen(LATEST.plus(Millis::new(1)), 2), 0);
    assert!((3..400).contains(&seen(Millis::seconds(1), 400)));
}
