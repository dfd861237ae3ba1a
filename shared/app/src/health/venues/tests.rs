//! Exchanges by what the accounts there show, and reading that ends.

use super::*;
use crate::ports::Audit;
use domain::account::{Account, AccountLimits, DayLoss, Halt, KeptOut};
use domain::chain::HeldAddress;
use domain::ids::UserId;
use domain::limits::API_TIMEOUT;
use domain::money::Amount;
use domain::vault::KeyFault;
use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);
const LOOK: Look = Look { now: NOW, deadline: NOW.plus(API_TIMEOUT) };

/// A deployment where each read takes so long.
struct Given {
    at: Cell<Timestamp>,
    takes: Millis,
    accounts: Vec<(Account, AccountState)>,
    answers: Vec<VenueAnswers>,
    /// These cannot be read.
    lost: Vec<AccountId>,
    is_listed: bool,
}

impl Given {
    fn new(accounts: impl IntoIterator<Item = (Account, AccountState)>) -> Self {
        let accounts = accounts.into_iter().enumerate();
        let accounts = accounts.map(|(turn, (account, state))| (Account { id: id(turn), ..account }, state)).collect();
        Self {
            at: Cell::new(NOW),
            takes: Millis::ZERO,
            accounts,
            answers: Vec::new(),
            lost: Vec::new(),
            is_listed: true,
        }
    }

    fn told(&self) -> Venues {
        match pin!(venues(self, LOOK)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(told) => told,
            Poll::Pending => unreachable!("nothing here waits"),
        }
    }

    fn of(&self, account: &AccountId) -> Result<Option<&(Account, AccountState)>, StoreError> {
        if self.lost.contains(account) {
            Err(away())
        } else {
            Ok(self.accounts.iter().find(|(known, _)| known.id == *account))
        }
    }
}

impl Clock for Given {
    fn now(&self) -> Timestamp {
        self.at.get()
    }
}

impl ListEveryAccount for Given {
    async fn list_every_account(&self) -> Result<Vec<AccountId>, StoreError> {
        if self.is_listed {
            Ok(self.accounts.iter().map(|(account, _)| account.id.clone()).collect())
        } else {
            Err(away())
        }
    }
}

impl LoadAccount for Given {
    async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        self.at.set(self.at.get().plus(self.takes));
        Ok(self.of(account)?.map(|(account, _)| account.clone()))
    }
}

impl MindAccountState for Given {
    async fn load_account_state(&self, account: &AccountId) -> Result<Option<AccountState>, StoreError> {
        Ok(self.of(account)?.map(|(_, state)| state.clone()))
    }

    async fn keep_account_state(
        &self,
        _: &AccountId,
        _: &AccountState,
        _: &AccountState,
        _: Option<&Audit>,
    ) -> Result<bool, StoreError> {
        unreachable!("a look changes nothing")
    }
}

impl NoteAnswers for Given {
    async fn list_answers(&self) -> Result<Vec<VenueAnswers>, StoreError> {
        Ok(self.answers.clone())
    }

    async fn keep_answers(&self, _: &VenueAnswers) -> Result<(), StoreError> {
        unreachable!("a look changes nothing")
    }
}

fn away() -> StoreError {
    StoreError::Unavailable("throttled".to_owned())
}

fn id(turn: usize) -> AccountId {
    AccountId::of(&["ann", &turn.to_string()])
}

/// One that may enter, and was checked so many minutes ago.
fn at(exchange: &str, minutes: i64) -> (Account, AccountState) {
    let most: Amount = "1000".parse().unwrap();
    let account = Account {
        id: id(0),
        user: UserId::of(&["ann"]),
        exchange: exchange.parse().unwrap(),
        label: "default".to_owned(),
        limits: AccountLimits {
            open_groups_max: 1,
            exposure_max: most,
            order_quote_max: most,
            day_loss_max: most,
            leverage_max: domain::market::Leverage::ONE,
        },
        balances: BTreeMap::new(),
        balance_at: NOW,
        balance_told_at: NOW,
        filled_at: NOW,
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: NOW.day(), amount: Amount::ZERO },
        halted: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
    };
    let checked_at = Some(NOW.minus(Millis::seconds(minutes * 60)));
    (account, AccountState { enabled: true, validated: true, checked_at, ..AccountState::default() })
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

fn only(given: &Given) -> Venue {
    let told = given.told();
    assert_eq!((told.venues.len(), told.left), (1, 0));
    *told.venues.values().next().unwrap()
}

#[test]
fn an_exchange_is_told_by_the_accounts_there() {
    let check = |accounts: Vec<(Account, AccountState)>, answering: Answering| {
        let venue = only(&Given::new(accounts));
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
        let venue = only(&Given { answers, ..Given::new(accounts.to_vec()) });
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
    let given = Given::new([
        at("BINANCE", 5),
        bad(at("BINANCE", 3)),
        halted(at("BINANCE", 130), None),
        disabled(at("BINANCE", 130)),
        looked_at(at("ETHEREUM", 5)),
        paused(at("KRAKEN", 7), 60),
        paused(at("KRAKEN", 9), 30),
    ]);
    let told = given.told();
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
    let told = Given::new((0..ACCOUNTS_MAX + 7).map(|_| at("BINANCE", 5))).told();
    let counted: u32 = told.venues.values().map(|venue| venue.accounts).sum();
    assert_eq!((usize::try_from(counted).unwrap(), told.left), (ACCOUNTS_MAX, 7));
}

#[test]
fn what_cannot_be_read_keeps_back_nothing_else() {
    let mut given = Given::new([at("BINANCE", 5), at("KRAKEN", 5), at("COINBASE", 5)]);
    given.lost = vec![id(1)];
    let told = given.told();
    let names: Vec<_> = told.venues.keys().map(Exchange::as_str).collect();
    assert_eq!((names, told.left), (vec!["BINANCE", "COINBASE"], 1));
    given.is_listed = false;
    assert_eq!(given.told(), Venues { unlisted: Some(away()), ..Venues::default() });
}

#[test]
fn nothing_is_read_that_may_come_when_whoever_asked_is_gone() {
    let mut given = Given::new((0..20).map(|_| at("BINANCE", 5)));
    given.takes = Millis::seconds(1);
    let told = given.told();
    // The last one begins three seconds before the end.
    assert_eq!((told.venues.values().next().unwrap().accounts, told.left), (8, 12));
}
