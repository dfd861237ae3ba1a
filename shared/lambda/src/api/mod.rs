//! How routes are declared: one table serves them and documents them.
//!
//! A function writes its routes as `fn routes<T: Table<S>>(table: T) -> T`. With a [`Served`] in hand the table becomes a
//! router, with a [`Document`] it becomes OpenAPI.
//!
//! 1. A route cannot be served without being documented: there is no other way to declare one.
//! 2. With whom a route is counted is said where it stands, to both: what the document says is what is done.
//! 3. Who may call a route is declared once: the document shows it, and [`crate::guard::Caller`] is checked against it.
//! 4. What documents is not linked into a function: of what a route says a router hears what callers are held to, and no
//!    schema, answer or word.

mod access;
mod address;
mod declared;
mod document;
mod operation;
mod schema;
mod written;

pub use address::CountsAddresses;
pub use document::{ALIASES, Document, SECOND_NAMES};
pub use operation::{Hearer, Operation};

pub(crate) use access::{Access, missing, not_by_key};
pub(crate) use address::counted;
pub(crate) use declared::{KeptFor, undeclared};

use crate::guard::Guards;
use crate::idempotency::DoneOnce;
use address::ByAddress;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
use declared::{Declared, hold};
use domain::identity::RouteClass;
use std::sync::Arc;

/// What routes are declared to. `S` is the state of their handlers.
pub trait Table<S>: Sized {
    /// Who is told what routes say of themselves.
    type Hearer: Hearer;

    #[must_use]
    fn route<H, A>(
        self,
        method: &Method,
        path: &str,
        handler: H,
        told: impl FnOnce(Operation<Self::Hearer>) -> Operation<Self::Hearer>,
    ) -> Self
    where
        H: Handler<A, S>,
        A: 'static;

    /// The routes of a topic, all under this path.
    #[must_use]
    fn under(self, path: &str, routes: impl FnOnce(Self) -> Self) -> Self;

    /// The same routes under two paths: first their second name, then the path by which they are known.
    #[must_use]
    fn also_under(self, path: &str, other: &str, routes: impl Fn(Self) -> Self) -> Self;

    /// Routes that are counted with others of their class; those that are in none are of `api`.
    #[must_use]
    fn of_class(self, class: RouteClass, routes: impl FnOnce(Self) -> Self) -> Self;

    /// A route for whoever has no token yet: counted by the address from which it is asked.
    #[must_use]
    fn post_by_address<H, A>(
        self,
        path: &str,
        handler: H,
        told: impl FnOnce(Operation<Self::Hearer>) -> Operation<Self::Hearer>,
    ) -> Self
    where
        H: Handler<A, S>,
        A: 'static,
        S: CountsAddresses,
    {
        self.route(&Method::POST, path, ByAddress(handler), |of| told(of.open().by_address()))
    }

    /// The topic of the routes that follow.
    #[must_use]
    fn about(self, topic: &'static str, words: &'static str) -> Self;

    #[must_use]
    fn get<H: Handler<A, S>, A: 'static>(
        self,
        path: &str,
        h: H,
        told: impl FnOnce(Operation<Self::Hearer>) -> Operation<Self::Hearer>,
    ) -> Self {
        self.route(&Method::GET, path, h, told)
    }

    /// A route that creates or acts: with an `Idempotency-Key` it is done once.
    #[must_use]
    fn post<H: Handler<A, S>, A: 'static>(
        self,
        path: &str,
        h: H,
        told: impl FnOnce(Operation<Self::Hearer>) -> Operation<Self::Hearer>,
    ) -> Self
    where
        S: Guards,
    {
        self.route(&Method::POST, path, DoneOnce(h), |of| told(of).keyed())
    }

    #[must_use]
    fn put<H: Handler<A, S>, A: 'static>(
        self,
        path: &str,
        h: H,
        told: impl FnOnce(Operation<Self::Hearer>) -> Operation<Self::Hearer>,
    ) -> Self {
        self.route(&Method::PUT, path, h, told)
    }

    #[must_use]
    fn patch<H: Handler<A, S>, A: 'static>(
        self,
        path: &str,
        h: H,
        told: impl FnOnce(Operation<Self::Hearer>) -> Operation<Self::Hearer>,
    ) -> Self {
        self.route(&Method::PATCH, path, h, told)
    }

    #[must_use]
    fn delete<H: Handler<A, S>, A: 'static>(
        self,
        path: &str,
        h: H,
        told: impl FnOnce(Operation<Self::Hearer>) -> Operation<Self::Hearer>,
    ) -> Self {
        self.route(&Method::DELETE, path, h, told)
    }
}

/// A table that is served.
#[derive(Debug)]
pub struct Served<S> {
    router: Router<S>,
    under: String,
    class: RouteClass,
}

impl<S: Clone + Send + Sync + 'static> Served<S> {
    pub fn router(routes: impl FnOnce(Self) -> Self) -> Router<S> {
        routes(Self { router: Router::new(), under: String::new(), class: RouteClass::default() }).router
    }
}

impl<S: Clone + Send + Sync + 'static> Table<S> for Served<S> {
    type Hearer = Declared;

    fn route<H, A>(
        mut self,
        method: &Method,
        path: &str,
        handler: H,
        told: impl FnOnce(Operation<Declared>) -> Operation<Declared>,
    ) -> Self
    where
        H: Handler<A, S>,
        A: 'static,
    {
        // Each method of HTTP is a filter; one that is none serves nothing.
        if let Ok(filter) = MethodFilter::try_from(method.clone()) {
            let declared = Arc::new(told(Operation::default()).0);
            let route = on(filter, handler).route_layer(from_fn_with_state(declared, hold));
            // The guard takes one that says nothing for the default.
            let is_default = self.class == RouteClass::default();
            let route = if is_default { route } else { route.layer(Extension(self.class)) };
            self.router = self.router.route(&format!("{}{path}", self.under), route);
        }
        self
    }

    fn under(mut self, path: &str, routes: impl FnOnce(Self) -> Self) -> Self {
        let before = self.under.clone();
        self.under.push_str(path);
        Self { under: before, ..routes(self) }
    }

    fn also_under(self, path: &str, other: &str, routes: impl Fn(Self) -> Self) -> Self {
        self.under(path, &routes).under(other, &routes)
    }

    fn of_class(self, class: RouteClass, routes: impl FnOnce(Self) -> Self) -> Self {
        let before = self.class;
        Self { class: before, ..routes(Self { class, ..self }) }
    }

    fn about(self, _: &'static str, _: &'static str) -> Self {
        self
    }
}

#[cfg(test)]
mod tests;
