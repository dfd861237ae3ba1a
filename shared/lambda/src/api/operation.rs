//! What one route says of itself.

use super::address;
use super::schema::{self, Schemas};
use axum::http::{Method, StatusCode};
use domain::identity::{Permission, RouteClass};
use domain::limits::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Built by the route that it documents. What each answer of a kind has in common is added by itself: a route with a body
/// refuses one that cannot be read, a route that needs somebody refuses strangers.
#[derive(Debug, Default)]
pub struct Operation {
    pub(super) schemas: Schemas,
    summary: &'static str,
    details: Option<String>,
    /// What has to be known of whoever asks; the document is not whole without.
    permission: Option<String>,
    /// What a program's key has to permit besides.
    key_permission: Option<Permission>,
    in_person: bool,
    owner: Option<&'static str>,
    /// Whether it may be asked about somebody else.
    of_others: bool,
    by_address: bool,
    body: Option<Value>,
    parameters: Vec<Value>,
    path_pattern: Option<&'static str>,
    answers: BTreeMap<u16, Answer>,
}

#[derive(Debug, Clone, Default)]
struct Answer {
    content: Option<(&'static str, Value)>,
    /// Whether it may be a problem as well.
    or_problem: bool,
    codes: BTreeSet<&'static str>,
    headers: Map<String, Value>,
}

impl Operation {
    /// What it is for, in a few words.
    #[must_use]
    pub fn says(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    #[must_use]
    pub fn details(self, details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..self }
    }

    /// For anybody: no token is asked for.
    #[must_use]
    pub fn open(self) -> Self {
        Self { permission: Some("none".to_owned()), ..self }
    }

    /// For whoever has a token, whatever it permits.
    #[must_use]
    pub fn any_token(self) -> Self {
        Self { permission: Some("token".to_owned()), ..self }.refusing_strangers()
    }

    /// For a person who has logged in; a program's key is answered 404.
    #[must_use]
    pub fn session(self) -> Self {
        Self { permission: Some("session".to_owned()), ..self }.refusing_strangers().refuses(404, &["not_found"])
    }

    #[must_use]
    pub fn needs(self, permission: Permission) -> Self {
        let needing = Self { permission: Some(permission.as_str().to_owned()), ..self };
        needing.refusing_strangers().refuses(403, &["missing_scope"])
    }

    /// A program's key has to permit this as well.
    #[must_use]
    pub fn key_needs(self, permission: Permission) -> Self {
        Self { key_permission: Some(permission), ..self }
    }

    /// By a person who has logged in: a program's key is answered 403.
    #[must_use]
    pub fn in_person(self) -> Self {
        Self { in_person: true, ..self }
    }

    /// The id in the path is of such a thing, which belongs to somebody: a foreign id answers as an unknown one does.
    #[must_use]
    pub fn of(self, owned: &'static str) -> Self {
        Self { owner: Some(owned), ..self }.refuses(404, &["not_found"])
    }

    /// What it is about is one's own; or, with `?user_id=`, somebody else's for whoever may look at everybody's trading.
    #[must_use]
    pub fn of_others(self) -> Self {
        let meant = format!("whose, `usr_…`; another's needs `{}`", Permission::READ_ALL.as_str());
        let asked = self.query("user_id", &json!({"type": "string"}), &meant).refuses(404, &["not_found"]);
        Self { of_others: true, ..asked }
    }

    /// Counted by the address of whoever asks.
    pub(super) fn by_address(self) -> Self {
        Self { by_address: true, ..self }.refuses(429, &["too_many_requests"])
    }

    /// Takes a JSON object of this shape.
    #[must_use]
    pub fn body<T: ToSchema>(mut self, example: &Value) -> Self {
        let schema = schema::of::<T>(&mut self.schemas);
        self.body_like(&schema, example)
    }

    /// Takes a form of this shape.
    #[must_use]
    pub fn form<T: ToSchema>(mut self, example: &Value) -> Self {
        let schema = schema::of::<T>(&mut self.schemas);
        let content = json!({FORM: {"schema": schema, "example": example}});
        Self { body: Some(json!({"required": true, "content": content})), ..self.refuses(413, &["body_too_large"]) }
    }

