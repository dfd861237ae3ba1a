use super::*;
use crate::ports::{Audit, KeptAccount};
use domain::account::Account;
use domain::chain::HeldAddress;
use domain::clock::Timestamp;
use domain::ids::{AttemptId, UserId};
use domain::vault::{AccountState, Mode};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);

/// Every version that was ever kept; the last of a name is the one that stands.
#[derive(Default)]
struct Shelf {
    kept: RefCell<Vec<KeptRoute>>,
    audits: RefCell<Vec<Audit>>,
    /// How often another is first.
    races: Cell<u32>,
}

impl LoadRoute for Shelf {
    async fn load_route(&self, _: &UserId, name: &RouteName) -> Result<Option<KeptRoute>, StoreError> {
        Ok(self.kept.borrow().iter().rfind(|route| route.at.name == *name).cloned())
    }
}

impl ListRoutes for Shelf {
    async fn list_routes(&self, user: &UserId) -> Result<Vec<KeptRoute>, StoreError> {
        let mut names: Vec<_> = self.kept.borrow().iter().map(|route| route.at.name.clone()).collect();
        names.sort();
        names.dedup();
        let mut newest = Vec::new();
        for name in names {
            newest.extend(self.load_route(user, &name).await?.filter(|route| !route.deleted));
        }
        Ok(newest)
    }
}

impl KeepRoute for Shelf {
    async fn keep_route(&self, route: &KeptRoute, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        if self.races.get() > 0 {
            self.races.set(self.races.get() - 1);
            return Ok(false);
        }
        let before = self.load_route(&route.user, &route.at.name).await?;
        assert_eq!(before.map(|before| before.at.version), seen);
        self.kept.borrow_mut().push(route.clone());
        self.audits.borrow_mut().push(audit.clone());
        Ok(true)
    }
}

/// One's own: two at the paper venue, two at Binance, of which one is for tests, and one that only looks at an address.
impl ListKeptAccounts for Shelf {
    async fn list_kept_accounts(&self, user: &UserId) -> Result<Vec<KeptAccount>, StoreError> {
        let of = |name: &str, exchange: &str, mode| KeptAccount {
            account: own(user, name, exchange),
            state: AccountState { mode: Some(mode), ..AccountState::default() },
            key: None,
        };
        let mut looking = of("looking", "ETHEREUM", Mode::Live);
        let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap();
        looking.state.address = Some(HeldAddress { address, proven_at: None, challenge: None, fault: None });
        Ok(vec![
            of("a", "PAPER", Mode::Paper),
            of("b", "PAPER", Mode::Paper),
            of("live", "BINANCE", Mode::Live),
            of("testnet", "BINANCE", Mode::Testnet),
            looking,
        ])
    }
}

fn own(user: &UserId, name: &str, exchange: &str) -> Account {
    let nothing = domain::money::Amount::ZERO;
    let limits = domain::account::AccountLimits {
        open_groups_max: 1,
        exposure_max: nothing,
        order_quote_max: nothing,
        day_loss_max: nothing,
        leverage_max: domain::market::Leverage::ONE,
    };
    Account {
        id: id(name),
        user: user.clone(),
        exchange: exchange.parse().unwrap(),
        label: name.to_owned(),
        limits,
        balances: Default::default(),
        balance_at: NOW,
        balance_told_at: NOW,
        filled_at: NOW,
        fills: 0,
        reserved: Default::default(),
        open_groups: 0,
        exposure: nothing,
        day_loss: domain::account::DayLoss { day: 0, amount: nothing },
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        halted: None,
        pass_slot: 0,
        live: Default::default(),
        exits: Default::default(),
        cooldowns: Default::default(),
        venue_paused_until: None,
        limited: false,
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}

fn act() -> Act<'static> {
    static WHO: LazyLock<(UserId, AttemptId)> = LazyLock::new(|| (UserId::of(&["user"]), AttemptId::new("attempt")));
    Act { user: &WHO.0, attempt: &WHO.1, now: NOW, address: None, in_person: false }
}

