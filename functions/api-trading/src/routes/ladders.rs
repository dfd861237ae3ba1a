//! `/ladders/plan`

use crate::guard::Reader;
use crate::problem::invalid;
use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use lambda::edge::Problem;
use wire::ladder::{self, BadLadder, Ladder};

pub(super) async fn plan(Reader(caller): Reader, body: Bytes) -> Result<Json<Ladder>, Problem> {
    let ladder = ladder::plan(&body).map_err(|wrong| refused(&wrong))?;
    caller.invocation.outcome("planned");
    Ok(Json(ladder))
}

fn refused(wrong: &BadLadder) -> Problem {
    match wrong {
        BadLadder::NotJson(detail) => Problem::new(StatusCode::BAD_REQUEST, "invalid_json", detail),
        BadLadder::Field { field, detail } => invalid(field, detail),
    }
}
