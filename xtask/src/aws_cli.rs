//! The endpoint a stack lives at, and the AWS command line pointed at it.

use std::net::IpAddr;
use std::process::Command;

use serde_json::Value;

use crate::failure::{Result, While};
use crate::process::{capture, succeeds};
use crate::python::Tools;

/// Where venues answer; several of them refuse addresses in the US.
pub(crate) const LOCAL_REGION: &str = "eu-central-1";
/// What the emulator takes for its root user when it evaluates IAM.
const LOCAL_KEYS: &str = "test";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) region: String,
    is_ours: bool,
}

impl Endpoint {
    /// An emulator that we started.
    pub(crate) fn ours(port: u16) -> Self {
        Self { url: format!("http://127.0.0.1:{port}"), region: LOCAL_REGION.into(), is_ours: true }
    }

    /// What the user points us to.
    pub(crate) fn from_environment() -> Option<Self> {
        let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let url = read("AWS_ENDPOINT_URL")?.trim_end_matches('/').to_owned();
        let region = read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION")).unwrap_or_else(|| LOCAL_REGION.into());
        Some(Self { url, region, is_ours: false })
    }

    /// Whether it is an emulator on this machine rather than AWS.
    pub(crate) fn is_local(&self) -> bool {
        let host = self.url.split("://").nth(1).unwrap_or_default();
        let host = host.split(['/', ':']).next().unwrap_or_default();
        host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The same for the SDK; elsewhere than at our own emulator its keys come from the environment.
    pub(crate) fn for_sdk(&self) -> aws::Endpoint {
        let keys = self.is_ours.then(|| (LOCAL_KEYS.to_owned(), LOCAL_KEYS.to_owned()));
        aws::Endpoint { url: self.url.clone(), region: self.region.clone(), keys }
    }

    /// Makes a program talk to this endpoint, with the credentials that belong to it.
    pub(crate) fn apply(&self, command: &mut Command) {
        command.env("AWS_ENDPOINT_URL", &self.url).env("AWS_REGION", &self.region);
        command.env("AWS_DEFAULT_REGION", &self.region).env("AWS_PAGER", "");
        if self.is_ours {
            command.env("AWS_ACCESS_KEY_ID", LOCAL_KEYS).env("AWS_SECRET_ACCESS_KEY", LOCAL_KEYS);
            command.env_remove("AWS_SESSION_TOKEN").env_remove("AWS_PROFILE");
            command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        }
    }
}

#[derive(Debug)]
pub(crate) struct Aws<'a> {
    pub(crate) tools: &'a Tools,
    pub(crate) endpoint: &'a Endpoint,
}

impl Aws<'_> {
    pub(crate) fn command<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Command {
        let mut command = self.tools.command("aws");
        command.args(words);
        self.endpoint.apply(&mut command);
        command
    }

    pub(crate) fn ask<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Result<Value> {
        // Said as an argument too: for queues, this command line takes AWS's own address over the variable.
        let answer = capture(self.command(words).args(["--output", "json", "--endpoint-url", &self.endpoint.url]))?;
        serde_json::from_str(if answer.trim().is_empty() { "null" } else { &answer })
            .while_doing("reading the answer of the AWS command line")
    }

    pub(crate) fn succeeds<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> bool {
        succeeds(&mut self.command(words))
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn only_this_machine_is_local() {
        let endpoint = |url: &str| Endpoint { url: url.into(), region: "eu-central-1".into(), is_ours: false };
        for local in ["http://127.0.0.1:4566", "http://localhost:4566/", "http://s3.localhost:4566", "http://127.0.0.2"]
        {
            assert!(endpoint(local).is_local(), "{local}");
        }
        for far in
            ["https://dynamodb.eu-central-1.amazonaws.com", "http://localhost.example.org", "http://10.0.0.1:4566", ""]
        {
            assert!(!endpoint(far).is_local(), "{far}");
        }
    }
}
