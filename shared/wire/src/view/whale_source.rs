//! Sources of whale alerts, without their addresses and keys.

use super::time;
use super::words::{BlockchainName, Time, WhaleSourceKind};
use crate::member::{ApiKey, Label, Several, Written, or_default};
use crate::stored;
use domain::chain::EndpointUrl;
use domain::clock::Timestamp;
use domain::whale::{self, Blockchain, SourceKind, Watch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of one source.
const ENDPOINTS_MAX: usize = 3;

/// Where large transfers are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleSource {
    /// `src_…`
    pub id: String,
    /// As `sources` of an alert names it.
    pub name: String,
    /// How it is asked.
    pub kind: WhaleSourceKind,
    /// What it reads.
    pub blockchain: BlockchainName,
    /// Whether it is watched.
    pub enabled: bool,
    /// Whether each block is read with all its transactions, and not only with transfers of tokens.
    pub native_transfers: bool,
    /// The hosts of its endpoints. Their addresses and the API key are encrypted and never shown again.
    pub hosts: Vec<String>,
    /// How it does; null before it was first read.
    pub health: Option<WhaleSourceHealth>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// Who last changed it, `usr_…`.
    pub updated_by: String,
    /// The version of the source, raised by each change; its `ETag`, accepted as `If-Match`.
    pub version: u64,
}

/// How far a source was read, and what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhaleSourceHealth {
    /// The newest block that was read; null if it has begun with none.
    pub block_number: Option<u64>,
    /// When it was last read without a fault; null if it never was. Of an idle source up to five minutes old.
    pub read_at: Option<Time>,
    /// Why it cannot be read, in a word; null if it can.
    pub fault: Option<String>,
    /// Since when it cannot be read.
    pub failing_since: Option<Time>,
    /// How many runs in a row have failed.
    pub failures: u32,
    /// When it is tried again.
    pub again_at: Option<Time>,
    /// Alerts.
    pub alerts: u64,
    /// Large transactions that are no transfers: swaps, change, moves within a wallet.
    pub silent: u64,
    /// Large transfers without a price of their time, which are no alerts.
    pub unpriced: u64,
    /// How often blocks were left out: more were orphaned than are remembered, or it was not read for more than a day.
    pub lost: u64,
    /// Alerts that there would have been, of blocks with very many of them: the smaller ones.
    pub left_out: u64,
    /// Requests to its endpoints since it was created. Your providers bill them.
    pub requests: u64,
}

/// A source that is to be watched.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it holds addresses with keys")]
#[schema(as = CreateWhaleSource)]
pub struct NewWhaleSource {
    /// Your name for the source, 1 to 40 characters; alerts name it.
    #[schema(value_type = String, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub name: Label,
    /// How it is asked.
    #[schema(value_type = WhaleSourceKind)]
    pub kind: Written<SourceKind>,
    /// What it reads: with `json_rpc` `ethereum` or `binance_smart_chain`, with `esplora` `bitcoin`, with `whale_alert` and `whale_alert_list` `ethereum` or `bitcoin`.
    #[schema(value_type = BlockchainName)]
    pub blockchain: Written<Blockchain>,
    /// Addresses by https of public hosts, with the key that your provider has put into them. Two or three of different hosts with
    /// `json_rpc` and `esplora`: an alert is created only if they agree. One with `whale_alert` and `whale_alert_list`.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 3)]
    pub endpoints: Several<EndpointUrl, ENDPOINTS_MAX>,
    /// The API key of `whale_alert` or `whale_alert_list`; other kinds have none.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 256)]
    pub api_key: Option<ApiKey>,
    /// Whether transfers of the chain's own coin are read, which takes each block with all its transactions; default true.
    #[schema(value_type = Option<bool>)]
    pub native_transfers: Option<bool>,
    /// Whether it is watched; default false.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<bool>)]
    pub enabled: bool,
}

/// What is to be changed of a source; what is left out stays. Its kind and blockchain stay: create another one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it holds addresses with keys")]
#[schema(as = UpdateWhaleSource)]
pub struct ChangedWhaleSource {
    /// Another name.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub name: Option<Label>,
    /// Other endpoints, all of them; of `whale_alert` and `whale_alert_list` with `api_key`.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 3)]
    pub endpoints: Option<Several<EndpointUrl, ENDPOINTS_MAX>>,
    /// Another API key, with `endpoints`.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 256)]
    pub api_key: Option<ApiKey>,
    /// Whether transfers of the chain's own coin are read.
    pub native_transfers: Option<bool>,
    /// Whether it is watched.
    pub enabled: Option<bool>,
}

impl WhaleSource {
    pub fn of(source: &stored::WhaleSource, watch: Option<&Watch>, requests: u64) -> Self {
        let at = |at: i64| time(Timestamp::from_millis(at));
        Self {
            id: source.id.0.to_string(),
            name: source.name.clone(),
            kind: source.kind,
            blockchain: source.chain,
            enabled: source.enabled,
            native_transfers: source.reads_native,
            hosts: source.hosts.clone(),
            health: watch.map(|watch| WhaleSourceHealth::of(watch, requests)),
            created_at: at(source.created_at),
            updated_at: at(source.updated_at),
            updated_by: source.updated_by.0.to_string(),
            version: source.version,
        }
    }
}

impl WhaleSourceHealth {
    fn of(watch: &Watch, requests: u64) -> Self {
        let whale::Counts { alerts, silent, unpriced, lost, left_out } = watch.counts;
        let fault = watch.fault.as_ref();
        Self {
            block_number: watch.cursor.as_ref().and_then(|cursor| cursor.newest()).map(|newest| newest.number),
            read_at: watch.read_at.map(time),
            fault: fault.map(|failing| failing.fault.clone()),
            failing_since: fault.map(|failing| time(failing.since)),
            failures: fault.map_or(0, |failing| failing.times),
            again_at: fault.map(|failing| time(failing.again_at)),
            alerts,
            silent,
            unpriced,
            lost,
            left_out,
            requests,
        }
    }
}
