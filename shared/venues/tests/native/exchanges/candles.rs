//! Candles: without a key, on the venue's own side, and only where it can spare that.

use super::*;
use crate::server::text;
use app::ports::{CandlesError, ListCandles};
use domain::market::{Candle, CandleSpan, Interval};

/// The paper venue knows no candles, and is asked all the same.
impl ListCandles for NoPaper {
    async fn list_candles(&self, market: &Market, _: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        Err(CandlesError::NotTold(market.key.to_string()))
    }
}

/// The minute before that of [`NOW`], and the one that is open.
fn span() -> CandleSpan {
    CandleSpan::asked(Interval::OneMinute, None, 2, NOW)
}

fn klines(used: &str) -> Reply {
    let kline = |opens_at: i64| {
        format!(r#"[{opens_at},"10","12","9","11","1.5",{},"16.0",3,"1.0","11.0","0"]"#, opens_at + 59_999)
    };
    let open = 1_699_999_980_000;
    let body = format!("[{},{}]", kline(open - 60_000), kline(open));
    with(200, &[("x-mbx-used-weight-1m", used), ("date", "Tue, 14 Nov 2023 22:13:20 GMT")], &body)
}

async fn closed(world: &World) -> Result<Vec<bool>, CandlesError> {
    let told = world.venue.list_candles(&market(), &span()).await?;
    Ok(told.iter().map(|candle| candle.is_closed).collect())
}

#[tokio::test]
async fn candles_are_told_without_a_key() {
    let world = World::saying(vec![klines("10")]).await;
    world.store.be_at(Some(Mode::Testnet));
    assert_eq!(closed(&world).await, Ok(vec![true, false]));
    assert!(world.store.0.opened.lock().unwrap().is_empty());
    assert!(world.server.heard()[0].header("x-mbx-apikey").is_none());
    let exchange: Exchange = "PAPER".parse().unwrap();
    let paper = Market { key: MarketKey { exchange, ..market().key }, ..market() };
    let told = world.venue.list_candles(&paper, &span()).await;
    assert_eq!(told, Err(CandlesError::NotTold("PAPER:BTC/USDT".to_owned())));
    let nobody = Market { key: MarketKey { exchange: "NOBODY".parse().unwrap(), ..market().key }, ..market() };
    assert!(matches!(world.venue.list_candles(&nobody, &span()).await, Err(CandlesError::Venue(_))));
}

#[tokio::test]
async fn it_is_known_which_candles_an_exchange_makes_of_shorter_ones() {
    let world = World::saying(Vec::new()).await;
    let told_in = |exchange: &str, interval| world.venue.told_in(&exchange.parse().unwrap(), interval);
    let fours = ["PAPER", "BINANCE", "KRAKEN", "NOBODY", "COINBASE"].map(|name| told_in(name, Interval::FourHours));
    assert_eq!(fours.map(Interval::as_str), ["4h", "4h", "4h", "4h", "2h"]);
    let threes = ["PAPER", "BINANCE", "KRAKEN", "NOBODY", "COINBASE"].map(|name| told_in(name, Interval::ThreeMinutes));
    assert_eq!(threes.map(Interval::as_str), ["3m", "3m", "1m", "3m", "1m"]);
}

#[tokio::test]
async fn a_venue_that_cannot_spare_it_is_asked_for_no_candles() {
    let busy = klines("3600");
    let world = World::saying(vec![busy, klines("10")]).await;
    closed(&world).await.unwrap();
    assert!(closed(&world).await.unwrap_err().to_string().contains("most of what may be asked"));
    let asked_less = with(429, &[("retry-after", "30"), ("date", "Tue, 14 Nov 2023 22:13:20 GMT")], "{}");
    let paused = World::saying(vec![asked_less]).await;
    closed(&paused).await.unwrap_err();
    closed(&paused).await.unwrap_err();
    let failing = World::saying(vec![text(502, ""); 5]).await;
    for _ in 0..6 {
        closed(&failing).await.unwrap_err();
    }
    assert_eq!([&world, &paused, &failing].map(|world| world.server.heard().len()), [1, 1, 5]);
}

#[tokio::test]
async fn the_price_of_a_minute_is_known_once_it_is_over() {
    let (minute, open) = (Timestamp::from_millis(1_699_999_925_000), NOW);
    let world = World::saying(vec![klines("10"), klines("10")]).await;
    let at = async |at| world.venue.price_at(&account(), &market().key, at).await;
    assert_eq!(at(minute).await, Ok(Some("10".parse().unwrap())));
    assert_eq!(at(open).await, Ok(None));
}

#[tokio::test]
async fn of_a_market_that_is_not_listed_there_no_price_is_waited_for() {
    let there = market().key;
    let nowhere = MarketKey { symbol: "BNB/XYZ".parse().unwrap(), ..there.clone() };
    let world = World::saying(vec![refused(-1121), refused(-1121), klines("10")]).await;
    let at =
        async |key: &MarketKey| world.venue.price_at(&account(), key, Timestamp::from_millis(1_699_999_925_000)).await;
    assert_eq!(at(&nowhere).await, Err(VenueError::NoMarket(nowhere.clone())));
    assert!(matches!(at(&there).await, Err(VenueError::Unavailable(_))), "it is listed, and told again");
    assert_eq!(at(&there).await, Ok(Some("10".parse().unwrap())));
}
