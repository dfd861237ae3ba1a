mod addresses;
mod keys;
mod limits;
mod persons;

use super::opened::account;
use super::*;
use crate::ports::{Audit, Book, KeptToken, KeptWallet, Notify, StoreError};
use domain::account::AccountLimits;
use domain::bot::{Bot, Confidence, Ended, LogEntry, Run, Strategy, Terms};
use domain::chain::{ChainFault, Unproven};
use domain::clock::Timestamp;
use domain::ids::{AttemptId, BotId, NoticeId, RunId, Sha, TokenId, UserId};
use domain::market::{Asset, Interval, MarketKey};
use domain::notice::{Notice, Topic};
use domain::series::Series;
use domain::token::{Grant, WebhookToken};
use domain::vault::KeyFault;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use wire::wallet::Definition;

/// A user's accounts, and what was put on record.
#[derive(Default)]
struct Desk {
    kept: RefCell<Vec<KeptAccount>>,
    books: RefCell<Vec<Book>>,
    records: RefCell<Vec<String>>,
    /// Changes that another one comes before.
    races: Cell<u32>,
    /// What its owner was told of.
    notices: RefCell<Vec<Topic>>,
    /// Definitions that were taken away.
    gone: RefCell<Vec<&'static str>>,
    tokens: RefCell<Vec<KeptToken>>,
    /// Runs of bots, and how often one has begun beside what is asked of the desk.
    runs: RefCell<Vec<Run>>,
    begun: Cell<u64>,
    /// One that begins before the next change is kept.
    begins: RefCell<Option<Run>>,
}

impl Desk {
    fn loses(&self) -> bool {
        let left = self.races.get();
        self.races.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether bots were seen as they are.
    fn bots_are(&self, seen: u64) -> bool {
        if let Some(run) = self.begins.take() {
            self.runs.borrow_mut().push(run);
            self.begun.set(self.begun.get() + 1);
        }
        seen == self.begun.get()
    }

    fn note(&self, audit: &Audit) {
        self.records.borrow_mut().push(audit.action.clone());
    }
}

impl ListKeptAccounts for Desk {
    async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError> {
        Ok(self.kept.borrow().iter().filter(|kept| kept.account.user == *user).cloned().collect())
    }
}

/// What is built in, but for an exchange that is not active, a chain that an admin has made active, one of which nobody
/// has said which it is, and an exchange that asks for signatures and not for keys.
impl ListWallets for Desk {
    async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError> {
        let built_in = Definition::built_in().unwrap();
        let coinbase = Definition { is_active: false, ..built_in[2].clone() };
        let ethereum = Definition { is_active: true, ..built_in[4].clone() };
        let mut bitcoin = Definition { provider: "bitcoin".to_owned(), ..ethereum.clone() };
        bitcoin.provider_config.chain = None;
        let mut swap = Definition { kind: "DEX".to_owned(), provider: "swap".to_owned(), ..built_in[1].clone() };
        swap.provider_config.auth_type = "web3".to_owned();
        let kept = |definition: Definition| {
            let provider = definition.provider().unwrap();
            let deleted = self.gone.borrow().contains(&provider.as_str());
            KeptWallet { provider, definition, version: 1, created_at: None, updated_at: None, deleted }
        };
        Ok([coinbase, ethereum, bitcoin, swap].map(kept).into())
    }
}

impl ListTokens for Desk {
    async fn list_tokens(&self, user: &UserId) -> Result<Vec<KeptToken>, StoreError> {
        Ok(self.tokens.borrow().iter().filter(|kept| kept.token.user == *user).cloned().collect())
    }
}

impl LoadBot for Desk {
    async fn load_bot(&self, user: &UserId, id: &BotId) -> Result<Option<Bot>, StoreError> {
        Ok(self.list_bots(user).await?.into_iter().find(|bot| bot.id == *id))
    }

    async fn all_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError> {
        Ok(self.runs.borrow().iter().filter(|run| run.user == *user).map(bot_of).collect())
    }
}

impl CountRunning for Desk {
    async fn bots_running(&self, user: &UserId) -> Result<u32, StoreError> {
        let running = self.list_bots(user).await?.into_iter().filter(|bot| bot.running).count();
        Ok(u32::try_from(running).unwrap())
    }

