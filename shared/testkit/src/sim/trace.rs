//! What happened, in order, for whoever has to understand a failed run.

use super::Strike;
use domain::clock::Timestamp;
use std::fmt;
use std::sync::Arc;

/// The log of a run. A failed run is repeated with the log switched on: writing it always would cost most of the time.
#[derive(Debug, Default)]
pub struct Trace {
    verbose: bool,
    events: Vec<Event>,
}

#[derive(Debug)]
pub struct Event {
    pub at: Timestamp,
    pub task: Option<Arc<str>>,
    /// The number of the yield point, and what struck there.
    pub point: Option<(usize, Option<Strike>)>,
    pub text: String,
}

impl Trace {
    pub fn new(verbose: bool) -> Self {
        Self { verbose, events: Vec::new() }
    }

    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    pub fn push(&mut self, event: Event) {
        self.events.push(event);
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.events.first().map_or(0, |event| event.at.millis());
        for event in &self.events {
            let ms = event.at.millis().saturating_sub(start);
            let task = event.task.as_deref().unwrap_or("-");
            write!(f, "{:>5}.{:03} {task:<14}", ms / 1_000, ms % 1_000)?;
            match event.point {
                Some((number, Some(strike))) => write!(f, " {number:>3} {} [{}]", event.text, strike.as_str())?,
                Some((number, None)) => write!(f, " {number:>3} {}", event.text)?,
                None => write!(f, "     {}", event.text)?,
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
