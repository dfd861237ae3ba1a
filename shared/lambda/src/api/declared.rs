//! What is checked when a route is served: who calls it, and the parameters of its query. A parameter that the route does not
//! declare is refused: a misspelt one must not be ignored.
//!
//! 1. It is held to where routes are served, so that a route has it by being declared.
//! 2. Whoever has to be let in first hears of it afterwards: a stranger is answered 401 and nothing else, and an address that
//!    asks too often 429.
//! 3. A parameter's value is never told back, and its name no further than it takes to know it again.

use super::access::Access;
use super::operation::Hearer;
use crate::edge::Problem;
use axum::extract::{Query, Request, State};
use axum::http::{Extensions, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::clock::Millis;
use domain::limits::{self, QUERY_NAME_CHARACTERS_MAX};
use std::sync::Arc;

/// What a served route has heard of itself.
#[derive(Debug, Default)]
pub struct Declared {
    taken: Vec<&'static str>,
    /// Whether nobody has to be let in first.
    at_once: bool,
    any: bool,
    access: Option<Access>,
    keys: Keys,
    is_keyed: bool,
}

/// What a route says of `Idempotency-Key`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keys {
    pub(crate) are_ignored: bool,
    /// Whether a request has to have one.
    pub(crate) is_required: bool,
    /// Whether it may be done again: it ends in the same state.
    pub(crate) is_repeatable: bool,
    /// Whether its answer is shown once.
    pub(crate) tells_once: bool,
    /// Whether it trades, though its permission does not say so.
    pub(crate) trades: bool,
}

/// The same of a served route, and how long its answers are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptFor {
    pub(crate) time: Millis,
    pub(crate) keys: Keys,
}

/// A parameter that the route does not take, for whoever lets its caller in.
#[derive(Debug, Clone)]
struct Undeclared(Problem);

impl Hearer for Declared {
    fn keep(self, said: impl FnOnce(Self) -> Self) -> Self {
        said(self)
    }
}

impl Declared {
    pub(super) fn taking(mut self, name: &'static str) -> Self {
        self.taken.push(name);
        self
    }

    pub(super) fn at_once(self) -> Self {
        Self { at_once: true, ..self }
    }

    pub(super) fn once_let_in(self) -> Self {
        Self { at_once: false, ..self }
    }

    pub(super) fn any(self) -> Self {
        Self { any: true, ..self }
    }

    pub(super) fn letting_in(self, access: impl FnOnce(Access) -> Access) -> Self {
        let access = access(self.access.unwrap_or_default());
        Self { access: Some(access), ..self }
    }

    pub(super) fn treating_keys(self, treated: impl FnOnce(Keys) -> Keys) -> Self {
        Self { keys: treated(self.keys), ..self }
    }

    /// An open route knows no user to whom a key would belong.
    pub(super) fn keyed(self) -> Self {
        Self { is_keyed: self.access.is_some() && !self.keys.are_ignored, ..self }
    }

    /// How long an answer is kept, and what else the route says of keys.
    fn keys(&self) -> Option<KeptFor> {
        let access = self.access.as_ref().filter(|_| self.is_keyed)?;
        let time = if access.trades() || self.keys.trades {
            limits::IDEMPOTENCY_KEPT_TRADING
        } else {
            limits::IDEMPOTENCY_KEPT
        };
        Some(KeptFor { time, keys: self.keys })
    }

    fn refusal(&self, uri: &Uri) -> Option<Problem> {
        let Query(named) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
        let (name, _) = named.iter().find(|(name, _)| !self.any && !self.taken.contains(&name.as_str()))?;
        let name = shown(name);
        let takes = if self.taken.is_empty() { "none".to_owned() } else { self.taken.join(", ") };
        let detail = format!("{name} is not a query parameter of this route, which takes {takes}");
        Some(Problem::field(&name, detail))
    }
}

/// Refuses what its route does not take, or has it refused once its caller is let in; and passes on who may call it.
pub(super) async fn hold(State(declared): State<Arc<Declared>>, mut request: Request, next: Next) -> Response {
    if let Some(access) = &declared.access {
        request.extensions_mut().insert(access.clone());
    }
    if let Some(kept) = declared.keys() {
        request.extensions_mut().insert(kept);
    }
    match declared.refusal(request.uri()) {
        Some(problem) if declared.at_once => return problem.into_response(),
        Some(problem) => drop(request.extensions_mut().insert(Undeclared(problem))),
        None => {}
    }
    next.run(request).await
}

/// What is wrong with the query of somebody who has been let in.
pub(crate) fn undeclared(extensions: &Extensions) -> Option<Problem> {
    extensions.get::<Undeclared>().map(|Undeclared(problem)| problem.clone())
}

/// Plain, and short.
fn shown(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() { c } else { '?' };
    let mut shown: String = name.chars().map(plain).take(QUERY_NAME_CHARACTERS_MAX).collect();
    if name.chars().count() > QUERY_NAME_CHARACTERS_MAX {
        shown.push('…');
    }
    shown
}