    async fn bot_changes(&self, _: &UserId) -> Result<u64, StoreError> {
        Ok(self.begun.get())
    }
}

impl LoadRun for Desk {
    async fn load_run(&self, _: &UserId, id: &RunId) -> Result<Option<Run>, StoreError> {
        Ok(self.runs.borrow().iter().find(|run| run.id == *id).cloned())
    }

    async fn list_runs(&self, _: &UserId, _: &PageRequest) -> Result<Page<Run>, StoreError> {
        Ok(Page { items: self.runs.borrow().clone(), next: None })
    }

    async fn list_run_log(&self, _: &UserId, _: &RunId, _: &PageRequest) -> Result<Page<LogEntry>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
}

/// The bot that this run is of.
fn bot_of(run: &Run) -> Bot {
    Bot {
        id: run.bot.clone(),
        user: run.user.clone(),
        version: 2,
        name: "hourly".parse().unwrap(),
        terms: run.terms.clone(),
        created_at: NOW,
        updated_at: NOW,
        updated_by: run.user.clone(),
        run: Some(run.id.clone()),
        running: run.ended.is_none(),
        deleted: false,
    }
}

/// A run that trades with this account.
fn run_with(account: &Account) -> Run {
    let market = MarketKey { exchange: account.exchange.clone(), symbol: "BTC/USDT".parse().unwrap() };
    let terms = Terms {
        account: account.id.clone(),
        series: Series { market, interval: Interval::OneHour },
        strategy: Strategy { name: "RSI_CROSS".to_owned(), ..Strategy::default() },
        preset: None,
        plan: "{}".to_owned(),
        confidence_min: Confidence::ZERO,
    };
    Run {
        id: RunId::at(NOW, &["run"]),
        bot: BotId::at(NOW, &["bot"]),
        user: account.user.clone(),
        version: 1,
        terms,
        label: account.label.clone(),
        lane: "lane".to_owned(),
        started_at: NOW,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: NOW,
        candles: 0,
        signals: 0,
        last: None,
        raised: None,
        failing: None,
    }
}

impl OpenAccount for Desk {
    async fn open_account(&self, kept: &KeptAccount, book: Option<&Book>, audit: &Audit) -> Result<bool, StoreError> {
        self.note(audit);
        self.kept.borrow_mut().push(kept.clone());
        self.books.borrow_mut().extend(book.cloned());
        Ok(!self.loses())
    }
}

impl Notify for Desk {
    async fn notify(&self, notice: &Notice) -> Result<(), StoreError> {
        self.notices.borrow_mut().push(notice.topic);
        Ok(())
    }
    async fn take_back(&self, _: &UserId, _: &NoticeId) -> Result<(), StoreError> {
        Ok(())
    }
}

impl ChangeAccount for Desk {
    async fn change_account(
        &self,
        seen: &KeptAccount,
        to: &KeptAccount,
        idle: Idle,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        if self.loses() || idle.bots.is_some_and(|seen| !self.bots_are(seen)) {
            return Ok(false);
        }
        self.note(audit);
        let mut kept = self.kept.borrow_mut();
        let may = |kept: &KeptAccount| idle.groups == Groups::Any || kept.account.open_groups == 0;
        let found = kept.iter_mut().find(|kept| *kept == seen && may(kept));
        Ok(found.map(|kept| *kept = to.clone()).is_some())
    }

    async fn close_account(&self, seen: &KeptAccount, bots: u64, audit: &Audit) -> Result<bool, StoreError> {
        if !self.bots_are(bots) {
            return Ok(false);
        }
        self.note(audit);
        self.kept.borrow_mut().retain(|kept| kept != seen);
        Ok(!self.loses())
    }
}

/// Nothing here waits.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("a desk answers at once"),
    }
}

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);
static WHO: std::sync::LazyLock<(UserId, AttemptId)> =
    std::sync::LazyLock::new(|| (UserId::of(&["ann"]), AttemptId::new("try")));

fn act() -> Act<'static> {
    Act { user: &WHO.0, attempt: &WHO.1, now: NOW, address: None, in_person: true }
}

