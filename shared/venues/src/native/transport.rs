//! One request, sent once, and what became of it.

use super::Asking;
use domain::clock::{Millis, Timestamp};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url, redirect, retry};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// Exchanges close a connection that nobody has used for a minute or longer; a function that slept finds it gone.
const IDLE_MAX: Duration = Duration::from_secs(20);
const CONNECTS_WITHIN: Duration = Duration::from_secs(2);
/// Beyond the submit time-out, which ends a call first: for whoever asks without one.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
/// All markets of the largest exchange in one answer are about a third of this.
const ANSWER_BYTES_MAX: usize = 48 * 1024 * 1024;

/// Requests that are kept for whoever asks what was said, and characters of each answer.
const HEARD_MAX: usize = 8;
const SHOWN_CHARS_MAX: usize = 1_000;
/// Of a request that its sender has given up.
const GIVEN_UP: &str = "no answer: it was waited for in vain";

/// The wire to all exchanges. Clones share their connections.
#[derive(Debug)]
pub struct Transport {
    /// On a local stack nothing but this machine is ever asked.
    is_local: bool,
    /// Made with the first request: reading whom to trust takes a while.
    http: OnceLock<Option<Client>>,
    heard: Mutex<Noted>,
}

/// Requests with their numbers, oldest first.
#[derive(Debug, Default)]
struct Noted {
    next: u64,
    kept: Vec<(u64, Heard)>,
}

/// A request and what came back, for people and records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub asked: String,
    pub answered: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Delete,
}

/// A request as it leaves.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    pub method: Method,
    /// Whole, with its query.
    pub url: String,
    /// A value is marked as secret when it is sent: none of them is told.
    pub headers: Vec<(Cow<'static, str>, String)>,
    pub body: String,
    /// The same for people and records: method, path and parameters without key and signature.
    pub shown: String,
}

/// Header values below this length are no keys and no signatures.
const SECRET_BYTES_MIN: usize = 6;

impl Call {
    /// What is told about it, without any value that it had in its headers: exchanges say again what they were sent.
    pub fn hides(&self, told: String) -> String {
        let values = self.headers.iter().map(|(_, value)| value.as_str());
        values.filter(|value| value.len() >= SECRET_BYTES_MIN).fold(told, |told, value| told.replace(value, "…"))
    }
}

/// What came back, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// No byte of it left this machine.
    Not(String),
    /// It may have arrived; no whole answer came.
    Lost(String),
    Answered(Answer),
}

impl Transport {
    /// `is_local` where this deployment stands on one machine.
    pub fn new(is_local: bool) -> Self {
        Self { is_local, http: OnceLock::new(), heard: Mutex::default() }
    }

    /// Sends it, once. No error tells the address: parameters stand in it. It is noted before it leaves: who gives it up
    /// drops this, and it may have arrived all the same.
    pub async fn send(&self, call: &Call, asking: Asking<'_>) -> Sent {
        let number = self.note(call);
        let sent = match self.prepared(call) {
            Ok((http, request)) => {
                let sent = answered(http.execute(request).await).await;
                asking.came_to(&sent);
                sent
            }
            Err(why) => {
                asking.was_not_made();
                Sent::Not(why.to_owned())
            }
        };
        self.hear(number, call, &sent);
        sent
    }

    /// What was asked and answered since this was last asked, oldest first, as far as it is kept.
    pub fn take_heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.noted().kept).into_iter().map(|(_, heard)| heard).collect()
    }

    /// Notes a request that has no answer yet.
    fn note(&self, call: &Call) -> u64 {
        let mut noted = self.noted();
        let number = noted.next;
        noted.next = number.wrapping_add(1);
        noted.keep(number, Heard { asked: call.shown.clone(), answered: GIVEN_UP.to_owned() });
        number
    }

    fn hear(&self, number: u64, call: &Call, sent: &Sent) {
        let (mut noted, answered) = (self.noted(), sent.shown(call));
        match noted.kept.iter_mut().find(|(known, _)| *known == number) {
            Some((_, heard)) => heard.answered = answered,
            // It was told of before it was answered.
            None => noted.keep(number, Heard { asked: call.shown.clone(), answered }),
        }
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn prepared(&self, call: &Call) -> Result<(&Client, reqwest::Request), &'static str> {
        let url = Url::parse(&call.url).map_err(|_| "the exchange has no address that can be asked")?;
        if !self.may_reach(&url) {
            return Err("this deployment may not reach that address");
        }
        let http = self.http.get_or_init(|| self.built().ok()).as_ref().ok_or("no connection can be made here")?;
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let request = http.request(method, url).headers(headers(&call.headers)?).body(call.body.clone());
        Ok((http, request.build().map_err(|_| "the request cannot be written")?))
    }

    /// On a local stack only this machine, by number; elsewhere only what speaks TLS.
    fn may_reach(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_here = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if self.is_local { is_here } else { url.scheme() == "https" && !is_here }
    }

    fn built(&self) -> reqwest::Result<Client> {
        Client::builder()
            .https_only(!self.is_local)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(CONNECTS_WITHIN)
            .timeout(ANSWERS_WITHIN)
            .pool_idle_timeout(IDLE_MAX)
            .build()
    }
}

