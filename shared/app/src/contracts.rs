//! Contracts as the venue holds them, against what groups hold: balances tell of coins alone.

use crate::ports::{OpenPosition, Venue, VenueError};
use domain::account::Account;
use domain::group::Position;
use domain::money::{MoneyError, Quantity};

/// What the venue has open on the account; it is not asked where none of these positions is one of contracts.
///
/// # Errors
/// Where the venue cannot be read.
pub(crate) async fn open<V: Venue>(
    venue: &V,
    account: &Account,
    mut ours: impl Iterator<Item = &Position>,
) -> Result<Vec<OpenPosition>, VenueError> {
    if ours.any(|position| position.group.market.kind.is_linear()) {
        venue.positions(&account.id, &account.exchange).await
    } else {
        Ok(Vec::new())
    }
}

/// What of this claim is there: on the group's own market and side, and nothing else. What is more is the user's own.
pub(crate) fn there(position: &Position, claim: Quantity, open: &[OpenPosition]) -> Result<Quantity, MoneyError> {
    let group = &position.group;
    let is_ours = |there: &&OpenPosition| there.market == group.market.key && there.side == group.side;
    let there = open.iter().filter(is_ours).try_fold(Quantity::ZERO, |sum, there| sum.plus(there.quantity))?;
    Ok(there.min(claim))
}
