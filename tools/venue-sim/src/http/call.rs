//! A request as the wires read it, and their answer.

use crate::site::SiteName;
use http::HeaderMap;
use serde_json::Value;
use std::net::IpAddr;

/// What a request is for, on every wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Create,
    Test,
    Cancel,
    Query,
    Trades,
    Account,
    Market,
    Other,
}

#[derive(Debug)]
pub struct Call {
    pub site: SiteName,
    pub purpose: Purpose,
    pub method: String,
    pub path: String,
    pub query: String,
    pub body: String,
    pub headers: HeaderMap,
    pub ip: IpAddr,
}

impl Call {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Query and form together; of what stands in both, the query's.
    pub fn params(&self) -> Params {
        let mut all = Params::read(&self.query);
        all.0.extend(Params::read(&self.body).0);
        all
    }
}

/// Names and values, in the order sent.
#[derive(Debug, Default, Clone)]
pub struct Params(pub Vec<(String, String)>);

impl Params {
    /// Of a query or a form; nothing of what is neither.
    pub fn read(text: &str) -> Self {
        Self(serde_urlencoded::from_str(text).unwrap_or_default())
    }

    pub fn has_doubles(&self) -> bool {
        self.0.iter().any(|(name, _)| self.all(name).count() > 1)
    }

    /// A value that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).and_then(|value| value.parse().ok())
    }
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string() }
    }

    pub fn ok(body: &Value) -> Self {
        Self::json(200, body)
    }

    /// Without each third of its list; where it is no list, as it is.
    #[must_use]
    pub(crate) fn sparse(self) -> Self {
        self.with_list(|kept| kept)
    }

    /// The same with the first twice and the last first.
    #[must_use]
    pub(crate) fn jumbled(self) -> Self {
        self.with_list(|kept| {
            let twice = kept.first().cloned();
            kept.into_iter().chain(twice).rev().collect()
        })
    }

    /// What is made of two thirds of its list.
    fn with_list(self, made: impl FnOnce(Vec<Value>) -> Vec<Value>) -> Self {
        let Ok(Value::Array(list)) = serde_json::from_str(&self.body) else { return self };
        let kept = list.into_iter().enumerate().filter(|(at, _)| at % 3 != 2).map(|(_, one)| one);
        Self { body: Value::Array(made(kept.collect())).to_string(), ..self }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
