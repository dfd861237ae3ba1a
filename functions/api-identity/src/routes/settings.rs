//! `/user-settings`.

use super::run;
use crate::Api;
use crate::problem;
use app::identity::{self, Applied};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderName;
use axum::http::header::ETAG;
use domain::identity::{Permission, Settings, SettingsChange};
use domain::ids::BotId;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::{Caller, permitted};
use lambda::matched::Seen;
use serde::Deserialize;
use serde_json::json;
use wire::member::Written;
use wire::view::{ChangeUserSettings, UserSettings};

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.under("/api/v1/user-settings", |table| {
        let table =
            table.about("user settings", "Your preferences and defaults, each with where its value comes from.");
        let table = table.get("", show, |of| {
            of.says("getUserSettings", "Get your settings as they apply")
                .any_token()
                .query(
                    "bot_id",
                    &json!({"type": "string"}),
                    "as they apply to this bot; while it runs, as it has started. Needs `trading:read`",
                )
                .answers::<UserSettings>(200)
                .tagged()
                .refuses(403, &["missing_scope"])
                .refuses(404, &["not_found"])
                .refuses(422, &["invalid_field"])
        });
        let changing = |of: Operation<T::Hearer>| {
            let example = json!({"time_zone": "Europe/Berlin", "theme": "dark", "quiet_hours": "22:00-07:00"});
            of.session().body::<ChangeUserSettings>(&example).answers::<UserSettings>(200).tagged().matched()
        };
        let table = table
            .put("", replace, |of| changing(of.says("replaceUserSettings", "Set these settings and reset all others")));
        table.patch("", change, |of| changing(of.says("updateUserSettings", "Update settings; null resets one")))
    })
}

type Shown = ([(HeaderName, String); 1], Json<UserSettings>);

/// Of what they are asked for.
#[derive(Debug, Deserialize)]
struct About {
    bot_id: Option<String>,
}

async fn show(
    State(api): State<Api>,
    caller: Caller,
    about: Result<Query<About>, QueryRejection>,
) -> Result<Shown, Problem> {
    let Query(About { bot_id }) = about.map_err(|_| Problem::field("bot_id", "bot_id is given once, as text"))?;
    let user = &caller.session.user;
    let applied = match bot_id {
        None => identity::settings(&api.store, user).await,
        Some(id) => {
            permitted(&caller.session, Permission::READ)?;
            let id = BotId::parse(&id).map_err(|_| Problem::not_found("bot"))?;
            identity::settings_of_bot(&api.store, user, &id).await
        }
    };
    applied.map(|applied| shown(&applied)).map_err(problem::of)
}

async fn replace(State(api): State<Api>, caller: Caller, seen: Seen, body: Bytes) -> Result<Shown, Problem> {
    let change = read(&body)?;
    keep(&api, &caller, |_| change.over(Settings::default()), seen).await
}

async fn change(State(api): State<Api>, caller: Caller, seen: Seen, body: Bytes) -> Result<Shown, Problem> {
    let change = read(&body)?;
    keep(&api, &caller, |before| change.over(before), seen).await
}

async fn keep(
    api: &Api,
    caller: &Caller,
    wanted: impl Fn(Settings) -> Settings,
    Seen(seen): Seen,
) -> Result<Shown, Problem> {
    let run = run(&caller.invocation);
    let changed = identity::change_settings(&api.store, &caller.session.user, wanted, seen, run).await;
    let applied = changed.map_err(problem::of)?;
    caller.invocation.outcome("settings changed");
    Ok(shown(&applied))
}

fn read(body: &[u8]) -> Result<SettingsChange, Problem> {
    let asked: ChangeUserSettings = body::read(body)?;
    Ok(SettingsChange {
        time_zone: set(asked.time_zone),
        quote_currency: set(asked.quote_currency),
        theme: set(asked.theme),
        risk_profile: set(asked.risk_profile),
        entry_preset: set(asked.entry_preset),
        quiet_hours: set(asked.quiet_hours),
    })
}

fn set<T>(said: Option<Option<Written<T>>>) -> Option<Option<T>> {
    said.map(|said| said.map(|Written(value)| value))
}

fn shown(applied: &Applied) -> Shown {
    ([(ETAG, format!("\"{}\"", applied.own.version))], Json(view(applied)))
}

pub(super) fn view(applied: &Applied) -> UserSettings {
    UserSettings::of(&applied.merged, &applied.own)
}
