//! What a token permits, where that is less than everything.

use crate::text::Text;
use domain::market::Symbol;
use domain::money::Amount;
use domain::preset::PresetName;
use domain::token::{self, Only, Sender};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markets: Vec<Text<Symbol>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presets: Vec<Text<PresetName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_quote_max: Option<Text<Amount>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Text<Only>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Text<Sender>>,
}

impl Grant {
    /// None where nothing is limited.
    pub fn of(grant: &token::Grant) -> Option<Self> {
        (!grant.is_unlimited()).then(|| Self {
            markets: grant.markets.iter().cloned().map(Text).collect(),
            presets: grant.presets.iter().cloned().map(Text).collect(),
            order_quote_max: grant.order_quote_max.map(Text),
            only: grant.only.map(Text),
            from: grant.from.map(Text),
        })
    }
}

impl From<Grant> for token::Grant {
    fn from(stored: Grant) -> Self {
        Self {
            markets: stored.markets.into_iter().map(|market| market.0).collect(),
            presets: stored.presets.into_iter().map(|preset| preset.0).collect(),
            order_quote_max: stored.order_quote_max.map(|max| max.0),
            only: stored.only.map(|only| only.0),
            from: stored.from.map(|from| from.0),
        }
    }
}
