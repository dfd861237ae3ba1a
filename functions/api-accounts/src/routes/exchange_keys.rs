//! `/exchange/keys`: the same keys by the paths of `003`, for whoever asks alone.

use super::accounts::listed;
use super::keys::{Saved, save_at};
use crate::{Api, problem};
use app::accounts;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::{ALIASES, SECOND_NAMES, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;
use lambda::page::Asked;
use serde_json::json;
use wire::view::{List, SaveExchangeKey, SavedKey, UserWallet};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about(ALIASES, SECOND_NAMES);
    let table = table.post("", save, |of| {
        let example = json!({
            "exchange": "PAPER", "mode": "paper", "api_key": "paper:read,trade", "api_secret": "any",
        });
        let of = of
            .repeatable()
            .says("createExchangeKey", "Create an account with its exchange key")
            .needs(Permission::ACCOUNTS)
            .in_person();
        let of = of.body::<SaveExchangeKey>(&example);
        super::keys::saving(of).answers::<SavedKey>(200).tagged().answers::<SavedKey>(201).tagged()
    });
    let table = table.get("/{id}", list, |of| {
        of.says("listUserExchangeKeys", "List a user's exchange keys")
            .needs(Permission::READ)
            .of("user")
            .page::<UserWallet>()
            .at_most(domain::limits::ACCOUNTS_PER_USER_MAX)
    });
    table.delete("/{id}", remove, |of| {
        let of = of
            .says("deleteExchangeKey", "Delete the account of an exchange key, if it has no open position and no bot")
            .needs(Permission::ACCOUNTS);
        let of = of.details(super::accounts::THROWN_AWAY);
        of.of("key").answers_nothing().matched().refuses(409, &["bots_run", "groups_open"])
    })
}

async fn save(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Saved, Problem> {
    let (exchange, asked) = body::read::<SaveExchangeKey>(&body)?.into_parts();
    save_at(&api, &caller, exchange, asked).await
}

/// Another user's are not there.
async fn list(
    State(api): State<Api>,
    caller: Caller,
    Path(user): Path<String>,
    asked: Asked,
) -> Result<Json<List<UserWallet>>, Problem> {
    if user != caller.session.user.as_str() {
        return Err(Problem::not_found("user"));
    }
    let kept = accounts::list(&api.store, caller.act()).await.map_err(problem::account)?;
    listed(&asked, &caller.session.user, kept, |kept| accounts::shown(kept, caller.invocation.now()))
}

/// By the id of the key, or of its account.
async fn remove(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let accounts = accounts::list(&api.store, caller.act()).await.map_err(problem::account)?;
    let meant = accounts
        .into_iter()
        .find(|kept| kept.account.id.as_str() == id || kept.key.as_ref().is_some_and(|key| key.id.as_str() == id));
    let kept = meant.ok_or_else(|| Problem::not_found("key"))?;
    accounts::remove(&api.store, &kept.account.id, seen.0, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("account removed");
    Ok(StatusCode::NO_CONTENT)
}
