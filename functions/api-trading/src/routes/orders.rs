//! `/orders`

use super::groups::entry;
use super::wanted::{Asked, filtered};
use crate::guard::Caller;
use crate::page::{Asked as Paged, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::trading::{self, Lineage};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use domain::ids::OrderId;
use domain::order;
use lambda::api::Table;
use lambda::edge::Problem;
use store::trading::Trading;
use wire::view::{
    LineageDelivery, List, Order, OrderDetail, OrderLineage, PresetRef, PriceSeen, RiskVerdict, SignalRead,
    VenueExchange,
};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("orders", "Orders at exchanges, and their outcome.");
    let table = table.get("/orders", list, |of| {
        let of = of.says("listOrders", "List orders, newest first").needs(Permission::READ).of_others();
        filtered::<order::Status, _>(of.page::<Order>(), "planned")
    });
    let table = table.get("/orders/{id}", show, |of| {
        of.says("getOrder", "Get an order with its fills")
            .needs(Permission::READ)
            .of("order")
            .of_others()
            .answers::<OrderDetail>(200)
    });
    let table = table.get("/orders/{id}/lineage", lineage, |of| {
        of.says("getOrderLineage", "Get the whole story of an order: alert, decision, requests to the exchange, fills")
            .needs(Permission::READ)
            .of("order")
            .of_others()
            .answers::<OrderLineage>(200)
    });
    table.post("/orders/{id}/cancel", cancel, |of| {
        of.repeatable()
            .says("cancelOrder", "Cancel an entry order")
            .needs(Permission::WRITE)
            .of("order")
            .answers::<Order>(202)
            .refuses(409, &["already_closed", "already_final", "protective_order"])
    })
}

pub(super) async fn list(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    paged: Paged,
    asked: Asked,
) -> Result<Json<List<Order>>, Problem> {
    let (name, wanted) = (asked.list("orders"), asked.wanted()?);
    let list = Listed { name: &name, user: &owner };
    let page = trading::orders(&api.store, &owner, &wanted, &Asked::page(&paged, list, &wanted)?).await;
    let page = page.map_err(|error| problem::store(&error))?;
    Ok(Json(paged.answer(list, page, view)?))
}

pub(super) async fn show(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    Path(id): Path<String>,
) -> Result<Json<OrderDetail>, Problem> {
    let found = Trading(&api.store).find_order(&owner, &parse(&id)?).await.map_err(|error| problem::store(&error))?;
    let (_, order) = found.ok_or_else(not_found)?;
    Ok(Json(OrderDetail::of(&order).map_err(|error| problem::money(&error))?))
}

pub(super) async fn lineage(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    Path(id): Path<String>,
) -> Result<Json<OrderLineage>, Problem> {
    let found = trading::lineage(&api.store, &owner, &parse(&id)?).await.map_err(|error| problem::store(&error))?;
    Ok(Json(story(found.ok_or_else(not_found)?)?))
}

fn story(lineage: Lineage) -> Result<OrderLineage, Problem> {
    let Lineage { order, group, delivery, prices, limits, history, said } = lineage;
    let OrderDetail { order: shown, fills } = OrderDetail::of(&order).map_err(|error| problem::money(&error))?;
    Ok(OrderLineage {
        order: shown,
        fills,
        delivery_id: delivery.at.id.to_string(),
        delivery: delivery.row.as_ref().map(LineageDelivery::of),
        signal: delivery.row.as_ref().and_then(SignalRead::of),
        preset: group.preset.as_ref().map(PresetRef::from),
        strategy_version: None,
        prompt_version: None,
        prices: prices.iter().map(PriceSeen::from).collect(),
        risk: RiskVerdict::of(&order, &limits),
        history: history.into_iter().map(entry).collect(),
        exchanges: said.iter().map(VenueExchange::from).collect(),
    })
}

pub(super) async fn cancel(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let order =
        trading::cancel_order(&api.store, &parse(&id)?, caller.act()).await.map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&order.id);
    Ok((StatusCode::ACCEPTED, Json(view(&order)?)))
}

pub(super) fn view(order: &order::Order) -> Result<Order, Problem> {
    Order::of(order).map_err(|error| problem::money(&error))
}

pub(super) fn parse(id: &str) -> Result<OrderId, Problem> {
    OrderId::parse(id).map_err(|_| not_found())
}

fn not_found() -> Problem {
    Problem::not_found("order")
}
