//! Exchanges. A venue is asked and told; what it answers is believed, what it does not answer is unknown.

use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Market, MarketKey};
use domain::money::{Amount, Price, Quantity};
use domain::order::{Direction, Fact, Refusal};
use domain::preset::OrderKind;
use std::collections::BTreeMap;

/// An order as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub account: AccountId,
    pub market: Market,
    pub client_id: ClientOrderId,
    pub direction: Direction,
    pub kind: OrderKind,
    pub quantity: Quantity,
    /// The persisted time that the request is signed with; it is not sent later than the send delay after it.
    pub sent_at: Timestamp,
}

/// Where an order is to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub account: AccountId,
    pub market: Market,
    pub client_id: ClientOrderId,
}

/// What became of a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Accepted(Fact),
    /// The venue has said no. The order does not exist there.
    Rejected(Refusal),
    /// A byte may have left and no answer can be believed.
    Unknown(String),
    /// Nothing left this machine.
    NotSent(String),
}

/// What became of a cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancelled {
    Done(Fact),
    /// The venue has no such open order: it may be filled.
    Gone,
    Unknown(String),
}

/// How a venue treats client order ids and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// After this the venue itself refuses a request that was under way; none where nothing bounds its arrival, and
    /// so nothing but its user's word proves an order absent.
    pub validity: Option<Millis>,
    /// How long a read may miss what was already accepted.
    pub read_lag: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub free: Amount,
    /// In open orders, ours and others'.
    pub locked: Amount,
}

/// Which orders a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Those that are open now.
    Open,
    /// All that were accepted at this time or later, whatever became of them.
    Since(Timestamp),
}

/// An order as the venue lists it, known there by whatever client id it was sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueOrder {
    pub client_id: ClientOrderId,
    pub venue_id: String,
    pub direction: Direction,
    pub kind: OrderKind,
    pub quantity: Quantity,
    pub fact: Fact,
    pub accepted_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VenueError {
    #[error("the venue cannot be read now: {0}")]
    Unavailable(String),
}

/// An exchange, or the paper venue.
pub trait Venue {
    fn terms(&self) -> Terms;

    /// Sends once. Client order ids are unique among open orders only: it is never called twice with one.
    async fn submit(&self, request: &Request) -> Outcome;

    async fn cancel(&self, address: &Address) -> Cancelled;

    /// The order with its trades, open or not; `None` only when neither its orders nor its trades know the id.
    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError>;

    /// The orders of one market whose client ids begin with the prefix, oldest first, each with its trades.
    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError>;

    async fn balances(&self, account: &AccountId) -> Result<BTreeMap<Asset, Balance>, VenueError>;

    /// The last price and its time.
    async fn ticker(&self, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError>;
}
