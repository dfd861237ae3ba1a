//! Units as DynamoDB bills them, by its published rules: sizes of items, read units of 4 kB, write units of 1 kB.
//!
//! A call is given as it stands on the wire. What it reads is in its answer; what it writes goes by the items as they
//! were and are, which the caller looks up.

use serde_json::{Map, Value};

const READ_BYTES: usize = 4 * 1_024;
const WRITE_BYTES: usize = 1_024;
/// What a list or a map takes beside its contents, and what each of its elements does.
const NESTED_BYTES: usize = 3;
const ELEMENT_BYTES: usize = 1;
/// Standard and transactional writes: the latter are prepared and committed.
const ONCE: u32 = 1;
const TWICE: u32 = 2;

/// As DynamoDB speaks: attribute names with typed values.
pub type Item = Map<String, Value>;

/// A secondary index, as the template describes it.
#[derive(Debug, Clone)]
pub struct Index {
    keys: Vec<String>,
    projected: Projected,
}

#[derive(Debug, Clone)]
enum Projected {
    All,
    Keys,
    Some(Vec<String>),
}

/// Where an item stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    pub table: String,
    pub pk: String,
    pub sk: String,
}

/// One write of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub spot: Spot,
    /// How often it is billed in its table.
    pub times: u32,
    /// It changes nothing, whatever becomes of the call.
    pub is_check: bool,
}

/// What a call reads, in halves of a unit; nothing for other calls. `asked` and `told` are its two bodies.
pub fn read_by(operation: &str, asked: &Value, told: &Value) -> u32 {
    let consistent = is_consistent(asked);
    match operation {
        "GetItem" => half_reads(told.get("Item").map_or(0, item_size), consistent),
        "BatchGetItem" => members(asked.get("RequestItems")).map(|(table, wanted)| read_of(table, wanted, told)).sum(),
        // All items together. An index is read as it lags.
        "Query" | "Scan" => half_reads(elements(told.get("Items")).map(item_size).sum(), consistent),
        _ => 0,
    }
}

/// Each item for itself, as if it were read alone.
fn read_of(table: &str, wanted: &Value, told: &Value) -> u32 {
    let found: Vec<_> = elements(told.get("Responses").and_then(|of| of.get(table))).map(item_size).collect();
    let missing = elements(wanted.get("Keys")).count().saturating_sub(found.len());
    let sizes = found.into_iter().chain(std::iter::repeat_n(0, missing));
    sizes.map(|bytes| half_reads(bytes, is_consistent(wanted))).sum()
}

/// The writes of a call; none for other calls.
pub fn written_by(operation: &str, asked: &Value) -> Vec<Action> {
    match operation {
        "PutItem" | "UpdateItem" | "DeleteItem" => action(asked, ONCE, false).into_iter().collect(),
        "TransactWriteItems" => elements(asked.get("TransactItems"))
            .flat_map(|item| members(Some(item)))
            .filter_map(|(kind, of)| action(of, TWICE, kind == "ConditionCheck"))
            .collect(),
        _ => Vec::new(),
    }
}

fn action(asked: &Value, times: u32, is_check: bool) -> Option<Action> {
    let key = asked.get("Key").or_else(|| asked.get("Item"))?.as_object()?;
    let spot = Spot::of(asked.get("TableName")?.as_str()?, key)?;
    Some(Action { spot, times, is_check })
}

impl Spot {
    /// Of an item or its key.
    pub fn of(table: &str, key: &Item) -> Option<Self> {
        let part = |name: &str| Some(key.get(name)?.get("S")?.as_str()?.to_owned());
        Some(Self { table: table.to_owned(), pk: part("pk")?, sk: part("sk")? })
    }
}

/// What a consistent read of these items together costs, in halves of a unit; nothing found is read too.
fn half_reads(bytes: usize, consistent: bool) -> u32 {
    let units = blocks(bytes, READ_BYTES);
    if consistent { units.saturating_mul(2) } else { units }
}

