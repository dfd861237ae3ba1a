//! The same as text of Prometheus, version 0.0.4. All of it are gauges: windows, and no counters that would begin anew with
//! each process. What comes of a log that was not read is left out, and no total is told of a part: it would look like a fall.

use domain::functions;
use std::fmt::{Display, Write};
use wire::view::{DeepHealth, PartState, PerformanceHealth, TimesHealth, WorkState};

pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// One text; each family once, with its samples together.
pub(super) fn text(deep: &DeepHealth, performance: &PerformanceHealth) -> String {
    let mut text = Text::default();
    text.family("moniqo_up", "Whether a part of the deployment answers: 1, or 0.");
    for part in &deep.parts {
        let labels = [("kind", part.kind.as_str()), ("name", &*part.name)];
        text.sample("moniqo_up", &labels, u8::from(part.state == PartState::Up));
    }
    let minute = (deep.work.state != WorkState::Unknown).then(|| u8::from(deep.work.state == WorkState::Up));
    text.maybe("moniqo_up", &[("kind", "work"), ("name", "minute")], minute);
    text.family("moniqo_queue_messages", "Messages in a queue, by their state.");
    for part in &deep.parts {
        for (state, count) in [("waiting", part.waiting), ("in_hand", part.in_hand), ("delayed", part.delayed)] {
            text.maybe("moniqo_queue_messages", &[("queue", &*part.name), ("state", state)], count);
        }
    }
    text.family("moniqo_queue_oldest_seconds", "How long the oldest of what a queue is there for waits.");
    for part in &deep.parts {
        text.maybe("moniqo_queue_oldest_seconds", &[("queue", &*part.name)], part.oldest_s);
    }
    text.family("moniqo_accounts", "Accounts by how they stand with their keys, of the newest round of checks.");
    let keys = &deep.keys;
    for (state, count) in [("validated", keys.validated), ("disabled", keys.disabled), ("unchecked", keys.unchecked)] {
        text.maybe("moniqo_accounts", &[("state", state)], count);
    }
    text.family("moniqo_log_read", "Whether a function's log could be read in time: 1, or 0.");
    for function in functions::NAMES {
        let is_unread =
            [&deep.unread, &performance.unread].iter().any(|unread| unread.iter().any(|name| name == function));
        text.sample("moniqo_log_read", &[("function", function)], u8::from(!is_unread));
    }
    text.work(deep);
    text.performance(performance);
    text.0
}

#[derive(Debug, Default)]
struct Text(String);

impl Text {
    fn work(&mut self, deep: &DeepHealth) {
        let work = &deep.work;
        let gauges = [
            ("moniqo_minute_lag_seconds", "How late the minute was.", work.minute_lag_s),
            ("moniqo_oldest_due_seconds", "How long the oldest due work waits.", work.oldest_due_s),
            (
                "moniqo_deliveries_without_verdict",
                "Alerts that wait for their verdict.",
                work.deliveries_without_verdict,
            ),
            ("moniqo_parked", "Dead letters that wait to be retried or dropped.", work.parked),
            ("moniqo_unknown_orders", "Orders whose outcome is in doubt.", work.unknown_orders),
            ("moniqo_unknown_age_seconds", "How long the oldest order is in doubt.", work.unknown_age_max_s),
            ("moniqo_drift", "Positions of which the exchange has less than we have recorded.", work.drift),
        ];
        for (name, help, value) in gauges {
            self.family(name, help);
            self.maybe(name, &[], value);
        }
    }

    fn performance(&mut self, performance: &PerformanceHealth) {
        self.family("moniqo_window_seconds", "Of how long the times below are.");
        self.sample("moniqo_window_seconds", &[], u64::from(performance.minutes).saturating_mul(60));
        self.family("moniqo_window_truncated", "Whether there was more in the window than is read: 1, or 0.");
        self.sample("moniqo_window_truncated", &[], u8::from(performance.more));
        self.family("moniqo_requests", "Requests in the window.");
        for route in &performance.routes {
            self.sample("moniqo_requests", &[("route", &plain(&route.route))], route.times.count);
        }
        self.family("moniqo_request_errors", "Answers of 500 and above in the window.");
        for route in &performance.routes {
            self.sample("moniqo_request_errors", &[("route", &plain(&route.route))], route.errors);
        }
        self.family("moniqo_request_seconds", "How long requests took.");
        for route in &performance.routes {
            self.times("moniqo_request_seconds", ("route", &plain(&route.route)), route.times);
        }
        self.family("moniqo_queue_wait_seconds", "How long messages have lain in the queue of a function.");
        for queue in &performance.queues {
            self.times("moniqo_queue_wait_seconds", ("function", &queue.function), queue.times);
        }
        if performance.unread.is_empty() {
            self.totals(performance);
        }
    }

    /// Of all functions together.
    fn totals(&mut self, performance: &PerformanceHealth) {
        self.family("moniqo_alert_to_order_seconds", "From an alert to its first order.");
        self.times("moniqo_alert_to_order_seconds", ("from", "alert"), performance.alert_to_order);
        self.family("moniqo_venue_call_seconds", "How long a call of a venue took.");
        self.times("moniqo_venue_call_seconds", ("to", "venue"), performance.venue.times);
        self.family("moniqo_venue_calls", "Calls of venues in the window.");
        self.sample("moniqo_venue_calls", &[], performance.venue.calls);
        self.family("moniqo_venue_errors", "Calls of venues in the window that were of no use.");
        self.sample("moniqo_venue_errors", &[], performance.venue.errors);
    }

    fn times(&mut self, name: &str, label: (&str, &str), times: TimesHealth) {
        for (quantile, ms) in [("0.5", times.p50_ms), ("0.95", times.p95_ms), ("0.99", times.p99_ms)] {
            self.maybe(name, &[label, ("quantile", quantile)], ms.map(seconds));
        }
    }

    fn family(&mut self, name: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
    }

    fn maybe(&mut self, name: &str, labels: &[(&str, &str)], value: Option<impl Display>) {
        if let Some(value) = value {
            self.sample(name, labels, value);
        }
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<_> = labels.iter().map(|(label, text)| format!("{label}=\"{}\"", escaped(text))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        self.line(format_args!("{name}{labels} {value}\n"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A text takes whatever is written to it.
        self.0.write_fmt(line).unwrap_or_default();
    }
}

fn seconds(ms: i64) -> String {
    let ms = ms.max(0);
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// `/orders/:id`: braces end the labels for some who read them.
fn plain(route: &str) -> String {
    route.replace('{', ":").replace('}', "")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
