//! `/deliveries`

use super::wanted::{Asked, filtered};
use crate::page::{Asked as Paged, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::trading;
use axum::Json;
use axum::extract::State;
use domain::delivery::VerdictKind;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use wire::view::{Delivery, List};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.about("deliveries", "Alerts that arrived, with their verdicts.").get("/deliveries", list, |of| {
        let of =
            of.says("listAlerts", "List alerts with their verdicts, newest first").needs(Permission::READ).of_others();
        filtered::<VerdictKind, _>(of.page::<Delivery>(), "received")
    })
}

pub(super) async fn list(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    paged: Paged,
    asked: Asked,
) -> Result<Json<List<Delivery>>, Problem> {
    let (name, wanted) = (asked.list("deliveries"), asked.wanted()?);
    let list = Listed { name: &name, user: &owner };
    let page = trading::alerts(&api.store, &owner, &wanted, &Asked::page(&paged, list, &wanted)?).await;
    let page = page.map_err(|error| problem::store(&error))?;
    Ok(Json(paged.answer(list, page, |delivery| Ok(Delivery::from(delivery)))?))
}
