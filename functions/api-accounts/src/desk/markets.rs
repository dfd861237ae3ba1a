//! What markets did.

use app::candles::{Untold, WantedCandles};
use domain::clock::Timestamp;
use wire::view::Candles;

pub trait MarketDesk {
    fn candles(
        &self,
        wanted: &WantedCandles,
        trace: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Candles, Untold>> + Send;
}
