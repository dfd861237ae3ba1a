//! `/whale-sources`: where large transfers are read.

use crate::{Api, problem};
use app::ports::Secret;
use app::whales::sources::{self, AskedAt, ChangedSource, KnownSource, NewSource};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::chain::EndpointUrl;
use domain::identity::Permission;
use domain::ids::SourceId;
use domain::limits::SOURCES_MAX;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::page::{Asked, Listed};
use serde_json::{Value, json};
use wire::member::{ApiKey, Several};
use wire::view::{ChangedWhaleSource, List, NewWhaleSource, WhaleSource};

type Shown = (StatusCode, Tag, Json<WhaleSource>);

const TOPIC: &str = "Where large transfers are read: nodes, explorers and whale-alert.io. They belong to the deployment. As long as one is \
                     enabled, it is read each minute, and the candles are fetched by which its transfers are priced.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("whale-sources", TOPIC);
    let table = table.get("", list, |of| {
        let of = of.says("listWhaleSources", "List sources of whale alerts, by name").needs(Permission::SOURCES);
        of.page::<WhaleSource>().at_most(SOURCES_MAX)
    });
    let table = table.post("", create, |of| {
        let of = of.repeatable().says("createWhaleSource", "Create a source of whale alerts");
        let of = of.needs(Permission::SOURCES).in_person().body::<NewWhaleSource>(&example());
        let of = of.answers::<WhaleSource>(201).tagged().refuses(400, &["DUPLICATE_WHALE_SOURCE"]);
        of.refuses(409, &["too_many_whale_sources"])
    });
    let table = table.get("/{id}", show, |of| {
        let of = of.says("getWhaleSource", "Get a source of whale alerts and how it does").needs(Permission::SOURCES);
        of.answers::<WhaleSource>(200).tagged().refuses(404, &["not_found"])
    });
    let table = table.patch("/{id}", patch, |of| {
        let of = of.says("updateWhaleSource", "Update a source of whale alerts; its kind and blockchain stay");
        let of = of.needs(Permission::SOURCES).in_person().body::<ChangedWhaleSource>(&json!({"enabled": true}));
        let of = of.answers::<WhaleSource>(200).tagged().matched().refuses(400, &["DUPLICATE_WHALE_SOURCE"]);
        of.refuses(404, &["not_found"])
    });
    table.delete("/{id}", delete, |of| {
        let of = of.says("deleteWhaleSource", "Delete a source of whale alerts; its alerts stay as they are");
        of.needs(Permission::SOURCES).in_person().answers_nothing().matched().refuses(404, &["not_found"])
    })
}

fn example() -> Value {
    json!({
        "name": "nodes", "kind": "json_rpc", "blockchain": "ethereum", "enabled": true,
        "endpoints": ["https://eth.example.org/v3/a-key", "https://node.example.com"],
    })
}

async fn list(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<List<WhaleSource>>, Problem> {
    let list = Listed { name: "whale-sources", user: &caller.session.user };
    let known = sources::list(&api.store).await.map_err(problem::source)?;
    asked.part(list, known, |known| known.source.name.clone(), |known| Ok(view(known))).map(Json)
}

async fn show(State(api): State<Api>, _: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    Ok(shown(StatusCode::OK, &sources::find(&api.store, &parse(&id)?).await.map_err(problem::source)?))
}

async fn create(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let new: NewWhaleSource = body::read(&body)?;
    let Several(endpoints) = new.endpoints;
    let new = NewSource {
        name: new.name.to_string(),
        kind: new.kind.0,
        chain: new.blockchain.0,
        enabled: new.enabled,
        reads_native: new.native_transfers.unwrap_or(true),
        asked_at: asked_at(endpoints, new.api_key),
    };
    let known = api.sources().create(&new, caller.act()).await.map_err(problem::source)?;
    caller.invocation.outcome("source created");
    Ok(shown(StatusCode::CREATED, &known))
}

async fn patch(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let ChangedWhaleSource { name, endpoints, api_key, native_transfers, enabled } = body::read(&body)?;
    let asked_at = match (endpoints, api_key) {
        (Some(Several(endpoints)), api_key) => Some(asked_at(endpoints, api_key)),
        (None, Some(_)) => {
            return Err(Problem::field("endpoints", "endpoints is required with api_key: both are encrypted together"));
        }
        (None, None) => None,
    };
    let name = name.map(|name| name.to_string());
    let changed = ChangedSource { name, enabled, reads_native: native_transfers, asked_at };
    let known = api.sources().change(&parse(&id)?, &changed, seen.0, caller.act()).await.map_err(problem::source)?;
    caller.invocation.outcome("source changed");
    Ok(shown(StatusCode::OK, &known))
}

async fn delete(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    sources::remove(&api.store, &parse(&id)?, seen.0, caller.act()).await.map_err(problem::source)?;
    caller.invocation.outcome("source deleted");
    Ok(StatusCode::NO_CONTENT)
}

fn asked_at(endpoints: Vec<EndpointUrl>, api_key: Option<ApiKey>) -> AskedAt {
    AskedAt { endpoints, api_key: api_key.map(|key| Secret::new(key.into_text())) }
}

fn shown(status: StatusCode, known: &KnownSource) -> Shown {
    (status, tag(known.source.version), Json(view(known)))
}

fn view(known: &KnownSource) -> WhaleSource {
    WhaleSource::of(&known.source, known.watch.as_ref(), known.requests)
}

/// What can be no id is not there, as an unknown one is not.
fn parse(id: &str) -> Result<SourceId, Problem> {
    SourceId::parse(id).map_err(|_| Problem::not_found("whale source"))
}