fn new(exchange: &str, label: &str, mode: Mode) -> NewAccount {
    let start = start(mode, "5000".parse().ok()).unwrap();
    let limits = usual_limits().unwrap();
    NewAccount { exchange: exchange.parse().unwrap(), label: label.to_owned(), mode, limits, start }
}

fn paper(desk: &Desk, label: &str) -> KeptAccount {
    done(connect(desk, new("PAPER", label, Mode::Paper), act())).unwrap()
}

fn enable(desk: &Desk, id: &AccountId) -> Result<KeptAccount, AccountError> {
    done(change(desk, id, &Changed { enabled: Some(true), label: None }, None, act()))
}

#[test]
fn a_paper_account_has_a_book_and_enters_once_it_is_validated_and_enabled() {
    let desk = Desk::default();
    let kept = paper(&desk, "default");
    assert_eq!((kept.state.enabled, kept.state.validated, kept.state.version), (false, false, 1));
    let book = desk.books.borrow()[0].clone();
    assert_eq!(book.balances.values().map(|held| held.free).collect::<Vec<_>>(), ["5000".parse().unwrap()]);
    let id = &kept.account.id;
    assert_eq!(enable(&desk, id), Err(AccountError::NotValidated));
    // As key-check does.
    desk.kept.borrow_mut()[0].state.validated = true;
    let enabled = enable(&desk, id).unwrap();
    assert!(enabled.state.may_enter());
    assert_eq!(enabled.state.version, 2);
    assert_eq!(*desk.records.borrow(), ["connect account", "change account"]);
}

#[test]
fn a_second_click_makes_no_second_account() {
    let desk = Desk::default();
    paper(&desk, "default");
    assert_eq!(done(connect(&desk, new("PAPER", "default", Mode::Paper), act())), Err(AccountError::Duplicate));
    assert!(done(connect(&desk, new("BINANCE", "default", Mode::Testnet), act())).is_ok(), "another exchange's");
    for number in 2..bounds::ACCOUNTS_PER_USER_MAX {
        paper(&desk, &number.to_string());
    }
    assert_eq!(done(connect(&desk, new("PAPER", "more", Mode::Paper), act())), Err(AccountError::TooMany));
}

#[test]
fn a_mode_is_of_its_venue() {
    let desk = Desk::default();
    for (exchange, mode) in [("PAPER", Mode::Live), ("PAPER", Mode::Testnet), ("KRAKEN", Mode::Paper)] {
        let refused = done(connect(&desk, new(exchange, "default", mode), act()));
        assert!(matches!(refused, Err(AccountError::Mode { .. })), "{exchange} {mode}");
    }
}

#[test]
fn an_account_that_a_bot_trades_with_stays_until_that_is_stopped() {
    let desk = Desk::default();
    let kept = done(connect(&desk, new("BINANCE", "default", Mode::Live), act())).unwrap();
    let other = done(connect(&desk, new("BINANCE", "second", Mode::Live), act())).unwrap();
    *desk.runs.borrow_mut() = vec![run_with(&kept.account)];
    let switched = |mode| done(set_mode(&desk, &kept.account.id, mode, None, act()));
    assert_eq!(switched(Mode::Testnet), Err(AccountError::BotsRun(1)), "it would go on there");
    assert_eq!(switched(Mode::Live).map(|kept| kept.state.mode), Ok(Some(Mode::Live)), "nothing changes");
    assert_eq!(done(remove(&desk, &kept.account.id, None, act())), Err(AccountError::BotsRun(1)));
    assert_eq!(done(remove(&desk, &other.account.id, None, act())), Ok(()));
    desk.runs.borrow_mut()[0].ended = Some(Ended { at: NOW, by: WHO.0.clone(), reason: "enough".to_owned() });
    assert_eq!(done(remove(&desk, &kept.account.id, None, act())), Ok(()));
}

#[test]
fn a_bot_that_is_started_in_the_moment_of_a_switch_is_seen_by_it() {
    for (mode, removed) in [(Some(Mode::Live), false), (None, true)] {
        let desk = Desk::default();
        let kept = done(connect(&desk, new("BINANCE", "default", Mode::Testnet), act())).unwrap();
        *desk.begins.borrow_mut() = Some(run_with(&kept.account));
        let refused = match mode {
            Some(mode) => done(set_mode(&desk, &kept.account.id, mode, None, act())).map(drop),
            None => done(remove(&desk, &kept.account.id, None, act())),
        };
        assert_eq!(refused, Err(AccountError::BotsRun(1)), "removed: {removed}");
        assert_eq!(*desk.kept.borrow(), [kept]);
    }
}

