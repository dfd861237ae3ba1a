//! What the document shows of one route.

use super::address;
use super::declared::Keys;
use super::operation::Hearer;
use super::schema::Schemas;
use axum::http::{Method, StatusCode};
use domain::identity::{Permission, RouteClass};
use domain::ids;
use domain::limits::{IDEMPOTENCY_KEY_CHARACTERS_MAX, IDEMPOTENCY_KEY_CHARACTERS_MIN};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

const PROBLEM: &str = "application/problem+json";

/// What a route has said of itself, for the document.
#[derive(Debug, Default)]
pub struct Written {
    pub(super) schemas: Schemas,
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) details: Option<String>,
    /// What has to be known of whoever asks; the document is not whole without.
    pub(super) permission: Option<String>,
    /// Whether an open operation accepts a token as well.
    pub(super) or_bearer: bool,
    pub(super) by_cookie: bool,
    /// What is as good as that.
    pub(super) or_permission: Option<Permission>,
    /// What a program's key has to permit besides.
    pub(super) key_permission: Option<Permission>,
    pub(super) in_person: bool,
    pub(super) owner: Option<&'static str>,
    /// Whether it may be asked about somebody else.
    pub(super) of_others: bool,
    pub(super) by_address: bool,
    pub(super) any_query: bool,
    pub(super) body: Option<Value>,
    /// A `PUT` changes what is named, as the `PATCH` beside it does.
    pub(super) merges: bool,
    pub(super) parameters: Vec<Value>,
    pub(super) keys: Keys,
    pub(super) path_pattern: Option<&'static str>,
    pub(super) answers: BTreeMap<u16, Answer>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// In which shapes it may come.
    pub(super) content: Vec<(&'static str, Value)>,
    /// Whether it may be a problem as well.
    or_problem: bool,
    pub(super) codes: BTreeSet<&'static str>,
    pub(super) headers: Map<String, Value>,
}

impl Hearer for Written {
    fn write(self, said: impl FnOnce(Self) -> Self) -> Self {
        said(self)
    }
}

impl Written {
    pub(super) fn answer(&mut self, status: u16) -> &mut Answer {
        self.answers.entry(status).or_default()
    }

    /// Those so far that went well.
    pub(super) fn went_well(&mut self) -> impl Iterator<Item = &mut Answer> {
        self.answers.range_mut(200..300).map(|(_, answer)| answer)
    }

    /// Takes an `Idempotency-Key`, if the route knows who asks and does not ignore it.
    pub(super) fn keyed(mut self) -> Self {
        if self.keys.are_ignored || matches!(self.permission.as_deref(), None | Some("none")) {
            return self;
        }
        let written = format!("^[!-~]{{{IDEMPOTENCY_KEY_CHARACTERS_MIN},{IDEMPOTENCY_KEY_CHARACTERS_MAX}}}$");
        let schema = json!({"type": "string", "pattern": written});
        let meant = "names what is meant, such as by a UUID: sent again, it is done once";
        let mut header = parameter("header", "Idempotency-Key", &schema, meant);
        if let Some(required) = header.get_mut("required") {
            *required = json!(self.keys.is_required);
        }
        self.parameters.push(header);
        let told_once = self.keys.tells_once.then_some("answer_not_kept");
        self.answer(409).codes.extend(["idempotency_key_reused", "in_progress"].into_iter().chain(told_once));
        self.answer(422).codes.insert("invalid_field");
        self
    }

    /// As OpenAPI has it.
    pub(super) fn written(&self, method: &Method, path: &str, topic: &str, class: RouteClass) -> Map<String, Value> {
        let open = self.permission.as_deref() == Some("none");
        let class = match (self.by_address, open) {
            (true, _) => address::CLASS,
            (false, true) => "none",
            (false, false) => class.as_str(),
        };
        let always = [
            ("operationId", json!(id(method, self.name, self.merges))),
            ("summary", json!(self.summary)),
            ("tags", json!([topic])),
            ("x-permission", json!(self.permission)),
            ("x-rate-class", json!(class)),
            ("parameters", json!([in_path(path, self.path_pattern, self.owner), self.parameters.clone()].concat())),
            ("responses", self.responses()),
            ("security", self.security(method)),
        ];
        let said = [
            ("description", self.details.clone().map(Value::from)),
            ("requestBody", self.body.clone()),
            ("x-owner", self.owner.map(Value::from)),
            ("x-any-query", self.any_query.then_some(Value::Bool(true))),
            ("x-others-permission", self.of_others.then(|| Permission::READ_ALL.as_str().into())),
            ("x-person", self.is_for_people(method).then_some(Value::Bool(true))),
            ("x-or-permission", self.or_permission.map(|other| other.as_str().into())),
            ("x-key-permission", self.key_permission.map(|needed| needed.as_str().into())),
        ];
        let said = said.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
        always.into_iter().chain(said).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The ways to be let in, one of which is enough. An access token of a program carries the permissions that it was asked for with.
    fn security(&self, method: &Method) -> Value {
        if self.by_cookie {
            return json!([{"cookie": []}]);
        }
        let for_sessions = self.permission.as_deref() == Some("session") || self.is_for_people(method);
        let of_key = self.key_permission.map(|needed| needed.as_str());
        let scopes = |permission: &str| -> Vec<String> {
            let needed = Some(permission).filter(|permission| *permission != "token");
            needed.into_iter().chain(of_key).map(str::to_owned).collect()
        };
        let permission = self.permission.as_deref().filter(|_| !for_sessions);
        let either = permission.into_iter().chain(self.or_permission.filter(|_| !for_sessions).map(Permission::as_str));
        let open = self.permission.as_deref() == Some("none");
        let bearer = (!open || self.or_bearer).then(|| json!({"bearer": []}));
        let anonymous = (open && self.or_bearer).then(|| json!({}));
        let programs =
            either.filter(|permission| *permission != "none").map(|permission| json!({"oauth": scopes(permission)}));
        anonymous.into_iter().chain(bearer).chain(programs).collect()
    }

    /// Whatever changes people is done by a person.
    fn is_for_people(&self, method: &Method) -> bool {
        self.in_person || !method.is_safe() && self.permission.as_deref() == Some(Permission::USERS.as_str())
    }

    fn responses(&self) -> Value {
        let mut answers = self.answers.clone();
        // Any route can meet these.
        let refused = (!self.any_query).then_some((422, "invalid_field"));
        for (status, code) in [(500, "internal"), (503, "unavailable")].into_iter().chain(refused) {
            answers.entry(status).or_default().meets(code);
        }
        answers.iter().map(|(status, answer)| (status.to_string(), answer.written(*status))).collect()
    }
}

impl Answer {
    /// A problem that whoever serves the route may answer with, beside what the route says of this status.
    fn meets(&mut self, code: &'static str) {
        self.or_problem |= !self.content.is_empty() && self.codes.is_empty();
        self.codes.insert(code);
    }

