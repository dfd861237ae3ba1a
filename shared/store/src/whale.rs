//! Whale alerts, and how far their sources were read: rows of the table of markets.
//!
//! 1. An alert stands on the day on which it was detected, and is found by its id through a row beside it. Both are created together.
//! 2. What stands is counted by the day of its block in the very write that creates it, revokes it or brings it back.
//! 3. The row of a source moves on in one write with all changes that are to be made for it.

use crate::condition::ABSENT;
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{from_item, number, text, text_of, to_item, ttl};
use crate::key::{Key, Table};
use crate::page::{Page, PageRequest};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::{Millis, Timestamp};
use domain::ids::{SourceId, WhaleAlertId};
use domain::whale::{Watch, WhaleAlert, WhaleFilter, WhaleStatus};
use std::collections::BTreeMap;
use wire::stored::{self, Schema, WatchedSource, WhaleDay, WhalePointer, WhaleRequests, WhaleWatch};
use wire::text::Text;

/// Alerts and their counts are kept so long.
pub const KEPT: Millis = Millis::seconds(91 * 86_400);
const SOURCES: &str = "WHALES";
/// Sources that are enabled: the scheduler starts `whale-watch` while there are any.
const WATCHED: &str = "WHALESON";
const DAYS: &str = "WHALEDAYS";
/// Of one request for a list, and of each of its queries.
const ROWS_OF_A_LOOK: u32 = 5_000;
const ROWS_AT_ONCE: i32 = 500;
const ITSELF: &str = "A";

/// What is known of large transfers.
#[derive(Debug)]
pub struct Whales<'a, E>(pub &'a E);

/// An alert and which version of its row it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAlert {
    pub alert: WhaleAlert,
    pub version: u64,
}

/// That this source is watched from now on.
///
/// # Errors
/// See [`to_item`].
pub fn watched_row(source: &SourceId) -> Result<Write, StoreError> {
    let row = WatchedSource { v: Schema, source: Text(source.clone()) };
    Ok(Write::replace(Key::new(Table::Market, WATCHED, source.as_str()), to_item(&row)?))
}

/// That it is watched no more.
pub(crate) fn watched_no_more(source: &SourceId) -> Write {
    Write::delete(Key::new(Table::Market, WATCHED, source.as_str()))
}

impl<E: Engine> Whales<'_, E> {
    /// Whether any source is enabled.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn is_any_watched(&self) -> Result<bool, StoreError> {
        let found = Rows(self.0).page(&Query::of(Table::Market, WATCHED).lagging().limit(1)).await?;
        Ok(!found.items.is_empty())
    }

    /// How far it was read, and how much was asked for that, is forgotten.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn drop_watch(&self, source: &SourceId) -> Result<(), StoreError> {
        Rows(self.0).send(Write::delete(requests_key(source))).await?;
        Rows(self.0).send(Write::delete(watch_key(source))).await.map(drop)
    }

    /// Adds requests of a run; where its answer is lost they may be counted twice.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn count_requests(&self, source: &SourceId, requests: u64) -> Result<(), StoreError> {
        let write = Write::update(requests_key(source)).set("v", number(1)).add("requests", number(requests));
        Rows(self.0).send(write).await.map(drop)
    }

    /// Since it was created.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_requests(&self, source: &SourceId) -> Result<u64, StoreError> {
        let row = Rows(self.0).load::<WhaleRequests>(&requests_key(source)).await?;
        Ok(row.map_or(0, |row| row.requests))
    }

    /// None of a source that was never read.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_watch(&self, source: &SourceId) -> Result<Option<Watch>, StoreError> {
        let row = Rows(self.0).load::<WhaleWatch>(&watch_key(source)).await?;
        row.map(Watch::try_from).transpose().map_err(StoreError::unreadable)
    }

    /// In the place of the version that it was read as; false where another run was first. As its next version it is returned.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_watch(&self, watch: &Watch) -> Result<Option<Watch>, StoreError> {
        let (seen, next) = (Some(watch.version).filter(|version| *version > 0), watch.version.saturating_add(1));
        let watch = Watch { version: next, ..watch.clone() };
        let write = Write::versioned(watch_key(&watch.source), &WhaleWatch::from(&watch), seen)?;
        let written = Rows(self.0).send(write).await?;
        Ok(matches!(written, Written::Done(_)).then_some(watch))
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_alert(&self, id: &WhaleAlertId) -> Result<Option<KeptAlert>, StoreError> {
        let Some(pointer) = Rows(self.0).load::<WhalePointer>(&pointer_key(id)).await? else { return Ok(None) };
        let key = alert_key(Timestamp::from_millis(pointer.detected_at), id);
        Rows(self.0).load::<stored::WhaleAlert>(&key).await?.map(kept).transpose()
    }

    /// In the place of what was seen, where that stands still; false where it does not.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_alert(&self, alert: &WhaleAlert, seen: Option<&KeptAlert>) -> Result<bool, StoreError> {
        let version = seen.map_or(1, |seen| seen.version.saturating_add(1));
        let (key, row) = (alert_key(alert.detected_at, &alert.id), stored::WhaleAlert::of(alert, version));
        let end = ttl(alert.detected_at.plus(KEPT));
        let write = Write::versioned(key, &row, seen.map(|seen| seen.version))?.set("ttl", end.clone());
        let mut writes = vec![write];
        if seen.is_none() {
            let pointer = WhalePointer { v: Schema, detected_at: alert.detected_at.millis() };
            let pointer = Write::replace(pointer_key(&alert.id), to_item(&pointer)?).when(ABSENT);
            writes.push(pointer.set("ttl", end));
        }
        let before = seen.map(|seen| &seen.alert);
        writes.extend(counted(before, alert)?);
        Rows(self.0).all_or_none(writes, &Rows(self.0).stamp()?).await
    }

    /// Those that were detected since then, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_detected(&self, since: Timestamp, now: Timestamp) -> Result<Vec<WhaleAlert>, StoreError> {
        let (since, mut alerts) = (since.max(now.minus(KEPT)), Vec::new());
        for day in since.day()..=now.day() {
            let within = Within::Between(sort(since), sort(now.plus(Millis::new(1))));
            let rows = Rows(self.0).pages(Query::of(Table::Market, day_of(day)).within(within)).await?;
            for row in rows {
                alerts.push(kept(from_item(row)?)?.alert);
            }
        }
        Ok(alerts)
    }

    /// Those that a filter has, of a span of times at which they were detected, newest first. A page may be short.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_alerts(
        &self,
        filter: &WhaleFilter,
        (since, until): (Timestamp, Timestamp),
        page: &PageRequest,
    ) -> Result<Page<WhaleAlert>, StoreError> {
        let (most, mut rows_left) = (usize::try_from(page.limit).unwrap_or(usize::MAX), ROWS_OF_A_LOOK);
        // Behind the last one that was read, which is no part of this page.
        let mut before = page.cursor.clone().unwrap_or_else(|| sort(until));
        let mut at = time_of(&before).unwrap_or(until).min(until);
        let mut items = Vec::new();
        while since.day() <= at.day() {
            let query = Query::of(Table::Market, day_of(at.day())).newest_first().limit(ROWS_AT_ONCE);
            let rows = Rows(self.0).page(&query.within(Within::Between(sort(since), before.clone()))).await?;
            let is_last = rows.next.is_none();
            for row in rows.items {
                let place = text_of(&row, "sk")?.to_owned();
                if place == before {
                    continue;
                }
                before = place;
                rows_left = rows_left.saturating_sub(1);
                let alert = kept(from_item(row)?)?.alert;
                if filter.has(&alert) {
                    items.push(alert);
                }
                if items.len() >= most || rows_left == 0 {
                    return Ok(Page { items, next: Some(before) });
                }
            }
            if is_last {
                before = sort(at.begin_of_day());
                at = at.begin_of_day().minus(Millis::new(1));
            }
        }
        Ok(Page { items, next: None })
    }

    /// What stands by the day of its block, from a day on: by asset and type.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn count_days(&self, since: i64) -> Result<Vec<WhaleDay>, StoreError> {
        let query = Query::of(Table::Market, DAYS).within(Within::After(day_name(since)));
        Rows(self.0).pages(query).await?.into_iter().map(from_item).collect()
    }
}

