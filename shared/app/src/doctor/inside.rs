//! The look from inside: what a function that talks to venues sees of the world, and of the work under way.

use super::flight::{Flight, in_flight};
use crate::doctor::Sights;
use crate::ports::{NotSeen, StoreError, Surroundings, Venue};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, UserId};
use domain::limits;
use domain::market::{Exchange, MarketKey};
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

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
    /// How many functions may run at once in the whole account of AWS.
    pub concurrency_max: Result<u32, NotSeen>,
    /// Of the whole deployment.
    pub flight: Flight,
    /// Those of whoever asked come first, then those with a live group; at most [`limits::SIGHT_ACCOUNTS_MAX`].
    pub accounts: Vec<AccountFacts>,
}

/// One account: whether it may trade, whether its venue answers, and what is under way for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFacts {
    pub id: AccountId,
    pub user: UserId,
    pub exchange: Exchange,
    pub label: String,
    pub enabled: bool,
    pub validated: bool,
    pub halted: bool,
    /// Nothing starts there for a while.
    pub reducing: bool,
    /// Whether its venue has told its balances now, live or not.
    pub venue: Result<(), NotSeen>,
    /// How far our clock is ahead of its venue's; none where that has no clock of its own, or did not tell.
    pub clock_ahead: Option<Millis>,
    /// Of the markets with a live group, how many have a price now, and how many could not be asked.
    pub markets_read: u32,
    pub markets_unread: u32,
    pub open_groups_max: u32,
    pub flight: Flight,
}

/// Looks around for a user, or for the deployment, and writes down what was seen. What cannot be found out is part of
/// it, not an error.
///
/// # Errors
/// Where the store cannot be read or written.
pub async fn look_around<D: Engine, V: Venue, S: Surroundings>(
    deps: &D,
    venue: &V,
    surroundings: &S,
    user: Option<&UserId>,
    deadline: Timestamp,
) -> Result<Sight, StoreError> {
    let asker = Asker { deps, venue, deadline };
    let mut accounts = Vec::new();
    for id in in_turn(deps, user).await? {
        if let Some(account) = Trading(deps).load_account(&id).await? {
            accounts.push(asker.facts(account).await?);
        }
    }
    let sight = Sight {
        version: surroundings.version(),
        region: surroundings.region(),
        promised_address: surroundings.promised_address(),
        address: surroundings.address().await,
        clock_ahead: surroundings.clock_ahead().await,
        concurrency_max: surroundings.concurrency_max().await,
        flight: in_flight(deps).await?,
        accounts,
        at: deps.now(),
    };
    Sights(deps).keep_sight(&sight).await?;
    Ok(sight)
}

/// Whom to look at, each once.
async fn in_turn<D: Engine>(deps: &D, user: Option<&UserId>) -> Result<Vec<AccountId>, StoreError> {
    let mut all = match user {
        Some(user) => Trading(deps).list_accounts(user).await?,
        None => Vec::new(),
    };
    for shard in 0..limits::SHARDS {
        all.extend(Trading(deps).list_active(shard).await?);
    }
    all.extend(Trading(deps).list_every_account().await?);
    let mut turns = Vec::new();
    for id in all {
        if turns.len() < limits::SIGHT_ACCOUNTS_MAX && !turns.contains(&id) {
            turns.push(id);
        }
    }
    Ok(turns)
}

struct Asker<'a, D, V> {
    deps: &'a D,
    venue: &'a V,
    deadline: Timestamp,
}

impl<D: Engine, V: Venue> Asker<'_, D, V> {
    async fn facts(&self, account: Account) -> Result<AccountFacts, StoreError> {
        let standing = Vault(self.deps).load_standing(&account.id).await?;
        let flight = Flight::of(self.deps, &account).await?;
        let (mut markets_read, mut markets_unread) = (0_u32, 0_u32);
        for market in &flight.markets {
            let count = if self.has_price(&account.id, market).await { &mut markets_read } else { &mut markets_unread };
            *count = count.saturating_add(1);
        }
        Ok(AccountFacts {
            enabled: standing.is_some_and(|standing| standing.enabled),
            validated: standing.is_some_and(|standing| standing.validated),
            halted: account.halted.is_some(),
            reducing: account.reduces(self.deps.now()).is_some(),
            venue: self.balances(&account).await,
            clock_ahead: self.clock_ahead(&account).await,
            markets_read,
            markets_unread,
            open_groups_max: account.limits.open_groups_max,
            flight,
            id: account.id,
            user: account.user,
            exchange: account.exchange,
            label: account.label,
        })
    }

    async fn has_price(&self, account: &AccountId, market: &MarketKey) -> bool {
        self.has_time() && self.venue.ticker(account, market).await.is_ok_and(|price| price.is_some())
    }

    async fn balances(&self, account: &Account) -> Result<(), NotSeen> {
        if !self.has_time() {
            return Err(NotSeen("there was no time left to ask".to_owned()));
        }
        let read = self.venue.balances(&account.id, &account.exchange).await;
        read.map(drop).map_err(|error| NotSeen(error.to_string()))
    }

    async fn clock_ahead(&self, account: &Account) -> Option<Millis> {
        if !self.has_time() {
            return None;
        }
        self.venue.clock_ahead(&account.id, &account.exchange).await.ok().flatten()
    }

    /// No call of the venue begins that could outlast the run.
    fn has_time(&self) -> bool {
        self.deps.now().plus(limits::SUBMIT_TIMEOUT).plus(limits::CALL_MARGIN) <= self.deadline
    }
}
