//! What an account has, and what it had.

use super::accounts::parse;
use crate::{Api, problem};
use app::accounts;
use app::ports::DayBalances;
use axum::Json;
use axum::extract::{Path, State};
use domain::identity::Permission;
use domain::ids::AccountId;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{Asked, Listed};
use lambda::whose::Looker;
use wire::view::{List, WalletBalances, WalletDay};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.get("/{id}/balances", balances, |of| {
        let of = of
            .says("getAccountBalances", "Get the balances that the exchange, or the chain, reported last")
            .needs(Permission::READ)
            .of("account")
            .of_others();
        of.answers::<WalletBalances>(200)
    });
    let table = table.get("/{id}/balances/history", history, |of| {
        let of = of
            .says("listAccountBalanceHistory", "List an account's balances day by day, newest first")
            .needs(Permission::READ)
            .of("account");
        of.of_others().page::<WalletDay>()
    });
    table.post("/{id}/sync", sync, |of| {
        let of = of
            .repeatable()
            .says("syncAccountBalances", "Request the balances from the exchange, or from the chain")
            .needs(Permission::ACCOUNTS)
            .of("account");
        let of = of.answers::<WalletBalances>(200).refuses(503, &["venue_unavailable", "chain_unavailable"]);
        of.refuses(409, &["venue_not_tradable", "key_missing", "key_does_not_open", "address_not_proven"])
    })
}

async fn balances(
    State(api): State<Api>,
    looker: Looker,
    Path(id): Path<String>,
) -> Result<Json<WalletBalances>, Problem> {
    let kept = accounts::find(&api.store, &parse(&id)?, looker.act()).await.map_err(problem::account)?;
    Ok(Json(WalletBalances::of(&kept.account, &kept.state)))
}

async fn history(
    State(api): State<Api>,
    looker: Looker,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<List<WalletDay>>, Problem> {
    let id = parse(&id)?;
    let name = format!("balances {id}");
    let list = Listed { name: &name, user: &looker.owner };
    let days = accounts::days(&api.store, &id, &asked.page(list)?, looker.act()).await.map_err(problem::account)?;
    asked.answer(list, days, |day| Ok(view(day))).map(Json)
}

async fn sync(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Json<WalletBalances>, Problem> {
    let id: AccountId = parse(&id)?;
    let trace = caller.invocation.trace();
    let kept = api.keys(&trace).sync(&id, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("balances read");
    Ok(Json(WalletBalances::of(&kept.account, &kept.state)))
}

fn view(day: &DayBalances) -> WalletDay {
    WalletDay::of(day.at, day.balances.iter().map(|(asset, had)| (asset, had.free, had.locked)))
}
