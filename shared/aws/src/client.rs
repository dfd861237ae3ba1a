//! The clients, made once and shared.

use crate::config::{Config, Place};
use crate::dynamo::KnownTable;
use crate::trust;
use app::ports::{Clock, StoreError};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region};
use aws_sdk_dynamodb::config::Credentials;
use domain::clock::{Millis, Timestamp};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::idempotency::Once;

/// Tables and queues. Cheap to clone; clones share connections and the counter of calls.
#[derive(Debug, Clone)]
pub struct Aws {
    db: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
    config: Arc<Config>,
    calls: Arc<AtomicU32>,
    known_table: Arc<Mutex<Option<KnownTable>>>,
    clock: fn() -> Timestamp,
    connected_at: Timestamp,
    once: Option<Arc<Once>>,
}

/// Where to ask, and with which keys; without keys, those of the environment.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it may hold keys")]
pub struct Endpoint {
    /// Of an emulator, with its scheme and port; empty for AWS itself.
    pub url: String,
    /// Part of every signature.
    pub region: String,
    /// To be used.
    pub keys: Option<Keys>,
}

/// What AWS calls credentials.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it holds a secret")]
pub struct Keys {
    /// Not secret.
    pub id: String,
    /// The secret.
    pub secret: String,
    /// Of keys that end by themselves.
    pub session: Option<String>,
}

impl Aws {
    /// Region, credentials and endpoint (`AWS_ENDPOINT_URL`) come from the environment, as the SDK documents it; the
    /// time comes from the edge.
    pub async fn connect(config: Config, clock: fn() -> Timestamp) -> Self {
        Self::begin(trust::amazon(aws_config::defaults(BehaviorVersion::latest())), config, clock).await
    }

    /// At an endpoint of one's own choice, or with keys of one's own, for tools.
    pub async fn connect_to(endpoint: Endpoint, config: Config, clock: fn() -> Timestamp) -> Self {
        let Endpoint { url, region, keys } = endpoint;
        let loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(region));
        let loader = if url.is_empty() { loader } else { loader.endpoint_url(url) };
        let loader = match keys {
            Some(Keys { id, secret, session }) => {
                loader.credentials_provider(Credentials::new(id, secret, session, None, "given"))
            }
            None => loader,
        };
        Self::begin(loader, config, clock).await
    }

    async fn begin(loader: ConfigLoader, config: Config, clock: fn() -> Timestamp) -> Self {
        let patience = config.patience();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(patience.connect)
            .operation_attempt_timeout(patience.attempt)
            .operation_timeout(patience.operation)
            .build();
        let retries = RetryConfig::standard()
            .with_max_attempts(patience.attempts)
            .with_initial_backoff(Duration::from_millis(50))
            .with_max_backoff(Duration::from_millis(200));
        let sdk = loader.timeout_config(timeouts).retry_config(retries).load().await;
        Self {
            db: aws_sdk_dynamodb::Client::new(&sdk),
            sqs: aws_sdk_sqs::Client::new(&sdk),
            config: Arc::new(config),
            calls: Arc::default(),
            known_table: Arc::default(),
            clock,
            connected_at: clock(),
            once: None,
        }
    }

    /// For one request that has a key.
    #[must_use]
    pub fn for_once(self, once: Arc<Once>) -> Self {
        Self { once: Some(once), ..self }
    }

    pub(crate) fn keyed(&self) -> Option<&Once> {
        self.once.as_deref()
    }

    /// Calls since this was last asked, for the line that an invocation logs.
    pub fn calls_taken(&self) -> u32 {
        self.calls.swap(0, Ordering::Relaxed)
    }

    /// For one call of a table.
    pub(crate) fn db(&self) -> &aws_sdk_dynamodb::Client {
        self.calls.fetch_add(1, Ordering::Relaxed);
        &self.db
    }

    /// For one call of a queue.
    pub(crate) fn sqs(&self) -> &aws_sdk_sqs::Client {
        self.calls.fetch_add(1, Ordering::Relaxed);
        &self.sqs
    }

    /// The trading table as it was last asked about.
    pub(crate) fn known_table(&self) -> Option<KnownTable> {
        self.known_table.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn know_table(&self, known: KnownTable) {
        *self.known_table.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    /// How long this process has stood, by its clock.
    pub(crate) fn stands_since(&self) -> Millis {
        self.now().since(self.connected_at)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// The name of a table or the URL of a queue.
    pub(crate) fn name(&self, place: impl Into<Place>) -> Result<&str, StoreError> {
        self.config.name(place.into()).map_err(|missing| StoreError::Unavailable(missing.to_string()))
    }
}

impl Clock for Aws {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
