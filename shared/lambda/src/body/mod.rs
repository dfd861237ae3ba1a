//! Bodies: JSON objects that are read into the types that document them.
//!
//! 1. All members are known: a misspelt one must not mean nothing. So no type of a body flattens another.
//! 2. Each member is said once, at any depth.
//! 3. What is refused is named by its path with what is allowed, and is not repeated: it may be a secret.

mod refused;

use crate::edge::Problem;
use axum::http::{Method, StatusCode};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// # Errors
/// 400 if it is no JSON object, 422 with the first member that is not as its type has it.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    typed(fields(body, store::members::<T>())?)
}

/// What a `PUT` replaces with all members, each with a value, or a `PATCH` changes with those that it names.
///
/// # Errors
/// As [`read`], and 422 with the first member that a `PUT` lacks.
pub fn change<T: DeserializeOwned>(method: &Method, body: &[u8]) -> Result<T, Problem> {
    let all = store::members::<T>();
    let said = fields(body, all)?;
    let is_missing = |name: &&&str| method == Method::PUT && said.get(**name).is_none_or(Value::is_null);
    let missing = all.iter().find(is_missing).copied();
    let change = typed(said)?;
    let Some(name) = missing else { return Ok(change) };
    let detail = format!("{name} is required: PUT replaces all members, and PATCH changes those that are named");
    Err(Problem::field(name, detail))
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| refused::problem(&error))
}

/// A body that may be left out: without one, no member is said.
///
/// # Errors
/// As [`read`].
pub fn read_optional<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    read(if body.is_empty() { b"{}" } else { body })
}

/// The members of a body that has a reader of its own.
///
/// # Errors
/// 400 where it is no object, 422 with the first member that is said twice, here or within, or is not known.
pub fn fields(body: &[u8], known: &[&str]) -> Result<Map<String, Value>, Problem> {
    let wrong = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "invalid_json", detail);
    let fields = match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return Err(wrong(format!("the body must be a JSON object; its members may be {}", known.join(", ")))),
        Err(error) => return Err(wrong(format!("the body is not JSON: {error}"))),
    };
    if let Some(name) = said_twice(body) {
        return Err(Problem::field(&name, format!("{name} may stand there only once")));
    }
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Problem::field(name, format!("{name} is not known here: {} are", known.join(", ")))),
        None => Ok(fields),
    }
}

/// The path of a member that its object has twice: whoever reads one of them does not do what the other says.
fn said_twice(body: &[u8]) -> Option<String> {
    let mut twice = None;
    let mut reader = serde_json::Deserializer::from_slice(body);
    let members = Members { path: "", twice: &mut twice };
    // What is no JSON was refused before.
    members.deserialize(&mut reader).unwrap_or_default();
    twice
}

/// Looks at the names of members alone.
struct Members<'a> {
    path: &'a str,
    twice: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            let path = if self.path.is_empty() { name.clone() } else { format!("{}.{name}", self.path) };
            map.next_value_seed(Members { path: &path, twice: self.twice })?;
            if !names.insert(name) {
                self.twice.get_or_insert(path);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Members { path: self.path, twice: self.twice })?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
