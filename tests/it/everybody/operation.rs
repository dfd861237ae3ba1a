//! The operations, as docs/openapi.json has them.

use crate::support::http::Answer;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeMap;

const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// Their examples would change what is everybody's, or count as guesses at a password: what is sent there cannot be read.
const UNSENT: [&str; 14] = [
    "/api/v1/exchanges",
    "/api/v1/permissions",
    "/api/v1/plans",
    "/api/v1/recover/confirm",
    "/api/v1/roles",
    "/api/v1/strategies/{name}",
    "/api/v1/system/halt",
    "/api/v1/system/resume",
    "/api/v1/users",
    "/api/v1/users/me/password",
    "/api/v1/users/me/totp",
    "/api/v1/users/me/totp/disable",
    "/api/v1/users/me/totp/recovery-codes",
    "/api/v1/wallets",
];
const UNREADABLE: &str = "{";

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: Method,
    path: String,
    pub(super) permission: String,
    /// As good as the permission.
    pub(super) or_permission: Option<String>,
    pub(super) key_permission: Option<String>,
    /// No program's key is let in.
    pub(super) for_people: bool,
    pub(super) owner: Option<String>,
    /// With this it may be asked about somebody else.
    pub(super) others_permission: Option<String>,
    pub(super) is_alias: bool,
    /// What it does not list in its query is left alone.
    pub(super) any_query: bool,
    /// Of a body that may not be left out.
    example: Option<Value>,
    /// Of each status what kind of content it has, and its codes.
    answers: BTreeMap<u16, (Option<String>, Vec<String>)>,
}

pub(super) fn all() -> Vec<Operation> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let read = |(path, methods): (&String, &Value)| -> Vec<Operation> {
        let methods = methods.as_object().unwrap().iter();
        methods.map(|(method, told)| Operation::read(&document, &method.to_uppercase(), path, told)).collect()
    };
    paths.flat_map(read).collect()
}

/// Paths of which an example is not sent, and that are none of an operation with one.
pub(super) fn unsent_in_vain() -> Vec<&'static str> {
    let has_example = |path: &str| all().iter().any(|operation| operation.path == path && operation.example.is_some());
    UNSENT.into_iter().filter(|path| !has_example(path)).collect()
}

impl Operation {
    fn read(document: &Value, method: &str, path: &str, told: &Value) -> Self {
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        let permission = text("x-permission").unwrap_or_else(|| panic!("{method} {path} says no x-permission"));
        let answer = |(status, told): (&String, &Value)| {
            // Most refusals stand in the document once.
            let shared = told["$ref"].as_str().and_then(|named| named.strip_prefix('#'));
            let told = shared.map_or(told, |named| document.pointer(named).unwrap());
            let codes = told["x-codes"].as_array().into_iter().flatten();
            let kind = told["content"].as_object().and_then(|kinds| kinds.keys().next().cloned());
            (status.parse().unwrap(), (kind, codes.map(|code| code.as_str().unwrap().to_owned()).collect()))
        };
        let example = told["requestBody"]["content"]["application/json"].get("example").cloned();
        Self {
            method: method.parse().unwrap(),
            path: path.to_owned(),
            permission,
            or_permission: text("x-or-permission"),
            key_permission: text("x-key-permission"),
            for_people: told["x-person"] == true,
            owner: text("x-owner"),
            others_permission: text("x-others-permission"),
            is_alias: text("x-alias-of").is_some(),
            any_query: told["x-any-query"] == true,
            example: example.filter(|_| told["requestBody"]["required"] == true),
            answers: told["responses"].as_object().unwrap().iter().map(answer).collect(),
        }
    }

    /// With ids in their places. An account that is named by its exchange is named by its label as well.
    pub(super) fn path(&self, id: &impl Fn(&str) -> String) -> String {
        let place = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            // An account of whoever asks, where it is anybody's: nobody here has one there.
            Some("exchange") if self.owner.is_none() => "BINANCE".to_owned(),
            Some("exchange") => id("exchange"),
            Some("run") => id("bot run"),
            Some(_) => self.owner.as_deref().map_or_else(|| "nobody".to_owned(), id),
            None => part.to_owned(),
        };
        let path = self.path.split('/').map(place).collect::<Vec<_>>().join("/");
        let is_labelled = self.owner.is_some() && self.path.contains("{exchange}");
        if is_labelled { format!("{path}?label={}", id("label")) } else { path }
    }

    /// As the document shows it, where that harms nobody but whoever asks.
    pub(super) fn body(&self) -> String {
        match &self.example {
            Some(_) if self.is_unreadable() => UNREADABLE.to_owned(),
            Some(example) => example.to_string(),
            None => String::new(),
        }
    }

    /// Whether nothing is done, since what is sent cannot be read.
    pub(super) fn is_unreadable(&self) -> bool {
        self.example.is_some() && (self.is_open() || UNSENT.contains(&self.path.as_str()))
    }

    pub(super) fn permissions(&self) -> impl Iterator<Item = String> {
        let others = [&self.or_permission, &self.key_permission, &self.others_permission];
        let named = others.into_iter().flatten().chain([&self.permission]).cloned();
        named.filter(|name| name.contains(':'))
    }

    pub(super) fn is_open(&self) -> bool {
        self.permission == "none"
    }

    /// Ends the session that asks.
    pub(super) fn ends_the_session(&self) -> bool {
        self.path.ends_with("/auth/logout")
    }

    /// Whether such an answer is in the document, with its code.
    pub(super) fn documents(&self, answer: &Answer) -> bool {
        let Some((kind, codes)) = self.answers.get(&answer.status) else { return false };
        if codes.is_empty() {
            return answer.status < 400;
        }
        // A standard may have another word for it.
        let (told, is_known) = (answer.json(), |code: &str| codes.iter().any(|known| known == code));
        let code = told["code"].as_str().or_else(|| told["error"].as_str());
        kind.as_ref() == Some(&answer.kind) && code.is_some_and(is_known)
    }
}
