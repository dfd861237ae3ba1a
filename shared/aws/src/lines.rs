//! The lines that functions have left, by `FilterLogEvents`: it costs nothing by the request, and a few in a second are
//! answered.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{LinesPage, ReadLines, StoreError, Window};
use domain::clock::Timestamp;
use domain::limits::LOG_TIMEOUT;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "Logs_20140328.FilterLogEvents")];
const PATIENCE: Duration = Duration::from_millis(LOG_TIMEOUT.get().unsigned_abs());
/// Before it is asked again after a refusal of too many questions; each time twice as long.
const PAUSE: Duration = Duration::from_millis(200);
const THROTTLED: &str = "ThrottlingException";
const LINES_PER_PAGE: u32 = 10_000;
/// What CloudWatch calls a log that nobody has written to.
const NONE_THERE: &str = "ResourceNotFoundException";

/// Logs of one deployment's functions.
#[derive(Debug, Clone)]
pub struct Lines {
    deployment: String,
    signing: Signing,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    #[serde(default)]
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Event {
    message: String,
}

impl Lines {
    /// Asked in the function's own name.
    pub fn from_env(deployment: &str) -> Self {
        Self::read(deployment, |variable| std::env::var(variable).ok())
    }

    fn read(deployment: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { deployment: deployment.to_owned(), signing: Signing::read(lookup) }
    }

    async fn ask(&self, body: &[u8], now: Timestamp) -> Result<(u16, Vec<u8>), StoreError> {
        let question = Question { service: "logs", method: "POST", path: "/", headers: &HEADERS, body };
        let mut pause = PAUSE;
        loop {
            let answered = self.signing.ask_within(question, now, PATIENCE).await;
            let (status, said) = answered.map_err(|Unanswered(why)| StoreError::Unavailable(why))?;
            if status == 200 || !String::from_utf8_lossy(&said).contains(THROTTLED) {
                return Ok((status, said));
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2);
        }
    }
}

impl ReadLines for Lines {
    async fn read_lines(
        &self,
        function: &str,
        window: Window,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<LinesPage, StoreError> {
        let away = |why: String| StoreError::Unavailable(why);
        let group = format!("/aws/lambda/{}-{function}", self.deployment);
        let (from, to) = (window.from.millis(), window.to.millis());
        let mut asked = json!({"logGroupName": group, "startTime": from, "endTime": to, "limit": LINES_PER_PAGE});
        if let (Some(after), Some(asked)) = (after, asked.as_object_mut()) {
            asked.insert("nextToken".to_owned(), after.into());
        }
        let answered = tokio::time::timeout(PATIENCE, self.ask(asked.to_string().as_bytes(), now)).await;
        match answered.map_err(|_| away("CloudWatch did not answer in time".to_owned()))?? {
            (200, said) => {
                let found: Found = serde_json::from_slice(&said)
                    .map_err(|error| away(format!("CloudWatch says what nobody understands: {error}")))?;
                let lines = found.events.into_iter().map(|event| event.message).collect();
                Ok(LinesPage { lines, next: found.next_token })
            }
            (_, said) if String::from_utf8_lossy(&said).contains(NONE_THERE) => Ok(LinesPage::default()),
            (status, _) => Err(away(format!("CloudWatch says {status}"))),
        }
    }
}

#[cfg(test)]
mod tests;
