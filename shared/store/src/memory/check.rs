//! What the service refuses before it looks at a row, and what we refuse besides.

use super::size;
use crate::engine::BATCH_WRITES_MAX;
use crate::key::{Key, Table};
use crate::query::{Query, Within};
use crate::value::{Item, Value};
use crate::write::{Kind, Write, plain};
use domain::limits;
use std::collections::BTreeSet;

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html> (2026-11-27), as the rest.
const ACTIONS_MAX: usize = 100;
const ROW_BYTES_MAX: usize = 400 * 1_024;
const TRANSACTION_BYTES_MAX: usize = 4 * 1_024 * 1_024;
const DIGITS_MAX: usize = 38;
const EXPRESSION_BYTES_MAX: usize = 4_096;
/// Names of attributes are shorter than fifty bytes.
const ATTRIBUTES_FEW: usize = 30;
const PARTITION_KEY_BYTES_MAX: usize = 2_048;
const SORT_KEY_BYTES_MAX: usize = 1_024;

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

/// A query that one call takes.
///
/// # Errors
/// What the service would not look at.
pub fn check_query(query: &Query) -> Result<(), String> {
    let bounds: &[&String] = match &query.within {
        Within::All | Within::UpTo(_) => &[],
        Within::Prefix(text) | Within::After(text) | Within::Before(text) => &[text],
        Within::Between(first, last) => &[first, last],
    };
    if query.pk.is_empty() || bounds.iter().any(|bound| bound.is_empty()) {
        return Err(format!("{}: an empty key is asked for", query.pk));
    }
    if query.is_empty() {
        return Err(format!("{}: the bounds {bounds:?} are the wrong way round", query.pk));
    }
    if query.limit.is_some_and(|limit| limit < 1) {
        return Err(format!("{}: a page of {:?} rows", query.pk, query.limit));
    }
    Ok(())
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
    if write.key.pk.len() > PARTITION_KEY_BYTES_MAX || write.key.sk.len() > SORT_KEY_BYTES_MAX {
        return Err("a key that is too long".to_owned());
    }
    if write.kind != Kind::Update && !write.add.is_empty() {
        return Err("only an update adds".to_owned());
    }
    placeholders(write)?;
    expressions(write)?;
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

/// Few writes come near the bound: of those with few attributes nothing is spelled out.
fn expressions(write: &Write) -> Result<(), String> {
    if write.set.iter().count().saturating_add(write.remove.len()) < ATTRIBUTES_FEW {
        return Ok(());
    }
    let parts = write.parts();
    match [parts.update, parts.condition].iter().flatten().map(String::len).find(|bytes| *bytes > EXPRESSION_BYTES_MAX)
    {
        Some(bytes) => Err(format!("an expression of {bytes} bytes")),
        None => Ok(()),
    }
}

/// Two attributes that are spelled alike in an expression would be one to the service.
fn placeholders(write: &Write) -> Result<(), String> {
    let changed = || {
        let all = write.set.keys().chain(write.add.keys()).chain(write.remove.iter()).map(AsRef::as_ref);
        all.filter(|_| write.kind == Kind::Update)
    };
    let is_plain = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let two = |one: &str, other: &str| Err(format!("{one} and {other} have one placeholder"));
    for name in changed().filter(|name| !is_plain(name)) {
        if let Some(other) = changed().find(|other| *other != name && is_spelled_as(other, name)) {
            return two(name, other);
        }
    }
    for (name, attribute) in &write.aliases {
        if let Some(other) = changed().find(|other| other != attribute && is_spelled_as(other, name)) {
            return two(attribute, other);
        }
    }
    Ok(())
}

/// Whether both have one placeholder.
fn is_spelled_as(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.chars().map(plain).eq(other.chars().map(plain))
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
    // As the template declares them.
    let is_text = |name: &&str| row.get(name).is_none_or(|value| value.as_text().is_some());
    let is_number = row.get("due_at").is_none_or(|value| value.as_number().is_some());
    if key.table == Table::Trading && !(keys_of_indexes.iter().all(is_text) && is_number) {
        return told("an index's key of another type".to_owned());
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
