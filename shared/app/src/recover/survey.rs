//! One look at the venue for one account: its orders, its balances, and what of them the rows do not know.
//!
//! What is asked is asked in a fixed order: groups, markets, balances. Where the time is over the look ends, and the next
//! begins there. Groups that were asked about are read all the same: orders that are listed may be theirs.

use super::RecoverError;
use super::merge::Merge;
use crate::ask::find;
use crate::contracts;
use crate::ports::{Listed, Venue, VenueOrder};
use crate::run::Run;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::group::Found;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Market};
use domain::money::{Amount, MoneyError};
use domain::order::{Fact, Order, Status};
use domain::recovery::{Holding, Reached, Report, Stray, TableId};
use domain::{limits, slot};
use std::collections::{BTreeMap, BTreeSet};
use store::trading::Trading;
use store::{Engine, market};

/// What was found, not kept yet.
#[derive(Debug)]
pub(super) struct Survey {
    /// As it is to be once everything is kept.
    pub(super) report: Report,
    /// Where the look began that came before and did not end.
    pub(super) from: Option<Reached>,
    pub(super) merges: Vec<Merge>,
}

/// What was asked within the time.
#[derive(Debug, Default)]
struct Asked {
    /// None before anything was asked about.
    reached: Option<Reached>,
    strays: Vec<Stray>,
    /// None where the time was over before.
    holdings: Option<Vec<Holding>>,
}

/// `None` where there is no such account.
pub(super) async fn make<D: Engine, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    table: &TableId,
    run: &Run,
) -> Result<Option<Survey>, RecoverError> {
    let Some(account) = Trading(deps).load_account(account).await? else { return Ok(None) };
    let look = Look { deps, venue, account: &account, run };
    let at = deps.now();
    let since = newest(&account, at).minus(limits::RECOVERY_MARGIN);
    let earlier = Trading(deps).load_report(&account.id, table).await?;
    let from = earlier.as_ref().and_then(|earlier| earlier.reached.clone());
    let mut merges = look.groups(since).await?;
    let (markets, markets_left_out) = look.markets(&merges).await?;
    let asked = look.go_on(from.clone(), since, &mut merges, &markets).await?;
    if asked.holdings.is_none() && asked.reached.is_none() {
        return Err(RecoverError::OutOfTime);
    }
    let report = Report {
        account: account.id.clone(),
        table: table.clone(),
        begun_at: at,
        at,
        merged: true,
        reached: if asked.holdings.is_some() { None } else { asked.reached },
        since,
        markets: count(markets.len()),
        markets_left_out,
        changes: merges.iter().flat_map(Merge::changes).take(limits::RECOVERY_LINES_MAX).collect(),
        strays: asked.strays.into_iter().take(limits::RECOVERY_LINES_MAX).collect(),
        holdings: asked.holdings.unwrap_or_default(),
    };
    Ok(Some(Survey { report: report.after(earlier), from, merges }))
}

/// When the account was last looked after, by its own row: what it has forgotten is younger. A time of the future says nothing;
/// where its row has no other, all that its venue still lists is read.
fn newest(account: &Account, now: Timestamp) -> Timestamp {
    let times = [account.balance_at, slot::begins(account.pass_slot), account.filled_at];
    times.into_iter().filter(|at| !at.is_of_the_future(now)).max().unwrap_or_default()
}

struct Look<'a, D, V> {
    deps: &'a D,
    venue: &'a V,
    account: &'a Account,
    run: &'a Run,
}

