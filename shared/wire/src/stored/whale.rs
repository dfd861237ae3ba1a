//! Whale alerts, and how far their sources were read.

use super::packed::Packed;
use super::{Schema, WhaleImpact, impact, is_zero};
use crate::text::Text;
use data_encoding::HEXLOWER;
use domain::clock::Timestamp;
use domain::ids::{SourceId, WhaleAlertId};
use domain::market::Asset;
use domain::money::{Amount, Price};
use domain::whale::{
    self, BlockRef, Blockchain, ChainAddress, Change, Counts, Cursor, Failing, LabelCategory, Listed, Owner, ReadBlock,
    ScoreReason, Significance, TransactionType, Transfer, Units, WhaleStatus,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleAlert {
    pub v: Schema<1>,
    pub id: Text<WhaleAlertId>,
    pub version: u64,
    pub chain: Text<Blockchain>,
    pub transaction: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<WhaleBlock>,
    pub at: i64,
    pub detected_at: i64,
    pub kind: Text<TransactionType>,
    pub from: WhaleSide,
    pub to: WhaleSide,
    pub asset: Text<Asset>,
    pub decimals: u32,
    /// Whole units.
    pub units: String,
    pub worth: Text<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Text<Price>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impacts: Vec<WhaleImpact>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub others: usize,
    pub score: u8,
    pub reasons: Vec<Text<ScoreReason>>,
    pub status: Text<WhaleStatus>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub confirmations: u64,
    pub sources: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleBlock {
    pub number: u64,
    pub hash: String,
}

/// Who gives or gets: an owner by a label, an address, or neither where the asset is created or destroyed. Of an unknown owner that has no
/// address, there is a category alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleSide {
    /// The one that has moved the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Text<LabelCategory>>,
    /// The address that an owner without a name is known by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_by: Option<String>,
}

/// Where an alert is found by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhalePointer {
    pub v: Schema<1>,
    pub detected_at: i64,
}

/// Alerts of one asset and type on one day, without those that were orphaned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleDay {
    pub v: Schema<1>,
    pub asset: Text<Asset>,
    pub kind: Text<TransactionType>,
    pub alerts: i64,
    /// In USD, hundredths.
    pub cents: i64,
    /// The sum of their scores.
    pub scores: i64,
    /// How many were measured after an hour against what the price usually does, the sums of both changes in ten thousandths of a percent,
    /// and how many changes were larger or smaller than those of eight days of ten.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub measured_1h: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub change_1h: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub base_1h: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unusual_1h: i64,
    /// The same after a day.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub measured_24h: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub change_24h: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub base_24h: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unusual_24h: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleWatch {
    pub v: Schema<1>,
    pub source: Text<SourceId>,
    pub chain: Text<Blockchain>,
    pub version: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub asked: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<WhaleRead>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_to: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<WhaleChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<WhaleFault>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub alerts: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub silent: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unpriced: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

/// What was asked for a source since it was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleRequests {
    pub v: Schema<1>,
    pub requests: u64,
}

/// The blocks that were read last, oldest first: each follows on the one before. The row is written with each step, and paid for by its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleRead {
    /// The number of the oldest.
    pub first: u64,
    /// What stands before the digits of each hash.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Their hashes, of 32 bytes each.
    #[serde(default, skip_serializing_if = "Packed::is_empty")]
    pub packed: Packed,
    /// Their hashes, where they are not of 32 bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashes: Vec<String>,
    /// Of the blocks that have any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<WhaleReadAlerts>,
}

/// Alerts of a block that are not final yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleReadAlerts {
    pub number: u64,
    pub ids: Vec<Text<WhaleAlertId>>,
}

/// A change that may not be stored yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum WhaleChange {
    Seen { alert: Box<WhaleAlert> },
    Revoked { id: Text<WhaleAlertId>, block: WhaleBlock, at: i64 },
    Settled { id: Text<WhaleAlertId>, block: WhaleBlock, confirmations: u64 },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleFault {
    pub fault: String,
    pub since: i64,
    pub times: u32,
    pub again_at: i64,
}

