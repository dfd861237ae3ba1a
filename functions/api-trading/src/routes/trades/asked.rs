//! Which trades somebody asks for.

use app::trading::WantedTrades;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, BotId, RunId};
use domain::limits::{PROFIT_SPAN_DEFAULT, PROFIT_SPAN_MAX};
use lambda::edge::Problem;
use wire::view::bound;

/// What was asked for, by its names, and as it was written.
#[derive(Debug)]
pub(super) struct Asked {
    pairs: Vec<(String, String)>,
    query: String,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let Query(pairs) = query.map_err(|_| Problem::field("query", "what is asked is given as text"))?;
        let is_twice = |at: usize, name: &str| pairs.iter().take(at).any(|(other, _)| other == name);
        match pairs.iter().enumerate().find(|(at, (name, _))| is_twice(*at, name)) {
            Some((_, (name, _))) => Err(Problem::field(name, format!("{name} is given once"))),
            None => Ok(Self { pairs, query: parts.uri.query().unwrap_or_default().to_owned() }),
        }
    }
}

impl Asked {
    fn given(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, _)| given == name).map(|(_, text)| text.as_str())
    }

    pub(super) fn wanted(&self) -> Result<WantedTrades, Problem> {
        let symbol = self.given("symbol").map(str::parse).transpose();
        let (since, until) = (self.moment("start_time", false)?, self.moment("end_time", true)?);
        if since.zip(until).is_some_and(|(since, until)| since >= until) {
            return Err(Problem::field("end_time", "end_time must be later than start_time"));
        }
        Ok(WantedTrades {
            bot: self.id("bot", BotId::parse)?,
            run: self.id("run", RunId::parse)?,
            account: self.id("account", AccountId::parse)?,
            symbol: symbol.map_err(|wrong| Problem::field("symbol", format!("symbol {wrong}")))?,
            closed: self.is("status", ["open", "closed"])?,
            since,
            until,
        })
    }

    /// What is no id is nobody's; it must be one all the same, or a slip would look like an empty list.
    fn id<T, E>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Option<T>, Problem> {
        let wrong = |_| Problem::field(name, format!("{name} must be an id, as it was answered"));
        self.given(name).map(|text| parse(text).map_err(wrong)).transpose()
    }

    fn moment(&self, name: &str, is_end: bool) -> Result<Option<Timestamp>, Problem> {
        let wrong = || Problem::field(name, format!("{name} must be a time such as 2026-01-31T12:00:00Z, or a day"));
        self.given(name).map(|text| bound(text, is_end).ok_or_else(wrong)).transpose()
    }

    /// Which of two words; the second is true.
    fn is(&self, name: &str, words: [&str; 2]) -> Result<Option<bool>, Problem> {
        let [no, yes] = words;
        match self.given(name) {
            None => Ok(None),
            Some(word) if word == no || word == yes => Ok(Some(word == yes)),
            Some(_) => Err(Problem::field(name, format!("{name} must be {no} or {yes}"))),
        }
    }

    /// JSON where nothing is said.
    pub(super) fn is_csv(&self) -> Result<bool, Problem> {
        Ok(self.is("format", ["json", "csv"])? == Some(true))
    }

    /// Of which time sums are told.
    pub(super) fn span(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
        let WantedTrades { since, until, .. } = self.wanted()?;
        // The whole of today, or a span of whole days would begin and end within one.
        let today = Timestamp::from_millis(now.day().saturating_mul(Millis::DAY.get())).plus(Millis::DAY);
        let latest = |since: Timestamp| since.plus(PROFIT_SPAN_MAX).min(today.max(since));
        let until = until.unwrap_or_else(|| since.map_or(today, latest));
        let since = since.unwrap_or_else(|| until.minus(PROFIT_SPAN_DEFAULT));
        if until.since(since) > PROFIT_SPAN_MAX {
            return Err(Problem::field("start_time", "start_time must be at most 366 days before end_time"));
        }
        Ok((since, until))
    }

    /// The query for the page that begins there, with all else as it was written.
    pub(super) fn from(&self, next: &str) -> String {
        let mut parts: Vec<_> =
            self.query.split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor=")).collect();
        let cursor = format!("cursor={next}");
        parts.push(&cursor);
        parts.join("&")
    }
}
