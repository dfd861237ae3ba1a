//! Where a venue and our rows differ: on an account, and as a mark on its groups.

use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::ClientOrderId;
use domain::market::{Asset, Exchange, MarketKey, Symbol};
use domain::money::{Amount, Quantity};
use domain::order::{Direction, Status};
use domain::{drift, group};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The attribute `drift` of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDrift {
    pub at: i64,
    #[serde(default)]
    pub shortages: BTreeMap<Text<Asset>, Shortage>,
    #[serde(default)]
    pub strays: Vec<Stray>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    pub missing: Text<Quantity>,
    pub since: i64,
    pub expected: Text<Quantity>,
    pub there: Text<Quantity>,
    pub surprise: Option<Surprise>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surprise {
    pub more: Text<Amount>,
    pub expected: Text<Quantity>,
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stray {
    pub client_id: Text<ClientOrderId>,
    pub venue_id: String,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub direction: Text<Direction>,
    pub quantity: Text<Quantity>,
    /// Absent where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled: Option<Text<Quantity>>,
    /// Absent where it rests and nothing of it is filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Text<Status>>,
    /// Absent where it was seen by a release that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<i64>,
    pub first_seen_at: i64,
    pub confirmed: bool,
}

/// The attribute `drift` of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDrift {
    pub missing: Text<Quantity>,
    pub in_all: Text<Quantity>,
    pub since: i64,
}

impl From<&drift::Drift> for AccountDrift {
    fn from(drift: &drift::Drift) -> Self {
        let shortage = |(asset, shortage): (&Asset, &drift::Shortage)| (Text(asset.clone()), Shortage::from(*shortage));
        Self {
            at: drift.at.millis(),
            shortages: drift.shortages.iter().map(shortage).collect(),
            strays: drift.strays.iter().map(Stray::from).collect(),
        }
    }
}

impl From<AccountDrift> for drift::Drift {
    fn from(stored: AccountDrift) -> Self {
        let shortage = |(asset, shortage): (Text<Asset>, Shortage)| (asset.0, shortage.into());
        Self {
            at: Timestamp::from_millis(stored.at),
            shortages: stored.shortages.into_iter().map(shortage).collect(),
            strays: stored.strays.into_iter().map(drift::Stray::from).collect(),
        }
    }
}

impl From<drift::Shortage> for Shortage {
    fn from(shortage: drift::Shortage) -> Self {
        Self {
            missing: Text(shortage.missing),
            since: shortage.since.millis(),
            expected: Text(shortage.expected),
            there: Text(shortage.there),
            surprise: shortage.surprise.map(Surprise::from),
        }
    }
}

impl From<Shortage> for drift::Shortage {
    fn from(stored: Shortage) -> Self {
        Self {
            missing: stored.missing.0,
            since: Timestamp::from_millis(stored.since),
            expected: stored.expected.0,
            there: stored.there.0,
            surprise: stored.surprise.map(drift::Surprise::from),
        }
    }
}

impl From<drift::Surprise> for Surprise {
    fn from(surprise: drift::Surprise) -> Self {
        Self { more: Text(surprise.more), expected: Text(surprise.expected), at: surprise.at.millis() }
    }
}

impl From<Surprise> for drift::Surprise {
    fn from(stored: Surprise) -> Self {
        Self { more: stored.more.0, expected: stored.expected.0, at: Timestamp::from_millis(stored.at) }
    }
}

impl From<&drift::Stray> for Stray {
    fn from(stray: &drift::Stray) -> Self {
        Self {
            client_id: Text(stray.client_id.clone()),
            venue_id: stray.venue_id.clone(),
            exchange: Text(stray.market.exchange.clone()),
            symbol: Text(stray.market.symbol.clone()),
            direction: Text(stray.direction),
            quantity: Text(stray.quantity),
            filled: (!stray.filled.is_zero()).then_some(Text(stray.filled)),
            status: (stray.status != Status::Open).then_some(Text(stray.status)),
            accepted_at: (stray.accepted_at != stray.first_seen_at).then(|| stray.accepted_at.millis()),
            first_seen_at: stray.first_seen_at.millis(),
            confirmed: stray.confirmed,
        }
    }
}

impl From<Stray> for drift::Stray {
    fn from(stored: Stray) -> Self {
        Self {
            client_id: stored.client_id.0,
            venue_id: stored.venue_id,
            market: MarketKey { exchange: stored.exchange.0, symbol: stored.symbol.0 },
            direction: stored.direction.0,
            quantity: stored.quantity.0,
            filled: stored.filled.map(|filled| filled.0).unwrap_or_default(),
            status: stored.status.map_or(Status::Open, |status| status.0),
            accepted_at: Timestamp::from_millis(stored.accepted_at.unwrap_or(stored.first_seen_at)),
            first_seen_at: Timestamp::from_millis(stored.first_seen_at),
            confirmed: stored.confirmed,
        }
    }
}

impl From<group::Drift> for GroupDrift {
    fn from(drift: group::Drift) -> Self {
        Self { missing: Text(drift.missing), in_all: Text(drift.in_all), since: drift.since.millis() }
    }
}

impl From<GroupDrift> for group::Drift {
    fn from(stored: GroupDrift) -> Self {
        let since = Timestamp::from_millis(stored.since);
        Self { missing: stored.missing.0, in_all: stored.in_all.0, since }
    }
}
