//! The market outside: prices that move, and orders that are filled in part.

use crate::stand::{Broken, Stand, VENUES, called};
use domain::market::MarketKey;
use domain::money::{Decimal, Fraction, Price};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::sleep;
use venue_sim::site::SiteName;

/// Between two moves of all prices.
const MOVES_APART: Duration = Duration::from_millis(400);
/// In ten-thousandths of where it began, either way.
const AWAY_MAX: i64 = 100;
const HALF: Decimal = Decimal::from_parts(5, 0, 0, false, 1);
const TEN_THOUSANDTH: Decimal = Decimal::from_parts(1, 0, 0, false, 4);
/// Resting orders of one exchange that are filled in part at each move.
const NIBBLED: usize = 3;

/// Where each market began, and where it is now.
#[derive(Debug)]
pub(crate) struct Street(Mutex<BTreeMap<MarketKey, (Price, Price)>>);

/// An order of the simulator that rests, and half of what is left of it.
type Nibble = (SiteName, u64, Decimal);

impl Street {
    pub(crate) fn of(stand: &Stand) -> Self {
        let world = stand.simulator.world();
        let markets =
            stand.traders.iter().flat_map(|trader| trader.markets.iter().map(move |market| (trader.site, market)));
        let last = |(site, market): (SiteName, &domain::market::Market)| {
            let last = world.sites.get(&site)?.exchange.markets.get(&called(&market.key.symbol))?.last;
            Some((market.key.clone(), (last, last)))
        };
        Self(Mutex::new(markets.filter_map(last).collect()))
    }

    /// # Errors
    /// Where there is no such market.
    pub(crate) fn price(&self, market: &MarketKey) -> Result<Price, Broken> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(market).map(|(_, now)| *now).ok_or(Broken::NoMarket("the exchange"))
    }

    /// Moves for as long as it is polled.
    ///
    /// # Errors
    /// [`Broken`] where the simulator does not move with it.
    pub(crate) async fn moves(&self, stand: &Stand, seed: u64) -> Result<(), Broken> {
        let mut dice = fastrand::Rng::with_seed(seed);
        loop {
            for (key, price) in self.moved(stand, &mut dice)? {
                let venue = VENUES.iter().find(|(name, ..)| *name == key.exchange.as_str()).map(|(_, site, _)| *site);
                let call = json!({ "venue": venue, "market": called(&key.symbol), "price": price.to_string() });
                stand.control("/sim/price", &call).await?;
            }
            for (venue, order, quantity) in nibbles(stand, &mut dice) {
                let call = json!({ "venue": venue, "order": order, "quantity": quantity.to_string() });
                stand.control("/sim/fill", &call).await?;
            }
            sleep(MOVES_APART).await;
        }
    }

    fn moved(&self, stand: &Stand, dice: &mut fastrand::Rng) -> Result<Vec<(MarketKey, Price)>, Broken> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut moved = Vec::new();
        for (key, (began, now)) in all.iter_mut() {
            let markets = stand.traders.iter().flat_map(|trader| &trader.markets);
            let Some(market) = markets.into_iter().find(|market| market.key == *key) else { continue };
            let times = Fraction::whole(10_000_i64.saturating_add(dice.i64(-AWAY_MAX..=AWAY_MAX)));
            let price = began.fraction() * times * Fraction::from(TEN_THOUSANDTH);
            *now = market.filters.price_down(&price)?;
            moved.push((key.clone(), *now));
        }
        Ok(moved)
    }
}

fn nibbles(stand: &Stand, dice: &mut fastrand::Rng) -> Vec<Nibble> {
    let world = stand.simulator.world();
    let mut all = Vec::new();
    for (_, site, _) in VENUES {
        let Some(exchange) = world.sites.get(&site).map(|site| &site.exchange) else { continue };
        let half = |order: &venue_sim::engine::Order| {
            let step = exchange.markets.get(&order.draft.market)?.rules.step;
            let half = (order.remaining().fraction() * Fraction::from(HALF)).floor_to(step).ok()?;
            (half > Decimal::ZERO).then_some((site, order.id, half))
        };
        let resting: Vec<Nibble> =
            exchange.orders.values().filter(|order| order.is_working()).filter_map(half).collect();
        all.extend((0..NIBBLED).filter_map(|_| resting.get(dice.usize(0..resting.len().max(1))).copied()));
    }
    all
}
