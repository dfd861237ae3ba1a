//! Whale alerts, and how far their sources were read: rows of the table of markets.
//!
//! 1. An alert stands on the day on which it was detected, and is found by its id through a row beside it. Both are created together.
//! 2. What stands is counted by the day of its block in the very write that creates it, revokes it or brings it back.
//! 3. What is to be measured of an alert is written with it, and goes in the very write that keeps what was measured.
//! 4. The row of a source moves on in one write with all changes that are to be made for it.

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
use domain::whale::{After, MarketSentiment, Watch, WhaleAlert, WhaleFilter, WhaleStatus, ten_thousandths};
use std::collections::BTreeMap;
use wire::stored::{
    self, Schema, SentimentHour, WatchedSource, WhaleDay, WhaleDue, WhalePointer, WhaleRequests, WhaleWatch,
};
use wire::text::Text;

/// Alerts and their counts are kept so long.
pub const KEPT: Millis = Millis::seconds(91 * 86_400);
const SOURCES: &str = "WHALES";
/// Sources that are enabled: the scheduler starts `whale-watch` while there are any.
const WATCHED: &str = "WHALESON";
const DAYS: &str = "WHALEDAYS";
const DUE: &str = "WHALEDUE";
const SENTIMENT: &str = "SENTIMENT";
/// Of one request for a list, and of each of its queries.
const ROWS_OF_A_LOOK: u32 = 5_000;
const ROWS_AT_ONCE: i32 = 500;
/// Of what is due, in one request.
const DUE_AT_ONCE: i32 = 500;
const ITSELF: &str = "A";
/// What is added up of a day: each alert, then what was measured after an hour and after a day, in ten thousandths of a percent.
const SUMS: [&str; 11] = [
    "alerts",
    "cents",
    "scores",
    "measured_1h",
    "change_1h",
    "base_1h",
    "unusual_1h",
    "measured_24h",
    "change_24h",
    "base_24h",
    "unusual_24h",
];

/// What is known of large transfers.
#[derive(Debug)]
pub struct Whales<'a, E>(pub &'a E);

/// An alert and which version of its row it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAlert {
    pub alert: WhaleAlert,
    pub version: u64,
}

