//! What requests, queues and venues have taken lately, of the lines that functions have left.

use super::lines::{Read, Unread, of_each};
use super::{Look, Times};
use crate::ports::{Clock, ReadLines};
use domain::clock::Millis;
use domain::functions;
use std::collections::BTreeMap;
use wire::line::{Line, Worked};

const ALERT_TO_ORDER: &str = "alert_to_order_ms";
const VENUE_ERRORS: &str = "venue_errors";

/// Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Performance {
    pub routes: BTreeMap<String, RouteTimes>,
    pub alert_to_order: Times,
    /// How long messages have waited for each function.
    pub queues: BTreeMap<String, Times>,
    /// One call of a venue, on average of each piece of work.
    pub venue: Times,
    pub venue_calls: u64,
    pub venue_errors: u64,
    /// There were more lines than were read: of what had too many, the newest were.
    pub more: bool,
    /// Of these functions nothing is in it.
    pub unread: Unread,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RouteTimes {
    pub times: Times,
    /// Answered by a failure of ours.
    pub errors: u64,
}

/// What is read before it is put in order.
#[derive(Debug, Default)]
struct Gathered {
    routes: BTreeMap<String, (Vec<i64>, u64)>,
    queues: BTreeMap<String, Vec<i64>>,
    alert_to_order: Vec<i64>,
    venue: Vec<i64>,
    venue_calls: u64,
    venue_errors: u64,
}

/// Of so long until now.
pub async fn performance<D: ReadLines + Clock>(deps: &D, span: Millis, look: Look) -> Performance {
    let (mut gathered, mut more, mut unread) = (Gathered::default(), false, Unread::new());
    for (function, read) in of_each(deps, &functions::NAMES.map(|function| (function, span)), look).await {
        match read {
            Ok(Read { lines, cut }) => {
                more |= cut;
                lines.into_iter().for_each(|line| gathered.take(function, line));
            }
            Err(error) => {
                unread.insert(function, error);
            }
        }
    }
    Performance { more, unread, ..gathered.told() }
}

impl Gathered {
    fn told(self) -> Performance {
        let Self { routes, queues, alert_to_order, venue, venue_calls, venue_errors } = self;
        let timed = |(route, (times, errors))| (route, RouteTimes { times: Times::of(times), errors });
        Performance {
            routes: routes.into_iter().map(timed).collect(),
            alert_to_order: Times::of(alert_to_order),
            queues: queues.into_iter().map(|(function, waited)| (function, Times::of(waited))).collect(),
            venue: Times::of(venue),
            venue_calls,
            venue_errors,
            ..Performance::default()
        }
    }

    fn take(&mut self, function: &str, line: Line) {
        match line {
            Line::Worked(worked) => self.worked(function, worked),
            Line::Measured(mut measured) => {
                self.alert_to_order.extend(measured.remove(ALERT_TO_ORDER).unwrap_or_default());
                let errors = measured.remove(VENUE_ERRORS).unwrap_or_default();
                let errors = errors.into_iter().filter_map(|errors| u64::try_from(errors).ok());
                self.venue_errors = errors.fold(self.venue_errors, u64::saturating_add);
            }
        }
    }

    fn worked(&mut self, function: &str, worked: Worked) {
        let has_failed = worked.has_failed();
        if let Some(route) = worked.route {
            let (times, errors) = self.routes.entry(route).or_default();
            times.push(worked.ms);
            *errors = errors.saturating_add(u64::from(has_failed));
        }
        if let Some(waited) = worked.waited {
            self.queues.entry(function.to_owned()).or_default().push(waited);
        }
        if let Some(venue) = worked.venue.filter(|venue| venue.calls > 0) {
            self.venue.push(venue.ms.checked_div(venue.calls.into()).unwrap_or_default());
            self.venue_calls = self.venue_calls.saturating_add(venue.calls.into());
        }
    }
}
