//! One run over one source of blocks.

use super::changes;
use super::follow::{self, Found, Next};
use super::prices::Prices;
use crate::ports::{PublishWhaleAlert, ReadBlocks, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::{SourceId, WhaleAlertId};
use domain::market::Asset;
use domain::money::{Amount, MoneyError, Price};
use domain::whale::{
    BlockRef, Blockchain, ChainAddress, Change, Counts, Cursor, FeedFault, Flows, Header, Judged, Known, Label,
    Listing, Seen, TransactionType, Transfer, Watch, WhaleAlert, WhaleStatus, judge, significance,
};
use futures_util::future::{Either, FutureExt, select};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::{Pin, pin};
use store::Engine;
use store::whale::Whales;

/// In which alerts of one type and asset are counted together.
const TOGETHER: Millis = Millis::seconds(600);
/// After so many a step ends: a change takes some 700 bytes, and a row ends at 400 KB.
const CHANGES_OF_A_STEP: usize = 100;
/// The largest transfers of a block, and alerts that are not final yet: with what a step has before them, a row has room for so many.
const ALERTS_OF_A_BLOCK: usize = 200;
const PROVISIONAL_MAX: usize = 3_000;
/// Alerts that were detected before are read from there on at the earliest, however old a block says it is.
const LATELY_MAX: Millis = Millis::seconds(86_400);
/// How old what is shown of an idle source may be.
const SHOWN_AFTER: Millis = Millis::seconds(300);

/// What is watched, and how.
#[derive(Debug)]
pub struct Watching<'a> {
    pub source: &'a SourceId,
    /// Of the source itself.
    pub version: u64,
    /// As alerts name it.
    pub name: &'a str,
    pub chain: Blockchain,
    pub listing: &'a Listing,
    pub labels: &'a BTreeMap<ChainAddress, Label>,
    /// In USD.
    pub minimum: Amount,
    pub trace: &'a str,
}

/// What a run has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watched {
    pub blocks: usize,
    pub changes: usize,
    pub has_failed: bool,
    /// Another run is at it.
    pub is_elsewhere: bool,
}

/// Reads on until the deadline, or until nothing is new. A step that is under way at the deadline is ended: nothing of it is stored, and the next
/// run makes it anew. If it is the first one of its run, the source has failed, since it would never move on.
///
/// # Errors
/// Where the store or the bus cannot be reached. A source that fails is no error.
pub async fn watch<D: Engine, B: PublishWhaleAlert, R: ReadBlocks>(
    deps: &D,
    bus: &B,
    watching: &Watching<'_>,
    endpoints: &[R],
    deadline: impl Future<Output = ()>,
) -> Result<Watched, StoreError> {
    let (mut watch, mut is_owed) = begin(deps, bus, watching).await?;
    let mut watched = Watched::default();
    if watch.is_left_alone(deps.now()) {
        return Ok(watched);
    }
    let (roughly, begun_at) = (Prices::roughly(deps, watching.listing, deps.now()).await?, watch.version);
    let mut deadline = pin!(deadline);
    while deadline.as_mut().now_or_never().is_none() {
        let (moved, is_last) = match on(deps, watching, endpoints, (&watch, &roughly), deadline.as_mut()).await? {
            Moved::To { watch: moved, blocks, is_all } => {
                watched.blocks = watched.blocks.saturating_add(blocks);
                let has_failed = moved.fault.is_some();
                (*moved, has_failed || is_all)
            }
            Moved::Ended if watch.version == begun_at => (watch.clone().failed(FeedFault::TimedOut, deps.now()), true),
            Moved::Nowhere if is_owed || watch.fault.is_some() || is_long_ago(watch.read_at, deps.now()) => {
                (watch.clone().well(deps.now()), true)
            }
            Moved::Ended | Moved::Nowhere => break,
        };
        let Some(kept) = keep(deps, bus, watching, &moved, &mut watched).await? else { break };
        (watch, is_owed) = kept;
        if is_last {
            if is_owed {
                // They are made: the next run has nothing to make again.
                keep(deps, bus, watching, &watch, &mut watched).await?;
            }
            break;
        }
    }
    Ok(watched)
}

/// The row of a source, and whether changes stood in it: those of a run that has ended too early, or of the last one, are made first.
pub(super) async fn begin<D: Engine, B: PublishWhaleAlert>(
    deps: &D,
    bus: &B,
    watching: &Watching<'_>,
) -> Result<(Watch, bool), StoreError> {
    let stored = Whales(deps).load_watch(watching.source).await?;
    let watch = stored.unwrap_or_else(|| Watch::new(watching.source.clone(), watching.chain));
    made(deps, bus, watching, watch.asked_as(watching.version, deps.now())).await
}