/// What is to be measured of an alert, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub alert: WhaleAlertId,
    pub after: After,
    pub at: Timestamp,
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
        self.keep(alert, seen, Vec::new()).await
    }

    /// What was measured of it: it is not due any more. False where the alert was changed meanwhile.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_measured(&self, alert: &WhaleAlert, seen: &KeptAlert, due: &Due) -> Result<bool, StoreError> {
        self.keep(alert, Some(seen), vec![Write::delete(due_key(due))]).await
    }

    async fn keep(&self, alert: &WhaleAlert, seen: Option<&KeptAlert>, beside: Vec<Write>) -> Result<bool, StoreError> {
        let version = seen.map_or(1, |seen| seen.version.saturating_add(1));
        let (key, row) = (alert_key(alert.detected_at, &alert.id), stored::WhaleAlert::of(alert, version));
        let end = ttl(alert.detected_at.plus(KEPT));
        let write = Write::versioned(key, &row, seen.map(|seen| seen.version))?.set("ttl", end.clone());
        let mut writes = vec![write];
        if seen.is_none() {
            let pointer = WhalePointer { v: Schema, detected_at: alert.detected_at.millis() };
            let pointer = Write::replace(pointer_key(&alert.id), to_item(&pointer)?).when(ABSENT);
            writes.push(pointer.set("ttl", end.clone()));
        }
        let before = seen.map(|seen| &seen.alert);
        for (after, at) in alert.due(before) {
            let (row, due) = (WhaleDue::of(&alert.id, after, at), Due { alert: alert.id.clone(), after, at });
            writes.push(Write::replace(due_key(&due), to_item(&row)?).set("ttl", end.clone()));
        }
        writes.extend(counted(before, alert)?);
        writes.extend(beside);
        Rows(self.0).all_or_none(writes, &Rows(self.0).stamp()?).await
    }

    /// What was to be measured by then, oldest first, some of it; behind one of them. What a newer release has written is left out.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list_due(&self, by: Timestamp, behind: Option<&Due>) -> Result<Vec<Due>, StoreError> {
        let first = behind.map_or_else(|| sort(Timestamp::default()), |due| due_key(due).sk);
        let within = Within::Between(first, sort(by.plus(Millis::new(1))));
        let query = Query::of(Table::Market, DUE).within(within).limit(DUE_AT_ONCE).lagging();
        let rows = Rows(self.0).page(&query).await?.items;
        let due = |row: WhaleDue| Due { alert: row.alert.0, after: row.after.0, at: Timestamp::from_millis(row.at) };
        let read = rows.into_iter().filter_map(|row| from_item(row).map(due).ok());
        Ok(read.filter(|due| Some(due) != behind).collect())
    }

    /// Nothing is measured of it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn drop_due(&self, due: &Due) -> Result<(), StoreError> {
        Rows(self.0).send(Write::delete(due_key(due))).await.map(drop)
    }

    /// Of which hour the newest sentiment of the markets is, also if a newer release has written it.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn newest_sentiment(&self) -> Result<Option<Timestamp>, StoreError> {
        let query = Query::of(Table::Market, SENTIMENT).newest_first().limit(1).lagging();
        let rows = Rows(self.0).page(&query).await?.items;
        Ok(rows.first().map(|row| text_of(row, "sk")).transpose()?.and_then(time_of))
    }

    /// Of all markets in one hour, once; false where it is there.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_sentiment(&self, hour: Timestamp, markets: &[MarketSentiment]) -> Result<bool, StoreError> {
        let row = to_item(&SentimentHour::of(hour, markets))?;
        let write = Write::replace(Key::new(Table::Market, SENTIMENT, sort(hour)), row).when(ABSENT);
        let written = Rows(self.0).send(write.set("ttl", ttl(hour.plus(KEPT)))).await?;
        Ok(matches!(written, Written::Done(_)))
    }

    /// From one hour on, newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_sentiment(&self, since: Timestamp) -> Result<Vec<SentimentHour>, StoreError> {
        let query = Query::of(Table::Market, SENTIMENT).within(Within::After(sort(since))).newest_first().lagging();
        Rows(self.0).pages(query).await?.into_iter().map(from_item).collect()
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
    let mut rows: BTreeMap<(Timestamp, &str, &str), [i64; SUMS.len()]> = BTreeMap::new();
    for (alert, sign) in [(before.filter(stands), -1), (Some(after).filter(stands), 1)] {
        let Some(alert) = alert else { continue };
        let transfer = &alert.transfer;
        let (day, asset, kind) = (alert.at.begin_of_day(), transfer.units.of.asset.as_str(), transfer.kind.as_str());
        let row = rows.entry((day, asset, kind)).or_default();
        for (sum, more) in row.iter_mut().zip(sums(alert)?) {
            *sum = sum.saturating_add(i64::saturating_mul(sign, more));
        }
    }
    let changed = rows.into_iter().filter(|(_, sums)| *sums != [0; SUMS.len()]);
    Ok(changed.map(|(of, sums)| by_day(of, sums)).collect())
}

/// What an alert adds to its day, in the order of [`SUMS`]. What was measured against nothing does not count.
fn sums(alert: &WhaleAlert) -> Result<Vec<i64>, StoreError> {
    let cents = alert.transfer.cents();
    let cents = cents.ok_or_else(|| StoreError::unreadable("a worth beyond what can be counted"))?;
    let mut sums = vec![1, cents, i64::from(alert.significance.score)];
    for after in After::ALL {
        let impact = alert.impacts.get(&after);
        let measured = impact.and_then(|impact| Some((impact, impact.base?, impact.is_unusual()?)));
        sums.extend(measured.map_or([0; 4], |(impact, base, is_unusual)| {
            [1, ten_thousandths(impact.change), ten_thousandths(base.mean), i64::from(is_unusual)]
        }));
    }
    Ok(sums)
}

fn by_day((day, asset, kind): (Timestamp, &str, &str), sums: [i64; SUMS.len()]) -> Write {
    let write = Write::update(Key::new(Table::Market, DAYS, format!("{}#{asset}#{kind}", day_name(day.day()))))
        .set("v", number(1))
        .set("asset", text(asset))
        .set("kind", text(kind))
        .set("ttl", ttl(day.plus(KEPT)));
    // A day's first alert has the first three of them; the others are left out until something is measured.
    let added = SUMS.into_iter().zip(sums).enumerate().filter(|(at, (_, more))| *at < 3 || *more != 0);
    added.fold(write, |write, (_, (name, more))| write.add(name, number(more)))
}

fn watch_key(source: &SourceId) -> Key {
    Key::new(Table::Market, SOURCES, format!("C#{source}"))
}

fn requests_key(source: &SourceId) -> Key {
    Key::new(Table::Market, SOURCES, format!("R#{source}"))
}

fn due_key(Due { alert, after, at }: &Due) -> Key {
    Key::new(Table::Market, DUE, format!("{}#{alert}#{}", sort(*at), after.as_str()))
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
