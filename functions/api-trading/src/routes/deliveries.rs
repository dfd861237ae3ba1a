//! `/deliveries`

use crate::guard::Caller;
use crate::page::{Asked, Listed};
use crate::{Desk, problem};
use axum::Json;
use axum::extract::State;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use wire::view::{Delivery, List};

pub(super) fn routes<D: Desk, T: Table<D>>(table: T) -> T {
    table.about("deliveries", "Alerts, and what became of them.").get("/deliveries", list::<D>, |of| {
        of.says("Alerts, newest first, each with its verdict").needs(Permission::READ).page::<Delivery>()
    })
}

pub(super) async fn list<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    asked: Asked,
) -> Result<Json<List<Delivery>>, Problem> {
    let list = Listed { name: "deliveries", user: &caller.session.user };
    let page = desk.deliveries(list.user, &asked.page(list)?).await.map_err(|error| problem::store(&error))?;
    Ok(Json(asked.answer(list, page, |delivery| Ok(Delivery::from(delivery)))?))
}
