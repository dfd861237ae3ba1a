//! Runs of a function that nobody waits for.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{BeginBacktest, StartAssessment, StartIngest, StartWhaleWatch, StoreError};
use domain::clock::Timestamp;
use serde::Serialize;
use wire::assess::Assess;
use wire::backtest::Work;
use wire::ingest::Ingest;
use wire::whale::WatchWhales;

const HEADERS: [(&str, &str); 2] = [("content-type", "application/json"), ("x-amz-invocation-type", "Event")];
/// Lambda keeps the event and runs the function by itself.
const TAKEN: u16 = 202;

/// A function, by the alias that everybody calls.
#[derive(Debug, Clone)]
pub struct Later {
    path: String,
    signing: Signing,
}

impl Later {
    /// The function of this name; asked in the caller's own name.
    pub fn from_env(function: &str) -> Self {
        let path = format!("/2015-03-31/functions/{function}/invocations?Qualifier=live");
        Self { path, signing: Signing::read(|variable| std::env::var(variable).ok()) }
    }

    /// The same of an event with a shape.
    ///
    /// # Errors
    /// `Unavailable` where it was not taken.
    pub async fn begin_with<T: Serialize>(&self, event: &T, now: Timestamp) -> Result<(), StoreError> {
        let event = serde_json::to_string(event).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.begin(&event, now).await
    }

    /// # Errors
    /// `Unavailable` where it was not taken.
    pub async fn begin(&self, event: &str, now: Timestamp) -> Result<(), StoreError> {
        let (service, body) = ("lambda", event.as_bytes());
        let question = Question { service, method: "POST", path: &self.path, headers: &HEADERS, body };
        let failed = |Unanswered(why)| StoreError::Unavailable(why);
        match self.signing.ask(question, now).await.map_err(failed)? {
            (TAKEN, _) => Ok(()),
            (status, _) => Err(StoreError::Unavailable(format!("Lambda says {status}"))),
        }
    }
}

impl StartIngest for Later {
    async fn start_ingest(&self, work: &Ingest, now: Timestamp) -> Result<(), StoreError> {
        self.begin_with(work, now).await
    }
}

impl StartAssessment for Later {
    async fn start_assessment(&self, work: &Assess, now: Timestamp) -> Result<(), StoreError> {
        self.begin_with(work, now).await
    }
}

impl StartWhaleWatch for Later {
    async fn start_whale_watch(&self, work: &WatchWhales, now: Timestamp) -> Result<(), StoreError> {
        self.begin_with(work, now).await
    }
}

impl BeginBacktest for Later {
    async fn begin_backtest(&self, work: &Work, now: Timestamp) -> Result<(), StoreError> {
        self.begin_with(work, now).await
    }
}
