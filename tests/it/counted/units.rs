//! Units as DynamoDB bills them, by its published rules: sizes of items, read units of 4 kB, write units of 1 kB.

use serde_json::{Map, Value};

const READ_BYTES: usize = 4 * 1_024;
const WRITE_BYTES: usize = 1_024;
/// What a list or a map takes beside its contents, and what each of its elements does.
const NESTED_BYTES: usize = 3;
const ELEMENT_BYTES: usize = 1;

/// As DynamoDB speaks: attribute names with typed values.
pub(crate) type Item = Map<String, Value>;

/// A secondary index, as the template describes it.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    keys: Vec<String>,
    projected: Projected,
}

#[derive(Debug, Clone)]
enum Projected {
    All,
    Keys,
    Some(Vec<String>),
}

/// What a consistent read of these items together costs, in halves of a unit; nothing found is read too.
pub(crate) fn half_reads(bytes: usize, consistent: bool) -> u32 {
    let units = blocks(bytes, READ_BYTES);
    if consistent { units * 2 } else { units }
}

/// What a write costs in its table: the larger of both images.
pub(crate) fn writes(before: Option<&Item>, after: Option<&Item>) -> u32 {
    blocks(size_or_none(before).max(size_or_none(after)), WRITE_BYTES)
}

impl Index {
    pub(crate) fn of(described: &Value) -> Self {
        let keys = described["KeySchema"].as_array().unwrap().iter().map(|key| text(&key["AttributeName"])).collect();
        let projected = match described["Projection"]["ProjectionType"].as_str().unwrap() {
            "ALL" => Projected::All,
            "KEYS_ONLY" => Projected::Keys,
            _ => Projected::Some(
                described["Projection"]["NonKeyAttributes"].as_array().unwrap().iter().map(text).collect(),
            ),
        };
        Self { keys, projected }
    }

    /// What a write costs in this index: nothing where its entry stays as it was; a new key is a deletion and a put.
    pub(crate) fn writes(&self, before: Option<&Item>, after: Option<&Item>) -> u32 {
        let (before, after) = (before.and_then(|item| self.entry(item)), after.and_then(|item| self.entry(item)));
        match (&before, &after) {
            (before, after) if before == after => 0,
            (Some(was), Some(is)) if self.keys.iter().any(|key| was.get(key) != is.get(key)) => {
                writes(Some(was), None) + writes(None, Some(is))
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
pub(crate) fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + size_of(value)).sum()
}

fn size_or_none(item: Option<&Item>) -> usize {
    item.map_or(0, size)
}

fn size_of(value: &Value) -> usize {
    let (kind, value) = value.as_object().and_then(|typed| typed.iter().next()).unwrap();
    match kind.as_str() {
        "S" => value.as_str().unwrap().len(),
        "N" => number(value.as_str().unwrap()),
        "BOOL" | "NULL" => 1,
        "L" => {
            NESTED_BYTES + value.as_array().unwrap().iter().map(|value| size_of(value) + ELEMENT_BYTES).sum::<usize>()
        }
        "M" => {
            NESTED_BYTES
                + value
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(name, value)| name.len() + size_of(value) + ELEMENT_BYTES)
                    .sum::<usize>()
        }
        other => panic!("no row of ours has a {other}"),
    }
}

/// About one byte for two significant digits, one more, and one for a sign.
fn number(text: &str) -> usize {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits.div_ceil(2) + 1 + usize::from(text.starts_with('-'))
}

fn blocks(bytes: usize, of: usize) -> u32 {
    u32::try_from(bytes.div_ceil(of).max(1)).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(value: &Value) -> Item {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn an_item_is_as_large_as_its_names_and_values() {
        let check = |value: Value, expected: usize| assert_eq!(size(&item(&value)), expected, "{value}");
        check(json!({"pk": {"S": "abc"}}), 5);
        check(json!({"n": {"N": "1234"}}), 4);
        check(json!({"n": {"N": "-12345"}}), 6);
        check(json!({"b": {"BOOL": true}}), 2);
        check(json!({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}), 9);
        check(json!({"m": {"M": {"k": {"S": "ab"}}}}), 8);
    }

    #[test]
    fn units_are_whole_blocks_and_nothing_is_one() {
        assert_eq!((half_reads(0, true), half_reads(4_096, true), half_reads(4_097, false)), (2, 2, 2));
        let large = item(&json!({"pk": {"S": "x".repeat(1_023)}}));
        assert_eq!((writes(None, None), writes(Some(&large), None)), (1, 2));
    }

    #[test]
    fn an_index_is_written_only_where_its_entry_changes() {
        let described = json!({"IndexName": "due", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [{"AttributeName": "due_pk"}, {"AttributeName": "due_at"}]});
        let index = Index::of(&described);
        let row = |due: Option<&str>, more: &str| {
            let mut row = item(&json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "more": {"S": more}, "due_pk": {"S": "X"}}));
            row.extend(due.map(|due| ("due_at".to_owned(), json!({"N": due}))));
            row
        };
        let check = |before: Option<Item>, after: Option<Item>, expected: u32| {
            assert_eq!(index.writes(before.as_ref(), after.as_ref()), expected);
        };
        check(None, Some(row(Some("1"), "")), 1);
        check(Some(row(Some("1"), "a")), Some(row(Some("1"), "b")), 0);
        check(Some(row(Some("1"), "")), Some(row(Some("2"), "")), 2);
        check(Some(row(Some("1"), "")), Some(row(None, "")), 1);
        check(Some(row(None, "a")), Some(row(None, "b")), 0);
    }
}