    /// Takes JSON that no type of ours describes.
    #[must_use]
    pub fn body_like(self, schema: &Value, example: &Value) -> Self {
        let content = json!({JSON: {"schema": schema, "example": example}});
        let refusing = self.refuses(400, &["invalid_json"]).refuses(413, &["body_too_large"]);
        let refusing = refusing.refuses(422, &["invalid_field"]);
        Self { body: Some(json!({"required": true, "content": content})), ..refusing }
    }

    /// The body may be left out.
    #[must_use]
    pub fn optional_body(mut self) -> Self {
        if let Some(body) = &mut self.body {
            body["required"] = json!(false);
        }
        self
    }

    #[must_use]
    pub fn query(mut self, name: &str, schema: &Value, description: &str) -> Self {
        self.parameters.push(parameter("query", name, schema, description));
        self.refuses(422, &["invalid_field"])
    }

    /// How what stands in the path is written, where it is no id.
    #[must_use]
    pub fn path_pattern(self, pattern: &'static str) -> Self {
        Self { path_pattern: Some(pattern), ..self }
    }

    #[must_use]
    pub fn answers<T: ToSchema>(mut self, status: u16) -> Self {
        let schema = schema::of::<T>(&mut self.schemas);
        self.answer(status).content = Some((JSON, schema));
        self
    }

    /// Items in the shape of a list.
    #[must_use]
    pub fn list<T: ToSchema>(mut self) -> Self {
        let schema = schema::page::<T>(&mut self.schemas);
        self.answer(200).content = Some((JSON, schema));
        self
    }

    /// Of so many that are kept: one more is refused, or takes the place of the oldest.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        self.details(format!("At most {most} are kept."))
    }

    /// A part of a list, as `?limit=` and `?cursor=` ask for it.
    #[must_use]
    pub fn page<T: ToSchema>(self) -> Self {
        let limit = json!({"type": "integer", "minimum": 1, "default": PAGE_ITEMS_DEFAULT});
        let clamped = format!("how many items; above {PAGE_ITEMS_MAX} it is {PAGE_ITEMS_MAX}, and the answer says so");
        let cursor = json!({"type": "string", "minLength": 1, "maxLength": 2_048});
        self.list::<T>().query("limit", &limit, &clamped).query("cursor", &cursor, "`next_cursor` of an earlier answer")
    }

    /// 204.
    #[must_use]
    pub fn answers_nothing(mut self) -> Self {
        self.answer(204);
        self
    }

    /// Something else than JSON of ours.
    #[must_use]
    pub fn answers_with(mut self, status: u16, content_type: &'static str) -> Self {
        let schema = if content_type == JSON { json!({"type": "object"}) } else { json!({"type": "string"}) };
        self.answer(status).content = Some((content_type, schema));
        self
    }

    /// Each answer so far that went well has the version as its `ETag`.
    #[must_use]
    pub fn tagged(mut self) -> Self {
        let tag = json!({"description": "the version", "schema": {"type": "string"}, "example": "\"3\""});
        for (_, answer) in self.answers.range_mut(200..300) {
            answer.headers.insert("ETag".to_owned(), tag.clone());
        }
        self
    }

    /// Takes `If-Match`.
    #[must_use]
    pub fn matched(mut self) -> Self {
        let schema = json!({"type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\")$"});
        let meant = "the version that the change is meant for, as an `ETag` told it";
        self.parameters.push(parameter("header", "If-Match", &schema, meant));
        self.refuses(409, &["version_conflict"]).refuses(422, &["invalid_field"])
    }

    /// The gateway unpacks a path: with a question mark or what can be in no path in its place, an id makes it another
    /// one, which may not be there, or have other methods.
    pub(super) fn at(self, path: &str) -> Self {
        let placed = if path.contains('{') { self.refuses(404, &["not_found"]) } else { self };
        if path.contains("}/") { placed.refuses(405, &["method_not_allowed"]) } else { placed }
    }

