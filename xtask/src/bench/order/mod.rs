//! `cargo xtask bench order`: how long an order takes from its message to its request at the exchange.
//!
//! `order-executor` gets the message of an entry again and again; its tables and its exchange answer at once, as they were
//! recorded. A bot on ccxt gets the same kind of order by a pipe. Either's request is noted when it comes in.

mod peer;
mod trader;
mod wire;

use std::time::{Duration, Instant};

use anstream::println;
use domain::limits::BALANCE_AGE_MAX;
use serde::Serialize;
use serde_json::{Value, json};

use self::peer::Hire;
use self::wire::{Asked, Wire};
use super::cloud::{Call, Cloud};
use super::figures::Spread;
use super::sandbox::{Kit, Sandbox};
use super::servers::Servers;
use super::story::{self, Crew, Scene, sent, webhook_path};
use super::template::Template;
use super::{Order, events, shipped, table};
use crate::aws_cli::Endpoint;
use crate::ccxt;
use crate::demo::Exchange;
use crate::failure::{Failure, Result};
use crate::interrupt::pause;
use crate::place::{Place, StackFolder};
use crate::progress::step;
use crate::python::Tools;
use crate::venue_sim::VenueSim;

const EXECUTOR: &str = "order-executor";
const ORDER: &str = "POST /api/v3/order";
/// Whatever changes something at the exchange.
const CHANGES: [&str; 2] = ["POST", "DELETE"];
const PRICE: &str = "64000";
/// Not counted: connections are opened.
const WARM_UP: u32 = 5;
/// Milliseconds from a message to the request, by a process that waits.
const WARM_AIM: f64 = 5.0;
/// The same from the start of a process.
const COLD_AIM: f64 = 60.0;
/// Of an executor that has traded, with the library of exchanges in it.
const MEMORY_AIM_KB: u64 = 80 * 1_024;

pub(crate) fn run(place: &Place, options: &Order) -> Result<()> {
    let tools = Tools::find_or_install(place)?;
    let building = place.lock_building()?;
    let client = ccxt::install(place)?;
    drop(building);
    let shipped = shipped::find_or_build(place, options.of.built.as_deref())?;
    let _alone = place.lock_measuring()?;
    let (servers, template) = (Servers::start()?, Template::read(place, &tools)?);
    let venues = String::new();
    let crew = Crew { place, tools: &tools, servers: &servers, template: &template, shipped: &shipped, venues };
    let mut compared = None;
    story::on_stage(&crew, |folder, emulator| {
        compared = Some(compare(&crew, folder, &emulator, &client, options)?);
        Ok(())
    })?;
    compared.map_or(Ok(()), |compared| tell(&compared, options))
}

#[derive(Debug, Serialize)]
struct Compared {
    /// Of an order with a limit: it is the first that the exchange hears.
    limit: Path,
    /// Of one at the market, before which the last price is asked for.
    market: Path,
    /// The same on an account whose balance was last told more than a minute ago: it is asked for first.
    stale: Path,
    ccxt: Path,
}

/// The way of an order.
#[derive(Debug, Serialize)]
struct Path {
    warm_ms: Spread,
    cold_ms: Spread,
    /// What a new process asks the exchange before its first order.
    asked_before: usize,
    /// Of its calls to tables, how many it had begun by then.
    calls_before: usize,
    resident_kb: u64,
}

fn compare(
    crew: &Crew<'_>,
    folder: &StackFolder,
    emulator: &Endpoint,
    client: &Tools,
    options: &Order,
) -> Result<Compared> {
    let sim = VenueSim::find(folder).ok_or_else(|| Failure::new("what stands in for exchanges does not run"))?;
    let simulator = Exchange::at(&sim);
    let wire = Wire::to(crew.servers, &sim.url)?;
    let asking = asking(crew, &wire);
    trader::connect(&asking, emulator, &simulator)?;
    let executor = Recorder { crew: &asking, emulator, wire: &wire, simulator: &simulator };
    let limit = executor.measured("240", &json!({"quote": "100", "type": "limit", "limit_price": "60000"}), options)?;
    let market = executor.measured("60", &json!({"quote": "100"}), options)?;
    let waiting = step("Waiting until the balance is older than entries count on");
    pause(Duration::from_millis(BALANCE_AGE_MAX.get().unsigned_abs()))?;
    waiting.done("");
    let stale = executor.measured("30", &json!({"quote": "100"}), options)?;

    let measuring = step("Measuring a bot on ccxt");
    let hire = Hire { place: crew.place, client, folder, url: wire.url(), key: simulator.key()? };
    wire.take();
    hire.start()?.place(0)?;
    // More orders than the exchange takes in ten seconds: they are answered as the first one was, as ours are.
    let wire = Wire::replaying(crew.servers, wire.take())?;
    let ccxt = theirs(&Hire { url: wire.url(), ..hire }, &wire, options)?;
    measuring.done(format!("{} starts, {} orders", options.starts, options.orders));
    Ok(Compared { limit, market, stale, ccxt })
}

