//! Requests to addresses that people name: they can reach the public internet and nothing else.
//!
//! 1. An address is public and asked by https, also after its name was looked up; on a local stack alone, this machine is asked as well.
//! 2. No redirect is followed, no proxy of the environment is used.
//! 3. An answer is short and comes soon, or it is none.
//! 4. An address that is asked may hold a provider's key: no error names it.

use domain::chain::EndpointUrl;
use domain::wallet::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{RequestBuilder, Url, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long an answer may take and how long it may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub within: Duration,
    pub bytes: usize,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("could not be reached")]
    Unreachable,
    #[error("did not answer in time")]
    TimedOut,
    #[error("answered more than is read")]
    TooLong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Seconds to wait before the next request, where the answer says so as a number.
    pub retry_after: Option<u64>,
    pub body: Vec<u8>,
}

#[derive(Debug)]
pub struct Client {
    is_local: bool,
    limits: Limits,
    /// Made where a first address is asked for: reading whom to trust takes a while.
    http: Arc<OnceLock<Option<reqwest::Client>>>,
    requests: AtomicU64,
}

impl Client {
    /// `is_local` where this deployment stands on one machine.
    pub fn new(is_local: bool, limits: Limits) -> Self {
        Self { is_local, limits, http: Arc::default(), requests: AtomicU64::new(0) }
    }

    /// The same, that counts its own requests.
    #[must_use]
    pub fn counting(&self) -> Self {
        let Self { is_local, limits, http, .. } = self;
        Self { is_local: *is_local, limits: *limits, http: Arc::clone(http), requests: AtomicU64::new(0) }
    }

    /// How many were sent, whatever became of them.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// What is answered to this JSON.
    ///
    /// # Errors
    /// Where there is no answer. One of any status is an answer.
    pub async fn post(&self, url: &EndpointUrl, body: String) -> Result<Answer, Fault> {
        let http = self.may_ask(url)?;
        self.sent(http.post(url.expose()).header(CONTENT_TYPE, "application/json").body(body)).await
    }

    /// What stands at this path below the address, asked for with these parameters and with a header beside.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn get(
        &self,
        url: &EndpointUrl,
        path: &str,
        query: &[(&str, &str)],
        header: Option<(&'static str, &str)>,
    ) -> Result<Answer, Fault> {
        let http = self.may_ask(url)?;
        let request = http.get(below(url.expose(), path, query).ok_or(Fault::Unreachable)?);
        self.sent(header.into_iter().fold(request, |request, (name, value)| request.header(name, value))).await
    }

    fn may_ask(&self, url: &EndpointUrl) -> Result<&reqwest::Client, Fault> {
        let may_be_asked = if url.is_loopback() { self.is_local } else { leads_out(url.expose()) };
        let http = || self.http.get_or_init(|| self.built().ok()).as_ref();
        may_be_asked.then(http).flatten().ok_or(Fault::Unreachable)
    }

    async fn sent(&self, request: RequestBuilder) -> Result<Answer, Fault> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut answer = request.send().await.map_err(|error| why(&error))?;
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|after| after.to_str().ok()?.trim().parse().ok());
        let (status, mut body) = (answer.status().as_u16(), Vec::new());
        while let Some(part) = answer.chunk().await.map_err(|error| why(&error))? {
            if body.len().saturating_add(part.len()) > self.limits.bytes {
                return Err(Fault::TooLong);
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, retry_after, body })
    }

    fn built(&self) -> reqwest::Result<reqwest::Client> {
        reqwest::Client::builder()
            .https_only(!self.is_local)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(self.limits.within)
            // A function that sleeps in between finds its connections gone.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(PublicAlone))
            .build()
    }
}

fn why(error: &reqwest::Error) -> Fault {
    if error.is_timeout() { Fault::TimedOut } else { Fault::Unreachable }
}

/// What stands behind the path of an address, and its own parameters, stay where they are.
fn below(url: &str, path: &str, query: &[(&str, &str)]) -> Option<Url> {
    let mut url = Url::parse(url).ok()?;
    url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Some(url)
}

/// Whether it is no address of a network that is not public, as a client that connects reads it: in whatever spelling it stands,
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
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_name_of_this_machine_leads_nowhere() {
        let found = PublicAlone.resolve("localhost".parse().unwrap()).await;
        assert!(found.is_err());
    }

    /// Before its first byte, and in the middle of it.
    #[tokio::test]
    async fn answer_that_does_not_come_in_time_is_a_fault_of_its_own() {
        for begins in ["", "HTTP/1.1 200 x\r\ncontent-length: 9\r\n\r\nhalf"] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
            let silent = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                assert!(stream.read(&mut [0; 1_024]).await.unwrap() > 0);
                stream.write_all(begins.as_bytes()).await.unwrap();
                std::future::pending::<()>().await;
            });
            let client = Client::new(true, Limits { within: Duration::from_millis(200), bytes: 9 });
            assert_eq!(client.post(&url, String::new()).await, Err(Fault::TimedOut), "{begins}");
            silent.abort();
            assert!(silent.await.unwrap_err().is_cancelled());
            assert_eq!(client.post(&url, String::new()).await, Err(Fault::Unreachable), "the server has ended");
        }
    }

    #[test]
    fn a_path_stands_below_an_address_that_has_a_key_of_its_own() {
        let check = |url, path, query: &[(&str, &str)], asked: &str| {
            assert_eq!(below(url, path, query).unwrap().as_str(), asked);
        };
        check("https://a.example.org", "/blocks/tip/height", &[], "https://a.example.org/blocks/tip/height");
        check(
            "https://a.example.org/api/?k=1",
            "/status",
            &[("n", "a&b")],
            "https://a.example.org/api/status?k=1&n=a%26b",
        );
        check("https://a.example.org/api", "/block/../x?y#z", &[], "https://a.example.org/api/x%3Fy%23z");
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
