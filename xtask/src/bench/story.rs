//! One alert through all functions, once, against an emulator's tables: each leaves its event and the answers it got.
//!
//! It is recorded anew in every run, by the binaries that are measured, so that it is never older than the code; and
//! each function is measured right after its scene, since what it does with old rows goes by the clock.

use aws::{Aws, Config, Patience, Place as Named, Secret, Seed};
use axum::body::Bytes;
use domain::clock::Timestamp;
use domain::identity::{PasswordHash, Role};
use domain::ids::UserId;
use serde_json::Value;
use tokio::runtime::Builder;

use super::cloud::{Call, Cloud};
use super::sandbox::{Kit, Sandbox};
use super::servers::Servers;
use super::shipped::Shipped;
use super::template::Template;
use super::{events, queue};
use crate::aws_cli::{Aws as Cli, Endpoint};
use crate::emulator::{Emulator, Port};
use crate::failure::{Failure, Result, While};
use crate::person::Person;
use crate::place::{Place, StackFolder};
use crate::process::capture;
use crate::progress::step;
use crate::python::Tools;
use crate::seed;
use crate::stage::now;

pub(crate) const STACK: &str = "bench";
pub(crate) const DEPLOYMENT: &str = "moniqo";
pub(crate) const WEBHOOK_TOKEN: &str = "whk_bench";
const SESSION_TOKEN: &str = "mqs_bench";

/// What a function was given, what it was answered, and what it answered itself.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) event: Bytes,
    pub(crate) calls: Vec<Call>,
    pub(crate) answer: Bytes,
    /// Its log.
    said: String,
}

pub(crate) fn user() -> UserId {
    UserId::of(&["bench"])
}

pub(crate) fn webhook_path(secret: &str) -> String {
    format!("/api/webhook/{}/{secret}", user())
}

/// Hands each function's scene to `measure`.
pub(crate) fn play(crew: &Crew<'_>, measure: impl FnMut(&'static str, &Scene) -> Result<()>) -> Result<()> {
    on_stage(crew, |_, emulator| Stage { crew, emulator, measure }.play())
}

/// The webhook's scene alone.
pub(crate) fn play_first(crew: &Crew<'_>, measure: impl FnMut(&'static str, &Scene) -> Result<()>) -> Result<()> {
    on_stage(crew, |_, emulator| Stage { crew, emulator, measure }.receive().map(drop))
}

/// With a fresh deployment's tables, and what stands in for exchanges. Ends the emulator whatever happens.
pub(crate) fn on_stage(crew: &Crew<'_>, act: impl FnOnce(&StackFolder, Endpoint) -> Result<()>) -> Result<()> {
    let folder = crew.place.stack(STACK)?;
    if let Some(forgotten) = Emulator::find(crew.place, &folder) {
        forgotten.stop()?;
    }
    folder.forget()?;
    let folder = crew.place.stack(STACK)?;
    let emulator = Emulator::start(crew.place, crew.tools, &folder, Port::Free)?;
    let played = prepare(crew, &folder, &emulator.endpoint()).and_then(|()| act(&folder, emulator.endpoint()));
    let stopped = emulator.stop();
    played.and(stopped)
}

/// The template's tables, and in them what a fresh deployment holds.
fn prepare(crew: &Crew<'_>, folder: &StackFolder, endpoint: &Endpoint) -> Result<()> {
    let making = step("Making the tables");
    let described = folder.file("tables.json");
    crew.template.write_tables(&described)?;
    let body = format!("file://{}", described.display());
    let words = ["cloudformation", "create-stack", "--stack-name", DEPLOYMENT, "--template-body", &body];
    let cli = Cli { tools: crew.tools, endpoint };
    capture(&mut cli.command(words))?;
    capture(&mut cli.command(["cloudformation", "wait", "stack-create-complete", "--stack-name", DEPLOYMENT]))?;
    let series = std::fs::read_to_string(crew.place.prices()).while_doing("reading the recorded prices")?;
    let at = now();
    let seed = Seed {
        user: user(),
        webhook_token: Secret(WEBHOOK_TOKEN.to_owned()),
        session_token: Secret(SESSION_TOKEN.to_owned()),
        // As slow as it was recorded: the price stands still while we measure.
        replay: seed::replay(&series, 1, at)?,
        at,
    };
    let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
    let seeding = async {
        let aws = tables(endpoint).await;
        aws::seed(&aws, &seed).await.while_doing("seeding")?;
        make_person(&aws, at).await
    };
    runtime.block_on(seeding)?;
    making.done("");
    Ok(())
}

/// The tables, as tools use them.
pub(crate) async fn tables(endpoint: &Endpoint) -> Aws {
    let named = [Named::Trading, Named::Vault, Named::Market, Named::Identity].into_iter();
    let config = named
        .zip(["trading", "vault", "market", "identity"])
        .fold(Config::new(Patience::DESK), |config, (table, name)| config.with(table, format!("{DEPLOYMENT}-{name}")));
    Aws::connect_to(endpoint.for_sdk(), config, now).await
}

/// Whose the token is.
async fn make_person(aws: &Aws, at: Timestamp) -> Result<()> {
    let person = Person {
        id: user(),
        email: "bench@example.com".parse().while_doing("making an address")?,
        username: "bench".parse().while_doing("making a name")?,
        password: PasswordHash::nobodys(),
        role: Role::Trader,
        reason: "a bench",
    };
    person.make(aws, at).await.while_doing("making a person").map(drop)
}

