//! What the service refuses before it looks at a row, and what we refuse besides.

use super::size;
use crate::engine::BATCH_WRITES_MAX;
use crate::key::Key;
use crate::value::{Item, Value};
use crate::write::{Kind, Write};
use domain::limits;
use std::collections::BTreeSet;

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html> (2026-11-27), as the next two.
const ACTIONS_MAX: usize = 100;
const ROW_BYTES_MAX: usize = 400 * 1_024;
const TRANSACTION_BYTES_MAX: usize = 4 * 1_024 * 1_024;
const DIGITS_MAX: usize = 38;

pub(super) fn all(writes: &[Write]) -> Result<(), String> {
    if writes.len() > limits::TRANSACTION_ACTIONS_MAX.min(ACTIONS_MAX) {
        return Err(format!("{} actions in one transaction", writes.len()));
    }
    let keys: BTreeSet<_> = writes.iter().map(|write| &write.key).collect();
    if keys.len() < writes.len() {
        let keys: Vec<_> = writes.iter().map(|write| format!("{} {}", write.key.pk, write.key.sk)).collect();
        return Err(format!("two actions for one row: {}", keys.join(", ")));
    }
    let bytes: usize = writes.iter().map(|write| size::of(&write.set)).fold(0, usize::saturating_add);
    if bytes > TRANSACTION_BYTES_MAX {
        return Err(format!("a transaction of {bytes} bytes"));
    }
    writes.iter().try_for_each(|write| one(write).map_err(|what| format!("{} {}: {what}", write.key.pk, write.key.sk)))
}

/// Puts of one table that one call takes.
///
/// # Errors
/// What the service would not look at, or would lose: it knows no condition here, and no update.
pub fn check_batch(puts: &[Write]) -> Result<(), String> {
    let is_plain = |put: &Write| put.kind == Kind::Put && put.conditions.is_empty();
    if let Some(other) = puts.iter().find(|put| !is_plain(put)) {
        return Err(format!("{} {}: a batch puts, under no condition", other.key.pk, other.key.sk));
    }
    if puts.len() > BATCH_WRITES_MAX
        || puts.windows(2).any(|two| matches!(two, [one, other] if one.key.table != other.key.table))
    {
        return Err(format!("a batch of {} rows, or of several tables", puts.len()));
    }
    let keys: BTreeSet<_> = puts.iter().map(|put| &put.key).collect();
    if keys.len() < puts.len() { Err("a batch names a row twice".to_owned()) } else { Ok(()) }
}

fn one(write: &Write) -> Result<(), String> {
    if write.key.pk.is_empty() || write.key.sk.is_empty() {
        return Err("an empty key".to_owned());
    }
    match write.kind {
        Kind::Check if write.conditions.is_empty() => return Err("a check of nothing".to_owned()),
        Kind::Record => return Err("a record that has no place yet".to_owned()),
        _ => {}
    }
    if !(write.conditions.is_empty() && write.values.is_empty() && write.aliases.is_empty()) {
        conditions(write)?;
    }
    let has = |name: &str| write.set.contains_key(name) || write.add.contains_key(name) || write.remove.contains(name);
    let twice = write.remove.iter().find(|name| write.set.contains_key(name) || write.add.contains_key(name));
    if let Some(name) = twice.or_else(|| write.add.keys().find(|name| write.set.contains_key(name))) {
        return Err(format!("two things are done with {name}"));
    }
    if write.kind == Kind::Update && (has("pk") || has("sk")) {
        return Err("a key cannot be changed".to_owned());
    }
    Ok(())
}

fn conditions(write: &Write) -> Result<(), String> {
    let given: BTreeSet<_> = write.conditions.iter().flat_map(|condition| condition.given()).collect();
    let names: BTreeSet<_> = write.conditions.iter().flat_map(|condition| condition.names()).collect();
    if let Some(missing) = given.iter().find(|name| !write.values.contains_key(name)) {
        return Err(format!("nothing is given for :{missing}"));
    }
    if let Some(unused) = write.values.keys().find(|name| !given.contains(name.as_ref())) {
        return Err(format!("no condition asks for :{unused}"));
    }
    if let Some(unused) = write.aliases.keys().find(|name| !names.contains(*name)) {
        return Err(format!("no condition names #{unused}"));
    }
    Ok(())
}

/// A row as it would stand there.
pub(super) fn row(key: &Key, row: &Item) -> Result<(), String> {
    let told = |what: String| Err(format!("{} {}: {what}", key.pk, key.sk));
    if size::of(row) > ROW_BYTES_MAX {
        return told("above 400 kB".to_owned());
    }
    let keys_of_indexes = ["gu_pk", "gu_sk", "due_pk", "active_pk", "active_sk"];
    if let Some(name) = keys_of_indexes.into_iter().find(|name| row.get(name).and_then(Value::as_text) == Some("")) {
        return told(format!("{name} is an index's key and empty"));
    }
    match row.iter().find(|(_, value)| !is_exact(value)) {
        Some((name, _)) => told(format!("{name} has more than {DIGITS_MAX} digits")),
        None => Ok(()),
    }
}

fn is_exact(value: &Value) -> bool {
    match value {
        Value::N(number) => number.bytes().filter(u8::is_ascii_digit).count() <= DIGITS_MAX,
        Value::L(values) => values.iter().all(is_exact),
        Value::M(item) => item.iter().all(|(_, value)| is_exact(value)),
        _ => true,
    }
}
