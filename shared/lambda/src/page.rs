//! Which part of a list is asked for, and how it is answered.

use crate::edge::Problem;
use app::ports::{Page, PageRequest};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use domain::clock::Timestamp;
use domain::ids::{Sha, UserId};
use domain::limits::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use serde::Deserialize;
use std::fmt::Display;
use std::str::FromStr;
use wire::view::List;

const CHECK_CHARACTERS: usize = 12;
const CURSOR_CHARACTERS_MAX: usize = 2_048;

/// `?limit=` and `?cursor=`, as they were given.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    limit: Option<String>,
    cursor: Option<String>,
}

/// One list of one user. Its cursors are good for nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    pub name: &'a str,
    pub user: &'a UserId,
}

/// A parameter of a query that has one written form.
///
/// # Errors
/// 422 that names it, with what is allowed.
pub fn parameter<T: FromStr<Err: Display>>(name: &'static str, text: Option<&str>) -> Result<Option<T>, Problem> {
    let wrong = |wrong: T::Err| Problem::field(name, format!("{name} {wrong}"));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<Self>::try_from_uri(&parts.uri);
        query
            .map(|Query(asked)| asked)
            .map_err(|_| Problem::field("limit", "limit and cursor are given once each, as text"))
    }
}

impl Asked {
    /// # Errors
    /// 422 where the limit or the cursor is none.
    pub fn page(&self, list: Listed<'_>) -> Result<PageRequest, Problem> {
        let cursor = self.cursor.as_deref().map(|cursor| list.open(cursor)).transpose()?;
        Ok(PageRequest { limit: self.wanted()?.unwrap_or(PAGE_ITEMS_DEFAULT).min(PAGE_ITEMS_MAX), cursor })
    }

    /// The same, of a list whose page is another where nothing is asked for.
    ///
    /// # Errors
    /// 422 where the limit or the cursor is none.
    pub fn page_or(&self, list: Listed<'_>, default: u32) -> Result<PageRequest, Problem> {
        let limit = self.wanted()?.unwrap_or(default).min(PAGE_ITEMS_MAX);
        Ok(PageRequest { limit, ..self.page(list)? })
    }

    /// The part of a list that was read whole; it goes on behind the place of the last item shown, so that none is shown twice or
    /// left out where others come or go meanwhile. Each item has a place of its own, and the list stands in their order.
    ///
    /// # Errors
    /// 422 where the limit or the cursor is none; where an item cannot be shown.
    pub fn part<T, V>(
        &self,
        list: Listed<'_>,
        items: Vec<T>,
        place: impl Fn(&T) -> String,
        view: impl FnMut(&T) -> Result<V, Problem>,
    ) -> Result<List<V>, Problem> {
        let PageRequest { limit, cursor } = self.page(list)?;
        let mut rest: Vec<_> = items.into_iter().map(|item| (place(&item), item)).collect();
        rest.retain(|(place, _)| cursor.as_ref().is_none_or(|shown| place > shown));
        rest.sort_by(|(one, _), (other, _)| one.cmp(other));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let goes_on = rest.len() > limit;
        rest.truncate(limit);
        let next = rest.last().filter(|_| goes_on).map(|(place, _)| place.clone());
        self.answer(list, Page { items: rest.into_iter().map(|(_, item)| item).collect(), next }, view)
    }

    /// The answer; it says the limit where less was given than asked for.
    ///
    /// # Errors
    /// Where an item cannot be shown.
    pub fn answer<T, V>(
        &self,
        list: Listed<'_>,
        page: Page<T>,
        view: impl FnMut(&T) -> Result<V, Problem>,
    ) -> Result<List<V>, Problem> {
        let items = page.items.iter().map(view).collect::<Result<_, _>>()?;
        let clamped = self.wanted()?.is_some_and(|limit| limit > PAGE_ITEMS_MAX);
        let next_cursor = page.next.map(|next| list.seal(&next));
        Ok(List { items, next_cursor, limit: clamped.then_some(PAGE_ITEMS_MAX) })
    }

    fn wanted(&self) -> Result<Option<u32>, Problem> {
        let Some(text) = self.limit.as_deref() else { return Ok(None) };
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // Digits that do not fit are a large number.
        let limit = digits.then(|| text.parse().unwrap_or(u32::MAX)).filter(|limit| *limit > 0);
        let allowed = || Problem::field("limit", format!("limit must be a whole number from 1 to {PAGE_ITEMS_MAX}"));
        limit.map(Some).ok_or_else(allowed)
    }
}

/// The place of what was made then, among what is listed oldest first.
pub fn oldest_first(at: Timestamp, id: &str) -> String {
    format!("{:020} {id}", at.millis().max(0))
}

/// The same, newest first.
pub fn newest_first(at: Timestamp, id: &str) -> String {
    format!("{:020} {id}", i64::MAX.saturating_sub(at.millis().max(0)))
}

