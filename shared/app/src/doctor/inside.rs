//! The look from inside: what a function that talks to venues sees of the world, and of the work under way.

use super::flight::{Flight, in_flight};
use crate::ports::{
    Clock, KeepSight, ListAccounts, ListActive, ListLive, LoadAccount, LoadPosition, LoadStanding, NotSeen, StoreError,
    Surroundings, Venue,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::market::Exchange;

/// What was seen, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    pub at: Timestamp,
    /// Of the function that looked.
    pub version: String,
    pub region: String,
    /// None behind the shared door.
    pub promised_address: Option<String>,
    /// None where no echo is set.
    pub address: Result<Option<String>, NotSeen>,
    pub clock_ahead: Result<Millis, NotSeen>,
    /// Of the markets with a live group, how many have a price now, and how many could not be asked.
    pub markets_read: u32,
    pub markets_unread: u32,
    pub flight: Flight,
    /// Of the user who asked.
    pub accounts: Vec<AccountFacts>,
}

/// One account that may trade or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFacts {
    pub exchange: Exchange,
    pub label: String,
    pub enabled: bool,
    pub validated: bool,
    pub halted: bool,
}

/// What looking needs, beside a venue and the surroundings.
pub trait Look:
    ListActive + ListLive + LoadAccount + LoadPosition + ListAccounts + LoadStanding + KeepSight + Clock
{
}
impl<D> Look for D where
    D: ListActive + ListLive + LoadAccount + LoadPosition + ListAccounts + LoadStanding + KeepSight + Clock
{
}

/// Looks around and writes down what was seen. What cannot be found out is part of it, not an error.
///
/// # Errors
/// Where the store cannot be read or written.
pub async fn look_around<D: Look, V: Venue, S: Surroundings>(
    deps: &D,
    venue: &V,
    surroundings: &S,
    user: Option<&UserId>,
) -> Result<Sight, StoreError> {
    let flight = in_flight(deps).await?;
    let (mut markets_read, mut markets_unread) = (0_u32, 0_u32);
    for market in &flight.markets {
        let count = if venue.ticker(market).await.is_ok() { &mut markets_read } else { &mut markets_unread };
        *count = count.saturating_add(1);
    }
    let sight = Sight {
        version: surroundings.version(),
        region: surroundings.region(),
        promised_address: surroundings.promised_address(),
        address: surroundings.address().await,
        clock_ahead: surroundings.clock_ahead().await,
        markets_read,
        markets_unread,
        flight,
        accounts: accounts(deps, user).await?,
        at: deps.now(),
    };
    deps.keep_sight(user, &sight).await?;
    Ok(sight)
}

async fn accounts<D: Look>(deps: &D, user: Option<&UserId>) -> Result<Vec<AccountFacts>, StoreError> {
    let Some(user) = user else { return Ok(Vec::new()) };
    let mut accounts = Vec::new();
    for id in deps.list_accounts(user).await? {
        let Some(account) = deps.load_account(&id).await?.filter(|account| account.user == *user) else { continue };
        let standing = deps.load_standing(&id).await?;
        accounts.push(AccountFacts {
            enabled: standing.is_some_and(|standing| standing.enabled),
            validated: standing.is_some_and(|standing| standing.validated),
            halted: account.halted.is_some(),
            exchange: account.exchange,
            label: account.label,
        });
    }
    Ok(accounts)
}
