//! Routes: one row of each name, as it is now.

use super::Trading;
use super::keys;
use crate::audit;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, to_item};
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::route::{Route, RouteName, RouteRef};
use wire::stored::{self, Schema};
use wire::text::Text;

/// A route as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRoute {
    pub user: UserId,
    pub at: RouteRef,
    pub route: Route,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
    /// Its user has taken it away. The version counts on from here where its name is taken again.
    pub deleted: bool,
}

impl<E: Engine> Trading<'_, E> {
    /// A deleted one too.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_route(&self, user: &UserId, name: &RouteName) -> Result<Option<KeptRoute>, StoreError> {
        Rows(self.0).load::<stored::Route>(&keys::route(user, name)).await?.map(kept).transpose()
    }

    /// By name, without the deleted ones; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_routes(&self, user: &UserId) -> Result<Vec<KeptRoute>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::of_routes(user), "").await?;
        let routes = items.into_iter().map(|item| kept(from_item(item)?)).collect::<Result<Vec<_>, _>>()?;
        Ok(routes.into_iter().filter(|route| !route.deleted).collect())
    }

    /// In the place of the version that was seen, with an audit row; false where another version stands.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_route(&self, route: &KeptRoute, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        let write = Write::versioned(keys::route(&route.user, &route.at.name), &row(route), seen)?;
        Rows(self.0).all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
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

/// The row of a route.
///
/// # Errors
/// See [`to_item`].
pub fn route_row(route: &KeptRoute) -> Result<Write, StoreError> {
    Ok(Write::replace(keys::route(&route.user, &route.at.name), to_item(&row(route))?))
}
