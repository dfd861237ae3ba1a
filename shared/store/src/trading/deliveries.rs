//! Deliveries: one row per key and user. A newer alert under the same key takes the place, and the former row moves
//! beside it, whole.

use super::Trading;
use super::commit::Replaces;
use super::keys;
use crate::condition::{ABSENT, ACCEPTED, SAME_RECEIPT, UNDECIDED, UNDECIDED_OR_PARKED, VERSION_AS_SEEN};
use crate::engine::{Engine, Written};
use crate::error::{CommitError, StoreError};
use crate::item::{from_item, is_stamped, number, number_of, text, text_of, time, to_item, to_value, ttl};
use crate::key::{Key, of_user};
use crate::rows::Rows;
use crate::value::{Item, Value};
use crate::write::Write;
use domain::clock::Timestamp;
use domain::delivery::{Delivery, DeliveryRef, Identity, Verdict, VerdictKind};
use domain::ids::{AttemptId, Sha};
use domain::shard;
use wire::stored;
use wire::text::AsText;

/// What a put found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Written now, by this attempt.
    First,
    /// There already.
    Found(Box<Delivery>),
}

/// Whose put made the row. Unlike `written_by` it never changes, so that a lost answer is known again later.
const RECEIVED_BY: &str = "received_by";
const REPLACE_TRIES_MAX: u32 = 4;

impl<E: Engine> Trading<'_, E> {
    /// Puts the row on absence under its key, stamped with the attempt; one's own stamp counts as written now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn put_delivery(&self, delivery: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
        let row = row(delivery, attempt)?;
        let write = Write::replace(keys::delivery(&delivery.at), row).when(ABSENT);
        match Rows(self.0).write(write, attempt).await? {
            Written::Done(_) => Ok(Kept::First),
            Written::Refused(Some(stored)) => kept(stored, delivery, attempt),
            Written::Refused(None) => Err(StoreError::Unavailable("the row came and went".to_owned())),
        }
    }

    /// Puts the row in the place of an older one under the same key, which stays readable by its reference.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn replace_delivery(
        &self,
        new: &Delivery,
        old: &Delivery,
        attempt: &AttemptId,
    ) -> Result<Kept, StoreError> {
        for _ in 0..REPLACE_TRIES_MAX {
            let Some(stored) = Rows(self.0).get(&keys::delivery(&new.at)).await? else {
                return self.put_delivery(new, attempt).await;
            };
            if !stands(&stored, &old.at) {
                return kept(stored, new, attempt);
            }
            let (placed, moved) = replacement(new, old, stored, attempt)?;
            match Rows(self.0).transact(vec![placed, moved], attempt).await {
                Ok(()) => return Ok(Kept::First),
                // The old row gained something in between, or another alert was first: look again.
                Err(CommitError::LostRace) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Err(StoreError::Unavailable("the older delivery keeps changing".to_owned()))
    }

    /// What stands under its key, whenever that came.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn delivery_in_place(&self, at: &DeliveryRef) -> Result<Option<Delivery>, StoreError> {
        Rows(self.0).get(&keys::delivery(at)).await?.map(read).transpose()
    }

    /// Counts a repeat that may have been meant. Lost counts are not repaired.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn count_repeat(&self, delivery: &DeliveryRef) -> Result<(), StoreError> {
        let write = same_receipt(keys::delivery(delivery), delivery).add("repeats", number(1));
        Rows(self.0).send(write).await.map(drop)
    }

    /// Wherever the row stands by now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_delivery(&self, delivery: &DeliveryRef) -> Result<Option<Delivery>, StoreError> {
        let newest = Rows(self.0).get(&keys::delivery(delivery)).await?;
        let item = match newest.filter(|item| stands(item, delivery)) {
            Some(item) => Some(item),
            None => Rows(self.0).get(&keys::former_delivery(delivery)).await?,
        };
        item.map(read).transpose()
    }

    /// Makes a queued delivery due now; nothing happens where it is settled or gone.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn wake_delivery(&self, delivery: &DeliveryRef, now: Timestamp) -> Result<(), StoreError> {
        let wake = |write: Write| undecided(due(write, delivery, Some(now)));
        self.write_delivery(delivery, wake).await.map(drop)
    }

    /// Writes to the row wherever it stands by now.
    pub(super) async fn write_delivery(
        &self,
        at: &DeliveryRef,
        change: impl Fn(Write) -> Write,
    ) -> Result<Written, StoreError> {
        let stamp = Rows(self.0).stamp()?;
        let written = Rows(self.0).write(change(same_receipt(keys::delivery(at), at)), &stamp).await?;
        match &written {
            Written::Refused(stored) if !stored.as_ref().is_some_and(|item| stands(item, at)) => {
                Rows(self.0).write(change(same_receipt(keys::former_delivery(at), at)), &stamp).await
            }
            _ => Ok(written),
        }
    }

    /// The verdict as part of a commit.
    pub(super) async fn verdict_write(
        &self,
        delivery: &Delivery,
        verdict: &Verdict,
        due_at: Option<Timestamp>,
        replaces: Replaces,
    ) -> Result<Write, StoreError> {
        let write = same_receipt(self.place(delivery).await?, &delivery.at);
        let write = due(write, &delivery.at, due_at).set("verdict", verdict_value(verdict)?);
        Ok(match replaces {
            Replaces::Undecided => undecided(write),
            Replaces::Parked => {
                let write = write.when(UNDECIDED_OR_PARKED).given("parked", text(VerdictKind::Parked.to_text()));
                write.given("queued", text(VerdictKind::Queued.to_text()))
            }
            Replaces::Accepted => write.when(ACCEPTED).given("accepted", text(VerdictKind::Accepted.to_text())),
        })
    }

    /// Only where time tells alerts apart can the row have moved. If it moves after this, the commit loses its race.
    async fn place(&self, delivery: &Delivery) -> Result<Key, StoreError> {
        let newest = keys::delivery(&delivery.at);
        if delivery.identity != Identity::Clockless {
            return Ok(newest);
        }
        let stored = Rows(self.0).get(&newest).await?;
        let here = stored.is_some_and(|item| stands(&item, &delivery.at));
        Ok(if here { newest } else { keys::former_delivery(&delivery.at) })
    }
}

