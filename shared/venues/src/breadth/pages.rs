//! Lists that an exchange tells page by page: read whole, or not at all.
//!
//! 1. Each page is asked for with as many rows as the exchange tells at once. A page says nothing of what is behind it but by its
//!    own length and by what the exchange names as the next one.
//! 2. What cannot be followed, what comes again and what has no end is not known whole: an error, and never a shorter list.

use super::Spoken;
use super::failed::Failed;
use super::line::{merge, symbol};
use super::read::{Order, Trade};
use crate::native::Login;
use ccxt_base::Value;
use domain::clock::Timestamp;
use domain::market::MarketKey;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Of one list, in one look.
pub(super) const PAGES_MAX: usize = 20;
/// No exchange that was looked at tells fewer rows at once than this, whatever it is asked for: behind a shorter page is nothing.
const ROWS_MIN: usize = 20;

/// How a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    /// As many rows as the exchange tells at once; none where it tells all that there are.
    pub(super) rows: Option<usize>,
    /// The exchange's own word for that, where the library has another or none.
    pub(super) word: Option<&'static str>,
    pub(super) older: Older,
}

/// How the next page is asked for. Those that somebody has looked at list the newest first; many rows have one and the same
/// time, so time alone finds none of them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Older {
    /// By this word, with the lowest that the exchange's own rows have there: these are numbers, which grow with time.
    By { word: &'static str, at: &'static str },
    /// By this word, with what the answer has there. It has nothing there where nothing is behind the page.
    Told { word: &'static str, at: &'static str },
    /// By this word, with the number of the page, from 1. The answer has there how many there are.
    Numbered { word: &'static str, of: &'static str },
    /// From the last row's time on, as the library has it where nobody has looked.
    Since,
}

/// A row of a list.
pub(super) trait Row: DeserializeOwned {
    /// The exchange's own id, unique in its list.
    fn id(&self) -> Option<&str>;
    fn at(&self) -> Option<i64>;
    /// As the exchange has told it.
    fn info(&self) -> &Json;
}

/// A list of one market.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) spoken: &'a Spoken,
    pub(super) login: &'a Login,
    pub(super) market: &'a MarketKey,
    /// The library's word for it.
    pub(super) method: &'static str,
    pub(super) paging: Paging,
}

/// Which page is asked for.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) since: Option<Timestamp>,
    /// What is sent along for all but the first.
    pub(super) more: Json,
}

/// What is behind a page.
#[derive(Debug, Clone)]
pub(super) enum Behind {
    Page(Place),
    Nothing,
    /// It may be anything.
    Unknown,
}

impl List<'_> {
    /// All of its rows from a moment on, by their ids.
    ///
    /// # Errors
    /// Where they cannot be known whole.
    pub(super) async fn whole<T: Row>(&self, since: Option<Timestamp>, params: &Json) -> Result<Vec<T>, Failed> {
        let mut known = BTreeMap::new();
        let mut place = Place::first(since);
        for number in 1..=PAGES_MAX {
            let (rows, answer) = self.page::<T>(&place, params).await?;
            let (before, count) = (known.len(), rows.len());
            let behind = place.behind(self.paging.older, &rows, &answer, number);
            for row in rows {
                let id = row.id().ok_or_else(|| Failed::Lost("a row without an id".to_owned()))?.to_owned();
                known.insert(id, row);
            }
            match behind {
                _ if self.paging.is_last(count) => return Ok(known.into_values().collect()),
                Behind::Nothing => return Ok(known.into_values().collect()),
                Behind::Page(next) if known.len() > before => place = next,
                Behind::Page(_) | Behind::Unknown => return Err(too_many()),
            }
        }
        Err(too_many())
    }

    /// One page, and the answer that it was told in.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        place: &Place,
        params: &Json,
    ) -> Result<(Vec<T>, Json), Failed> {
        let mut params = params.clone();
        merge(&mut params, &place.more);
        let rows = self.paging.rows.and_then(|rows| i64::try_from(rows).ok());
        let limit = match (rows, self.paging.word) {
            (Some(rows), Some(word)) => {
                merge(&mut params, &json!({ word: rows }));
                Value::Null
            }
            (rows, _) => rows.map_or(Value::Null, Value::Int),
        };
        let since = place.since.map_or(Value::Null, |since| Value::Int(since.millis()));
        let args = vec![symbol(self.market), since, limit, Value::from(params)];
        self.spoken.paged(self.login, self.market, self.method, args).await
    }
}

impl Paging {
    pub(super) const fn of(rows: usize, older: Older) -> Self {
        Self { rows: Some(rows), word: None, older }
    }

    /// Whether nothing is behind a page of so many rows.
    fn is_last(&self, count: usize) -> bool {
        let full = if self.older == Older::Since { self.rows } else { self.rows.map(|_| ROWS_MIN) };
        full.is_none_or(|full| count < full)
    }
}

