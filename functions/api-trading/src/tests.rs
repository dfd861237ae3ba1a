//! Routes over rows in memory.

mod bodies;
mod bots;
mod by_hand;
mod door;
mod exits;
mod groups;
mod halts;
mod ladders;
mod lineage;
mod orders;
mod others;
mod parked;
mod portfolio;
mod presets;
mod reconciliation;
mod recovery;
mod refusals;
mod risk;
mod rows;
mod trades;

use super::*;
use app::ports::Queue;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use domain::clock::{Millis, Timestamp};
use domain::group::Position;
use domain::ids::UserId;
use domain::order::{Purpose, Status};
use lambda::Invocation;
use rows::{account, eve, group_id, manager, position, user};
use serde_json::{Value, json};
use testkit::examples;
use testkit::world::{DEPLOYMENT, World};
use tower::ServiceExt;

const AT: Timestamp = Timestamp::from_millis(1_763_628_660_000);
/// A program's, of the user.
const TOKEN: &str = "mq_token";
/// The user's who has logged in.
const PERSON: &str = "mq_person";
/// An API key of the owner of the deployment.
const KEEPER: &str = "mq_keeper";
/// May look and not act.
const LOOKING: &str = "mq_looking";
/// Somebody else, who may look at everybody's trading, and trade for themselves.
const MANAGER: &str = "mq_manager";

const OWN: [&str; 2] = ["trading:read", "trading:write"];

/// A user with a halted account on paper, and one position: 1 BTC bought at 100 with a fee of 0.1, last seen at 103, and on its
/// way out. They keep a preset and a bot, which runs; something was left to them, and to the deployment.
fn api() -> Api {
    api_with(&[position()])
}

/// The same with other positions.
fn api_with(positions: &[Position]) -> Api {
    let world = World::calm_at(AT);
    let [read, write] = OWN;
    world.let_in(TOKEN, &user(), &OWN);
    world.let_in(KEEPER, &user(), &[read, write, "system"]);
    world.let_in(LOOKING, &user(), &[read]);
    world.let_in(MANAGER, &manager(), &[read, write, "trading:read-all"]);
    rows::put_account(&world, account(), positions);
    rows::put_delivery(&world);
    rows::put_parked(&world);
    presets::put_grid(&world);
    bots::put_bot(&world, &bots::bot(), &bots::run());
    Api::new(world.clone(), world, DEPLOYMENT)
}

/// Something done to the rows before a request, or between two.
fn done<T: 'static, F>(world: &World, work: impl FnOnce(World) -> F) -> T
where
    F: Future<Output = T> + 'static,
{
    let done = world.sim().block_on("done", work(world.clone()));
    assert_eq!(world.sim().violations(), Vec::<String>::new());
    done
}

/// The answer to the user's API key.
fn get(api: &Api, path: &str) -> (u16, HeaderMap, Value) {
    ask(api, "GET", path, "", TOKEN)
}

/// The answer to this token; without a token if it is empty.
fn ask(api: &Api, method: &str, path: &str, body: &str, token: &str) -> (u16, HeaderMap, Value) {
    ask_with(api, method, path, body, token, &[])
}

/// The same with headers of its own.
fn ask_with(
    api: &Api,
    method: &str,
    path: &str,
    body: &str,
    token: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap, Value) {
    let (status, headers, text) = ask_for(api, (method, path, body), token, headers);
    (status, headers, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

/// Whatever kind the answer is of.
fn ask_for(
    api: &Api,
    (method, path, body): (&str, &str, &str),
    token: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap, String) {
    let bearer = format!("Bearer {}", if token == PERSON { person(api) } else { token.to_owned() });
    let authorization = ("authorization", bearer.as_str());
    let headers: Vec<_> = [authorization].into_iter().filter(|_| !token.is_empty()).chain(headers.to_vec()).collect();
    send(api, AT, (method, path, body), &headers)
}

/// A request of that moment with these headers and no others.
fn send(
    api: &Api,
    now: Timestamp,
    (method, path, body): (&str, &str, &str),
    headers: &[(&str, &str)],
) -> (u16, HeaderMap, String) {
    let invocation = Invocation::begin("test", now, now.plus(Millis::seconds(20))).unwrap();
    let request = Request::builder().method(method).uri(path).extension(invocation);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let (request, router) = (request.body(Body::from(body.to_owned())).unwrap(), router(api.clone()));
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    done(&api.store, |_| async move {
        let (parts, body) = lambda::edge::prepare(router).oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        examples::keep(&method, &path, parts.status.as_u16(), &body);
        (parts.status.as_u16(), parts.headers, String::from_utf8(body).unwrap())
    })
}

/// Takes the next message off a queue.
fn woken(api: &Api, queue: Queue) -> Option<String> {
    let (now, mut queues) = (api.store.sim().now(), api.store.queues());
    let received = queues.of(queue).receive(now, |_| 0)?;
    queues.of(queue).delete(&received.receipt);
    Some(received.body)
}

fn person(api: &Api) -> String {
    api.store.log_in(&user(), &OWN)
}

/// As the API tells what it does not do.
fn told((status, _, problem): (u16, HeaderMap, Value)) -> (u16, String, Value) {
    (status, problem["code"].as_str().unwrap_or_default().to_owned(), problem["field"].clone())
}

fn refused(status: u16, code: &str) -> (u16, String, Value) {
    (status, code.to_owned(), Value::Null)
}

fn wrong(field: &str) -> (u16, String, Value) {
    (422, "invalid_field".to_owned(), json!(field))
}
