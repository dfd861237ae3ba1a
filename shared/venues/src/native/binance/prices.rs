//! Prices there, which anybody may ask for.

use super::super::Site;
use super::ask::{Ask, about};
use super::line::{Failed, Line};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Book, Level, MarketKey};
use domain::money::{Price, Quantity};
use serde::Deserialize;
use serde::de::IgnoredAny;
use wire::text::Text;

const BARS_MAX: usize = 1_000;
/// Two days of minutes in as many requests as that takes.
const PAGES_MAX: usize = 3;
const MINUTE: Millis = Millis::seconds(60);

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

/// Opening time, open, high, low, close; the rest is not ours.
#[derive(Debug, Deserialize)]
struct Candle(
    i64,
    Text<Price>,
    Text<Price>,
    Text<Price>,
    Text<Price>,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
);

impl Candle {
    fn bar(&self) -> Bar {
        let opens_at = Timestamp::from_millis(self.0);
        let (open, high, low, close) = (self.1.0, self.2.0, self.3.0, self.4.0);
        Bar { opens_at, closes_at: opens_at.plus(MINUTE), open, high, low, close }
    }
}

/// A bar has closed where the answer is not older than its end; an answer without a time is as old as `to`.
pub(super) async fn bars(
    line: &Line,
    site: &Site,
    market: &MarketKey,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Bar>, Failed> {
    let (mut bars, mut next) = (Vec::new(), minute_of(from));
    for _ in 0..PAGES_MAX {
        let ask = about(line.wire.bars, &market.symbol)
            .with("interval", "1m")
            .with("startTime", &next.millis())
            .with("endTime", &to.millis())
            .with("limit", &BARS_MAX);
        let (candles, said_at) = line.open::<Vec<Candle>>(site, &ask).await?;
        let is_over = |bar: &Bar| bar.closes_at <= said_at.unwrap_or(to);
        bars.extend(candles.iter().map(Candle::bar).filter(is_over));
        match candles.last() {
            Some(last) if candles.len() >= BARS_MAX => next = Timestamp::from_millis(last.0).plus(MINUTE),
            _ => return Ok(bars),
        }
    }
    Err(Failed::away("more bars than can be read at once"))
}

fn minute_of(at: Timestamp) -> Timestamp {
    at.minus(Millis::new(at.millis().rem_euclid(MINUTE.get())))
}
