//! One conditional write of one item, as a value. `send` takes it to the service, alone or in a transaction.

use crate::condition::{ABSENT, Condition, NOT_OURS_YET, VERSION_AS_SEEN};
use crate::error::StoreError;
use crate::item::{is_stamped, number, text, time, to_item};
use crate::key::Key;
use crate::members::members;
use crate::value::{Item, Name, Value};
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::AttemptId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

const STAMP: &str = "written_by";

/// What becomes of one item, and under which conditions.
#[derive(Debug, Clone)]
pub struct Write {
    pub key: Key,
    pub kind: Kind,
    pub(crate) set: Item,
    pub(crate) add: Item,
    pub(crate) remove: BTreeSet<Name>,
    pub(crate) conditions: Vec<Condition>,
    /// Names that stand for another attribute than their own.
    pub(crate) aliases: BTreeMap<&'static str, String>,
    pub(crate) values: Item,
    /// Of [`Kind::Record`].
    pub record: Option<Box<Audit>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Put,
    Update,
    Delete,
    Check,
    /// An audit row: the transaction that it stands in puts it at the end of its chain.
    Record,
}

/// A write as the service takes it.
#[derive(Debug)]
pub struct Parts {
    pub update: Option<String>,
    pub condition: Option<String>,
    pub names: Option<BTreeMap<String, String>>,
    pub values: Option<Item>,
}

impl Write {
    fn new(key: Key, kind: Kind) -> Self {
        let (set, add, remove) = (Item::new(), Item::new(), BTreeSet::new());
        let (conditions, aliases, values) = (Vec::new(), BTreeMap::new(), Item::new());
        Self { key, kind, set, add, remove, conditions, aliases, values, record: None }
    }

    /// A row where none is yet.
    pub fn insert<T: Serialize>(key: Key, row: &T) -> Result<Self, StoreError> {
        Ok(Self::replace(key, to_item(row)?).when(ABSENT))
    }

    /// A row in the place of whatever is there, with nothing left of it.
    pub fn replace(key: Key, item: Item) -> Self {
        let mut write = Self::new(key, Kind::Put);
        write.set = item;
        write.set.retain(|_, value| !value.is_null());
        write
    }

    /// A row, new or again. What it might have and has not is taken off: a row that leaves out what is not so would else
    /// be read with what stood there before. Attributes that its kind does not know stay as they are.
    pub fn upsert<T: Serialize + DeserializeOwned>(key: Key, row: &T) -> Result<Self, StoreError> {
        let known = members::<T>();
        if known.is_empty() {
            return Err(StoreError::unreadable("a row that does not name its attributes"));
        }
        let mut write = Self::replace(key, to_item(row)?);
        write.kind = Kind::Update;
        write.remove = known.iter().copied().filter(|name| !write.set.contains_key(name)).map(Cow::Borrowed).collect();
        Ok(write)
    }

    /// A row in the place of the version that was seen; where none was, where none is.
    ///
    /// # Errors
    /// `Unreadable`: no row.
    pub fn versioned<T: Serialize + DeserializeOwned>(
        key: Key,
        row: &T,
        seen: Option<u64>,
    ) -> Result<Self, StoreError> {
        let write = Self::upsert(key, row)?;
        Ok(match seen {
            None => write.when(ABSENT),
            Some(version) => write.when(VERSION_AS_SEEN).given("seen_version", number(version)),
        })
    }

    /// What others write of it stays as it is.
    pub fn leaving(mut self, name: &str) -> Self {
        self.remove.remove(name);
        self
    }

    pub fn update(key: Key) -> Self {
        Self::new(key, Kind::Update)
    }

    pub fn delete(key: Key) -> Self {
        Self::new(key, Kind::Delete)
    }

    /// Only a condition, within a transaction.
    pub fn check(key: Key) -> Self {
        Self::new(key, Kind::Check)
    }

