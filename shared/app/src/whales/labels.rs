//! Who owns addresses, as an admin sets it.
//!
//! 1. Each change is one transaction, on record, and on all labels of its blockchain as they were seen.
//! 2. A run that reads a blockchain loads its labels once, and again only after a change.

use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::StoreError;
use domain::limits::{LABELS_MAX, LABELS_PER_COMMIT_MAX};
use domain::whale::{Blockchain, ChainAddress, Label, LabelCategory, LabelRole};
use futures_util::future::try_join_all;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use store::labels::{Labels, Relabelled};
use store::{Engine, Page, PageRequest};
use wire::stored::{AddressLabel, LabelsOfChain, Schema};

/// Rows that are read at once, and of one request for a list.
const ROWS_AT_ONCE: u32 = 500;
const ROWS_OF_A_LIST: usize = 5_000;

/// Labels of a blockchain by their addresses.
pub type ByAddress = BTreeMap<ChainAddress, Label>;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    #[error("there is no label of this address")]
    Unknown,
    #[error("at most {LABELS_MAX} labels of a blockchain are stored: delete some first")]
    TooMany,
    #[error("it is at version {0} now: read it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which labels are wanted; all where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelFilter {
    pub chain: Option<Blockchain>,
    pub owner: Option<String>,
    pub category: Option<LabelCategory>,
    pub role: Option<LabelRole>,
}

/// What became of labels that were set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Labelled {
    pub created: usize,
    pub changed: usize,
    /// They said the same already.
    pub same: usize,
}

/// Labels as this process has loaded them.
#[derive(Debug, Default)]
pub struct LoadedLabels(Mutex<BTreeMap<Blockchain, (u64, Arc<ByAddress>)>>);

impl LoadedLabels {
    /// All of a blockchain as they are now: one small row is read as long as none has changed.
    ///
    /// # Errors
    /// If the store cannot be reached.
    pub async fn of<D: Engine>(&self, deps: &D, chain: Blockchain) -> Result<Arc<ByAddress>, StoreError> {
        // The number is read first: what is loaded under it may be newer, and is never older.
        let version = Labels(deps).load_chain(chain).await?.map_or(0, |of_chain| of_chain.version);
        let loaded = self.0.lock().ok().and_then(|loaded| loaded.get(&chain).cloned());
        if let Some((_, labels)) = loaded.filter(|(at, _)| *at == version) {
            return Ok(labels);
        }
        let rows = if version == 0 { Vec::new() } else { Labels(deps).list(chain).await? };
        let labels = rows.iter().map(|row| Label::try_from(row).map(|label| (label.address.clone(), label)));
        let labels: ByAddress = labels.collect::<Result<_, _>>().map_err(StoreError::unreadable)?;
        let labels = Arc::new(labels);
        if let Ok(mut loaded) = self.0.lock() {
            loaded.insert(chain, (version, Arc::clone(&labels)));
        }
        Ok(labels)
    }
}

impl LabelFilter {
    fn has(&self, row: &AddressLabel) -> bool {
        self.owner.as_ref().is_none_or(|owner| *owner == row.owner)
            && self.category.is_none_or(|category| category == row.category.0)
            && self.role.is_none_or(|role| row.role.is_some_and(|of| of.0 == role))
    }
}

