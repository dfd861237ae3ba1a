//! Bodies: JSON objects whose members are all known. A word that is not known is refused: a misspelt one must not mean
//! nothing.

use crate::edge::Problem;
use axum::http::StatusCode;
use domain::limits::TEXT_CHARACTERS_MAX;
use serde_json::{Map, Value};

/// # Errors
/// 400 where it is no object, 422 with the first member that is not known.
pub fn fields(body: &[u8], known: &[&str]) -> Result<Map<String, Value>, Problem> {
    let wrong = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "invalid_json", detail);
    let fields = match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return Err(wrong(r#"the body must be an object such as {"reason": "…"}"#.to_owned())),
        Err(error) => return Err(wrong(format!("the body is not JSON: {error}"))),
    };
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Problem::field(name, format!("{name} is not known here: {} are", known.join(", ")))),
        None => Ok(fields),
    }
}

/// A short text, without the blanks around it; none where it is left out or null.
///
/// # Errors
/// 422 where it is something else.
pub fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    let allowed = || Problem::field(name, format!("{name} must be a text of 1 to {TEXT_CHARACTERS_MAX} characters"));
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let text = text.trim();
            let fits = (1..=TEXT_CHARACTERS_MAX).contains(&text.chars().count());
            if fits { Ok(Some(text.to_owned())) } else { Err(allowed()) }
        }
        Some(_) => Err(allowed()),
    }
}
