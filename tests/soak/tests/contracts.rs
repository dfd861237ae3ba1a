//! Our client of Binance's contracts and the simulator's futures, which know nothing of each other, agree: long and short.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use app::ports::{Address, Cancelled, Listed, Outcome, Request, Unprepared};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Leverage, Market, Symbol};
use domain::order::{Direction, Fact, Status};
use domain::preset::OrderKind;
use soak::login::{self, site};
use std::collections::BTreeMap;
use std::sync::Arc;
use venue_sim::site::SiteName;
use venue_sim::{Settings, Simulator, Start};
use venues::native::{Binance, Login, Native, Traffic, Transport};

struct World {
    simulator: Simulator,
    binance: Binance,
    market: Market,
}

impl World {
    async fn begun() -> Self {
        let simulator = Simulator::start(&Settings::default(), Start::default()).await.unwrap();
        let binance = Binance::futures(Arc::new(Transport::new(true)), Arc::new(Traffic::default()));
        let symbol: Symbol = "BTC/USDT:USDT".parse().unwrap();
        let market = binance.markets(&site(&simulator), &[symbol]).await.unwrap().remove(0);
        Self { simulator, binance, market }
    }

    fn login(&self) -> Login {
        let key = self.simulator.key(SiteName::BinanceFutures, "main").unwrap();
        let now = Timestamp::from_millis(self.simulator.world().now());
        Login::new(site(&self.simulator), login::key(key), now)
    }

    async fn prepare(&self, times: u32) -> Result<(), Unprepared> {
        self.binance.prepare(&self.login(), &self.market, Leverage::new(times).unwrap()).await
    }

    /// What became of an order: of a refusal its word.
    async fn send(
        &self,
        id: &str,
        direction: Direction,
        limit: Option<&str>,
        reduce_only: bool,
    ) -> Result<Fact, String> {
        let login = self.login();
        let request = Request {
            account: account(),
            market: self.market.clone(),
            client_id: ClientOrderId::from_stored(id),
            direction,
            kind: limit.map_or(OrderKind::Market, |limit| OrderKind::Limit(limit.parse().unwrap())),
            trigger: None,
            quantity: "0.2".parse().unwrap(),
            reduce_only,
            sent_at: login.now,
        };
        match self.binance.submit(&login, &request).await {
            Outcome::Accepted(fact) => Ok(fact),
            Outcome::Rejected(refusal) => Err(refusal.code.to_string()),
            outcome => panic!("{outcome:?}"),
        }
    }

    fn address(&self, id: &str) -> Address {
        let (market, client_id) = (self.market.clone(), ClientOrderId::from_stored(id));
        let since = self.login().now.minus(Millis::seconds(60));
        Address { account: account(), market, client_id, venue_id: None, known: BTreeMap::new(), since }
    }

    async fn found(&self, id: &str) -> Option<Fact> {
        self.binance.find_order(&self.login(), &self.address(id)).await.unwrap()
    }

    /// Side and size of what is held.
    async fn held(&self) -> Vec<(Side, String)> {
        let open = self.binance.positions(&self.login()).await.unwrap();
        assert!(open.iter().all(|position| position.market == self.market.key));
        open.into_iter().map(|position| (position.side, position.quantity.to_string())).collect()
    }

    async fn free(&self) -> String {
        let balances = self.binance.balances(&self.login()).await.unwrap();
        balances.get(&"USDT".parse().unwrap()).unwrap().free.to_string()
    }
}

fn account() -> AccountId {
    AccountId::of(&["contracts"])
}

fn code(told: &Result<(), Unprepared>) -> Option<&str> {
    match told {
        Err(Unprepared::Refused(refusal)) => Some(&refusal.code),
        _ => None,
    }
}

#[tokio::test]
async fn contracts_are_traded_long_and_short_over_the_wire() {
    use Direction::{Buy, Sell};
    let world = World::begun().await;
    assert_eq!(code(&world.prepare(125).await), Some("leverage"));
    for _ in 0..2 {
        world.prepare(5).await.unwrap();
    }
    for (enter, leave, side) in [(Buy, Sell, Side::Long), (Sell, Buy, Side::Short)] {
        let id = |what: &str| format!("{what}-{}", side.as_str());
        let entry = world.send(&id("entry"), enter, None, false).await.unwrap();
        assert_eq!((entry.status, entry.cumulative.to_string()), (Some(Status::Filled), "0.2".to_owned()));
        let told = world.found(&id("entry")).await.unwrap();
        let fees: Vec<String> = told.fills.values().map(|fill| fill.fee.as_ref().unwrap().asset.to_string()).collect();
        assert_eq!((told.cumulative.to_string(), fees), ("0.2".to_owned(), vec!["USDT".to_owned()]));
        assert_eq!(world.held().await, [(side, "0.2".to_owned())]);
        world.prepare(5).await.unwrap();
        assert_eq!(code(&world.prepare(3).await), Some("leverage"));
        let far = if leave == Sell { "70000" } else { "58000" };
        world.send(&id("target"), leave, Some(far), true).await.unwrap();
        let open = world.binance.list_orders(&world.login(), &world.market, "target", Listed::Open).await.unwrap();
        assert_eq!(open.iter().map(|order| order.client_id.to_string()).collect::<Vec<_>>(), [id("target")]);
        let ended = world.binance.cancel(&world.login(), &world.address(&id("target"))).await;
        assert!(matches!(&ended, Cancelled::Done(fact) if fact.status == Some(Status::Cancelled)), "{ended:?}");
        world.send(&id("exit"), leave, None, true).await.unwrap();
        assert_eq!(world.held().await, []);
        assert_eq!(world.send(&id("again"), leave, None, true).await, Err("reduce_only".to_owned()));
        assert_eq!(world.found(&id("again")).await, None);
    }
    // Each way costs the spread of a tenth and twice a fee of 0.05 %.
    assert_eq!(world.free().await, "99974.35998");
}

#[tokio::test]
async fn an_account_that_keeps_both_sides_is_set_to_one_unless_something_is_open() {
    let world = World::begun().await;
    let hedge = |is_hedged| {
        let mut sim = world.simulator.world();
        sim.sites.get_mut(&SiteName::BinanceFutures).unwrap().exchange.hedge("main", is_hedged);
    };
    hedge(true);
    assert_eq!(world.send("first", Direction::Buy, None, false).await, Err("position_mode".to_owned()));
    world.prepare(5).await.unwrap();
    world.send("second", Direction::Buy, Some("60000"), false).await.unwrap();
    hedge(true);
    assert_eq!(code(&world.prepare(5).await), Some("position_mode"));
}

#[tokio::test]
async fn a_key_of_contracts_tells_what_it_may() {
    let world = World::begun().await;
    let facts = world.binance.probe(&world.login()).await.unwrap();
    assert_eq!((facts.reads, facts.trades, facts.withdraws), (Some(true), Some(true), Some(false)));
    assert_eq!(world.binance.fee(&world.login(), &world.market.key).await, Ok("0.0005".parse().unwrap()));
    let book = world.binance.book(&site(&world.simulator), &world.market.key, 50).await.unwrap();
    assert_eq!((book.bids.len(), book.asks.len()), (50, 50));
    let (price, at) = world.binance.ticker(&site(&world.simulator), &world.market.key).await.unwrap().unwrap();
    assert_eq!(price, "64000".parse().unwrap());
    assert!(at <= world.login().now);
}