impl Noted {
    fn keep(&mut self, number: u64, heard: Heard) {
        if self.kept.len() >= HEARD_MAX {
            self.kept.remove(0);
        }
        self.kept.push((number, heard));
    }
}

impl Sent {
    /// Status and body, cut; or why there are none.
    fn shown(&self, call: &Call) -> String {
        match self {
            Self::Not(why) => format!("not sent: {why}"),
            Self::Lost(why) => format!("no answer: {why}"),
            Self::Answered(answer) => {
                let body = call.hides(String::from_utf8_lossy(&answer.body).into_owned());
                let body: String = body.chars().filter(|c| !c.is_control()).take(SHOWN_CHARS_MAX).collect();
                format!("{} {body}", answer.status)
            }
        }
    }
}

fn headers(given: &[(Cow<'static, str>, String)]) -> Result<HeaderMap, &'static str> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let mut value = HeaderValue::from_str(value).map_err(|_| "the key holds what no header can")?;
        value.set_sensitive(true);
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| "the request has a header that cannot be sent")?;
        headers.insert(name, value);
    }
    Ok(headers)
}

async fn answered(response: reqwest::Result<reqwest::Response>) -> Sent {
    match response {
        Ok(response) => read(response).await,
        Err(error) if error.is_connect() || error.is_builder() => Sent::Not(told(&error)),
        Err(error) => Sent::Lost(told(&error)),
    }
}

async fn read(mut response: reqwest::Response) -> Sent {
    let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(part)) if body.len().saturating_add(part.len()) <= ANSWER_BYTES_MAX => {
                body.extend_from_slice(&part);
            }
            Ok(Some(_)) => return Sent::Lost("the answer is too long".to_owned()),
            Ok(None) => return Sent::Answered(Answer { status, headers, body }),
            Err(error) => return Sent::Lost(told(&error)),
        }
    }
}

/// An error in words that hold nothing of the request.
fn told(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    what.to_owned()
}

impl Answer {
    /// A header as a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.headers.get(name)?.to_str().ok()?.trim().parse().ok()
    }

    /// When it was given, by the exchange's own clock, as exact as a second; none where it does not say.
    pub fn date(&self) -> Option<Timestamp> {
        let date = self.headers.get("date")?.to_str().ok()?;
        let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
        Some(Timestamp::from_millis(at.as_millisecond()))
    }

    /// How long it asks to be left alone, at most this; none where it says nothing that can be read.
    pub fn retry_after(&self, most: Millis) -> Option<Millis> {
        let asked = Millis::seconds(self.number("retry-after")?);
        (asked >= Millis::ZERO).then(|| asked.min(most))
    }

    /// Its body as JSON of this shape; none where it is anything else.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Call").field(&self.shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, TcpListener};

    #[test]
    fn a_deployment_reaches_nothing_without_tls_and_a_local_stack_nothing_but_this_machine() {
        for (url, deployed, local) in [
            ("https://api.binance.com/api/v3/order", true, false),
            ("http://api.binance.com/api/v3/order", false, false),
            ("ftp://api.binance.com/", false, false),
            ("https://127.0.0.1/", false, true),
            ("http://127.0.0.1:9001/", false, true),
            ("http://[::1]:9001/", false, true),
            ("http://192.0.2.1/", false, false),
        ] {
            let reaches = |is_local| Transport::new(is_local).may_reach(&Url::parse(url).unwrap());
            assert_eq!((reaches(false), reaches(true)), (deployed, local), "{url}");
        }
    }

    /// By itself, too: a key in plain text is read by everybody on its way.
    #[tokio::test]
    async fn the_client_of_a_deployment_connects_to_nobody_without_tls() {
        let here = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let refused = async |is_local| {
            let client = Transport::new(is_local).built().unwrap();
            client.get(format!("http://{here}/")).send().await.unwrap_err().is_builder()
        };
        assert!(refused(false).await, "the request is not begun");
        assert!(!refused(true).await, "nobody listens there any more");
    }
}