    fn written(&self, status: u16) -> Value {
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Answer");
        let mut headers = self.headers.clone();
        if !self.codes.is_empty() {
            let problem = (PROBLEM, json!({"$ref": "#/components/schemas/Problem"}));
            let is_problem = self.content.is_empty() || self.or_problem;
            let content = shapes(self.content.iter().chain(is_problem.then_some(&problem)));
            let codes: Vec<_> = self.codes.iter().map(|code| format!("`{code}`")).collect();
            if matches!(status, 429 | 503) {
                let seconds = json!({"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}});
                headers.insert("Retry-After".to_owned(), seconds);
            }
            return json!({
                "description": format!("{reason}: {}", codes.join(", ")),
                "headers": headers,
                "content": content,
                "x-codes": self.codes,
            });
        }
        if self.content.is_empty() {
            return json!({"description": reason, "headers": headers});
        }
        json!({"description": reason, "headers": headers, "content": shapes(&self.content)})
    }
}

fn shapes<'a>(content: impl IntoIterator<Item = &'a (&'static str, Value)>) -> Map<String, Value> {
    content.into_iter().map(|(kind, schema)| ((*kind).to_owned(), json!({"schema": schema}))).collect()
}

/// A `PUT` that shares its words with the `PATCH` beside it has a name of its own.
fn id(method: &Method, name: &str, merges: bool) -> String {
    match name.strip_prefix("update").filter(|_| method == Method::PUT) {
        Some(_) if merges => format!("{name}ByPut"),
        Some(rest) => format!("replace{rest}"),
        None => name.to_owned(),
    }
}

/// Kinds of resources with an id, and how that begins.
const IDS: [(&str, &str); 16] = [
    ("account", ids::AccountId::PREFIX),
    ("alert", ids::DeliveryId::PREFIX),
    ("api key", ids::KeyId::PREFIX),
    ("backfill", ids::BackfillId::PREFIX),
    ("backtest", ids::BacktestId::PREFIX),
    ("bot", ids::BotId::PREFIX),
    ("bot run", ids::RunId::PREFIX),
    ("exchange", ids::WalletId::PREFIX),
    ("key", ids::CredentialId::PREFIX),
    ("notification", ids::NoticeId::PREFIX),
    ("order", ids::OrderId::PREFIX),
    ("parked message", ids::ParkedId::PREFIX),
    ("position group", ids::GroupId::PREFIX),
    ("session", ids::SessionId::PREFIX),
    ("user", ids::UserId::PREFIX),
    ("webhook token", ids::TokenId::PREFIX),
];

/// What a part of a path means; `owned` is the kind of resource that the path leads to.
fn meaning(path: &str, name: &str, owned: Option<&str>) -> String {
    let (before, _) = path.split_once(&format!("/{{{name}}}")).unwrap_or((path, ""));
    let list = before.rsplit('/').next().unwrap_or_default();
    let kind = match (name, list) {
        ("id", "exchanges" | "wallets") => "exchange",
        ("user_id", _) => "user",
        ("run", _) => "bot run",
        _ => owned.unwrap_or_default(),
    };
    match (name, IDS.iter().find(|(known, _)| *known == kind)) {
        ("exchange", _) => "The exchange, such as `BINANCE`, or an account, `acc_…`.".to_owned(),
        ("id" | "user_id" | "run", Some((kind, prefix))) => format!("The id of the {}, `{prefix}…`.", named(kind)),
        ("market", _) => "The exchange and the market, such as `BINANCE:BTCUSDT`.".to_owned(),
        ("code", _) => "The error code, such as `not_found`.".to_owned(),
        ("days_old", _) => "The age in days.".to_owned(),
        ("token", _) => "The webhook token, `whk_…`.".to_owned(),
        _ => format!("The name, as the list of {list} shows it."),
    }
}

/// The field's word for a resource that has another one in paths.
fn named(kind: &str) -> &str {
    match kind {
        "key" => "exchange key",
        "parked message" => "dead letter",
        "position group" => "position",
        kind => kind,
    }
}

fn in_path(path: &str, pattern: Option<&str>, owned: Option<&str>) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let schema = json!({"type": "string", "pattern": pattern.unwrap_or("^[A-Za-z0-9_-]{1,64}$")});
    names.map(|name| parameter("path", name, &schema, &meaning(path, name, owned))).collect()
}

pub(super) fn parameter(place: &str, name: &str, schema: &Value, description: &str) -> Value {
    json!({"in": place, "name": name, "required": place == "path", "schema": schema, "description": description})
}
