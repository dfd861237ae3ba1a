//! `/permissions`, `/roles` and `/plans`.

use super::Definers;
use super::kinds::Written;
use crate::problem;
use crate::routes::{accompanied, note, run};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::http::{HeaderName, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::{Json, Router};
use domain::identity::{Permission, PermissionDefinition, PlanDefinition, RoleDefinition};
use lambda::api::{Operation, Served, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;
use lambda::noted::Notes;
use lambda::page::{Asked, Listed};
use wire::view::List;

pub fn router<D: Definers + Notes>(desk: D) -> Router {
    let (calls, noted) = (desk.clone(), from_fn_with_state(desk.clone(), note::<D>));
    accompanied(Served::router(table::<D, _>).layer(noted), move || calls.calls()).with_state(desk)
}

/// What callers may ask for.
pub fn table<D: Definers, T: Table<D>>(table: T) -> T {
    table
        .under("/api/v1/permissions", |table| {
            let table = table.about("permissions", "What roles may carry, each `resource:action`.");
            of_kind::<PermissionDefinition, D, T>(table)
        })
        .under("/api/v1/roles", |table| {
            of_kind::<RoleDefinition, D, T>(table.about("roles", "What people may do, by the name of their role."))
        })
        .under("/api/v1/plans", |table| {
            let table = table.about("plans", "What people are limited to, beside what their roles permit.");
            of_kind::<PlanDefinition, D, T>(table)
        })
}

fn of_kind<W: Written, D: Definers, T: Table<D>>(table: T) -> T {
    let [all, one, new, other, none] = W::SAYS;
    let asked = |of: Operation<T::Hearer>| of.needs(Permission::USERS);
    let named = move |of: Operation<T::Hearer>| asked(of).path_pattern(W::PATTERN).refuses(404, &["not_found"]);
    let mine = |of: Operation<T::Hearer>| of.refuses(403, &["permission_not_yours"]);
    let table = table.get("", list::<W, D>, |of| W::list(asked(of.says(all))));
    let table = table.post("", make::<W, D>, |of| {
        let of = W::shown(W::new_body(mine(asked(of.says(new)))), 201);
        of.refuses(400, &[W::KIND.duplicate()]).refuses(409, &[W::KIND.too_many()])
    });
    let table = table.get("/{name}", show::<W, D>, |of| W::shown(named(of.says(one)), 200));
    let change = |of: Operation<T::Hearer>| {
        let of = W::shown(W::change_body(mine(named(of.says(other)))), 200).matched();
        of.refuses(409, &["built_in", "oneself"]).refuses(503, &["unavailable", "unfinished"])
    };
    let table = table.put("/{name}", change_it::<W, D>, change).patch("/{name}", change_it::<W, D>, change);
    table.delete("/{name}", remove::<W, D>, |of| {
        let of = mine(named(of.says(none))).answers_nothing().matched();
        of.refuses(409, &["built_in", "in_use", "oneself"])
    })
}

type Shown<W> = ([(HeaderName, String); 1], Json<<W as Written>::View>);

/// Those that are built in stand first, in the order that they have.
async fn list<W: Written, D: Definers>(
    State(desk): State<D>,
    caller: Caller,
    asked: Asked,
) -> Result<Json<List<W::View>>, Problem> {
    let list = Listed { name: W::KIND.as_str(), user: &caller.session.user };
    let all = desk.all::<W>().await.map_err(problem::of)?;
    let place = |(number, of): &(usize, W)| {
        if of.is_built_in() { format!("0 {number:04}") } else { format!("1 {}", of.name()) }
    };
    asked.part(list, all.into_iter().enumerate().collect(), place, |(_, of)| Ok(of.view())).map(Json)
}

async fn show<W: Written, D: Definers>(
    State(desk): State<D>,
    _: Caller,
    Path(name): Path<String>,
) -> Result<Shown<W>, Problem> {
    let found = desk.one::<W>(&parse::<W>(&name)?).await.map_err(problem::of)?;
    Ok(shown(&found))
}

async fn make<W: Written, D: Definers>(
    State(desk): State<D>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Shown<W>), Problem> {
    let made = desk.define(&caller.session, W::made(&body)?, run(&caller.invocation)).await.map_err(problem::of)?;
    caller.invocation.outcome("defined");
    Ok((StatusCode::CREATED, shown::<W>(&made)))
}

async fn change_it<W: Written, D: Definers>(
    State(desk): State<D>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Shown<W>, Problem> {
    let (name, change) = (parse::<W>(&name)?, W::changed(&body)?);
    let changed = desk.redefine(&caller.session, &name, change, seen.0, run(&caller.invocation)).await;
    let changed = changed.map_err(problem::of)?;
    caller.invocation.outcome("redefined");
    Ok(shown::<W>(&changed))
}

async fn remove<W: Written, D: Definers>(
    State(desk): State<D>,
    caller: Caller,
    seen: Seen,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let removed = desk.undefine::<W>(&caller.session, &parse::<W>(&name)?, seen.0, run(&caller.invocation)).await;
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
