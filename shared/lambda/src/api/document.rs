//! The OpenAPI document of all functions together.

use super::schema::{self, Schemas};
use super::written::Written;
use super::{Operation, Table};
use crate::guard::browser::COOKIE;
use axum::handler::Handler;
use axum::http::Method;
use domain::identity::{Permission, RouteClass};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: &str = "\
**Errors** are problem details (RFC 9457). Programs read `code`, people read `detail`, and `field` names what is wrong. `type` is \
a page of this deployment about the code; `/docs/errors` lists all. `request_id` finds the request in the logs; every answer has it \
as the header `X-Request-Id`.

**Words** of an `enum` may become more in a later release. A client shows a word that it does not know as it is.

**Lists** are pages: `next_cursor` continues one, with the same query.

**Versions**: a resource's version is its `ETag`. A change accepts it as `If-Match`.

**Polling**: an answer to `GET` without a version has a weak `ETag` of the whole body, which begins with `W/`. Send it as `If-None-Match`: an answer that has not changed is 304 without a body.

**Query parameters** that an operation does not list are refused (422 `invalid_field`, with the name as `field`), unless \
`x-any-query` is true.

**Sending again**: an operation with the header `Idempotency-Key` is done once for each key of a user, and answers the same when it is sent again, with `Idempotent-Replayed: true`. A key has 16 to 255 printable characters, such as a UUID, and belongs to one path, query and body. Answers are stored for 24 hours; for 7 days if the operation trades, halts, or changes accounts and tokens. 5xx and 429 are not stored: send the same request again. 409 `in_progress` says that the first one is not answered yet.

**Who may call** an operation:

- `x-permission`: `none` needs no token; `token` accepts any valid token; `session` needs a logged-in user; anything else is a \
permission of the caller's role or API key. `x-or-permission` is accepted in its place.
- `x-key-permission`: an API key needs this permission too. `x-person`: only a logged-in user may call it, no API key.
- `x-owner`: the path has the id of something that belongs to a user. The id of another user's resource answers 404, as an \
unknown id does.
- `x-others-permission`: with it, `?user_id=` reads another user's data. Without it, that user is not found.
- `x-rate-class`: operations of one class share a rate limit, counted by session or API key; by address if it is `auth`; not \
at all if it is `none`. An answer to a valid token has `RateLimit` and `RateLimit-Policy`, as \
draft-ietf-httpapi-ratelimit-headers-09 writes them: `q` requests in `w` seconds; `r` are left, for `t` seconds.

**Browsers**: `POST /api/v1/auth/login?session=cookie` sets the session's token as the cookie `__Host-moniqo`, which scripts \
cannot read. It is accepted by every operation in place of a session's bearer token, and by none beside one (400 \
`cookie_and_bearer`). A change (any method but `GET` and `HEAD`) by cookie must have `Sec-Fetch-Site: same-origin`, which \
browsers set, and `X-CSRF-Token`, as log-in and `GET /api/v1/auth/csrf` answer it; if not, it is refused (403 `csrf`).

`x-codes` lists the codes of an answer. `x-alias-of` marks a second path of the operation that it names.

API Gateway itself answers 404 and 429, with a `message` in place of a problem, if it reaches no function. It answers 5xx in the \
same way if the function has no room to run, takes too long or ends without an answer.";

/// The topic of second names.
pub const ALIASES: &str = "aliases";
/// What it is about.
pub const SECOND_NAMES: &str = "Operations as the specification spells them. `x-alias-of` is the first name of one; where there is none, the operations of \
                                accounts and bots do the same.";

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
    /// The path under which the same routes stand as well, if this one is their second name.
    alias_of: Option<String>,
    /// Answers by the names of their operations and their statuses.
    examples: Value,
}

impl Document {
    /// With these routes as well.
    #[must_use]
    pub fn with(self, routes: impl FnOnce(Self) -> Self) -> Self {
        routes(self)
    }

    /// Shows these answers, by the names of their operations and their statuses, as examples.
    #[must_use]
    pub fn showing(self, examples: Value) -> Self {
        Self { examples, ..self }
    }

    fn show_examples(&self, operation: &mut Map<String, Value>) {
        let Some(examples) = operation.get("operationId").and_then(Value::as_str).and_then(|id| self.examples.get(id))
        else {
            return;
        };
        let examples = examples.clone();
        let answers = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
        for (status, answer) in answers {
            let content = answer.pointer_mut("/content/application~1json").and_then(Value::as_object_mut);
            if let (Some(content), Some(example)) = (content, examples.get(status)) {
                content.insert("example".to_owned(), example.clone());
            }
        }
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
        let paths = json!(self.paths);
        schema::require_nullable(&mut self.schemas, &paths);
        self.topics.insert(ALIASES, SECOND_NAMES);
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
            "paths": paths,
            // What the deployment sends; nothing yet.
            "webhooks": {},
            "components": {
                "schemas": self.schemas,
                "responses": self.refusals,
                "securitySchemes": security_schemes(),
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
        self.show_examples(&mut written);
        if let Some(canonical) = &self.alias_of {
            let name = written.get("operationId").and_then(Value::as_str).unwrap_or_default();
            written.insert("operationId".to_owned(), json!(format!("{name}Alias")));
            written.insert("tags".to_owned(), json!([ALIASES]));
            written.insert("x-alias-of".to_owned(), json!(format!("{canonical}{path}")));
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
        let canonical = format!("{}{other}", self.under);
        let aliased = Self { alias_of: Some(canonical), ..self };
        let aliased = <Self as Table<S>>::under(aliased, path, &routes);
        <Self as Table<S>>::under(Self { alias_of: None, ..aliased }, other, &routes)
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

fn security_schemes() -> Value {
    let scopes =
        Permission::ALL.into_iter().map(|permission| (permission.as_str().to_owned(), json!(permission.meaning())));
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a log-in, an API key, or an access token.",
        },
        // A change does not name it: a generated client would send it without what has to stand beside it.
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": COOKIE,
            "description": "A browser's session: see *Browsers*.",
        },
        "oauth": {
            "type": "oauth2",
            "description": "An access token for a program, valid for an hour. The client's id is the id of an API key and its secret \
                the key's.",
            "flows": {"clientCredentials": {"tokenUrl": "api/v1/oauth2/token", "scopes": scopes.collect::<Map<_, _>>()}},
        },
    })
}

fn problem() -> Value {
    let text = |meaning: &str| json!({"type": "string", "description": meaning});
    let codes: BTreeSet<_> = wire::errors::all().map(|known| known.code).collect();
    json!({
        "type": "object",
        "description": "Why something was not done (RFC 9457). Some have members of their own.",
        "required": ["type", "status", "code", "title", "detail", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "description": "The page about `code`, at this deployment."},
            "request_id": text("Under which id the logs have the request."),
            "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."},
            "code": {"type": "string", "enum": codes, "description": "What went wrong, as a stable word for programs."},
            "title": text("The words of the HTTP status."),
            "detail": text("What is wrong and what is allowed, for people."),
            "field": text("The first of `fields`."),
            "fields": {"type": "array", "items": {"type": "string"}, "description": "The members or query parameters that are wrong, as dotted paths."},
        },
        "example": {"type": "/docs/errors/invalid_field", "status": 422, "code": "invalid_field", "title": "Unprocessable Entity",
            "detail": "limit must be a whole number from 1 to 200", "field": "limit", "fields": ["limit"],
            "request_id": "JKJaXmPLvHcESHA="},
    })
}