struct Stage<'a, M> {
    crew: &'a Crew<'a>,
    emulator: Endpoint,
    measure: M,
}

impl<M: FnMut(&'static str, &Scene) -> Result<()>> Stage<'_, M> {
    fn play(mut self) -> Result<()> {
        let webhook = self.receive()?;
        let signal = self.scene("signal-worker", sent(&webhook, "moniqo-signals.fifo")?)?;
        self.scene("order-executor", sent(&signal, "moniqo-orders.fifo")?)?;
        let ticker = self.scene("ticker", events::minute())?;
        self.scene("account-watch", sent(&ticker, "moniqo-ticks")?)?;
        self.scene("key-check", events::check())?;
        self.scene("housekeeping", events::night())?;
        self.scene("ingest", Bytes::from_static(include_bytes!("../../../events/ingest/plan.v1.json")))?;
        self.scene("bot-runner", events::candle())?;
        self.scene("backtest-worker", Bytes::from_static(include_bytes!("../../../events/backtest/begin.v1.json")))?;
        self.scene("risk-assess", Bytes::from_static(include_bytes!("../../../events/risk-assess/hour.v1.json")))?;
        self.scene("whale-watch", Bytes::from_static(include_bytes!("../../../events/whale-watch/minute.v1.json")))?;
        let list = events::http("GET", "/api/v1/position-groups", Some(SESSION_TOKEN), None);
        self.scene("api-trading", list)?;
        let tokens = events::http("GET", "/api/v1/webhook-tokens", Some(SESSION_TOKEN), None);
        self.scene("api-accounts", tokens)?;
        let strategies = events::http("GET", "/api/v1/strategies/list", Some(SESSION_TOKEN), None);
        self.scene("api-market", strategies)?;
        let sources = events::http("GET", "/api/v1/whale-sources", Some(SESSION_TOKEN), None);
        self.scene("api-flows", sources)?;
        let oneself = events::http("GET", "/api/v1/users/me", Some(SESSION_TOKEN), None);
        self.scene("api-identity", oneself).map(drop)
    }

    fn receive(&mut self) -> Result<Scene> {
        let alert = events::alert("recorded");
        self.scene("webhook", events::http("POST", &webhook_path(WEBHOOK_TOKEN), None, Some(&alert)))
    }

    fn scene(&mut self, function: &'static str, event: Bytes) -> Result<Scene> {
        let scene = self.crew.record(&self.emulator, function, event)?;
        (self.measure)(function, &scene).map(|()| scene)
    }
}

/// What all scenes need.
#[derive(Debug)]
pub(crate) struct Crew<'a> {
    pub(crate) place: &'a Place,
    pub(crate) tools: &'a Tools,
    pub(crate) servers: &'a Servers,
    pub(crate) template: &'a Template,
    pub(crate) shipped: &'a [Shipped],
    /// What stands in for exchanges, as functions are told; empty for none.
    pub(crate) venues: String,
}

impl Crew<'_> {
    pub(crate) fn shipped(&self, function: &str) -> Result<&Shipped> {
        let shipped = self.shipped.iter().find(|shipped| shipped.function == function);
        shipped.ok_or_else(|| Failure::new(format!("{function} was not built")))
    }

    /// What is needed to start a function that talks to the cloud at this URL.
    pub(crate) fn kit(&self, function: &str, url: &str) -> Result<Kit<'_>> {
        let shipped = self.shipped(function)?;
        let mut environment = self.template.environment(function, url)?;
        environment.push(("AWS_ENDPOINT_URL".to_owned(), url.to_owned()));
        environment.push(("MONIQO_VENUES".to_owned(), self.venues.clone()));
        let memory = self.template.memory(function)?;
        Ok(Kit { function: shipped.function, binary: &shipped.binary, memory, environment })
    }

    /// Lets a function do this event on the emulator's tables.
    pub(crate) fn record(&self, emulator: &Endpoint, function: &'static str, event: Bytes) -> Result<Scene> {
        let cloud = Cloud::recording(self.servers, &emulator.url)?;
        let kit = self.kit(function, &cloud.url())?;
        let sandbox = Sandbox::start(self.servers, &kit)?;
        let invoked = sandbox.invoke(function, event.clone())?;
        if !events::went_well(&invoked.answer) {
            let answer = String::from_utf8_lossy(&invoked.answer);
            return Err(sandbox.explain(function, &Failure::new(format!("it answered {answer}"))));
        }
        Ok(Scene { event, calls: cloud.take_calls()?, answer: invoked.answer, said: sandbox.said() })
    }
}

/// The first message that this scene has sent to a queue, as the queue hands it over.
pub(crate) fn sent(scene: &Scene, queue: &str) -> Result<Bytes> {
    let goes_there = |request: &&Value| text(request, "QueueUrl").is_some_and(|url| url.ends_with(queue));
    let mut messages = scene.calls.iter().map(|call| &call.request).filter(goes_there).flat_map(queue::messages);
    let message =
        messages.next().ok_or_else(|| Failure::new(format!("nothing was sent to {queue}:\n{}", scene.said)))?;
    Ok(events::message(queue, text(message, "MessageGroupId"), text(message, "MessageBody").unwrap_or_default()))
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}