#[test]
fn another_mode_takes_both_flags_and_waits_for_open_groups() {
    let desk = Desk::default();
    let kept = done(connect(&desk, new("BINANCE", "default", Mode::Live), act())).unwrap();
    let id = kept.account.id;
    desk.kept.borrow_mut()[0].state.enabled = true;
    desk.kept.borrow_mut()[0].state.validated = true;
    desk.kept.borrow_mut()[0].account.open_groups = 2;
    assert_eq!(done(set_mode(&desk, &id, Mode::Testnet, None, act())), Err(AccountError::GroupsOpen(2)));
    assert_eq!(done(remove(&desk, &id, None, act())), Err(AccountError::GroupsOpen(2)));
    desk.kept.borrow_mut()[0].account.open_groups = 0;
    let same = done(set_mode(&desk, &id, Mode::Live, None, act())).unwrap();
    assert_eq!((same.state.enabled, same.state.version), (true, 1), "it is on that side already");
    let switched = done(set_mode(&desk, &id, Mode::Testnet, Some(1), act())).unwrap();
    let AccountState { enabled, validated, mode, version, .. } = switched.state;
    assert_eq!((enabled, validated, mode, version), (false, false, Some(Mode::Testnet), 2));
    assert_eq!(
        done(set_mode(&desk, &id, Mode::Paper, None, act())).map(drop).unwrap_err().to_string(),
        "must be testnet or live at BINANCE"
    );
}

#[test]
fn account_that_switches_modes_knows_no_balance() {
    let desk = Desk::default();
    let kept = done(connect(&desk, new("BINANCE", "default", Mode::Live), act())).unwrap();
    with_balance(&desk);
    let same = done(set_mode(&desk, &kept.account.id, Mode::Live, None, act())).unwrap();
    assert_eq!((same.account.balances.len(), same.account.balance_at), (1, NOW));
    let switched = done(set_mode(&desk, &kept.account.id, Mode::Testnet, None, act())).unwrap();
    knows_no_balance(&switched.account);
}

fn with_balance(desk: &Desk) {
    let account = &mut desk.kept.borrow_mut()[0].account;
    account.balances = BTreeMap::from([("USDT".parse().unwrap(), "900".parse().unwrap())]);
}

/// Nor is one written that was asked for before.
fn knows_no_balance(account: &Account) {
    let nothing = (BTreeMap::new(), Timestamp::default(), Timestamp::default(), NOW);
    let Account { balances, balance_at, balance_told_at, filled_at, .. } = account.clone();
    assert_eq!((balances, balance_at, balance_told_at, filled_at), nothing);
    assert_eq!(account.balance_for_shares(NOW).unwrap_err().reason, "balance_old");
}

#[test]
fn an_account_of_an_exchange_is_the_named_one_else_default_else_the_only_one() {
    let desk = Desk::default();
    let exchange = "PAPER".parse().unwrap();
    let found = |label: Option<&str>| done(at(&desk, &exchange, label, act())).map(|kept| kept.account.label);
    assert_eq!(found(None), Err(AccountError::Unknown));
    paper(&desk, "one");
    assert_eq!((found(None), found(Some("two"))), (Ok("one".to_owned()), Err(AccountError::Unknown)));
    paper(&desk, "two");
    assert_eq!((found(None), found(Some("two"))), (Err(AccountError::Ambiguous), Ok("two".to_owned())));
    paper(&desk, "default");
    assert_eq!(found(None), Ok("default".to_owned()));
}

#[test]
fn a_change_is_meant_for_a_version_and_made_anew_after_a_lost_race() {
    let desk = Desk::default();
    let id = paper(&desk, "one").account.id;
    paper(&desk, "two");
    let rename = |label: &str, seen| {
        done(change(&desk, &id, &Changed { label: Some(label.to_owned()), enabled: None }, seen, act()))
    };
    assert_eq!(rename("other", Some(7)), Err(AccountError::VersionConflict(1)));
    assert_eq!(rename("two", None), Err(AccountError::Duplicate));
    desk.races.set(2);
    assert_eq!(rename("other", None).unwrap().account.label, "other");
    assert_eq!(rename("other", None).unwrap().state.version, 2, "nothing was to be changed");
    desk.races.set(u32::MAX);
    assert_eq!(rename("third", None), Err(AccountError::Contended));
}

