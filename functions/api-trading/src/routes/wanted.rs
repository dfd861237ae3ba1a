//! Filters of lists: positions, orders, alerts and trades.

use crate::page::{Asked as Paged, Listed};
use app::ports::PageRequest;
use app::trading::Wanted;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, BotId, RunId, Sha};
use domain::limits::{PAGE_ITEMS_DEFAULT, PROFIT_SPAN_DEFAULT, PROFIT_SPAN_MAX};
use domain::vault::Mode;
use domain::words::{UnknownWord, Word};
use lambda::api::{Hearer, Operation};
use lambda::edge::Problem;
use lambda::range::{self, Former, Range};
use serde_json::json;
use std::str::FromStr;
use store::Span;

const FORMER: Former = ["start_time", "end_time"];
/// What says which page, how it is shown and whose it is.
const PAGING: [&str; 4] = ["limit", "cursor", "format", "user_id"];
const PAGED: &str = "`since` and `until` are conditions on an index. The other filters check row by row, up to 400 rows for a page: a page may be \
                     empty and have a `next_cursor`, and `limit` is at least 50 beside such a filter.";

/// Declares what [`Asked::wanted`] reads of a list; `when` says which time of a row is meant.
pub(super) fn filtered<S: Word, H: Hearer>(of: Operation<H>, when: &str) -> Operation<H> {
    let status = json!({"type": "string", "enum": S::WORDS});
    traded(of.details(PAGED), when).query("status", &status, "with this status alone")
}

/// The same without a status.
pub(super) fn traded<H: Hearer>(of: Operation<H>, when: &str) -> Operation<H> {
    let text = |most: u32| json!({"type": "string", "minLength": 1, "maxLength": most});
    let of = of
        .query("account", &text(64), "of the account with this id")
        .query(
            "mode",
            &json!({"type": "string", "enum": Mode::WORDS}),
            "in this mode alone; what earlier releases have opened has none, and is left out",
        )
        .query("symbol", &text(40), "of this market")
        .query("bot", &text(64), "that came of this bot's signals")
        .query("run", &text(64), "that came of this run's signals");
    range::query(of, &format!("{when} then or later"), &format!("{when} before then"))
}

/// The names of earlier releases.
pub(super) fn with_aliases<H: Hearer>(of: Operation<H>) -> Operation<H> {
    range::also(of, FORMER)
}

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
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, _)| given == name).map(|(_, text)| text.as_str())
    }

    /// Which page is asked for. With a condition on rows a small page would look at few of them, and be empty where others are.
    ///
    /// # Errors
    /// 422 where the limit or the cursor is none, or the limit is too small.
    pub(super) fn page<S>(paged: &Paged, list: Listed<'_>, wanted: &Wanted<S>) -> Result<PageRequest, Problem> {
        let page = paged.page(list)?;
        if wanted.looks_at_rows() && page.items() < PAGE_ITEMS_DEFAULT {
            let detail = format!(
                "limit must be at least {PAGE_ITEMS_DEFAULT} together with a filter other than since and until"
            );
            return Err(Problem::field("limit", detail));
        }
        Ok(page)
    }

    /// The list's own name with what it is asked for: a cursor is good for what it was asked with.
    pub(super) fn list(&self, name: &str) -> String {
        let mut pairs: Vec<_> = self.pairs.iter().filter(|(name, _)| !PAGING.contains(&name.as_str())).collect();
        pairs.sort();
        if pairs.is_empty() {
            return name.to_owned();
        }
        format!("{name}/{}", Sha::of_bytes(format!("{pairs:?}").as_bytes()).as_str())
    }

    /// # Errors
    /// 422 with the parameter that is wrong.
    pub(super) fn wanted<S: Word + FromStr<Err = UnknownWord>>(&self) -> Result<Wanted<S>, Problem> {
        let symbol = self.given("symbol").map(str::parse).transpose();
        let Range { since, until, .. } = self.range()?;
        Ok(Wanted {
            status: self.word("status")?,
            account: self.id("account", AccountId::parse)?,
            symbol: symbol.map_err(|wrong| Problem::field("symbol", format!("symbol {wrong}")))?,
            bot: self.id("bot", BotId::parse)?,
            run: self.id("run", RunId::parse)?,
            mode: self.word("mode")?,
            span: Span { since, until },
        })
    }

    pub(super) fn word<S: FromStr<Err = UnknownWord>>(&self, name: &str) -> Result<Option<S>, Problem> {
        let word = self.given(name).map(str::parse).transpose();
        word.map_err(|wrong: UnknownWord| Problem::field(name, format!("{name} {wrong}")))
    }

    /// Only an id is accepted: a slip would look like an empty list.
    fn id<T, E>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Option<T>, Problem> {
        let wrong = |_| Problem::field(name, format!("{name} must be an id, as it was answered"));
        self.given(name).map(|text| parse(text).map_err(wrong)).transpose()
    }

    /// Of which time, where nothing else is asked.
    pub(super) fn between(&self) -> Result<Span, Problem> {
        self.range().map(|Range { since, until, .. }| Span { since, until })
    }

    fn range(&self) -> Result<Range, Problem> {
        Range::read(|name| self.given(name), FORMER)
    }

    /// JSON where nothing is said.
    pub(super) fn is_csv(&self) -> Result<bool, Problem> {
        match self.given("format") {
            None | Some("json") => Ok(false),
            Some("csv") => Ok(true),
            Some(_) => Err(Problem::field("format", "format must be csv or json")),
        }
    }

    /// Of which time sums are told.
    pub(super) fn span(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
        let Range { since, until, names: [first, last] } = self.range()?;
        // The whole of today, or a span of whole days would begin and end within one.
        let today = Timestamp::from_millis(now.day().saturating_mul(Millis::DAY.get())).plus(Millis::DAY);
        let latest = |since: Timestamp| since.plus(PROFIT_SPAN_MAX).min(today.max(since));
        let until = until.unwrap_or_else(|| since.map_or(today, latest));
        let since = since.unwrap_or_else(|| until.minus(PROFIT_SPAN_DEFAULT));
        if until.since(since) > PROFIT_SPAN_MAX {
            return Err(Problem::field(first, format!("{first} must be at most 366 days before {last}")));
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
