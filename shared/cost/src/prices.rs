//! Prices by region, as they stand in `prices.toml`.

use crate::Broken;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;

const TEXT: &str = include_str!("../prices.toml");

/// All regions whose prices are known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceList {
    /// The region that is meant where none is named.
    pub default: String,
    /// When prices were last looked up.
    pub as_of: String,
    pub free: Free,
    #[serde(rename = "region")]
    pub regions: BTreeMap<String, Prices>,
}

/// What costs nothing, month for month.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Free {
    pub lambda_requests: u64,
    pub lambda_gb_seconds: u64,
    pub sqs_requests: u64,
    pub log_gb: u64,
    pub alarms: u64,
    pub metrics: u64,
    pub schedules: u64,
    pub storage_gb: u64,
    pub kms_requests: u64,
}

/// USD in one region.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    pub name: String,
    /// Services whose prices were read off AWS's own list.
    pub checked: Vec<String>,
    pub write_million: Decimal,
    pub read_million: Decimal,
    pub storage_gb: Decimal,
    pub recovery_gb: Decimal,
    pub lambda_million: Decimal,
    pub lambda_gb_second: Decimal,
    pub lambda_gb_second_arm: Decimal,
    pub sqs_fifo_million: Decimal,
    pub sqs_standard_million: Decimal,
    pub http_million: Decimal,
    pub log_gb: Decimal,
    pub alarm: Decimal,
    pub metric: Decimal,
    pub schedule_million: Decimal,
    pub kms_key: Decimal,
    pub kms_million: Decimal,
    pub secret: Decimal,
}

/// The processor that functions run on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Arch {
    /// As the template deploys where nothing else is said.
    #[default]
    X86_64,
    Arm64,
}

impl Prices {
    /// With Lambda's time at the price of this processor.
    #[must_use]
    pub fn on(&self, arch: Arch) -> Self {
        let lambda_gb_second = match arch {
            Arch::X86_64 => self.lambda_gb_second,
            Arch::Arm64 => self.lambda_gb_second_arm,
        };
        Self { lambda_gb_second, ..self.clone() }
    }
}

impl PriceList {
    /// # Errors
    /// [`Broken`] where the file cannot be read; a test reads it.
    pub fn read() -> Result<Self, Broken> {
        toml::from_str(TEXT).map_err(|why| Broken("prices.toml", why.to_string()))
    }

    /// The names of all regions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.regions.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_region_has_prices_and_is_not_in_the_us() {
        let list = PriceList::read().unwrap();
        assert!(list.regions.contains_key(&list.default));
        assert!(!list.default.starts_with("us-"));
    }

    #[test]
    fn the_processor_changes_the_price_of_time_alone() {
        for prices in PriceList::read().unwrap().regions.values() {
            let (x86, arm) = (prices.on(Arch::X86_64), prices.on(Arch::Arm64));
            assert!(arm.lambda_gb_second < x86.lambda_gb_second, "{}", prices.name);
            assert_eq!((arm.lambda_million, arm.write_million), (x86.lambda_million, x86.write_million));
        }
    }
}
