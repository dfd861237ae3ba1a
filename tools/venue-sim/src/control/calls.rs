//! The control calls that change something.

use crate::counters::Tier;
use crate::engine::{self, Exchange, Market, Millis};
use crate::limits::{Allowed, Limits};
use crate::replay;
use crate::site::{Site, SiteName};
use crate::world::World;
use domain::money::{self, Amount, Decimal, Quantity};
use serde::Deserialize;
use std::path::PathBuf;

fn site(world: &mut World, venue: SiteName) -> Result<&mut Site, String> {
    world.sites.get_mut(&venue).ok_or_else(|| format!("{venue} is not played"))
}

fn market<'a>(exchange: &'a mut Exchange, name: &str) -> Result<&'a mut Market, String> {
    let names = exchange.markets.keys().cloned().collect::<Vec<_>>().join(", ");
    exchange.markets.get_mut(name).ok_or_else(|| format!("no market {name}; there are {names}"))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceCall {
    venue: SiteName,
    market: String,
    price: Decimal,
}

impl PriceCall {
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        let (now, price) = (world.now(), price(self.price)?);
        let exchange = &mut site(world, self.venue)?.exchange;
        market(exchange, &self.market)?;
        exchange.advance(now);
        exchange.reprice(&self.market, price, now);
        Ok(())
    }
}

fn price(value: Decimal) -> Result<money::Price, String> {
    money::Price::new(value).map_err(|error| format!("price: {error}"))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Path {
    venue: SiteName,
    market: String,
    steps: Vec<(Millis, Decimal)>,
}

impl Path {
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        let now = world.now();
        let steps: Result<Vec<_>, String> = self.steps.iter().map(|(at, value)| Ok((*at, price(*value)?))).collect();
        market(&mut site(world, self.venue)?.exchange, &self.market)?.path = engine::Path::scripted(now, &steps?);
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replay {
    venue: SiteName,
    market: String,
    file: PathBuf,
    #[serde(default)]
    skip: usize,
    bars: usize,
    bar_ms: Millis,
}

impl Replay {
    /// What was skipped becomes the market's past.
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        let now = world.now();
        let all = replay::read(&self.file)?;
        let market = market(&mut site(world, self.venue)?.exchange, &self.market)?;
        let (past, coming) = all.split_at_checked(self.skip).ok_or("skip: the file has fewer bars")?;
        let coming = coming.get(..self.bars.min(coming.len())).unwrap_or(coming);
        market.history = replay::until(past, now);
        market.ticks.clear();
        market.path = engine::Path::replayed(now, self.bar_ms, &replay::on_ticks(coming, market.rules.tick));
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trading {
    venue: SiteName,
    market: String,
    trading: bool,
}

impl Trading {
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        market(&mut site(world, self.venue)?.exchange, &self.market)?.is_trading = self.trading;
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Balance {
    venue: SiteName,
    account: String,
    asset: String,
    free: Decimal,
}

impl Balance {
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        let free = Amount::new(self.free).map_err(|error| format!("free: {error}"))?;
        let account = site(world, self.venue)?.exchange.accounts.get_mut(&self.account);
        account.ok_or_else(|| format!("no account {}", self.account))?.set_free(&self.asset, free);
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fill {
    venue: SiteName,
    order: u64,
    quantity: Decimal,
}

impl Fill {
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        let now = world.now();
        let quantity = Quantity::new(self.quantity).map_err(|error| format!("quantity: {error}"))?;
        let exchange = &mut site(world, self.venue)?.exchange;
        exchange.fill(self.order, quantity, now).map_err(|error| error.to_string())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clock {
    offset_ms: Millis,
}

impl Clock {
    pub(super) fn apply(self, world: &mut World) {
        world.clock_offset = self.offset_ms;
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lag {
    venue: SiteName,
    ms: Millis,
}

impl Lag {
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        site(world, self.venue)?.exchange.read_lag = self.ms;
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct LimitsCall {
    venue: SiteName,
    #[serde(flatten)]
    allowed: Loose,
}

/// As in the settings: what is left out is as by default.
#[derive(Debug, Deserialize)]
struct Loose {
    weight: Option<u64>,
    orders: Option<u64>,
    refusals: Option<u64>,
    tier: Option<Tier>,
}

impl LimitsCall {
    /// Counting begins anew, and nobody is banned.
    pub(super) fn apply(self, world: &mut World) -> Result<(), String> {
        let (known, said) = (Allowed::default(), self.allowed);
        let allowed = Allowed {
            weight: said.weight.unwrap_or(known.weight),
            orders: said.orders.unwrap_or(known.orders),
            refusals: said.refusals.unwrap_or(known.refusals),
            tier: said.tier,
        };
        site(world, self.venue)?.limits = Limits::of(allowed);
        Ok(())
    }
}
