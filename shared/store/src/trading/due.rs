//! What is due: bells that may not have been rung, deliveries without a final verdict.
//!
//! The index says where to look and may lag; the row itself says whether it is due.

use super::Trading;
use super::deliveries;
use super::keys;
use super::parked;
use super::trail;
use super::trail::Outbox;
use crate::condition::{DUE_AS_SEEN, NOT_DUE, PRESENT, SENDS_AS_SEEN};
use crate::engine::{Engine, Written};
use crate::error::{CommitError, StoreError};
use crate::item::{from_item, number, text_of, time, ttl};
use crate::key::{Key, Table};
use crate::query::{Index, Query, Within};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::delivery::Delivery;
use domain::limits;
use domain::parked::Parked;
use wire::stored;

/// Rows of one shard that one minute serves; the rest is due in the next.
const DUE_PER_SHARD_MAX: usize = 100;
/// Entries of the index that are asked for at once, and how often: behind so many rows that cannot be read the others wait.
const DUE_PER_PAGE: i32 = 100;
const DUE_PAGES_MAX: usize = 20;

impl<E: Engine> Trading<'_, E> {
    /// Bells of a shard that are due, as their rows are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn due_outbox(&self, shard: u8, now: Timestamp) -> Result<Vec<Outbox>, StoreError> {
        let read = |item: Item| {
            let sk = text_of(&item, "sk")?.to_owned();
            from_item::<stored::Outbox>(item).map(|row| trail::outbox(row, &sk))
        };
        let due = |outbox: &Outbox| outbox.due_at <= now;
        self.due(keys::due_outbox(shard), now, |item| readable(read(item)).flatten().filter(due)).await
    }

    /// Deliveries of a shard that are due, as their rows are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn due_deliveries(&self, shard: u8, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
        let due = |delivery: &Delivery| delivery.due_at.is_some_and(|due_at| due_at <= now);
        self.due(keys::due_deliveries(shard), now, |item| readable(deliveries::read(item)).filter(due)).await
    }

    /// Counts a send and moves its time; false where the row has gone or was moved by another.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn postpone_outbox(&self, outbox: &Outbox, next: Timestamp) -> Result<bool, StoreError> {
        let sends = outbox.sends.saturating_add(1);
        let write = Write::update(keys::outbox(&outbox.bell)).set("due_at", time(next)).set("sends", number(sends));
        Ok(matches!(Rows(self.0).send(as_seen(write, outbox)).await?, Written::Done(_)))
    }

    /// Takes the row of a bell that was rung off the due list. A row that is gone already is success.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn done_outbox(&self, outbox: &Outbox, now: Timestamp) -> Result<(), StoreError> {
        let done = put_away(outbox, now).when(PRESENT);
        // Not deleted: the minute has no right to delete. A row that holds nothing else expires by itself.
        let alone = outbox.bell.again.is_some();
        let done = if alone { done.set("ttl", ttl(now.plus(limits::DEDUPE))) } else { done };
        Rows(self.0).send(done).await.map(drop)
    }

    /// Takes an outbox row off the due list and puts what is left to a person in its place; nothing happens where the
    /// row has gone or was moved by another.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn park_outbox(&self, outbox: &Outbox, row: &Parked) -> Result<(), StoreError> {
        let writes = vec![as_seen(put_away(outbox, row.at), outbox), parked::put(row)?];
        match Rows(self.0).transact(writes, &Rows(self.0).stamp()?).await {
            Ok(()) | Err(CommitError::LostRace) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// Moves the time of a delivery without a final verdict; `decisions` rises where a new decision is asked for.
    /// False where the row was settled or moved by another.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn postpone_delivery(
        &self,
        delivery: &Delivery,
        decisions: u32,
        next: Timestamp,
    ) -> Result<bool, StoreError> {
        let postpone = |write: Write| {
            let write = deliveries::undecided(write).set("decisions", number(decisions)).set("due_at", time(next));
            match delivery.due_at {
                Some(due_at) => write.when(DUE_AS_SEEN).given("seen_due_at", time(due_at)),
                None => deliveries::due(write.when(NOT_DUE), &delivery.at, Some(next)),
            }
        };
        Ok(matches!(self.write_delivery(&delivery.at, postpone).await?, Written::Done(_)))
    }

    /// The rows that the index names, as they are now. What cannot be served stays where it is, in front: it is passed over, so that it
    /// takes the place of no other.
    async fn due<T>(
        &self,
        pk: String,
        now: Timestamp,
        serve: impl Fn(Item) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut query = Query::index(Index::Due, pk).within(Within::UpTo(time(now))).limit(DUE_PER_PAGE);
        gather(async |start| {
            query.start = start;
            let (found, mut rows) = (Rows(self.0).page(&query).await?, Vec::new());
            for entry in found.items {
                let (pk, sk) = (text_of(&entry, "pk")?.to_owned(), text_of(&entry, "sk")?.to_owned());
                rows.extend(Rows(self.0).get(&Key::new(Table::Trading, pk, sk)).await?.and_then(&serve));
            }
            Ok((rows, found.next))
        })
        .await
    }
}

/// What can be served of one page after the other, until that is enough.
async fn gather<T, N>(
    mut page: impl AsyncFnMut(Option<N>) -> Result<(Vec<T>, Option<N>), StoreError>,
) -> Result<Vec<T>, StoreError> {
    let (mut rows, mut start) = (Vec::new(), None);
    for _ in 0..DUE_PAGES_MAX {
        let (found, next) = page(start).await?;
        rows.extend(found);
        if rows.len() >= DUE_PER_SHARD_MAX || next.is_none() {
            break;
        }
        start = next;
    }
    Ok(rows)
}

/// A row that cannot be read must not keep the others of its shard waiting; it stays due, and is told of each minute.
fn readable<T>(row: Result<T, StoreError>) -> Option<T> {
    row.inspect_err(|error| tracing::error!(%error, "a due row is left alone")).ok()
}

fn put_away(outbox: &Outbox, now: Timestamp) -> Write {
    Write::update(keys::outbox(&outbox.bell)).remove("due_pk").remove("due_at").at(now)
}

fn as_seen(write: Write, outbox: &Outbox) -> Write {
    let write = write.when(DUE_AS_SEEN).given("seen_due_at", time(outbox.due_at));
    write.when(SENDS_AS_SEEN).given("seen_sends", number(outbox.sends))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// Of so many pages, each with so many rows that can be served: how many rows came, and of how many pages.
    fn gathered(pages: &[usize]) -> (usize, usize) {
        let mut asked = 0;
        let rows = gather(async |start: Option<usize>| {
            asked += 1;
            let page = start.unwrap_or_default();
            let next = page + 1;
            Ok((vec![(); pages[page]], (next < pages.len()).then_some(next)))
        });
        let rows = match pin!(rows).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(rows) => rows.unwrap().len(),
            Poll::Pending => unreachable!("nothing is waited for"),
        };
        (rows, asked)
    }

    #[test]
    fn rows_that_cannot_be_served_hide_none_behind_them() {
        assert_eq!(gathered(&[0, 0, 3, 0]), (3, 4), "two pages of which nothing can be read");
        assert_eq!(gathered(&[60, 60, 60]), (120, 2), "the rest is due in the next minute");
        assert_eq!(gathered(&[0; 30]), (0, 20));
        assert_eq!(gathered(&[0]), (0, 1));
    }
}
