//! Large transfers on blockchains.

use super::time;
use super::words::{BlockchainName, LabelCategory, ScoreReason, Time, TransactionType, WhaleSentiment, WhaleStatus};
use crate::text::Text;
use domain::whale::{self, After, ChainAddress, Owner};
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
    /// How much of it, with every digit that its chain counts, or that a list has.
    pub amount: String,
    /// What that was worth in USDT when its block was made, cut to hundredths.
    pub amount_usd: String,
    /// What one of `currency` was worth in USDT when its block was made; null of what is pegged to the dollar.
    pub price_before: Option<String>,
    /// The same an hour later; null before that, if no candle of that time is stored, and if the alert was orphaned by then.
    pub price_after: Option<String>,
    /// From `price_before` to `price_after`, in percent, rounded to four digits.
    pub price_change_percent: Option<String>,
    /// What the price has done after an hour and after a day, beside what it usually does.
    pub impact: WhaleImpacts,
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

/// What the price has done after an alert. Each is measured some minutes after its time, and null before that.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct WhaleImpacts {
    /// After an hour.
    pub after_1h: Option<WhaleImpact>,
    /// After a day.
    pub after_24h: Option<WhaleImpact>,
}

/// What the price has done after some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleImpact {
    /// In USDT.
    pub price: String,
    /// Since the block was made, in percent, rounded to four digits.
    pub change_percent: String,
    /// What it did on the days before; null if no candles of them are stored.
    pub base_rate: Option<WhaleBaseRate>,
    /// Whether the change is below `low_percent` or above `high_percent` of its base rate, as 7 changes of 31 are by chance; null if that has
    /// fewer than 10 days.
    pub unusual: Option<bool>,
}

/// What a price usually does: its changes over the same time, from the same hour of the day on, on the thirty days before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleBaseRate {
    /// Of so many of these days.
    pub days: u32,
    /// Their mean, in percent.
    pub mean_percent: String,
    /// The tenth percentile.
    pub low_percent: String,
    /// The ninetieth percentile.
    pub high_percent: String,
}

impl WhaleImpacts {
    fn of(alert: &whale::WhaleAlert) -> Self {
        let impact = |after: After| alert.impacts.get(&after).map(WhaleImpact::of);
        Self { after_1h: impact(After::Hour), after_24h: impact(After::Day) }
    }
}

impl WhaleImpact {
    fn of(impact: &whale::Impact) -> Self {
        let base_rate = |base: whale::BaseRate| WhaleBaseRate {
            days: base.count,
            mean_percent: base.mean.to_string(),
            low_percent: base.low.to_string(),
            high_percent: base.high.to_string(),
        };
        Self {
            price: impact.price.to_string(),
            change_percent: impact.change.to_string(),
            base_rate: impact.base.map(base_rate),
            unusual: impact.is_unusual(),
        }
    }
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
        let impact = WhaleImpacts::of(alert);
        let hour = impact.after_1h.as_ref();
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
            price_before: alert.price.map(|price| price.to_string()),
            price_after: hour.map(|hour| hour.price.clone()),
            price_change_percent: hour.map(|hour| hour.change_percent.clone()),
            impact,
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
    /// By what they are, and what prices have done after them.
    pub by_type: Vec<MeasuredWhaleCount>,
    /// By currency, that with the most alerts first. Nothing is measured of what is pegged to the dollar.
    pub currencies: Vec<MeasuredWhaleCount>,
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

/// Some of the alerts, and what prices have done after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeasuredWhaleCount {
    /// A type or a currency.
    pub name: String,
    /// How many.
    pub alerts: u64,
    /// What they were worth.
    pub volume_usd: String,
    /// After an hour; null if nothing was measured yet.
    pub after_1h: Option<WhaleImpactMean>,
    /// After a day.
    pub after_24h: Option<WhaleImpactMean>,
}

/// What prices have done after alerts, beside what they usually do. Of few alerts it says little, and all alerts of one hour share one move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleImpactMean {
    /// How many alerts were measured against a base rate of 10 days or more.
    pub alerts: u64,
    /// The mean of their changes, in percent.
    pub mean_change_percent: String,
    /// The mean of what prices did from the same hours on, on the days before, in percent.
    pub mean_base_percent: String,
    /// How many of the changes were unusual. By chance 7 of 31 are.
    pub unusual: u64,
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