/// The same crew, whose functions ask the exchange here.
fn asking<'a>(crew: &Crew<'a>, wire: &Wire) -> Crew<'a> {
    Crew { venues: format!("{}={}", trader::EXCHANGE, wire.url()), ..*crew }
}

/// Records an entry's way, and has its last part repeated.
struct Recorder<'a> {
    crew: &'a Crew<'a>,
    emulator: &'a Endpoint,
    wire: &'a Wire,
    simulator: &'a Exchange,
}

impl Recorder<'_> {
    fn measured(&self, timeframe: &str, order: &Value, options: &Order) -> Result<Path> {
        let measuring = step(format!("Measuring order-executor with {order}"));
        let scene = self.record(timeframe, order)?;
        let servers = self.crew.servers;
        let (cloud, wire) =
            (Cloud::replaying(servers, scene.calls.clone())?, Wire::replaying(servers, self.wire.take())?);
        let crew = asking(self.crew, &wire);
        let kit = crew.kit(EXECUTOR, &cloud.url())?;
        let path = Ours { servers, cloud: &cloud, wire: &wire, kit: &kit, scene: &scene }.measure(options)?;
        measuring.done(format!("{} starts, {} orders", options.starts, options.orders));
        Ok(path)
    }

    /// An entry at the exchange, from its alert to the executor's work.
    fn record(&self, timeframe: &str, order: &Value) -> Result<Scene> {
        let chart = json!({"exchange": trader::EXCHANGE, "symbol": "BTCUSDT", "timeframe": timeframe, "price": PRICE});
        // What is bought at the market is compared with a price that is no older than a minute.
        self.simulator.price(PRICE)?;
        let alert = events::alert_of(&chart, order, timeframe);
        let received = events::http("POST", &webhook_path(trader::SECRET), None, Some(&alert));
        let record = |function, event| self.crew.record(self.emulator, function, event);
        let webhook = record("webhook", received)?;
        let signal = record("signal-worker", sent(&webhook, "moniqo-signals.fifo")?)?;
        self.wire.take();
        record(EXECUTOR, sent(&signal, "moniqo-orders.fifo")?)
    }
}

/// The executor with all it talks to.
struct Ours<'a> {
    servers: &'a Servers,
    cloud: &'a Cloud,
    wire: &'a Wire,
    kit: &'a Kit<'a>,
    scene: &'a Scene,
}

impl Ours<'_> {
    fn measure(&self, options: &Order) -> Result<Path> {
        let (mut cold, mut asked_before, mut calls_before) = (Vec::new(), 0, 0);
        for _ in 0..options.starts {
            let sandbox = Sandbox::start(self.servers, self.kit)?;
            let Ordered { asked, calls, .. } = self.order(&sandbox)?;
            let (order, before) = first_order(&asked)?;
            cold.push(order.saturating_duration_since(sandbox.since));
            asked_before = before;
            calls_before = calls.iter().filter(|call| call.is_of_tables() && call.at < order).count();
        }
        let sandbox = Sandbox::start(self.servers, self.kit)?;
        let times = (0..options.orders.saturating_add(WARM_UP)).map(|_| {
            let Ordered { given, asked, .. } = self.order(&sandbox)?;
            first_order(&asked).map(|(order, _)| order.saturating_duration_since(given))
        });
        let times = times.collect::<Result<Vec<_>>>()?;
        let resident_kb = sandbox.memory()?.resident_kb;
        Ok(Path { warm_ms: warm(&times), cold_ms: Spread::of(&cold), asked_before, calls_before, resident_kb })
    }

    /// The message once more.
    fn order(&self, sandbox: &Sandbox) -> Result<Ordered> {
        let invoked = sandbox.invoke(EXECUTOR, self.scene.event.clone())?;
        let calls = self.cloud.take_calls().map_err(|failure| sandbox.explain(EXECUTOR, &failure))?;
        if events::went_well(&invoked.answer) {
            return Ok(Ordered { given: invoked.given, asked: self.wire.take(), calls });
        }
        let answer = String::from_utf8_lossy(&invoked.answer);
        Err(sandbox.explain(EXECUTOR, &Failure::new(format!("it answered {answer}"))))
    }
}

/// When a message was given, what the exchange was asked for it, and what was called.
struct Ordered {
    given: Instant,
    asked: Vec<Asked>,
    calls: Vec<Call>,
}

fn theirs(hire: &Hire<'_>, wire: &Wire, options: &Order) -> Result<Path> {
    let (mut cold, mut asked_before) = (Vec::new(), 0);
    for _ in 0..options.starts {
        let mut bot = hire.start()?;
        bot.place(0)?;
        let (order, before) = first_order(&wire.take())?;
        cold.push(order.saturating_duration_since(bot.since));
        asked_before = before;
    }
    let mut bot = hire.start()?;
    wire.take();
    let times = (0..options.orders.saturating_add(WARM_UP)).map(|n| {
        let given = bot.place(n)?;
        first_order(&wire.take()).map(|(order, _)| order.saturating_duration_since(given))
    });
    let times = times.collect::<Result<Vec<_>>>()?;
    let resident_kb = bot.memory()?.resident_kb;
    Ok(Path { warm_ms: warm(&times), cold_ms: Spread::of(&cold), asked_before, calls_before: 0, resident_kb })
}

