//! Markets as exchanges list them: only what has changed is written, and no short answer takes them all away.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::markets::{begin, begin_at, refresh};
use app::ports::{ListVenueMarkets, VenueError};
use domain::account::Account;
use domain::clock::Millis;
use domain::ids::AccountId;
use domain::limits::{LIST_TIMEOUT, REFRESH_EVERY};
use domain::market::{Exchange, Market, MarketKey};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use store::market;
use store::trading::Trading;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;
use wire::key_check::Refreshed;

/// An exchange that lists what it is told to, or is away.
struct Lists {
    is_wanted: Cell<bool>,
    markets: RefCell<Option<Vec<Market>>>,
    asked: RefCell<Vec<Exchange>>,
}

impl ListVenueMarkets for Lists {
    fn lists(&self, exchange: &Exchange) -> bool {
        *exchange == binance()
    }

    fn wanted(&self) -> BTreeSet<Exchange> {
        let wanted = ["BINANCE", "PAPER", "NOWHERE"].into_iter().filter(|_| self.is_wanted.get());
        wanted.map(|exchange| exchange.parse().unwrap()).collect()
    }

    async fn list_venue_markets(&self, exchange: &Exchange) -> Result<Vec<Market>, VenueError> {
        self.asked.borrow_mut().push(exchange.clone());
        self.markets.borrow().clone().ok_or_else(|| VenueError::Unavailable("away".to_owned()))
    }
}

struct Case {
    world: World,
    market: Market,
    venue: Lists,
}

fn binance() -> Exchange {
    "BINANCE".parse().unwrap()
}

impl Case {
    fn of(&self, base: &str) -> Market {
        let key = MarketKey { exchange: binance(), symbol: format!("{base}/USDT").parse().unwrap() };
        Market { key, ..self.market.clone() }
    }

    fn lists(&self, bases: &[&str]) {
        *self.venue.markets.borrow_mut() = Some(bases.iter().map(|base| self.of(base)).collect());
    }

    async fn known(&self) -> Vec<String> {
        let markets = market::Market(&self.world).list_markets(&binance()).await.unwrap();
        markets.iter().map(|market| market.key.symbol.base.to_string()).collect()
    }

    async fn refresh(&self) -> (u32, u32, u32) {
        let Refreshed { written, removed, away, .. } = refresh(&self.world, &self.venue, |_| true).await.unwrap();
        (written, removed, away)
    }
}

/// With an account on paper and, where the case wants it, one at Binance.
fn check(with_account: bool, case: impl AsyncFnOnce(Case) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        if with_account {
            let known = Trading(&inner).load_account(&given.account).await.unwrap().unwrap();
            let account = Account { id: AccountId::of(&["there"]), exchange: binance(), ..known };
            inner.put_account(&account, app::ports::Standing { enabled: true, validated: true });
        }
        let venue = Lists { is_wanted: Cell::new(false), markets: RefCell::default(), asked: RefCell::default() };
        case(Case { world: inner, market: given.market, venue }).await;
    });
}

#[test]
fn what_has_changed_is_written_and_nothing_else() {
    check(true, async |case| {
        case.lists(&["A", "B", "C", "D", "E"]);
        assert_eq!(case.refresh().await, (5, 0, 0));
        assert_eq!(case.refresh().await, (0, 0, 0));
        market::Market(&case.world).keep_markets(&[Market { orders_max: Some(1), ..case.of("C") }]).await.unwrap();
        assert_eq!(case.refresh().await, (1, 0, 0));
        assert_eq!(
            market::Market(&case.world).list_markets(&binance()).await.unwrap()[2].orders_max,
            case.of("C").orders_max
        );
    });
}

