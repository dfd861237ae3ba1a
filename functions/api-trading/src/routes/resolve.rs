//! `/orders/{id}/resolve`

use super::orders::{parse, view};
use crate::Api;
use crate::body::{fields, reason, text};
use crate::problem::{self, invalid};
use app::trading;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::market::Asset;
use domain::money::{Amount, Price, Quantity};
use domain::order::{Fee, FeeValue, Fill, Resolution};
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use serde_json::{Map, Value, json};
use std::fmt::Display;
use std::str::FromStr;
use wire::view::Order;
use wire::view::ResolveRequest;

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

const FIELDS: [&str; 6] = ["outcome", "quantity", "price", "fee", "fee_asset", "reason"];
const OF_A_FILL: [&str; 4] = ["quantity", "price", "fee", "fee_asset"];

pub(super) async fn resolve(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let id = parse(&id)?;
    let (resolution, reason) = read(&body, caller.invocation.now())?;
    let order = trading::resolve(&api.store, &id, &resolution, &reason, caller.act())
        .await
        .map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&order.id);
    caller.invocation.outcome("resolved");
    Ok((StatusCode::ACCEPTED, Json(view(&order)?)))
}

/// What the body says became of the order, and why.
fn read(body: &[u8], now: Timestamp) -> Result<(Resolution, String), Problem> {
    let fields = fields(body, &FIELDS)?;
    let resolution = match text(&fields, "outcome")?.as_deref() {
        Some("filled") => Resolution::Filled(fill(&fields, now)?),
        Some("not_placed") => without_fill(&fields, Resolution::NotPlaced)?,
        Some("cancelled") => without_fill(&fields, Resolution::Cancelled(now))?,
        _ => return Err(invalid("outcome", "outcome must be not_placed, filled or cancelled")),
    };
    Ok((resolution, reason(&fields)?))
}

fn without_fill(fields: &Map<String, Value>, resolution: Resolution) -> Result<Resolution, Problem> {
    match OF_A_FILL.into_iter().find(|name| fields.get(*name).is_some_and(|value| !value.is_null())) {
        Some(name) => Err(invalid(name, format!("{name} is only for an order that was filled"))),
        None => Ok(resolution),
    }
}

fn fill(fields: &Map<String, Value>, now: Timestamp) -> Result<Fill, Problem> {
    let (price, quantity): (Price, Quantity) = (needed(fields, "price")?, needed(fields, "quantity")?);
    if quantity.is_zero() {
        return Err(invalid(
            "quantity",
            "quantity must be above 0: an order that was not filled is not_placed or cancelled",
        ));
    }
    Ok(Fill { price, quantity, fee: fee(fields)?, at: now })
}

fn fee(fields: &Map<String, Value>) -> Result<Option<Fee>, Problem> {
    match (parsed::<Amount>(fields, "fee")?, parsed::<Asset>(fields, "fee_asset")?) {
        (Some(amount), _) if amount.is_negative() => Err(invalid("fee", "fee must be 0 or more")),
        (Some(amount), Some(asset)) => Ok(Some(Fee { asset, amount, value: FeeValue::Own })),
        (None, Some(_)) => Err(invalid("fee", "fee is required beside fee_asset")),
        (Some(_), None) => Err(invalid("fee_asset", "fee_asset is required beside fee")),
        (None, None) => Ok(None),
    }
}

fn needed<T: FromStr<Err: Display>>(fields: &Map<String, Value>, name: &str) -> Result<T, Problem> {
    parsed(fields, name)?.ok_or_else(|| invalid(name, format!("{name} is required for an order that was filled")))
}

/// Numbers come as texts, so that nothing rounds them on the way.
fn parsed<T: FromStr<Err: Display>>(fields: &Map<String, Value>, name: &str) -> Result<Option<T>, Problem> {
    let value = text(fields, name)?.map(|text| text.parse::<T>());
    value.transpose().map_err(|error| invalid(name, format!("{name}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &Value, field: &str) {
        let problem = read(body.to_string().as_bytes(), Timestamp::default()).unwrap_err();
        assert_eq!(problem.code(), "invalid_field", "{body}");
        assert!(format!("{problem:?}").contains(&format!("{field:?}")), "{body}: {problem:?}");
    }

    #[test]
    fn a_body_says_what_became_of_the_order_and_why() {
        let body = json!({"outcome": "filled", "quantity": "0.5", "price": "100", "fee": "0.05", "fee_asset": "usdt",
            "reason": "seen at the venue"});
        let (resolution, reason) = read(body.to_string().as_bytes(), Timestamp::default()).unwrap();
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
