//! `cargo xtask bench cold-start`: what starting, keeping and calling each function costs.

use std::time::Duration;

use anstream::eprintln;

use super::ceilings::{Ceilings, Measured};
use super::cloud::{Call, Cloud};
use super::figures::{Figures, Spread, Used, ms};
use super::sandbox::{Kit, Sandbox};
use super::servers::Servers;
use super::shipped;
use super::story::{self, Crew, Scene};
use super::tables::Units;
use super::template::Template;
use super::{ColdStart, Subject, events, table, token};
use crate::failure::{Failure, Result};
use crate::interrupt;
use crate::place::Place;
use crate::progress::step;
use crate::python::Tools;

const INVOCATIONS: u32 = 100;
/// Where calls alone are counted: they are the same in each event.
const INVOCATIONS_COUNTED: u32 = 10;

/// How often each function is started, and how many events its process gets.
#[derive(Debug, Clone, Copy)]
struct Often {
    starts: u32,
    events: u32,
}

/// For the checks: compares calls and log of the programs that lie staged, where the kernel tells what a process takes.
/// What is shipped takes minutes to build, and is compared before a release.
pub(crate) fn hold_counts(place: &Place) -> Result<()> {
    if cfg!(target_os = "linux") {
        let staged = Some(place.staged_functions());
        let of = Subject { json: None, built: staged };
        return figures(place, &ColdStart { of, check: true, starts: 1 }, Measured::Counted);
    }
    eprintln!("Skipped: the functions' calls (Linux tells what a process takes, this system does not)");
    Ok(())
}

pub(crate) fn run(place: &Place, options: &ColdStart) -> Result<()> {
    figures(place, options, Measured::Shipped)
}

fn figures(place: &Place, options: &ColdStart, measured: Measured) -> Result<()> {
    let tools = Tools::find_or_install(place)?;
    let shipped = shipped::find_or_build(place, options.of.built.as_deref())?;
    let _alone = place.lock_measuring()?;
    let (servers, template) = (Servers::start()?, Template::read(place, &tools)?);
    let crew =
        Crew { place, tools: &tools, servers: &servers, template: &template, shipped: &shipped, venues: String::new() };
    let events = if measured == Measured::Counted { INVOCATIONS_COUNTED } else { INVOCATIONS };
    let often = Often { starts: options.starts, events };
    let figures = measure(&crew, often).or_else(|failure| once_more(&crew, often, failure))?;
    let figures = packed(&crew, figures, measured)?;
    table::show(&figures, options.of.json.as_deref())?;
    if options.check { Ceilings::read(place)?.hold(&figures, measured) } else { Ok(()) }
}

/// On a busy machine the emulator may be slower than the functions are patient.
fn once_more(crew: &Crew<'_>, often: Often, failure: Failure) -> Result<Vec<Figures>> {
    if interrupt::came() {
        return Err(failure);
    }
    eprintln!("Once more, after: {failure}");
    measure(crew, often)
}

fn measure(crew: &Crew<'_>, often: Often) -> Result<Vec<Figures>> {
    let mut figures = Vec::new();
    story::play(crew, |function, scene| {
        let measuring = step(format!("Measuring {function}"));
        let cloud = Cloud::replaying(crew.servers, scene.calls.clone())?;
        let kit = crew.kit(function, &cloud.url())?;
        let warm = Bench { servers: crew.servers, cloud: &cloud, kit: &kit, scene };
        let (used, start_ms) = (warm.use_it(often.events)?, warm.starts(often.starts)?);
        measuring.done(format!("{} starts, {} events", often.starts, often.events));
        figures.push((function, used, start_ms));
        Ok(())
    })?;
    let measured: Vec<&str> = figures.iter().map(|(function, ..)| *function).collect();
    if let Some(missing) = crew.shipped.iter().find(|shipped| !measured.contains(&shipped.function)) {
        return Err(Failure::new(format!("no event is written for {}", missing.function))
            .next("add its scene to xtask/src/bench/story.rs"));
    }
    let sized = figures.into_iter().map(|(function, used, start_ms)| {
        let binary_bytes = crew.shipped(function)?.binary_bytes()?;
        Ok(Figures { function, binary_bytes, zip_bytes: None, start_ms, used })
    });
    sized.collect()
}