/// The row moves on, and its changes are made. None where another run was first.
pub(super) async fn keep<D: Engine, B: PublishWhaleAlert>(
    deps: &D,
    bus: &B,
    watching: &Watching<'_>,
    moved: &Watch,
    watched: &mut Watched,
) -> Result<Option<(Watch, bool)>, StoreError> {
    watched.has_failed = moved.fault.is_some();
    let Some(kept) = Whales(deps).keep_watch(moved).await? else {
        watched.is_elsewhere = true;
        return Ok(None);
    };
    watched.changes = watched.changes.saturating_add(kept.changes.len());
    made(deps, bus, watching, kept).await.map(Some)
}

/// Without its changes, which are made; whether there were any.
async fn made<D: Engine, B: PublishWhaleAlert>(
    deps: &D,
    bus: &B,
    watching: &Watching<'_>,
    mut watch: Watch,
) -> Result<(Watch, bool), StoreError> {
    changes::make(deps, bus, &watch.changes, watching.trace).await?;
    let is_owed = !std::mem::take(&mut watch.changes).is_empty();
    Ok((watch, is_owed))
}

/// A source that cannot be asked at all: its row says why.
///
/// # Errors
/// If the store cannot be reached.
pub async fn cannot_be_asked<D: Engine>(
    deps: &D,
    (source, version, chain): (&SourceId, u64, Blockchain),
    fault: FeedFault,
) -> Result<Watched, StoreError> {
    let (stored, now) = (Whales(deps).load_watch(source).await?, deps.now());
    let watch = stored.unwrap_or_else(|| Watch::new(source.clone(), chain)).asked_as(version, now);
    if !watch.is_left_alone(now) {
        // Where another run was first, it says so itself.
        let _kept = Whales(deps).keep_watch(&watch.failed(fault, now)).await?;
    }
    Ok(Watched { has_failed: true, ..Watched::default() })
}

pub(super) fn is_long_ago(read_at: Option<Timestamp>, now: Timestamp) -> bool {
    read_at.is_none_or(|read_at| now.since(read_at).get() >= SHOWN_AFTER.get())
}

enum Moved {
    /// By so many blocks, or to a fault. A source whose chain stands still does not fare well, whatever was read of it.
    To {
        watch: Box<Watch>,
        blocks: usize,
        /// To the newest block: what has come meanwhile is read in the next minute.
        is_all: bool,
    },
    Nowhere,
    /// By the deadline.
    Ended,
}

/// How many blocks were read, and whether these were all.
const NOT_ALL: (usize, bool) = (0, false);

/// By as many blocks as are read at once.
async fn on<D: Engine, R: ReadBlocks>(
    deps: &D,
    watching: &Watching<'_>,
    endpoints: &[R],
    (watch, roughly): (&Watch, &BTreeMap<Asset, Price>),
    deadline: Pin<&mut impl Future<Output = ()>>,
) -> Result<Moved, StoreError> {
    let (now, chain) = (deps.now(), watching.chain);
    let is_large = |flows: &Flows| flows.are_worth(watching.minimum, roughly);
    let failed = watch.fault.as_ref().map_or(0, |failing| failing.times);
    let step = pin!(follow::next(endpoints, (chain, watch.cursor.as_ref(), now), failed, &is_large));
    let found = match select(deadline, step).await {
        Either::Left(_) => return Ok(Moved::Ended),
        Either::Right((found, _)) => found,
    };
    let (watch, fault) = (watch.clone(), found.as_ref().map_or_else(|fault| Some(*fault), Found::fault));
    let is_newest = found.as_ref().is_ok_and(|found| found.is_all);
    let (moved, (blocks, is_all)) = match found.map(|found| found.next) {
        Ok(Next::Nothing) if fault.is_none() => return Ok(Moved::Nowhere),
        Err(_) | Ok(Next::Nothing) => (watch, NOT_ALL),
        Ok(Next::Begin(blocks)) => {
            (Watch { cursor: Some(Cursor::behind(blocks, chain.blocks_kept())), ..watch }, (0, is_newest))
        }
        Ok(Next::Lost) => {
            let counts = Counts { lost: watch.counts.lost.saturating_add(1), ..watch.counts };
            (Watch { cursor: None, counts, ..watch }, NOT_ALL)
        }
        Ok(Next::Revoke(block)) => (revoked(watch, &block, now), NOT_ALL),
        Ok(Next::Leave(stands, newest)) => (left(watch, &stands, newest, now), NOT_ALL),
        Ok(Next::Read(blocks)) => {
            let found = blocks.len();
            let (watch, read) = read(deps, watching, watch, blocks).await?;
            (watch, (read, is_newest && read == found))
        }
    };
    let moved = match fault {
        Some(fault) => moved.failed(fault, now),
        None => moved.well(now),
    };
    Ok(Moved::To { watch: Box::new(moved), blocks, is_all })
}

