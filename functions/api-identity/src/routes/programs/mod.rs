//! `/api-keys`: what programs come in by. A person keeps them; no key keeps keys.

mod wanted;

use super::run;
use crate::Api;
use crate::given::invent;
use crate::problem;
use app::identity::{self, WantedKey};
use app::ports::Secret;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::http::{HeaderName, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::identity::ProgramKey;
use domain::ids::KeyId;
use domain::limits::PROGRAM_KEY_OVERLAP;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;
use lambda::page::{Asked, Listed, oldest_first};
use serde_json::{Value, json};
use std::slice::from_ref;
use wanted::Changed;
use wire::member::Whole;
use wire::view::{ApiKey, ChangedApiKey, List, MadeApiKey, RotateApiKey, WantedApiKey, WholeApiKey};

/// How a key begins.
const KEY: &str = "mqk";

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.under("/api/v1/api-keys", |table| {
        let table = table.about("api keys", "API keys let your programs use the API.");
        let table = table.get("", list, |of| {
            of.says("listApiKeys", "List your API keys, oldest first")
                .session()
                .page::<ApiKey>()
                .at_most(domain::limits::PROGRAM_KEYS_PER_USER_MAX)
        });
        let table = table.post("", make, |of| {
            let of = of.tells_once().says("createApiKey", "Create an API key; its secret is shown once").session();
            let of = of.body::<WantedApiKey>(&example()).answers::<MadeApiKey>(201).tagged();
            of.refuses(400, &["DUPLICATE_API_KEY"])
                .refuses(403, &["scope_not_yours"])
                .refuses(409, &["too_many_api_keys"])
        });
        let table = table.get("/{id}", show, |of| {
            of.says("getApiKey", "Get an API key").session().of("api key").answers::<ApiKey>(200).tagged()
        });
        let changed = |of: Operation<T::Hearer>| {
            let of = of.session().of("api key").answers::<ApiKey>(200).tagged().matched();
            of.refuses(400, &["DUPLICATE_API_KEY"]).refuses(403, &["scope_not_yours"])
        };
        let table = table.put("/{id}", put, |of| {
            changed(of.says("replaceApiKey", "Replace what an API key permits").body::<WholeApiKey>(&example()))
        });
        let table = table.patch("/{id}", patch, |of| {
            changed(of.says("updateApiKey", "Update an API key").body::<ChangedApiKey>(&json!({"name": "day bot"})))
        });
        let table = table.delete("/{id}", revoke, |of| {
            of.says("revokeApiKey", "Revoke an API key; its next request is refused")
                .session()
                .of("api key")
                .answers_nothing()
                .matched()
        });
        table.post("/{id}/rotate", rotate, |of| {
            let of = of
                .tells_once()
                .says("rotateApiKey", "Rotate an API key's secret; the old one overlaps, for a day by default")
                .session();
            let of = of.of("api key").body::<RotateApiKey>(&json!({"overlap_seconds": 3_600})).optional_body();
            of.answers::<MadeApiKey>(200).tagged().matched()
        })
    })
}

fn example() -> Value {
    json!({"name": "night bot", "scopes": ["trading:read"], "ip_allow_list": ["203.0.113.0/24"], "expires_at": null})
}

type Tag = [(HeaderName, String); 1];
type Shown = (Tag, Json<ApiKey>);
type Made = (StatusCode, Tag, Json<MadeApiKey>);

async fn list(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<List<ApiKey>>, Problem> {
    let list = Listed { name: "api-keys", user: &caller.session.user };
    let keys = identity::keys(&api.store, &caller.session.user, run(&caller.invocation)).await.map_err(problem::of)?;
    let uses = identity::key_uses(&api.store, &keys).await.map_err(problem::of)?;
    let view = |key: &ProgramKey| Ok(ApiKey::of(key, uses.get(&key.id).copied(), caller.invocation.now()));
    asked.part(list, keys, |key| oldest_first(key.created_at, key.id.as_str()), view).map(Json)
}

async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    let key = identity::find_key(&api.store, &caller.session.user, &parse(&id)?, run(&caller.invocation))
        .await
        .map_err(problem::of)?;
    shown(&api, &key, &caller).await
}

async fn make(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Made, Problem> {
    let now = caller.invocation.now();
    let wanted = wanted::whole(body::read(&body)?, now)?;
    let secret = invent(KEY)?;
    let key = identity::make_key(&api.store, &caller.session, wanted, &secret, run(&caller.invocation))
        .await
        .map_err(problem::of)?;
    caller.invocation.touched(&key.id);
    caller.invocation.outcome("api key made");
    Ok(made(StatusCode::CREATED, &key, &secret, now))
}

/// From where it lets in is not left out.
async fn put(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let now = caller.invocation.now();
    let wanted = wanted::instead(body::read(&body)?, now)?;
    change(&api, &caller, seen, &id, move |_| wanted.clone()).await
}

async fn patch(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let said = Changed::of(body::read(&body)?, caller.invocation.now())?;
    change(&api, &caller, seen, &id, move |key| said.over(key)).await
}

async fn change(
    api: &Api,
    caller: &Caller,
    seen: Seen,
    id: &str,
    wanted: impl Fn(&ProgramKey) -> WantedKey + Send + Sync,
) -> Result<Shown, Problem> {
    let (id, run) = (parse(id)?, run(&caller.invocation));
    let key = identity::change_key(&api.store, &caller.session, &id, wanted, seen.0, run).await.map_err(problem::of)?;
    caller.invocation.touched(&key.id);
    caller.invocation.outcome("api key changed");
    shown(api, &key, caller).await
}

async fn rotate(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Made, Problem> {
    let RotateApiKey { overlap_seconds } = body::read_optional(&body)?;
    let overlap = overlap_seconds.map_or(PROGRAM_KEY_OVERLAP, |Whole(seconds)| Millis::seconds(seconds.into()));
    let secret = invent(KEY)?;
    let (id, run) = (parse(&id)?, run(&caller.invocation));
    let rotated = identity::rotate_key(&api.store, &caller.session, &id, (&secret, overlap), seen.0, run).await;
    let key = rotated.map_err(problem::of)?;
    caller.invocation.touched(&key.id);
    caller.invocation.outcome("api key rotated");
    Ok(made(StatusCode::OK, &key, &secret, caller.invocation.now()))
}

async fn revoke(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = parse(&id)?;
    identity::revoke_key(&api.store, &caller.session, &id, seen.0, run(&caller.invocation))
        .await
        .map_err(problem::of)?;
    caller.invocation.touched(id);
    caller.invocation.outcome("api key revoked");
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(api: &Api, key: &ProgramKey, caller: &Caller) -> Result<Shown, Problem> {
    let uses = identity::key_uses(&api.store, from_ref(key)).await.map_err(problem::of)?;
    let view = ApiKey::of(key, uses.get(&key.id).copied(), caller.invocation.now());
    Ok((tag(key), Json(view)))
}

fn made(status: StatusCode, key: &ProgramKey, secret: &Secret, now: Timestamp) -> Made {
    let made = MadeApiKey { key: ApiKey::of(key, None, now), secret: secret.expose().to_owned() };
    (status, tag(key), Json(made))
}

fn tag(key: &ProgramKey) -> Tag {
    [(ETAG, format!("\"{}\"", key.version))]
}

/// What can be no id is not there, as an unknown one is not.
fn parse(id: &str) -> Result<KeyId, Problem> {
    KeyId::parse(id).map_err(|_| Problem::not_found("api key"))
}
