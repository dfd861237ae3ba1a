//! `/flatten`: entries halted, resting ones cancelled, everything sold.

use super::halt::{orders, states};
use crate::guard::Caller;
use crate::{Api, problem};
use app::trading;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use wire::view::{FlattenAnswer, FlattenRequest, PositionGroup, time};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.post("/flatten", flatten, |of| {
        of.without_key()
            .trades()
            .says("flattenPositions", "Halt entries, cancel those that rest, and sell every position at the market")
            .details(
                "It takes two calls by a logged-in user. The first shows what would be sold and answers a `code` of 60 seconds; \
                 the second sends the code back, in the same session. If it is cut off, the same code goes on within ten minutes: \
                 nothing is sold twice.",
            )
            .needs(Permission::ORDERS)
            .in_person()
            .body::<FlattenRequest>(&json!({"reason": "out of everything"}))
            .answers::<FlattenAnswer>(200)
            .answers::<FlattenAnswer>(202)
            .refuses(404, &["not_found"])
            .refuses(409, &[
                "ambiguous_account",
                "flatten_changed",
                "flatten_code_missing",
                "flatten_code_over",
                "flatten_code_wrong",
            ])
    })
}

async fn flatten(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<FlattenAnswer>), Problem> {
    let FlattenRequest { reason, account, code } = body::read(&body)?;
    let (named, act) = (account.as_deref(), caller.act());
    let session = caller.session.login.as_ref().map(ToString::to_string).unwrap_or_default();
    let Some(code) = code else {
        let shown = trading::show_flatten(&api.store, named, &session, act).await;
        let shown = shown.map_err(|error| problem::act(&error))?;
        caller.invocation.outcome("flatten shown");
        let answer = FlattenAnswer {
            code: Some(shown.code),
            code_expires_at: Some(time(shown.until)),
            accounts: states(&shown.accounts, act.now),
            positions: shown.positions.iter().map(PositionGroup::from).collect(),
            cancelling: Vec::new(),
            in_flight: Vec::new(),
        };
        return Ok((StatusCode::OK, Json(answer)));
    };
    let done = Box::pin(trading::flatten(&api.store, named, (&code, &session), &reason, act)).await;
    let done = done.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome(format!("{} positions flattened", done.closing.len()));
    let answer = FlattenAnswer {
        code: None,
        code_expires_at: None,
        accounts: states(&done.halted.accounts, act.now),
        positions: done.closing.iter().map(|position| PositionGroup::from(&position.group)).collect(),
        cancelling: orders(&done.halted.cancelling)?,
        in_flight: orders(&done.halted.in_flight)?,
    };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}