impl Place {
    pub(super) fn first(since: Option<Timestamp>) -> Self {
        Self { since, more: json!({}) }
    }

    /// What is behind the page of this number, from 1.
    pub(super) fn behind(&self, older: Older, rows: &[impl Row], answer: &Json, number: usize) -> Behind {
        let told = |word: &str, value: Json| Behind::Page(Self { more: json!({ word: value }), ..self.clone() });
        match older {
            Older::By { word, at } => lowest(rows, at).map_or(Behind::Unknown, |lowest| told(word, json!(lowest))),
            Older::Told { word, at } => {
                mark(answer.pointer(at)).map_or(Behind::Nothing, |mark| told(word, json!(mark)))
            }
            Older::Numbered { word, of } => {
                let all = answer.pointer(of).and_then(Json::as_u64).and_then(|all| usize::try_from(all).ok());
                match all {
                    Some(all) if number >= all => Behind::Nothing,
                    _ => told(word, json!(number.saturating_add(1))),
                }
            }
            Older::Since => {
                let last = rows.iter().filter_map(Row::at).max().map(Timestamp::from_millis);
                last.map_or(Behind::Unknown, |last| Behind::Page(Self { since: Some(last), ..self.clone() }))
            }
        }
    }
}

/// The lowest number that the rows have there.
fn lowest<T: Row>(rows: &[T], at: &str) -> Option<String> {
    let number = |row: &T| mark(row.info().pointer(at))?.parse::<u128>().ok();
    rows.iter().filter_map(number).min().map(|lowest| lowest.to_string())
}

/// What stands there, as a text or as a number; nothing is neither.
fn mark(told: Option<&Json>) -> Option<String> {
    let text = |told: &Json| told.as_str().map(str::to_owned).or_else(|| Some(told.as_u64()?.to_string()));
    told.and_then(text).filter(|text| !text.is_empty() && text != "0")
}

impl Row for Order {
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn at(&self) -> Option<i64> {
        self.timestamp
    }

    fn info(&self) -> &Json {
        &self.info
    }
}

impl Row for Trade {
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn at(&self) -> Option<i64> {
        self.timestamp
    }

    fn info(&self) -> &Json {
        &self.info
    }
}

pub(super) fn too_many() -> Failed {
    Failed::Lost("there is more than can be read at once".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(timestamp: i64, info: &Json) -> Trade {
        let row = json!({"id": "1", "order": "77", "timestamp": timestamp, "price": 1.5, "amount": 2.0, "fee": null, "info": info});
        serde_json::from_value(row).unwrap()
    }

    #[test]
    fn the_next_page_is_where_the_exchange_says_that_it_is() {
        let rows = [row(7, &json!({"billId": "100"})), row(9, &json!({"billId": 99})), row(8, &json!({}))];
        let answer = json!({"next": "a,b", "last": 12, "none": "", "zero": 0, "pages": 3});
        let place = Place::first(Some(Timestamp::from_millis(5)));
        let check = |older, rows: &[Trade], expected: Option<(i64, Json)>| match place.behind(older, rows, &answer, 2) {
            Behind::Page(next) => assert_eq!(Some((next.since.unwrap().millis(), next.more)), expected, "{older:?}"),
            Behind::Nothing | Behind::Unknown => assert_eq!(None, expected, "{older:?}"),
        };
        let by = |at| Older::By { word: "w", at };
        let told = |at| Older::Told { word: "w", at };
        let numbered = |of| Older::Numbered { word: "w", of };
        check(by("/billId"), &rows, Some((5, json!({"w": "99"}))));
        check(by("/nothing"), &rows, None);
        check(told("/next"), &rows, Some((5, json!({"w": "a,b"}))));
        check(told("/last"), &rows, Some((5, json!({"w": "12"}))));
        check(told("/none"), &rows, None);
        check(told("/zero"), &rows, None);
        check(numbered("/pages"), &rows, Some((5, json!({"w": 3}))));
        check(numbered("/last"), &rows, Some((5, json!({"w": 3}))));
        check(numbered("/nothing"), &rows, Some((5, json!({"w": 3}))));
        check(Older::Since, &rows, Some((9, json!({}))));
        check(Older::Since, &[], None);
        let last = place.behind(numbered("/pages"), &rows, &answer, 3);
        assert!(matches!(last, Behind::Nothing), "{last:?}");
    }

    #[test]
    fn behind_a_short_page_is_nothing_and_a_list_that_is_told_whole_has_one_page() {
        let by = Paging::of(100, Older::By { word: "w", at: "/id" });
        assert_eq!((by.is_last(19), by.is_last(20)), (true, false));
        let unseen = Paging::of(100, Older::Since);
        assert_eq!((unseen.is_last(99), unseen.is_last(100)), (true, false));
        assert!(Paging { rows: None, ..by }.is_last(5_000));
    }
}