#[test]
fn what_is_listed_no_more_goes_unless_much_would() {
    check(true, async |case| {
        case.lists(&["A", "B", "C", "D", "E"]);
        case.refresh().await;
        case.lists(&["A", "B", "C", "D"]);
        assert_eq!(case.refresh().await, (0, 1, 0));
        case.lists(&["A"]);
        assert_eq!(case.refresh().await, (0, 0, 1), "it is doubted");
        *case.venue.markets.borrow_mut() = None;
        assert_eq!(case.refresh().await, (0, 0, 1), "it is away");
        assert_eq!(case.known().await, ["A", "B", "C", "D"]);
    });
}

#[test]
fn an_exchange_without_an_account_is_not_asked() {
    check(false, async |case| {
        case.lists(&["A"]);
        assert_eq!(case.refresh().await, (0, 0, 0));
        assert!(case.venue.asked.borrow().is_empty());
    });
}

/// As the deployment says; what nobody here speaks to is no reason to fail.
#[test]
fn one_that_is_wanted_is_asked_without_an_account() {
    check(false, async |case| {
        case.lists(&["A"]);
        case.venue.is_wanted.set(true);
        let begun = begin(&case.world, &case.venue, &BTreeSet::new(), |_| true).await.unwrap();
        assert_eq!((begun.written, begun.away), (1, 0));
        case.lists(&["A", "B"]);
        assert_eq!(case.refresh().await, (1, 0, 0));
        assert_eq!(case.known().await, ["A", "B"]);
        assert_eq!(*case.venue.asked.borrow(), [binance(), binance()]);
    });
}

/// Whichever process was asked to: its account's row says so.
#[test]
fn an_exchange_that_has_asked_to_be_left_alone_is_asked_for_no_list() {
    check(true, async |case| {
        case.lists(&["A"]);
        let there = AccountId::of(&["there"]);
        let until = case.world.sim().now().plus(Millis::seconds(60));
        assert!(Trading(&case.world).keep_venue_pause(&there, until, until).await.unwrap());
        let account = Trading(&case.world).load_account(&there).await.unwrap().unwrap();
        assert_eq!(case.refresh().await, (0, 0, 1), "it is away");
        assert_eq!(begin_at(&case.world, &case.venue, &account, |_| true).await.unwrap(), Refreshed::default());
        assert!(case.venue.asked.borrow().is_empty());
        case.world.sim().sleep(Millis::seconds(60)).await;
        assert_eq!(begin_at(&case.world, &case.venue, &account, |_| true).await.unwrap().written, 1);
        assert_eq!(case.refresh().await, (0, 0, 0));
    });
}

#[test]
fn the_markets_of_a_first_account_are_fetched_once() {
    check(true, async |case| {
        case.lists(&["A", "B"]);
        let there: BTreeSet<Exchange> = [binance(), "PAPER".parse().unwrap(), "NOWHERE".parse().unwrap()].into();
        let mut begun = Vec::new();
        for _ in 0..2 {
            begun.push(begin(&case.world, &case.venue, &there, |_| true).await.unwrap().written);
        }
        assert_eq!(begun, [2, 0]);
        assert_eq!(*case.venue.asked.borrow(), [binance()]);
    });
}

/// Says that there is time so many times.
fn times(left: u32) -> impl Fn(Millis) -> bool {
    let left = Cell::new(left);
    move |_| left.replace(left.get().saturating_sub(1)) > 0
}