/// A row that says something which cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadWhale {
    #[error(transparent)]
    Address(#[from] whale::BadAddress),
    #[error("units: {0}")]
    Units(#[from] std::num::ParseIntError),
}

impl From<&BlockRef> for WhaleBlock {
    fn from(block: &BlockRef) -> Self {
        Self { number: block.number, hash: block.hash.clone() }
    }
}

impl From<WhaleBlock> for BlockRef {
    fn from(stored: WhaleBlock) -> Self {
        Self { number: stored.number, hash: stored.hash }
    }
}

impl WhaleSide {
    fn of(owner: &Owner, address: Option<&ChainAddress>) -> Self {
        let address = address.map(ToString::to_string);
        let none = Self { address, owner: None, category: None, known_by: None };
        match owner {
            Owner::Named(name, category) => Self { owner: Some(name.clone()), category: Some(Text(*category)), ..none },
            Owner::Address(known) => Self { known_by: Some(known.to_string()), ..none },
            Owner::Unknown => Self { category: Some(Text(LabelCategory::Unknown)), ..none },
            Owner::Issuer => none,
        }
    }

    fn read(self, chain: Blockchain) -> Result<(Owner, Option<ChainAddress>), BadWhale> {
        let address = |text: String| ChainAddress::parse(chain, &text);
        let owner = match (self.owner, self.category, self.known_by) {
            (Some(name), Some(category), _) => Owner::Named(name, category.0),
            (_, _, Some(known)) => Owner::Address(address(known)?),
            (None, Some(_), None) => Owner::Unknown,
            _ => Owner::Issuer,
        };
        Ok((owner, self.address.map(address).transpose()?))
    }
}

impl WhaleAlert {
    /// As this version of its row.
    pub fn of(alert: &whale::WhaleAlert, version: u64) -> Self {
        let Transfer { kind, from, to, from_address, to_address, units, worth, others } = &alert.transfer;
        Self {
            v: Schema,
            id: Text(alert.id.clone()),
            version,
            chain: Text(alert.chain),
            transaction: alert.transaction.clone(),
            block: alert.block.as_ref().map(WhaleBlock::from),
            at: alert.at.millis(),
            detected_at: alert.detected_at.millis(),
            kind: Text(*kind),
            from: WhaleSide::of(from, from_address.as_ref()),
            to: WhaleSide::of(to, to_address.as_ref()),
            asset: Text(units.of.asset.clone()),
            decimals: units.of.decimals,
            units: units.count.to_string(),
            worth: Text(*worth),
            price: alert.price.map(Text),
            impacts: impact::written(&alert.impacts),
            others: *others,
            score: alert.significance.score,
            reasons: alert.significance.reasons.iter().copied().map(Text).collect(),
            status: Text(alert.status),
            confirmations: alert.confirmations,
            sources: alert.sources.iter().cloned().collect(),
            revoked_at: alert.revoked_at.map(Timestamp::millis),
        }
    }
}

impl TryFrom<WhaleAlert> for whale::WhaleAlert {
    type Error = BadWhale;

    fn try_from(row: WhaleAlert) -> Result<Self, BadWhale> {
        let chain = row.chain.0;
        let ((from, from_address), (to, to_address)) = (row.from.read(chain)?, row.to.read(chain)?);
        let of = Listed { asset: row.asset.0, decimals: row.decimals };
        let units = Units { of, count: row.units.parse()? };
        let (kind, worth, others) = (row.kind.0, row.worth.0, row.others);
        Ok(Self {
            id: row.id.0,
            chain,
            transaction: row.transaction,
            block: row.block.map(BlockRef::from),
            at: Timestamp::from_millis(row.at),
            detected_at: Timestamp::from_millis(row.detected_at),
            transfer: Transfer { kind, from, to, from_address, to_address, units, worth, others },
            price: row.price.map(|price| price.0),
            impacts: impact::read(row.impacts),
            significance: Significance { score: row.score, reasons: row.reasons.into_iter().map(|it| it.0).collect() },
            status: row.status.0,
            confirmations: row.confirmations,
            sources: row.sources.into_iter().collect(),
            revoked_at: row.revoked_at.map(Timestamp::from_millis),
        })
    }
}

impl From<&Change> for WhaleChange {
    fn from(change: &Change) -> Self {
        match change {
            Change::Seen(alert) => Self::Seen { alert: Box::new(WhaleAlert::of(alert, 0)) },
            Change::Revoked { id, block, at } => {
                Self::Revoked { id: Text(id.clone()), block: block.into(), at: at.millis() }
            }
            Change::Settled { id, block, confirmations } => {
                Self::Settled { id: Text(id.clone()), block: block.into(), confirmations: *confirmations }
            }
        }
    }
}

impl TryFrom<WhaleChange> for Change {
    type Error = BadWhale;

    fn try_from(stored: WhaleChange) -> Result<Self, BadWhale> {
        Ok(match stored {
            WhaleChange::Seen { alert } => Self::Seen(Box::new((*alert).try_into()?)),
            WhaleChange::Revoked { id, block, at } => {
                Self::Revoked { id: id.0, block: block.into(), at: Timestamp::from_millis(at) }
            }
            WhaleChange::Settled { id, block, confirmations } => {
                Self::Settled { id: id.0, block: block.into(), confirmations }
            }
        })
    }
}

const HASH_BYTES: usize = 32;
const PREFIX: &str = "0x";

impl From<&Cursor> for WhaleRead {
    fn from(cursor: &Cursor) -> Self {
        let blocks: Vec<_> = cursor.blocks().collect();
        let with = |read: &&ReadBlock| !read.alerts.is_empty();
        let alerts = blocks.iter().copied().filter(with).map(|read| WhaleReadAlerts {
            number: read.block.number,
            ids: read.alerts.iter().cloned().map(Text).collect(),
        });
        let first = blocks.first().map_or(0, |oldest| oldest.block.number);
        let (prefix, packed, hashes) = (String::new(), Packed::default(), Vec::new());
        let none = Self { first, prefix, packed, hashes, alerts: alerts.collect() };
        let hashes = || blocks.iter().map(|read| read.block.hash.as_str());
        match [PREFIX, ""].into_iter().find_map(|prefix| Some((prefix, packed_of(hashes(), prefix)?))) {
            Some((prefix, packed)) => Self { prefix: prefix.to_owned(), packed, ..none },
            None => Self { hashes: hashes().map(str::to_owned).collect(), ..none },
        }
    }
}

/// None where they are not all of 32 bytes, in lower case behind this prefix.
fn packed_of<'a>(hashes: impl Iterator<Item = &'a str>, prefix: &str) -> Option<Packed> {
    let mut packed = Vec::new();
    for hash in hashes {
        let bytes = HEXLOWER.decode(hash.strip_prefix(prefix)?.as_bytes()).ok()?;
        packed.extend(Some(bytes).filter(|bytes| bytes.len() == HASH_BYTES)?);
    }
    Some(Packed(packed))
}