/// By its revocation, and its end.
fn bound(account: Option<&str>, revoked_at: Option<Timestamp>, expires_at: Option<Timestamp>) -> KeptToken {
    let token = WebhookToken {
        id: TokenId::of(&["chart"]),
        user: WHO.0.clone(),
        hash: Sha::of_bytes(b"secret"),
        account: account.map(str::to_owned),
        exchange: None,
        expires_at,
        grant: Grant::default(),
    };
    let (label, version) = (Some("chart".to_owned()), 1);
    KeptToken { token, label, hint: None, created_at: None, version, replaced: false, revoked_at }
}

#[test]
fn no_account_comes_under_a_label_that_a_webhook_token_is_bound_to() {
    let desk = Desk::default();
    let id = paper(&desk, "main").account.id;
    let rename = || {
        let label = Some("practice".to_owned());
        done(change(&desk, &id, &Changed { label, enabled: None }, None, act())).map(|kept| kept.account.label)
    };
    desk.tokens.borrow_mut().push(bound(Some("practice"), None, None));
    let refused = AccountError::LabelOfToken("chart".to_owned());
    assert_eq!(rename(), Err(refused.clone()));
    assert_eq!(done(connect(&desk, new("PAPER", "practice", Mode::Paper), act())), Err(refused));
    let on = done(change(&desk, &id, &Changed { label: Some("main".to_owned()), enabled: None }, None, act()));
    assert!(on.is_ok(), "its own label is no other: {on:?}");
    let at = |exchange: &str| {
        let kept = bound(Some("practice"), None, None);
        KeptToken { token: WebhookToken { exchange: exchange.parse().ok(), ..kept.token }, ..kept }
    };
    for one_house in ["PAPER", "PAPERUSDM"] {
        *desk.tokens.borrow_mut() = vec![at(one_house)];
        assert!(matches!(rename(), Err(AccountError::LabelOfToken(_))), "{one_house}");
    }
    for harmless in [
        at("BINANCE"),
        bound(None, None, None),
        bound(Some("other"), None, None),
        bound(Some("practice"), Some(NOW), None),
        bound(Some("practice"), None, Some(NOW)),
    ] {
        *desk.tokens.borrow_mut() = vec![harmless];
        assert_eq!(rename().as_deref(), Ok("practice"));
        done(change(&desk, &id, &Changed { label: Some("main".to_owned()), enabled: None }, None, act())).unwrap();
    }
}

#[test]
fn a_removed_account_and_anothers_are_not_there() {
    let desk = Desk::default();
    let id = paper(&desk, "one").account.id;
    let bob = UserId::of(&["bob"]);
    let foreign = Act { user: &bob, ..act() };
    assert_eq!(done(find(&desk, &id, foreign)), Err(AccountError::Unknown));
    assert_eq!(done(remove(&desk, &id, None, foreign)), Err(AccountError::Unknown));
    assert_eq!(done(remove(&desk, &id, Some(1), act())), Ok(()));
    assert_eq!(done(find(&desk, &id, act())), Err(AccountError::Unknown));
}

#[test]
fn an_account_is_connected_where_a_wallet_is_known_and_active() {
    let desk = Desk::default();
    let connect = |exchange: &str| done(connect(&desk, new(exchange, "default", Mode::Live), act()));
    assert!(matches!(connect("NOWHERE"), Err(AccountError::NoWallet(_))));
    assert!(matches!(connect("COINBASE"), Err(AccountError::Inactive(_))));
    assert!(matches!(connect("ETHEREUM"), Err(AccountError::AddressMissing(_))));
    assert!(matches!(connect("BITCOIN"), Err(AccountError::WalletNotSupported(_))), "it does not say which chain");
    assert!(connect("KRAKEN").is_ok());
    assert_eq!(*desk.records.borrow(), ["connect account"]);
}
