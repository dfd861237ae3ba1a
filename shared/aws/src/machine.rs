//! The state machine that has many workers play one backtest.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{SpreadBacktest, StoreError};
use domain::clock::Timestamp;
use domain::ids::BacktestId;
use serde_json::{Value, json};
use wire::backtest::Work;

const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AWSStepFunctions.StartExecution")];
/// An execution of this name was begun before, whatever became of it.
const BEGUN_ALREADY: &str = "ExecutionAlreadyExists";

/// One, by its ARN.
#[derive(Debug, Clone)]
pub struct Machine {
    arn: String,
    signing: Signing,
}

impl Machine {
    /// The machine of this ARN; started in the function's own name.
    pub fn from_env(arn: &str) -> Self {
        Self::read(arn, |variable| std::env::var(variable).ok())
    }

    fn read(arn: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { arn: arn.to_owned(), signing: Signing::read(lookup) }
    }
}

impl SpreadBacktest for Machine {
    /// An execution bears the backtest's name: begun twice is once.
    async fn spread_backtest(&self, id: &BacktestId, work: &Work, now: Timestamp) -> Result<(), StoreError> {
        let input = serde_json::to_string(work).map_err(StoreError::unreadable)?;
        let body = json!({"stateMachineArn": self.arn, "name": id.as_str(), "input": input}).to_string();
        let question =
            Question { service: "states", method: "POST", path: "/", headers: &HEADERS, body: body.as_bytes() };
        let answered = self.signing.ask(question, now).await;
        let (status, said) = answered.map_err(|Unanswered(why)| StoreError::Unavailable(why))?;
        begun(status, &said).map_err(StoreError::Unavailable)
    }
}

fn begun(status: u16, said: &[u8]) -> Result<(), String> {
    let told = serde_json::from_slice::<Value>(said).unwrap_or_default();
    let error = told.get("__type").and_then(Value::as_str).unwrap_or_default();
    // It may stand behind the name of its service.
    let error = error.rsplit('#').next().unwrap_or_default();
    match status {
        200 => Ok(()),
        400 if error == BEGUN_ALREADY => Ok(()),
        status => Err(format!("Step Functions says {status} {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{NOW, server};
    use domain::ids::UserId;
    use std::sync::mpsc;
    use wire::backtest::Step;

    #[test]
    fn what_was_begun_already_is_success_and_nothing_else_that_fails() {
        for (status, answer, expected) in [
            (200, r#"{"executionArn":"arn","startDate":1}"#, Ok(())),
            (400, r#"{"__type":"ExecutionAlreadyExists","message":"…"}"#, Ok(())),
            (400, r#"{"__type":"com.amazonaws.swf.service.v2.model#ExecutionAlreadyExists"}"#, Ok(())),
            (400, r#"{"__type":"StateMachineDoesNotExist"}"#, Err("Step Functions says 400 StateMachineDoesNotExist")),
            (500, r#"{"__type":"ExecutionAlreadyExists"}"#, Err("Step Functions says 500 ExecutionAlreadyExists")),
            (503, "", Err("Step Functions says 503 ")),
        ] {
            assert_eq!(begun(status, answer.as_bytes()), expected.map_err(str::to_owned), "{status} {answer}");
        }
    }

    #[tokio::test]
    async fn an_execution_bears_the_backtests_name_and_begins_with_its_work() {
        let id = BacktestId::at(NOW, &["one"]);
        let work = Work::new(Step::Plan, UserId::of(&["ann"]), id.clone(), String::new());
        let (asked, said) = mpsc::channel();
        let url = server(move |body| {
            asked.send(body.clone()).unwrap();
            (200, r#"{"executionArn":"arn","startDate":1}"#.to_owned())
        });
        let machine = Machine::read("arn:aws:states:eu-central-1:1:stateMachine:moniqo-backtests", move |variable| {
            Some(match variable {
                "AWS_ENDPOINT_URL" => url.clone(),
                "AWS_REGION" => "eu-central-1".to_owned(),
                _ => "test".to_owned(),
            })
        });
        // A machine that is busy may take longer than is waited for.
        while machine.spread_backtest(&id, &work, NOW).await.is_err() {}
        let asked = said.recv().unwrap();
        assert_eq!(asked["name"], id.as_str());
        assert_eq!(asked["stateMachineArn"], "arn:aws:states:eu-central-1:1:stateMachine:moniqo-backtests");
        assert_eq!(serde_json::from_str::<Work>(asked["input"].as_str().unwrap()).unwrap(), work);
    }
}
