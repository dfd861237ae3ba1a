//! What a key is to be, as a body says it.

use app::identity::WantedKey;
use domain::clock::Timestamp;
use domain::identity::{Network, OrderBounds, ProgramKey, Scope};
use domain::limits::{PROGRAM_KEY_LIFE, PROGRAM_KEY_LIFE_MAX, PROGRAM_KEY_NAMES_MAX};
use lambda::edge::Problem;
use std::collections::BTreeSet;
use wire::member::{Limiting, Moment, Object, Positive, Several};
use wire::view::{ChangedApiKey, WantedApiKey, WantedApiKeyOrders, WholeApiKey};

type Named<T> = Several<T, PROGRAM_KEY_NAMES_MAX>;

/// Of a key that is new, or changed as a whole.
pub(super) fn whole(asked: WantedApiKey, now: Timestamp) -> Result<WantedKey, Problem> {
    Ok(WantedKey {
        name: asked.name.to_string(),
        scopes: scopes(asked.scopes)?,
        networks: asked.ip_allow_list.map(networks).unwrap_or_default(),
        orders: asked.orders.map(bounds),
        expires_at: end(asked.expires_at, now)?.unwrap_or_else(|| now.plus(PROGRAM_KEY_LIFE)),
    })
}

/// Of a key that is changed as a whole: what limits it is said, so that nothing is lifted by being left out.
pub(super) fn instead(asked: WholeApiKey, now: Timestamp) -> Result<WantedKey, Problem> {
    let required = |name: &str, why: &str| Problem::field(name, format!("{name} is required: {why}"));
    let WholeApiKey { name, scopes, ip_allow_list, orders, expires_at } = asked;
    let ip_allow_list =
        ip_allow_list.ok_or_else(|| required("ip_allow_list", "an empty list lets in from anywhere"))?;
    let expires_at = expires_at.ok_or_else(|| required("expires_at", "null is 90 days from now"))?;
    whole(WantedApiKey { name, scopes, ip_allow_list, orders, expires_at }, now)
}

/// What a body names; what it leaves out stays as it is.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    name: Option<String>,
    scopes: Option<BTreeSet<Scope>>,
    networks: Option<Vec<Network>>,
    orders: Option<Option<OrderBounds>>,
    expires_at: Option<Timestamp>,
}

impl Changed {
    pub(super) fn of(asked: ChangedApiKey, now: Timestamp) -> Result<Self, Problem> {
        Ok(Self {
            name: asked.name.map(|name| name.to_string()),
            scopes: asked.scopes.map(scopes).transpose()?,
            networks: asked.ip_allow_list.map(networks),
            orders: asked.orders.map(|orders| orders.map(bounds)),
            expires_at: end(asked.expires_at, now)?,
        })
    }

    pub(super) fn over(&self, key: &ProgramKey) -> WantedKey {
        let said = self.clone();
        WantedKey {
            name: said.name.unwrap_or_else(|| key.name.clone()),
            scopes: said.scopes.unwrap_or_else(|| key.scopes.clone()),
            networks: said.networks.unwrap_or_else(|| key.networks.clone()),
            orders: said.orders.unwrap_or_else(|| key.orders.clone()),
            expires_at: said.expires_at.unwrap_or(key.expires_at),
        }
    }
}

fn scopes(Several(named): Named<Scope>) -> Result<BTreeSet<Scope>, Problem> {
    if named.is_empty() {
        return Err(Problem::field("scopes", "scopes must name at least one, such as trading:read"));
    }
    Ok(named.into_iter().collect())
}

fn networks(Several(named): Named<Network>) -> Vec<Network> {
    named
}

fn bounds(Object(asked): Object<WantedApiKeyOrders>) -> OrderBounds {
    let (Limiting(accounts), Limiting(markets)) = (asked.accounts, asked.markets);
    let (Positive(order_quote_max), Positive(day_quote_max)) = (asked.order_quote_max, asked.day_quote_max);
    OrderBounds { accounts, markets, order_quote_max, day_quote_max }
}

fn end(at: Option<Moment>, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let is_allowed = |end: Timestamp| now < end && end <= now.plus(PROGRAM_KEY_LIFE_MAX);
    match at {
        Some(Moment(end)) if !is_allowed(end) => {
            Err(Problem::field("expires_at", "expires_at must be a time to come, within 366 days"))
        }
        at => Ok(at.map(|Moment(end)| end)),
    }
}
