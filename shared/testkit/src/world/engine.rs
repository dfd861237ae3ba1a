//! The rows in memory as the engine of the store: each call is a point at which the plan may have it fail.

use super::{ENDLESS_CALL, SLOW_CALL, World};
use crate::sim::{Invocation, Op, Passage};
use app::ports::StoreError;
use domain::clock::Millis;
use domain::ids::AttemptId;
use domain::recovery::TableId;
use std::collections::BTreeSet;
use store::idempotency::Once;
use store::item::number;
use store::memory::{Refused, check_query, page};
use store::{
    Engine, Fault, Found, Index, Item, Key, Kind, Query, Reason, Table, Unapplied, Unwritten, Value, Write, Written,
};

/// How often a write makes way for others, and how long each time.
const PAUSES_MAX: u32 = 8;
const PAUSE: Millis = Millis::new(100);

impl Engine for World {
    /// Pauses so far.
    type Patience = u32;

    /// Counted and not thrown: a throw would move every later one of the same seed.
    fn stamp(&self) -> Result<AttemptId, StoreError> {
        let stamps = self.0.stamps.get() + 1;
        self.0.stamps.set(stamps);
        Ok(AttemptId::new(format!("stamp-{stamps}")))
    }

    /// A story is younger than any process of the release before.
    fn age(&self) -> Millis {
        Millis::ZERO
    }

    fn brings_up(&self) -> bool {
        false
    }

    /// Most runs know it already: no call, and so no yield point.
    async fn table_id(&self) -> Result<TableId, StoreError> {
        Ok(self.this_table())
    }

    fn at_fault(&self, what: &str) {
        self.sim().violation(what);
    }

    fn patience(&self) -> u32 {
        0
    }

    fn once(&self) -> Option<&Once> {
        self.1.as_deref()
    }

    async fn pause(&self, pauses: &mut u32) -> Result<(), StoreError> {
        if *pauses == PAUSES_MAX {
            return Err(StoreError::Unavailable("other writes were in the way, again and again".to_owned()));
        }
        *pauses += 1;
        self.sim().sleep(PAUSE).await;
        Ok(())
    }

    async fn get(&self, key: &Key, _lagging: bool) -> Result<Option<Item>, StoreError> {
        self.ask(Op::read("get"), [key], |world| world.shown(key)).await
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        if keys.iter().collect::<BTreeSet<_>>().len() < keys.len() {
            self.sim().violation("a row is asked for twice in one call");
        }
        self.ask(Op::read("batch_get"), keys, |world| keys.iter().filter_map(|key| world.shown(key)).collect()).await
    }

    async fn query(&self, query: &Query) -> Result<Found, StoreError> {
        if let Err(what) = check_query(query) {
            self.sim().violation(&*what);
            return Err(StoreError::Unavailable(what));
        }
        let first = Key::new(query.table, query.pk.as_str(), "");
        self.ask(Op::read("query"), [&first], |world| {
            let Some(index) = query.index else {
                return world.as_read(world.table().memory().query(query), query.table);
            };
            let (missed, now) = (world.missed_writes(), world.sim().now());
            page(world.lists().shown.read(index, &query.pk, missed, now), query)
        })
        .await
    }

    async fn scan(&self, index: Index) -> Result<Vec<Item>, StoreError> {
        let (pk, sk) = index.keys();
        self.call(Op::read("scan"), |world| {
            let (missed, now) = (world.missed_writes(), world.sim().now());
            let mut table = world.lists();
            let rows = table.shown.read_all(index, missed, now);
            let entry = |row: &Item| {
                [pk, sk, "pk", "sk"].iter().filter_map(|name| Some(((*name).into(), row.get(name)?.clone()))).collect()
            };
            rows.map(|row| entry(row)).collect()
        })
        .await
    }

    async fn write(&self, write: &Write) -> Result<Written, Unwritten> {
        if matches!(write.kind, Kind::Check | Kind::Record) {
            self.sim().violation("what writes nothing is sent alone");
        }
        if self.meets_others(std::slice::from_ref(write)).await.map_err(Unwritten::Store)? {
            return Err(Unwritten::InTheWay);
        }
        let done = self.send(Op::effect("write"), std::slice::from_ref(write)).await;
        match done.map_err(Unwritten::Store)? {
            // As the service does: only an update tells what stands there now.
            Ok(()) if write.kind == Kind::Update => {
                Ok(Written::Done(self.table().memory().get(&write.key).cloned().unwrap_or_default()))
            }
            Ok(()) => Ok(Written::Done(Item::new())),
            Err(Refused::Cancelled(reasons)) => Ok(Written::Refused(reasons.into_iter().find_map(|reason| reason.old))),
            Err(Refused::Invalid(what)) => Err(Unwritten::Store(StoreError::Unavailable(what))),
        }
    }

    /// One after another, each with its point: a call that fails has put some of them.
    async fn batch_write(&self, puts: &[Write]) -> Result<(), StoreError> {
        if let Err(what) = store::memory::check_batch(puts) {
            self.sim().violation(&*what);
            return Err(StoreError::Unavailable(what));
        }
        for put in puts {
            let done = self.send(Op::effect("batch_write"), std::slice::from_ref(put)).await?;
            done.map_err(|refused| StoreError::Unavailable(format!("{refused:?}")))?;
        }
        Ok(())
    }

