//! Whether what is on record is whole.

use super::audit::{chains_of, links_of};
use super::signatures::Signatures;
use super::{DAYS_VERIFIED_MAX, LogsError, ROWS_VERIFIED_MAX};
use crate::ports::{OpenDay, ReadAudit, ReadSignedDays};
use domain::audit::{Chain, DayFlaw, Flaw, Head, Shelf, check};
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
    /// Days of tables whose heads are those that were signed.
    pub signed: u64,
    /// From this day on every closed day has to be signed, in each table.
    pub signed_since: Option<i64>,
    pub unproven: Vec<(Shelf, i64, DayFlaw)>,
    /// The day to go on with, where it was too much at once.
    pub next: Option<i64>,
}

impl Verified {
    pub fn is_whole(&self) -> bool {
        self.flaws.is_empty() && self.unproven.is_empty()
    }
}

/// From day to day, the last included; one person's chains, or everybody's. Signatures are of a whole day.
///
/// # Errors
/// `TooMany` where one chain is too long, or where store or key cannot be reached.
pub async fn verify<D: ReadAudit + ReadSignedDays, K: OpenDay>(
    deps: &D,
    key: &K,
    user: Option<&UserId>,
    (first, last): (i64, i64),
    now: Timestamp,
) -> Result<Verified, LogsError> {
    let first = first.max(now.minus(AUDIT_RETENTION).day());
    let last = last.min(now.day());
    let most = last.min(first.saturating_add(DAYS_VERIFIED_MAX).saturating_sub(1));
    let mut verified = Verified::default();
    let mut shelves = Vec::new();
    for shelf in Shelf::ALL {
        shelves.push((shelf, Signatures::read(deps, key, shelf, (first, most), now).await?));
    }
    verified.signed_since = shelves.iter().filter_map(|(_, signatures)| signatures.first()).max();
    for day in first..=last {
        if day > most || verified.rows >= ROWS_VERIFIED_MAX {
            verified.next = Some(day);
            break;
        }
        for (shelf, signatures) in &shelves {
            verified.walk(deps, user, (*shelf, day), signatures).await?;
        }
    }
    Ok(verified)
}

impl Verified {
    async fn walk<D: ReadAudit>(
        &mut self,
        deps: &D,
        user: Option<&UserId>,
        (shelf, day): (Shelf, i64),
        signatures: &Signatures,
    ) -> Result<(), LogsError> {
        let chains = chains_of(deps, user, shelf, day).await?;
        let heads: Vec<(Chain, Head)> = match user {
            Some(_) if signatures.has(day) => deps.audit_heads(shelf, day).await?,
            _ => chains.iter().filter_map(|(chain, head)| Some((chain.clone(), head.clone()?))).collect(),
        };
        match signatures.check(day, &heads) {
            Ok(is_signed) => self.signed = self.signed.saturating_add(u64::from(is_signed)),
            Err(flaw) => self.unproven.push((shelf, day, flaw)),
        }
        for (chain, head) in chains {
            let links = links_of(deps, &chain, ROWS_PER_CHAIN_MAX).await?;
            // The head as it is after its rows: whoever acts meanwhile moves both.
            let again = if head.as_ref().map(|head| head.count) == links.last().map(|link| link.number) {
                head
            } else {
                deps.audit_head(&chain).await?
            };
            let flaws = check(&chain, again.as_ref(), &links);
            self.chains = self.chains.saturating_add(u64::from(again.is_some()));
            self.rows = self.rows.saturating_add(u64::try_from(links.len()).unwrap_or(u64::MAX));
            self.flaws.extend(flaws.into_iter().map(|flaw| (chain.clone(), flaw)));
        }
        Ok(())
    }
}
