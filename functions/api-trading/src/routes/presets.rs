//! `/presets`

use crate::guard::Caller;
use crate::matched::{Seen, Tag, tag};
use crate::page::{Asked, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::ports::KeptPreset;
use app::presets::{self, Put};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use domain::preset::PresetName;
use lambda::api::Table;
use lambda::edge::Problem;
use serde_json::{Value, json};
use store::catalog::Catalog;
use wire::preset::{self, Document, threecommas};
use wire::view::{List, NewPreset, Preset, PresetImport, PresetMembers};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("presets", "Named settings for trades.");
    let table = table.get("/presets", list, |of| {
        of.says("listPresets", "List your presets by name, `default` among them")
            .needs(Permission::READ)
            .of_others()
            .page::<Preset>()
            .at_most(domain::limits::PRESETS_PER_USER_MAX)
    });
    let table = table.post("/presets", create, |of| {
        of.says("createPreset", "Create a preset")
            .needs(Permission::WRITE)
            .body_shown_as::<NewPreset>(&json!({"name": "btc-grid", "preset": example()}))
            .answers::<Preset>(201)
            .tagged()
            .refuses(400, &["DUPLICATE_PRESET"])
            .refuses(404, &["not_found"])
            .refuses(409, &["too_many_presets"])
    });
    let table = table.post("/presets/import", import, |of| {
        of.without_key()
            .says("convertPreset", "Convert a 3Commas DCA bot into a preset; nothing is stored")
            .needs(Permission::READ)
            .body_like(&bot(), &json!({"name": "bot", "base_order_volume": "10", "take_profit": "1.5"}))
            .answers::<PresetImport>(200)
    });
    let table = table.get("/presets/{name}", show, |of| {
        let of = of.says("getPreset", "Get a preset").needs(Permission::READ).of("preset").of_others();
        of.answers::<Preset>(200).tagged()
    });
    let table = table.put("/presets/{name}", put, |of| {
        of.says("replacePreset", "Create or replace a preset; 201 if it is new")
            .needs(Permission::WRITE)
            .body_shown_as::<PresetMembers>(&example())
            .answers::<Preset>(200)
            .answers::<Preset>(201)
            .tagged()
            .matched()
            .refuses(409, &["too_many_presets"])
    });
    let table = table.delete("/presets/{name}", delete, |of| {
        of.says("deletePreset", "Delete a preset; its versions stay")
            .needs(Permission::WRITE)
            .of("preset")
            .answers_nothing()
            .matched()
    });
    table.get("/presets/{name}/versions", versions, |of| {
        let of = of.says("listPresetVersions", "List the versions of a preset, newest first").needs(Permission::READ);
        of.of_others().page::<Preset>()
    })
}

type Shown = (StatusCode, Tag, Json<Preset>);

fn example() -> Value {
    json!({"base_order": {"quote": "50"}, "stop_loss_percent": "5"})
}

/// A bot as 3Commas describes it.
fn bot() -> Value {
    json!({"type": "object", "description": "A DCA bot, as the API of 3Commas takes or answers it.", "additionalProperties": true})
}

pub(super) async fn list(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<List<Preset>>, Problem> {
    let list = Listed { name: "presets", user: &looker.owner };
    let presets = presets::list(&api.store, looker.act()).await.map_err(|error| problem::preset(&error))?;
    asked.part(list, presets, |preset| preset.at.name.to_string(), view).map(Json)
}

pub(super) async fn show(State(api): State<Api>, looker: Looker, Path(name): Path<String>) -> Result<Shown, Problem> {
    let preset =
        presets::find(&api.store, &parse(&name)?, looker.act()).await.map_err(|error| problem::preset(&error))?;
    shown(StatusCode::OK, &preset)
}

pub(super) async fn versions(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    asked: Asked,
    Path(name): Path<String>,
) -> Result<Json<List<Preset>>, Problem> {
    let name = parse(&name)?;
    let listed = format!("presets/{name}");
    let list = Listed { name: &listed, user: &owner };
    let page = Catalog(&api.store).list_preset_versions(list.user, &name, &asked.page(list)?).await;
    Ok(Json(asked.answer(list, page.map_err(|error| problem::store(&error))?, view)?))
}

pub(super) async fn create(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let (name, document) = preset::named(&text(&body)).map_err(|wrong| problem::body(&wrong))?;
    let kept = presets::create(&api.store, &name, &document, caller.act()).await;
    let kept = kept.map_err(|error| problem::preset(&error))?;
    caller.invocation.outcome("preset created");
    shown(StatusCode::CREATED, &kept)
}

pub(super) async fn put(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let document = Document::parse(&text(&body)).map_err(|wrong| problem::body(&wrong))?;
    let name = named(&name)?;
    let put = presets::put(&api.store, &name, &document, seen.0, caller.act()).await;
    let (status, told, kept) = match put.map_err(|error| problem::preset(&error))? {
        Put::Created(kept) => (StatusCode::CREATED, "preset created", kept),
        Put::Replaced(kept) => (StatusCode::OK, "preset changed", kept),
        Put::Same(kept) => (StatusCode::OK, "preset as it was", kept),
    };
    caller.invocation.outcome(told);
    shown(status, &kept)
}

pub(super) async fn delete(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let deleted = presets::delete(&api.store, &parse(&name)?, seen.0, caller.act()).await;
    deleted.map_err(|error| problem::preset(&error))?;
    caller.invocation.outcome("preset deleted");
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps nothing: what it answers is put by whoever has read it.
pub(super) async fn import(caller: Caller, body: Bytes) -> Result<Json<PresetImport>, Problem> {
    let imported = threecommas::import(&text(&body)).map_err(|wrong| problem::body(&wrong))?;
    caller.invocation.outcome("imported");
    PresetImport::of(&imported).map(Json).map_err(|error| problem::unshown(&error))
}

fn shown(status: StatusCode, preset: &KeptPreset) -> Result<Shown, Problem> {
    Ok((status, tag(preset.at.version), Json(view(preset)?)))
}

fn view(preset: &KeptPreset) -> Result<Preset, Problem> {
    presets::shown(preset).map_err(|error| Problem::of_store(&error))
}

/// What can be no name is not there, as an unknown one is not.
fn parse(name: &str) -> Result<PresetName, Problem> {
    name.parse().map_err(|_| Problem::not_found("preset"))
}

/// The name of one that may be new.
fn named(name: &str) -> Result<PresetName, Problem> {
    name.parse().map_err(|wrong| problem::invalid("name", format!("name {wrong}")))
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}
