//! Routes as their users keep them, and the books that they choose by.

use super::{Audit, Pause, StoreError, Urgency, VenueError};
use domain::ids::{AccountId, UserId};
use domain::market::{Book, Market};
use domain::route::RouteName;
use store::Engine;
use store::trading::Trading;

pub use store::trading::KeptRoute;

pub trait LoadRoute {
    /// A deleted one too.
    async fn load_route(&self, user: &UserId, name: &RouteName) -> Result<Option<KeptRoute>, StoreError>;
}

pub trait ListRoutes {
    /// By name, without the deleted ones; as they are now.
    async fn list_routes(&self, user: &UserId) -> Result<Vec<KeptRoute>, StoreError>;
}

pub trait KeepRoute {
    /// In the place of the version that was seen, with an audit row; false where another version stands.
    async fn keep_route(&self, route: &KeptRoute, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError>;
}

pub trait ReadBooks {
    /// What is on offer for each account, on the side of the venue that it trades on: all asked at once, without a key,
    /// and answered within [`domain::limits::BOOKS_TIMEOUT`]. One answer for each that was asked, in their order. An exchange
    /// that fails again and again is spared questions of entries alone.
    async fn read_books(&self, asked: &[(AccountId, Market)], urgency: Urgency) -> Vec<Result<Book, VenueError>>;

    /// For how long the venue of an account whose book was asked for wants to be left alone; told once after each question.
    /// Nothing is asked or read for it.
    fn newly_paused(&self, _: &AccountId) -> Option<Pause> {
        None
    }
}

impl<E: Engine> LoadRoute for E {
    async fn load_route(&self, user: &UserId, name: &RouteName) -> Result<Option<KeptRoute>, StoreError> {
        Trading(self).load_route(user, name).await
    }
}

impl<E: Engine> ListRoutes for E {
    async fn list_routes(&self, user: &UserId) -> Result<Vec<KeptRoute>, StoreError> {
        Trading(self).list_routes(user).await
    }
}

impl<E: Engine> KeepRoute for E {
    async fn keep_route(&self, route: &KeptRoute, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        Trading(self).keep_route(route, seen, audit).await
    }
}
