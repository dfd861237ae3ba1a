//! Which part of which series somebody asks for.

use super::{EXCHANGE, INTERVAL};
use crate::reckoned::{Chosen, NAMES};
use app::series::Wanted;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use domain::clock::Timestamp;
use domain::limits::{CANDLES_DEFAULT, CANDLES_MAX};
use domain::market::{Exchange, MarketKey, Symbol};
use domain::series::Series;
use lambda::edge::Problem;
use lambda::range::{Former, Range};
use wire::view;

/// Former names of `since` and `until`, of candles and of backfills.
pub(super) const TIMES: Former = ["start_time", "end_time"];
pub(super) const DATES: Former = ["start_date", "end_date"];

/// What was asked for, by its names, and as it was written.
#[derive(Debug)]
pub(super) struct Asked {
    pairs: Vec<(String, String)>,
    query: String,
}

/// In which shape candles are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Rows,
    Csv,
}

/// These routes take a query alone: whoever has sent a body is told where to put it.
pub(super) fn left_out(name: &str) -> Problem {
    Problem::field(name, format!("{name} is required, as a query parameter"))
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let Query(pairs) = query.map_err(|_| Problem::field("symbol", "what is asked is given as text"))?;
        let twice = |at: usize, name: &str| pairs.iter().skip(at.saturating_add(1)).any(|(other, _)| other == name);
        match pairs.iter().enumerate().find(|(at, (name, _))| name != "indicators" && twice(*at, name)) {
            Some((_, (name, _))) => Err(Problem::field(name, format!("{name} is given once"))),
            None => Ok(Self { pairs, query: parts.uri.query().unwrap_or_default().to_owned() }),
        }
    }
}

impl Asked {
    fn given(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, _)| given == name).map(|(_, text)| text.as_str())
    }

    pub(super) fn series(&self) -> Result<Series, Problem> {
        let symbol = self.given("symbol").ok_or_else(|| left_out("symbol"))?;
        let symbol: Symbol = symbol.parse().map_err(|wrong| Problem::field("symbol", format!("symbol {wrong}")))?;
        let exchange = self.given("exchange").unwrap_or(EXCHANGE).parse::<Exchange>();
        let exchange = exchange.map_err(|wrong| Problem::field("exchange", format!("exchange {wrong}")))?;
        let interval = self.given("timeframe").map_or(Ok(INTERVAL), str::parse);
        let interval = interval.map_err(|wrong| Problem::field("timeframe", format!("timeframe {wrong}")))?;
        Ok(Series { market: MarketKey::named(exchange, symbol), interval })
    }

    pub(super) fn range(&self, former: Former) -> Result<Range, Problem> {
        Range::read(|name| self.given(name), former)
    }

    fn time(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let wrong =
            || Problem::field(name, format!("{name} must be a time such as 2026-01-31T12:00:00Z, not before 1970"));
        let time = |text| view::moment(text).filter(|at| at.millis() >= 0).ok_or_else(wrong);
        self.given(name).map(time).transpose()
    }

    /// As it was asked for, however much that is.
    fn limit(&self) -> Result<u32, Problem> {
        let whole = |text: &str| {
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // So many that no number holds it are too many as well.
            is_plain.then(|| text.parse().unwrap_or(u32::MAX)).filter(|limit| *limit >= 1)
        };
        let wrong = || Problem::field("limit", "limit must be a whole number from 1 on");
        self.given("limit").map_or(Ok(CANDLES_DEFAULT), |text| whole(text).ok_or_else(wrong))
    }

    pub(super) fn chosen(&self, default: &[&'static str]) -> Result<Chosen, Problem> {
        let given: Vec<_> = self.pairs.iter().filter(|(name, _)| name == "indicators").collect();
        if given.is_empty() {
            return Ok(default.iter().copied().collect());
        }
        let wrong = || Problem::field("indicators", format!("indicators must be among {}", NAMES.join(", ")));
        let known = |name: &str| NAMES.into_iter().find(|known| *known == name.trim()).ok_or_else(wrong);
        given.into_iter().flat_map(|(_, names)| names.split(',')).map(known).collect()
    }

    pub(super) fn wanted(&self, warm_up: u32) -> Result<Wanted, Problem> {
        let (Range { since, until, .. }, cursor) = (self.range(TIMES)?, self.time("cursor")?);
        let limit = self.limit()?.min(CANDLES_MAX);
        Ok(Wanted { series: self.series()?, since: cursor.or(since), until, limit, warm_up })
    }

    /// The query for the page that begins there, with all else as it was written.
    pub(super) fn from(&self, next: &str) -> String {
        let begins = |part: &&str| !["cursor=", "since=", "start_time="].iter().any(|name| part.starts_with(name));
        let mut parts: Vec<_> = self.query.split('&').filter(begins).collect();
        let cursor = format!("cursor={next}");
        parts.push(&cursor);
        parts.join("&")
    }

    /// JSON where nothing is said.
    pub(super) fn format(&self) -> Result<Format, Problem> {
        match self.given("format") {
            None | Some("json") => Ok(Format::Json),
            Some("rows") => Ok(Format::Rows),
            Some("csv") => Ok(Format::Csv),
            Some(_) => Err(Problem::field("format", "format must be csv, json or rows")),
        }
    }

    /// What `limit` was taken for, where more was asked for.
    pub(super) fn cut(&self) -> Result<Option<u32>, Problem> {
        Ok((self.limit()? > CANDLES_MAX).then_some(CANDLES_MAX))
    }
}
