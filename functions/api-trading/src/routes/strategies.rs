//! `/strategies/{name}`: a strategy off for the whole deployment, or on again.

use crate::guard::Caller;
use crate::{Api, problem};
use app::bots;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::identity::Permission;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde_json::json;
use strategies::Registry;
use wire::view::{StrategySwitch, SwitchRequest};

const WHAT: &str = "While a strategy is disabled, no bot of any user enters by it, and exits go on: an entry signal without a verdict is refused as \
                    `strategy_off`. A position that is decided already still sends its orders. An API key can disable a strategy, and only a \
                    logged-in user can enable it. `RULES` stands for all rules that users write. If a strategy is disabled again while you enable \
                    it, it stays disabled.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.put("/strategies/{name}", put, |of| {
        of.says("updateStrategy", "Disable a strategy for all bots, or enable it again")
            .details(WHAT)
            .needs(Permission::SYSTEM)
            .key_needs(Permission::WRITE)
            .body::<SwitchRequest>(&json!({"enabled": false, "reason": "it bought into every fall"}))
            .answers::<StrategySwitch>(200)
            .refuses(404, &["not_found"])
            .refuses(409, &["disabled_meanwhile"])
    })
}

async fn put(
    State(api): State<Api>,
    caller: Caller,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Json<StrategySwitch>, Problem> {
    let asked: SwitchRequest = body::read(&body)?;
    let name = Registry.named(&name).ok_or_else(|| Problem::not_found("strategy"))?;
    let switched = bots::switch(&api.store, name, (asked.enabled, &asked.reason), caller.act()).await;
    let switch = switched.map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&switch.strategy);
    caller.invocation.outcome(if switch.enabled { "strategy enabled" } else { "strategy disabled" });
    Ok(Json(StrategySwitch::of(&switch)))
}
