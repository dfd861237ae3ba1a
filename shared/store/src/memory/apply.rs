//! What a write does to the row that stands at its place.

use crate::condition::{Comparison, Condition};
use crate::value::{Item, Value};
use crate::write::{Kind, Write};
use domain::money::Decimal;
use std::cmp::Ordering;

impl Write {
    /// Whether its conditions hold for the row that stands there.
    pub(super) fn holds(&self, row: Option<&Item>) -> bool {
        self.conditions.iter().all(|condition| self.is_so(*condition, row))
    }

    fn is_so(&self, condition: Condition, row: Option<&Item>) -> bool {
        match condition {
            Condition::Exists(path) => self.found(path, row).is_some(),
            Condition::Absent(path) => self.found(path, row).is_none(),
            Condition::Compare(path, comparison, given) => {
                let both = self.found(path, row).zip(self.values.get(given));
                let compared = both.and_then(|(ours, given)| compare(ours, given));
                match comparison {
                    Comparison::Is => compared == Some(Ordering::Equal),
                    Comparison::IsNot => compared != Some(Ordering::Equal),
                    Comparison::Below => compared == Some(Ordering::Less),
                    Comparison::AtMost => compared.is_some_and(Ordering::is_le),
                    Comparison::Above => compared == Some(Ordering::Greater),
                }
            }
            Condition::Contains(path, given) => match (self.found(path, row), self.values.get(given)) {
                (Some(Value::L(values)), Some(given)) => values.contains(given),
                _ => false,
            },
            Condition::All(conditions) => conditions.iter().all(|condition| self.is_so(*condition, row)),
            Condition::Any(conditions) => conditions.iter().any(|condition| self.is_so(*condition, row)),
        }
    }

    fn found<'a>(&self, path: &str, row: Option<&'a Item>) -> Option<&'a Value> {
        let mut names = path.split('.');
        let name = names.next()?;
        let value = row?.get(self.aliases.get(name).map_or(name, String::as_str));
        names.fold(value, |value, name| value?.as_map()?.get(name))
    }

    /// The row that stands there afterwards.
    pub(super) fn applied(&self, old: Option<&Item>) -> Result<Option<Item>, String> {
        let none = Item::new();
        let before = match self.kind {
            Kind::Put => &none,
            Kind::Update => old.unwrap_or(&none),
            Kind::Delete => return Ok(None),
            Kind::Check | Kind::Record => return Ok(old.cloned()),
        };
        let mut row = before.changed(&self.set, &self.remove, |value| normal(value.clone()));
        for (name, value) in &self.add {
            let sum = sum(row.get(name), value);
            let sum = sum.ok_or_else(|| format!("{} {}: {name} cannot be added to", self.key.pk, self.key.sk))?;
            row.insert(name.clone(), Value::N(sum));
        }
        row.extend(self.key.item());
        Ok(Some(row))
    }
}

/// Values of other types than numbers and texts are equal or not at all alike.
pub fn compare(ours: &Value, given: &Value) -> Option<Ordering> {
    match (ours, given) {
        (Value::N(ours), Value::N(given)) => match (ours.parse::<i64>(), given.parse::<i64>()) {
            (Ok(ours), Ok(given)) => Some(ours.cmp(&given)),
            _ => Some(decimal(ours)?.cmp(&decimal(given)?)),
        },
        (Value::S(ours), Value::S(given)) => Some(ours.cmp(given)),
        (ours, given) => (ours == given).then_some(Ordering::Equal),
    }
}

fn sum(old: Option<&Value>, added: &Value) -> Option<String> {
    let added = added.as_number()?;
    let Some(old) = old else { return Some(plain(added.to_owned())) };
    let old = old.as_number()?;
    if let (Ok(old), Ok(added)) = (old.parse::<i64>(), added.parse::<i64>()) {
        return Some(old.checked_add(added)?.to_string());
    }
    Some(decimal(old)?.checked_add(decimal(added)?)?.normalize().to_string())
}

/// Numbers are answered without zeros at their ends, as the service does:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html> (2026-11-27).
fn normal(value: Value) -> Value {
    match value {
        Value::N(number) => Value::N(plain(number)),
        Value::L(values) => Value::L(values.into_iter().map(normal).collect()),
        Value::M(item) => Value::M(item.into_iter().map(|(name, value)| (name, normal(value))).collect()),
        other => other,
    }
}

fn plain(number: String) -> String {
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number;
    }
    decimal(&number).map_or(number, |decimal| decimal.normalize().to_string())
}

fn decimal(number: &str) -> Option<Decimal> {
    Decimal::from_str_exact(number).or_else(|_| Decimal::from_scientific(number)).ok()
}
