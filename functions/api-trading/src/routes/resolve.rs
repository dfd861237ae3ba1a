//! `/orders/{id}/resolve`

use super::orders::{parse, view};
use crate::Api;
use crate::problem::{self, invalid};
use app::trading;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::order::{Fee, FeeValue, Fill, Resolution};
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use serde_json::json;
use wire::member::Written;
use wire::view::{Order, OrderOutcome, ResolveRequest};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.post("/orders/{id}/resolve", resolve, |of| {
        of.says("resolveOrder", "Resolve an order whose outcome is unknown")
            .details(
                "A logged-in user states the outcome, after a check at the exchange. If you state `not_placed`, the \
                 same may be bought or sold again. If you state `filled`, the filled quantity counts, and what it \
                 bought will be sold. You can resolve an accepted order if the exchange has not shown it for a \
                 minute, or if it is still open five minutes after it was to end. State `filled`, or `cancelled`: \
                 known fills stay, and the rest may be sold again.",
            )
            .needs(Permission::WRITE)
            .in_person()
            .of("order")
            .body::<ResolveRequest>(&json!({"outcome": "not_placed", "reason": "not seen at the venue"}))
            .answers::<Order>(202)
            .refuses(409, &["already_final", "not_in_doubt", "too_early"])
    })
}

pub(super) async fn resolve(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let id = parse(&id)?;
    let asked: ResolveRequest = body::read(&body)?;
    let resolution = resolution(&asked, caller.invocation.now())?;
    let order = trading::resolve(&api.store, &id, &resolution, &asked.reason, caller.act())
        .await
        .map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&order.id);
    caller.invocation.outcome("resolved");
    Ok((StatusCode::ACCEPTED, Json(view(&order)?)))
}

/// What became of the order.
fn resolution(asked: &ResolveRequest, now: Timestamp) -> Result<Resolution, Problem> {
    match asked.outcome {
        OrderOutcome::Filled => fill(asked, now).map(Resolution::Filled),
        OrderOutcome::NotPlaced => without_fill(asked, Resolution::NotPlaced),
        OrderOutcome::Cancelled => without_fill(asked, Resolution::Cancelled(now)),
    }
}

fn without_fill(asked: &ResolveRequest, resolution: Resolution) -> Result<Resolution, Problem> {
    let ResolveRequest { quantity, price, fee, fee_asset, .. } = asked;
    let of_a_fill = [
        ("quantity", quantity.is_some()),
        ("price", price.is_some()),
        ("fee", fee.is_some()),
        ("fee_asset", fee_asset.is_some()),
    ];
    match of_a_fill.into_iter().find(|(_, is_said)| *is_said) {
        Some((name, _)) => Err(invalid(name, format!("{name} is only for an order that was filled"))),
        None => Ok(resolution),
    }
}

fn fill(asked: &ResolveRequest, now: Timestamp) -> Result<Fill, Problem> {
    let needed = |name: &str| invalid(name, format!("{name} is required for an order that was filled"));
    let Written(price) = asked.price.ok_or_else(|| needed("price"))?;
    let Written(quantity) = asked.quantity.ok_or_else(|| needed("quantity"))?;
    if quantity.is_zero() {
        return Err(invalid(
            "quantity",
            "quantity must be above 0: an order that was not filled is not_placed or cancelled",
        ));
    }
    Ok(Fill { price, quantity, fee: fee(asked)?, at: now })
}

fn fee(asked: &ResolveRequest) -> Result<Option<Fee>, Problem> {
    match (asked.fee, asked.fee_asset.clone()) {
        (Some(Written(amount)), _) if amount.is_negative() => Err(invalid("fee", "fee must be 0 or more")),
        (Some(Written(amount)), Some(Written(asset))) => Ok(Some(Fee { asset, amount, value: FeeValue::Own })),
        (None, Some(_)) => Err(invalid("fee", "fee is required beside fee_asset")),
        (Some(_), None) => Err(invalid("fee_asset", "fee_asset is required beside fee")),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn read(body: &Value) -> Result<(Resolution, String), Problem> {
        let asked: ResolveRequest = body::read(body.to_string().as_bytes())?;
        Ok((resolution(&asked, Timestamp::default())?, asked.reason.to_string()))
    }

    fn check(body: &Value, field: &str) {
        let problem = read(body).unwrap_err();
        assert_eq!(problem.code(), "invalid_field", "{body}");
        assert!(format!("{problem:?}").contains(&format!("{field:?}")), "{body}: {problem:?}");
    }

    #[test]
    fn a_body_says_what_became_of_the_order_and_why() {
        let body = json!({"outcome": "filled", "quantity": "0.5", "price": "100", "fee": "0.05", "fee_asset": "usdt",
            "reason": "seen at the venue"});
        let (resolution, reason) = read(&body).unwrap();
        let fill = match resolution {
            Resolution::Filled(fill) => Some(fill),
            Resolution::NotPlaced | Resolution::Cancelled(_) => None,
        };
        let fill = fill.unwrap();
        assert_eq!((fill.quantity.to_string(), fill.price.to_string()), ("0.5".to_owned(), "100".to_owned()));
        assert_eq!((fill.fee.unwrap().asset.to_string(), &*reason), ("USDT".to_owned(), "seen at the venue"));
    }

    #[test]
    fn what_is_wrong_in_a_body_is_named() {
        check(&json!({"reason": "x"}), "outcome");
        check(&json!({"outcome": "lost", "reason": "x"}), "outcome");
        check(&json!({"outcome": "not_placed"}), "reason");
        check(&json!({"outcome": "not_placed", "price": "1", "reason": "x"}), "price");
        check(&json!({"outcome": "cancelled", "quantity": "1", "reason": "x"}), "quantity");
        check(&json!({"outcome": "filled", "price": "1", "reason": "x"}), "quantity");
        check(&json!({"outcome": "filled", "price": "1", "quantity": "0", "reason": "x"}), "quantity");
        check(&json!({"outcome": "filled", "price": "-1", "quantity": "1", "reason": "x"}), "price");
        check(&json!({"outcome": "filled", "price": "1", "quantity": 1, "reason": "x"}), "quantity");
        check(&json!({"outcome": "filled", "price": "1", "quantity": "1", "fee": "1", "reason": "x"}), "fee_asset");
    }
}
