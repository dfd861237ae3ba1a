//! `cargo xtask bench webhook`: processor time per alert, of our webhook and of a receiver written with FastAPI.
//!
//! Both get the same alerts, in turns, on the same machine. Ours is spoken to as Lambda does, one alert at a time; the
//! other over eight connections, so that it never waits for its caller.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anstream::println;
use serde::Serialize;

use super::cloud::Cloud;
use super::cold_start::alert;
use super::figures::Spread;
use super::peer::Peer;
use super::sandbox::{Kit, Sandbox};
use super::servers::Servers;
use super::story::{self, Crew, Scene};
use super::template::Template;
use super::{Webhook, events, shipped, table};
use crate::failure::{Failure, Result};
use crate::interrupt;
use crate::place::Place;
use crate::progress::step;
use crate::python::Tools;

const CONNECTIONS: usize = 8;
/// Not counted: connections are opened and caches filled.
const WARM_UP: u32 = 200;
/// Of theirs, ours takes at most so much.
const AIM: f64 = 0.5;

pub(crate) fn run(place: &Place, options: &Webhook) -> Result<()> {
    let tools = Tools::find_or_install(place)?;
    let shipped = shipped::find_or_build(place, options.of.built.as_deref())?;
    let _alone = place.lock_measuring()?;
    let (servers, template) = (Servers::start()?, Template::read(place, &tools)?);
    let crew =
        Crew { place, tools: &tools, servers: &servers, template: &template, shipped: &shipped, venues: String::new() };
    let mut compared = None;
    story::play_first(&crew, |_, scene| {
        compared = Some(compare(&crew, scene, options)?);
        Ok(())
    })?;
    compared.map_or(Ok(()), |compared| tell(&compared, options))
}

#[derive(Debug, Serialize)]
struct Compared {
    rounds: u32,
    alerts_per_round: u32,
    webhook: Cost,
    fastapi: Cost,
    /// Ours by theirs, of the middle rounds.
    ratio: f64,
}

impl Compared {
    /// In words; an error where the aim is missed.
    fn verdict(&self) -> std::result::Result<String, String> {
        let told = |word: &str| format!("ratio {:.2}, at most {AIM:.2} is the aim: {word}", self.ratio);
        if self.ratio <= AIM { Ok(told("met")) } else { Err(told("MISSED")) }
    }
}

#[derive(Debug, Serialize)]
struct Cost {
    cpu_us_per_alert: Spread,
    resident_kb: u64,
}

fn compare(crew: &Crew<'_>, scene: &Scene, options: &Webhook) -> Result<Compared> {
    let sum = WARM_UP.saturating_add(options.rounds.saturating_mul(options.alerts));
    let cloud = Cloud::replaying(crew.servers, scene.calls.clone())?;
    let kit = crew.kit("webhook", &cloud.url())?;
    let ours = Ours { sandbox: Sandbox::start(crew.servers, &kit)?, cloud: &cloud, kit: &kit };
    let peer = Peer::start(crew.place, &crew.place.stack(story::STACK)?, sum)?;
    is_honest(&peer)?;
    ours.take(1, WARM_UP)?;
    take(&peer, 1, WARM_UP)?;
    let comparing = step("Comparing");
    let (mut our_time, mut their_time) = (Vec::new(), Vec::new());
    for round in 0..options.rounds {
        comparing.now(&format!("round {} of {}", round.saturating_add(1), options.rounds));
        let from = WARM_UP.saturating_add(round.saturating_mul(options.alerts));
        let until = from.saturating_add(options.alerts);
        our_time.push(ours.take(from, until)? / options.alerts);
        their_time.push(take(&peer, from, until)? / options.alerts);
    }
    comparing.done(format!("{} rounds of {} alerts each", options.rounds, options.alerts));
    let (webhook, fastapi) = (Spread::of(&our_time).in_us(), Spread::of(&their_time).in_us());
    Ok(Compared {
        rounds: options.rounds,
        alerts_per_round: options.alerts,
        ratio: webhook.median / fastapi.median,
        webhook: Cost { cpu_us_per_alert: webhook, resident_kb: ours.sandbox.memory()?.resident_kb },
        fastapi: Cost { cpu_us_per_alert: fastapi, resident_kb: peer.memory()?.resident_kb },
    })
}

