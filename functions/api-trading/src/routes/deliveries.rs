//! `/deliveries`

use crate::page::{Asked, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use axum::Json;
use axum::extract::State;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use store::trading::Trading;
use wire::view::{Delivery, List};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.about("deliveries", "Alerts that arrived, with their verdicts.").get("/deliveries", list, |of| {
        of.says("listAlerts", "List alerts with their verdicts, newest first")
            .needs(Permission::READ)
            .of_others()
            .page::<Delivery>()
    })
}

pub(super) async fn list(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    asked: Asked,
) -> Result<Json<List<Delivery>>, Problem> {
    let list = Listed { name: "deliveries", user: &owner };
    let page = Trading(&api.store)
        .list_deliveries(list.user, &asked.page(list)?)
        .await
        .map_err(|error| problem::store(&error))?;
    Ok(Json(asked.answer(list, page, |delivery| Ok(Delivery::from(delivery)))?))
}
