//! Exchanges. A venue is asked and told; what it answers is believed, what it does not answer is unknown.

pub use domain::lineage::Said;

use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId, CredentialId};
use domain::market::{Asset, Exchange, Leverage, Market, MarketKey};
use domain::money::{Price, Quantity, Rate};
use domain::order::{Direction, Fact, Refusal, TradeId};
use domain::preset::OrderKind;
use domain::vault::KeyFault;
use std::collections::{BTreeMap, BTreeSet};

pub use domain::account::Balance;
pub use domain::order::{Trigger, TriggerKind};

/// An order as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub account: AccountId,
    pub market: Market,
    pub client_id: ClientOrderId,
    pub direction: Direction,
    pub kind: OrderKind,
    /// With it the order waits at the venue, and is placed as its kind once the last price gets there.
    pub trigger: Option<Trigger>,
    pub quantity: Quantity,
    /// On a linear market: it ends or protects what is held, and the venue lets it neither open nor grow a position.
    /// Never on spot.
    pub reduce_only: bool,
    /// The persisted time that the request is signed with; it is not sent later than the send delay after it.
    pub sent_at: Timestamp,
}

/// One cancels the other: a limit order on the good side of the price and a stop on the bad one, for the same quantity.
/// The first that is filled in part or triggered ends the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcoRequest {
    pub account: AccountId,
    pub market: Market,
    pub direction: Direction,
    pub quantity: Quantity,
    pub limit_id: ClientOrderId,
    pub limit: Price,
    pub stop_id: ClientOrderId,
    /// Where the stop is triggered.
    pub stop: Price,
    /// What the stop is placed as then: a market order where this is none, as in every pair that is placed by now.
    pub stop_limit: Option<Price>,
    /// As of a [`Request`].
    pub reduce_only: bool,
    pub sent_at: Timestamp,
}

/// Both orders of a pair, as the venue has accepted them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcoFacts {
    pub limit: Fact,
    pub stop: Fact,
}

/// Where an order is to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub account: AccountId,
    pub market: Market,
    pub client_id: ClientOrderId,
    /// The venue's own id, where it has told that it accepted the order: it is asked about by that before any list is read.
    pub venue_id: Option<String>,
    /// Trades of it that are known whole, fee and all: they need not be told again.
    pub known: BTreeMap<TradeId, Quantity>,
    /// It was not sent before this, by our time.
    pub since: Timestamp,
}

/// What became of a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T = Fact> {
    Accepted(T),
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
    /// How far back its lists are known to reach: one that was accepted longer ago and is in none of them is not proven
    /// over. None where they are read back to its send, or else nothing is answered.
    pub lists_reach: Option<Millis>,
    /// By what it tells of one order: what it has accepted is over only where it answers that it does not know it any more.
    pub tells: Tells,
    /// Whether requests of one key may overtake each other. It tells what the adapter keeps to by itself, and simulations play it;
    /// nobody else waits because of it.
    pub requests: Requests,
    /// Whether its lists are of all markets: [`Venue::list_many`] tells of as many as are asked about with one question.
    pub lists_all: bool,
    /// Whether its balances name every asset that the account has, as it documents: one that is left out is nothing. Elsewhere
    /// nothing is known of such an asset.
    pub names_all_assets: bool,
}

/// Whether requests that are signed with one key may overtake each other on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    /// They may.
    Parallel,
    /// Each has a number, and one that arrives after a greater one is refused: a process sends one after another, and two
    /// processes with one key may be in each other's way.
    Serial,
}

/// By what a venue tells of one order that it has accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// By the id that we gave it, as surely as by its own.
    ByOurId,
    ByItsOwnId,
    /// By none: what its lists and trades do not show may be there all the same, and is never proven over.
    InLists,
}

/// Why a venue is left alone now, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// A stable word: [`Pause::ASKED`], [`Pause::FAILING`], [`Pause::FULL`] or [`Pause::BUSY`].
    pub code: &'static str,
    pub until: Timestamp,
    pub why: String,
}

impl Pause {
    /// It has asked to be left alone.
    pub const ASKED: &'static str = "venue_paused";
    /// It fails, and is spared what can wait.
    pub const FAILING: &'static str = "venue_failing";
    /// Nearly all that may be asked in this minute has been asked: exits and cancels are sent, and nothing else. Or the account
    /// has placed as many orders as it may, or its key asked as much: it enters nothing.
    pub const FULL: &'static str = "venue_full";
    /// Most of what may be asked in this minute has been asked: what can wait waits.
    pub const BUSY: &'static str = "venue_busy";
}

/// What is to be sent: a venue that fails is spared entries, and asked all the same to end what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Entry,
    Exit,
    /// A look at what the venue keeps by itself: it can wait.
    Look,
}

/// A venue's no that is about the key and about nothing else: never one for the clock, the traffic or the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRefused {
    /// With which it was asked.
    pub credential: CredentialId,
    pub fault: KeyFault,
}

/// Contracts that are held at the venue, whoever has opened them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPosition {
    pub market: MarketKey,
    pub side: Side,
    /// Base; above zero.
    pub quantity: Quantity,
}

/// Why a venue was not made ready for a first order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unprepared {
    /// The venue has said no, and will say so again.
    #[error("{}", .0.detail)]
    Refused(Refusal),
    /// It cannot be told now, or what it answered cannot be believed.
    #[error("{0}")]
    Away(String),
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
    /// Where it waits for the price as a stop, or has waited.
    pub stop: Option<Price>,
    pub quantity: Quantity,
    pub fact: Fact,
    pub accepted_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VenueError {
    #[error("the venue cannot be read now: {0}")]
    Unavailable(String),
    /// It has no such market: asking again is of no use.
    #[error("the venue has no market {0}")]
    NoMarket(MarketKey),
}

