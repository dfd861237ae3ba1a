//! When a token was used last: its newest delivery says so, and nothing else is written for it.

use crate::ports::{PageRequest, StoreError};
use domain::clock::Timestamp;
use domain::ids::{TokenId, UserId};
use domain::limits;
use std::collections::BTreeMap;
use store::Engine;
use store::Span;
use store::trading::Trading;

/// Of the tokens that the user's newest deliveries came by.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn last_uses<D: Engine>(deps: &D, user: &UserId) -> Result<BTreeMap<TokenId, Timestamp>, StoreError> {
    let newest = PageRequest { limit: limits::PAGE_ITEMS_MAX, cursor: None };
    let mut uses = BTreeMap::new();
    for delivery in Trading(deps).list_deliveries(user, Span::default(), &newest).await?.items {
        let at = delivery.at.first_at;
        uses.entry(delivery.token).and_modify(|known: &mut Timestamp| *known = at.max(*known)).or_insert(at);
    }
    Ok(uses)
}
