//! Addresses of services outside that the owner of the deployment names.

use crate::wallet::HttpsUrl;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// An address that is asked about a chain. It may hold a provider's key: only its host is ever shown.
#[derive(Clone, PartialEq, Eq)]
pub struct EndpointUrl {
    url: String,
    /// Of this machine, and without TLS.
    is_loopback: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a public https:// address of at most 300 characters, without a user, a password or a private host")]
pub struct BadEndpointUrl;

impl EndpointUrl {
    /// As it is asked, and in no other place.
    pub fn expose(&self) -> &str {
        &self.url
    }

    /// Whether it is of this machine: never anywhere but on a local stack.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Its host, with its port where it names one.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

impl FromStr for EndpointUrl {
    type Err = BadEndpointUrl;

    fn from_str(text: &str) -> Result<Self, BadEndpointUrl> {
        let url = text.to_owned();
        if is_loopback(text) {
            return Ok(Self { url, is_loopback: true });
        }
        text.parse::<HttpsUrl>().map(|_| Self { url, is_loopback: false }).map_err(|_| BadEndpointUrl)
    }
}

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EndpointUrl").field(&self.host()).finish()
    }
}

/// Whether this deployment stands on one machine: AWS itself is asked there.
pub fn is_local(aws_endpoint: Option<&str>) -> bool {
    aws_endpoint.is_some_and(is_loopback)
}

/// By number and port: a name may be anybody's.
fn is_loopback(url: &str) -> bool {
    let authority = url.strip_prefix("http://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let is_plain = url.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') && url.len() <= crate::limits::URL_BYTES_MAX;
    let address = authority.and_then(|authority| authority.parse::<SocketAddr>().ok());
    is_plain && address.is_some_and(|address| address.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_asked_by_https_or_on_this_machine() {
        let check = |url: &str, fits: Option<(bool, &str)>| {
            let read = url.parse::<EndpointUrl>().ok();
            let told = read.as_ref().map(|read| (read.is_loopback(), read.host()));
            assert_eq!(told, fits, "{url}");
        };
        check("https://eth.example.org/v3/s3cret", Some((false, "eth.example.org")));
        check("https://eth.example.org:8545?key=s3cret", Some((false, "eth.example.org:8545")));
        check("http://127.0.0.1:8545/", Some((true, "127.0.0.1:8545")));
        check("http://[::1]:8545", Some((true, "[::1]:8545")));
        for wrong in [
            "http://eth.example.org",
            "http://localhost:8545",
            "http://127.0.0.1",
            "http://127.0.0.1:80@169.254.169.254/",
            "http://169.254.169.254:80/",
            "https://127.0.0.1:8545/",
            "https://eth.example.org/…",
            "file:///etc/passwd",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn what_may_be_a_key_is_not_printed() {
        let url: EndpointUrl = "https://eth.example.org/v3/s3cret".parse().unwrap();
        assert_eq!(format!("{url:?}"), "EndpointUrl(\"eth.example.org\")");
    }

    #[test]
    fn a_deployment_that_finds_aws_on_its_own_machine_is_local() {
        for (endpoint, local) in [
            (None, false),
            (Some(""), false),
            (Some("https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com"), false),
            (Some("http://127.0.0.1:4566"), true),
        ] {
            assert_eq!(is_local(endpoint), local, "{endpoint:?}");
        }
    }
}