    /// On record, at the end of the chain with this head.
    pub fn record(head: Key, audit: &Audit) -> Self {
        Self { record: Some(Box::new(audit.clone())), ..Self::new(head, Kind::Record) }
    }

    pub fn set(mut self, name: impl Into<Name>, value: Value) -> Self {
        let name = name.into();
        self.remove.remove(&name);
        self.set.insert(name, value);
        self
    }

    /// To a number, which is zero where it is not there yet.
    pub fn add(mut self, name: impl Into<Name>, value: Value) -> Self {
        self.add.insert(name.into(), value);
        self
    }

    pub fn remove(mut self, name: impl Into<Name>) -> Self {
        self.remove.insert(name.into());
        self
    }

    /// Every condition of a write has to hold.
    pub fn when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// What a condition compares with: `:name`.
    pub fn given(mut self, name: &'static str, value: Value) -> Self {
        self.values.insert(Cow::Borrowed(name), value);
        self
    }

    /// Which attribute a condition's name stands for.
    pub fn naming(mut self, name: &'static str, attribute: String) -> Self {
        self.aliases.insert(name, attribute);
        self
    }

    /// When it is written; the first time that is named holds.
    pub fn at(mut self, at: Timestamp) -> Self {
        if self.leaves_an_item() && !self.set.contains_key("updated_at") {
            self.set.insert(Cow::Borrowed("updated_at"), time(at));
        }
        self
    }

    /// Under its writer's stamp. A write that adds is refused where it was applied already.
    pub fn stamped(self, stamp: &AttemptId) -> Self {
        if !self.leaves_an_item() {
            return self;
        }
        let stamp = text(stamp.as_str());
        let write = if self.add.is_empty() { self } else { self.when(NOT_OURS_YET).given("own_stamp", stamp.clone()) };
        write.set(STAMP, stamp)
    }

    fn leaves_an_item(&self) -> bool {
        matches!(self.kind, Kind::Put | Kind::Update)
    }

    /// The attributes that it gives values.
    pub fn sets(&self) -> impl Iterator<Item = &Name> {
        self.set.keys()
    }

    /// The whole item of a put.
    pub fn item(&self) -> Item {
        let mut item = self.set.clone();
        item.extend(self.key.item());
        item
    }

    /// As the service takes it.
    pub fn parts(&self) -> Parts {
        let mut names = BTreeMap::new();
        let mut values: Item =
            self.values.iter().map(|(name, value)| (format!(":{name}").into(), value.clone())).collect();
        let update = if self.kind == Kind::Update { self.update_expression(&mut names, &mut values) } else { None };
        for name in self.conditions.iter().flat_map(|condition| condition.names()) {
            let attribute = self.aliases.get(name).cloned().unwrap_or_else(|| name.to_owned());
            names.insert(format!("#{name}"), attribute);
        }
        let conditions: Vec<_> = self.conditions.iter().map(|condition| format!("({condition})")).collect();
        Parts {
            update,
            condition: (!conditions.is_empty()).then(|| conditions.join(" AND ")),
            names: (!names.is_empty()).then_some(names),
            values: (!values.is_empty()).then_some(values),
        }
    }

    fn update_expression(&self, names: &mut BTreeMap<String, String>, values: &mut Item) -> Option<String> {
        let changes = self.set.len().saturating_add(self.remove.len()).saturating_add(self.add.len());
        let (are_many, mut number) = (changes > CHANGES_SPELLED_MAX, 0_usize);
        let mut clause = |verb: &str, attribute: &str, value: Option<&Value>| {
            number = number.saturating_add(1);
            let spelled = if are_many { format!("n{number}") } else { spelled(attribute) };
            let name = format!("#{spelled}");
            names.insert(name.clone(), attribute.to_owned());
            let Some(value) = value else { return name };
            let given =
                if are_many { format!(":n{number}") } else { format!(":{}_{spelled}", verb.to_ascii_lowercase()) };
            values.insert(given.clone().into(), value.clone());
            if verb == "SET" { format!("{name} = {given}") } else { format!("{name} {given}") }
        };
        let set: Vec<_> = self.set.iter().map(|(name, value)| clause("SET", name, Some(value))).collect();
        let remove: Vec<_> = self.remove.iter().map(|name| clause("REMOVE", name, None)).collect();
        let add: Vec<_> = self.add.iter().map(|(name, value)| clause("ADD", name, Some(value))).collect();
        let clauses = [("SET", set), ("REMOVE", remove), ("ADD", add)];
        let written: Vec<_> = clauses
            .into_iter()
            .filter(|(_, parts)| !parts.is_empty())
            .map(|(verb, parts)| format!("{verb} {}", parts.join(", ")))
            .collect();
        (!written.is_empty()).then(|| written.join(" "))
    }
}