fn revoked(watch: Watch, block: &BlockRef, at: Timestamp) -> Watch {
    let Some(cursor) = watch.cursor else { return watch };
    let (cursor, alerts) = cursor.revoked();
    let changes = alerts.into_iter().map(|id| Change::Revoked { id, block: block.clone(), at });
    Watch { cursor: Some(cursor), changes: changes.collect(), ..watch }
}

/// Alerts of blocks that are not followed any more: final where these stand. As many as a row has room for.
fn left(watch: Watch, stands: &[Header], newest: u64, at: Timestamp) -> Watch {
    let Some(cursor) = watch.cursor else { return watch };
    let (cursor, alerts) = cursor.left(CHANGES_OF_A_STEP);
    let change = |(id, block): (WhaleAlertId, BlockRef)| {
        let there = stands.iter().find(|header| header.block.number == block.number)?;
        let confirmations = newest.saturating_sub(block.number).saturating_add(1);
        Some(match there.block == block {
            true => Change::Settled { id, block, confirmations },
            false => Change::Revoked { id, block, at },
        })
    };
    let changes = alerts.into_iter().filter_map(change).collect();
    Watch { cursor: Some(cursor), changes, ..watch }
}

/// With how many of these blocks: a row has room for so many changes.
async fn read<D: Engine>(
    deps: &D,
    watching: &Watching<'_>,
    watch: Watch,
    blocks: Vec<(Header, Vec<Seen>)>,
) -> Result<(Watch, usize), StoreError> {
    let Some(mut cursor) = watch.cursor.clone() else { return Ok((watch, 0)) };
    let large = blocks.iter().filter(|(_, seen)| !seen.is_empty()).map(|(header, _)| header.at);
    let mut looking = Looking::at(deps, watching, large.collect()).await?;
    let (mut counts, mut changes, mut count) = (watch.counts, Vec::new(), 0_usize);
    for (header, seen) in blocks {
        let provisional = cursor.blocks().map(|block| block.alerts.len()).sum::<usize>();
        let room = PROVISIONAL_MAX.saturating_sub(provisional).min(ALERTS_OF_A_BLOCK);
        let place = (header.at, Some(&header.block));
        let alerts = looking.alerts(place, &seen, room, &mut counts);
        let ids = alerts.iter().map(|alert| alert.id.clone()).collect();
        changes.extend(alerts.into_iter().map(|alert| Change::Seen(Box::new(alert))));
        count = count.saturating_add(1);
        cursor = cursor.read(header.block, ids);
        let (next, settled) = cursor.settled(watching.chain.final_from());
        cursor = next;
        let newest = cursor.newest().map_or(0, |newest| newest.number);
        changes.extend(settled.into_iter().map(|(id, block)| {
            let confirmations = newest.saturating_sub(block.number).saturating_add(1);
            Change::Settled { id, block, confirmations }
        }));
        // The next step goes on behind this block.
        if changes.len() >= CHANGES_OF_A_STEP {
            break;
        }
    }
    Ok((Watch { cursor: Some(cursor), changes, counts, ..watch }, count))
}

/// What is known while transactions are judged.
pub(super) struct Looking<'a> {
    watching: &'a Watching<'a>,
    contracts: BTreeSet<ChainAddress>,
    prices: Prices,
    /// Types and assets of alerts with the times of their blocks.
    lately: BTreeMap<WhaleAlertId, (TransactionType, Asset, Timestamp)>,
    /// Which of them this source has told of.
    told: BTreeSet<WhaleAlertId>,
    now: Timestamp,
}

