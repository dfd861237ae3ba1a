//! Every port in memory, stricter than the cloud.
//!
//! 1. A transaction has at most 40 changes, 4 MB, items of at most 400 kB, and one action an item; it may meet
//!    conflicts at random, and sometimes no end of them.
//! 2. Reads by key are consistent; lists by an index miss the newest writes; what stands in two partitions is read
//!    in two steps.
//! 3. FIFO queues deduplicate for five minutes, hold back a lane while one of its messages is out, and know no delay;
//!    the standard queue reorders and repeats.
//! 4. What the cloud would refuse is noted as a violation and fails the run, whatever the caller makes of it.

mod backtest;
mod books;
mod delivery;
mod due;
mod engine;
mod exchange;
mod group;
mod hand;
mod item;
mod judge;
mod lists;
mod looks;
mod net;
mod numbers;
mod objects;
mod paper;
mod parked;
mod people;
mod prices;
mod queue;
mod recovery;
mod seed;
mod send;
mod series;
mod table;
mod traffic;
mod view;
mod widen;
mod writes;

pub use backtest::Backtesting;
pub use books::NoBooks;
pub use exchange::Exchange;
pub use net::{
    BUSY, DEAR, EMPTY, HALTED, KEY, LISTS, MEMORY, NAMES, Net, PAUSE, PAUSE_READS, QUIET, TOO_LITTLE, UNLISTED,
    UNNAMED, UNPRICED, Ways,
};
pub use people::{DEPLOYMENT, SECRET};
pub use prices::Prices;
pub use queue::{Queue, Received};
pub use recovery::Snapshot;
pub use send::Queues;
pub use table::Table;
pub use traffic::Traffic;

