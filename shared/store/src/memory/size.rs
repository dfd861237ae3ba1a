//! How many bytes a row takes, which is what it is limited by:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html> (2026-11-27).

use crate::value::{Item, Value};

/// Of a list or a map, beside what it holds.
const COLLECTION: usize = 3;
/// Of each thing in it.
const MEMBER: usize = 1;

pub(super) fn of(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len().saturating_add(of_value(value))).fold(0, usize::saturating_add)
}

fn of_value(value: &Value) -> usize {
    match value {
        Value::S(text) => text.len(),
        // One byte for two digits, one more, and one for a sign.
        Value::N(digits) => digits.len().div_ceil(2).saturating_add(2),
        Value::B(bytes) => bytes.len(),
        Value::Bool(_) | Value::Null => 1,
        Value::L(values) => {
            values.iter().map(|value| of_value(value).saturating_add(MEMBER)).sum::<usize>().saturating_add(COLLECTION)
        }
        Value::M(item) => of(item).saturating_add(item.len().saturating_mul(MEMBER)).saturating_add(COLLECTION),
    }
}
