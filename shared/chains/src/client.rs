//! Requests that can reach the public internet and nothing else.

use domain::chain::{ChainFault, RpcUrl};
use domain::wallet::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, Url, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Three that do not answer take less than a venue that does not.
const ANSWERS_WITHIN: Duration = Duration::from_millis(1_500);
const ANSWER_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Client {
    is_local: bool,
    /// Made where a first address is asked for: reading whom to trust takes a while.
    http: OnceLock<Option<reqwest::Client>>,
}

impl Client {
    pub(crate) fn new(is_local: bool) -> Self {
        Self { is_local, http: OnceLock::new() }
    }

    /// What is answered to this body.
    pub(crate) async fn post(&self, url: &RpcUrl, body: String) -> Result<Vec<u8>, ChainFault> {
        let may_be_asked = if url.is_loopback() { self.is_local } else { leads_out(url.expose()) };
        if !may_be_asked {
            return Err(ChainFault::Unreachable);
        }
        let http = self.http.get_or_init(|| self.built().ok()).as_ref().ok_or(ChainFault::Unreachable)?;
        let request = http.post(url.expose()).header(CONTENT_TYPE, "application/json").body(body);
        let mut answer = request.send().await.map_err(|_| ChainFault::Unreachable)?;
        if answer.status() != StatusCode::OK {
            return Err(ChainFault::Refused);
        }
        let mut said = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| ChainFault::Unreachable)? {
            if said.len().saturating_add(part.len()) > ANSWER_BYTES_MAX {
                return Err(ChainFault::Unreadable);
            }
            said.extend_from_slice(&part);
        }
        Ok(said)
    }

    fn built(&self) -> reqwest::Result<reqwest::Client> {
        reqwest::Client::builder()
            .https_only(!self.is_local)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(ANSWERS_WITHIN)
            // A function that sleeps in between finds its connections gone.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(PublicAlone))
            .build()
    }
}

/// Whether it is no address of a network that is not public, as whoever connects reads it: in whatever spelling it stands,
/// an address is looked up nowhere.
fn leads_out(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse::<IpAddr>().map_or(!bare.is_empty(), is_public)
}

/// Names lead to public addresses or nowhere, whatever their owner says they are.
#[derive(Debug)]
struct PublicAlone;

impl Resolve for PublicAlone {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_of_this_machine_leads_nowhere() {
        let found = PublicAlone.resolve("localhost".parse().unwrap()).await;
        assert!(found.is_err());
    }

    #[test]
    fn an_address_that_is_not_public_leads_nowhere_in_any_spelling() {
        for (url, out) in [
            ("https://eth.example.org:8545/v3/s3cret", true),
            ("https://8.8.8.8/", true),
            ("https://[2606:4700::1111]/", true),
            ("https://169.254.169.254/", false),
            ("https://169.254.169.0XFE/", false),
            ("https://169.254.0251.0376/", false),
            ("https://0XA9FEA9FE/", false),
            ("https://2852039166/", false),
            ("https://10.0.0.0x1:8545/v3/s3cret", false),
            ("https://127.1/", false),
            ("https://[::1]/", false),
            ("https://[::ffff:169.254.169.254]/", false),
            ("https://[fd00::1]:8545/", false),
            ("https://", false),
        ] {
            assert_eq!(leads_out(url), out, "{url}");
        }
    }
}
