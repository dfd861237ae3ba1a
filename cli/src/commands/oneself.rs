//! `moniqo users me`, `export` and `erase`

use super::act::json;
use super::people::{object, password, shown};
use super::{Api, input, percent};
use crate::args::{Erase, Me};
use crate::failure::Failure;
use serde_json::{Map, Value};
use wire::view::User;

pub(super) fn me(api: &Api, wanted: &Me) -> Result<(), Failure> {
    let body = changes(wanted, || password(api.target.url()?, &wanted.password))?;
    if body.is_empty() {
        return api.show("users/me", false, shown);
    }
    api.put("users/me", json(&body)?, None, shown)
}

fn changes(wanted: &Me, password: impl Fn() -> Result<String, Failure>) -> Result<Map<String, Value>, Failure> {
    let Me { name, username, email, preferences_file, password: _ } = wanted;
    let mut body = Map::new();
    let name = name.as_ref().map(|name| if name.is_empty() { Value::Null } else { name.clone().into() });
    body.extend(name.map(|name| ("name".to_owned(), name)));
    body.extend(username.clone().map(|username| ("username".to_owned(), username.into())));
    if let Some(file) = preferences_file {
        let read = serde_json::from_str(&input::read(Some(file))?);
        let preferences = read.map_err(|error| Failure::input(format!("the preferences are no JSON: {error}")))?;
        body.insert("preferences".to_owned(), preferences);
    }
    if let Some(email) = email {
        body.extend(object([("email", email.clone()), ("password", password()?)]));
    }
    Ok(body)
}

/// JSON, whoever reads it.
pub(super) fn export(api: &Api) -> Result<(), Failure> {
    let kept: Value = api.get("users/me/export")?.read()?;
    anstream::println!("{kept:#}");
    Ok(())
}

pub(super) fn erase(api: &Api, wanted: &Erase) -> Result<(), Failure> {
    let (url, token) = api.target.api()?;
    let whose =
        wanted.id.as_ref().map_or_else(|| "your personal data".to_owned(), |id| format!("the personal data of {id}"));
    api.confirm(&format!("Permanently erase {whose}?"))?;
    let (id, body) = match &wanted.id {
        Some(id) => (id.clone(), Map::new()),
        None => {
            let oneself: User = api.get("users/me")?.read()?;
            (oneself.id, object([("password", password(url, &wanted.password)?)]))
        }
    };
    api.client.post_without_key(&format!("{url}/api/v1/users/{}/erase", percent(&id)), token, Some(json(&body)?))?;
    if wanted.id.is_none() {
        api.target.session()?.forget()?;
    }
    anstream::println!("The personal data is erased.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::PasswordFrom;
    use serde_json::json;

    #[test]
    fn only_what_is_named_is_changed_and_an_empty_name_is_none() {
        let me = |name: Option<&str>| Me {
            name: name.map(str::to_owned),
            username: None,
            email: None,
            preferences_file: None,
            password: PasswordFrom { password_file: None },
        };
        let body = |name| Value::Object(changes(&me(name), || Ok(String::new())).unwrap());
        assert_eq!(
            [body(None), body(Some("")), body(Some("Ann"))],
            [json!({}), json!({"name": null}), json!({"name": "Ann"})]
        );
    }
}