#[test]
fn thousands_of_markets_are_written_by_many_at_once() {
    check(true, async |case| {
        let all: Vec<String> = (0..2_000).map(|turn| format!("C{turn}")).collect();
        case.lists(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let (asked, there) = (Cell::new(0), BTreeSet::from([binance()]));
        let has_time = |_| {
            asked.set(asked.get() + 1);
            true
        };
        let begun = begin(&case.world, &case.venue, &there, has_time).await.unwrap();
        assert_eq!((begun.written, case.known().await.len()), (2_000, 2_000));
        assert_eq!(asked.get(), 1 + 20, "four writes at once, of 25 each, which is the most that the store takes");
    });
}

#[test]
fn a_first_listing_that_was_cut_short_is_gone_on_with() {
    check(true, async |case| {
        let all: Vec<String> = (0..250).map(|turn| format!("C{turn}")).collect();
        case.lists(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let (there, mut written) = (BTreeSet::from([binance()]), Vec::new());
        // Whether to begin, and then before each hundred.
        for left in [2, 2, 9, 9] {
            written.push(begin(&case.world, &case.venue, &there, times(left)).await.unwrap().written);
        }
        assert_eq!(written, [100, 100, 50, 0]);
        assert_eq!(case.venue.asked.borrow().len(), 3, "and once all are kept nobody asks");
        assert_eq!(case.known().await.len(), 250);
    });
}

#[test]
fn a_refresh_that_has_no_time_left_goes_on_next_time() {
    check(true, async |case| {
        let all: Vec<String> = (0..150).map(|turn| format!("C{turn}")).collect();
        case.lists(&all.iter().map(String::as_str).collect::<Vec<_>>());
        refresh(&case.world, &case.venue, times(2)).await.unwrap();
        assert_eq!(case.known().await.len(), 100);
        assert_eq!(case.refresh().await, (50, 0, 0));
    });
}

/// Exchanges that list one market each.
struct Several(RefCell<Vec<String>>, Market);

impl ListVenueMarkets for Several {
    fn lists(&self, exchange: &Exchange) -> bool {
        !exchange.is_paper()
    }

    fn wanted(&self) -> BTreeSet<Exchange> {
        BTreeSet::new()
    }

    async fn list_venue_markets(&self, exchange: &Exchange) -> Result<Vec<Market>, VenueError> {
        self.0.borrow_mut().push(exchange.to_string());
        let key = MarketKey { exchange: exchange.clone(), symbol: "A/USDT".parse().unwrap() };
        Ok(vec![Market { key, ..self.1.clone() }])
    }
}

/// With an account at each of three.
fn at_three(case: impl AsyncFnOnce(World, Several) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let known = Trading(&inner).load_account(&given.account).await.unwrap().unwrap();
        for exchange in ["BINANCE", "COINBASE", "KRAKEN"] {
            let (id, exchange) = (AccountId::of(&[exchange]), exchange.parse().unwrap());
            let standing = app::ports::Standing { enabled: true, validated: true };
            inner.put_account(&Account { id, exchange, ..known.clone() }, standing);
        }
        case(inner, Several(RefCell::default(), given.market)).await;
    });
}

#[test]
fn who_is_left_by_one_refresh_comes_first_in_a_later_one() {
    at_three(async |world, venue| {
        for _ in 0..3 {
            // Whether to begin, and before its one market.
            let refreshed = refresh(&world, &venue, times(2)).await.unwrap();
            assert_eq!((refreshed.exchanges, refreshed.left), (1, 2));
            world.sim().sleep(REFRESH_EVERY).await;
        }
        venue.0.borrow_mut().sort();
        assert_eq!(*venue.0.borrow(), ["BINANCE", "COINBASE", "KRAKEN"]);
    });
}

#[test]
fn an_exchange_that_cannot_be_kept_keeps_no_other_waiting() {
    at_three(async |world, venue| {
        world.set_down("batch_write", true);
        assert!(refresh(&world, &venue, |_| true).await.is_err());
        assert_eq!(venue.0.borrow().len(), 3, "each was asked");
    });
}

#[test]
fn no_list_is_begun_for_which_there_is_no_time() {
    at_three(async |world, venue| {
        let has_time = |call| call < LIST_TIMEOUT;
        let refreshed = refresh(&world, &venue, has_time).await.unwrap();
        assert_eq!((refreshed.exchanges, refreshed.left), (0, 3));
        begin(&world, &venue, &["KRAKEN".parse().unwrap()].into(), has_time).await.unwrap();
        assert!(venue.0.borrow().is_empty());
    });
}
