//! Whom a list of people is about.

use app::identity::Sought;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::identity::RoleName;
use domain::limits::EMAIL_BYTES_MAX;
use lambda::edge::Problem;
use serde::Deserialize;

/// Who is looked for, as `?search=&role=&is_active=` say.
pub(crate) struct Filters(pub(crate) Sought);

#[derive(Default, Deserialize)]
struct Query {
    search: Option<String>,
    role: Option<String>,
    is_active: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Filters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let once = |_| Problem::field("search", "search, role and is_active are given once each, as text");
        let axum::extract::Query(asked) = axum::extract::Query::<Query>::try_from_uri(&parts.uri).map_err(once)?;
        if asked.search.as_ref().is_some_and(|text| text.len() > EMAIL_BYTES_MAX) {
            return Err(Problem::field("search", format!("search must be a text of at most {EMAIL_BYTES_MAX} bytes")));
        }
        let active = match asked.is_active.as_deref() {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => return Err(Problem::field("is_active", "is_active must be true or false")),
        };
        let bad = |wrong| Problem::field("role", format!("role {wrong}"));
        let role = asked.role.as_deref().map(str::parse::<RoleName>).transpose().map_err(bad)?;
        Ok(Self(Sought { text: asked.search, role, active }))
    }
}
