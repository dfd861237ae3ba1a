//! `/exchanges`: exchanges and chains that accounts may be at. Everybody looks at them, and admins keep them. The specification
//! calls them `/wallets`.

use crate::{Api, problem};
use app::ports::KeptWallet;
use app::wallets;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::identity::Permission;
use domain::ids::WalletId;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::page::{Asked, Listed};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wire::view::{ChangedWallet, List, NewWallet, Wallet};
use wire::wallet::{BadMember, Definition, MEMBERS};

type Shown = (StatusCode, Tag, Json<Wallet>);

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("exchanges", "Exchanges and chains where accounts may be.");
    let table = table.get("", list, |of| {
        let of = of
            .says("listExchanges", "List exchanges and chains where accounts may be, by provider")
            .any_token()
            .page::<Wallet>()
            .at_most(domain::limits::WALLETS_MAX);
        of.query("include_inactive", &json!({"type": "boolean"}), "those as well that are not active")
    });
    let table = table.post("", create, |of| {
        let of = of
            .says("createExchange", "Create an exchange or chain")
            .needs(Permission::WALLETS)
            .body_shown_as::<NewWallet>(&example());
        let of = of.answers::<Wallet>(201).tagged().refuses(400, &["DUPLICATE_WALLET"]);
        of.refuses(409, &["too_many_wallets"])
    });
    let table = table.get("/{id}", show, |of| {
        of.says("getExchange", "Get an exchange or chain")
            .any_token()
            .answers::<Wallet>(200)
            .tagged()
            .refuses(404, &["not_found"])
    });
    let changing = |of: Operation<T::Hearer>| {
        let of = of.needs(Permission::WALLETS).answers::<Wallet>(200).tagged().matched();
        of.refuses(404, &["not_found"])
    };
    let table = table.put("/{id}", put, |of| {
        changing(
            of.says("replaceExchange", "Replace an exchange or chain; its provider stays")
                .body_shown_as::<NewWallet>(&example()),
        )
    });
    let table = table.patch("/{id}", patch, |of| {
        changing(
            of.says("updateExchange", "Update an exchange or chain")
                .body_shown_as::<ChangedWallet>(&json!({"is_active": false})),
        )
    });
    table.delete("/{id}", remove, |of| {
        let of = of.says("deleteExchange", "Delete an exchange or chain; its accounts stay").needs(Permission::WALLETS);
        of.answers_nothing().matched().refuses(404, &["not_found"])
    })
}

fn example() -> Value {
    json!({
        "name": "Gate", "type": "CEX", "provider": "gate", "supported_markets": ["spot"],
        "provider_config": {"api_base_url": "https://api.gateio.ws", "auth_type": "api_key"},
        "fees": {"trading_fee_percent": "0.2", "withdrawal_fee": {"BTC": "0.0005"}},
    })
}

/// `?include_inactive=`
struct Inactive(bool);

impl<S: Sync> FromRequestParts<S> for Inactive {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let allowed = || Problem::field("include_inactive", "include_inactive is true or false, once");
        let query = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri).map_err(|_| allowed())?;
        match query.get("include_inactive").map(String::as_str) {
            None | Some("false") => Ok(Self(false)),
            Some("true") => Ok(Self(true)),
            Some(_) => Err(allowed()),
        }
    }
}

async fn list(
    State(api): State<Api>,
    caller: Caller,
    Inactive(inactive): Inactive,
    asked: Asked,
) -> Result<Json<List<Wallet>>, Problem> {
    let list = Listed { name: "wallets", user: &caller.session.user };
    let wallets = wallets::list(&api.store, inactive).await.map_err(problem::wallet)?;
    asked.part(list, wallets, |wallet| wallet.definition.provider.clone(), |wallet| Ok(view(wallet))).map(Json)
}

async fn show(State(api): State<Api>, _: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    Ok(shown(StatusCode::OK, &wallets::find(&api.store, &parse(&id)?).await.map_err(problem::wallet)?))
}

async fn create(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let definition = read(&given(&body)?)?;
    let wallet = wallets::create(&api.store, &definition, caller.act()).await.map_err(problem::wallet)?;
    caller.invocation.outcome("wallet defined");
    Ok(shown(StatusCode::CREATED, &wallet))
}

async fn put(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let wanted = read(&given(&body)?)?;
    changed(&api, &caller, &id, seen, |_| Ok(wanted.clone())).await
}

async fn patch(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let given = given(&body)?;
    let is_local = aws::is_local();
    changed(&api, &caller, &id, seen, |before| before.with(&given)?.reachable(is_local)).await
}

async fn changed(
    api: &Api,
    caller: &Caller,
    id: &str,
    seen: Seen,
    wished: impl Fn(&Definition) -> Result<Definition, BadMember> + Send + Sync,
) -> Result<Shown, Problem> {
    let changed = wallets::change(&api.store, &parse(id)?, wished, seen.0, caller.act()).await;
    caller.invocation.outcome("wallet changed");
    Ok(shown(StatusCode::OK, &changed.map_err(problem::wallet)?))
}

async fn remove(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    wallets::remove(&api.store, &parse(&id)?, seen.0, caller.act()).await.map_err(problem::wallet)?;
    caller.invocation.outcome("wallet removed");
    Ok(StatusCode::NO_CONTENT)
}

fn read(given: &Map<String, Value>) -> Result<Definition, Problem> {
    let read = Definition::read(given).and_then(|definition| definition.reachable(aws::is_local()));
    read.map_err(problem::member)
}

fn given(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    body::fields(bytes, &MEMBERS)
}

fn shown(status: StatusCode, wallet: &KeptWallet) -> Shown {
    (status, tag(wallet.version), Json(view(wallet)))
}

fn view(wallet: &KeptWallet) -> Wallet {
    let KeptWallet { definition, created_at, updated_at, version, .. } = wallet;
    Wallet::of(&wallet.id(), definition, (*created_at, *updated_at), *version)
}

/// What can be no id is not there, as an unknown one is not.
pub(super) fn parse(id: &str) -> Result<WalletId, Problem> {
    WalletId::parse(id).map_err(|_| Problem::not_found("wallet"))
}
