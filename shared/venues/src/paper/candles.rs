//! What the paper venue's own price did. Nobody else trades there: it counts no volume.

use super::{Failure, Paper};
use app::ports::{CandlesError, Clock, ListCandles, PaperBook, PricePath, VenueError};
use domain::market::{Candle, CandleSpan, Market};

impl<D: PaperBook + PricePath + Clock, A: Fn() -> R, R> ListCandles for Paper<D, A> {
    async fn list_candles(&self, market: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        let candles = self.deps.candles(&market.key, span, self.deps.now()).await;
        candles.map_err(|error| VenueError::from(Failure::Load(error)).into())
    }
}