pub trait ListVenueMarkets {
    /// Whether the exchange can be asked for its markets: somebody here speaks to it.
    fn lists(&self, exchange: &Exchange) -> bool;

    /// Exchanges whose markets are to be kept though nobody has an account there.
    fn wanted(&self) -> BTreeSet<Exchange>;

    /// All spot markets that may be traded there now, without a key: on its own side, not on one for tests.
    async fn list_venue_markets(&self, exchange: &Exchange) -> Result<Vec<Market>, VenueError>;
}

pub trait ReadFee {
    /// What a market order costs this account there, as the venue tells it with the account's key. Whatever it answers says
    /// nothing of the key: a right to be told this is none that trading needs.
    ///
    /// # Errors
    /// Where it is not told now.
    async fn read_fee(&self, account: &AccountId, market: &Market) -> Result<Rate, VenueError>;
}

/// An exchange, or the paper venue.
pub trait Venue {
    fn terms(&self, exchange: &Exchange) -> Terms;

    /// Whether the account's venue is to be left alone. Asked before an order is committed to, so that what must wait
    /// waits as a plan; whatever the venue adapter can prepare for the order it prepares here.
    async fn paused(&self, account: &AccountId, exchange: &Exchange, urgency: Urgency) -> Option<Pause>;

    /// Makes the account ready for the first order of a position on a linear market: one position a market and not two
    /// (one-way mode), a margin of its own (isolated), this leverage. Asked before that order is committed to, as often as
    /// one likes: what is so already stays so. On spot there is nothing to be told.
    ///
    /// # Errors
    /// [`Unprepared`].
    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared>;

    /// All contracts that the account holds there, however they came about; none on spot, where balances tell.
    async fn positions(&self, account: &AccountId, exchange: &Exchange) -> Result<Vec<OpenPosition>, VenueError>;

    /// Sends once. Client order ids are unique among open orders only: it is never called twice with one.
    async fn submit(&self, request: &Request) -> Outcome;

    /// Both or neither, sent once, where the market says that its venue keeps stops; as with [`Venue::submit`].
    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts>;

    /// Ends an open order, and with it the other half of its pair: of two, one is open as long as neither is over.
    async fn cancel(&self, address: &Address) -> Cancelled;

    /// The order with its trades, open or not; `None` only when neither its orders nor its trades know the id, and where the
    /// venue's own is known it has said that it knows no such order, as far as it tells of one at all ([`Terms::tells`]).
    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError>;

    /// Of many orders of one account what [`Venue::find_order`] would tell, by client id, as far as the venue tells it with fewer
    /// questions than there are orders. Whichever is left out is asked about by itself: that it is not among these says nothing
    /// of it. Where lists are read for this, only what is open is told from them.
    ///
    /// # Errors
    /// Where nothing could be read.
    async fn find_many(&self, _: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        Ok(BTreeMap::new())
    }

    /// The orders of one market whose client ids begin with the prefix, oldest first, each with its trades.
    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError>;

    /// The same of many markets of one exchange, with or without their trades, as far as the venue tells of them with fewer
    /// questions than there are markets. Whichever is left out is listed by itself. It can wait, and so it is also no answer
    /// where little is left of what may be asked.
    ///
    /// # Errors
    /// Where not all could be read, or should not be now.
    async fn list_many(
        &self,
        _: &AccountId,
        _: &[Market],
        _: &str,
        _: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        Ok(BTreeMap::new())
    }

    async fn balances(&self, account: &AccountId, exchange: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError>;

    /// Is told of a market as a group knows it, before its price is asked for: its row may be gone, where the venue lists it no
    /// more for a while.
    fn meet(&self, _: &Market) {}

    /// The last price and its time, on the side of the venue that the account trades on.
    async fn ticker(&self, account: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError>;

    /// What is on offer now for whoever trades in that direction at the market: the lowest ask, or the highest bid. None where
    /// nothing is, or where nobody keeps a book.
    async fn offered(&self, _: &AccountId, _: &MarketKey, _: Direction) -> Result<Option<Price>, VenueError> {
        Ok(None)
    }

    /// The market's price in the minute of `at`, the same whenever it is asked for; none where it had no price then.
    async fn price_at(
        &self,
        account: &AccountId,
        market: &MarketKey,
        at: Timestamp,
    ) -> Result<Option<Price>, VenueError>;

    /// How far our clock is ahead of the venue's, asked now; none where it has no clock of its own. As exact as half of the way
    /// there and back.
    async fn clock_ahead(&self, _: &AccountId, _: &Exchange) -> Result<Option<Millis>, VenueError> {
        Ok(None)
    }

    /// What was said over the wire since this was last asked, oldest first, of one process that does one thing at a time;
    /// no key, no signature, no token in it. Nothing where there is no wire.
    fn said(&self) -> Vec<Said>;

    /// For how long the account's venue has asked this process to be left alone, all of it or for this account, as far as the
    /// account's row did not say so when it was read; told once. Nothing is asked or read for it.
    fn newly_paused(&self, _: &AccountId) -> Option<Pause> {
        None
    }

    /// Whether the account's key was refused since this was last asked, in whatever was asked with it. Never where nobody
    /// needs a key.
    fn key_refused(&self, _: &AccountId) -> Option<KeyRefused> {
        None
    }
}
