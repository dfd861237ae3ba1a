//! Large transfers on blockchains.

use super::time;
use super::words::{BlockchainName, LabelCategory, ScoreReason, Time, TransactionType, WhaleSentiment, WhaleStatus};
use crate::text::Text;
use domain::whale::{self, ChainAddress, Owner};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The largest transfer of one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleAlert {
    /// `wha_…`: the same for the same transaction, in whichever block it stands.
    pub id: String,
    /// Where it was made.
    pub blockchain: BlockchainName,
    /// The hash of its transaction.
    pub transaction_hash: String,
    /// The number of its block; null if only a source without blocks has listed it.
    pub block_number: Option<u64>,
    /// Who has given it.
    pub from: WhaleSide,
    /// Who has got it.
    pub to: WhaleSide,
    /// The asset.
    pub currency: String,
    /// How much of it, with every digit that its chain counts.
    pub amount: String,
    /// What that was worth in USDT when its block was made, cut to hundredths.
    pub amount_usd: String,
    /// What it is.
    pub transaction_type: TransactionType,
    /// What it may mean for the price of `currency`.
    pub sentiment: WhaleSentiment,
    /// From 1 to 10.
    pub significance_score: u8,
    /// Why it has that score.
    pub score_reasons: Vec<ScoreReason>,
    /// How many more of the same transaction are as large as the minimum.
    pub others: usize,
    /// Whether it may still be orphaned.
    pub status: WhaleStatus,
    /// Blocks from its own to the newest, both counted, as they were when `status` was last changed; 0 if it was orphaned or has no block.
    pub confirmations: u64,
    /// Which sources have seen it.
    pub sources: Vec<String>,
    /// When its block was made, as the chain says.
    pub timestamp: Time,
    /// When it was first seen here.
    pub detected_at: Time,
    /// When its block was orphaned; null if it stands.
    pub revoked_at: Option<Time>,
}

/// A side of a transfer. Without an address and a label it is the issuer of what is created or destroyed, or a giver whose scripts are no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleSide {
    /// The address that has moved the most.
    pub address: Option<String>,
    /// The owner by a label; null if no label names one.
    pub label: Option<String>,
    /// What that owner is.
    pub category: Option<LabelCategory>,
}

impl WhaleSide {
    fn of(owner: &Owner, address: Option<&ChainAddress>) -> Self {
        let (label, category) = match owner {
            Owner::Named(name, category) => (Some(name.clone()), Some(Text(*category))),
            Owner::Address(_) | Owner::Unknown | Owner::Issuer => (None, None),
        };
        Self { address: address.map(ToString::to_string), label, category }
    }
}

impl WhaleAlert {
    pub fn of(alert: &whale::WhaleAlert) -> Self {
        let transfer = &alert.transfer;
        Self {
            id: alert.id.to_string(),
            blockchain: Text(alert.chain),
            transaction_hash: alert.transaction.clone(),
            block_number: alert.block.as_ref().map(|block| block.number),
            from: WhaleSide::of(&transfer.from, transfer.from_address.as_ref()),
            to: WhaleSide::of(&transfer.to, transfer.to_address.as_ref()),
            currency: transfer.units.of.asset.to_string(),
            amount: transfer.units.to_string(),
            amount_usd: transfer.worth.to_string(),
            transaction_type: Text(transfer.kind),
            sentiment: Text(transfer.kind.sentiment()),
            significance_score: alert.significance.score,
            score_reasons: alert.significance.reasons.iter().copied().map(Text).collect(),
            others: transfer.others,
            status: Text(alert.status),
            confirmations: alert.confirmations,
            sources: alert.sources.iter().cloned().collect(),
            timestamp: time(alert.at),
            detected_at: time(alert.detected_at),
            revoked_at: alert.revoked_at.map(time),
        }
    }
}

/// Alerts of some days, without those that were orphaned, and without what is created, destroyed or moved within an owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleStats {
    /// The first UTC day that is counted, up to today.
    pub since: String,
    /// How many alerts.
    pub total_alerts: u64,
    /// What they were worth.
    pub total_volume_usd: String,
    /// The mean of their scores, with two digits behind the point; null if there are none.
    pub mean_significance: Option<String>,
    /// By what they are.
    pub by_type: Vec<WhaleCount>,
    /// By currency, that with the most alerts first.
    pub currencies: Vec<WhaleCount>,
}

/// Some of the alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleCount {
    /// A type or a currency.
    pub name: String,
    /// How many.
    pub alerts: u64,
    /// What they were worth.
    pub volume_usd: String,
}

/// Large transfers of the last hours, newest first, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleTransactions {
    /// As many as were asked for.
    pub items: Vec<WhaleAlert>,
    /// Of all that match, also if fewer are shown, as far as `is_cut` says.
    pub summary: WhaleSummary,
}

/// What some large transfers come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleSummary {
    /// How many.
    pub transactions: u64,
    /// What they were worth.
    pub total_volume_usd: String,
    /// Their mean, cut to hundredths; null if there are none.
    pub average_usd: Option<String>,
    /// What the largest was worth; null if there are none.
    pub largest_usd: Option<String>,
    /// By what they are.
    pub by_type: Vec<WhaleCount>,
    /// Whether more are stored of these hours than are read: then the oldest are left out.
    pub is_cut: bool,
}
