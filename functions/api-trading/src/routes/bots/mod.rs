//! `/bots`, and what `003` calls `/bot`.

mod runs;
mod spelled;

pub(super) use spelled::routes as spelled;

use crate::guard::Caller;
use crate::matched::{Seen, Tag, tag};
use crate::page::{Asked, Listed, oldest_first};
use crate::whose::Looker;
use crate::{Api, problem};
use app::bots::{self, Permit};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::bot::{self, Strategies as _};
use domain::identity::Permission;
use domain::ids::BotId;
use domain::limits::BOTS_PER_USER_MAX;
use lambda::api::{Hearer, Operation, Table};
use lambda::edge::Problem;
use serde_json::{Value, json};
use strategies::{Registry, Rules};
use wire::bot as asked;
use wire::view::{Bot, BotRun, ChangeBot, List, NewBot};

const TOPIC: &str =
    "A bot runs a strategy on the closed candles of one series. Its signals go through the same checks as alerts.";
const IN_PERSON: &str =
    "If the account is not on paper, only a logged-in user can do this: an API key is answered 403.";
const RULED: &str = "In the place of `strategy` there may be `rules`, as `/strategies/list` describes those of `RULES`; a number or a word in them \
    is replaced by its path in `parameters`. What is wrong with them is named by its path: `rules.entry.all[1].left.period`.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("bots", TOPIC);
    let table = table.get("/bots", list, |of| {
        let of = of.says("listBots", "List your bots, oldest first").needs(Permission::READ).of_others();
        of.page::<Bot>().at_most(BOTS_PER_USER_MAX)
    });
    let table = table.post("/bots", create, |of| {
        of.says("createBot", "Create a bot; it does not run yet")
            .needs(Permission::WRITE)
            .details(RULED)
            .body_shown_as::<NewBot>(&example())
            .with_schemas(Rules::documented_parts())
            .answers::<Bot>(201)
            .tagged()
            .refuses(409, &["too_many_bots"])
    });
    let table = table.get("/bots/{id}", show, |of| {
        of.says("getBot", "Get a bot").needs(Permission::READ).of("bot").of_others().answers::<Bot>(200).tagged()
    });
    let table = table.patch("/bots/{id}", change, |of| {
        of.says("updateBot", "Update a bot; a run keeps the terms it started with")
            .details(IN_PERSON)
            .needs(Permission::WRITE)
            .of("bot")
            .body_shown_as::<ChangeBot>(&json!({"parameters": {"period": "21"}}))
            .answers::<Bot>(200)
            .tagged()
            .matched()
    });
    let table = table.delete("/bots/{id}", delete, |of| {
        let of = of.says("deleteBot", "Delete a stopped bot; its runs and their logs stay").needs(Permission::WRITE);
        of.of("bot").answers_nothing().matched().refuses(409, &["bot_runs"])
    });
    let table = table.post("/bots/{id}/start", start, |of| {
        let of =
            of.says("startBot", "Start a bot: it decides on each candle that closes from now on").details(IN_PERSON);
        starting(of.needs(Permission::WRITE).of("bot"))
    });
    runs::routes(table)
}

/// What a start answers, by whatever path.
fn starting<H: Hearer>(of: Operation<H>) -> Operation<H> {
    of.answers::<BotRun>(201)
        .refuses(409, &["account_gone", "bot_runs", "plan_limit", "series_full", "series_taken", "strategy_off"])
}

fn example() -> Value {
    json!({
        "name": "btc-hourly", "account": "acc_aaaaaaaaaaaaaaaaaaaaaaaaaa", "symbol": "BTC/USDT", "timeframe": "1h",
        "strategy": "RSI_CROSS", "parameters": {"period": "14"},
        "plan": {"base_order": {"quote": "50"}, "stop_loss_percent": "5", "cooldown_minutes": "60"},
    })
}

type Shown = (StatusCode, Tag, Json<Bot>);

async fn list(State(api): State<Api>, Looker { owner, .. }: Looker, asked: Asked) -> Result<Json<List<Bot>>, Problem> {
    listed(&api, &owner, &asked).await
}

async fn listed(api: &Api, owner: &domain::ids::UserId, asked: &Asked) -> Result<Json<List<Bot>>, Problem> {
    let bots = bots::list(&api.store, owner).await.map_err(|error| problem::store(&error))?;
    let place = |bot: &bot::Bot| oldest_first(bot.created_at, bot.id.as_str());
    asked.part(Listed { name: "bots", user: owner }, bots, place, view).map(Json)
}

async fn create(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let wanted = asked::Asked::read(&text(&body)).map_err(|wrong| problem::body(&wrong))?;
    let bot = bots::create(&api.store, &Registry, wanted, caller.act()).await.map_err(|error| problem::bot(&error))?;
    caller.invocation.touched(&bot.id);
    caller.invocation.outcome("bot created");
    shown(StatusCode::CREATED, &bot)
}

async fn show(State(api): State<Api>, Looker { owner, .. }: Looker, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(StatusCode::OK, &bots::find(&api.store, &owner, &parse(&id)?).await.map_err(|error| problem::bot(&error))?)
}

async fn change(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let wanted = asked::Asked::read(&text(&body)).map_err(|wrong| problem::body(&wrong))?;
    let changed = bots::change(&api.store, &Registry, &parse(&id)?, &wanted, seen.0, caller.act()).await;
    let bot = changed.map_err(|error| problem::bot(&error))?;
    caller.invocation.touched(&bot.id);
    caller.invocation.outcome("bot changed");
    shown(StatusCode::OK, &bot)
}

async fn delete(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = parse(&id)?;
    bots::delete(&api.store, &id, seen.0, caller.act()).await.map_err(|error| problem::bot(&error))?;
    caller.invocation.touched(&id);
    caller.invocation.outcome("bot deleted");
    Ok(StatusCode::NO_CONTENT)
}

async fn start(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<BotRun>), Problem> {
    started(&api, &caller, asked::Starts::Kept(parse(&id)?)).await
}

async fn started(api: &Api, caller: &Caller, what: asked::Starts) -> Result<(StatusCode, Json<BotRun>), Problem> {
    let act = caller.act();
    let permit = Permit { most: caller.session.limits.bots, login: caller.session.login.as_ref() };
    let run = match what {
        asked::Starts::Kept(id) => bots::start(&api.store, &Registry, &id, permit, act).await,
        asked::Starts::New(wanted) => bots::launch(&api.store, &Registry, *wanted, permit, act).await,
    };
    let run = run.map_err(|error| problem::bot(&error))?;
    caller.invocation.touched(&run.bot);
    caller.invocation.touched(&run.id);
    caller.invocation.outcome("bot started");
    Ok((StatusCode::CREATED, runs::shown(&run, act.now)?))
}

fn shown(status: StatusCode, bot: &bot::Bot) -> Result<Shown, Problem> {
    Ok((status, tag(bot.version), Json(view(bot)?)))
}

pub(crate) fn view(bot: &bot::Bot) -> Result<Bot, Problem> {
    Bot::of(bot, in_words(&bot.terms)).map_err(|error| problem::unshown(&error))
}

/// What its strategy does; a run stays to be seen where that is no more.
fn in_words(terms: &bot::Terms) -> Vec<String> {
    Registry.explain(&terms.strategy).unwrap_or_default()
}

/// What can be no id is not there, as an unknown one is not.
fn parse(id: &str) -> Result<BotId, Problem> {
    BotId::parse(id).map_err(|_| Problem::not_found("bot"))
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}
