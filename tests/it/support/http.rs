//! The product as a program outside sees it.

use super::stack::Stack;
use super::until::until;
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::net::IpAddr;
use std::time::Duration;
use testkit::examples;

const TIMEOUT: Duration = Duration::from_secs(30);

thread_local! {
    /// One of those that lead back to this machine.
    static FROM: IpAddr = {
        let mut own = [127, 1, 1, 1];
        getrandom::fill(&mut own[2..]).unwrap();
        own.into()
    };
    /// The roots of all certificates are read for each that is made. No connection is left for the next request: the runtime of each
    /// test is its own.
    static CLIENT: Client = {
        let client = Client::builder().timeout(TIMEOUT).user_agent("moniqo-tests").pool_max_idle_per_host(0);
        let client = if let Some(address) = own_address() { client.local_address(address) } else { client };
        client.build().unwrap()
    };
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) text: String,
}

/// A request with any body and, where there is one, a bearer token. Whoever is told to come again does: a stack under
/// load is no answer to what was asked.
pub(crate) async fn ask(method: Method, path: &str, bearer: Option<&str>, body: impl Into<Vec<u8>>) -> Answer {
    let body = body.into();
    until("an answer that is not to come again", async || {
        let answer = ask_once(method.clone(), path, bearer, body.clone()).await;
        (!answer.says_come_again()).then_some(answer)
    })
    .await
}

pub(crate) async fn ask_once(method: Method, path: &str, bearer: Option<&str>, body: impl Into<Vec<u8>>) -> Answer {
    let request = client().request(method, format!("{}{path}", Stack::get().api)).body(body.into());
    answered_once(match bearer {
        Some(token) => request.bearer_auth(token),
        None => request,
    })
    .await
}

/// Sends a request that was made elsewhere, again where it is told to come again.
pub(crate) async fn answered(request: RequestBuilder) -> Answer {
    let method = method(&request);
    read(method, response(request).await).await
}

/// As [`answered`], with its headers.
pub(crate) async fn response(request: RequestBuilder) -> Response {
    until("an answer that is not to come again", async || {
        let response = request.try_clone().unwrap().send().await.unwrap();
        (!says_come_again(response.status().as_u16())).then_some(response)
    })
    .await
}

async fn answered_once(request: RequestBuilder) -> Answer {
    let method = method(&request);
    read(method, request.send().await.unwrap()).await
}

fn method(request: &RequestBuilder) -> Method {
    request.try_clone().unwrap().build().unwrap().method().clone()
}

async fn read(method: Method, response: Response) -> Answer {
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let (status, path) = (response.status().as_u16(), path(response.url()));
    let answer = Answer { status, kind: kind.unwrap_or_default(), text: response.text().await.unwrap() };
    examples::keep(method.as_str(), &path, answer.status, answer.text.as_bytes());
    answer
}

/// Below the address of the API.
fn path(url: &Url) -> String {
    let base = Url::parse(&Stack::get().api).unwrap();
    url.path().strip_prefix(base.path().trim_end_matches('/')).unwrap_or(url.path()).to_owned()
}

/// Each test asks from an address of its own, where there are as many: what one of them guesses wrong slows down no other.
pub(crate) fn client() -> Client {
    CLIENT.with(Client::clone)
}

/// None where all tests ask from one.
pub(crate) fn own_address() -> Option<IpAddr> {
    let is_here = Stack::get().api.starts_with("http://127.0.0.1:");
    is_here.then(|| FROM.with(|from| *from))
}

/// Said by us, or by the gateway of a function that took too long or that no room was left for. The last is a 429
/// of the emulator's; of AWS's it is a 5xx, which TradingView sends again.
fn says_come_again(status: u16) -> bool {
    matches!(status, 429 | 502..=504)
}

impl Answer {
    /// A problem without the id under which the logs have its request: to be compared with another one.
    pub(crate) fn unnamed(&self) -> Self {
        let id = self.json()["request_id"].as_str().unwrap_or_else(|| panic!("no request_id: {self:?}")).to_owned();
        Self { text: self.text.replacen(&id, "", 1), ..self.clone() }
    }

    pub(crate) fn says_come_again(&self) -> bool {
        says_come_again(self.status)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> T {
        assert!((200..300).contains(&self.status), "{self:?}");
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
