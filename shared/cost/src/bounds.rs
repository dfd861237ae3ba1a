//! What the product promises to cost at the most, and what it does cost.

use crate::Broken;
use crate::bill::{bill, list_price};
use crate::counts::Counts;
use crate::month::{self, DAYS, Habits, STANDING};
use crate::prices::{Arch, PriceList};
use crate::usage::Usage;
use rust_decimal::Decimal;

/// A promise in USD of the default region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub what: &'static str,
    pub usd: Decimal,
    pub usd_max: Decimal,
}

const MILLION: u32 = 1_000_000;
const HOURS_PER_DAY: u32 = 24;

/// All promises, in one region and on one processor. Only the first counts what is free in every month.
///
/// # Errors
/// [`Broken`] where a file cannot be read or names no such region.
pub fn bounds(region: &str, arch: Arch) -> Result<Vec<Bound>, Broken> {
    let (list, counts) = (PriceList::read()?, Counts::read()?);
    let prices = list.regions.get(region).ok_or_else(|| Broken("prices.toml", format!("{region} is missing")))?;
    let prices = &prices.on(arch);
    let of = |case: &str| Usage::of(case, &counts);
    let million = |usage: Usage| list_price(usage * Decimal::from(MILLION), prices);
    let bound = |what, usd: Decimal, usd_max: u32| Bound { what, usd, usd_max: usd_max.into() };
    let idle = bill(Habits::IDLE.month(&counts)?, STANDING, prices, &list.free);
    let received = of("receive_first")?;
    let live_month = month::live_hour(&counts)? * (DAYS * Decimal::from(HOURS_PER_DAY));
    Ok(vec![
        bound("an idle month, with what is free", idle.iter().map(|item| item.usd_after_free).sum(), 2),
        bound("a million duplicates", million(of("receive_duplicate")?), 3),
        bound("a million alerts received and refused", million(received + of("decide_refused")?), 8),
        bound("a million alerts received and ignored", million(received + of("decide_ignored")?), 8),
        bound("a million groups decided, beside their receipt", million(of("decide_open")?), 16),
        bound("a million orders from commit #1 to settled", million(month::order(&counts)?), 20),
        bound("an account with a live group all month", list_price(live_month, prices), 2),
        bound("a source of whale alerts, enabled all month", list_price(month::source_month(&counts)?, prices), 2),
    ])
}
