//! Functions, asked and waited for.

use crate::client::Endpoint;
use crate::signed::{Question, Signing, Unanswered};
use app::ports::StoreError;
use domain::clock::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

const HEADERS: [(&str, &str); 1] = [("content-type", "application/json")];

/// One, by the alias that everybody calls.
#[derive(Debug, Clone)]
pub struct Function {
    path: String,
    signing: Signing,
}

impl Function {
    /// Of this name; asked in the caller's own name, as the environment of a function says it.
    pub fn from_env(name: &str) -> Self {
        Self::read(name, |variable| std::env::var(variable).ok())
    }

    /// Of this name, there; for tools.
    pub fn at(endpoint: &Endpoint, name: &str) -> Self {
        let keys = endpoint.keys.as_ref();
        Self::read(name, |variable| match (variable, keys) {
            ("AWS_REGION", _) => Some(endpoint.region.clone()),
            ("AWS_ENDPOINT_URL", _) => Some(endpoint.url.clone()),
            ("AWS_ACCESS_KEY_ID", Some(keys)) => Some(keys.id.clone()),
            ("AWS_SECRET_ACCESS_KEY", Some(keys)) => Some(keys.secret.clone()),
            ("AWS_SESSION_TOKEN", Some(keys)) => keys.session.clone(),
            _ => std::env::var(variable).ok(),
        })
    }

    fn read(name: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let path = format!("/2015-03-31/functions/{name}/invocations?Qualifier=live");
        Self { path, signing: Signing::read(lookup) }
    }

    /// # Errors
    /// `Unavailable` where it was not answered within that time, or by what is no answer: what a function says of a
    /// failure of its own is none.
    pub async fn ask<Q: Serialize + Sync, A: DeserializeOwned>(
        &self,
        question: &Q,
        patience: Duration,
        now: Timestamp,
    ) -> Result<A, StoreError> {
        let away = |why: String| StoreError::Unavailable(why);
        let body = serde_json::to_vec(question).map_err(|error| away(error.to_string()))?;
        let question = Question { service: "lambda", method: "POST", path: &self.path, headers: &HEADERS, body: &body };
        let answered = self.signing.ask_within(question, now, patience).await;
        match answered.map_err(|Unanswered(why)| away(why))? {
            (200, said) => serde_json::from_slice(&said).map_err(|_| away("the function failed".to_owned())),
            (status, _) => Err(away(format!("Lambda says {status}"))),
        }
    }
}