    /// Such problems, with these codes.
    #[must_use]
    pub fn refuses(mut self, status: u16, codes: &[&'static str]) -> Self {
        self.answer(status).codes.extend(codes);
        self
    }

    /// The same in a shape of its own, for whom a standard has one.
    #[must_use]
    pub fn refuses_with<T: ToSchema>(mut self, status: u16, codes: &[&'static str]) -> Self {
        let schema = schema::of::<T>(&mut self.schemas);
        let answer = self.answer(status);
        answer.content = Some((JSON, schema));
        answer.codes.extend(codes);
        self
    }

    fn refusing_strangers(self) -> Self {
        self.refuses(401, &["unauthorized"]).refuses(429, &["too_many_requests"])
    }

    fn answer(&mut self, status: u16) -> &mut Answer {
        self.answers.entry(status).or_default()
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
            ("operationId", json!(id(method, path))),
            ("summary", json!(self.summary)),
            ("tags", json!([topic])),
            ("x-permission", json!(self.permission)),
            ("x-rate-class", json!(class)),
            ("parameters", json!([in_path(path, self.path_pattern), self.parameters.clone()].concat())),
            ("responses", self.responses()),
            ("security", if open { json!([]) } else { json!([{"bearer": []}]) }),
        ];
        let said = [
            ("description", self.details.clone().map(Value::from)),
            ("requestBody", self.body.clone()),
            ("x-owner", self.owner.map(Value::from)),
            ("x-others-permission", self.of_others.then(|| Permission::READ_ALL.as_str().into())),
            ("x-person", self.is_for_people(method).then_some(Value::Bool(true))),
            ("x-key-permission", self.key_permission.map(|needed| needed.as_str().into())),
        ];
        let said = said.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
        always.into_iter().chain(said).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Whatever changes people is done by a person.
    fn is_for_people(&self, method: &Method) -> bool {
        self.in_person || !method.is_safe() && self.permission.as_deref() == Some(Permission::USERS.as_str())
    }

    fn responses(&self) -> Value {
        let mut answers = self.answers.clone();
        // Any route can meet these.
        for (status, code) in [(500, "internal"), (503, "unavailable")] {
            answers.entry(status).or_default().meets(code);
        }
        answers.iter().map(|(status, answer)| (status.to_string(), answer.written(*status))).collect()
    }
}

impl Answer {
    /// A problem that whoever serves the route may answer with, beside what the route says of this status.
    fn meets(&mut self, code: &'static str) {
        self.or_problem |= self.content.is_some() && self.codes.is_empty();
        self.codes.insert(code);
    }

    fn written(&self, status: u16) -> Value {
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Answer");
        let mut headers = self.headers.clone();
        if !self.codes.is_empty() {
            let problem = (PROBLEM, json!({"$ref": "#/components/schemas/Problem"}));
            let told = self.content.clone().into_iter();
            let content: Map<String, Value> = told
                .chain((self.content.is_none() || self.or_problem).then_some(problem))
                .map(|(kind, schema)| (kind.to_owned(), json!({"schema": schema})))
                .collect();
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
        match &self.content {
            Some((kind, schema)) => {
                json!({"description": reason, "headers": headers, "content": {*kind: {"schema": schema}}})
            }
            None => json!({"description": reason, "headers": headers}),
        }
    }
}

/// `post-position-groups-id-close`
fn id(method: &Method, path: &str) -> String {
    // Left where it tells `/api/v1/api-keys` from `/api/keys`, and an alias from what has no prefix.
    let is_told_by_it = |rest: &&str| ["/api-", "/oauth2/", "/exchange/"].iter().any(|start| rest.starts_with(start));
    let path = path.strip_prefix("/api/v1").filter(|rest| !is_told_by_it(rest)).unwrap_or(path);
    let words = path.split(['/', '{', '}']).filter(|word| !word.is_empty());
    words.fold(method.as_str().to_lowercase(), |id, word| format!("{id}-{word}"))
}

fn in_path(path: &str, pattern: Option<&str>) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let schema = json!({"type": "string", "pattern": pattern.unwrap_or("^[A-Za-z0-9_-]{1,64}$")});
    names.map(|name| parameter("path", name, &schema, "as an earlier answer told it")).collect()
}

fn parameter(place: &str, name: &str, schema: &Value, description: &str) -> Value {
    json!({"in": place, "name": name, "required": place == "path", "schema": schema, "description": description})
}