fn kept(row: stored::WhaleAlert) -> Result<KeptAlert, StoreError> {
    let version = row.version;
    Ok(KeptAlert { alert: row.try_into().map_err(StoreError::unreadable)?, version })
}

/// What counts of a day change by: nothing as long as it goes on standing as it stood, or goes on being revoked. A row is written once.
fn counted(before: Option<&WhaleAlert>, after: &WhaleAlert) -> Result<Vec<Write>, StoreError> {
    let stands = |alert: &&WhaleAlert| alert.status != WhaleStatus::Orphaned;
    let mut rows: BTreeMap<(Timestamp, &str, &str), [i64; 3]> = BTreeMap::new();
    for (alert, sign) in [(before.filter(stands), -1), (Some(after).filter(stands), 1)] {
        let Some(alert) = alert else { continue };
        let transfer = &alert.transfer;
        let (day, asset, kind) = (alert.at.begin_of_day(), transfer.units.of.asset.as_str(), transfer.kind.as_str());
        let row = rows.entry((day, asset, kind)).or_default();
        let cents = transfer.cents().ok_or_else(|| StoreError::unreadable("a worth beyond what can be counted"))?;
        for (sum, more) in row.iter_mut().zip([1, cents, i64::from(alert.significance.score)]) {
            *sum = sum.saturating_add(i64::saturating_mul(sign, more));
        }
    }
    let changed = rows.into_iter().filter(|(_, sums)| *sums != [0; 3]);
    Ok(changed.map(|(of, sums)| by_day(of, sums)).collect())
}

fn by_day((day, asset, kind): (Timestamp, &str, &str), [alerts, cents, scores]: [i64; 3]) -> Write {
    Write::update(Key::new(Table::Market, DAYS, format!("{}#{asset}#{kind}", day_name(day.day()))))
        .set("v", number(1))
        .set("asset", text(asset))
        .set("kind", text(kind))
        .set("ttl", ttl(day.plus(KEPT)))
        .add("alerts", number(alerts))
        .add("cents", number(cents))
        .add("scores", number(scores))
}

fn watch_key(source: &SourceId) -> Key {
    Key::new(Table::Market, SOURCES, format!("C#{source}"))
}

fn requests_key(source: &SourceId) -> Key {
    Key::new(Table::Market, SOURCES, format!("R#{source}"))
}

fn pointer_key(id: &WhaleAlertId) -> Key {
    Key::new(Table::Market, format!("WHA#{id}"), ITSELF)
}

fn alert_key(detected_at: Timestamp, id: &WhaleAlertId) -> Key {
    Key::new(Table::Market, day_of(detected_at.day()), format!("{}#{id}", sort(detected_at)))
}

fn day_of(day: i64) -> String {
    format!("WHD#{}", day_name(day))
}

fn day_name(day: i64) -> String {
    format!("{day:08}")
}

/// Of a place among alerts.
fn time_of(place: &str) -> Option<Timestamp> {
    let (time, _) = place.split_once('#').unwrap_or((place, ""));
    time.parse().ok().map(Timestamp::from_millis)
}

fn sort(at: Timestamp) -> String {
    format!("{:013}", at.millis())
}
