//! Routes: one row of each name.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused};
use crate::sim::Op;
use app::ports::{Audit, KeepRoute, KeptRoute, ListRoutes, LoadRoute, StoreError};
use domain::audit::Shelf;
use domain::ids::UserId;
use domain::route::RouteName;

impl LoadRoute for World {
    async fn load_route(&self, user: &UserId, name: &RouteName) -> Result<Option<KeptRoute>, StoreError> {
        self.call(Op::read("load_route"), |world| world.table().get(&key::route(user, name)).and_then(route)).await
    }
}

impl ListRoutes for World {
    async fn list_routes(&self, user: &UserId) -> Result<Vec<KeptRoute>, StoreError> {
        self.call(Op::read("list_routes"), |world| {
            let kept: Vec<_> = world.table().prefixed(key::routes(user)).filter_map(route).collect();
            kept.into_iter().filter(|route| !route.deleted).collect()
        })
        .await
    }
}

impl KeepRoute for World {
    async fn keep_route(&self, route: &KeptRoute, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_route"), |world| {
            let newest = Action {
                key: key::route(&route.user, &route.at.name),
                guard: Box::new(move |row| row.and_then(self::route).map(|row| row.at.version) == seen),
                write: super::table::Write::Put(Item::Route(route.clone())),
            };
            let record = Action::record(Shelf::Trading, audit);
            let now = world.sim().now();
            match world.table_mut().transact(vec![newest, record], Some(&audit.attempt), now) {
                Ok(()) => Ok(true),
                Err(Refused::Guard) => Ok(false),
                Err(Refused::Limit(what)) => {
                    world.sim().violation(&*what);
                    Err(StoreError::Unavailable(what))
                }
            }
        })
        .await
    }
}

fn route(item: &Item) -> Option<KeptRoute> {
    if let Item::Route(route) = item { Some(route.clone()) } else { None }
}
