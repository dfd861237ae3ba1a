//! Errors as RFC 9457 has them.

use app::ports::StoreError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::clock::Millis;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;

pub(crate) const PROBLEM: &str = "application/problem+json";
/// After which a caller may try again, where we cannot say better.
const RETRY_AFTER_SECONDS: u32 = 5;

/// What every function answers when it does not do what was asked. Programs read `code`; people read `detail`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// The page of its code, at the same deployment.
    #[serde(rename = "type")]
    about: String,
    #[serde(serialize_with = "number")]
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    /// The first of `fields`.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<String>,
    #[serde(flatten)]
    more: BTreeMap<&'static str, Value>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let (field, fields, more) = (None, Vec::new(), BTreeMap::new());
        let about = wire::errors::path_of(code);
        Self { about, status, code, title, detail: detail.into(), field, fields, more, retry_after: None }
    }

    /// The same for everyone who may not enter: it never says why.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "the user or the secret is not known")
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    /// A rule that one or more fields break.
    pub fn invalid(code: &'static str, fields: impl IntoIterator<Item = String>, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).naming(fields)
    }

    /// A field that breaks its rule.
    pub fn field(field: &str, allowed: impl Into<String>) -> Self {
        Self::invalid("invalid_field", [field.to_owned()], allowed)
    }

    /// To be tried again after this time.
    pub fn too_many(detail: impl Into<String>, retry_after: Millis) -> Self {
        // Rounded up, so that whoever waits as long is let in.
        let seconds = retry_after.get().saturating_add(999).div_euclid(1_000).max(1);
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(seconds)
    }

    pub fn of_store(error: &StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::unavailable("the store cannot be reached now"),
            StoreError::Unreadable(_) => Self::internal("a stored row cannot be read", error),
        }
    }

    /// A bug, or a newer writer: for the log, not for the caller.
    pub fn internal(told: &str, error: &dyn Display) -> Self {
        tracing::error!(%error, told);
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", told)
    }

    /// Nothing was done; the same request may be sent again.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(RETRY_AFTER_SECONDS)
    }

    /// Names the fields that are meant, in dotted paths.
    #[must_use]
    pub fn naming(mut self, fields: impl IntoIterator<Item = String>) -> Self {
        self.fields = fields.into_iter().collect();
        self.field = self.fields.first().cloned();
        self
    }

    /// Adds a member of one's own.
    #[must_use]
    pub fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.more.insert(member, value.into());
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn code(&self) -> &'static str {
        self.code
    }

    fn text(&self) -> String {
        // Only text, numbers and JSON values stand in it, which always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Writes under which id the log has the request, if the answer is a problem.
    pub(super) fn name_request(answer: Response, id: &str) -> Response {
        let (mut parts, body) = answer.into_parts();
        let Some(problem) = parts.extensions.remove::<Self>() else { return Response::from_parts(parts, body) };
        // The body was packed if it was long.
        for of_body in [header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
            parts.headers.remove(of_body);
        }
        Response::from_parts(parts, Body::from(problem.with("request_id", id).text()))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, [(header::CONTENT_TYPE, PROBLEM)], self.text()).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
