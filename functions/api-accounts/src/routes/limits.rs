//! `/accounts/{id}/limits`: what an account may hold at the most.

use super::accounts::parse;
use crate::{Api, problem};
use app::accounts::{self, ChangedLimits};
use app::ports::KeptAccount;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::Method;
use domain::identity::Permission;
use domain::market::Leverage;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::whose::Looker;
use serde_json::json;
use wire::member::{NotNegative, Whole};
use wire::view::{ChangeWalletLimits, WalletLimits};

const RAISED: &str = "Only a logged-in user can raise a limit of an account at an exchange. An API key can lower any.";

type Shown = (Tag, Json<WalletLimits>);

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.get("/{id}/limits", show, |of| {
        let of = of
            .says("getAccountLimits", "Get an account's limits, and how much of each is used")
            .needs(Permission::READ)
            .of("account");
        of.of_others().answers::<WalletLimits>(200).tagged()
    });
    let changing = |of: Operation<T::Hearer>| {
        let of = of.details(RAISED).needs(Permission::ACCOUNTS).of("account");
        of.answers::<WalletLimits>(200).tagged().matched()
    };
    let table = table.put("/{id}/limits", change, |of| {
        let example = json!({
            "open_groups_max": 5, "exposure_max": "1000", "order_quote_max": "250", "day_loss_max": "100", "leverage_max": 3,
        });
        let of = of.says("replaceAccountLimits", "Replace an account's limits, for everything decided from then on");
        changing(of.whole_body::<ChangeWalletLimits>(&example))
    });
    table.patch("/{id}/limits", change, |of| {
        let example = json!({"open_groups_max": 5, "order_quote_max": "250"});
        let of = of.says("updateAccountLimits", "Update an account's limits, for everything decided from then on");
        changing(of.body::<ChangeWalletLimits>(&example))
    })
}

async fn show(State(api): State<Api>, looker: Looker, Path(id): Path<String>) -> Result<Shown, Problem> {
    let kept = accounts::find(&api.store, &parse(&id)?, looker.act()).await.map_err(problem::account)?;
    Ok(shown(&kept, &looker.caller))
}

async fn change(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    method: Method,
    body: Bytes,
) -> Result<Shown, Problem> {
    let (id, changed) = (parse(&id)?, changed(&body::change(&method, &body)?)?);
    let kept = accounts::limit(&api.store, &id, changed, seen.0, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("account limited");
    Ok(shown(&kept, &caller))
}

fn changed(asked: &ChangeWalletLimits) -> Result<ChangedLimits, Problem> {
    let leverage = asked.leverage_max.map(|Whole(times)| Leverage::new(times)).transpose();
    let amount = |asked: Option<NotNegative>| asked.map(|NotNegative(amount)| amount);
    Ok(ChangedLimits {
        open_groups_max: asked.open_groups_max.map(|Whole(groups)| groups),
        exposure_max: amount(asked.exposure_max),
        order_quote_max: amount(asked.order_quote_max),
        day_loss_max: amount(asked.day_loss_max),
        leverage_max: leverage.map_err(|wrong| Problem::field("leverage_max", format!("leverage_max {wrong}")))?,
    })
}

fn shown(kept: &KeptAccount, caller: &Caller) -> Shown {
    (tag(kept.state.version), Json(WalletLimits::of(&kept.account, &kept.state, caller.invocation.now())))
}
