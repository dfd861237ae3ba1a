//! What accounts pay their venues, read with their keys as far as routes reckon with it.
//!
//! 1. It waits for all checks, and for what else its run has to do.
//! 2. What cannot be read changes nothing: a choice goes by what is published. Nothing that a venue says to this is about
//!    the key, either.
//! 3. A few at a time: whichever a round leaves, a later one begins with.

use super::ResealSecret;
use super::check::Checking;
use super::rounds::round_of;
use crate::pause;
use crate::ports::{OpenSecret, ProbeCredential, ReadChain, ReadFee, Urgency, Venue, VenueError};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::fees::KnownFee;
use domain::ids::HolderId;
use domain::limits::FEES_READ_MAX;
use domain::market::{Exchange, MarketKey, Symbol};
use std::collections::{BTreeMap, BTreeSet};
use store::trading::Trading;
use store::{Engine, market};

/// An account whose key was found good, and some of whose fees are to be read or forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paying {
    pub(super) account: Account,
    /// Under what it is the one account here that trades its account there.
    pub(super) claim: Option<HolderId>,
}

impl Paying {
    /// None where there is nothing to do.
    pub(super) fn of(account: Account, claim: Option<HolderId>, now: Timestamp) -> Option<Self> {
        let paying = Self { account, claim };
        let fees = &paying.account.fees;
        let is_due = fees.due(paying.claim.as_ref(), now).next().is_some();
        (is_due || fees.told(paying.claim.as_ref(), BTreeMap::new(), now) != *fees).then_some(paying)
    }
}

impl<D, V, S, C> Checking<'_, D, V, S, C>
where
    D: Engine,
    V: Venue + ProbeCredential + ReadFee,
    S: OpenSecret + ResealSecret,
    C: ReadChain,
{
    /// Reads fees as far as there is time, and keeps them. An exchange that has not answered once is asked no more.
    ///
    /// Gives back how many were read.
    pub async fn fees(&self, accounts: &[Paying]) -> usize {
        let (mut silent, mut read) = (BTreeSet::new(), 0_usize);
        for paying in accounts.iter().filter(|_| self.has_time()) {
            let told = match silent.contains(&paying.account.exchange) {
                true => BTreeMap::new(),
                false => self.fees_told(paying, &mut silent).await,
            };
            read = read.saturating_add(told.len());
            let Paying { account, claim } = paying;
            let next = account.fees.told(claim.as_ref(), told, self.deps.now());
            if next != account.fees {
                let _left_to_the_next_round = Trading(self.deps).keep_fees(&account.id, &account.fees, &next).await;
            }
        }
        read
    }

    async fn fees_told<'a>(
        &self,
        Paying { account, claim }: &'a Paying,
        silent: &mut BTreeSet<&'a Exchange>,
    ) -> BTreeMap<Symbol, KnownFee> {
        let mut told = BTreeMap::new();
        for symbol in turn(account, claim.as_ref(), self.deps.now()) {
            if !self.has_time() || self.venue.paused(&account.id, &account.exchange, Urgency::Look).await.is_some() {
                break;
            }
            let key = MarketKey { exchange: account.exchange.clone(), symbol: symbol.clone() };
            // One that is listed no more has none, and is not asked for.
            let Ok(Some(market)) = market::Market(self.deps).load_market(&key).await else { continue };
            match self.venue.read_fee(&account.id, &market).await {
                Ok(taker) => drop(told.insert(symbol.clone(), KnownFee { taker, read_at: self.deps.now() })),
                Err(VenueError::NoMarket(_)) => {}
                Err(VenueError::Unavailable(_)) => {
                    silent.insert(&account.exchange);
                    break;
                }
            }
        }
        pause::keep(self.deps, &account.id, self.venue.newly_paused(&account.id)).await;
        told
    }
}

/// Those of this round: each round begins with another one, so that one that is never told holds up none.
fn turn<'a>(account: &'a Account, claim: Option<&HolderId>, now: Timestamp) -> impl Iterator<Item = &'a Symbol> {
    let due: Vec<_> = account.fees.due(claim, now).collect();
    let first = usize::try_from(round_of(now)).unwrap_or_default().checked_rem(due.len()).unwrap_or_default();
    let (all, taken) = (due.len(), due.len().min(FEES_READ_MAX));
    due.into_iter().cycle().skip(first).take(if all == 0 { 0 } else { taken })
}
