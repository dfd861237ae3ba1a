//! How it is asked: signed, one request of a key after another, or publicly.

use super::ask::{self, ADD_ORDER, CANCEL_ORDER, Form};
use super::heard::{No, result};
use super::sign::signature;
use super::turns::Turn;
use super::{Kraken, outcome};
use crate::native::{Answer, Call, Counting, Login, Method, Sent, Site};
use app::ports::VenueError;
use domain::clock::{Millis, Timestamp};
use domain::vault::KeyFault;
use serde::de::DeserializeOwned;

/// The exchange looks at who asks.
const AGENT: (&str, &str) = ("user-agent", "moniqo");

/// Of the lowest tier; what tier a key is of is not told. Other programs and processes with the same key count as well: where
/// one of them has filled the counter, this one hears of it by being refused.
pub(super) const COUNTING: Counting = Counting { full: 15_000, falls: 330 };

const OFFSET_MIN: Millis = Millis::seconds(1);

/// The secret of a key is no text in base 64: nothing can be signed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsigned;

pub(super) const UNSIGNED: &str = "the secret of the key is not the one that the exchange shows: it is no base 64";

impl Kraken {
    /// Asks a question to the account, in its turn, and reads the result.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        login: &Login,
        method: &str,
        form: Form,
    ) -> Result<T, VenueError> {
        self.asked(login, method, form).await.map_err(|why| VenueError::Unavailable(why.to_string()))
    }

    /// The same, telling why there is no result.
    pub(super) async fn asked<T: DeserializeOwned>(&self, login: &Login, method: &str, form: Form) -> Result<T, Why> {
        let turn = self.turns.take(&login.key.api_key).await;
        match self.send(login, turn, method, form).await {
            Err(Unsigned) => Err(Why::Unsigned),
            Ok(Sent::Not(why) | Sent::Lost(why)) => Err(Why::Away(why)),
            Ok(Sent::Answered(answer)) => self.understood(&login.site, &answer),
        }
    }

    /// The result of an answer. A failure of the exchange itself, and what cannot be read, is told of the site.
    fn understood<T: DeserializeOwned>(&self, site: &Site, answer: &Answer) -> Result<T, Why> {
        result(answer).map_err(|no| {
            if outcome::is_failure(&no) {
                self.traffic.failed(site);
            }
            Why::No(no)
        })
    }

    /// Sends a question to the account, once.
    pub(super) async fn send(&self, login: &Login, mut turn: Turn, method: &str, form: Form) -> Result<Sent, Unsigned> {
        let nonce = turn.nonce(clock(login));
        let Some(call) = signed(login, method, nonce, form) else {
            login.refusals.tell(Some(KeyFault::Unknown));
            return Err(Unsigned);
        };
        self.traffic.count(login, COUNTING, ask::counts(method));
        let sent = self.transport.send(&call, self.traffic.asking(&login.site)).await;
        if let Sent::Answered(answer) = &sent {
            self.heed(login, method, answer);
        }
        Ok(sent)
    }

    /// Leaves the exchange alone where it has asked for that, all of it or as this account, and tells of a key or a time that
    /// it does not take.
    fn heed(&self, login: &Login, method: &str, answer: &Answer) {
        let Err(Why::No(no)) = self.understood::<serde::de::IgnoredAny>(&login.site, answer) else { return };
        login.refusals.tell(outcome::fault(&no, ![ADD_ORDER, CANCEL_ORDER].contains(&method)));
        login.doubt.tell(outcome::is_for_its_time(&no));
        if outcome::is_counter_full(&no) {
            self.traffic.count(login, COUNTING, COUNTING.full);
        }
        if let Some(pause) = outcome::pause(&no, login.now, login.offset) {
            match &no {
                no if outcome::is_of_door(no) => self.traffic.pause(&login.site, pause),
                // Orders and their ends are counted elsewhere: what was too many of questions refuses none of them.
                no if outcome::is_of_questions(no) && ask::counts(method) > 0 => {
                    self.traffic.fill_questions(login, pause.until);
                }
                _ => self.traffic.pause_one(login, pause),
            }
        }
    }

    /// Asks what everybody may know.
    pub(super) async fn public<T: DeserializeOwned>(
        &self,
        site: &Site,
        method: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Why> {
        match self.transport.send(&public(site, method, query), self.traffic.asking(site)).await {
            Sent::Not(why) | Sent::Lost(why) => Err(Why::Away(why)),
            Sent::Answered(answer) => self.understood(site, &answer),
        }
    }
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    Unsigned,
    Away(String),
    No(No),
}

impl Why {
    pub(super) fn says(&self, beginning: &str) -> bool {
        matches!(self, Self::No(no) if no.says(beginning))
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unsigned => f.write_str(UNSIGNED),
            Self::Away(why) => f.write_str(why),
            Self::No(no) => no.fmt(f),
        }
    }
}

impl From<Why> for VenueError {
    fn from(why: Why) -> Self {
        Self::Unavailable(why.to_string())
    }
}

/// What numbers of requests are counted by: our clock, which every process of a deployment has, unless it is wrong. The
/// exchange tells whole seconds: an offset of less says nothing, and would set one process behind the others.
fn clock(login: &Login) -> Timestamp {
    if login.offset.get().unsigned_abs() < OFFSET_MIN.get().unsigned_abs() {
        login.now
    } else {
        login.signed_at(login.now)
    }
}

/// A moment in seconds, as queries have it.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.millis().div_euclid(1_000)
}

fn signed(login: &Login, method: &str, nonce: u64, form: Form) -> Option<Call> {
    let path = format!("/0/private/{method}");
    let fields: Form = [("nonce", nonce.to_string())].into_iter().chain(form).collect();
    let body = serde_urlencoded::to_string(&fields).ok()?;
    let signature = signature(login.key.api_secret.expose(), &path, nonce, &body)?;
    let headers = vec![
        (AGENT.0.into(), AGENT.1.to_owned()),
        ("content-type".into(), "application/x-www-form-urlencoded".to_owned()),
        ("api-key".into(), login.key.api_key.expose().to_owned()),
        ("api-sign".into(), signature),
    ];
    let shown = format!("POST {path} {body}");
    Some(Call { method: Method::Post, url: format!("{}{path}", login.site.url), headers, body, shown })
}

fn public(site: &Site, method: &str, query: &[(&str, &str)]) -> Call {
    let fields: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let stroke = if fields.is_empty() { "" } else { "?" };
    let target = format!("/0/public/{method}{stroke}{}", fields.join("&"));
    Call {
        method: Method::Get,
        url: format!("{}{target}", site.url),
        headers: vec![(AGENT.0.into(), AGENT.1.to_owned())],
        body: String::new(),
        shown: format!("GET {target}"),
    }
}