fn id(name: &str) -> AccountId {
    AccountId::of(&[name])
}

fn name(text: &str) -> RouteName {
    text.parse().unwrap()
}

fn among(accounts: &[&str], split: bool) -> Route {
    Route::new(accounts.iter().map(|of| id(of)).collect(), "0.5".parse().unwrap(), split).unwrap()
}

#[test]
fn a_route_is_kept_changed_and_taken_away_on_record() {
    let (shelf, best) = (Shelf::default(), name("best"));
    let (first, second) = (among(&["a", "b"], false), among(&["b", "a"], true));
    assert_eq!(run(find(&shelf, &best, act())), Err(RouteError::Unknown), "there is none by itself");
    assert_eq!(run(create(&shelf, &best, &first, act())).unwrap().at.version, 1);
    assert_eq!(run(create(&shelf, &best, &second, act())), Err(RouteError::Duplicate));
    assert_eq!(run(put(&shelf, &best, &second, Some(7), act())), Err(RouteError::VersionConflict(1)));
    shelf.races.set(1);
    assert!(
        matches!(run(put(&shelf, &best, &second, Some(1), act())), Ok(Put::Replaced(kept)) if kept.at.version == 2)
    );
    assert!(matches!(run(put(&shelf, &best, &second, None, act())), Ok(Put::Same(kept)) if kept.at.version == 2));
    assert_eq!(run(list(&shelf, act())).unwrap().len(), 1);
    assert_eq!(run(delete(&shelf, &best, Some(1), act())), Err(RouteError::VersionConflict(2)));
    run(delete(&shelf, &best, Some(2), act())).unwrap();
    assert_eq!(run(delete(&shelf, &best, None, act())), Err(RouteError::Unknown));
    assert!(matches!(run(put(&shelf, &best, &first, Some(0), act())), Ok(Put::Created(kept)) if kept.at.version == 4));
    let told: Vec<_> = shelf.audits.borrow().iter().map(|audit| (audit.action.clone(), audit.after.clone())).collect();
    let said = |accounts: [&str; 2], version: u32, split: &str| {
        Some(format!("version {version}: {}, {} within 0.5 %{split}", id(accounts[0]), id(accounts[1])))
    };
    let expected = [
        ("create route", said(["a", "b"], 1, "")),
        ("change route", said(["b", "a"], 2, ", split")),
        ("delete route", Some("version 3, deleted".to_owned())),
        ("create route", said(["a", "b"], 4, "")),
    ];
    assert_eq!(told, expected.map(|(action, after)| (action.to_owned(), after)));
}

#[test]
fn its_accounts_are_ones_own_can_trade_and_are_in_one_mode() {
    let shelf = Shelf::default();
    let refused = |accounts: &[&str]| run(create(&shelf, &name("r"), &among(accounts, true), act())).unwrap_err();
    assert_eq!(refused(&["a", "foreign"]), RouteError::NoAccount(id("foreign")));
    assert_eq!(refused(&["live", "looking"]), RouteError::CannotTrade(id("looking")));
    assert_eq!(refused(&["live", "testnet"]), RouteError::Modes(id("testnet"), id("live")));
    assert_eq!(refused(&["a", "live"]), RouteError::Modes(id("live"), id("a")));
    assert!(shelf.kept.borrow().is_empty());
}

#[test]
fn no_more_are_kept_than_may_be() {
    let shelf = Shelf::default();
    for number in 0..limits::ROUTES_PER_USER_MAX {
        run(create(&shelf, &name(&format!("r{number}")), &among(&["a", "b"], true), act())).unwrap();
    }
    assert_eq!(run(create(&shelf, &name("more"), &among(&["a", "b"], true), act())), Err(RouteError::TooMany));
    assert_eq!(run(put(&shelf, &name("more"), &among(&["a", "b"], true), None, act())), Err(RouteError::TooMany));
}
