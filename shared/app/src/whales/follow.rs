//! What comes next of a chain, by its endpoints.

use crate::ports::ReadBlocks;
use domain::clock::{Millis, Timestamp};
use domain::whale::{BlockRef, Blockchain, Cursor, FeedFault, Flows, Header, Seen, Step};
use futures_util::future::try_join_all;

/// What comes next, and whether the chain stands still, as far as its newest block was seen.
pub(super) struct Found {
    pub(super) next: Next,
    pub(super) is_stale: bool,
    /// Nothing is behind what is read.
    pub(super) is_all: bool,
}

impl Found {
    /// After which is asked what comes next.
    fn on(next: Next) -> Self {
        Self { next, is_stale: false, is_all: false }
    }

    pub(super) fn fault(&self) -> Option<FeedFault> {
        self.is_stale.then_some(FeedFault::Stale)
    }
}

pub(super) enum Next {
    /// A chain that was never read is read behind these blocks, oldest first.
    Begin(Vec<BlockRef>),
    Read(Vec<(Header, Vec<Seen>)>),
    Revoke(BlockRef),
    /// So much is new that reading begins anew: these of the blocks that were read stand, and this is the newest number.
    Leave(Vec<Header>, u64),
    /// More was orphaned than is kept, or more is new than is read later: what is new would be seen days late.
    Lost,
    Nothing,
}

/// Of the times of blocks that are read at once: for as long prices and alerts are read.
const SPAN_MAX: Millis = Millis::seconds(3_600);

/// Runs that have failed before alerts are left as they are. Our choice.
const LEFT_AFTER: u32 = 5;

/// Blocks that are read at once: some seconds' work.
fn at_once(chain: Blockchain) -> u64 {
    match chain {
        Blockchain::Ethereum => 8,
        Blockchain::Bitcoin => 1,
        Blockchain::BinanceSmartChain => 60,
    }
}

/// The first endpoint is read; the others have to agree with it.
pub(super) async fn next<R: ReadBlocks>(
    endpoints: &[R],
    (chain, cursor, now): (Blockchain, Option<&Cursor>, Timestamp),
    failed: u32,
    is_large: &impl Fn(&Flows) -> bool,
) -> Result<Found, FeedFault> {
    let (first, others) = endpoints.split_first().ok_or(FeedFault::Refused)?;
    let newest = try_join_all(endpoints.iter().map(R::newest)).await?.into_iter().min().ok_or(FeedFault::Refused)?;
    let Some(cursor) = cursor else { return begin(first, others, (chain, newest, now)).await };
    let Some(read) = cursor.newest() else { return Ok(Found::on(Next::Lost)) };
    if newest.saturating_sub(read.number) > chain.blocks_behind_max() && first.begins_at().is_none() {
        return Ok(Found::on(leave(first, others, (cursor, newest), failed).await?));
    }
    // Whether what was read last still stands, and what follows on it.
    let from = read.number.min(newest);
    let last = newest.min(from.saturating_add(at_once(chain)));
    let headers = first.headers(from..=last).await?;
    let (Some(oldest), Some(latest)) = (headers.first(), headers.last()) else { return Err(FeedFault::Changed) };
    let is_stale = last == newest && is_stale(first, (chain, now), latest);
    Ok(match cursor.step(oldest) {
        Step::Lost => Found::on(Next::Lost),
        Step::Revoke(gone) => {
            gone_everywhere(others, &gone).await?;
            Found::on(Next::Revoke(gone))
        }
        // It is behind what was read.
        Step::Ask => Found { is_stale, ..Found::on(Next::Nothing) },
        Step::Wait | Step::Read => {
            let is_alone = headers.len() == 1;
            let headers = of_their_time(linked(headers), (chain, now))?;
            let new = headers.into_iter().filter(|header| header.block.number > read.number);
            let new = of_one_span(new.collect());
            if new.is_empty() {
                let nothing = Found { is_stale, ..Found::on(Next::Nothing) };
                return if is_alone { Ok(nothing) } else { Err(FeedFault::Changed) };
            }
            agreed(others, &new).await?;
            // One endpoint alone could make up a transfer, or hide one.
            let both = std::iter::once(first).chain(others.first());
            let told = try_join_all(both.map(|endpoint| endpoint.transactions(&new, is_large))).await?;
            let mut told = told.into_iter();
            let seen = told.next().unwrap_or_default();
            if told.any(|second| second != seen) {
                return Err(FeedFault::Disagrees);
            }
            let is_all = new.last().is_some_and(|header| header.block.number == newest);
            Found { next: Next::Read(new.into_iter().zip(seen).collect()), is_stale, is_all }
        }
    })
}

