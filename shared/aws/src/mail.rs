//! Letters by SES.
//!
//! The service makes the headers of what is named here, each a value of its own: no text can become another header.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{Letter, MailError, SendLetter};
use domain::clock::Timestamp;
use serde_json::{Value, json};

const HEADERS: [(&str, &str); 1] = [("content-type", "application/json")];
const PATH: &str = "/v2/email/outbound-emails";

/// Writes as one sender, whom SES has verified.
#[derive(Debug, Clone)]
pub struct Mailer {
    sender: String,
    signing: Signing,
}

impl Mailer {
    /// As this sender; in the function's own name.
    pub fn from_env(sender: &str) -> Self {
        Self { sender: sender.to_owned(), signing: Signing::read(|variable| std::env::var(variable).ok()) }
    }
}

impl SendLetter for Mailer {
    async fn send_letter(&self, letter: &Letter, now: Timestamp) -> Result<(), MailError> {
        let body = message(&self.sender, letter).to_string();
        let question =
            Question { service: "ses", method: "POST", path: PATH, headers: &HEADERS, body: body.as_bytes() };
        match self.signing.ask(question, now).await.map_err(|Unanswered(why)| MailError(why))? {
            (200, _) => Ok(()),
            // What was said is not repeated: it may name the address.
            (status, _) => Err(MailError(format!("SES says {status}"))),
        }
    }
}

fn message(sender: &str, letter: &Letter) -> Value {
    let text = |text: &str| json!({"Data": text, "Charset": "UTF-8"});
    let body = json!({"Text": text(&letter.text), "Html": text(&letter.html)});
    json!({
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [letter.to.as_str()]},
        "Content": {"Simple": {"Subject": text(letter.subject), "Body": body}},
    })
}
