//! A place in what was written. Nothing is read before it is asked for, so that what nests too deep is never gone into.

use super::bad::BadRules;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Characters of a name that are told of it.
const NAME_SHOWN_MAX: usize = 40;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) path: String,
    raw: &'a RawValue,
}

/// An object and where it stands.
#[derive(Debug)]
pub(super) struct Object<'a> {
    path: String,
    members: Vec<(String, &'a RawValue)>,
}

impl<'a> Node<'a> {
    /// All of a text.
    pub(super) fn of_text(text: &'a str) -> Result<Self, BadRules> {
        let not_json = |error: serde_json::Error| {
            let (line, column) = (error.line(), error.column());
            BadRules::whole(format!("must be JSON: what was written breaks at line {line}, column {column}"))
        };
        serde_json::from_str(text).map(|raw| Self { path: String::new(), raw }).map_err(not_json)
    }

    pub(super) fn is_object(&self) -> bool {
        self.raw.get().starts_with('{')
    }

    pub(super) fn object(&self, allowed: &str) -> Result<Object<'a>, BadRules> {
        match serde_json::from_str(self.raw.get()) {
            Ok(Members(members)) => Object::new(self.path.clone(), members),
            Err(_) => Err(self.wrong(allowed)),
        }
    }

    /// The members of a list.
    pub(super) fn items(&self, allowed: &str) -> Result<Vec<Self>, BadRules> {
        let items: Vec<&RawValue> = serde_json::from_str(self.raw.get()).map_err(|_| self.wrong(allowed))?;
        let item = |(index, raw)| Self { path: format!("{}[{index}]", self.path), raw };
        Ok(items.into_iter().enumerate().map(item).collect())
    }

    /// The digits of a number.
    pub(super) fn number(&self) -> Option<&'a str> {
        let text = self.raw.get();
        text.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then_some(text)
    }

    pub(super) fn word(&self) -> Option<String> {
        serde_json::from_str(self.raw.get()).ok()
    }

    pub(super) fn wrong(&self, allowed: &str) -> BadRules {
        let field = if self.path.is_empty() { "rules" } else { &self.path };
        BadRules::new(field, allowed)
    }
}

impl<'a> Object<'a> {
    fn new(path: String, members: Vec<(String, &'a RawValue)>) -> Result<Self, BadRules> {
        let is_twice =
            |(at, (name, _)): &(usize, &(String, _))| members.iter().take(*at).any(|(other, _)| other == name);
        let twice = members.iter().enumerate().find(is_twice).map(|(_, (name, _))| beneath(&path, name));
        twice.map_or(Ok(Self { path, members }), |twice| Err(BadRules::new(twice, "must be written once")))
    }

    /// Refuses a member that has none of these names.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), BadRules> {
        let unknown = self.members.iter().find(|(name, _)| !known.contains(&name.as_str()));
        let allowed = || format!("must not be here: there may be {}", known.join(", "));
        unknown.map_or(Ok(()), |(name, _)| Err(BadRules::new(self.path(name), allowed())))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(other, _)| other == name)
    }

    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        let (_, raw) = self.members.iter().find(|(other, _)| other == name)?;
        Some(Node { path: self.path(name), raw })
    }

    pub(super) fn needed(&self, name: &str, allowed: &str) -> Result<Node<'a>, BadRules> {
        self.get(name).ok_or_else(|| BadRules::new(self.path(name), allowed))
    }

    pub(super) fn path(&self, name: &str) -> String {
        beneath(&self.path, name)
    }
}

/// A name of any length may be written, and is told by its beginning.
fn beneath(path: &str, name: &str) -> String {
    let name = if name.is_empty() { "\"\"".to_owned() } else { name.chars().take(NAME_SHOWN_MAX).collect() };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

/// An object's members, all of them, those of one name too.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
