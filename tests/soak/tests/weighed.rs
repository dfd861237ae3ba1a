//! What passes ask weighs at the exchanges, by the simulator's own count: `asked` in `sim` says how often each question is asked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use app::ports::{Address, Listed, Outcome, Request};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::limits::{LATE_FOR, LATE_SLOTS};
use domain::market::Market;
use domain::order::{Direction, Fact, Status};
use domain::preset::OrderKind;
use soak::login::{self, site};
use std::collections::BTreeMap;
use std::sync::Arc;
use venue_sim::limits::{Allowed, Limits, MINUTE};
use venue_sim::site::SiteName;
use venue_sim::{Settings, Simulator, Start};
use venues::native::{Binance, Coinbase, Kraken, Login, Native, Traffic, Transport};

const PREFIX: &str = "mabc";
/// Questions of half a minute: three passes, and what one of them asks besides.
const PASSES: u64 = 3;
const SLOT_MS: i64 = 10_000;
/// Late lists come once in so many passes.
const LATE_PASSES: u64 = LATE_SLOTS.unsigned_abs();

struct World<N> {
    simulator: Simulator,
    venue: N,
    name: SiteName,
    market: Market,
    traffic: Arc<Traffic>,
}

impl<N: Native> World<N> {
    async fn begun(name: SiteName, symbol: &str, of: fn(Arc<Transport>, Arc<Traffic>) -> N) -> Self {
        let simulator = Simulator::start(&Settings::default(), Start::default()).await.unwrap();
        let traffic = Arc::new(Traffic::default());
        let venue = of(Arc::new(Transport::new(true)), traffic.clone());
        let market = venue.markets(&site(&simulator), &[symbol.parse().unwrap()]).await.unwrap().remove(0);
        Self { simulator, venue, name, market, traffic }
    }

    fn login(&self) -> Login {
        let key = self.simulator.key(self.name, "main").unwrap();
        let now = Timestamp::from_millis(self.simulator.world().now());
        Login::new(site(&self.simulator), login::key(key), now)
    }

    async fn send(&self, id: &str, direction: Direction, limit: Option<&str>) -> Address {
        let login = self.login();
        let request = Request {
            account: account(),
            market: self.market.clone(),
            client_id: ClientOrderId::from_stored(id),
            direction,
            kind: limit.map_or(OrderKind::Market, |limit| OrderKind::Limit(limit.parse().unwrap())),
            trigger: None,
            quantity: "0.01".parse().unwrap(),
            reduce_only: false,
            sent_at: login.now,
        };
        let fact = match self.venue.submit(&login, &request).await {
            Outcome::Accepted(fact) => fact,
            outcome => panic!("{outcome:?}"),
        };
        let (market, client_id, known) = (request.market, request.client_id, BTreeMap::new());
        Address { account: account(), market, client_id, venue_id: fact.venue_id, known, since: request.sent_at }
    }

    /// A take-profit and five legs, which rest.
    async fn ladder(&self, name: &str) -> Vec<Address> {
        let mut ladder = vec![self.send(&format!("{PREFIX}-{name}-tp"), Direction::Sell, Some("70000")).await];
        for leg in 1..=5 {
            let (id, limit) = (format!("{PREFIX}-{name}-{leg}"), 63_000 - leg * 500);
            ladder.push(self.send(&id, Direction::Buy, Some(&limit.to_string())).await);
        }
        ladder
    }

    async fn price(&self) {
        self.venue.ticker(&site(&self.simulator), &self.market.key).await.unwrap().unwrap();
    }

    async fn found(&self, address: &Address) -> Fact {
        self.venue.find_order(&self.login(), address).await.unwrap().unwrap()
    }

    async fn found_many(&self, ladder: &[Address]) {
        let found = self.venue.find_many(&self.login(), ladder).await.unwrap();
        assert_eq!(found.len(), ladder.len());
        assert!(found.values().all(|fact| fact.status == Some(Status::Open)), "{found:?}");
    }

    async fn balances(&self) {
        self.venue.balances(&self.login()).await.unwrap();
    }

    async fn open(&self) {
        self.venue.list_orders(&self.login(), &self.market, PREFIX, Listed::Open).await.unwrap();
    }

    /// What a pass lists where an order was called absent just now (ADR 0071).
    async fn late(&self) {
        let login = self.login();
        let since = Listed::Since(login.now.minus(LATE_FOR));
        self.venue.list_orders(&login, &self.market, PREFIX, since).await.unwrap();
    }

    /// How many requests a late list takes while nothing has traded, and then.
    async fn late_requests(&self) -> [usize; 2] {
        self.ladder("a").await;
        let resting = self.requests(async || self.late().await).await;
        self.send("mabc-entry", Direction::Buy, None).await;
        [resting, self.requests(async || self.late().await).await]
    }

    /// How many requests this takes.
    async fn requests(&self, asked: impl AsyncFn()) -> usize {
        let seen = || self.simulator.world().journal.seen().count();
        let before = seen();
        asked().await;
        seen() - before
    }

    /// What of a minute's weight this takes.
    async fn weighs(&self, asked: impl AsyncFn()) -> u64 {
        loop {
            self.limits(|limits, _| *limits = Limits::of(Allowed::default()));
            asked().await;
            let used = self.limits(|limits, now| limits.used(MINUTE, now));
            if used > 0 {
                return used;
            }
            // A minute was over in between.
        }
    }

