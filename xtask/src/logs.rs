//! `cargo xtask logs`: what a function wrote, read from CloudWatch Logs as on AWS.

use std::collections::HashSet;
use std::time::Duration;

use anstream::println;
use serde::Deserialize;

use crate::aws_cli::Aws;
use crate::deploy::DEPLOYMENT;
use crate::failure::{Result, While};
use crate::interrupt;
use crate::place::Place;
use crate::python::Tools;
use crate::stack::Target;

const LOOK: Duration = Duration::from_secs(1);

pub(crate) fn show(place: &Place, function: &str, follow: bool) -> Result<()> {
    let (tools, endpoint) = (Tools::existing(place)?, Target::find(place)?.endpoint()?);
    let aws = Aws { tools: &tools, endpoint: &endpoint };
    match print(&aws, function, follow) {
        // How one stops following.
        Err(_) if follow && interrupt::came() => Ok(()),
        printed => printed,
    }
}

fn print(aws: &Aws<'_>, function: &str, follow: bool) -> Result<()> {
    let mut seen = Seen::default();
    loop {
        for event in events(aws, function, seen.latest)? {
            seen.print_once(event);
        }
        if !follow {
            return Ok(());
        }
        interrupt::pause(LOOK)?;
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    log_stream_name: String,
    timestamp: i64,
    message: String,
    /// AWS names each line; not every emulator does.
    event_id: Option<String>,
}

/// What was printed already: lines of one moment can come in two answers.
#[derive(Debug, Default)]
struct Seen {
    latest: i64,
    at_latest: HashSet<Event>,
}

impl Seen {
    fn print_once(&mut self, event: Event) {
        if event.timestamp > self.latest {
            self.latest = event.timestamp;
            self.at_latest.clear();
        }
        if !self.at_latest.contains(&event) {
            println!("{}", event.message.trim_end());
            self.at_latest.insert(event);
        }
    }
}

fn events(aws: &Aws<'_>, function: &str, from: i64) -> Result<Vec<Event>> {
    let (group, from) = (format!("/aws/lambda/{DEPLOYMENT}-{function}"), from.to_string());
    let words = ["logs", "filter-log-events", "--log-group-name", &group, "--start-time", &from, "--query", "events"];
    let mut events: Vec<Event> = serde_json::from_value(aws.ask(words)?).while_doing("reading the log")?;
    events.sort_by_key(|event| event.timestamp);
    Ok(events)
}
