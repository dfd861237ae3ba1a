//! The OpenAPI document of all functions together.

use super::schema::Schemas;
use super::written::Written;
use super::{Operation, Table};
use axum::handler::Handler;
use axum::http::Method;
use domain::identity::RouteClass;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const ABOUT: &str = "\
Errors are problems of RFC 9457: programs read `code`, people read `detail`, and `field` names what is wrong. Lists are \
pages: `next_cursor` continues one. A resource's version is its `ETag`; a change takes it as `If-Match`. A query parameter that \
an operation does not list is refused (422 `invalid_field`, whose `field` is its name), but where `x-any-query` is true.

`x-permission` says what has to be known of whoever asks: `none`; `token`, any that is good; `session`, one of a person; \
else the permission of their role or of the program's key. Whoever has `x-or-permission` needs not have that. `x-key-permission` is asked of a program's key besides; where `x-person` is true, no key is let in. An \
operation with `x-owner` has an id in its path that belongs to somebody: a foreign one answers 404, as an unknown one \
does. `x-others-permission` lets whoever has it ask the same about somebody else, by `?user_id=`; to others that user is not there. `x-alias-of` names the operation that it is another path of; `x-codes` are the codes of an answer; `x-rate-class` \
says with which others it is counted: by session or key in the windows of its class, by address where it is `auth`, and not at all \
where it is `none`.

API Gateway answers 404 and 429 by itself, with a `message` in place of a problem, where no function is asked; so does it 5xx \
where the function has no room to run, takes too long or ends before it has answered.";

/// A table that is documented.
#[derive(Debug, Default)]
pub struct Document {
    paths: BTreeMap<String, Map<String, Value>>,
    schemas: Schemas,
    /// Problems by their status and codes: most routes refuse alike.
    refusals: BTreeMap<String, Value>,
    topics: BTreeMap<&'static str, &'static str>,
    topic: &'static str,
    under: String,
    class: RouteClass,
    /// Under which path the same routes stand already.
    alias_of: Option<String>,
}

impl Document {
    /// With these routes as well.
    #[must_use]
    pub fn with(self, routes: impl FnOnce(Self) -> Self) -> Self {
        routes(self)
    }

    /// What is refused stands in the document once, and is named by the operation.
    fn share_refusals(&mut self, operation: &mut Map<String, Value>) {
        let answers = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
        for (status, answer) in answers {
            let Some(codes) = answer.get("x-codes").and_then(Value::as_array) else { continue };
            let name =
                codes.iter().filter_map(Value::as_str).fold(status.clone(), |name, code| format!("{name}-{code}"));
            let named = json!({"$ref": format!("#/components/responses/{name}")});
            self.refusals.insert(name, std::mem::replace(answer, named));
        }
    }

    /// As OpenAPI 3.1 has it.
    pub fn written(mut self, version: &str) -> Value {
        self.schemas.insert("Problem".to_owned(), problem());
        let topics = self.topics.iter().map(|(name, words)| json!({"name": name, "description": words}));
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Moniqo",
                "version": version,
                "description": ABOUT,
                "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
            },
            // Beside the document, wherever the API stands.
            "servers": [{"url": "."}],
            "tags": topics.collect::<Vec<_>>(),
            "paths": self.paths,
            "components": {
                "schemas": self.schemas,
                "responses": self.refusals,
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer",
                    "description": "the token of a log-in, or a program's key"}},
            },
        })
    }
}

impl<S> Table<S> for Document {
    type Hearer = Written;

    fn route<H, A>(
        mut self,
        method: &Method,
        path: &str,
        _: H,
        told: impl FnOnce(Operation<Written>) -> Operation<Written>,
    ) -> Self
    where
        H: Handler<A, S>,
        A: 'static,
    {
        let full = format!("{}{path}", self.under);
        let mut operation = told(Operation::default()).at(&full).0;
        let mut written = operation.written(method, &full, self.topic, self.class);
        if let Some(first) = &self.alias_of {
            written.insert("x-alias-of".to_owned(), json!(format!("{first}{path}")));
        }
        self.schemas.append(&mut operation.schemas);
        self.share_refusals(&mut written);
        self.paths.entry(full).or_default().insert(method.as_str().to_lowercase(), Value::Object(written));
        self
    }

    fn under(mut self, path: &str, routes: impl FnOnce(Self) -> Self) -> Self {
        let before = self.under.clone();
        self.under.push_str(path);
        Self { under: before, ..routes(self) }
    }

    fn also_under(self, path: &str, other: &str, routes: impl Fn(Self) -> Self) -> Self {
        let first = format!("{}{path}", self.under);
        let mut twice = <Self as Table<S>>::under(self, path, &routes);
        twice.alias_of = Some(first);
        twice = <Self as Table<S>>::under(twice, other, &routes);
        Self { alias_of: None, ..twice }
    }

    fn of_class(mut self, class: RouteClass, routes: impl FnOnce(Self) -> Self) -> Self {
        let before = std::mem::replace(&mut self.class, class);
        Self { class: before, ..routes(self) }
    }

    fn about(mut self, topic: &'static str, words: &'static str) -> Self {
        self.topics.insert(topic, words);
        Self { topic, ..self }
    }
}

fn problem() -> Value {
    let text = |meaning: &str| json!({"type": "string", "description": meaning});
    json!({
        "type": "object",
        "description": "Why something was not done (RFC 9457). Some have members of their own.",
        "required": ["status", "code", "title", "detail"],
        "properties": {
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": text("stable, for programs"),
            "title": text("of the status"),
            "detail": text("for people: what is wrong, and what is allowed"),
            "field": text("the first of `fields`"),
            "fields": {"type": "array", "items": {"type": "string"}, "description": "in dotted paths"},
        },
        "example": {"status": 422, "code": "invalid_field", "title": "Unprocessable Entity",
            "detail": "limit must be a whole number from 1 to 200", "field": "limit", "fields": ["limit"]},
    })
}
