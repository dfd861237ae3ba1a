//! Routes: one row of each name, as it is now.

use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, KeepRoute, KeptRoute, ListRoutes, LoadRoute, StoreError};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::route::{Route, RouteName, RouteRef};
use store::audit;
use store::item::from_item;
use store::{Table, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl LoadRoute for Aws {
    async fn load_route(&self, user: &UserId, name: &RouteName) -> Result<Option<KeptRoute>, StoreError> {
        self.rows().load::<stored::Route>(&keys::route(user, name)).await?.map(kept).transpose()
    }
}

impl ListRoutes for Aws {
    async fn list_routes(&self, user: &UserId) -> Result<Vec<KeptRoute>, StoreError> {
        let items = self.rows().query(Table::Trading, &keys::of_routes(user), "").await?;
        let routes = items.into_iter().map(|item| kept(from_item(item)?)).collect::<Result<Vec<_>, _>>()?;
        Ok(routes.into_iter().filter(|route| !route.deleted).collect())
    }
}

impl KeepRoute for Aws {
    async fn keep_route(&self, route: &KeptRoute, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        let write = Write::versioned(keys::route(&route.user, &route.at.name), &row(route), seen)?;
        self.rows().all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
    }
}

fn row(kept: &KeptRoute) -> stored::Route {
    stored::Route {
        v: Schema,
        user: Text(kept.user.clone()),
        name: Text(kept.at.name.clone()),
        version: kept.at.version,
        accounts: kept.route.accounts().iter().cloned().map(Text).collect(),
        slippage_max: Text(kept.route.slippage_max()),
        split: kept.route.splits(),
        created_at: kept.created_at.millis(),
        updated_at: kept.updated_at.millis(),
        updated_by: Text(kept.updated_by.clone()),
        deleted: kept.deleted,
    }
}

fn kept(row: stored::Route) -> Result<KeptRoute, StoreError> {
    let accounts = row.accounts.into_iter().map(|account| account.0).collect();
    let route = Route::new(accounts, row.slippage_max.0, row.split).map_err(StoreError::unreadable)?;
    Ok(KeptRoute {
        user: row.user.0,
        at: RouteRef { name: row.name.0, version: row.version },
        route,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
        updated_by: row.updated_by.0,
        deleted: row.deleted,
    })
}
