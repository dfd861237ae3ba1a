//! The world around a function: the address it is seen by, AWS's own clock, and how many functions may run at once. Plain
//! requests, by the client that the SDK brings along; one question does not bring in the SDK of another service.

use crate::client::Aws;
use app::ports::{Clock, NotSeen, Surroundings};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::date_time::{DateTime, Format};
use domain::clock::{Millis, Timestamp};
use serde::Deserialize;
use std::fmt::Display;
use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};

const PATIENCE: Duration = Duration::from_secs(2);
/// An HTTP date has no fractions: on average it is half a second behind.
const HALF_A_SECOND: Millis = Millis::new(500);
/// What the door is called that has no fixed address.
const SHARED: &str = "shared";

/// Where this function stands.
#[derive(Debug, Clone)]
pub struct Outside {
    aws: Aws,
    region: String,
    version: String,
    promised: Option<String>,
    echo: Option<String>,
    /// An address of AWS that answers whoever asks, if only with a refusal.
    clock: String,
    /// Lambda's own interface.
    lambda: String,
    keys: Option<Credentials>,
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
        let find = |variable| lookup(variable).filter(|text| !text.is_empty());
        let region = find("AWS_REGION").unwrap_or_default();
        let of_aws = |service| format!("https://{service}.{region}.amazonaws.com");
        let endpoint = |service| find("AWS_ENDPOINT_URL").unwrap_or_else(|| of_aws(service));
        let keys = find("AWS_ACCESS_KEY_ID").zip(find("AWS_SECRET_ACCESS_KEY"));
        let session = find("AWS_SESSION_TOKEN");
        Self {
            clock: endpoint("dynamodb"),
            lambda: endpoint("lambda"),
            keys: keys.map(|(id, secret)| Credentials::new(id, secret, session, None, "environment")),
            version: find("AWS_LAMBDA_FUNCTION_VERSION").unwrap_or_default(),
            promised: find("MONIQO_EGRESS").filter(|door| door != SHARED),
            echo: find("MONIQO_ADDRESS_ECHO"),
            region,
            aws,
        }
    }
}

impl Surroundings for Outside {
    fn region(&self) -> String {
        self.region.clone()
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn promised_address(&self) -> Option<String> {
        self.promised.clone()
    }

    async fn address(&self) -> Result<Option<String>, NotSeen> {
        let Some(echo) = &self.echo else { return Ok(None) };
        let said = read(ask(&connector()?, echo).await?).await?;
        let said = String::from_utf8_lossy(&said);
        let address: IpAddr = said.trim().parse().map_err(|_| NotSeen(format!("{echo} answered no address")))?;
        Ok(Some(address.to_string()))
    }

    async fn concurrency_max(&self) -> Result<u32, NotSeen> {
        let url = format!("{}/2016-08-19/account-settings/", self.lambda.trim_end_matches('/'));
        let answer = send(&connector()?, self.signed(&url, "lambda")?).await?;
        let status = answer.status().as_u16();
        let said = read(answer).await?;
        let settings: Settings = serde_json::from_slice(&said).map_err(|_| NotSeen(format!("Lambda says {status}")))?;
        Ok(settings.account_limit.concurrent_executions)
    }

    async fn clock_ahead(&self) -> Result<Millis, NotSeen> {
        let connector = connector()?;
        // The first request opens the connection; the second one's way is short and alike in both directions.
        ask(&connector, &self.clock).await?;
        let asked = self.aws.now();
        let answer = ask(&connector, &self.clock).await?;
        let answered = self.aws.now();
        let date = answer.headers().get("date").ok_or_else(|| NotSeen(format!("{} tells no date", self.clock)))?;
        Ok(ahead(asked, answered, read_date(date)?))
    }
}

impl Outside {
    /// A question in this function's own name.
    fn signed(&self, url: &str, service: &str) -> Result<HttpRequest, NotSeen> {
        let keys = self.keys.clone().ok_or_else(|| NotSeen("there are no keys to ask with".to_owned()))?;
        let (identity, now) = (keys.into(), Duration::from_millis(self.aws.now().millis().unsigned_abs()));
        let params = SigningParams::builder().identity(&identity).region(&self.region).name(service);
        let params = params.time(UNIX_EPOCH + now).settings(SigningSettings::default()).build().map_err(not_seen)?;
        let nothing = SignableBody::Bytes(&[]);
        let signable = SignableRequest::new("GET", url, std::iter::empty(), nothing).map_err(not_seen)?;
        let (instructions, _) = sign(signable, &params.into()).map_err(not_seen)?.into_parts();
        let mut request = HttpRequest::get(url).map_err(not_seen)?;
        for (name, value) in instructions.headers() {
            request.headers_mut().insert(name.to_owned(), value.to_owned());
        }
        Ok(request)
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

async fn ask(connector: &SharedHttpConnector, url: &str) -> Result<HttpResponse, NotSeen> {
    send(connector, HttpRequest::get(url).map_err(not_seen)?).await
}

async fn read(answer: HttpResponse) -> Result<Vec<u8>, NotSeen> {
    let said = ByteStream::new(answer.into_body()).collect().await.map_err(not_seen)?;
    Ok(said.to_vec())
}

async fn send(connector: &SharedHttpConnector, request: HttpRequest) -> Result<HttpResponse, NotSeen> {
    let url = request.uri().to_owned();
    match tokio::time::timeout(PATIENCE, connector.call(request)).await {
        Ok(answer) => answer.map_err(|error| NotSeen(format!("{url} cannot be reached: {error}"))),
        Err(_) => Err(NotSeen(format!("{url} did not answer within {} s", PATIENCE.as_secs()))),
    }
}

fn connector() -> Result<SharedHttpConnector, NotSeen> {
    let settings = HttpConnectorSettings::builder().build();
    default_connector(&settings, None).ok_or_else(|| NotSeen("this build has no HTTPS client".to_owned()))
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
