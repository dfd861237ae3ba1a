//! AWS as anyone who holds keys may call it: any action of any service, and what is said to it.

use super::stack::Stack;
use super::until::until;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::SystemTime;

/// Somebody with keys.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    http: Client,
    keys: Credentials,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Caller {
    /// The stack's administrator.
    pub(crate) fn root() -> Self {
        let variable = |name| std::env::var(name).unwrap();
        let (id, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
        let keys = Credentials::new(id, secret, std::env::var("AWS_SESSION_TOKEN").ok(), None, "environment");
        Self { http: Client::new(), keys }
    }

    /// A function's role, as the function itself has it.
    pub(crate) async fn role(name: &str) -> Self {
        let arn = format!("arn:aws:iam::{}:role/{name}", account_id().await);
        let provider = AssumeRoleProvider::builder(arn).session_name("it").configure(&sdk().await).build().await;
        Self { http: Client::new(), keys: provider.provide_credentials().await.unwrap() }
    }

    /// One action, named as IAM names it: `dynamodb:GetItem`.
    pub(crate) async fn call(&self, action: &str, body: &Value) -> Said {
        let (service, operation) = action.split_once(':').unwrap();
        let (target, version) = protocol(service);
        let headers = [
            ("content-type", format!("application/x-amz-json-{version}")),
            ("x-amz-target", format!("{target}.{operation}")),
        ];
        self.send(Method::POST, service, &Stack::get().service(service), &headers, &body.to_string()).await
    }

    /// The same, where only success is worth going on. What fails inside is asked again, as any client of AWS does.
    pub(crate) async fn ask(&self, action: &str, body: &Value) -> Value {
        let said = self.answered(action, body).await;
        assert_eq!(said.status, 200, "{action}: {}", said.body);
        said.body
    }

    /// The same of what may have been taken away meanwhile: None where it has.
    pub(crate) async fn ask_what_is_there(&self, action: &str, body: &Value) -> Option<Value> {
        let said = self.answered(action, body).await;
        let is_gone = said.status == 400 && said.body["__type"] == "ResourceNotFoundException";
        assert!(is_gone || said.status == 200, "{action}: {}", said.body);
        (!is_gone).then_some(said.body)
    }

    async fn answered(&self, action: &str, body: &Value) -> Said {
        until("no failure inside", async || {
            let said = self.call(action, body).await;
            (said.status < 500).then_some(said)
        })
        .await
    }

    /// Runs a function to its end, once there is room for it.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Said {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", Stack::get().service("lambda"));
        until("room for a function to run", async || {
            let said = self.send(Method::POST, "lambda", &url, &[], &event.to_string()).await;
            (said.status != 429).then_some(said)
        })
        .await
    }

    /// What Lambda allows the whole account.
    pub(crate) async fn account_settings(&self) -> Said {
        let url = format!("{}/2016-08-19/account-settings/", Stack::get().service("lambda"));
        self.send(Method::GET, "lambda", &url, &[], "").await
    }

    /// Has a letter sent.
    pub(crate) async fn letter(&self, letter: &Value) -> Said {
        let url = format!("{}/v2/email/outbound-emails", Stack::get().service("email"));
        let headers = [("content-type", "application/json".to_owned())];
        self.send(Method::POST, "ses", &url, &headers, &letter.to_string()).await
    }

    /// Something done to an object, or to a bucket: `s3:GetObject` of `bucket/name`.
    pub(crate) async fn object(&self, action: &str, path: &str) -> Said {
        let method = match action.trim_start_matches("s3:") {
            "PutObject" => Method::PUT,
            "DeleteObject" => Method::DELETE,
            _ => Method::GET,
        };
        self.send(method, "s3", &format!("{}/{path}", Stack::get().service("s3")), &[], "").await
    }

    /// An object as it is.
    pub(crate) async fn object_bytes(&self, path: &str) -> Vec<u8> {
        let url = format!("{}/{path}", Stack::get().service("s3"));
        let (status, bytes) = self.send_for_bytes(Method::GET, "s3", &url, &[], "").await;
        assert_eq!(status, 200, "{path}");
        bytes
    }

    /// The variables that a function has in its environment.
    pub(crate) async fn variables(&self, function: &str) -> Value {
        let said = self.send(Method::GET, "lambda", &configuration(function), &[], "").await;
        assert_eq!(said.status, 200, "{}", said.body);
        said.body["Environment"]["Variables"].clone()
    }

    /// The version of a function that is called, and what its alias says about it.
    pub(crate) async fn live(&self, function: &str) -> (String, String) {
        let url = format!("{}/2015-03-31/functions/{function}/aliases/live", Stack::get().service("lambda"));
        let said = self.send(Method::GET, "lambda", &url, &[], "").await;
        assert_eq!(said.status, 200, "{}", said.body);
        let word = |name: &str| said.body[name].as_str().unwrap_or_default().to_owned();
        (word("FunctionVersion"), word("Description"))
    }

    /// Gives a function these variables and no others.
    pub(crate) async fn set_variables(&self, function: &str, variables: &Value) {
        let environment = json!({"Environment": {"Variables": variables}}).to_string();
        let said = self.send(Method::PUT, "lambda", &configuration(function), &[], &environment).await;
        assert_eq!(said.status, 200, "{}", said.body);
    }

    async fn send(
        &self,
        method: Method,
        service: &str,
        url: &str,
        headers: &[(&'static str, String)],
        body: &str,
    ) -> Said {
        let (status, bytes) = self.send_for_bytes(method, service, url, headers, body).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Said { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    async fn send_for_bytes(
        &self,
        method: Method,
        service: &str,
        url: &str,
        headers: &[(&'static str, String)],
        body: &str,
    ) -> (u16, Vec<u8>) {
        let request = self.http.request(method.clone(), url);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        let request = self.signed(request, &method, service, url, headers, body);
        let response = request.body(body.to_owned()).send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
    }

    fn signed(
        &self,
        request: RequestBuilder,
        method: &Method,
        service: &str,
        url: &str,
        headers: &[(&'static str, String)],
        body: &str,
    ) -> RequestBuilder {
        let (identity, region) = (self.keys.clone().into(), &Stack::get().region);
        let mut settings = SigningSettings::default();
        if service == "s3" {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            settings.percent_encoding_mode = PercentEncodingMode::Single;
        }
        #[allow(clippy::disallowed_methods, reason = "a signature is made at a time")]
        let now = SystemTime::now();
        let params = SigningParams::builder().identity(&identity).region(region).name(service).time(now);
        let params = params.settings(settings).build().unwrap().into();
        let headers = headers.iter().map(|(name, value)| (*name, value.as_str()));
        let signable =
            SignableRequest::new(method.as_str(), url, headers, SignableBody::Bytes(body.as_bytes())).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        instructions.headers().fold(request, |request, (name, value)| request.header(name, value))
    }
}

impl Said {
    /// The service's word for what went wrong, without its namespace.
    pub(crate) fn error(&self) -> Option<&str> {
        let word = self.body["__type"].as_str().or_else(|| self.body["code"].as_str());
        word.filter(|_| self.status >= 400).map(|word| word.rsplit('#').next().unwrap())
    }

    /// Whether it was refused for want of a right, and for nothing else.
    pub(crate) fn is_denied(&self) -> bool {
        self.error().is_some_and(|error| error.contains("AccessDenied")) || self.status == 403
    }
}

/// The target's prefix and the version of JSON.
fn protocol(service: &str) -> (&'static str, &'static str) {
    match service {
        "dynamodb" => ("DynamoDB_20120810", "1.0"),
        "sqs" => ("AmazonSQS", "1.0"),
        "kms" => ("TrentService", "1.1"),
        "logs" => ("Logs_20140328", "1.1"),
        "events" => ("AWSEvents", "1.1"),
        "secretsmanager" => ("secretsmanager", "1.1"),
        "states" => ("AWSStepFunctions", "1.0"),
        other => panic!("{other} does not speak JSON"),
    }
}

fn configuration(function: &str) -> String {
    format!("{}/2015-03-31/functions/{function}/configuration", Stack::get().service("lambda"))
}

/// Whose account the stack stands in, as its tables' addresses say it.
async fn account_id() -> String {
    let table = json!({"TableName": Stack::get().name("TradingTable")});
    let told = Caller::root().ask("dynamodb:DescribeTable", &table).await;
    told["Table"]["TableArn"].as_str().unwrap().split(':').nth(4).unwrap().to_owned()
}

async fn sdk() -> SdkConfig {
    let Stack { endpoint, region, .. } = Stack::get();
    let loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(region.clone()));
    let loader = if endpoint.is_empty() { loader } else { loader.endpoint_url(endpoint) };
    loader.load().await
}