    fn limits<T>(&self, act: impl FnOnce(&mut Limits, i64) -> T) -> T {
        let mut world = self.simulator.world();
        let now = world.now();
        act(&mut world.sites.get_mut(&self.name).unwrap().limits, now)
    }

    fn pass(&self) {
        self.simulator.world().clock_offset += SLOT_MS;
    }
}

fn account() -> AccountId {
    AccountId::of(&["weighed"])
}

/// `docs/scale.md` counts with these.
#[tokio::test]
async fn a_plain_position_at_binance_weighs_100_a_minute_and_one_with_five_legs_112() {
    let world = World::begun(SiteName::Binance, "BTC/USDT", Binance::new).await;
    let ladder = world.ladder("a").await;
    let price = world.weighs(async || world.price().await).await;
    let one = world.weighs(async || _ = world.found(&ladder[0]).await).await;
    let many = world.weighs(async || world.found_many(&ladder).await).await;
    let balances = world.weighs(async || world.balances().await).await;
    let open = world.weighs(async || world.open().await).await;
    assert_eq!((price, one, many, balances, open), (4, 4, 6, 20, 6));
    let a_minute = |orders: u64| (PASSES * (price + orders) + balances + open) * 2;
    assert_eq!((a_minute(one), a_minute(many)), (100, 112));
    let fit = |orders: u64| Allowed::default().weight / a_minute(orders);
    assert_eq!((fit(one), fit(many)), (60, 53));
}

/// What comes besides for a quarter of an hour, once a minute, after an order was called absent.
#[tokio::test]
async fn a_late_list_at_binance_weighs_20_and_40_where_something_has_traded() {
    let world = World::begun(SiteName::Binance, "BTC/USDT", Binance::new).await;
    let late = async || world.weighs(async || world.late().await).await;
    world.ladder("a").await;
    let resting = late().await;
    world.send("mabc-entry", Direction::Buy, None).await;
    let traded = late().await;
    assert_eq!((resting, traded), (20, 40));
    let fit = |late: u64| Allowed::default().weight / (112 + late);
    assert_eq!((fit(resting), fit(traded)), (45, 39));
    let futures = World::begun(SiteName::BinanceFutures, "BTC/USDT:USDT", Binance::futures).await;
    futures.send("mabc-entry", Direction::Buy, None).await;
    assert_eq!(futures.weighs(async || futures.late().await).await, 10);
}

/// As docs/venues.md says: pages of orders, and one request for their trades.
#[tokio::test]
async fn a_late_list_is_few_requests_on_every_wire() {
    let binance = World::begun(SiteName::Binance, "BTC/USDT", Binance::new).await;
    assert_eq!(binance.late_requests().await, [1, 2]);
    let coinbase = World::begun(SiteName::Coinbase, "BTC/USD", Coinbase::new).await;
    assert_eq!(coinbase.late_requests().await, [1, 2]);
    let kraken = World::begun(SiteName::Kraken, "BTC/USD", Kraken::new).await;
    assert_eq!(kraken.late_requests().await, [2, 3]);
}

/// Two ladders in one account, of a key of the lowest tier: what rests is asked about together, however many groups it is of.
#[tokio::test]
async fn an_hour_of_two_ladders_and_late_lists_at_kraken_fits_into_the_counter_of_a_key() {
    let world = World::begun(SiteName::Kraken, "BTC/USD", Kraken::new).await;
    let ladders = [world.ladder("a").await, world.ladder("b").await].concat();
    for pass in 0..360 {
        world.pass();
        world.found_many(&ladders).await;
        if pass % PASSES == 0 {
            world.balances().await;
            world.open().await;
            world.open().await;
        }
        if pass % LATE_PASSES == 0 {
            world.late().await;
        }
        let login = world.login();
        assert_eq!(world.traffic.paused_one(&login.site, &login.key, login.now), None, "{pass}");
        assert_eq!(world.traffic.calm_one(&login.site, &login.key, login.now), None, "{pass}");
    }
}

#[tokio::test]
async fn a_question_for_each_order_does_not_fit_in_and_makes_looks_wait_before() {
    let world = World::begun(SiteName::Kraken, "BTC/USD", Kraken::new).await;
    let ladder = world.ladder("a").await;
    let (mut calmed, mut passes) = (false, 0);
    'passes: loop {
        world.pass();
        passes += 1;
        for address in &ladder {
            let login = world.login();
            calmed |= world.traffic.calm_one(&login.site, &login.key, login.now).is_some();
            if world.venue.find_order(&login, address).await.is_err() {
                break 'passes;
            }
        }
    }
    let login = world.login();
    assert!(calmed && (3..=12).contains(&passes), "{calmed} {passes}");
    assert!(world.traffic.questions_wait(&login.site, &login.key, login.now).is_some());
}

#[tokio::test]
async fn orders_at_kraken_pay_their_fees_in_quote_whichever_way_they_go() {
    let world = World::begun(SiteName::Kraken, "BTC/USD", Kraken::new).await;
    for (id, direction) in [("mabc-buy", Direction::Buy), ("mabc-sell", Direction::Sell)] {
        let address = world.send(id, direction, None).await;
        let fees = world.found(&address).await.fills.into_values().map(|fill| fill.fee.unwrap().asset.to_string());
        assert_eq!(fees.collect::<Vec<_>>(), ["USD"], "{direction:?}");
    }
}
