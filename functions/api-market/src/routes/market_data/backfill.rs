//! `/market-data/backfill`: older candles that somebody asks for.

use super::asked::{self, Asked, DATES};
use super::named;
use crate::{Api, problem};
use app::backfills::{self, Wanted};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use domain::clock::Millis;
use domain::identity::Permission;
use domain::ids::BackfillId;
use domain::limits::{BACKFILL_CANDLES_MAX, BACKFILL_KEPT};
use domain::series::Backfill;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::newest_first;
use lambda::page::{self, Listed};
use lambda::range::{self, Range};
use wire::view::{self, List};

const WHAT: &str = "A worker fetches them from the exchange, newest first, and starts within a minute: follow its progress at \
                    `Location`. If the period ends before the oldest stored candle, it is extended up to that candle. If you send the \
                    same again while it runs, you get the same backfill.";

/// What has an exchange asked: few of those a minute.
pub(in crate::routes) fn ingested<T: Table<Api>>(table: T) -> T {
    table.post("/backfill", start, |of| {
        let most = format!("up to the last that closes then or earlier; at most {BACKFILL_CANDLES_MAX} candles");
        let of = named(
            of.says("createBackfill", "Create a backfill: fetch older candles")
                .details(WHAT)
                .needs(Permission::RESEARCH),
        );
        let of = range::query(of, "required; from the first that opens then or later", &most);
        range::also(of, DATES)
            .answers::<view::Backfill>(202)
            .refuses(404, &["unknown_market"])
            .refuses(409, &["too_many_backfills", "contended"])
    })
}

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table
        .get("/backfill", list, |of| {
            let days = BACKFILL_KEPT.get().div_euclid(Millis::DAY.get());
            let of = of
                .says("listBackfills", "List your backfills, newest first")
                .details(format!("For {days} days after their end."));
            of.needs(Permission::READ).page::<view::Backfill>()
        })
        .get("/backfill/{id}", show, |of| {
            of.says("getBackfill", "Get a backfill's progress")
                .needs(Permission::READ)
                .of("backfill")
                .answers::<view::Backfill>(200)
        })
        .delete("/backfill/{id}", call_off, |of| {
            let of = of
                .says("cancelBackfill", "Cancel a backfill")
                .details("Candles that are stored by then stay. A backfill that has ended stays unchanged.");
            of.needs(Permission::RESEARCH).of("backfill").answers::<view::Backfill>(200).refuses(409, &["contended"])
        })
}

type Begun = (StatusCode, [(axum::http::HeaderName, String); 1], Json<view::Backfill>);

async fn start(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Begun, Problem> {
    let now = caller.invocation.now();
    let Range { since, until, names: [first, last] } = asked.range(DATES)?;
    let since = since.ok_or_else(|| asked::left_out(first))?;
    let until = until.unwrap_or(now);
    if since >= until {
        return Err(Problem::field(first, format!("{first} must be in the past if {last} is missing")));
    }
    let wanted = Wanted { series: asked.series()?, since, until };
    let (user, attempt) = (&caller.session.user, caller.invocation.attempt());
    let begun = backfills::start(&api.store, wanted, user, attempt, now).await.map_err(problem::backfill)?;
    let at = format!("/api/v1/market-data/backfill/{}", begun.id);
    Ok((StatusCode::ACCEPTED, [(LOCATION, at)], Json(view::Backfill::of(&begun))))
}

async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: page::Asked,
) -> Result<Json<List<view::Backfill>>, Problem> {
    let kept = backfills::list(&api.store, &caller.session.user).await.map_err(problem::backfill)?;
    let of = Listed { name: "backfills", user: &caller.session.user };
    let place = |backfill: &Backfill| newest_first(backfill.created_at, backfill.id.as_str());
    asked.part(of, kept, place, |backfill| Ok(shown(backfill))).map(Json)
}

async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Json<view::Backfill>, Problem> {
    let found = backfills::find(&api.store, &caller.session.user, &parse(&id)?).await.map_err(problem::backfill)?;
    Ok(Json(shown(&found)))
}

async fn call_off(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<view::Backfill>, Problem> {
    let (user, now) = (&caller.session.user, caller.invocation.now());
    let ended = backfills::cancel(&api.store, user, &parse(&id)?, now).await.map_err(problem::backfill)?;
    Ok(Json(shown(&ended)))
}

fn shown(backfill: &Backfill) -> view::Backfill {
    view::Backfill::of(backfill)
}

fn parse(id: &str) -> Result<BackfillId, Problem> {
    BackfillId::parse(id).map_err(|_| problem::backfill(backfills::BackfillError::NoBackfill))
}
