//! Embedded metrics: CloudWatch reads them from a log line. No dimensions, and no eleventh name: ten are free. What more is
//! to be known stands in the same line as a figure, which is none of its metrics and costs nothing.

use domain::clock::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const PRODUCT: &str = "Moniqo";
/// Of the whole process, which has one deployment for as long as it runs.
static NAMESPACE: OnceLock<String> = OnceLock::new();
/// CloudWatch takes at most this many values of one metric in a line.
const VALUES_MAX: usize = 100;

/// From here on metrics are written in this deployment's namespace: its alarms look nowhere else. The first call holds.
pub(crate) fn write_for(deployment: &str) {
    NAMESPACE.get_or_init(|| format!("{PRODUCT}/{deployment}"));
}

pub(crate) fn namespace() -> &'static str {
    NAMESPACE.get().map_or(PRODUCT, String::as_str)
}

/// Everything that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    AlertToOrderMs,
    UnknownOrders,
    UnknownAgeMaxS,
    OutboxDueAgeMaxS,
    DeliveriesWithoutVerdict,
    /// How long ago a pass has looked at the account of which that is longest.
    TickLagS,
    VenueErrors,
    /// Alerts that were turned away, at the door or by a decision.
    Refusals,
    Parked,
    Drift,
}

impl Metric {
    pub const ALL: [Self; 10] = [
        Self::AlertToOrderMs,
        Self::UnknownOrders,
        Self::UnknownAgeMaxS,
        Self::OutboxDueAgeMaxS,
        Self::DeliveriesWithoutVerdict,
        Self::TickLagS,
        Self::VenueErrors,
        Self::Refusals,
        Self::Parked,
        Self::Drift,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlertToOrderMs => "alert_to_order_ms",
            Self::UnknownOrders => "unknown_orders",
            Self::UnknownAgeMaxS => "unknown_age_max_s",
            Self::OutboxDueAgeMaxS => "outbox_due_age_max_s",
            Self::DeliveriesWithoutVerdict => "deliveries_without_verdict",
            Self::TickLagS => "tick_lag_s",
            Self::VenueErrors => "venue_errors",
            Self::Refusals => "refusals",
            Self::Parked => "parked",
            Self::Drift => "drift",
        }
    }

    /// None for a count.
    fn unit(self) -> Option<&'static str> {
        match self {
            Self::AlertToOrderMs => Some("Milliseconds"),
            Self::UnknownAgeMaxS | Self::OutboxDueAgeMaxS | Self::TickLagS => Some("Seconds"),
            Self::UnknownOrders
            | Self::DeliveriesWithoutVerdict
            | Self::VenueErrors
            | Self::Refusals
            | Self::Parked
            | Self::Drift => None,
        }
    }

    fn described(self) -> Value {
        match self.unit() {
            Some(unit) => json!({"Name": self.as_str(), "Unit": unit}),
            None => json!({"Name": self.as_str()}),
        }
    }
}

/// What stands in the log alone, for whoever looks how the deployment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// Of the oldest alert that is due and has no verdict.
    UndecidedAgeMaxS,
    /// Of the oldest order that was not sent yet.
    PlannedAgeMaxS,
    /// How late the scheduler ran.
    MinuteLagS,
    /// Passes of one tick in which nothing was looked at: made before, or of a venue that is to be left alone.
    PassesSkipped,
    AccountsValidated,
    AccountsDisabled,
    AccountsUnchecked,
    AccountsLeft,
    /// How long after its end the newest candle of a series was kept, or how long ago it closed where none came that was due; of the latest
    /// series.
    CandleAgeMaxMs,
    /// When candles were kept last, in milliseconds since 1970.
    CandlesKeptAtMs,
}