/// With the size of their zips, where they are what is shipped.
fn packed(crew: &Crew<'_>, figures: Vec<Figures>, measured: Measured) -> Result<Vec<Figures>> {
    if measured == Measured::Counted {
        return Ok(figures);
    }
    let packing = step("Packing");
    let packed = figures.into_iter().map(|figures| {
        let zip_bytes = Some(crew.shipped(figures.function)?.zip_bytes()?);
        Ok(Figures { zip_bytes, ..figures })
    });
    let packed = packed.collect::<Result<Vec<_>>>()?;
    packing.done("");
    Ok(packed)
}

/// How many calls an event made, and what they are billed for.
type Calls = (usize, Units);

/// One function with all it talks to.
struct Bench<'a> {
    servers: &'a Servers,
    cloud: &'a Cloud,
    kit: &'a Kit<'a>,
    scene: &'a Scene,
}

impl Bench<'_> {
    fn use_it(&self, events: u32) -> Result<Used> {
        let sandbox = Sandbox::start(self.servers, self.kit)?;
        let (first, _) = self.invoke(&sandbox, 0)?;
        let (memory_first, cpu) = (sandbox.memory()?, sandbox.processor_time()?);
        let rest = (1..events).map(|n| self.invoke(&sandbox, n)).collect::<Result<Vec<_>>>()?;
        let (memory, cpu) = (sandbox.memory()?, sandbox.processor_time()?.saturating_sub(cpu));
        let (warm, calls): (Vec<Duration>, Vec<Calls>) = rest.into_iter().unzip();
        let (calls, units): (Vec<usize>, Vec<Units>) = calls.into_iter().unzip();
        Ok(Used {
            resident_after_first_kb: memory_first.resident_kb,
            resident_after_hundred_kb: memory.resident_kb,
            peak_kb: memory.peak_kb,
            first_ms: ms(first),
            warm_ms: Spread::of(&warm),
            warm_cpu_ms: ms(cpu) / f64::from(events - 1),
            aws_calls: middle(calls),
            units: middle(units),
            log_bytes: sandbox.log_bytes()? / u64::from(events),
        })
    }

    fn starts(&self, times: u32) -> Result<Spread> {
        let start = |_| Sandbox::start(self.servers, self.kit).map(|sandbox| sandbox.start);
        Ok(Spread::of(&(0..times).map(start).collect::<Result<Vec<_>>>()?))
    }

    /// The event once more, and how many calls it made: those that were recorded, but for what it remembers.
    fn invoke(&self, sandbox: &Sandbox, n: u32) -> Result<(Duration, Calls)> {
        let function = self.kit.function;
        let event = if function == "webhook" { alert(n) } else { self.scene.event.clone() };
        let invoked = sandbox.invoke(function, event)?;
        let calls = self.cloud.take_calls().map_err(|failure| sandbox.explain(function, &failure))?;
        if events::went_well(&invoked.answer) && work(&calls) == work(&self.scene.calls) {
            let units = calls.iter().fold(Units::default(), |sum, call| sum + call.units);
            return Ok((invoked.took, (calls.len(), units)));
        }
        let (expected, made) = (work(&self.scene.calls).join(" "), work(&calls).join(" "));
        let answer = String::from_utf8_lossy(&invoked.answer);
        let what = format!(
            "did not repeat what was recorded\n  recorded: {expected}\n  made:     {made}\n  answered: {answer}"
        );
        Err(sandbox.explain(function, &Failure::new(what)))
    }
}

/// An alert like no other, with the token whose turn it is.
pub(crate) fn alert(n: u32) -> axum::body::Bytes {
    let secret = token::secret(story::WEBHOOK_TOKEN, n);
    events::http("POST", &story::webhook_path(&secret), None, Some(&events::alert(&events::id(n))))
}

/// The operations, sorted: calls that are made at once come in any order.
fn work(calls: &[Call]) -> Vec<&str> {
    let mut names: Vec<&str> = calls.iter().filter(|call| !is_remembered(call)).map(Call::operation).collect();
    names.sort_unstable();
    names
}

/// What a process does once in a while: it looks for a token or a table's facts, or sends the ticks of a new minute.
fn is_remembered(call: &Call) -> bool {
    matches!(call.operation(), "DescribeTable" | "SendMessageBatch") || token::is_asked_for(&call.request)
}

fn middle<T: Ord + Copy + Default>(mut counts: Vec<T>) -> T {
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or_default()
}