/// By blockchain and address. A page may be short.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list<D: Engine>(
    deps: &D,
    filter: &LabelFilter,
    page: &PageRequest,
) -> Result<Page<AddressLabel>, LabelError> {
    let (most, mut rows_left) = (usize::try_from(page.items()).unwrap_or(usize::MAX), ROWS_OF_A_LIST);
    let (from, mut behind) = page.cursor.as_deref().and_then(place_of).unzip();
    let mut items = Vec::new();
    let is_wanted = |chain: &Blockchain| filter.chain.is_none_or(|wanted| wanted == *chain) && from <= Some(*chain);
    for chain in Blockchain::ALL.into_iter().filter(is_wanted) {
        loop {
            let (rows, has_more) = Labels(deps).list_after(chain, behind.as_deref(), ROWS_AT_ONCE).await?;
            for row in rows {
                rows_left = rows_left.saturating_sub(1);
                let next = place(chain, &row.address);
                behind = Some(row.address.clone());
                if filter.has(&row) {
                    items.push(row);
                }
                if items.len() >= most || rows_left == 0 {
                    return Ok(Page { items, next: Some(next) });
                }
            }
            if !has_more {
                break;
            }
        }
        behind = None;
    }
    Ok(Page { items, next: None })
}

fn place(chain: Blockchain, address: &str) -> String {
    format!("{}#{address}", chain.as_str())
}

fn place_of(text: &str) -> Option<(Blockchain, String)> {
    let (chain, address) = text.split_once('#')?;
    Some((chain.parse().ok()?, address.to_owned()))
}

/// # Errors
/// `Unknown`, or if the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, chain: Blockchain, address: &ChainAddress) -> Result<AddressLabel, LabelError> {
    Labels(deps).find(chain, address).await?.ok_or(LabelError::Unknown)
}