impl<D: Engine, V: Venue> Look<'_, D, V> {
    /// Asks about whatever the look before has not come to, until the end or the time is over.
    async fn go_on(
        &self,
        from: Option<Reached>,
        since: Timestamp,
        merges: &mut [Merge],
        markets: &[Market],
    ) -> Result<Asked, RecoverError> {
        let is_new = |place: &Reached| from.as_ref().is_none_or(|from| from < place);
        let mut asked = Asked { reached: from.clone(), ..Asked::default() };
        for merge in merges.iter_mut() {
            let place = Reached::Group(merge.current().group.id.clone());
            if is_new(&place) {
                if !self.ask(merge).await? {
                    return Ok(asked);
                }
                asked.reached = Some(place);
            }
        }
        for market in markets {
            let place = Reached::Market(market.key.clone());
            if is_new(&place) {
                if !self.has_time() {
                    return Ok(asked);
                }
                for listed in pairs(self.listed(market, since).await?) {
                    asked.strays.extend(sort(merges, market, listed, &self.run.deployment));
                }
                asked.reached = Some(place);
            }
        }
        if self.has_time() {
            asked.holdings = Some(self.holdings(merges).await?);
        }
        Ok(asked)
    }

    async fn groups(&self, since: Timestamp) -> Result<Vec<Merge>, RecoverError> {
        let mut merges = Vec::new();
        for group in
            Trading(self.deps).list_groups_since(&self.account.id, since).await?.into_iter().collect::<BTreeSet<_>>()
        {
            let position = Trading(self.deps).load_position(&self.account.id, &group).await?;
            merges.extend(position.map(Merge::of));
        }
        Ok(merges)
    }

    /// Every order that may stand otherwise at the venue. A planned one may have been sent. False where the time was
    /// over before the last.
    async fn ask(&self, merge: &mut Merge) -> Result<bool, RecoverError> {
        let group = merge.current().group.clone();
        for order in merge.current().orders.clone().iter().filter(|order| is_open_question(order)) {
            if !self.has_time() {
                return Ok(false);
            }
            match find(self.venue, &group, order, || self.has_time()).await {
                Ok(fact) => fact.into_iter().for_each(|fact| merge.learn(&order.id, &fact)),
                Err(_) if !self.has_time() => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Those of the groups, then every other that could have been traded; and how many were too many.
    async fn markets(&self, merges: &[Merge]) -> Result<(Vec<Market>, u32), RecoverError> {
        let mut markets: BTreeMap<_, _> = BTreeMap::new();
        for merge in merges {
            let market = &merge.current().group.market;
            markets.insert(market.key.clone(), market.clone());
        }
        let mut left_out = 0_u32;
        for market in market::Market(self.deps).list_markets(&self.account.exchange).await? {
            if markets.contains_key(&market.key) {
                continue;
            }
            if markets.len() < limits::RECOVERY_MARKETS_MAX {
                markets.insert(market.key.clone(), market);
            } else {
                left_out = left_out.saturating_add(1);
            }
        }
        Ok((markets.into_values().collect(), left_out))
    }

    async fn listed(&self, market: &Market, since: Timestamp) -> Result<Vec<VenueOrder>, RecoverError> {
        let prefix = ClientOrderId::deployment_prefix(&self.run.deployment);
        Ok(self.venue.list_orders(&self.account.id, market, &prefix, Listed::Since(since)).await?)
    }

    async fn holdings(&self, merges: &[Merge]) -> Result<Vec<Holding>, RecoverError> {
        let live = || merges.iter().map(Merge::current).filter(|position| !position.group.is_settled());
        let (mut ours, mut ours_open) = (BTreeMap::<Asset, Amount>::new(), BTreeMap::<Asset, Amount>::new());
        let open = contracts::open(self.venue, self.account, live()).await?;
        for position in live() {
            let (base, claim) = (&position.group.market.key.symbol.base, position.ledger()?.held()?);
            let held = ours.entry(base.clone()).or_insert(Amount::ZERO);
            *held = held.plus(Amount::new(claim.get())?)?;
            if position.group.market.kind.is_linear() {
                let there = ours_open.entry(base.clone()).or_insert(Amount::ZERO);
                *there = there.plus(Amount::new(contracts::there(position, claim, &open)?.get())?)?;
            }
        }
        let there = self.venue.balances(&self.account.id, &self.account.exchange).await?;
        let coins = |asset: &Asset| there.get(asset).map_or(Ok(Amount::ZERO), |one| one.free.plus(one.locked));
        let holding = |(asset, ours): (Asset, Amount)| {
            let there = ours_open.get(&asset).copied().map_or_else(|| coins(&asset), Ok)?;
            Ok(Holding { asset, ours, there })
        };
        Ok(ours.into_iter().map(holding).collect::<Result<_, MoneyError>>()?)
    }

    /// Whether a venue call may begin: it must end well before the run does.
    fn has_time(&self) -> bool {
        self.deps.now().plus(limits::SUBMIT_TIMEOUT).plus(MARGIN) <= self.run.deadline
    }
}

/// Merging and reporting take their time too.
const MARGIN: Millis = limits::CALL_MARGIN;

fn is_open_question(order: &Order) -> bool {
    match order.status {
        Status::NotPlaced | Status::Rejected => false,
        status if status.is_final() => order.believed().is_some() || !order.is_accounted().unwrap_or(false),
        _ => true,
    }
}

/// An order as it is listed, or two of which one cancels the other.
struct Sent {
    own: VenueOrder,
    stop: Option<VenueOrder>,
}

/// Each limit order with the stop beside it.
fn pairs(listed: Vec<VenueOrder>) -> Vec<Sent> {
    let mut by_id: BTreeMap<_, _> = listed.iter().map(|order| (order.client_id.clone(), order.clone())).collect();
    let mut pair = |own: VenueOrder| {
        let stop = by_id.remove(&own.client_id.of_stop());
        Sent { own, stop }
    };
    let sent: Vec<Sent> = listed.into_iter().map(&mut pair).collect();
    let taken: BTreeSet<_> =
        sent.iter().filter_map(|sent| sent.stop.as_ref()).map(|stop| stop.client_id.clone()).collect();
    sent.into_iter().filter(|sent| !taken.contains(&sent.own.client_id)).collect()
}

/// To the group that has it, or that must have sent it; what is left is of nobody.
fn sort(merges: &mut [Merge], market: &Market, sent: Sent, deployment: &str) -> Vec<Stray> {
    let Sent { own, stop } = sent;
    let listed = || [Some(&own), stop.as_ref()].into_iter().flatten();
    let mut of_nobody: Vec<&VenueOrder> = listed().filter(|order| !learnt(merges, order)).collect();
    if of_nobody.iter().any(|order| order.client_id == own.client_id) {
        let found = found(&own, stop.as_ref());
        let same_market = |merge: &&mut Merge| merge.current().group.market.key == market.key;
        if merges.iter_mut().filter(same_market).any(|merge| merge.regain(deployment, &found)) {
            of_nobody.clear();
        }
    }
    of_nobody.into_iter().map(|order| stray(order, market)).collect()
}

/// Whether a group has it.
fn learnt(merges: &mut [Merge], listed: &VenueOrder) -> bool {
    for merge in merges.iter_mut() {
        let half = |order: &Order| Some((order.clone(), order.half_of(&listed.client_id)?));
        if let Some((order, half)) = merge.current().orders.iter().find_map(half) {
            merge.learn(&order.id, &order.told_of(half, listed.fact.clone()));
            return true;
        }
    }
    false
}

fn found(own: &VenueOrder, stop: Option<&VenueOrder>) -> Found {
    let VenueOrder { client_id, direction, kind, quantity, fact, accepted_at, .. } = own.clone();
    let stops_at = own.stop.or(stop.and_then(|stop| stop.stop));
    let both = stop.and_then(|stop| Fact::of_pair(Some(fact.clone()), Some(stop.fact.clone())));
    Found { client_id, direction, kind, stop: stops_at, quantity, accepted_at, fact: both.unwrap_or(fact) }
}

fn stray(order: &VenueOrder, market: &Market) -> Stray {
    let VenueOrder { client_id, venue_id, direction, quantity, fact, accepted_at, .. } = order.clone();
    let (filled, status) = (fact.cumulative, fact.status.unwrap_or(Status::Open));
    Stray { client_id, venue_id, market: market.key.clone(), direction, quantity, filled, status, accepted_at }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
