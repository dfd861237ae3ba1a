//! `/parked`

use crate::guard::{Caller, permitted};
use crate::page::{Asked, Listed};
use crate::problem::invalid;
use crate::{Desk, body, problem};
use app::trading::Sees;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::identity::Permission;
use domain::ids::ParkedId;
use domain::parked::deployment;
use lambda::edge::Problem;
use serde::Deserialize;
use wire::view::{List, Parked};

/// `?of=deployment`: what is nobody's own, in the place of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Me,
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
            Some(None) => Ok(Self::Me),
            Some(Some("deployment")) => Ok(Self::Deployment),
            _ => Err(invalid("of", "of must be deployment, or be left out for what is yours")),
        }
    }
}

pub(super) async fn list<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    of: Of,
    asked: Asked,
) -> Result<Json<List<Parked>>, Problem> {
    let common = deployment();
    let user = match of {
        Of::Me => &caller.session.user,
        Of::Deployment => permitted(&caller.session, Permission::SYSTEM).map(|()| &common)?,
    };
    let list = Listed { name: "parked", user };
    let page = desk.parked(user, &asked.page(list)?).await.map_err(|error| problem::store(&error))?;
    Ok(Json(asked.answer(list, page, |parked| Ok(Parked::from(parked)))?))
}

pub(super) async fn show<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Parked>, Problem> {
    let parked = desk.find_parked(&parse(&id)?, sees(&caller), caller.act()).await;
    parked.map(|parked| Json(Parked::from(&parked))).map_err(|error| problem::act(&error))
}

pub(super) async fn retry<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Parked>), Problem> {
    let parked = desk.retry_parked(&parse(&id)?, sees(&caller), caller.act()).await;
    let parked = parked.map_err(|error| problem::act(&error))?;
    caller.invocation.touched(&parked.id);
    Ok((StatusCode::ACCEPTED, Json(Parked::from(&parked))))
}

/// Named by its route; not to be taken for the drop of a value.
pub(super) async fn drop_it<D: Desk>(
    State(desk): State<D>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Parked>, Problem> {
    let (id, asked) = (parse(&id)?, body::drop_parked(&body)?);
    let parked = desk.drop_parked(&id, &asked.reason, sees(&caller), caller.act()).await;
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
