//! Closed days are signed, each table's for itself, one after the other.
//!
//! The copy comes first and the row after it: what was signed once is never signed anew, so that whoever takes rows away
//! gets the same signatures back.

use crate::ports::{DayCopy, Objects, SealDay, SignedDay, StoreError};
use domain::audit::{Chain, DayHeads, Head, Shelf, last_closed};
use domain::clock::Timestamp;
use store::Engine;
use store::audit::Audits;
use store::objects::Copies;

/// Days of one table that one run signs.
const DAYS_PER_RUN_MAX: i64 = 10;

/// What a run has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignedDays {
    pub signed: u32,
    /// There are more closed days than one run signs.
    pub more: bool,
}

/// Every closed day that is not signed yet.
///
/// # Errors
/// Where tables, key or copies cannot be reached; the next run goes on where this one has stopped.
pub async fn sign<D, K, C>(deps: &D, key: &K, copies: &C, now: Timestamp) -> Result<SignedDays, StoreError>
where
    D: Engine,
    K: SealDay,
    C: Objects,
{
    let (mut done, last) = (SignedDays::default(), last_closed(now));
    for shelf in Shelf::ALL {
        let first = first(copies, shelf, now).await?;
        let newest = Audits(deps).newest_signed_day(shelf).await?;
        let next = newest.map_or(first, |newest| newest.day.saturating_add(1)).max(first);
        let until = last.min(next.saturating_add(DAYS_PER_RUN_MAX).saturating_sub(1));
        for day in next..=until {
            let signed = sign_day(deps, key, copies, (shelf, day, first), now).await?;
            Audits(deps).keep_signed_day(&signed).await?;
            done.signed = done.signed.saturating_add(1);
        }
        done.more |= until < last;
    }
    Ok(done)
}

/// Kept beside the tables: the first night of a deployment says it once.
async fn first<C: Objects>(copies: &C, shelf: Shelf, now: Timestamp) -> Result<i64, StoreError> {
    if let Some(first) = Copies(copies).first_signed_day(shelf, now).await? {
        return Ok(first);
    }
    let first = last_closed(now);
    Copies(copies).keep_first_signed_day(shelf, first, now).await?;
    Ok(first)
}

async fn sign_day<D, K, C>(
    deps: &D,
    key: &K,
    copies: &C,
    (shelf, day, first): (Shelf, i64, i64),
    now: Timestamp,
) -> Result<SignedDay, StoreError>
where
    D: Engine,
    K: SealDay,
    C: Objects,
{
    if let Some(copy) = Copies(copies).day_copy(shelf, day, now).await? {
        return Ok(copy);
    }
    let heads: Vec<(Chain, Head)> = Audits(deps).heads(shelf, day).await?;
    let sealed = key.seal_day(&DayHeads::of(shelf, day, first, &heads), now).await?;
    let signed = SignedDay { shelf, day, sealed, at: now };
    Copies(copies).keep_day_copy(&DayCopy { signed: signed.clone(), first, heads }, now).await?;
    Ok(signed)
}
