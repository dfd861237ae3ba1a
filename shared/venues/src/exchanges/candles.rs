//! Candles without a key, on the venue's own side. They can wait: a site that fails, or has been asked much, is asked none.

use super::Exchanges;
use super::venue::{away, on};
use crate::native::Native;
use app::ports::{CandlesError, Clock, ListCandles, Urgency, VenueError};
use domain::market::{Candle, CandleSpan, Exchange, Interval, Market};
use domain::vault::Mode;

impl<P: ListCandles, D: Clock, S> ListCandles for Exchanges<P, D, S> {
    async fn list_candles(&self, market: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        let exchange = &market.key.exchange;
        if exchange.is_paper() {
            return self.paper.list_candles(market, span).await;
        }
        let site = self.wires.sites.of(exchange, Mode::Live).ok_or_else(|| away(exchange))?;
        let now = self.deps.now();
        let spared = |urgency| self.wires.spared(&site, urgency, now);
        let held = self.wires.barred(&site, now).or_else(|| spared(Urgency::Entry)).or_else(|| spared(Urgency::Look));
        if let Some(pause) = held {
            return Err(VenueError::Unavailable(pause.why).into());
        }
        if let Some(spoken) = self.wires.breadth.of(exchange) {
            spoken.learn(market);
        }
        let _heard = self.wires.hearing(&self.deps);
        on!(self.wires, exchange, native => native.candles(&site, &market.key, span, now).await, _ => Err(away(exchange).into()))
    }
    fn told_in(&self, exchange: &Exchange, interval: Interval) -> Interval {
        if exchange.is_paper() {
            return self.paper.told_in(exchange, interval);
        }
        on!(self.wires, exchange, native => native.told_in(interval), _ => interval)
    }
}
