//! Prices there, which anybody may ask for.

use super::super::Site;
use super::ask::{Ask, about};
use super::line::{Failed, Line};
use domain::clock::{Millis, Timestamp};
use domain::market::{Book, Candle, CandleSpan, Interval, Level, MarketKey, Told, ToldCandle};
use domain::money::{Price, Quantity};
use serde::Deserialize;
use serde::de::IgnoredAny;
use wire::text::Text;

/// In one answer.
const KLINES_MAX: u32 = 1_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Now {
    server_time: i64,
}

pub(super) async fn time(line: &Line, site: &Site) -> Result<Timestamp, Failed> {
    let (now, _) = line.open::<Now>(site, &Ask::get(line.wire.time)).await?;
    Ok(Timestamp::from_millis(now.server_time))
}

/// Trades of one taker at one price, taken together.
#[derive(Debug, Deserialize)]
struct Taken {
    p: Text<Price>,
    #[serde(rename = "T")]
    at: i64,
}

/// The last trade: what is called a ticker there has no time of its own.
pub(super) async fn ticker(line: &Line, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, Failed> {
    let (trades, _) =
        line.open::<Vec<Taken>>(site, &about("/api/v3/aggTrades", &market.symbol).with("limit", &1)).await?;
    Ok(trades.last().map(|trade| (trade.p.0, Timestamp::from_millis(trade.at))))
}

#[derive(Debug, Deserialize)]
struct Depth {
    bids: Vec<Offer>,
    asks: Vec<Offer>,
}

#[derive(Debug, Deserialize)]
struct Offer(Text<Price>, Text<Quantity>);

pub(super) async fn book(line: &Line, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, Failed> {
    let asked = line.wire.depths.iter().copied().find(|known| *known >= depth).unwrap_or(depth);
    let (shown, _) = line.open::<Depth>(site, &about(line.wire.book, &market.symbol).with("limit", &asked)).await?;
    let most = usize::try_from(depth).unwrap_or(usize::MAX);
    let level = |offer: &Offer| Level { price: offer.0.0, quantity: offer.1.0 };
    let levels = |offers: &[Offer]| offers.iter().take(most).map(level).collect();
    Ok(Book { bids: levels(&shown.bids), asks: levels(&shown.asks) })
}

/// When it opens, open, high, low, close, volume, its last millisecond; the rest is not ours.
#[derive(Debug, Deserialize)]
struct Kline(
    i64,
    String,
    String,
    String,
    String,
    String,
    i64,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
);

impl Kline {
    /// One that ends elsewhere is cut short, or of another length; then all are.
    fn told(&self, interval: Interval) -> Told {
        let opens_at = Timestamp::from_millis(self.0);
        let is_one = Timestamp::from_millis(self.6) == opens_at.plus(interval.length()).minus(Millis::new(1));
        self.candle(opens_at).filter(|_| is_one).map_or(Told::None(opens_at), Told::Candle)
    }

    /// None where a number is none.
    fn candle(&self, opens_at: Timestamp) -> Option<ToldCandle> {
        let price = |text: &str| text.parse::<Price>().ok();
        let prices = [price(&self.1)?, price(&self.2)?, price(&self.3)?, price(&self.4)?];
        Some(ToldCandle { opens_at, prices, volume: self.5.parse::<Quantity>().ok()? })
    }
}

/// In which candles it tells such as these.
pub(super) fn told_in(interval: Interval) -> Interval {
    interval.longest_of(is_told).unwrap_or(interval)
}

fn is_told(interval: Interval) -> bool {
    match interval {
        Interval::OneMinute
        | Interval::ThreeMinutes
        | Interval::FiveMinutes
        | Interval::FifteenMinutes
        | Interval::ThirtyMinutes
        | Interval::OneHour
        | Interval::TwoHours
        | Interval::FourHours
        | Interval::SixHours
        | Interval::EightHours
        | Interval::TwelveHours
        | Interval::OneDay => true,
        Interval::TwoMinutes
        | Interval::TenMinutes
        | Interval::TwentyMinutes
        | Interval::FortyFiveMinutes
        | Interval::ThreeHours => false,
    }
}

pub(super) async fn candles(
    line: &Line,
    site: &Site,
    market: &MarketKey,
    span: &CandleSpan,
    now: Timestamp,
) -> Result<Vec<Candle>, Failed> {
    let interval = told_in(span.interval());
    let (mut all, mut until) = (Vec::new(), now);
    for page in span.in_shorter(interval).pages(KLINES_MAX) {
        let ask = about(line.wire.klines, &market.symbol)
            .with("interval", interval.as_str())
            .with("startTime", &page.first().millis())
            .with("endTime", &page.end().minus(Millis::new(1)).millis())
            .with("limit", &page.count());
        let (klines, said_at) = line.open::<Vec<Kline>>(site, &ask).await?;
        until = said_at.map_or(now, |at| at.min(now));
        let read = page.read(klines.iter().map(|kline| kline.told(interval)), until);
        all.extend(read.map_err(|bad| {
            line.unread(site);
            Failed::away(bad.to_string())
        })?);
    }
    span.of_shorter(all, until).map_err(|bad| Failed::away(bad.to_string()))
}
