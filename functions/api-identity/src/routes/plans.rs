//! `/user-plans` and `/usage`.

use super::run;
use crate::Api;
use crate::problem;
use app::identity::{self, Give};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::ETAG;
use axum::http::{HeaderName, StatusCode};
use domain::identity::{Permission, PlanName, RouteClass, User};
use domain::ids::UserId;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;
use lambda::page::{Asked, Listed};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use wire::member::Written;
use wire::view::{self, ChangeUserPlan, List, NewUserPlan, RequestsCounted, Usage, UserPlan};

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.under("/api/v1/user-plans", user_plans).under("/api/v1/usage", |table| {
        table.about("usage", "Usage of a plan's limits.").get("", usage, |of| {
            of.says("getUsage", "Get the usage of your plan; any user's as an admin")
                .any_token()
                .query("user_id", &json!({"type": "string"}), "whose; one's own where it is left out")
                .answers::<Usage>(200)
                .refuses(404, &["not_found"])
        })
    })
}

fn user_plans<T: Table<Api>>(table: T) -> T {
    let table = table.about("user plans", "Plans of users; a user who is not listed has `default`.");
    let given = |of: Operation<T::Hearer>| {
        let of = of.needs(Permission::USERS).refuses(403, &["permission_not_yours"]);
        of.refuses(409, &["oneself", "plan_inactive"]).refuses(503, &["unavailable", "unfinished"])
    };
    let table = table.get("", list, |of| {
        of.says("listUserPlans", "List users who have a plan; a page may be short")
            .needs(Permission::USERS)
            .page::<UserPlan>()
    });
    let table = table.post("", make, |of| {
        given(
            of.repeatable()
                .says("createUserPlan", "Assign a plan to a user who has none; it applies before this answers"),
        )
        .body::<NewUserPlan>(&json!({"user_id": "usr_aaaaaaaaaaaaaaaaaaaaaaaaaa", "plan": "small"}))
        .answers::<UserPlan>(201)
        .tagged()
        .refuses(400, &["DUPLICATE_USER_PLAN"])
        .refuses(404, &["not_found"])
    });
    let table = table.get("/{id}", show, |of| {
        of.says("getUserPlan", "Get a user's plan")
            .needs(Permission::USERS)
            .of("user")
            .answers::<UserPlan>(200)
            .tagged()
    });
    let change = |of: Operation<T::Hearer>| {
        given(of.says("updateUserPlan", "Assign another plan to a user"))
            .of("user")
            .body::<ChangeUserPlan>(&json!({"plan": "small"}))
            .answers::<UserPlan>(200)
            .tagged()
            .matched()
    };
    let table = table.put("/{id}", change_it, change).patch("/{id}", change_it, change);
    table.delete("/{id}", remove, |of| {
        given(of.says("deleteUserPlan", "Remove a user's plan; `default` applies again"))
            .of("user")
            .answers_nothing()
            .matched()
    })
}

type Shown = ([(HeaderName, String); 1], Json<UserPlan>);

async fn list(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<List<UserPlan>>, Problem> {
    let list = Listed { name: "user-plans", user: &caller.session.user };
    let page = identity::planned(&api.store, &asked.page(list)?).await.map_err(problem::of)?;
    Ok(Json(asked.answer(list, page, |user| Ok(UserPlan::from(user)))?))
}

async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    Ok(shown(&identity::find(&api.store, &caller.session, &parse(&id)?).await.map_err(problem::of)?))
}

async fn make(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<(StatusCode, Shown), Problem> {
    let NewUserPlan { user_id: Written(user), plan: Written(plan) } = body::read(&body)?;
    let made =
        identity::give_plan(&api.store, &caller.session, &user, (&plan, Give::First), None, run(&caller.invocation))
            .await;
    let user = made.map_err(problem::of)?;
    caller.invocation.touched(&user.id);
    caller.invocation.outcome("plan given");
    Ok((StatusCode::CREATED, shown(&user)))
}

async fn change_it(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let ChangeUserPlan { plan: Written(plan) } = body::read(&body)?;
    let changed = identity::give_plan(
        &api.store,
        &caller.session,
        &parse(&id)?,
        (&plan, Give::Other),
        seen.0,
        run(&caller.invocation),
    )
    .await;
    let user = changed.map_err(problem::of)?;
    caller.invocation.touched(&user.id);
    caller.invocation.outcome("plan given");
    Ok(shown(&user))
}

async fn remove(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (user, none) = (parse(&id)?, PlanName::default());
    let gone =
        identity::give_plan(&api.store, &caller.session, &user, (&none, Give::None), seen.0, run(&caller.invocation))
            .await;
    gone.map_err(problem::of)?;
    caller.invocation.touched(&user);
    caller.invocation.outcome("plan taken away");
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Whose {
    user_id: Option<String>,
}

async fn usage(State(api): State<Api>, caller: Caller, Query(whose): Query<Whose>) -> Result<Json<Usage>, Problem> {
    let user = whose.user_id.map_or_else(|| Ok(caller.session.user.clone()), |id| parse(&id))?;
    let used = identity::usage(&api.store, &caller.session, &user).await.map_err(problem::of)?;
    Ok(Json(Usage {
        user_id: used.user.to_string(),
        plan: used.plan.to_string(),
        limits: used.limits.into(),
        positions: used.positions,
        bots: used.bots,
        ai_calls_this_month: 0,
        requests_max: used.rates.iter().map(|(class, most)| (class.to_string(), *most)).collect(),
        requests: (used.user == caller.session.user).then(|| counted(&caller)),
    }))
}

/// Of the session that asks, as the guard has just read it.
fn counted(caller: &Caller) -> BTreeMap<String, RequestsCounted> {
    let now = caller.invocation.now();
    let of = |class: RouteClass| {
        let until = view::time(now.plus(class.left_at(now)));
        (class.to_string(), RequestsCounted { used: caller.session.counted.at(class, now), until })
    };
    RouteClass::ALL.into_iter().map(of).collect()
}

fn shown(user: &User) -> Shown {
    ([(ETAG, format!("\"{}\"", user.version))], Json(UserPlan::from(user)))
}

/// What can be no id is not there, as an unknown one is not.
fn parse(id: &str) -> Result<UserId, Problem> {
    UserId::parse(id).map_err(|_| Problem::not_found("user"))
}
