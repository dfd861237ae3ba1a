//! The prices of a trader's own market.

use super::trader::Trader;
use super::unique::now;
use aws::Replay;
use domain::clock::{Millis, Timestamp};
use domain::money::Price;

/// Short enough that a change of price is met soon, long enough that a series is few rows.
const BAR: Millis = Millis::seconds(2);
/// Longer than any test takes: a series begins again when it is over.
const BARS: usize = 300;
const LONG_AGO: Millis = Millis::seconds(60);
const FAR_AHEAD: Millis = Millis::seconds(86_400);

impl Trader {
    pub(crate) async fn price_stays(&self, price: &str) {
        self.show(&staying(price)).await;
    }

    /// Rises or falls from one price to another, and stays there.
    pub(crate) async fn price_goes(&self, from: &str, to: &str) {
        let (from, to): (Price, Price) = (from.parse().unwrap(), to.parse().unwrap());
        let way = [from, from.max(to), from.min(to), to];
        let bars = [way].into_iter().chain(std::iter::repeat_n([to; 4], BARS)).collect();
        self.show(&replay(bars, now())).await;
    }

    /// From now on nobody knows it.
    pub(crate) async fn price_is_unknown(&self) {
        self.show(&replay(vec![at("1")], now().plus(FAR_AHEAD))).await;
    }

    async fn show(&self, replay: &Replay) {
        self.aws.write_replay(&self.market.key, replay).await.unwrap();
    }
}

/// Of a market that does not move.
pub(crate) fn staying(price: &str) -> Replay {
    replay(vec![at(price); BARS], now().minus(LONG_AGO))
}

fn at(price: &str) -> [Price; 4] {
    [price; 4].map(|price| price.parse().unwrap())
}

fn replay(bars: Vec<[Price; 4]>, started_at: Timestamp) -> Replay {
    Replay { started_at, bar: BAR, bars }
}
