//! Position groups, as they stand in a list.

use super::time;
use domain::group;
use domain::money::Quantity;
use serde::{Deserialize, Serialize};

/// One trade idea.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionGroup {
    pub id: String,
    pub account_id: String,
    pub exchange: String,
    /// `BASE/QUOTE`; profits, losses and exposure are in its quote.
    pub symbol: String,
    pub timeframe: Option<String>,
    /// `long` or `short`.
    pub side: String,
    /// `waiting`, `live`, `partially_filled`, `closing`, `closed` or `failed`.
    pub status: String,
    pub protected: Protection,
    /// Whether a person should look at it; why, with numbers, stands beside it.
    pub needs_attention: bool,
    pub attention: Option<String>,
    /// Base of this group that the venue does not have. Closing orders are capped at the rest; once it is closed, what
    /// it was closed without.
    pub missing: Option<String>,
    /// `take_profit`, `stop_loss`, `signal`, `user`, `dust` or `recovered`; set from the moment that it is left.
    pub exit_reason: Option<String>,
    /// Quote planned.
    pub exposure: String,
    pub take_profit_percent: String,
    pub stop_loss_percent: Option<String>,
    /// After all fees. In a list, null until the group is closed.
    pub realised_pnl: Option<String>,
    /// Base that was too little to be sold, once it is closed.
    pub dust: Option<String>,
    pub mark: Option<Mark>,
    /// The delivery that opened it.
    pub delivery_id: String,
    pub opened_at: jiff::Timestamp,
    pub exit_at: Option<jiff::Timestamp>,
    pub closed_at: Option<jiff::Timestamp>,
    pub version: u64,
}

/// What keeps the stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Prices are looked at every few seconds; a stop waits for the next look.
    ByPolling,
    /// All of it rests at the venue and does not wait for us.
    AtVenue,
}

/// The last price that was seen for the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub price: String,
    pub at: jiff::Timestamp,
}

impl From<&group::Group> for PositionGroup {
    fn from(group: &group::Group) -> Self {
        Self {
            id: group.id.to_string(),
            account_id: group.account.to_string(),
            exchange: group.market.key.exchange.to_string(),
            symbol: group.market.key.symbol.to_string(),
            timeframe: group.timeframe.as_ref().map(ToString::to_string),
            side: group.side.as_str().to_owned(),
            status: group.status.as_str().to_owned(),
            protected: Protection::of(group),
            needs_attention: group.drift.is_some() || group.attention.is_some(),
            attention: attention(group),
            missing: missing(group).map(|missing| missing.to_string()),
            exit_reason: group.exit.map(|exit| exit.reason.as_str().to_owned()),
            exposure: group.exposure.to_string(),
            take_profit_percent: group.plan.take_profit.to_string(),
            stop_loss_percent: group.plan.stop_loss.map(|percent| percent.to_string()),
            realised_pnl: group.settled.map(|settled| settled.realised.to_string()),
            dust: group.settled.map(|settled| settled.dust.to_string()),
            mark: group.mark.map(Mark::from),
            delivery_id: group.delivery.id.to_string(),
            opened_at: time(group.opened_at),
            exit_at: group.exit.map(|exit| time(exit.at)),
            closed_at: group.settled.map(|settled| time(settled.at)),
            version: group.version,
        }
    }
}

fn attention(group: &group::Group) -> Option<String> {
    let base = &group.market.key.symbol.base;
    let drift = group.drift.map(|drift| {
        let group::Drift { missing, in_all, .. } = drift;
        format!("{in_all} {base} missing at the venue, {missing} of them of this group")
    });
    let told: Vec<String> = drift.into_iter().chain(group.attention.clone()).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn missing(group: &group::Group) -> Option<Quantity> {
    let missing = group.settled.map_or_else(|| group.drift.map(|drift| drift.missing), |settled| Some(settled.missing));
    missing.filter(|missing| !missing.is_zero())
}

impl Protection {
    /// Take-profits rest at the venue; a stop is kept by polling.
    fn of(group: &group::Group) -> Self {
        if group.plan.stop_loss.is_some() { Self::ByPolling } else { Self::AtVenue }
    }
}

impl From<group::Mark> for Mark {
    fn from(mark: group::Mark) -> Self {
        Self { price: mark.price.to_string(), at: time(mark.at) }
    }
}