use crate::one_thread::OneThread;
use crate::sim::{Op, Passage, Plan, Sim};
use app::ports::{Clock, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::market::{Filters, MarketKey};
use domain::money::Quantity;
use std::cell::{Cell, Ref, RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use store::idempotency::Once;
use store::trading::keys;

/// Begins the name under which the changes of one user are unreadable.
const CHANGES_OF: &str = "changes of ";

/// A handle to the world; all clones are the same one.
#[derive(Debug, Clone)]
pub struct World(OneThread<Rc<Inner>>, Option<Arc<Once>>);

#[derive(Debug)]
struct Inner {
    sim: Sim,
    strict: Strictness,
    table: RefCell<Table>,
    /// How often it was opened to be written.
    writes: Cell<u64>,
    objects: RefCell<BTreeMap<String, Vec<u8>>>,
    backtesting: RefCell<Backtesting>,
    queues: RefCell<Queues>,
    prices: RefCell<Prices>,
    traffic: RefCell<Traffic>,
    /// Calls that nobody answers.
    down: RefCell<BTreeSet<&'static str>>,
    /// By how much the venue's reads lag beyond what it says.
    lags: Cell<Lags>,
    /// Whether they ever did.
    has_lagged: Cell<bool>,
    /// Markets whose ticker nobody answers.
    hung: RefCell<BTreeSet<MarketKey>>,
    /// Rules of the venue's markets that nobody here may know yet.
    rules: RefCell<BTreeMap<MarketKey, Filters>>,
    /// Accounts and people whose rows nobody can read.
    unreadable: RefCell<BTreeSet<String>>,
    /// How often the table was restored.
    restores: Cell<u32>,
    /// How many stamps were made for writes that bring none.
    stamps: Cell<u64>,
    /// Calls that were made.
    calls: Cell<u32>,
}

/// How long reads of a venue miss what has happened, at the most: each kind by itself, and longer than the venue says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lags {
    pub orders: Millis,
    pub trades: Millis,
    pub balances: Millis,
}

/// How unpleasant the cloud and the venue are; rates are in thousandths.
#[derive(Debug, Clone, Copy, Default)]
pub struct Strictness {
    /// Commits that meet another transaction and are repeated.
    pub conflicts: u32,
    /// Commits that meet no end of them.
    pub contention: u32,
    /// The most writes that a list misses.
    pub lag_writes: u64,
    /// Messages of the standard queue that come twice.
    pub duplicates: u32,
    /// Requests that come twice to a venue that takes each client order id once for all.
    pub repeats: u32,
    /// How much later than asked a message of the standard queue comes, at the most.
    pub tardiness: Millis,
    /// For how long a venue's reads miss what it has accepted, at the most.
    pub read_lag: Millis,
    /// Whether all those are always as bad as they may be, and not thrown by dice.
    pub worst: bool,
}

impl World {
    pub fn new(sim: Sim, strict: Strictness) -> Self {
        let prices = Prices::from(sim.now());
        let (table, queues, traffic) = (RefCell::default(), RefCell::default(), RefCell::default());
        let (prices, restores) = (RefCell::new(prices), Cell::new(0));
        let (down, hung, objects) = (RefCell::default(), RefCell::default(), RefCell::default());
        let backtesting = RefCell::default();
        let (unreadable, rules) = (RefCell::default(), RefCell::default());
        let inner = Inner {
            sim,
            strict,
            table,
            writes: Cell::new(0),
            objects,
            backtesting,
            queues,
            prices,
            traffic,
            down,
            lags: Cell::default(),
            has_lagged: Cell::default(),
            hung,
            rules,
            unreadable,
            restores,
            stamps: Cell::default(),
            calls: Cell::default(),
        };
        let world = Self(OneThread::of(Rc::new(inner)), None);
        world.adopt_fresh();
        world
    }

    /// For one request that has a key.
    #[must_use]
    pub fn for_once(self, once: Arc<Once>) -> Self {
        Self(self.0, Some(once))
    }

    /// A world without faults, for whoever tests something else.
    pub fn calm() -> Self {
        Self::calm_at(Timestamp::from_millis(1_760_000_000_000))
    }

    /// The same, begun then.
    pub fn calm_at(start: Timestamp) -> Self {
        Self::new(Sim::new(Plan::calm(), start, false), Strictness::default())
    }

    /// Calls since this was last asked.
    pub fn calls_taken(&self) -> u32 {
        self.0.calls.take()
    }

    pub fn sim(&self) -> &Sim {
        &self.0.sim
    }

    pub fn queues(&self) -> RefMut<'_, Queues> {
        self.0.queues.borrow_mut()
    }

    pub fn prices(&self) -> RefMut<'_, Prices> {
        self.0.prices.borrow_mut()
    }

    /// What went to the venue.
    pub fn traffic(&self) -> Ref<'_, Traffic> {
        self.0.traffic.borrow()
    }

    pub(super) fn is_hung(&self, market: &MarketKey) -> bool {
        self.0.hung.borrow().contains(market)
    }

    /// From here on nobody answers when asked for this market's price, or for its orders, as long as it hangs.
    pub fn set_hung(&self, market: MarketKey, hung: bool) {
        let mut markets = self.0.hung.borrow_mut();
        if hung {
            markets.insert(market)
        } else {
            markets.remove(&market)
        };
    }

    /// From here on the venue takes what passes these rules alone, whatever rules of its market are known here.
    pub fn set_rules(&self, market: MarketKey, rules: Filters) {
        self.0.rules.borrow_mut().insert(market, rules);
    }

    /// Whether the market's own rules forbid a quantity.
    fn is_off_rules(&self, market: &MarketKey, quantity: Quantity) -> bool {
        let forbids = |rules: &Filters| rules.on_grid(quantity, None).is_err() || quantity < rules.quantity_min;
        self.0.rules.borrow().get(market).is_some_and(forbids)
    }

    /// Whether a row in memory cannot be read: a person's or an account's own.
    fn is_unreadable(&self, key: &store::Key) -> bool {
        let begins = match key.table {
            store::Table::Identity if key.sk == "U" => "USR#",
            store::Table::Trading if key.sk == keys::ACCOUNT => keys::OF_ACCOUNT,
            // An audit row: all rows of one user at once.
            _ if store::audit::is_row(key) => {
                let is_theirs = |whose: &String| whose.strip_prefix(CHANGES_OF).is_some_and(|id| key.pk.ends_with(id));
                return self.0.unreadable.borrow().iter().any(is_theirs);
            }
            _ => return false,
        };
        let unreadable = self.0.unreadable.borrow();
        unreadable.iter().any(|id| key.pk.strip_prefix(begins) == Some(id))
    }

    /// From here on nobody can read the row of this account or person, as long as it is so.
    pub fn set_unreadable(&self, id: &str, unreadable: bool) {
        let mut rows = self.0.unreadable.borrow_mut();
        if unreadable {
            rows.insert(id.to_owned())
        } else {
            rows.remove(id)
        };
    }

    /// The same for all audit rows of a user.
    pub fn set_changes_unreadable(&self, user: &UserId, unreadable: bool) {
        self.set_unreadable(&format!("{CHANGES_OF}{user}"), unreadable);
    }

    /// Whether a call of this name is not answered now where it is about this row, and sets these attributes.
    pub(super) fn is_down_at<'a>(
        &self,
        call: &str,
        key: &store::Key,
        mut sets: impl Iterator<Item = &'a store::Name>,
    ) -> bool {
        let names = |down: &&str| {
            let mut parts = down.split(' ');
            let is_call = parts.next() == Some(call);
            let (pk, sk) = (parts.next(), parts.next().unwrap_or_default());
            let is_there = pk.is_some_and(|pk| key.pk.starts_with(pk)) && key.sk.starts_with(sk);
            is_call && is_there && parts.next().is_none_or(|attribute| sets.any(|name| name.starts_with(attribute)))
        };
        self.0.down.borrow().iter().any(names)
    }

    /// Whether nobody answers calls of this name now.
    pub fn is_down(&self, call: &'static str) -> bool {
        self.0.down.borrow().contains(call)
    }

    /// From here on its reads lag by so much.
    pub fn set_lags(&self, lags: Lags) {
        self.0.lags.set(lags);
        self.0.has_lagged.set(self.has_lagged() || lags != Lags::default());
    }

    /// Whether its reads have ever lagged by more than it says.
    pub fn has_lagged(&self) -> bool {
        self.0.has_lagged.get()
    }

    /// An outage: from here on calls of this name are not answered, until they are up again. The minute is not spared. Of an engine's
    /// calls those alone that are about rows of a partition, where that is named: `"query KEY#"`, or of a place in it: `"get ACC# C"`,
    /// or that set an attribute: `"write ACC# A wish#"`.
    pub fn set_down(&self, call: &'static str, down: bool) {
        let mut calls = self.0.down.borrow_mut();
        if down {
            calls.insert(call)
        } else {
            calls.remove(call)
        };
    }

    /// The rows as they are: for seeding and for checking, without a yield point.
    pub fn table(&self) -> Ref<'_, Table> {
        self.0.table.borrow()
    }

    fn backtesting(&self) -> Ref<'_, Backtesting> {
        self.0.backtesting.borrow()
    }

    fn backtesting_mut(&self) -> RefMut<'_, Backtesting> {
        self.0.backtesting.borrow_mut()
    }

    /// Grows with every write that may have changed a row: who has looked at all rows need not look again before.
    pub fn writes(&self) -> u64 {
        self.0.writes.get()
    }

    pub(crate) fn table_mut(&self) -> RefMut<'_, Table> {
        self.0.writes.set(self.0.writes.get() + 1);
        self.0.table.borrow_mut()
    }

    /// The table, for its indexes to catch up: no row changes with that.
    fn lists(&self) -> RefMut<'_, Table> {
        self.0.table.borrow_mut()
    }

    fn strict(&self) -> Strictness {
        self.0.strict
    }

    fn point(&self, op: Op) -> impl Future<Output = Passage> {
        self.0.calls.set(self.0.calls.get() + 1);
        self.0.sim.point(op)
    }

    /// One call to the cloud: a yield point, and the effect unless the plan has it fail.
    async fn call<T>(&self, op: Op, effect: impl FnOnce(&Self) -> T) -> Result<T, StoreError> {
        let passage = self.point(op).await;
        self.passed(op, passage, effect).await
    }

    /// The same behind its point.
    async fn passed<T>(&self, op: Op, passage: Passage, effect: impl FnOnce(&Self) -> T) -> Result<T, StoreError> {
        let unavailable = |what| Err(StoreError::Unavailable(format!("{}: {what}", op.name())));
        match passage {
            _ if self.is_down(op.name()) => unavailable("nobody answers"),
            Passage::Refused => unavailable("nobody answers"),
            Passage::ReplyLost => {
                effect(self);
                unavailable("the reply was lost")
            }
            Passage::Late => Ok(self.slowly(SLOW_CALL, effect).await),
            Passage::TooLate => Ok(self.slowly(ENDLESS_CALL, effect).await),
            Passage::Go => Ok(effect(self)),
        }
    }

    async fn slowly<T>(&self, span: Millis, effect: impl FnOnce(&Self) -> T) -> T {
        self.0.sim.sleep(span).await;
        effect(self)
    }

    /// The same for effects that can fail by themselves.
    async fn try_call<T>(&self, op: Op, effect: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.call(op, effect).await?
    }
}

/// How long calls take that the plan delays.
const SLOW_CALL: Millis = Millis::new(1_800);
const ENDLESS_CALL: Millis = Millis::seconds(6);

impl Clock for World {
    fn now(&self) -> Timestamp {
        self.0.sim.shown()
    }
}
