//! Routes between accounts.

use app::actor::Act;
use app::ports::KeptRoute;
use app::routes::{Put, RouteError};
use domain::route::{Route, RouteName};

pub(crate) type Routed<T> = Result<T, RouteError>;

pub trait RouteDesk {
    fn routes(&self, act: Act<'_>) -> impl Future<Output = Routed<Vec<KeptRoute>>> + Send;
    fn route(&self, name: &RouteName, act: Act<'_>) -> impl Future<Output = Routed<KeptRoute>> + Send;
    fn create_route(
        &self,
        name: &RouteName,
        route: &Route,
        act: Act<'_>,
    ) -> impl Future<Output = Routed<KeptRoute>> + Send;
    fn put_route(
        &self,
        name: &RouteName,
        route: &Route,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Routed<Put>> + Send;
    fn delete_route(
        &self,
        name: &RouteName,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Routed<()>> + Send;
}
