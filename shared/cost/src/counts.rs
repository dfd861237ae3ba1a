//! What one case asks of AWS, as `counts.toml` says and the integration test `counted` holds it to.

use crate::Broken;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file, for whoever compares it with what was counted.
pub const COUNTS: &str = include_str!("../counts.toml");

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub assumed: Assumed,
    pub function: BTreeMap<String, Function>,
    #[serde(rename = "case")]
    pub cases: BTreeMap<String, Case>,
    /// By their address in the dashboard, such as `/positions/$id`.
    #[serde(rename = "page")]
    pub pages: BTreeMap<String, Page>,
}

/// What cannot be counted here, and is not measured on AWS yet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumed {
    pub ms_per_database_call: u32,
    pub ms_per_queue_call: u32,
    /// One call of an exchange, or of an endpoint of a source.
    pub ms_per_venue_call: u32,
    pub ms_per_kms_call: u32,
    pub access_log_bytes: u32,
    /// Rows of one alert that opened a group, kept for ninety days or longer.
    pub bytes_kept_per_group: u32,
    pub bytes_kept_per_alert: u32,
    /// A sixteenth of a row.
    pub bytes_kept_per_candle: u32,
    /// Those that an enabled source of whale alerts has fetched, of the blockchain that needs most of them; counted.
    pub series_per_source: u32,
}

/// How a function is deployed, and what each invocation costs beside its calls.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    pub memory_mb: u32,
    /// Its own time, without waiting.
    pub own_ms: u32,
    pub log_bytes: u32,
    pub trigger: Trigger,
}

/// What starts it, and what that asks of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    Http,
    /// A receive and a deletion.
    Fifo,
    Standard,
    Schedule,
    /// Another function, which waits for nothing, or the bus, which asks nothing for it.
    Call,
}

/// Counted at the wire.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub does: String,
    pub by: String,
    pub database_calls: u32,
    pub queue_calls: u32,
    /// Calls of the exchange, or of the endpoints of a source, which are assumed.
    #[serde(default)]
    pub venue_calls: u32,
    /// Requests to KMS.
    #[serde(default)]
    pub kms_calls: u32,
    /// Read units, in halves.
    pub half_reads: u32,
    /// Write units of tables and indexes.
    pub writes: u32,
    pub fifo: u32,
    pub standard: u32,
    /// Where something else starts it than what starts its function else.
    #[serde(default)]
    pub trigger: Option<Trigger>,
}

/// What a page of the dashboard asks when it is opened, with what stands around each page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub requests: u32,
    pub database_calls: u32,
    /// Read units, in halves.
    pub half_reads: u32,
    /// Write units of tables and indexes.
    pub writes: u32,
}

/// The function that each request of a page is priced as. All but one of those that answer pages have its memory.
pub(crate) const OF_PAGES: &str = "api-trading";

impl Counts {
    /// # Errors
    /// [`Broken`] where the file cannot be read; a test reads it.
    pub fn read() -> Result<Self, Broken> {
        toml::from_str(COUNTS).map_err(|why| Broken("counts.toml", why.to_string()))
    }

    /// A case and the function that does it.
    ///
    /// # Errors
    /// [`Broken`] where the file has no such case; a test asks for every one that is used.
    pub fn case(&self, name: &str) -> Result<(&Case, &Function), Broken> {
        let missing = |what: &str| Broken("counts.toml", format!("{what} is missing"));
        let case = self.cases.get(name).ok_or_else(|| missing(name))?;
        Ok((case, self.function.get(&case.by).ok_or_else(|| missing(&case.by))?))
    }
}

impl Case {
    /// How long the function is billed for.
    pub fn milliseconds(&self, function: &Function, assumed: &Assumed) -> Decimal {
        let waits = [
            (self.database_calls, assumed.ms_per_database_call),
            (self.queue_calls, assumed.ms_per_queue_call),
            (self.venue_calls, assumed.ms_per_venue_call),
            (self.kms_calls, assumed.ms_per_kms_call),
        ];
        let own = Decimal::from(function.own_ms);
        waits.into_iter().fold(own, |sum, (calls, ms)| sum + Decimal::from(calls) * Decimal::from(ms))
    }
}
