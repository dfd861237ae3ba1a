//! A row's attributes by their names.

use super::{Name, Value};
use std::collections::BTreeSet;
use std::ops::Index;
use std::{slice, vec};

/// The attributes of a row, or of a map within it, in the order of their names. They are few and stand side by side,
/// which costs a fraction of what a tree of them does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item(Vec<(Name, Value)>);

/// What is put beside the attributes of a row.
const KEYS: usize = 2;

/// In the order of their names.
#[derive(Debug)]
pub struct Attributes<'a>(slice::Iter<'a, (Name, Value)>);

impl Item {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with_capacity(attributes: usize) -> Self {
        Self(Vec::with_capacity(attributes))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(self.place(name).ok()?).map(|(_, value)| value)
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// The value that stood there.
    pub fn insert(&mut self, name: Name, value: Value) -> Option<Value> {
        match self.place(&name) {
            Ok(at) => self.0.get_mut(at).map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.place(name).ok().map(|at| self.0.remove(at).1)
    }

    pub fn retain(&mut self, mut keeps: impl FnMut(&str, &Value) -> bool) {
        self.0.retain(|(name, value)| keeps(name, value));
    }

    pub fn iter(&self) -> Attributes<'_> {
        Attributes(self.0.iter())
    }

    pub fn keys(&self) -> impl Iterator<Item = &Name> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Without what is removed and with what is set, each value as `made` of it. Both are in order: one pass.
    pub(crate) fn changed(&self, set: &Self, removed: &BTreeSet<Name>, made: impl Fn(&Value) -> Value) -> Self {
        let mut removed = removed.iter().peekable();
        let mut is_kept = |name: &Name| {
            while removed.next_if(|gone| *gone < name).is_some() {}
            removed.peek() != Some(&name)
        };
        let mut kept = self.0.iter().filter(|(name, _)| is_kept(name)).peekable();
        let mut row = Vec::with_capacity(self.len().saturating_add(set.len()).saturating_add(KEYS));
        for (name, value) in set {
            while let Some(attribute) = kept.next_if(|(other, _)| other < name) {
                row.push(attribute.clone());
            }
            kept.next_if(|(other, _)| other == name);
            row.push((name.clone(), made(value)));
        }
        row.extend(kept.cloned());
        Self(row)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_ref().cmp(name))
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a Name, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<'a> IntoIterator for &'a Item {
    type Item = (&'a Name, &'a Value);
    type IntoIter = Attributes<'a>;

    fn into_iter(self) -> Attributes<'a> {
        self.iter()
    }
}

impl IntoIterator for Item {
    type Item = (Name, Value);
    type IntoIter = vec::IntoIter<(Name, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Extend<(Name, Value)> for Item {
    fn extend<I: IntoIterator<Item = (Name, Value)>>(&mut self, attributes: I) {
        for (name, value) in attributes {
            self.insert(name, value);
        }
    }
}

impl FromIterator<(Name, Value)> for Item {
    fn from_iter<I: IntoIterator<Item = (Name, Value)>>(attributes: I) -> Self {
        let attributes = attributes.into_iter();
        let mut item = Self::with_capacity(attributes.size_hint().0);
        item.extend(attributes);
        item
    }
}

impl<const N: usize> From<[(Name, Value); N]> for Item {
    fn from(attributes: [(Name, Value); N]) -> Self {
        attributes.into_iter().collect()
    }
}

impl Index<&str> for Item {
    type Output = Value;

    /// `Null` where there is none.
    fn index(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }
}
