//! What prices have done after whale alerts, and what is still to be measured.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::WhaleAlertId;
use domain::money::{Decimal, Price};
use domain::whale::{After, BaseRate, Impact};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of one alert, after so long. Changes are in percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleImpact {
    pub after: Text<After>,
    pub price: Text<Price>,
    pub change: Text<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<WhaleBaseRate>,
}

/// What the price has done on so many days before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleBaseRate {
    pub count: u32,
    pub mean: Text<Decimal>,
    pub low: Text<Decimal>,
    pub high: Text<Decimal>,
}

/// That an impact is to be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleDue {
    pub v: Schema<1>,
    pub alert: Text<WhaleAlertId>,
    pub after: Text<After>,
    pub at: i64,
}

impl WhaleDue {
    pub fn of(alert: &WhaleAlertId, after: After, at: Timestamp) -> Self {
        Self { v: Schema, alert: Text(alert.clone()), after: Text(after), at: at.millis() }
    }
}

pub(super) fn written(impacts: &BTreeMap<After, Impact>) -> Vec<WhaleImpact> {
    let base = |base: BaseRate| WhaleBaseRate {
        count: base.count,
        mean: Text(base.mean),
        low: Text(base.low),
        high: Text(base.high),
    };
    let written = |(after, impact): (&After, &Impact)| WhaleImpact {
        after: Text(*after),
        price: Text(impact.price),
        change: Text(impact.change),
        base: impact.base.map(base),
    };
    impacts.iter().map(written).collect()
}

pub(super) fn read(impacts: Vec<WhaleImpact>) -> BTreeMap<After, Impact> {
    let base =
        |base: WhaleBaseRate| BaseRate { count: base.count, mean: base.mean.0, low: base.low.0, high: base.high.0 };
    let read =
        |row: WhaleImpact| (row.after.0, Impact { price: row.price.0, change: row.change.0, base: row.base.map(base) });
    impacts.into_iter().map(read).collect()
}
