//! `/routes`: between which accounts entries choose.

use crate::{Api, problem};
use app::ports::KeptRoute;
use app::routes::{self, Put};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use domain::limits::{ROUTE_SLIPPAGE_PERCENT_DEFAULT, ROUTES_PER_USER_MAX};
use domain::route::{BadRoute, Route, RouteName};
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::page::{Asked, Listed};
use lambda::whose::Looker;
use serde_json::json;
use wire::member::{Limiting, Written};
use wire::view::{self, List, NewRoute, WantedRoute};

const WHAT: &str = "An alert that names it in `route` buys at the account that costs least after fees, by the order \
                    books at that moment; with `split` at several accounts, each a part. Nothing is bought further \
                    from the best price in the order book than `slippage_max_percent`. An exit that names it goes to \
                    all of its accounts.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("routes", "Accounts among which an entry chooses by price.");
    let table = table.get("", list, |of| {
        let of = of.says("listRoutes", "List your routes, by name").needs(Permission::READ).of_others();
        of.page::<view::Route>().at_most(ROUTES_PER_USER_MAX)
    });
    let table = table.post("", create, |of| {
        let accounts = ["acc_1", "acc_2"];
        of.says("createRoute", "Create a route")
            .details(WHAT)
            .needs(Permission::WRITE)
            .body::<NewRoute>(&json!({"name": "best", "accounts": accounts, "split": true}))
            .answers::<view::Route>(201)
            .tagged()
            .refuses(400, &["DUPLICATE_ROUTE"])
            .refuses(404, &["not_found"])
            .refuses(409, &["too_many_routes"])
    });
    let table = table.get("/{name}", show, |of| {
        let of = of.says("getRoute", "Get a route").needs(Permission::READ).of("route").of_others();
        of.answers::<view::Route>(200).tagged()
    });
    let table = table.put("/{name}", put, |of| {
        of.says("replaceRoute", "Create or replace a route; 201 if it is new")
            .needs(Permission::WRITE)
            .body::<WantedRoute>(
                &json!({"accounts": ["acc_1", "acc_2"], "slippage_max_percent": "0.2", "split": false}),
            )
            .answers::<view::Route>(200)
            .answers::<view::Route>(201)
            .tagged()
            .matched()
            .refuses(409, &["too_many_routes"])
    });
    table.delete("/{name}", delete, |of| {
        let of = of.says("deleteRoute", "Delete a route; its accounts keep their positions").needs(Permission::WRITE);
        of.of("route").answers_nothing().matched()
    })
}

type Shown = (StatusCode, Tag, Json<view::Route>);

async fn list(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<List<view::Route>>, Problem> {
    let list = Listed { name: "routes", user: &looker.owner };
    let kept = routes::list(&api.store, looker.act()).await.map_err(problem::route)?;
    asked.part(list, kept, |kept| kept.at.name.to_string(), |kept| Ok(routes::shown(kept))).map(Json)
}

async fn show(State(api): State<Api>, looker: Looker, Path(name): Path<String>) -> Result<Shown, Problem> {
    let kept = routes::find(&api.store, &parse(&name)?, looker.act()).await.map_err(problem::route)?;
    Ok(shown(StatusCode::OK, &kept))
}

async fn create(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let NewRoute { name: Written(name), accounts, slippage_max_percent, split } = body::read(&body)?;
    let wanted = wanted(WantedRoute { accounts, slippage_max_percent, split })?;
    let kept = routes::create(&api.store, &name, &wanted, caller.act()).await.map_err(problem::route)?;
    caller.invocation.outcome("route created");
    Ok(shown(StatusCode::CREATED, &kept))
}

async fn put(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let wanted = wanted(body::read(&body)?)?;
    let name: RouteName = name.parse().map_err(|wrong| Problem::field("name", format!("name {wrong}")))?;
    let put = routes::put(&api.store, &name, &wanted, seen.0, caller.act()).await.map_err(problem::route)?;
    let (status, told, kept) = match put {
        Put::Created(kept) => (StatusCode::CREATED, "route created", kept),
        Put::Replaced(kept) => (StatusCode::OK, "route changed", kept),
        Put::Same(kept) => (StatusCode::OK, "route as it was", kept),
    };
    caller.invocation.outcome(told);
    Ok(shown(status, &kept))
}

async fn delete(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    routes::delete(&api.store, &parse(&name)?, seen.0, caller.act()).await.map_err(problem::route)?;
    caller.invocation.outcome("route deleted");
    Ok(StatusCode::NO_CONTENT)
}

fn wanted(asked: WantedRoute) -> Result<Route, Problem> {
    let WantedRoute { accounts: Limiting(accounts), slippage_max_percent, split } = asked;
    let built_in = |error| Problem::internal("the usual slippage cannot be read", &error);
    let slippage = match slippage_max_percent {
        Some(Written(slippage)) => slippage,
        None => ROUTE_SLIPPAGE_PERCENT_DEFAULT.parse().map_err(built_in)?,
    };
    Route::new(accounts, slippage, split).map_err(|wrong| {
        let field = match wrong {
            BadRoute::Accounts => "accounts",
            BadRoute::Slippage => "slippage_max_percent",
        };
        Problem::field(field, format!("{field} {wrong}"))
    })
}

fn shown(status: StatusCode, kept: &KeptRoute) -> Shown {
    (status, tag(kept.at.version), Json(routes::shown(kept)))
}

/// What can be no name is not there, as an unknown one is not.
fn parse(name: &str) -> Result<RouteName, Problem> {
    name.parse().map_err(|_| Problem::not_found("route"))
}
