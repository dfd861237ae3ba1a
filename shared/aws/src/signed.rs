//! Plain requests in a function's own name, by the client that the SDK brings along: one question does not bring in the
//! SDK of another service.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use domain::clock::Timestamp;
use std::fmt::Display;
use std::time::{Duration, UNIX_EPOCH};

const PATIENCE: Duration = Duration::from_secs(2);

/// Why nothing was answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unanswered(pub(crate) String);

/// Where AWS is asked, and in whose name; as the environment of a function says.
#[derive(Debug, Clone)]
pub(crate) struct Signing {
    pub(crate) region: String,
    endpoint: Option<String>,
    keys: Option<Credentials>,
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) service: &'a str,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a [(&'static str, &'static str)],
    pub(crate) body: &'a [u8],
}

impl Signing {
    /// As `lookup` says; an empty text is none.
    pub(crate) fn read(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let find = |variable: &str| lookup(variable).filter(|text| !text.is_empty());
        let keys = find("AWS_ACCESS_KEY_ID").zip(find("AWS_SECRET_ACCESS_KEY"));
        let session = find("AWS_SESSION_TOKEN");
        Self {
            region: find("AWS_REGION").unwrap_or_default(),
            endpoint: find("AWS_ENDPOINT_URL"),
            keys: keys.map(|(id, secret)| Credentials::new(id, secret, session, None, "environment")),
        }
    }

    pub(crate) fn endpoint(&self, service: &str) -> String {
        // Mail is signed for under another name than it is found by.
        let host = if service == "ses" { "email" } else { service };
        let of_aws = || format!("https://{host}.{}.amazonaws.com", self.region);
        self.endpoint.clone().unwrap_or_else(of_aws)
    }

    /// The status and the body.
    pub(crate) async fn ask(&self, question: Question<'_>, now: Timestamp) -> Result<(u16, Vec<u8>), Unanswered> {
        self.ask_within(question, now, PATIENCE).await
    }

    /// The same of whoever takes longer.
    pub(crate) async fn ask_within(
        &self,
        question: Question<'_>,
        now: Timestamp,
        patience: Duration,
    ) -> Result<(u16, Vec<u8>), Unanswered> {
        let answer = send(&connector()?, self.signed(question, now)?, patience).await?;
        Ok((answer.status().as_u16(), body(answer).await?))
    }

    /// A URL that lets whoever has it read this, and nothing else, for so long.
    pub(crate) fn link(
        &self,
        service: &str,
        path: &str,
        lasts: Duration,
        now: Timestamp,
    ) -> Result<String, Unanswered> {
        let keys = self.keys.clone().ok_or_else(|| Unanswered("there are no keys to sign with".to_owned()))?;
        let url = format!("{}{path}", self.endpoint(service).trim_end_matches('/'));
        let (identity, now) = (keys.into(), Duration::from_millis(now.millis().unsigned_abs()));
        let mut settings = settings(service);
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(lasts);
        let params = SigningParams::builder().identity(&identity).region(&self.region).name(service);
        let params = params.time(UNIX_EPOCH + now).settings(settings).build().map_err(unanswered)?;
        let signable = SignableRequest::new("GET", &url, std::iter::empty(), SignableBody::UnsignedPayload);
        let (instructions, _) = sign(signable.map_err(unanswered)?, &params.into()).map_err(unanswered)?.into_parts();
        let pairs: Vec<_> =
            instructions.params().iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        Ok(format!("{url}?{}", pairs.join("&")))
    }

    fn signed(&self, question: Question<'_>, now: Timestamp) -> Result<HttpRequest, Unanswered> {
        let Question { service, method, path, headers, body } = question;
        let keys = self.keys.clone().ok_or_else(|| Unanswered("there are no keys to ask with".to_owned()))?;
        let url = format!("{}{path}", self.endpoint(service).trim_end_matches('/'));
        let (identity, now) = (keys.into(), Duration::from_millis(now.millis().unsigned_abs()));
        let params = SigningParams::builder().identity(&identity).region(&self.region).name(service);
        let params = params.time(UNIX_EPOCH + now).settings(settings(service)).build().map_err(unanswered)?;
        let signable = SignableRequest::new(method, &url, headers.iter().copied(), SignableBody::Bytes(body));
        let (instructions, _) = sign(signable.map_err(unanswered)?, &params.into()).map_err(unanswered)?.into_parts();
        let mut request = HttpRequest::new(SdkBody::from(body.to_vec()));
        request.set_method(method).map_err(unanswered)?;
        request.set_uri(url).map_err(unanswered)?;
        for (name, value) in headers.iter().copied() {
            request.headers_mut().insert(name, value);
        }
        for (name, value) in instructions.headers() {
            request.headers_mut().insert(name.to_owned(), value.to_owned());
        }
        Ok(request)
    }
}

pub(crate) async fn get(connector: &SharedHttpConnector, url: &str) -> Result<HttpResponse, Unanswered> {
    send(connector, HttpRequest::get(url).map_err(unanswered)?, PATIENCE).await
}

pub(crate) async fn body(answer: HttpResponse) -> Result<Vec<u8>, Unanswered> {
    let said = ByteStream::new(answer.into_body()).collect().await.map_err(unanswered)?;
    Ok(said.to_vec())
}

pub(crate) fn connector() -> Result<SharedHttpConnector, Unanswered> {
    let settings = HttpConnectorSettings::builder().build();
    default_connector(&settings, None).ok_or_else(|| Unanswered("this build has no HTTPS client".to_owned()))
}

async fn send(
    connector: &SharedHttpConnector,
    request: HttpRequest,
    patience: Duration,
) -> Result<HttpResponse, Unanswered> {
    let url = request.uri().to_owned();
    match tokio::time::timeout(patience, connector.call(request)).await {
        Ok(answer) => answer.map_err(|error| Unanswered(format!("{url} cannot be reached: {error}"))),
        Err(_) => Err(Unanswered(format!("{url} did not answer within {} s", patience.as_secs()))),
    }
}

/// As a part of a query.
fn percent(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Objects are signed for with their content's hash, and their paths as they are.
fn settings(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    settings
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unanswered(error: impl Display) -> Unanswered {
    Unanswered(error.to_string())
}
