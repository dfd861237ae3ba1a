//! The product as a program outside sees it: two URLs and two tokens.

use std::time::Duration;

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use crate::failure::{Result, While};
use crate::seed::Seeded;
use crate::stack::Stack;

const TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(super) struct Api {
    client: Client,
    base: String,
    webhook: String,
    token: String,
}

/// What was answered: status and JSON.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Api {
    pub(super) fn new(stack: &Stack, seeded: &Seeded) -> Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).build().while_doing("making an HTTP client")?;
        let webhook = format!("{}/api/webhook/{}/{}", stack.api_url, seeded.user_id, seeded.webhook_token);
        Ok(Self { client, base: format!("{}/api/v1", stack.api_url), webhook, token: seeded.token.clone() })
    }

    /// With another token, and its own webhook.
    pub(super) fn with(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// At the path that a new token was answered with.
    pub(super) fn with_webhook(&self, path: &str) -> Self {
        Self { webhook: format!("{}{path}", self.base.trim_end_matches("/api/v1")), ..self.clone() }
    }

    pub(super) fn alert(&self, body: impl Into<String>) -> Result<Answer> {
        let sent = self.client.post(&self.webhook).body(body.into()).send();
        answer(sent.while_doing("posting an alert")?)
    }

    pub(super) fn get(&self, path: &str) -> Result<Answer> {
        let sent = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send();
        answer(sent.while_doing("reading from the API")?)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        let sent = self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.token).json(body).send();
        answer(sent.while_doing("asking the API")?)
    }

    pub(super) fn put(&self, path: &str, body: &Value) -> Result<Answer> {
        let sent = self.client.put(format!("{}{path}", self.base)).bearer_auth(&self.token).json(body).send();
        answer(sent.while_doing("asking the API")?)
    }

    pub(super) fn patch(&self, path: &str, body: &Value) -> Result<Answer> {
        let sent = self.client.patch(format!("{}{path}", self.base)).bearer_auth(&self.token).json(body).send();
        answer(sent.while_doing("asking the API")?)
    }

    pub(super) fn delete(&self, path: &str) -> Result<Answer> {
        let sent = self.client.delete(format!("{}{path}", self.base)).bearer_auth(&self.token).send();
        answer(sent.while_doing("asking the API")?)
    }

    /// The verdict of a delivery, once there is one.
    pub(super) fn verdict(&self, delivery: &str) -> Result<Option<Value>> {
        let found = self.deliveries()?.into_iter().find(|item| item["id"] == delivery);
        Ok(found.map(|item| item["verdict"].clone()).filter(|verdict| !verdict.is_null()))
    }

    pub(super) fn group(&self, id: &str) -> Result<Value> {
        Ok(self.get(&format!("/position-groups/{id}"))?.body)
    }

    /// The newest, with their bodies.
    pub(super) fn deliveries(&self) -> Result<Vec<Value>> {
        self.items("/deliveries?limit=200")
    }

    /// Position groups that are not over.
    pub(super) fn open_groups(&self) -> Result<Vec<Value>> {
        let groups = self.items("/position-groups?limit=200")?;
        let is_open = |group: &Value| !matches!(group["status"].as_str(), Some("closed" | "failed"));
        Ok(groups.into_iter().filter(is_open).collect())
    }

    fn items(&self, path: &str) -> Result<Vec<Value>> {
        Ok(self.get(path)?.body["items"].as_array().cloned().unwrap_or_default())
    }
}

fn answer(response: Response) -> Result<Answer> {
    let status = response.status().as_u16();
    let text = response.text().while_doing("reading an answer")?;
    Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or_else(|_| json!(text)) })
}
