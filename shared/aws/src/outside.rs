//! The world around a function: the address it is seen by, AWS's own clock, and how many functions may run at once.

use crate::client::Aws;
use crate::signed::{Question, Signing, Unanswered, body, connector, get};
use app::ports::{Clock, NotSeen, Surroundings};
use aws_smithy_types::date_time::{DateTime, Format};
use domain::clock::{Millis, Timestamp};
use serde::Deserialize;
use std::fmt::Display;
use std::net::IpAddr;

/// An HTTP date has no fractions: on average it is half a second behind.
const HALF_A_SECOND: Millis = Millis::new(500);
/// What the door is called that has no fixed address.
const SHARED: &str = "shared";

/// Where this function stands.
#[derive(Debug, Clone)]
pub struct Outside {
    aws: Aws,
    signing: Signing,
    version: String,
    promised: Option<String>,
    echo: Option<String>,
    /// An address of AWS that answers whoever asks, if only with a refusal.
    clock: String,
}

/// What Lambda says of its account.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    account_limit: AccountLimit,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccountLimit {
    concurrent_executions: u32,
}

impl Outside {
    /// As the environment of a function says.
    pub fn from_env(aws: Aws) -> Self {
        Self::read(aws, |variable| std::env::var(variable).ok())
    }

    /// As `lookup` says; an empty text is none.
    pub fn read(aws: Aws, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let signing = Signing::read(&lookup);
        let find = |variable| lookup(variable).filter(|text| !text.is_empty());
        Self {
            clock: signing.endpoint("dynamodb"),
            version: find("AWS_LAMBDA_FUNCTION_VERSION").unwrap_or_default(),
            promised: find("MONIQO_EGRESS").filter(|door| door != SHARED),
            echo: find("MONIQO_ADDRESS_ECHO"),
            signing,
            aws,
        }
    }
}

/// Whether this deployment stands on one machine: what AWS is there answers on it.
pub fn is_local() -> bool {
    domain::chain::is_local(std::env::var("AWS_ENDPOINT_URL").ok().as_deref())
}

impl Surroundings for Outside {
    fn region(&self) -> String {
        self.signing.region.clone()
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn promised_address(&self) -> Option<String> {
        self.promised.clone()
    }

    async fn address(&self) -> Result<Option<String>, NotSeen> {
        let Some(echo) = &self.echo else { return Ok(None) };
        let said = body(get(&connector()?, echo).await?).await?;
        let said = String::from_utf8_lossy(&said);
        let address: IpAddr = said.trim().parse().map_err(|_| NotSeen(format!("{echo} answered no address")))?;
        Ok(Some(address.to_string()))
    }

    async fn concurrency_max(&self) -> Result<u32, NotSeen> {
        let (service, path) = ("lambda", "/2016-08-19/account-settings/");
        let question = Question { service, method: "GET", path, headers: &[], body: &[] };
        let (status, said) = self.signing.ask(question, self.aws.now()).await?;
        let settings: Settings = serde_json::from_slice(&said).map_err(|_| NotSeen(format!("Lambda says {status}")))?;
        Ok(settings.account_limit.concurrent_executions)
    }

    async fn clock_ahead(&self) -> Result<Millis, NotSeen> {
        let connector = connector()?;
        // The first request opens the connection; the second one's way is short and alike in both directions.
        get(&connector, &self.clock).await?;
        let asked = self.aws.now();
        let answer = get(&connector, &self.clock).await?;
        let answered = self.aws.now();
        let date = answer.headers().get("date").ok_or_else(|| NotSeen(format!("{} tells no date", self.clock)))?;
        Ok(ahead(asked, answered, read_date(date)?))
    }
}

/// Half of the way there and back lies between our two readings.
fn ahead(asked: Timestamp, answered: Timestamp, theirs: Timestamp) -> Millis {
    let half = Millis::new(answered.since(asked).get().div_euclid(2));
    asked.plus(half).since(theirs.plus(HALF_A_SECOND))
}

fn read_date(text: &str) -> Result<Timestamp, NotSeen> {
    let date = DateTime::from_str(text, Format::HttpDate).map_err(not_seen)?;
    date.to_millis().map(Timestamp::from_millis).map_err(not_seen)
}

impl From<Unanswered> for NotSeen {
    fn from(Unanswered(why): Unanswered) -> Self {
        Self(why)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn not_seen(error: impl Display) -> NotSeen {
    NotSeen(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_compared_with_the_middle_of_the_way_and_of_the_second() {
        let at = Timestamp::from_millis;
        // Asked at 10.400, answered at 10.600: the date was read at 10.500, when it said 10.
        assert_eq!(ahead(at(10_400), at(10_600), at(10_000)), Millis::ZERO);
        assert_eq!(ahead(at(12_400), at(12_600), at(10_000)), Millis::seconds(2));
        assert_eq!(ahead(at(8_400), at(8_600), at(10_000)), Millis::seconds(-2));
    }

    #[test]
    fn an_http_date_is_read() {
        assert_eq!(read_date("Thu, 20 Nov 2025 08:51:00 GMT"), Ok(Timestamp::from_millis(1_763_628_660_000)));
        assert!(read_date("yesterday").is_err());
    }
}