fn is_consistent(asked: &Value) -> bool {
    asked.get("ConsistentRead") == Some(&Value::Bool(true))
}

/// What a write costs in its table: the larger of both images. A refused one costs what stands there.
pub fn writes(before: Option<&Item>, after: Option<&Item>) -> u32 {
    let bytes = |item: Option<&Item>| item.map_or(0, size);
    blocks(bytes(before).max(bytes(after)), WRITE_BYTES)
}

impl Index {
    /// Of an element of `GlobalSecondaryIndexes`.
    pub fn of(described: &Value) -> Self {
        let names = |list: Option<&Value>| elements(list).filter_map(Value::as_str).map(str::to_owned).collect();
        let key = |key: &Value| Some(key.get("AttributeName")?.as_str()?.to_owned());
        let keys = elements(described.get("KeySchema")).filter_map(key).collect();
        let projection = described.get("Projection");
        let kind = projection.and_then(|of| of.get("ProjectionType")).and_then(Value::as_str);
        let projected = match kind {
            Some("ALL") => Projected::All,
            Some("KEYS_ONLY") => Projected::Keys,
            _ => Projected::Some(names(projection.and_then(|of| of.get("NonKeyAttributes")))),
        };
        Self { keys, projected }
    }

    /// What a write costs in this index: nothing where its entry stays as it was; a new key is a deletion and a put.
    pub fn writes(&self, before: Option<&Item>, after: Option<&Item>) -> u32 {
        let (before, after) = (before.and_then(|item| self.entry(item)), after.and_then(|item| self.entry(item)));
        match (&before, &after) {
            (before, after) if before == after => 0,
            (Some(was), Some(is)) if self.keys.iter().any(|key| was.get(key) != is.get(key)) => {
                writes(Some(was), None).saturating_add(writes(None, Some(is)))
            }
            (before, after) => writes(before.as_ref(), after.as_ref()),
        }
    }

    /// Only items that have all keys of the index stand in it.
    fn entry(&self, item: &Item) -> Option<Item> {
        if !self.keys.iter().all(|key| item.contains_key(key)) {
            return None;
        }
        let stands = |name: &String| match &self.projected {
            Projected::All => true,
            Projected::Keys => self.is_key(name),
            Projected::Some(named) => self.is_key(name) || named.contains(name),
        };
        Some(item.iter().filter(|(name, _)| stands(name)).map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    fn is_key(&self, name: &String) -> bool {
        self.keys.contains(name) || name == "pk" || name == "sk"
    }
}

/// The bytes that an item is billed for.
pub fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len().saturating_add(size_of(value))).sum()
}

fn item_size(item: &Value) -> usize {
    item.as_object().map_or(0, size)
}

fn size_of(typed: &Value) -> usize {
    let element = |value: &Value| size_of(value).saturating_add(ELEMENT_BYTES);
    let member = |(name, value): (&str, &Value)| element(value).saturating_add(name.len());
    let sized = |(kind, value): (&str, &Value)| match kind {
        "S" => text(value).len(),
        "N" => number(text(value)),
        "L" => elements(Some(value)).map(element).fold(NESTED_BYTES, usize::saturating_add),
        "M" => members(Some(value)).map(member).fold(NESTED_BYTES, usize::saturating_add),
        "B" => base64(text(value)),
        // A truth or nothing; no row of ours holds sets.
        _ => 1,
    };
    members(Some(typed)).map(sized).sum()
}

/// Bytes that this stands for.
fn base64(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    text.len().saturating_mul(3).div_euclid(4).saturating_sub(padding)
}

/// About one byte for two significant digits, one more, and one for a sign.
fn number(text: &str) -> usize {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits.div_ceil(2).saturating_add(1).saturating_add(usize::from(text.starts_with('-')))
}

fn blocks(bytes: usize, of: usize) -> u32 {
    u32::try_from(bytes.div_ceil(of).max(1)).unwrap_or(u32::MAX)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn elements(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

fn members(map: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    map.and_then(Value::as_object).into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

#[cfg(test)]
mod tests;
