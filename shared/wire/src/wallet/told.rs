//! What a definition says otherwise than another, for the record.

use super::Definition;
use serde_json::{Map, Value};

impl Definition {
    /// An object of its members that `other` has not, or not the same: by their names with those of the members around
    /// them (`provider_config.auth_type`), as everybody may see them. A hidden one that is another is there, though it
    /// looks the same.
    ///
    /// # Errors
    /// Never: every member can be written.
    pub fn unlike(&self, other: Option<&Self>) -> Result<String, serde_json::Error> {
        let (all, others) = (self.members()?, other.map(Self::members).transpose()?.unwrap_or_default());
        let mut shown = self.shown().members()?;
        shown.retain(|name, _| all.get(name) != others.get(name));
        serde_json::to_string(&shown)
    }

    fn members(&self) -> Result<Map<String, Value>, serde_json::Error> {
        let mut members = Map::new();
        spread(String::new(), serde_json::to_value(self)?, &mut members);
        Ok(members)
    }
}

fn spread(name: String, value: Value, into: &mut Map<String, Value>) {
    match value {
        Value::Object(within) if !within.is_empty() => {
            for (member, value) in within {
                let full = if name.is_empty() { member } else { format!("{name}.{member}") };
                spread(full, value, into);
            }
        }
        value => {
            into.insert(name, value);
        }
    }
}