    async fn transact(&self, writes: &[Write]) -> Result<(), Unapplied> {
        if self.meets_others(writes).await.map_err(Unapplied::Store)? {
            // Of one of them, no matter which. The reasons of the others say as always whether their conditions hold.
            let met = usize::try_from(self.writes()).unwrap_or_default().checked_rem(writes.len()).unwrap_or_default();
            let mut reasons = match self.table().memory().would_apply(writes) {
                Err(Refused::Cancelled(reasons)) => reasons,
                _ => vec![Reason { fault: None, old: None }; writes.len()],
            };
            let conflict = Reason { fault: Some(Fault::Conflict), old: None };
            reasons.iter_mut().skip(met).take(1).for_each(|reason| *reason = conflict.clone());
            return Err(Unapplied::Cancelled(reasons));
        }
        let done = self.send(Op::effect("transact"), writes).await;
        done.map_err(Unapplied::Store)?.map_err(|refused| match refused {
            Refused::Cancelled(reasons) => Unapplied::Cancelled(reasons),
            Refused::Invalid(what) => Unapplied::Store(StoreError::Unavailable(what)),
        })
    }
}

impl World {
    /// Whether another transaction is in the way this once.
    ///
    /// # Errors
    /// It was for as long as the caller is patient.
    async fn meets_others(&self, writes: &[Write]) -> Result<bool, StoreError> {
        if !writes.iter().any(|write| write.key.table == Table::Trading) {
            return Ok(false);
        }
        if self.sim().chance(self.strict().contention) {
            self.sim().sleep(Millis::new(PAUSE.get() * i64::from(PAUSES_MAX))).await;
            return Err(StoreError::Unavailable("conflicts without end".to_owned()));
        }
        Ok(self.sim().chance(self.strict().conflicts))
    }

    /// One request about rows, which may not be answered because of one of them.
    async fn ask<'a, T>(
        &self,
        op: Op,
        keys: impl IntoIterator<Item = &'a Key>,
        effect: impl FnOnce(&Self) -> T,
    ) -> Result<T, StoreError> {
        if keys.into_iter().any(|key| self.is_down_at(op.name(), key, std::iter::empty())) {
            self.point(op).await;
            return Err(StoreError::Unavailable(format!("{}: no answer", op.name())));
        }
        self.call(op, effect).await
    }

    /// The same of writes. Those that come too late are given up before, and come about all the same.
    async fn send(&self, op: Op, writes: &[Write]) -> Result<Result<(), Refused>, StoreError> {
        let passage = self.point(op).await;
        let is_down = writes.iter().any(|write| self.is_down_at(op.name(), &write.key, write.sets()));
        if is_down {
            return Err(StoreError::Unavailable(format!("{}: no answer", op.name())));
        }
        if passage == Passage::TooLate && !self.is_down(op.name()) {
            self.lands_later(writes.to_vec());
            self.sim().sleep(SLOW_CALL).await;
            return Err(StoreError::Unavailable(format!("{}: no answer in time", op.name())));
        }
        self.passed(op, passage, |world| world.apply_all(writes)).await
    }

    fn lands_later(&self, writes: Vec<Write>) {
        let world = self.clone();
        let future = async move {
            world.sim().sleep(ENDLESS_CALL).await;
            world.apply_all(&writes)
        };
        let invocation = Invocation { name: "late".into(), limit: None, strikable: false, future };
        self.sim().spawn(invocation, |_unheard| ());
    }

    /// A row as it is read: one that cannot be is of a release to come.
    fn shown(&self, key: &Key) -> Option<Item> {
        let mut row = self.table().memory().get(key).cloned()?;
        if self.is_unreadable(key) {
            row.insert("v".into(), number(99));
        }
        Some(row)
    }

    /// A page with the audit rows that are unreadable marked so.
    fn as_read(&self, mut found: Found, table: Table) -> Found {
        if self.0.unreadable.borrow().is_empty() {
            return found;
        }
        for row in &mut found.items {
            let text = |name: &str| row.get(name).and_then(Value::as_text).unwrap_or_default().to_owned();
            let key = Key::new(table, text("pk"), text("sk"));
            if store::audit::is_row(&key) && self.is_unreadable(&key) {
                row.insert("v".into(), number(99));
            }
        }
        found
    }

    /// A counter that has fallen below zero is a violation.
    fn judge(&self, key: &Key) {
        let table = self.table();
        let Some(row) = table.memory().get(key) else { return };
        let is_negative =
            |name: &&str| row.get(name).and_then(Value::as_number).is_some_and(|count| count.starts_with('-'));
        if let Some(name) = COUNTERS.into_iter().find(is_negative) {
            self.sim().violation(format!("{} {}: {name} below zero", key.pk, key.sk));
        }
    }

    /// All of the writes or none. What the service would not look at is a violation, whatever the caller makes of it.
    fn apply_all(&self, writes: &[Write]) -> Result<(), Refused> {
        let place = |write: &Write| format!("{:?} {:?} {} {}", write.kind, write.key.table, write.key.pk, write.key.sk);
        writes.iter().for_each(|write| self.sim().note(|| place(write)));
        let before = self.table().judged(writes);
        let applied = self.apply(writes);
        if applied.is_ok() {
            let broken = self.table().broken_by(&before);
            broken.into_iter().for_each(|what| self.sim().violation(what));
        }
        if let Err(Refused::Invalid(what)) = &applied {
            self.sim().violation(&**what);
        }
        writes.iter().for_each(|write| self.judge(&write.key));
        applied
    }
}

/// Counters that are never below zero: holders of a definition, bots that run, positions of an account.
const COUNTERS: [&str; 3] = ["holders", "running", "open_groups"];
