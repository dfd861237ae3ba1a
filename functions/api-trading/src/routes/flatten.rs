//! `/flatten`: entries halted, resting ones cancelled, everything sold.

use super::halt::{orders, states};
use crate::guard::Caller;
use crate::{Api, problem};
use app::trading::{self, Whose};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use wire::member::Written;
use wire::view::{FlattenAnswer, FlattenRequest, PositionGroup, time};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.post("/flatten", flatten, |of| {
        of.without_key()
            .trades()
            .says("flattenPositions", "Halt entries, cancel those that rest, and sell every position at the market")
            .details(
                "It takes two calls by a logged-in user. The first shows what would be sold and answers a `code` of 60 seconds; \
                 the second sends the code back, in the same session. If it is cut off, the same code goes on within ten minutes: \
                 nothing is sold twice. Only an admin sells out another user (`user_id`) or everyone (`deployment`), in a session that \
                 began with a second factor less than 15 minutes ago.",
            )
            .needs(Permission::ORDERS)
            .in_person()
            .body::<FlattenRequest>(&json!({"reason": "out of everything"}))
            .answers::<FlattenAnswer>(200)
            .answers::<FlattenAnswer>(202)
            .refuses(403, &["permission_not_yours", "second_factor_needed"])
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
    let FlattenRequest { reason, account, user_id, deployment, code } = body::read(&body)?;
    let (act, session) = (caller.act(), &caller.session);
    let user = user_id.map(|Written(user)| user);
    let whose = match (&user, deployment) {
        (Some(_), true) => {
            return Err(problem::invalid("user_id", "user_id must be left out where deployment is true"));
        }
        (None, true) if account.is_some() => {
            return Err(problem::invalid("account", "account must be left out where deployment is true"));
        }
        (None, true) => Whose::Deployment,
        (Some(user), false) if user != act.user => Whose::User(user, account.as_deref()),
        _ => Whose::Own(account.as_deref()),
    };
    let Some(code) = code else {
        let shown = trading::show_flatten(&api.store, whose, session, act).await;
        let shown = shown.map_err(|error| problem::act(&error))?;
        caller.invocation.outcome("flatten shown");
        let answer = FlattenAnswer {
            code: Some(shown.code),
            code_expires_at: Some(time(shown.until)),
            accounts: states(&shown.accounts, act.now),
            positions: shown.positions.iter().map(PositionGroup::from).collect(),
            left: 0,
            cancelling: Vec::new(),
            in_flight: Vec::new(),
        };
        return Ok((StatusCode::OK, Json(answer)));
    };
    let done = Box::pin(trading::flatten(&api.store, whose, (&code, session), &reason, act)).await;
    let done = done.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome(format!("{} positions flattened", done.closing.len()));
    let answer = FlattenAnswer {
        code: None,
        code_expires_at: None,
        accounts: states(&done.halted.accounts, act.now),
        positions: done.closing.iter().map(PositionGroup::from).collect(),
        left: u32::try_from(done.left).unwrap_or(u32::MAX),
        cancelling: orders(&done.halted.cancelling)?,
        in_flight: orders(&done.halted.in_flight)?,
    };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}
