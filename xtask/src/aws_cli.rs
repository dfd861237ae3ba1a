//! The endpoint a stack lives at, and the AWS command line pointed at it.

use std::fmt;
use std::net::IpAddr;
use std::process::Command;

use aws::Keys;
use serde_json::Value;

use crate::failure::{Result, While};
use crate::process::{capture, succeeds};
use crate::python::Tools;

/// Where venues answer; several of them refuse addresses in the US. Deployments go there unless another is named.
pub(crate) const LOCAL_REGION: &str = "eu-central-1";
/// Where a deployment goes that names no region: outside the United States, which Binance refuses, and the one that
/// `moniqo cost` counts with.
pub(crate) const DEPLOY_REGION: &str = "eu-west-1";
/// What the emulator takes for its root user when it evaluates IAM.
const LOCAL_KEYS: &str = "test";

const WORDS: &str = "MONIQO_AWS_WORDS";
/// The AWS command line, with the words of that variable.
const WITH_WORDS: &str = "\
import os, sys
sys.argv = ['aws'] + os.environ.pop('MONIQO_AWS_WORDS').split('\\n')
from awscli.clidriver import main
sys.exit(main())";

#[derive(Clone)]
pub(crate) struct Endpoint {
    /// Empty for AWS itself.
    pub(crate) url: String,
    pub(crate) region: String,
    /// None: those of the environment.
    keys: Option<Keys>,
}

impl fmt::Debug for Endpoint {
    /// Without its keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).field("region", &self.region).finish_non_exhaustive()
    }
}

impl Endpoint {
    /// An emulator that we started.
    pub(crate) fn ours(port: u16) -> Self {
        let keys = Keys { id: LOCAL_KEYS.into(), secret: LOCAL_KEYS.into(), session: None };
        Self { url: format!("http://127.0.0.1:{port}"), region: LOCAL_REGION.into(), keys: Some(keys) }
    }

    /// What the user points us to.
    pub(crate) fn from_environment() -> Option<Self> {
        let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let url = read("AWS_ENDPOINT_URL")?.trim_end_matches('/').to_owned();
        let region = read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION")).unwrap_or_else(|| LOCAL_REGION.into());
        Some(Self { url, region, keys: None })
    }

    /// AWS itself, or what stands for it.
    pub(crate) fn in_region(url: Option<&str>, region: &str, keys: Keys) -> Self {
        let url = url.unwrap_or_default().trim_end_matches('/').to_owned();
        Self { url, region: region.to_owned(), keys: Some(keys) }
    }

    /// Whether it is an emulator on this machine rather than AWS.
    pub(crate) fn is_local(&self) -> bool {
        let host = self.url.split("://").nth(1).unwrap_or_default();
        let host = host.split(['/', ':']).next().unwrap_or_default();
        host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The same for the SDK; elsewhere than at our own emulator its keys come from the environment.
    pub(crate) fn for_sdk(&self) -> aws::Endpoint {
        aws::Endpoint { url: self.url.clone(), region: self.region.clone(), keys: self.keys.clone() }
    }

    /// Makes a program talk to this endpoint, with the credentials that belong to it.
    pub(crate) fn apply(&self, command: &mut Command) {
        command.env("AWS_REGION", &self.region).env("AWS_DEFAULT_REGION", &self.region).env("AWS_PAGER", "");
        if self.url.is_empty() {
            command.env_remove("AWS_ENDPOINT_URL");
        } else {
            command.env("AWS_ENDPOINT_URL", &self.url);
        }
        if let Some(Keys { id, secret, session }) = &self.keys {
            command.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
            command.env_remove("AWS_SESSION_TOKEN").env_remove("AWS_PROFILE");
            command.envs(session.iter().map(|session| ("AWS_SESSION_TOKEN", session)));
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

    /// The same, for words that are secrets: other users of this machine see the arguments of a program, and not its environment.
    pub(crate) fn unseen(&self, words: &[&str]) -> Command {
        let mut command = self.tools.command("python");
        command.args(["-c", WITH_WORDS]).env(WORDS, words.join("\n"));
        self.endpoint.apply(&mut command);
        command
    }

    pub(crate) fn ask<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Result<Value> {
        let mut command = self.command(words);
        command.args(["--output", "json"]);
        if !self.endpoint.url.is_empty() {
            // Said as an argument too: for queues, this command line takes AWS's own address over the variable.
            command.args(["--endpoint-url", &self.endpoint.url]);
        }
        let answer = capture(&mut command)?;
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
        let endpoint = |url: &str| Endpoint { url: url.into(), region: "eu-central-1".into(), keys: None };
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