/// A label as it is to be; true if there was none of this address. `seen` is the version that is meant, 0 if there is none.
///
/// # Errors
/// `TooMany`, `VersionConflict`, `Contended`, or if the store cannot be reached.
pub async fn put<D: Engine>(
    deps: &D,
    label: &Label,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<(AddressLabel, bool), LabelError> {
    let (labelled, rows) = write(deps, std::slice::from_ref(label), seen, "set address label", act).await?;
    let row = rows.into_iter().next().ok_or(LabelError::Unknown)?;
    Ok((row, labelled.created > 0))
}

/// Each address once; what says the same already is left as it is. A part of them may be set where it fails: what is imported again
/// is set once.
///
/// # Errors
/// `TooMany`, `Contended`, or if the store cannot be reached.
pub async fn import<D: Engine>(deps: &D, labels: &[Label], act: Act<'_>) -> Result<Labelled, LabelError> {
    let mut all = Labelled::default();
    for part in labels.chunks(LABELS_PER_COMMIT_MAX) {
        let (labelled, _) = write(deps, part, None, "import address labels", act).await?;
        let Labelled { created, changed, same } = labelled;
        for (sum, more) in [(&mut all.created, created), (&mut all.changed, changed), (&mut all.same, same)] {
            *sum = sum.saturating_add(more);
        }
    }
    Ok(all)
}

/// # Errors
/// `Unknown`, `VersionConflict`, `Contended`, or if the store cannot be reached.
pub async fn remove<D: Engine>(
    deps: &D,
    (chain, address): (Blockchain, &ChainAddress),
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<(), LabelError> {
    retry_on_conflict(LabelError::Contended, || async {
        let of_chain = Labels(deps).load_chain(chain).await?.ok_or(LabelError::Unknown)?;
        let row = find(deps, chain, address).await?;
        is_seen(row.version, seen)?;
        let then = LabelsOfChain { count: of_chain.count.saturating_sub(1), ..next(Some(&of_chain)) };
        let gone = vec![address.clone()];
        let change = Relabelled { chain, seen: Some(of_chain.version), then, put: Vec::new(), gone };
        let mut record = audit("delete address label", &place(chain, address.as_str()), "asked for by an admin", act);
        record.before = Some(told(&row));
        Ok(Labels(deps).relabel(&[change], &record).await?.then_some(()))
    })
    .await
}

/// Labels of one blockchain that are written together.
struct Planned {
    seen: Option<LabelsOfChain>,
    put: Vec<AddressLabel>,
    created: u64,
}

impl Planned {
    fn change(self, chain: Blockchain) -> Result<Relabelled, LabelError> {
        let then = next(self.seen.as_ref());
        let then = LabelsOfChain { count: then.count.saturating_add(self.created), ..then };
        if self.created > 0 && then.count > LABELS_MAX {
            return Err(LabelError::TooMany);
        }
        let seen = self.seen.map(|of_chain| of_chain.version);
        Ok(Relabelled { chain, seen, then, put: self.put, gone: Vec::new() })
    }
}

/// With the rows as they stand then, in the order of their labels.
async fn write<D: Engine>(
    deps: &D,
    labels: &[Label],
    seen: Option<u64>,
    action: &str,
    act: Act<'_>,
) -> Result<(Labelled, Vec<AddressLabel>), LabelError> {
    let first = labels.first().map(|label| place(label.chain, label.address.as_str())).unwrap_or_default();
    let others = labels.len().saturating_sub(1);
    let resource = if others == 0 { first } else { format!("{first} and {others} more") };
    retry_on_conflict(LabelError::Contended, || async {
        // The numbers are read first: a row that changes behind them is a lost race.
        let mut chains = BTreeMap::new();
        for chain in Blockchain::ALL.into_iter().filter(|chain| labels.iter().any(|label| label.chain == *chain)) {
            let seen = Labels(deps).load_chain(chain).await?;
            chains.insert(chain, Planned { seen, put: Vec::new(), created: 0 });
        }
        let before = labels.iter().map(async |label| Labels(deps).find(label.chain, &label.address).await);
        let (mut labelled, mut rows, mut old, mut new) = (Labelled::default(), Vec::new(), Vec::new(), Vec::new());
        for (label, before) in labels.iter().zip(try_join_all(before).await?) {
            is_seen(before.as_ref().map_or(0, |before| before.version), seen)?;
            if let Some(before) = before.as_ref().filter(|before| Label::try_from(*before).as_ref() == Ok(label)) {
                labelled.same = labelled.same.saturating_add(1);
                rows.push(before.clone());
                continue;
            }
            let Some(planned) = chains.get_mut(&label.chain) else { continue };
            if let Some(before) = before {
                labelled.changed = labelled.changed.saturating_add(1);
                old.push(told(&before));
            } else {
                labelled.created = labelled.created.saturating_add(1);
                planned.created = planned.created.saturating_add(1);
            }
            let row = AddressLabel::of(label, (next(planned.seen.as_ref()).version, act.now), act.user);
            new.push(told(&row));
            planned.put.push(row.clone());
            rows.push(row);
        }
        chains.retain(|_, planned| !planned.put.is_empty());
        if chains.is_empty() {
            return Ok(Some((labelled, rows)));
        }
        let changes: Vec<_> =
            chains.into_iter().map(|(chain, planned)| planned.change(chain)).collect::<Result<_, _>>()?;
        let mut record = audit(action, &resource, "asked for by an admin", act);
        record.before = (!old.is_empty()).then(|| old.join("; "));
        record.after = Some(new.join("; "));
        Ok(Labels(deps).relabel(&changes, &record).await?.then_some((labelled, rows)))
    })
    .await
}

fn next(seen: Option<&LabelsOfChain>) -> LabelsOfChain {
    let (version, count) = seen.map_or((0, 0), |seen| (seen.version, seen.count));
    LabelsOfChain { v: Schema, version: version.saturating_add(1), count }
}

fn is_seen(version: u64, seen: Option<u64>) -> Result<(), LabelError> {
    if seen.is_some_and(|seen| seen != version) { Err(LabelError::VersionConflict(version)) } else { Ok(()) }
}

fn told(row: &AddressLabel) -> String {
    let role = row.role.map(|role| format!(" {}", role.0.as_str())).unwrap_or_default();
    let (chain, category) = (row.chain.0.as_str(), row.category.0.as_str());
    let AddressLabel { address, owner, source, confidence, .. } = row;
    format!("{chain} {address} is {owner} ({category}{role}), {confidence} of 100 by {source}")
}
