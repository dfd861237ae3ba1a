//! Our readers of candles and the simulator's exchanges, which know nothing of each other, agree: on each wire, of each length.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use domain::clock::Timestamp;
use domain::market::{Candle, CandleSpan, Interval, MarketKey};
use serde_json::json;
use soak::login::site;
use std::sync::Arc;
use std::time::Duration;
use venue_sim::{Settings, Simulator, Start};
use venues::native::{Binance, Coinbase, Kraken, Native, Traffic, Transport};

const MINUTE_MS: i64 = 60_000;
/// What trading and asking take at most, also beside other work.
const LASTS_MS: i64 = 15_000;

struct World {
    simulator: Simulator,
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
}

impl World {
    async fn begun() -> Self {
        let simulator = Simulator::start(&Settings::default(), Start::default()).await.unwrap();
        let world =
            Self { simulator, transport: Arc::new(Transport::new(true)), traffic: Arc::new(Traffic::default()) };
        world.minute_that_lasts().await;
        world
    }

    /// Waits until the exchanges' minute lasts long enough: no candle ends between a trade and the question for it.
    async fn minute_that_lasts(&self) {
        let left = MINUTE_MS - self.simulator.world().now().rem_euclid(MINUTE_MS);
        if left < LASTS_MS {
            tokio::time::sleep(Duration::from_millis(left.unsigned_abs())).await;
        }
    }

    /// The price moves there, and comes back.
    async fn trade(&self, venue: &str, market: &str) {
        for price in ["64100", "63900", "64000"] {
            self.tell("price", &json!({"venue": venue, "market": market, "price": price})).await;
        }
    }

    async fn tell(&self, what: &str, call: &serde_json::Value) {
        let url = format!("{}/sim/{what}", self.simulator.url());
        let told = reqwest::Client::new().post(url).body(call.to_string()).send().await;
        assert!(told.unwrap().status().is_success());
    }

    /// The last ten of each of these lengths.
    async fn check(&self, native: &impl Native, key: &str, lengths: &[Interval]) {
        let (exchange, symbol) = key.split_once(' ').unwrap();
        let key = MarketKey { exchange: exchange.parse().unwrap(), symbol: symbol.parse().unwrap() };
        let site = site(&self.simulator);
        for interval in lengths.iter().copied() {
            let now = Timestamp::from_millis(self.simulator.world().now());
            let span = CandleSpan::asked(interval, None, 10, now);
            let told = native.candles(&site, &key, &span, now).await.unwrap();
            let (open, over) = told.split_last().unwrap();
            assert!(!open.is_closed && open.bar.closes_at > now, "{key} {interval}: {open:?}");
            assert!(over.iter().all(|candle| candle.is_closed && candle.bar.closes_at <= open.bar.opens_at));
            let prices = |one: &Candle| [one.bar.high, one.bar.low, one.bar.close].map(|price| price.to_string());
            assert_eq!(prices(open), ["64100", "63900", "64000"], "{key} {interval}");
            assert!(!open.volume.is_zero(), "{key} {interval}: {told:?}");
        }
    }
}

/// A few at a time: nobody may ask for all of them at once everywhere.
#[tokio::test]
async fn candles_of_every_length_are_read_on_every_wire() {
    for lengths in Interval::ALL.chunks(6) {
        let world = World::begun().await;
        for (venue, market) in
            [("binance", "BTC/USDT"), ("binance-futures", "BTC/USDT"), ("coinbase", "BTC/USD"), ("kraken", "BTC/USD")]
        {
            world.trade(venue, market).await;
        }
        let (transport, traffic) = (|| Arc::clone(&world.transport), || Arc::clone(&world.traffic));
        world.check(&Binance::new(transport(), traffic()), "BINANCE BTC/USDT", lengths).await;
        world.check(&Binance::futures(transport(), traffic()), "BINANCEUSDM BTC/USDT:USDT", lengths).await;
        world.check(&Coinbase::new(transport(), traffic()), "COINBASE BTC/USD", lengths).await;
        world.check(&Kraken::new(transport(), traffic()), "KRAKEN BTC/USD", lengths).await;
    }
}
