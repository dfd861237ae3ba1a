//! `/ladders/plan`

use crate::guard::Caller;
use crate::problem::invalid;
use crate::{Api, problem};
use app::presets::{self, PresetError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Permission;
use domain::preset::PresetName;
use lambda::api::Table;
use lambda::edge::Problem;
use serde_json::json;
use wire::ladder::{Asked, BadLadder, Ladder};
use wire::preset::Document;
use wire::view::LadderRequest;

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.about("ladders", "Safety orders, calculated before anything is placed.").post("/ladders/plan", plan, |of| {
        of.without_key()
            .says("planLadder", "Plan a ladder; nothing is stored")
            .needs(Permission::READ)
            .body_shown_as::<LadderRequest>(&json!({
                "preset": "default", "side": "long", "entry_price": "50000", "fee_rate": "0.001",
                "market": {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001",
                    "notional_min": "5"},
            }))
            .answers::<Ladder>(200)
    })
}

pub(super) async fn plan(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<Ladder>, Problem> {
    let asked = Asked::parse(&body).map_err(|wrong| refused(&wrong))?;
    let planned = match asked.preset().map_err(|wrong| refused(&wrong))? {
        None => asked.plan(),
        Some(name) => {
            let kept = presets::find(&api.store, &name, caller.act()).await.map_err(|error| unkept(&name, &error))?;
            asked.plan_of(&Document::parse(&kept.document).map_err(|wrong| problem::unshown(&wrong.to_string()))?)
        }
    };
    let ladder = planned.map_err(|wrong| refused(&wrong))?;
    caller.invocation.outcome("planned");
    Ok(Json(ladder))
}

fn unkept(name: &PresetName, error: &PresetError) -> Problem {
    match error {
        PresetError::Unknown => {
            invalid("preset", format!("preset must be one that you keep, or default: there is no {name}"))
        }
        error => problem::preset(error),
    }
}

fn refused(wrong: &BadLadder) -> Problem {
    match wrong {
        BadLadder::NotJson(detail) => Problem::new(StatusCode::BAD_REQUEST, "invalid_json", detail),
        BadLadder::Field { field, detail } => invalid(field, detail),
    }
}
