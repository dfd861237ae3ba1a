//! Events on the bus.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{PublishWhaleAlert, StoreError, TellCandle};
use domain::clock::Timestamp;
use serde_json::{Value, json};
use wire::candle::{CANDLE_CLOSED, CandleClosed, SOURCE};
use wire::whale::WhaleEventDetail;

const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "AWSEvents.PutEvents")];

/// The deployment's own bus.
#[derive(Debug, Clone)]
pub struct Bus {
    name: String,
    signing: Signing,
}

impl Bus {
    /// The bus of this name; written to in the function's own name.
    pub fn from_env(name: &str) -> Self {
        Self::read(name, |variable| std::env::var(variable).ok())
    }

    fn read(name: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { name: name.to_owned(), signing: Signing::read(lookup) }
    }

    async fn put(&self, kind: &str, detail: &str, now: Timestamp) -> Result<(), StoreError> {
        let away = StoreError::Unavailable;
        let entry = json!({"EventBusName": self.name, "Source": SOURCE, "DetailType": kind, "Detail": detail});
        let body = json!({"Entries": [entry]}).to_string();
        let question =
            Question { service: "events", method: "POST", path: "/", headers: &HEADERS, body: body.as_bytes() };
        let (status, said) = self.signing.ask(question, now).await.map_err(|Unanswered(why)| away(why))?;
        taken(status, &said).map_err(away)
    }
}

/// An entry that was not taken is told in an answer that is good.
fn taken(status: u16, said: &[u8]) -> Result<(), String> {
    let failed = serde_json::from_slice::<Value>(said).ok().and_then(|said| said.get("FailedEntryCount")?.as_u64());
    match (status, failed) {
        (200, Some(0)) => Ok(()),
        (200, _) => Err("EventBridge has not taken the event".to_owned()),
        (status, _) => Err(format!("EventBridge says {status}")),
    }
}

impl TellCandle for Bus {
    async fn tell_candle(&self, closed: &CandleClosed, now: Timestamp) -> Result<(), StoreError> {
        let detail = serde_json::to_string(closed).map_err(StoreError::unreadable)?;
        self.put(CANDLE_CLOSED, &detail, now).await
    }
}

impl PublishWhaleAlert for Bus {
    async fn publish_whale_alert(&self, event: &WhaleEventDetail, now: Timestamp) -> Result<(), StoreError> {
        let detail = serde_json::to_string(event).map_err(StoreError::unreadable)?;
        self.put(&event.kind, &detail, now).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{NOW, server};
    use domain::market::{Interval, MarketKey};
    use domain::series::Series;
    use std::sync::mpsc;

    #[test]
    fn an_event_that_was_not_taken_is_no_success() {
        for (status, answer, expected) in [
            (200, r#"{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}"#, true),
            (200, r#"{"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure"}]}"#, false),
            (200, "", false),
            (500, r#"{"FailedEntryCount":0}"#, false),
        ] {
            assert_eq!(taken(status, answer.as_bytes()).is_ok(), expected, "{status} {answer}");
        }
    }

    #[tokio::test]
    async fn a_closed_candle_is_put_on_the_bus_of_the_deployment() {
        let market = MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
        let series = Series { market, interval: Interval::OneMinute };
        let closed = CandleClosed::new(&series, NOW, "trace".to_owned(), NOW);
        let (asked, said) = mpsc::channel();
        let url = server(move |body| {
            asked.send(body.clone()).unwrap();
            (200, r#"{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}"#.to_owned())
        });
        let bus = Bus::read("moniqo", move |variable| match variable {
            "AWS_ENDPOINT_URL" => Some(url.clone()),
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            _ => Some("test".to_owned()),
        });
        // A machine that is busy may take longer than the bus is waited for.
        while bus.tell_candle(&closed, NOW).await.is_err() {}
        let entry = said.recv().unwrap()["Entries"][0].clone();
        assert_eq!(entry["EventBusName"], "moniqo");
        assert_eq!(entry["DetailType"], CANDLE_CLOSED);
        assert_eq!(serde_json::from_str::<CandleClosed>(entry["Detail"].as_str().unwrap()).unwrap(), closed);
    }
}
