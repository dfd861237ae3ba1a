//! `/parked`

use crate::guard::{Caller, permitted};
use crate::page::{Asked, Listed};
use crate::problem::invalid;
use crate::whose::Looker;
use crate::{Api, problem};
use app::trading::{self, Sees};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::identity::Permission;
use domain::ids::ParkedId;
use domain::parked::deployment;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use serde::Deserialize;
use serde_json::json;
use store::trading::Trading;
use wire::view::DropRequest;
use wire::view::{List, Parked};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("dead letters", "Dead letters: messages that could not be processed.");
    let table = table.get("/parked", list, |of| {
        of.says("listDeadLetters", "List dead letters, newest first")
            .needs(Permission::READ)
            .of_others()
            .query("of", &json!({"enum": ["deployment"]}), "what is nobody's own; it needs `system:operate`")
            .page::<Parked>()
    });
    let table = table.get("/parked/{id}", show, |of| {
        let of = of
            .says("getDeadLetter", "Get a dead letter with its message")
            .needs(Permission::READ)
            .of("parked message")
            .of_others();
        of.answers::<Parked>(200)
    });
    let table = table.post("/parked/{id}/retry", retry, |of| {
        of.says("retryDeadLetter", "Retry a dead letter")
            .needs(Permission::WRITE)
            .of("parked message")
            .answers::<Parked>(202)
            .refuses(409, &["already_decided", "already_dropped", "no_delivery", "no_retry"])
    });
    table.post("/parked/{id}/drop", drop_it, |of| {
        of.says("discardDeadLetter", "Discard a dead letter")
            .details(
                "An alert without a verdict may close a position: unless it is on paper, only a logged-in user can \
                 drop it.",
            )
            .needs(Permission::WRITE)
            .of("parked message")
            .body::<DropRequest>(&json!({"reason": "it is too late"}))
            .answers::<Parked>(200)
            .refuses(409, &["already_retried"])
    })
}

/// `?of=deployment`: what is nobody's own, in the place of somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Somebody,
    Deployment,
}

impl<S: Sync> FromRequestParts<S> for Of {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        struct Given {
            of: Option<String>,
        }
        let given = Query::<Given>::try_from_uri(&parts.uri).ok().map(|Query(given)| given.of);
        match given.as_ref().map(|of| of.as_deref()) {
            Some(None) => Ok(Self::Somebody),
            Some(Some("deployment")) => Ok(Self::Deployment),
            _ => Err(invalid("of", "of must be deployment, or be left out for what is yours")),
        }
    }
}

pub(super) async fn list(
    State(api): State<Api>,
    looker: Looker,
    of: Of,
    asked: Asked,
) -> Result<Json<List<Parked>>, Problem> {
    let common = deployment();
    let user = match of {
        Of::Somebody => &looker.owner,
        Of::Deployment if looker.is_own() => permitted(&looker.caller.session, Permission::SYSTEM).map(|()| &common)?,
        Of::Deployment => return Err(invalid("of", "of=deployment is nobody's own: it is asked for without user_id")),
    };
    let list = Listed { name: "parked", user };
    let page =
        Trading(&api.store).list_parked(user, &asked.page(list)?).await.map_err(|error| problem::store(&error))?;
    Ok(Json(asked.answer(list, page, |parked| Ok(Parked::from(parked)))?))
}

pub(super) async fn show(
    State(api): State<Api>,
    looker: Looker,
    Path(id): Path<String>,
) -> Result<Json<Parked>, Problem> {
    let sees = if looker.is_own() { sees(&looker.caller) } else { Sees::Own };
    let parked = trading::find_parked(&api.store, &parse(&id)?, sees, looker.act()).await;
    parked.map(|parked| Json(Parked::from(&parked))).map_err(|error| problem::act(&error))
}

pub(super) async fn retry(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Parked>), Problem> {
    let parked = trading::retry_parked(&api.store, &parse(&id)?, sees(&caller), caller.act()).await;
    let parked = parked.map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&parked.id);
    Ok((StatusCode::ACCEPTED, Json(Parked::from(&parked))))
}

/// Named by its route; not to be taken for the drop of a value.
pub(super) async fn drop_it(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Parked>, Problem> {
    let (id, asked): (_, DropRequest) = (parse(&id)?, body::read(&body)?);
    let parked = trading::drop_parked(&api.store, &id, &asked.reason, sees(&caller), caller.act()).await;
    let parked = parked.map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&parked.id);
    Ok(Json(Parked::from(&parked)))
}

fn sees(caller: &Caller) -> Sees {
    if caller.runs_the_system() { Sees::Deployment } else { Sees::Own }
}

fn parse(id: &str) -> Result<ParkedId, Problem> {
    ParkedId::parse(id).map_err(|_| Problem::not_found("parked message"))
}