impl Listed<'_> {
    /// Opaque text that only this list takes back. The check is no signature: whoever forges one goes on elsewhere among their own
    /// rows, since the partition is never the cursor's.
    fn seal(self, place: &str) -> String {
        BASE64URL_NOPAD.encode(format!("{}{place}", self.check(place)).as_bytes())
    }

    fn open(self, cursor: &str) -> Result<String, Problem> {
        let known = || Problem::field("cursor", "cursor must be the next_cursor of an earlier answer of this list");
        let short = cursor.len() <= CURSOR_CHARACTERS_MAX;
        let bytes = short.then(|| BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()).flatten().ok_or_else(known)?;
        let text = String::from_utf8(bytes).map_err(|_| known())?;
        let (check, place) = text.split_at_checked(CHECK_CHARACTERS).ok_or_else(known)?;
        if check == self.check(place) { Ok(place.to_owned()) } else { Err(known()) }
    }

    fn check(self, place: &str) -> String {
        Sha::of_parts(&[self.name, self.user.as_str(), place]).as_str().chars().take(CHECK_CHARACTERS).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(limit: Option<&str>) -> Asked {
        Asked { limit: limit.map(str::to_owned), cursor: None }
    }

    #[test]
    fn a_limit_is_clamped_above_and_refused_below() {
        let user = UserId::of(&["u"]);
        let list = Listed { name: "orders", user: &user };
        let check = |given: Option<&str>, used: Option<u32>, told: Option<u32>| {
            let asked = asked(given);
            let page = asked.page(list);
            assert_eq!(page.as_ref().ok().map(|page| page.limit), used, "{given:?}");
            if let Err(problem) = page {
                assert_eq!((problem.status().as_u16(), problem.code()), (422, "invalid_field"));
                return;
            }
            let page = Page { items: vec![1], next: None };
            assert_eq!(asked.answer(list, page, |item| Ok(*item)).unwrap().limit, told, "{given:?}");
        };
        check(None, Some(50), None);
        check(Some("1"), Some(1), None);
        check(Some("200"), Some(200), None);
        check(Some("201"), Some(200), Some(200));
        check(Some("99999999999999999999"), Some(200), Some(200));
        for wrong in ["0", "00", "-1", "", "ten", "1.5", "+5"] {
            check(Some(wrong), None, None);
        }
    }

    #[test]
    fn a_list_that_is_read_whole_goes_on_whatever_came_or_went_meanwhile() {
        let user = UserId::of(&["u"]);
        let list = Listed { name: "roles", user: &user };
        let part = |asked: &Asked, names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            asked.part(list, names, String::clone, |name: &String| Ok(name.clone())).unwrap()
        };
        let first = part(&asked(Some("2")), &["c", "a", "d", "b"]);
        assert_eq!((first.items, first.next_cursor.is_some()), (vec!["a".to_owned(), "b".to_owned()], true));
        let next = Asked { limit: Some("2".to_owned()), cursor: first.next_cursor };
        let second = part(&next, &["a", "aa", "bb", "c", "d"]);
        assert_eq!((second.items, second.next_cursor.is_some()), (vec!["bb".to_owned(), "c".to_owned()], true));
        let last = part(&Asked { cursor: second.next_cursor, ..asked(None) }, &["a", "d"]);
        assert_eq!((last.items, last.next_cursor), (vec!["d".to_owned()], None));
        assert_eq!(part(&asked(Some("2")), &["a", "b"]).next_cursor, None, "nothing is left");
        for wrong in [asked(Some("0")), Asked { cursor: Some("forged".to_owned()), ..asked(None) }] {
            let refused = wrong.part(list, vec!["a".to_owned()], String::clone, |name| Ok(name.clone()));
            assert_eq!(refused.unwrap_err().status().as_u16(), 422);
        }
    }

    #[test]
    fn what_was_made_when_has_its_place() {
        let at = Timestamp::from_millis;
        assert!(
            oldest_first(at(9), "b") < oldest_first(at(10), "a")
                && newest_first(at(9), "a") > newest_first(at(10), "b")
        );
        assert!(oldest_first(at(9), "a") < oldest_first(at(9), "b"));
    }

    #[test]
    fn a_cursor_is_taken_back_by_its_own_list_alone() {
        let (user, other) = (UserId::of(&["u"]), UserId::of(&["o"]));
        let list = Listed { name: "orders", user: &user };
        let cursor = list.seal("2025#ord_1");
        assert_eq!(list.open(&cursor).unwrap(), "2025#ord_1");
        assert!(Listed { name: "deliveries", ..list }.open(&cursor).is_err());
        assert!(Listed { user: &other, ..list }.open(&cursor).is_err());
        for wrong in ["", "x", "####", "b3JkXzE", &"A".repeat(4_000)] {
            assert!(list.open(wrong).is_err(), "{wrong}");
        }
    }
}
