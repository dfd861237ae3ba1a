//! `/orders`, by hand.

use crate::guard::Caller;
use crate::{Api, problem};
use app::decide::{self, Preview};
use app::persist::PersistError;
use app::ports::CommitError;
use app::trading::{self, ActError, By, PlaceError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::clock::Timestamp;
use domain::group::Slice;
use domain::identity::Permission;
use domain::ids::{GroupId, Sha};
use domain::money::MoneyError;
use domain::preset::OrderKind;
use lambda::RequiredKey;
use lambda::api::Table;
use lambda::edge::Problem;

use serde_json::json;
use wire::by_hand::AskedOrder;
use wire::view::{NewOrder, OrderPreview, PlacedOrder, PlannedSale, PriceSeen, Verdict};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.post("/orders/preview", preview, |of| {
        of.without_key()
            .says("planOrder", "Plan an order by hand; nothing is stored")
            .needs(Permission::READ)
            .body_shown_as::<NewOrder>(&json!({
                "account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": "100", "price": "60000",
            }))
            .answers::<OrderPreview>(200)
            .refuses(404, &["not_found"])
            .refuses(
                409,
                &["already_closed", "already_closing", "ambiguous_account", "ambiguous_position", "position_open"],
            )
            .refuses(422, &["nothing_to_sell"])
    });
    table.post("/orders", place, |of| {
        of.repeatable()
            .needs_key()
            .trades()
            .says("createOrder", "Create an order by hand")
            .details(
                "The order is stored, and then decided on as an alert is: by the limits of its account and your risk rules. What became \
                 of it is the verdict of `delivery_id`. An order that buys or adds and is not decided within 60 seconds is not sent. At an \
                 exchange it takes `orders:write`, and an API key places orders within the bounds that it names, never without a stop; at \
                 paper accounts `trading:write` is enough.",
            )
            .needs(Permission::WRITE)
            .or_needs(Permission::ORDERS)
            .body_shown_as::<NewOrder>(&json!({
                "account": "default", "symbol": "BTC/USDT", "side": "buy", "type": "limit", "quote": "100", "limit_price": "60000",
                "exits": {"stop_loss_percent": "4"},
            }))
            .answers::<PlacedOrder>(202)
            .refuses(403, &["outside_bounds"])
            .refuses(404, &["not_found"])
            .refuses(409, &[
                "already_closed",
                "already_closing",
                "ambiguous_account",
                "ambiguous_position",
                "position_open",
            ])
            .refuses(422, &["nothing_to_sell"])
    })
}

/// What it would come to.
async fn preview(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<OrderPreview>, Problem> {
    let asked = AskedOrder::previewed(&String::from_utf8_lossy(&body)).map_err(|wrong| problem::body(&wrong))?;
    let act = caller.act();
    let unplaced = trading::unplaced(&api.store, &asked, act).await.map_err(|error| refused(&error))?;
    let named = unplaced.delivery.by_hand.as_deref().and_then(|order| order.deed.position().cloned());
    let shown = Box::pin(decide::preview(&api.store, unplaced.delivery, act)).await;
    let shown = shown.map_err(|error| match error {
        PersistError::Money(error) => problem::money(&error),
        PersistError::Commit(CommitError::Store(error)) => problem::store(&error),
        PersistError::Commit(CommitError::LostRace) => {
            Problem::unavailable("other changes were first: send the same again")
        }
    })?;
    caller.invocation.outcome("order previewed");
    Ok(Json(view(&shown, named.as_ref(), act.now).map_err(|error| problem::money(&error))?))
}

fn view(shown: &Preview, named: Option<&GroupId>, now: Timestamp) -> Result<OrderPreview, MoneyError> {
    let Preview { planned, price, sold, verdict, not_assessed } = shown;
    let mut told = OrderPreview {
        verdict: Verdict::from(verdict),
        position_id: named.map(ToString::to_string),
        price: None,
        quantity: sold.map(|quantity| quantity.to_string()),
        reserved: None,
        take_profit: Vec::new(),
        stop_price: None,
        time_limit_minutes: None,
        not_assessed: not_assessed.iter().map(ToString::to_string).collect(),
    };
    let (Some(position), Some(seen)) = (planned, price) else { return Ok(told) };
    let Some(order) = position.orders.last() else { return Ok(told) };
    let price = if let OrderKind::Limit(limit) = order.kind { limit } else { seen.price };
    let filled = position.as_if_filled(price, now)?;
    let slice = |slice: Slice| PlannedSale { price: slice.price.to_string(), quantity: slice.quantity.to_string() };
    told.price = Some(PriceSeen::from(seen));
    told.quantity = Some(order.quantity.to_string());
    told.reserved = Some(order.reserved.to_string());
    told.take_profit = filled.slices()?.unwrap_or_default().into_iter().map(slice).collect();
    told.stop_price = filled.stop_price()?.map(|stop| stop.to_string());
    told.time_limit_minutes = position.group.plan.time_limit.map(|limit| limit.get().div_euclid(60_000));
    Ok(told)
}

async fn place(
    State(api): State<Api>,
    caller: Caller,
    RequiredKey(key): RequiredKey,
    body: Bytes,
) -> Result<(StatusCode, Json<PlacedOrder>), Problem> {
    let text = String::from_utf8_lossy(&body);
    let asked = AskedOrder::parse(&text).map_err(|wrong| problem::body(&wrong))?;
    let key = Sha::of_parts(&[key.as_str(), &text]);
    let session = &caller.session;
    let may_order = session.may(Permission::ORDERS);
    let by = By { may_order, key: session.key.as_ref(), bounds: session.orders.as_deref() };
    let trace = caller.invocation.trace();
    let placed = trading::place(&api.store, &asked, (&key, &trace), by, caller.act()).await;
    let placed = placed.map_err(|error| refused(&error))?;
    caller.invocation.touched(&placed.delivery.at.id);
    caller.invocation.outcome("order placed");
    let answer =
        PlacedOrder { delivery_id: placed.delivery.at.id.to_string(), position_id: placed.position.to_string() };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

fn refused(error: &PlaceError) -> Problem {
    let new = |status, code| Problem::new(status, code, error.to_string());
    match error {
        PlaceError::Act(ActError::UnknownAccount) => {
            Problem::field("account", "account must be the id or the label of one of your accounts")
        }
        PlaceError::Act(error) => problem::act(error),
        PlaceError::Bad(wrong) => problem::body(wrong),
        PlaceError::NotPermitted => new(StatusCode::FORBIDDEN, "missing_scope"),
        PlaceError::OutsideBounds(field) => new(StatusCode::FORBIDDEN, "outside_bounds").naming([(*field).to_owned()]),
        PlaceError::NothingToSell => {
            new(StatusCode::UNPROCESSABLE_ENTITY, "nothing_to_sell").naming(["side".to_owned()])
        }
        PlaceError::PositionOpen(_) => new(StatusCode::CONFLICT, "position_open").naming(["position_id".to_owned()]),
        PlaceError::Ambiguous(_) => new(StatusCode::CONFLICT, "ambiguous_position").naming(["position_id".to_owned()]),
    }
}