/// A part of a routed alert, beside the alert's verdict.
pub(super) fn part_write(part: &Delivery, stamp: &AttemptId) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::delivery(&part.at), row(part, stamp)?).when(ABSENT))
}

/// The row with what its place says.
pub(super) fn read(mut item: Item) -> Result<Delivery, StoreError> {
    let (user, key) = keys::in_the_place(text_of(&item, "pk")?, text_of(&item, "sk")?)?;
    for (name, value) in stored::Delivery::IN_THE_PLACE.into_iter().zip([user, key]) {
        item.insert(name.into(), text(value));
    }
    from_item::<stored::Delivery>(item).map(Delivery::from)
}

pub(super) fn verdict_value(verdict: &Verdict) -> Result<Value, StoreError> {
    to_value(&stored::Verdict::from(verdict))
}

/// In the list of what is due, or off it.
pub(super) fn due(write: Write, at: &DeliveryRef, due_at: Option<Timestamp>) -> Write {
    let shard = shard::due(at.user.as_str());
    match due_at {
        Some(due_at) => write.set("due_pk", text(keys::due_deliveries(shard))).set("due_at", time(due_at)),
        None => write.remove("due_pk").remove("due_at"),
    }
}

pub(super) fn undecided(write: Write) -> Write {
    write.when(UNDECIDED).given("queued", text(VerdictKind::Queued.to_text()))
}

/// Every write counts the row's version: what moves a row moves it as it was read.
fn same_receipt(key: Key, at: &DeliveryRef) -> Write {
    Write::update(key).when(SAME_RECEIPT).given("first_at", time(at.first_at)).add("version", number(1))
}

fn row(delivery: &Delivery, attempt: &AttemptId) -> Result<Item, StoreError> {
    let at = &delivery.at;
    let mut item = to_item(&stored::Delivery::from(delivery))?;
    item.retain(|name, _| !stored::Delivery::IN_THE_PLACE.contains(&name));
    let by_time = keys::delivery_by_time(at);
    let mut put = |name: &'static str, value| item.insert(name.into(), value);
    put("version", number(1));
    put(RECEIVED_BY, text(mark(attempt)));
    put("gu_pk", text(of_user(&at.user)));
    put("gu_sk", text(by_time));
    put("ttl", ttl(delivery.expires_at));
    if delivery.due_at.is_some() {
        put("due_pk", text(keys::due_deliveries(shard::due(at.user.as_str()))));
    }
    Ok(item)
}

/// An attempt, as far as it must be told from others: a row is paid for by its kilobytes.
fn mark(attempt: &AttemptId) -> String {
    const CHARACTERS: usize = 16;
    Sha::of_bytes(attempt.as_str().as_bytes()).as_str().chars().take(CHARACTERS).collect()
}

/// Whether this very receipt stands here; its key is part of the row's own.
fn stands(item: &Item, at: &DeliveryRef) -> bool {
    number_of(item, "first_at").is_ok_and(|first_at| first_at == at.first_at.millis())
}

fn kept(stored: Item, delivery: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
    if is_stamped(&stored, RECEIVED_BY, &mark(attempt)) && stands(&stored, &delivery.at) {
        return Ok(Kept::First);
    }
    read(stored).map(|found| Kept::Found(Box::new(found)))
}

/// The new row in the place of the old one as it was read, and the old one, whole, beside it.
fn replacement(
    new: &Delivery,
    old: &Delivery,
    stored: Item,
    attempt: &AttemptId,
) -> Result<(Write, Write), StoreError> {
    let version =
        stored.get("version").cloned().ok_or_else(|| StoreError::unreadable("a delivery without a version"))?;
    let placed = Write::replace(keys::delivery(&new.at), row(new, attempt)?)
        .when(SAME_RECEIPT)
        .given("first_at", time(old.at.first_at))
        .when(VERSION_AS_SEEN)
        .given("seen_version", version);
    let moved = Write::replace(keys::former_delivery(&old.at), stored).when(ABSENT);
    Ok((placed, moved))
}
