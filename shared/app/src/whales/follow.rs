//! What comes next of a chain, by its endpoints.

use crate::ports::ReadBlocks;
use domain::whale::{BlockRef, Blockchain, Cursor, FeedFault, Flows, Header, Seen, Step};
use futures_util::future::try_join_all;

pub(super) enum Next {
    /// The newest blocks of a chain that was never read, oldest first.
    Begin(Vec<BlockRef>),
    Read(Vec<(Header, Vec<Seen>)>),
    Revoke(BlockRef),
    /// More was orphaned than is kept.
    Lost,
    Nothing,
}

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
    (chain, cursor): (Blockchain, Option<&Cursor>),
    is_large: &impl Fn(&Flows) -> bool,
) -> Result<Next, FeedFault> {
    let (first, others) = endpoints.split_first().ok_or(FeedFault::Refused)?;
    let newest = try_join_all(endpoints.iter().map(R::newest)).await?.into_iter().min().ok_or(FeedFault::Refused)?;
    let Some(cursor) = cursor else {
        let kept = u64::try_from(chain.blocks_kept()).unwrap_or(u64::MAX);
        let headers = first.headers(newest.saturating_sub(kept.saturating_sub(1))..=newest).await?;
        let headers = linked(headers, |_| true);
        agreed(others, headers.last().ok_or(FeedFault::Changed)?).await?;
        return Ok(Next::Begin(headers.into_iter().map(|header| header.block).collect()));
    };
    let (Some(read), Some(wanted)) = (cursor.newest(), cursor.next()) else { return Ok(Next::Lost) };
    // Of a chain that has not grown, whether its newest block is still what was read.
    let from = wanted.min(newest);
    if newest < read.number {
        return Ok(Next::Nothing);
    }
    let last = newest.min(from.saturating_add(at_once(chain)).saturating_sub(1));
    let headers = first.headers(from..=last).await?;
    match headers.first().map(|header| cursor.step(header)) {
        None | Some(Step::Wait | Step::Ask) => Ok(Next::Nothing),
        Some(Step::Lost) => Ok(Next::Lost),
        Some(Step::Revoke(gone)) => {
            gone_everywhere(others, &gone).await?;
            Ok(Next::Revoke(gone))
        }
        Some(Step::Read) => {
            let headers = linked(headers, |header| header.parent == read.hash);
            agreed(others, headers.last().ok_or(FeedFault::Changed)?).await?;
            let seen = first.transactions(&headers, is_large).await?;
            Ok(Next::Read(headers.into_iter().zip(seen).collect()))
        }
    }
}

/// As many as follow on one another.
fn linked(headers: Vec<Header>, is_first: impl Fn(&Header) -> bool) -> Vec<Header> {
    let mut linked: Vec<Header> = Vec::new();
    for header in headers {
        let follows = match linked.last() {
            Some(before) => header.parent == before.block.hash,
            None => is_first(&header),
        };
        if !follows {
            break;
        }
        linked.push(header);
    }
    linked
}

async fn agreed<R: ReadBlocks>(others: &[R], header: &Header) -> Result<(), FeedFault> {
    let number = header.block.number;
    for other in others {
        if other.headers(number..=number).await?.first().map(|own| &own.block) != Some(&header.block) {
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