struct Ours<'a> {
    sandbox: Sandbox,
    cloud: &'a Cloud,
    kit: &'a Kit<'a>,
}

impl Ours<'_> {
    /// Processor time that these alerts took.
    fn take(&self, from: u32, until: u32) -> Result<Duration> {
        let before = self.sandbox.processor_time()?;
        for n in from..until {
            let invoked = self.sandbox.invoke(self.kit.function, alert(n))?;
            self.cloud.take_calls()?;
            if !events::went_well(&invoked.answer) {
                return Err(Failure::new(format!("the webhook answered {}", String::from_utf8_lossy(&invoked.answer))));
            }
        }
        Ok(self.sandbox.processor_time()?.saturating_sub(before))
    }
}

/// It keeps an alert once, and says so.
fn is_honest(peer: &Peer) -> Result<()> {
    let mut line = peer.connect()?;
    let (first, again) = (line.send(0)?, line.send(0)?);
    if first.contains("accepted") && again.contains("duplicate") {
        return Ok(());
    }
    Err(Failure::new(format!("the FastAPI receiver does not tell repeats: {first}, then {again}")))
}

/// Processor time that these alerts took there.
fn take(peer: &Peer, from: u32, until: u32) -> Result<Duration> {
    let before = peer.processor_time()?;
    let next = AtomicU32::new(from);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(|| call(peer, &next, until))).collect();
        callers.into_iter().try_for_each(|caller| caller.join().unwrap_or_else(|_| Err(Failure::new("a caller ended"))))
    })?;
    Ok(peer.processor_time()?.saturating_sub(before))
}

fn call(peer: &Peer, next: &AtomicU32, until: u32) -> Result<()> {
    let mut line = peer.connect()?;
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= until {
            return Ok(());
        }
        if interrupt::came() {
            return Err(Failure::interrupted());
        }
        let answer = line.send(n)?;
        if !answer.contains("accepted") {
            return Err(Failure::new(format!("the FastAPI receiver did not keep alert {n}: {answer}")));
        }
    }
}

fn tell(compared: &Compared, options: &Webhook) -> Result<()> {
    if let Some(file) = &options.of.json {
        table::write(file, compared)?;
    }
    let row = |name: &str, cost: &Cost| {
        let Spread { min, median } = cost.cpu_us_per_alert;
        vec![
            name.to_owned(),
            format!("{min:.0} / {median:.0}"),
            table::millions(cost.resident_kb.saturating_mul(1_024)),
        ]
    };
    let rows = vec![row("webhook", &compared.webhook), row("FastAPI and SQLite", &compared.fastapi)];
    println!("{}", table::table(&["receiver", "CPU µs per alert", "resident MB"], rows));
    let verdict = compared.verdict();
    println!("least / middle of the rounds; {}", verdict.as_ref().unwrap_or_else(|missed| missed));
    super::hold(verdict, options.check, "the webhook takes too much")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_met_at_itself_and_missed_above() {
        let compared = |ratio| {
            let cost = || Cost { cpu_us_per_alert: Spread::default(), resident_kb: 0 };
            Compared { rounds: 1, alerts_per_round: 1, webhook: cost(), fastapi: cost(), ratio }
        };
        assert_eq!(compared(AIM).verdict(), Ok("ratio 0.50, at most 0.50 is the aim: met".to_owned()));
        assert_eq!(compared(0.754).verdict(), Err("ratio 0.75, at most 0.50 is the aim: MISSED".to_owned()));
    }
}
