//! The deployment's own secret, in Secrets Manager.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{Secret, StoreError};
use domain::clock::Timestamp;
use serde::Deserialize;
use serde_json::json;

const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "secretsmanager.GetSecretValue")];

/// Where the secret is. It is read anew each time: what keeps it keeps it for a while alone.
#[derive(Debug, Clone)]
pub struct DeploymentSecret {
    id: String,
    signing: Signing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    secret_string: String,
}

impl DeploymentSecret {
    /// Of this name or ARN; asked for in the function's own name.
    pub fn from_env(id: &str) -> Self {
        Self { id: id.to_owned(), signing: Signing::read(|variable| std::env::var(variable).ok()) }
    }

    /// # Errors
    /// `Unavailable` where it is not told. What was answered is never repeated.
    pub async fn read(&self, now: Timestamp) -> Result<Secret, StoreError> {
        let body = json!({"SecretId": self.id}).to_string();
        let (service, body) = ("secretsmanager", body.as_bytes());
        let question = Question { service, method: "POST", path: "/", headers: &HEADERS, body };
        let failed = |Unanswered(why)| StoreError::Unavailable(why);
        let (status, said) = self.signing.ask(question, now).await.map_err(failed)?;
        let answer: Option<Answer> = serde_json::from_slice(&said).ok();
        let told = answer.filter(|_| status == 200).map(|answer| Secret::new(answer.secret_string));
        told.ok_or_else(|| StoreError::Unavailable(format!("Secrets Manager says {status}")))
    }
}
