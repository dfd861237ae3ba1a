//! Lists of values that are sent as texts, each once.

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

/// At most so many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<T, const MAX: usize>(pub Vec<T>);

/// At least one: naming none would lift a limit. That is said by null, and not by a list that has become empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limiting<T, const MAX: usize>(pub Vec<T>);

impl<'de, T: FromStr<Err: Display> + PartialEq, const MAX: usize> Deserialize<'de> for Several<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(List::<T, MAX>(PhantomData)).map(Self)
    }
}

impl<'de, T: FromStr<Err: Display> + PartialEq, const MAX: usize> Deserialize<'de> for Limiting<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Several(values) = Several::<T, MAX>::deserialize(deserializer)?;
        let is_none = values.is_empty();
        if is_none { Err(de::Error::custom("must name at least one; null limits nothing")) } else { Ok(Self(values)) }
    }
}

struct List<T, const MAX: usize>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display> + PartialEq, const MAX: usize> Visitor<'de> for List<T, MAX> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {MAX} texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let (mut values, mut left) = (Vec::new(), MAX);
        while let Some(Item::<T, MAX>(value)) = items.next_element()? {
            let too_many = || de::Error::invalid_length(MAX.saturating_add(1), &self);
            left = left.checked_sub(1).ok_or_else(too_many)?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Ok(values)
    }
}

/// One of them: what is no text makes the list none.
struct Item<T, const MAX: usize>(T);

impl<'de, T: FromStr<Err: Display> + PartialEq, const MAX: usize> Deserialize<'de> for Item<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor(PhantomData))
    }
}

struct ItemVisitor<T, const MAX: usize>(PhantomData<T>);

impl<T: FromStr<Err: Display>, const MAX: usize> Visitor<'_> for ItemVisitor<T, MAX> {
    type Value = Item<T, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {MAX} texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.trim().parse().map(Item).map_err(E::custom)
    }
}