impl Figure {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UndecidedAgeMaxS => "undecided_age_max_s",
            Self::PlannedAgeMaxS => "planned_age_max_s",
            Self::MinuteLagS => "minute_lag_s",
            Self::PassesSkipped => "passes_skipped",
            Self::AccountsValidated => "accounts_validated",
            Self::AccountsDisabled => "accounts_disabled",
            Self::AccountsUnchecked => "accounts_unchecked",
            Self::AccountsLeft => "accounts_left",
            Self::CandleAgeMaxMs => "candle_age_max_ms",
            Self::CandlesKeptAtMs => "candles_kept_at_ms",
        }
    }
}

/// What one piece of work measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    metrics: BTreeMap<Metric, Vec<i64>>,
    figures: BTreeMap<Figure, i64>,
}

impl Measured {
    pub(crate) fn add(&mut self, metric: Metric, value: i64) {
        let values = self.metrics.entry(metric).or_default();
        if values.len() < VALUES_MAX {
            values.push(value);
        }
    }

    pub(crate) fn tell(&mut self, figure: Figure, value: i64) {
        self.figures.insert(figure, value);
    }

    /// The line that CloudWatch reads, or none where nothing was measured.
    pub(crate) fn line(&self, namespace: &str, at: Timestamp) -> Option<String> {
        if self.metrics.is_empty() && self.figures.is_empty() {
            return None;
        }
        let names: Vec<Value> = self.metrics.keys().map(|metric| metric.described()).collect();
        let directive = json!({"Namespace": namespace, "Dimensions": [[]], "Metrics": names});
        let directives = if self.metrics.is_empty() { Vec::new() } else { vec![directive] };
        let mut line = Map::new();
        line.insert("_aws".into(), json!({"Timestamp": at.millis(), "CloudWatchMetrics": directives}));
        let value = |values: &[i64]| if let [alone] = values { json!(alone) } else { json!(values) };
        line.extend(self.metrics.iter().map(|(metric, values)| (metric.as_str().to_owned(), value(values))));
        line.extend(self.figures.iter().map(|(figure, value)| (figure.as_str().to_owned(), json!(value))));
        Some(Value::Object(line).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_ten_metrics_and_no_name_twice() {
        assert_eq!(Metric::ALL.map(Metric::as_str).into_iter().collect::<BTreeSet<_>>().len(), 10);
    }

    #[test]
    fn a_line_names_its_metrics_and_has_no_dimensions() {
        let mut measured = Measured::default();
        assert_eq!(measured.line("Moniqo/east", Timestamp::default()), None);
        measured.add(Metric::Refusals, 1);
        measured.add(Metric::Refusals, 2);
        measured.add(Metric::TickLagS, 3);
        let line: Value =
            serde_json::from_str(&measured.line("Moniqo/east", Timestamp::from_millis(7)).unwrap()).unwrap();
        let directive = json!({
            "Namespace": "Moniqo/east", "Dimensions": [[]],
            "Metrics": [{"Name": "tick_lag_s", "Unit": "Seconds"}, {"Name": "refusals"}]
        });
        assert_eq!(
            line,
            json!({
                "_aws": {"Timestamp": 7, "CloudWatchMetrics": [directive]}, "refusals": [1, 2], "tick_lag_s": 3
            })
        );
    }

    #[test]
    fn a_figure_stands_in_the_line_and_is_no_metric() {
        let mut measured = Measured::default();
        measured.tell(Figure::AccountsDisabled, 2);
        let told = |measured: &Measured| -> Value {
            serde_json::from_str(&measured.line(PRODUCT, Timestamp::from_millis(7)).unwrap()).unwrap()
        };
        let alone = json!({"_aws": {"Timestamp": 7, "CloudWatchMetrics": []}, "accounts_disabled": 2});
        assert_eq!(told(&measured), alone);
        measured.add(Metric::Drift, 1);
        let both = told(&measured);
        assert_eq!(both["_aws"]["CloudWatchMetrics"][0]["Metrics"], json!([{"Name": "drift"}]));
        assert_eq!((&both["drift"], &both["accounts_disabled"]), (&json!(1), &json!(2)));
    }
}