/// What became of blocks whose alerts are not final. An endpoint that does not keep blocks for so long says nothing of them: after some failed
/// runs it is asked no more.
async fn leave<R: ReadBlocks>(
    first: &R,
    others: &[R],
    (cursor, newest): (&Cursor, u64),
    failed: u32,
) -> Result<Next, FeedFault> {
    let Some((from, to)) = cursor.unsettled() else { return Ok(Next::Lost) };
    let known = async {
        let headers = first.headers(from..=to).await?;
        agreed(others, &headers).await?;
        if headers.is_empty() { Err(FeedFault::Changed) } else { Ok(headers) }
    };
    match known.await {
        Ok(headers) => Ok(Next::Leave(headers, newest)),
        Err(FeedFault::Refused | FeedFault::Unreadable | FeedFault::Changed | FeedFault::Disagrees)
            if failed >= LEFT_AFTER =>
        {
            Ok(Next::Lost)
        }
        Err(fault) => Err(fault),
    }
}

/// A recording begins with its first block, a chain that grows behind its newest one.
async fn begin<R: ReadBlocks>(
    first: &R,
    others: &[R],
    (chain, newest, now): (Blockchain, u64, Timestamp),
) -> Result<Found, FeedFault> {
    if let Some(number) = first.begins_at() {
        let header = first.headers(number..=number).await?.into_iter().next().ok_or(FeedFault::Unreadable)?;
        let before = number.checked_sub(1).ok_or(FeedFault::Unreadable)?;
        let before = BlockRef { number: before, hash: header.parent };
        return Ok(Found::on(Next::Begin(vec![before])));
    }
    let kept = u64::try_from(chain.blocks_kept()).unwrap_or(u64::MAX);
    let headers = first.headers(newest.saturating_sub(kept.saturating_sub(1))..=newest).await?;
    let headers = of_their_time(linked(headers), (chain, now))?;
    let latest = headers.last().ok_or(FeedFault::Changed)?;
    agreed(others, std::slice::from_ref(latest)).await?;
    let is_stale = is_stale(first, (chain, now), latest);
    let blocks = headers.into_iter().map(|header| header.block);
    Ok(Found { is_stale, is_all: true, ..Found::on(Next::Begin(blocks.collect())) })
}

/// A recording ends when it ends.
fn is_stale<R: ReadBlocks>(endpoint: &R, (chain, now): (Blockchain, Timestamp), latest: &Header) -> bool {
    endpoint.begins_at().is_none() && chain.is_stale(latest.at, now)
}

fn of_their_time(linked: Vec<Header>, (chain, now): (Blockchain, Timestamp)) -> Result<Vec<Header>, FeedFault> {
    if chain.permits_times(&linked, now) { Ok(linked) } else { Err(FeedFault::WrongTime) }
}

/// The first of them that were made within it.
fn of_one_span(mut headers: Vec<Header>) -> Vec<Header> {
    let begun_at = headers.first().map(|first| first.at);
    let is_within =
        |header: &&Header| begun_at.is_some_and(|begun_at| header.at.since(begun_at).get() <= SPAN_MAX.get());
    headers.truncate(headers.iter().take_while(is_within).count());
    headers
}

/// As many as follow on one another.
fn linked(headers: Vec<Header>) -> Vec<Header> {
    let mut linked: Vec<Header> = Vec::new();
    for header in headers {
        if linked.last().is_some_and(|before| header.parent != before.block.hash) {
            break;
        }
        linked.push(header);
    }
    linked
}

async fn agreed<R: ReadBlocks>(others: &[R], headers: &[Header]) -> Result<(), FeedFault> {
    let (Some(first), Some(last)) = (headers.first(), headers.last()) else { return Ok(()) };
    for other in others {
        if other.headers(first.block.number..=last.block.number).await? != headers {
            return Err(FeedFault::Disagrees);
        }
    }
    Ok(())
}

async fn gone_everywhere<R: ReadBlocks>(others: &[R], gone: &BlockRef) -> Result<(), FeedFault> {
    for other in others {
        if other.headers(gone.number..=gone.number).await?.iter().any(|own| own.block == *gone) {
            return Err(FeedFault::Disagrees);
        }
    }
    Ok(())
}