impl WhaleRead {
    fn cursor(self, kept: usize) -> Cursor {
        let Self { first, prefix, packed, hashes, alerts } = self;
        let mut alerts: BTreeMap<_, _> = alerts.into_iter().map(|of| (of.number, of.ids)).collect();
        let packed = packed.0.chunks(HASH_BYTES).map(|hash| format!("{prefix}{}", HEXLOWER.encode(hash)));
        let blocks = (first..=u64::MAX).zip(packed.chain(hashes)).map(|(number, hash)| ReadBlock {
            alerts: alerts.remove(&number).unwrap_or_default().into_iter().map(|id| id.0).collect(),
            block: BlockRef { number, hash },
        });
        Cursor::of(blocks, kept)
    }
}

impl From<&whale::Watch> for WhaleWatch {
    fn from(watch: &whale::Watch) -> Self {
        Self {
            v: Schema,
            source: Text(watch.source.clone()),
            chain: Text(watch.chain),
            version: watch.version,
            asked: watch.asked,
            read: watch.cursor.as_ref().map(WhaleRead::from),
            listed_to: watch.listed_to.map(Timestamp::millis),
            changes: watch.changes.iter().map(WhaleChange::from).collect(),
            read_at: watch.read_at.map(Timestamp::millis),
            fault: watch.fault.as_ref().map(|failing| WhaleFault {
                fault: failing.fault.clone(),
                since: failing.since.millis(),
                times: failing.times,
                again_at: failing.again_at.millis(),
            }),
            alerts: watch.counts.alerts,
            silent: watch.counts.silent,
            unpriced: watch.counts.unpriced,
            lost: watch.counts.lost,
            left_out: watch.counts.left_out,
        }
    }
}

impl TryFrom<WhaleWatch> for whale::Watch {
    type Error = BadWhale;

    fn try_from(row: WhaleWatch) -> Result<Self, BadWhale> {
        let chain = row.chain.0;
        let cursor = row.read.map(|read| read.cursor(chain.blocks_kept()));
        let time = Timestamp::from_millis;
        Ok(Self {
            source: row.source.0,
            chain,
            version: row.version,
            asked: row.asked,
            cursor,
            listed_to: row.listed_to.map(time),
            changes: row.changes.into_iter().map(Change::try_from).collect::<Result<_, _>>()?,
            read_at: row.read_at.map(time),
            fault: row.fault.map(|stored| Failing {
                fault: stored.fault,
                since: time(stored.since),
                times: stored.times,
                again_at: time(stored.again_at),
            }),
            counts: Counts {
                alerts: row.alerts,
                silent: row.silent,
                unpriced: row.unpriced,
                lost: row.lost,
                left_out: row.left_out,
            },
        })
    }
}
