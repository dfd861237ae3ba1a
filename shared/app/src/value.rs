//! What fees in a third asset were worth. A fill whose fee has no value yet is not complete, and is asked about again.

use crate::ports::{Venue, VenueError};
use domain::group::Group;
use domain::market::{Asset, MarketKey, Symbol};
use domain::order::{Fact, FeeValue};

/// The fact with each fee in a third asset valued at the minute of its fill, as far as the venue can tell: after a read
/// that failed it is not asked any more. Where it has no such market, nobody waits for a value.
///
/// The price of a minute does not change later: whoever asks, and however often, finds the same value.
pub(crate) async fn valued<V: Venue>(venue: &V, group: &Group, mut fact: Fact) -> Fact {
    for fill in fact.fills.values_mut() {
        let Some(fee) = fill.fee.as_mut().filter(|fee| !fee.is_valued()) else { continue };
        match venue.price_at(&group.account, &paid_on(&group.market.key, &fee.asset), fill.at).await {
            Ok(Some(price)) => *fee = fee.clone().at_price(price).unwrap_or_else(|_| fee.clone()),
            Ok(None) => {}
            Err(VenueError::NoMarket(_)) => fee.value = FeeValue::Unvalued,
            Err(VenueError::Unavailable(_)) => break,
        }
    }
    fact
}

/// The market on which the fee's asset is bought with the same quote.
fn paid_on(market: &MarketKey, asset: &Asset) -> MarketKey {
    let symbol = Symbol { base: asset.clone(), quote: market.symbol.quote.clone(), settle: None };
    MarketKey { exchange: market.exchange.clone(), symbol }
}