fn warm(times: &[Duration]) -> Spread {
    let counted = usize::try_from(WARM_UP).unwrap_or_default();
    Spread::of(times.get(counted..).unwrap_or_default())
}

/// When the only order came, and how many other requests before it.
fn first_order(asked: &[Asked]) -> Result<(Instant, usize)> {
    let routes = || asked.iter().map(|one| one.route.as_str()).collect::<Vec<_>>().join(", ");
    let mut orders = asked.iter().enumerate().filter(|(_, one)| one.route == ORDER);
    let (Some((before, order)), None) = (orders.next(), orders.next()) else {
        return Err(Failure::new(format!("not one order was placed, and one alone: {}", routes())));
    };
    let is_change = |one: &&Asked| CHANGES.iter().any(|method| one.route.starts_with(method));
    if asked.iter().take(before).any(|one| is_change(&one)) {
        return Err(Failure::new(format!("something else was changed before the order: {}", routes())));
    }
    Ok((order.at, before))
}

impl Compared {
    /// What is said of the aims; an error where one is missed.
    fn verdict(&self) -> std::result::Result<String, String> {
        let said = |name: &str, Path { warm_ms, cold_ms, .. }: &Path| {
            format!("{name} warm {:.2} of {WARM_AIM} ms, cold {:.1} of {COLD_AIM} ms", warm_ms.median, cold_ms.median)
        };
        let said = [said("limit", &self.limit), said("market", &self.market)].join("; ");
        let is_fast = |path: &Path| path.warm_ms.median <= WARM_AIM && path.cold_ms.median <= COLD_AIM;
        let asks_enough = self.limit.asked_before == 0 && self.market.asked_before <= 1 && self.stale.asked_before <= 2;
        let is_small = self.limit.resident_kb.max(self.market.resident_kb) <= MEMORY_AIM_KB;
        let is_met = is_fast(&self.limit) && is_fast(&self.market) && asks_enough && is_small;
        if is_met { Ok(format!("{said}: met")) } else { Err(format!("{said}: MISSED")) }
    }
}

fn tell(compared: &Compared, options: &Order) -> Result<()> {
    if let Some(file) = &options.of.json {
        table::write(file, compared)?;
    }
    let Compared { limit, market, stale, ccxt } = compared;
    let row = |name: &str, path: &Path| {
        let spread = |spread: Spread, theirs: Spread| {
            format!("{:.2} / {:.2} ({:.2})", spread.min, spread.median, spread.median / theirs.median)
        };
        let memory = table::millions(path.resident_kb.saturating_mul(1_024));
        let (warm, cold) = (spread(path.warm_ms, ccxt.warm_ms), spread(path.cold_ms, ccxt.cold_ms));
        vec![name.to_owned(), warm, cold, path.asked_before.to_string(), path.calls_before.to_string(), memory]
    };
    let old = "market, an old balance";
    let rows = vec![row("limit", limit), row("market", market), row(old, stale), row("bot on ccxt", ccxt)];
    println!("{}", table::table(&["", "warm ms", "cold ms", "asked before", "tables before", "resident MB"], rows));
    println!("to the request at the exchange: least / middle (of the bot's middle)");
    let verdict = compared.verdict();
    println!("{}", verdict.as_ref().unwrap_or_else(|missed| missed));
    super::hold(verdict, options.check, "an order takes too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(warm: f64, cold: f64, asked_before: usize) -> Path {
        let spread = |median| Spread { min: 0.0, median };
        Path { warm_ms: spread(warm), cold_ms: spread(cold), asked_before, calls_before: 0, resident_kb: 0 }
    }

    #[test]
    fn aims_are_met_at_themselves_and_missed_above_or_by_a_question_before() {
        let all =
            |limit, market, asked| Compared { limit, market, stale: path(9.0, 99.0, asked), ccxt: path(1.0, 1.0, 9) };
        let is_met = |limit, market| all(limit, market, 2).verdict().is_ok();
        let met = || path(5.0, 60.0, 0);
        assert!(is_met(met(), path(5.0, 60.0, 1)));
        for missed in [path(5.1, 60.0, 0), path(5.0, 60.1, 0), path(5.0, 60.0, 2)] {
            assert!(!is_met(met(), missed));
        }
        assert!(!is_met(path(5.0, 60.0, 1), met()));
        assert!(all(met(), met(), 3).verdict().is_err());
        let large = Path { resident_kb: MEMORY_AIM_KB + 1, ..met() };
        assert!(is_met(Path { resident_kb: MEMORY_AIM_KB, ..met() }, met()) && !is_met(met(), large));
    }
}
