//! Whether what is on record is whole.

use super::audit::ROWS_PER_READ;
use super::signatures::Signatures;
use super::{DAYS_VERIFIED_MAX, LogsError, ROWS_VERIFIED_MAX};
use crate::ports::SealDay;
use domain::audit::{Chain, DayFlaw, Flaw, Head, Shelf, Walk};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::limits::AUDIT_RETENTION;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use store::Engine;
use store::audit::Audits;

/// Rows of one chain: more are more than a person does in a day, and told as `TooLong`.
const ROWS_PER_CHAIN_MAX: u64 = 20_000;

/// One person's, by table and day.
type Heads = BTreeMap<(Shelf, i64), Head>;

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
/// Where store or key cannot be reached.
pub async fn verify<D: Engine, K: SealDay>(
    deps: &D,
    key: &K,
    user: Option<&UserId>,
    (first, last): (i64, i64),
    now: Timestamp,
) -> Result<Verified, LogsError> {
    let first = first.max(now.minus(AUDIT_RETENTION).day());
    let last = last.min(now.day());
    let most = last.min(first.saturating_add(DAYS_VERIFIED_MAX).saturating_sub(1));
    let whose = match user {
        Some(user) => Some((user, heads_of(deps, user, first..=most).await?)),
        None => None,
    };
    let mut verified = Verified::default();
    let mut shelves = Vec::new();
    for shelf in Shelf::ALL {
        shelves.push((shelf, Signatures::read(deps, key, shelf, (first, most), now).await?));
    }
    verified.signed_since = shelves.iter().filter_map(|(_, signatures)| signatures.first()).max();
    shelves.iter_mut().for_each(|(_, signatures)| signatures.suppose(verified.signed_since));
    for day in first..=last {
        if day > most || verified.rows >= ROWS_VERIFIED_MAX {
            verified.next = Some(day);
            break;
        }
        for (shelf, signatures) in &shelves {
            verified.walk(deps, whose.as_ref(), (*shelf, day), signatures).await?;
        }
    }
    Ok(verified)
}

impl Verified {
    async fn walk<D: Engine>(
        &mut self,
        deps: &D,
        whose: Option<&(&UserId, Heads)>,
        (shelf, day): (Shelf, i64),
        signatures: &Signatures,
    ) -> Result<(), LogsError> {
        let chains = chains_of(deps, whose, shelf, day).await?;
        let heads: Vec<(Chain, Head)> = match whose {
            Some(_) if signatures.has(day) => Audits(deps).heads(shelf, day).await?,
            _ => chains.iter().filter_map(|(chain, head)| Some((chain.clone(), head.clone()?))).collect(),
        };
        match signatures.check(day, &heads) {
            Ok(is_signed) => self.signed = self.signed.saturating_add(u64::from(is_signed)),
            Err(flaw) => self.unproven.push((shelf, day, flaw)),
        }
        for (chain, head) in chains {
            let flaws = self.follow(deps, &chain, head).await?;
            self.flaws.extend(flaws.into_iter().map(|flaw| (chain.clone(), flaw)));
        }
        Ok(())
    }

    async fn follow<D: Engine>(&mut self, deps: &D, chain: &Chain, head: Option<Head>) -> Result<Vec<Flaw>, LogsError> {
        let (mut walk, mut rows) = (Walk::begin(chain), 0_u64);
        loop {
            let links = Audits(deps).rows(chain, walk.at(), ROWS_PER_READ).await?;
            walk.follow(&links);
            let found = u64::try_from(links.len()).unwrap_or(u64::MAX);
            (rows, self.rows) = (rows.saturating_add(found), self.rows.saturating_add(found));
            if found < u64::from(ROWS_PER_READ) {
                break;
            }
            if rows >= ROWS_PER_CHAIN_MAX {
                self.chains = self.chains.saturating_add(1);
                let at = walk.at();
                return Ok(walk.so_far().into_iter().chain([Flaw::TooLong(at)]).collect());
            }
        }
        // The head as it is after its rows: whoever acts meanwhile moves both.
        let is_still = head.as_ref().map_or(0, |head| head.count) == walk.at();
        let again = if is_still { head } else { Audits(deps).head(chain).await? };
        self.chains = self.chains.saturating_add(u64::from(again.is_some()));
        Ok(walk.end(again.as_ref()))
    }
}

/// One person's chain, whether it has a head or not; or everybody's that have one.
async fn chains_of<D: Engine>(
    deps: &D,
    whose: Option<&(&UserId, Heads)>,
    shelf: Shelf,
    day: i64,
) -> Result<Vec<(Chain, Option<Head>)>, LogsError> {
    let Some((user, heads)) = whose else {
        let heads = Audits(deps).heads(shelf, day).await?.into_iter();
        return Ok(heads.map(|(chain, head)| (chain, Some(head))).collect());
    };
    let chain = Chain { shelf, day, user: (*user).clone() };
    Ok(vec![(chain, heads.get(&(shelf, day)).cloned())])
}

/// One person's heads, found for all days at once.
async fn heads_of<D: Engine>(deps: &D, user: &UserId, days: RangeInclusive<i64>) -> Result<Heads, LogsError> {
    let mut heads = Heads::new();
    for shelf in Shelf::ALL {
        let found = Audits(deps).days(user, shelf, days.clone()).await?.into_iter();
        heads.extend(found.map(|(chain, head)| ((shelf, chain.day), head)));
    }
    Ok(heads)
}