/// Placeholders of more changes are numbered: spelled out they would outgrow the 4 KB of an expression.
const CHANGES_SPELLED_MAX: usize = 50;

/// An attribute's name as a placeholder may be spelled.
fn spelled(attribute: &str) -> String {
    attribute.chars().map(plain).collect()
}

/// One of its characters.
pub(crate) fn plain(character: char) -> char {
    if character.is_ascii_alphanumeric() { character } else { '_' }
}

/// Whether the item was last written under this stamp.
pub(crate) fn is_ours(item: &Item, stamp: &AttemptId) -> bool {
    is_stamped(item, STAMP, stamp.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::{RESERVED_WITHIN, UNDECIDED};
    use crate::key::Table;
    use serde::Deserialize;

    fn key() -> Key {
        Key::new(Table::Trading, "ACC#a", "A")
    }

    #[test]
    fn an_update_names_every_attribute_by_a_placeholder() {
        let write = Write::update(key()).set("status", text("x")).remove("halted").add("balance#USDT", number(-5));
        let parts = write.parts();
        let written = "SET #status = :set_status REMOVE #halted ADD #balance_USDT :add_balance_USDT";
        assert_eq!(parts.update.as_deref(), Some(written));
        assert_eq!(parts.names.unwrap()["#balance_USDT"], "balance#USDT");
        assert_eq!(parts.values.unwrap()[":add_balance_USDT"], number(-5));
        assert_eq!(parts.condition, None);
    }

    #[test]
    fn all_conditions_have_to_hold_and_a_name_may_stand_for_another() {
        let write = Write::update(key())
            .when(RESERVED_WITHIN)
            .naming("reserved", "reserved#USDT".to_owned())
            .given("reserved_max", number(9))
            .when(UNDECIDED);
        let parts = write.parts();
        let names = parts.names.unwrap();
        assert_eq!((names["#reserved"].as_str(), names["#kind"].as_str()), ("reserved#USDT", "kind"));
        let both = "(attribute_not_exists(#reserved) OR #reserved <= :reserved_max) AND \
                    (attribute_not_exists(#verdict) OR #verdict.#kind = :queued)";
        assert_eq!(parts.condition.as_deref(), Some(both));
        assert_eq!(parts.update, None);
    }

    #[test]
    fn a_row_written_again_removes_what_it_no_longer_has_and_leaves_what_it_does_not_know() {
        #[derive(Serialize, Deserialize)]
        struct Row {
            kept: u8,
            gone: Option<u8>,
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            over: bool,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            others: Option<u8>,
        }
        let row = Row { kept: 1, gone: None, over: false, others: None };
        let update = |write: Write| write.parts().update.unwrap();
        let write = Write::upsert(key(), &row).unwrap();
        assert_eq!(update(write.clone()), "SET #kept = :set_kept REMOVE #gone, #others, #over");
        assert_eq!(update(write.clone().leaving("others")), "SET #kept = :set_kept REMOVE #gone, #over");
        let said = write.set("others", number(2));
        assert_eq!(update(said), "SET #kept = :set_kept, #others = :set_others REMOVE #gone, #over");
        assert!(Write::upsert(key(), &7_u8).is_err(), "what it might have is not known");
    }
}
