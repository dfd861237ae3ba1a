//! `/permissions`, `/roles` and `/plans`.

mod kinds;

use super::run;
use crate::Api;
use crate::problem;
use app::identity;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::http::{HeaderName, StatusCode};
use domain::identity::{Permission, PermissionDefinition, PlanDefinition, RoleDefinition};
use kinds::Written;
use lambda::api::{Operation, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;
use lambda::page::{Asked, Listed};
use wire::view::List;

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table
        .under("/api/v1/permissions", |table| {
            let table = table.about("permissions", "Permissions that roles may carry, each `resource:action`.");
            of_kind::<PermissionDefinition, T>(table)
        })
        .under("/api/v1/roles", |table| {
            of_kind::<RoleDefinition, T>(table.about("roles", "Roles and the permissions that they carry."))
        })
        .under("/api/v1/plans", |table| {
            let table = table.about("plans", "Limits of users, beside the permissions of their roles.");
            of_kind::<PlanDefinition, T>(table)
        })
}

fn of_kind<W: Written, T: Table<Api>>(table: T) -> T {
    let [all, one, new, other, none] = W::SAYS;
    let says = |of: Operation<T::Hearer>, (name, summary): (&'static str, &'static str)| of.says(name, summary);
    let asked = |of: Operation<T::Hearer>| of.needs(Permission::USERS);
    let named = move |of: Operation<T::Hearer>| asked(of).path_pattern(W::PATTERN).refuses(404, &["not_found"]);
    let mine = |of: Operation<T::Hearer>| of.refuses(403, &["permission_not_yours"]);
    let table = table.get("", list::<W>, |of| W::list(asked(says(of, all))));
    let table = table.post("", make::<W>, |of| {
        let of = W::shown(W::new_body(mine(asked(says(of, new)))), 201);
        of.refuses(400, &[W::KIND.duplicate()]).refuses(409, &[W::KIND.too_many()])
    });
    let table = table.get("/{name}", show::<W>, |of| W::shown(named(says(of, one)), 200));
    let change = |of: Operation<T::Hearer>| {
        let of = W::shown(W::change_body(mine(named(says(of, other)))), 200).matched().merging();
        of.refuses(409, &["built_in", "oneself"]).refuses(503, &["unavailable", "unfinished"])
    };
    let table = table.put("/{name}", change_it::<W>, change).patch("/{name}", change_it::<W>, change);
    table.delete("/{name}", remove::<W>, |of| {
        let of = mine(named(says(of, none))).answers_nothing().matched();
        of.refuses(409, &["built_in", "in_use", "oneself"])
    })
}

type Shown<W> = ([(HeaderName, String); 1], Json<<W as Written>::View>);

/// Those that are built in stand first, in the order that they have.
async fn list<W: Written>(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
) -> Result<Json<List<W::View>>, Problem> {
    let list = Listed { name: W::KIND.as_str(), user: &caller.session.user };
    let all = identity::definitions::<W, _>(&api.store).await.map_err(problem::of)?;
    let place = |(number, of): &(usize, W)| {
        if of.is_built_in() { format!("0 {number:04}") } else { format!("1 {}", of.name()) }
    };
    asked.part(list, all.into_iter().enumerate().collect(), place, |(_, of)| Ok(of.view())).map(Json)
}

async fn show<W: Written>(State(api): State<Api>, _: Caller, Path(name): Path<String>) -> Result<Shown<W>, Problem> {
    let found = identity::definition::<W, _>(&api.store, &parse::<W>(&name)?).await.map_err(problem::of)?;
    Ok(shown(&found))
}

async fn make<W: Written>(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Shown<W>), Problem> {
    let made = identity::define(&api.store, &caller.session, W::made(&body)?, run(&caller.invocation))
        .await
        .map_err(problem::of)?;
    caller.invocation.outcome("defined");
    Ok((StatusCode::CREATED, shown::<W>(&made)))
}

async fn change_it<W: Written>(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Shown<W>, Problem> {
    let (name, change) = (parse::<W>(&name)?, W::changed(&body)?);
    let changed = identity::redefine(&api.store, &caller.session, &name, change, seen.0, run(&caller.invocation)).await;
    let changed = changed.map_err(problem::of)?;
    caller.invocation.outcome("redefined");
    Ok(shown::<W>(&changed))
}

async fn remove<W: Written>(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let removed =
        identity::undefine::<W, _>(&api.store, &caller.session, &parse::<W>(&name)?, seen.0, run(&caller.invocation))
            .await;
    removed.map_err(problem::of)?;
    caller.invocation.outcome("undefined");
    Ok(StatusCode::NO_CONTENT)
}

fn shown<W: Written>(of: &W) -> Shown<W> {
    ([(ETAG, format!("\"{}\"", of.version()))], Json(of.view()))
}

/// What can be no name is not there, as an unknown one is not.
fn parse<W: Written>(name: &str) -> Result<W::Name, Problem> {
    name.parse().map_err(|_| Problem::not_found(W::KIND.as_str()))
}
