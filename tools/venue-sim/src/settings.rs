//! What the simulator plays: exchanges with their markets, accounts with their keys. `settings.toml` is the default.

use crate::engine::{Account, Exchange, FeeIn, Market, Millis, Policy, Rules};
use crate::faults::Faults;
use crate::journal::Journal;
use crate::keys;
use crate::limits::{Allowed, Limits};
use crate::site::{Key, Right, Site, SiteName};
use crate::world::World;
use domain::money::{Amount, Decimal, Price, Rate};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// The settings that hold where none are given.
pub const DEFAULT: &str = include_str!("settings.toml");

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub seed: String,
    #[serde(default)]
    pub read_lag_ms: Millis,
    rules: BTreeMap<String, Rules>,
    venue: BTreeMap<SiteName, VenueSettings>,
    #[serde(default)]
    account: Vec<AccountSettings>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct VenueSettings {
    maker: Decimal,
    taker: Decimal,
    fee_in: FeeIn,
    #[serde(default)]
    limits: Allowed,
    markets: Vec<MarketSettings>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarketSettings {
    base: String,
    quote: String,
    rules: String,
    price: Decimal,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountSettings {
    venue: SiteName,
    name: String,
    balances: BTreeMap<String, Decimal>,
    keys: Vec<KeySettings>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySettings {
    name: String,
    rights: Vec<Right>,
    #[serde(default)]
    ips: Vec<IpAddr>,
    /// Of Kraken's alone.
    #[serde(default)]
    nonce_window: u64,
    id: Option<String>,
    secret: Option<String>,
}

impl Settings {
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The world at its beginning.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn world(&self, now: Millis) -> Result<World, String> {
        let mut sites = BTreeMap::new();
        for (name, venue) in &self.venue {
            sites.insert(*name, self.site(*name, venue, now)?);
        }
        Ok(World { sites, faults: Faults::default(), journal: Journal::default(), clock_offset: 0 })
    }

    fn site(&self, name: SiteName, venue: &VenueSettings, now: Millis) -> Result<Site, String> {
        let rate = |rate: Decimal| Rate::new(rate).map_err(|error| format!("{name}: a fee {error}"));
        // Only Kraken lets a stop trigger that the price is past already.
        let refuses_passed_triggers = name != SiteName::Kraken;
        let trades_contracts = name == SiteName::BinanceFutures;
        let (maker, taker, fee_in) = (rate(venue.maker)?, rate(venue.taker)?, venue.fee_in);
        let policy = Policy { fee_in, maker, taker, refuses_passed_triggers, trades_contracts };
        let mut exchange = Exchange::new(policy);
        exchange.read_lag = self.read_lag_ms;
        for market in &venue.markets {
            let made = self.market(market).map_err(|error| format!("{name}: {error}"))?;
            exchange.markets.insert(format!("{}/{}", market.base, market.quote), made);
        }
        for (market, price) in prices(&exchange) {
            exchange.reprice(&market, price, now);
        }
        let keys = self.open(name, &mut exchange, now)?;
        let limits = Limits::of(venue.limits);
        Ok(Site { name, exchange, keys, limits, nonces: HashMap::new(), cap: None })
    }

    fn market(&self, market: &MarketSettings) -> Result<Market, String> {
        let rules = self.rules.get(&market.rules).ok_or_else(|| format!("there are no [rules.{}]", market.rules))?;
        let price = Price::new(market.price).map_err(|error| format!("a price {error}"))?;
        Ok(Market::new(&market.base, &market.quote, rules.clone(), price))
    }

    /// Opens this exchange's accounts; gives their keys.
    fn open(&self, site: SiteName, exchange: &mut Exchange, now: Millis) -> Result<Vec<Key>, String> {
        let mut all = Vec::new();
        for account in self.account.iter().filter(|account| account.venue == site) {
            exchange.accounts.insert(account.name.clone(), opened(account)?);
            for key in &account.keys {
                all.push(self.key(site, &account.name, key, now)?);
            }
        }
        Ok(all)
    }

    fn key(&self, site: SiteName, account: &str, key: &KeySettings, now: Millis) -> Result<Key, String> {
        let (id, secret) = keys::made(site, &self.seed, account, &key.name)?;
        Ok(Key {
            site,
            name: key.name.clone(),
            account: account.to_owned(),
            id: key.id.clone().unwrap_or(id),
            secret: key.secret.clone().unwrap_or(secret),
            rights: key.rights.clone(),
            ips: key.ips.clone(),
            nonce_window: key.nonce_window,
            created_at: now,
        })
    }
}

fn opened(settings: &AccountSettings) -> Result<Account, String> {
    let mut account = Account::default();
    for (asset, free) in &settings.balances {
        let free = Amount::new(*free).map_err(|error| format!("{}: {asset} {error}", settings.name))?;
        account.set_free(asset, free);
    }
    Ok(account)
}

fn prices(exchange: &Exchange) -> Vec<(String, Price)> {
    exchange.markets.iter().map(|(name, market)| (name.clone(), market.last)).collect()
}

impl Default for Settings {
    /// # Panics
    /// Never: a test reads the default settings.
    fn default() -> Self {
        let read = Self::parse(DEFAULT);
        read.unwrap_or_else(|_| Self {
            seed: String::new(),
            read_lag_ms: 0,
            rules: BTreeMap::new(),
            venue: BTreeMap::new(),
            account: Vec::new(),
        })
    }
}
