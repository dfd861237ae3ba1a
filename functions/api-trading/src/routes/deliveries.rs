//! `/deliveries`

use super::wanted::{Asked, filtered};
use crate::page::{Asked as Paged, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::trading;
use axum::Json;
use axum::extract::{Path, State};
use domain::delivery::VerdictKind;
use domain::identity::Permission;
use domain::ids::DeliveryId;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::range;
use store::trading::{Found, Trading};
use wire::view::{Delivery, List};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("alerts", "Alerts that arrived, with their verdicts.");
    let table = table.get("/deliveries", list, |of| {
        let of =
            of.says("listAlerts", "List alerts with their verdicts, newest first").needs(Permission::READ).of_others();
        filtered::<VerdictKind, _>(of.page::<Delivery>(), "received")
    });
    table.get("/deliveries/{id}", show, |of| {
        let of = of.says("getAlert", "Get an alert with its verdict").needs(Permission::READ).of("alert").of_others();
        let of =
            of.details("Searched among the newest alerts, about 80,000 of them: `until` is needed for an older one.");
        range::query(of, "received then or later", "received before then").answers::<Delivery>(200)
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

pub(super) async fn show(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<Delivery>, Problem> {
    let (none, span) = (|| Problem::not_found("alert"), asked.between()?);
    // What is no id is not there, as an unknown one is not.
    let id = DeliveryId::parse(&id).map_err(|_| none())?;
    let found = Trading(&api.store).find_delivery(&owner, &id, span).await.map_err(|error| problem::store(&error))?;
    match found {
        Found::Delivery(delivery) => Ok(Json(Delivery::from(&*delivery))),
        Found::Nothing => Err(none()),
        Found::NotSoFar => {
            Err(Problem::field("until", "until is needed: the newest alerts were searched, and this one may be older"))
        }
    }
}