impl<'a> Looking<'a> {
    /// Those of these times.
    pub(super) async fn at<D: Engine>(
        deps: &D,
        watching: &'a Watching<'a>,
        times: Vec<Timestamp>,
    ) -> Result<Self, StoreError> {
        let (now, contracts) = (deps.now(), watching.listing.tokens.keys().cloned().collect());
        let (Some(first), Some(last)) = (times.iter().min().copied(), times.iter().max().copied()) else {
            return Ok(Self {
                watching,
                contracts,
                prices: Prices::default(),
                lately: BTreeMap::new(),
                told: BTreeSet::new(),
                now,
            });
        };
        let prices = Prices::of(deps, watching.listing, (first, last)).await?;
        // What is read late was detected late.
        let since = first.min(now).max(now.minus(LATELY_MAX)).minus(TOGETHER);
        let before = Whales(deps).list_detected(since, now).await?;
        let told = before.iter().filter(|alert| alert.sources.contains(watching.name)).map(|alert| alert.id.clone());
        let told = told.collect();
        let stands = before.into_iter().filter(|alert| alert.status != WhaleStatus::Orphaned);
        let lately = stands.map(|alert| {
            let (kind, asset) = (alert.transfer.kind, alert.transfer.units.of.asset);
            (alert.id, (kind, asset, alert.at))
        });
        Ok(Self { watching, contracts, prices, lately: lately.collect(), told, now })
    }

    /// Of one time and one block; none of what has none. As many as a row has room for, the largest ones; others are counted.
    pub(super) fn alerts(
        &mut self,
        place: (Timestamp, Option<&BlockRef>),
        seen: &[Seen],
        room: usize,
        counts: &mut Counts,
    ) -> Vec<WhaleAlert> {
        let (prices, mut transfers) = (self.prices.at(place.0), Vec::new());
        for one in seen {
            match self.transfer(one, &prices) {
                Ok(Judged::Alert(transfer)) => transfers.push((one, transfer)),
                Ok(Judged::Silent(_)) => counts.silent = counts.silent.saturating_add(1),
                Ok(Judged::Unpriced(_)) => counts.unpriced = counts.unpriced.saturating_add(1),
                // Sums beyond what can be counted are nonsense.
                Ok(Judged::Small) | Err(_) => {}
            }
        }
        transfers.sort_by_key(|(_, transfer)| Reverse(transfer.worth));
        let left_out = transfers.split_off(room.min(transfers.len()));
        counts.alerts = counts.alerts.saturating_add(u64::try_from(transfers.len()).unwrap_or_default());
        counts.left_out = counts.left_out.saturating_add(u64::try_from(left_out.len()).unwrap_or_default());
        transfers.into_iter().map(|(one, transfer)| self.alert(place, one, *transfer, &prices)).collect()
    }

    /// Whether this source has told of it within the last day.
    pub(super) fn is_told(&self, seen: &Seen) -> bool {
        self.told.contains(&WhaleAlert::id_of(self.watching.chain, &seen.transaction))
    }

    fn transfer(&self, seen: &Seen, prices: &BTreeMap<Asset, Price>) -> Result<Judged, MoneyError> {
        let (labels, told, contracts) = (self.watching.labels, &*seen.labels, &self.contracts);
        let minimum = self.watching.minimum;
        judge(&seen.flows, &Known { labels, told, contracts, prices, minimum })
    }

    fn alert(
        &mut self,
        (at, block): (Timestamp, Option<&BlockRef>),
        seen: &Seen,
        transfer: Transfer,
        prices: &BTreeMap<Asset, Price>,
    ) -> WhaleAlert {
        let id = WhaleAlert::id_of(self.watching.chain, &seen.transaction);
        let (kind, asset) = (transfer.kind, transfer.units.of.asset.clone());
        let is_with = |(other, (of, what, before)): (&WhaleAlertId, &(TransactionType, Asset, Timestamp))| {
            *other != id && *of == kind && *what == asset && *before <= at && at.since(*before).get() <= TOGETHER.get()
        };
        let number = self.lately.iter().filter(|one| is_with(*one)).count().saturating_add(1);
        self.lately.insert(id.clone(), (kind, asset.clone(), at));
        // Who lists it without a block vouches for it.
        let (status, confirmations) = match block {
            Some(_) => (WhaleStatus::Provisional, 1),
            None => (WhaleStatus::Final, 0),
        };
        WhaleAlert {
            id,
            chain: self.watching.chain,
            transaction: seen.transaction.clone(),
            block: block.cloned(),
            at,
            detected_at: self.now,
            price: prices.get(&asset).copied().filter(|_| !self.watching.listing.pegged.contains(&asset)),
            impacts: BTreeMap::new(),
            significance: significance(kind, transfer.worth, number),
            transfer,
            status,
            confirmations,
            sources: BTreeSet::from([self.watching.name.to_owned()]),
            revoked_at: None,
        }
    }
}
