//! Requests as they leave, and what of an answer is the same for all of them.

use super::Coinbase;
use super::outcome::{fault, unauthorized};
use super::sign::{Unsigned, Window, token};
use crate::native::words::{self, detail_of};
use crate::native::{Answer, Call, Login, Method, Pause, Sent, Site, TOLD_PAUSE_MAX};
use app::ports::VenueError;
use domain::clock::{Millis, Timestamp};
use domain::vault::KeyFault;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const ROOT: &str = "/api/v3/brokerage";
const TOO_MANY: u16 = 429;
const NOT_FOUND: u16 = 404;
const PAUSE_MIN: Millis = Millis::seconds(1);

/// Names and values in their order; a name may stand there more than once.
pub(super) type Query<'a> = [(&'static str, &'a str)];

/// What an answer says that is no success.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Fault {
    pub(super) error: String,
    pub(super) message: String,
    pub(super) error_details: String,
}

impl Coinbase {
    /// Asks as the key's owner.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        login: &Login,
        path: &str,
        query: &Query<'_>,
    ) -> Result<T, VenueError> {
        self.understood(&login.site, &self.answer(login, path, query).await?)
    }

    /// A success of this shape. One of another shape is told of the site.
    pub(super) fn understood<T: DeserializeOwned>(&self, site: &Site, answer: &Answer) -> Result<T, VenueError> {
        if !answer.is_success() {
            return Err(VenueError::Unavailable(no(answer)));
        }
        self.readable(site, answer).ok_or_else(unreadable)
    }

    /// What a success says; none where it cannot be read.
    pub(super) fn readable<T: DeserializeOwned>(&self, site: &Site, answer: &Answer) -> Option<T> {
        let said = answer.json();
        if said.is_none() {
            self.traffic.failed(site);
        }
        said
    }

    /// The same, whatever its status is.
    pub(super) async fn answer(&self, login: &Login, path: &str, query: &Query<'_>) -> Result<Answer, VenueError> {
        let call = signed(login, Method::Get, path, query, String::new(), Window::of_read(login)).map_err(unsigned)?;
        let answer = whole(self.transport.send(&call, self.traffic.asking(&login.site)).await)?;
        self.mind(login, &answer, Window::of_read(login), KeyFault::CannotRead);
        Ok(answer)
    }

    /// Asks as anybody.
    pub(super) async fn ask(&self, site: &Site, path: &str, query: &Query<'_>) -> Result<Answer, VenueError> {
        let answer = whole(self.transport.send(&public(site, path, query), self.traffic.asking(site)).await)?;
        if let Some(pause) = answer.date().and_then(|now| asked_for(&answer, now)) {
            self.traffic.pause(site, pause);
        }
        Ok(answer)
    }

    /// What an answer to this token says of the traffic, of the key and of the clock; `may_not` as in [`fault`].
    pub(super) fn mind(&self, login: &Login, answer: &Answer, window: Window, may_not: KeyFault) {
        // Counted are keys and addresses: what is asked with a key is counted as its own.
        if let Some(pause) = asked_for(answer, login.now) {
            self.traffic.pause_one(login, pause);
        }
        login.refusals.tell(fault(answer, window, may_not));
        login.doubt.tell(answer.status == 401 && unauthorized(answer, window) == words::CLOCK);
    }
}

/// Who asks too much is told for how long to stop.
fn asked_for(answer: &Answer, now: Timestamp) -> Option<Pause> {
    let wait = answer.retry_after(TOLD_PAUSE_MAX).unwrap_or(PAUSE_MIN).max(PAUSE_MIN);
    let why = format!("the exchange asks to be left alone for {} s", wait.get() / 1_000);
    (answer.status == TOO_MANY).then(|| Pause { until: now.plus(wait), why })
}

/// A request with its token.
pub(super) fn signed(
    login: &Login,
    method: Method,
    path: &str,
    query: &Query<'_>,
    body: String,
    window: Window,
) -> Result<Call, Unsigned> {
    let path = format!("{ROOT}{path}");
    let token = token(login, method, &path, window).inspect_err(|why| {
        login.refusals.tell((*why == Unsigned::Key).then_some(KeyFault::Unknown));
    })?;
    let mut call = written(&login.site, method, &path, query, body);
    call.headers.push(("authorization".into(), format!("Bearer {token}")));
    Ok(call)
}

/// What anybody may ask is kept there for a second, unless one says that it shall not.
fn public(site: &Site, path: &str, query: &Query<'_>) -> Call {
    let mut call = written(site, Method::Get, &format!("{ROOT}{path}"), query, String::new());
    call.headers.push(("cache-control".into(), "no-cache".to_owned()));
    call
}

fn written(site: &Site, method: Method, path: &str, query: &Query<'_>, body: String) -> Call {
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let shown = match method {
        Method::Get => format!("GET {target}"),
        Method::Post => format!("POST {target} {body}"),
        Method::Delete => format!("DELETE {target}"),
    };
    let mut headers =
        vec![("accept".into(), "application/json".to_owned()), ("user-agent".into(), "moniqo".to_owned())];
    if !body.is_empty() {
        headers.push(("content-type".into(), "application/json".to_owned()));
    }
    Call { method, url: format!("{}{target}", site.url), headers, body, shown }
}

fn whole(sent: Sent) -> Result<Answer, VenueError> {
    match sent {
        Sent::Answered(answer) => Ok(answer),
        Sent::Not(why) | Sent::Lost(why) => Err(VenueError::Unavailable(why)),
    }
}

/// Whether it knows no order of the id that it was asked for. Whatever else stands between us may say that a page is not there.
pub(super) fn unknown_order(answer: &Answer) -> bool {
    let fault: Fault = answer.json().unwrap_or_default();
    let says_so = |words: &String| words.contains("order with this orderID was not found");
    answer.status == NOT_FOUND && [&fault.message, &fault.error_details].into_iter().any(says_so)
}

pub(super) fn unreadable() -> VenueError {
    VenueError::Unavailable("the answer cannot be understood".to_owned())
}

fn unsigned(why: Unsigned) -> VenueError {
    VenueError::Unavailable(told_unsigned(why).to_owned())
}

pub(super) fn told_unsigned(why: Unsigned) -> &'static str {
    match why {
        Unsigned::Key => "the secret is no key that can be signed with",
        Unsigned::Nonce => "no random number can be had here",
    }
}

/// A refusal in the exchange's own words: its status, and what it says.
pub(super) fn no(answer: &Answer) -> String {
    let fault: Fault = answer.json().unwrap_or_default();
    let words = [&fault.error, &fault.message, &fault.error_details];
    let mut said: Vec<&str> = words.into_iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    said.dedup();
    let text = format!("{} {}", answer.status, said.join(": "));
    detail_of(text.trim_end())
}

/// When it was answered, by the exchange's clock, in whole seconds.
/// A moment as it stands in a query and in an answer.
pub(super) fn written_time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default().to_string()
}

pub(super) fn read_time(text: &str) -> Option<Timestamp> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(at.as_millisecond()))
}
