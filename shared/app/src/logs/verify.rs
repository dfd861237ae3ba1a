//! Whether what is on record is whole.

use super::audit::{chains_of, links_of};
use super::{DAYS_VERIFIED_MAX, LogsError, ROWS_VERIFIED_MAX};
use crate::ports::ReadAudit;
use domain::audit::{Chain, Flaw, Shelf, check};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::limits::AUDIT_RETENTION;

/// Rows of one chain: more are more than a person does in a day.
const ROWS_PER_CHAIN_MAX: u64 = 20_000;

/// What a walk has come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    pub chains: u64,
    pub rows: u64,
    pub flaws: Vec<(Chain, Flaw)>,
    /// The day to go on with, where it was too much at once.
    pub next: Option<i64>,
}

/// From day to day, the last included; one person's chains, or everybody's.
///
/// # Errors
/// `TooMany` where one chain is too long, or where the store cannot be reached.
pub async fn verify<D: ReadAudit>(
    deps: &D,
    user: Option<&UserId>,
    first: i64,
    last: i64,
    now: Timestamp,
) -> Result<Verified, LogsError> {
    let first = first.max(now.minus(AUDIT_RETENTION).day());
    let last = last.min(now.day());
    let mut verified = Verified::default();
    for (looked, day) in (0..).zip(first..=last) {
        if looked >= DAYS_VERIFIED_MAX || verified.rows >= ROWS_VERIFIED_MAX {
            verified.next = Some(day);
            break;
        }
        for shelf in Shelf::ALL {
            for (chain, head) in chains_of(deps, user, shelf, day).await? {
                let links = links_of(deps, &chain, ROWS_PER_CHAIN_MAX).await?;
                // The head as it is after its rows: whoever acts meanwhile moves both.
                let again = if head.as_ref().map(|head| head.count) == links.last().map(|link| link.number) {
                    head
                } else {
                    deps.audit_head(&chain).await?
                };
                let flaws = check(&chain, again.as_ref(), &links);
                verified.chains = verified.chains.saturating_add(u64::from(again.is_some()));
                verified.rows = verified.rows.saturating_add(u64::try_from(links.len()).unwrap_or(u64::MAX));
                verified.flaws.extend(flaws.into_iter().map(|flaw| (chain.clone(), flaw)));
            }
        }
    }
    Ok(verified)
}
