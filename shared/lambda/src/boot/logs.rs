//! JSON lines on standard output.
//!
//! Only our own crates speak below `warn`: the runtime's `trace` prints whole events, tokens and bodies included, so no
//! level that anyone sets may reach it.

use super::settings::Allowed;
use std::str::FromStr;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The variable that holds the level.
pub(super) const LEVEL: &str = "RUST_LOG";

const OURS: [&str; 8] = ["domain", "app", "store", "wire", "venues", "aws", "lambda", "feeds"];
/// Targets match by prefix: what begins like ours and is not ours.
const NOT_OURS: [&str; 2] = ["aws_", "lambda_"];

/// One word; directives for single crates are not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level(LevelFilter);

impl FromStr for Level {
    type Err = Allowed;
    fn from_str(text: &str) -> Result<Self, Allowed> {
        text.parse().map(Self).map_err(|_| Allowed("off, error, warn, info, debug or trace"))
    }
}

/// Safe to call twice: the first call holds.
pub(super) fn start(own: &str, level: Option<Level>) {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_ansi(false);
    let level = level.map_or(LevelFilter::INFO, |level| level.0);
    let started = tracing_subscriber::registry().with(lines).with(targets(own, level)).try_init();
    drop(started);
}

fn targets(own: &str, level: LevelFilter) -> Targets {
    let others = level.min(LevelFilter::WARN);
    Targets::new()
        .with_default(others)
        .with_targets(OURS.map(|target| (target, level)))
        .with_targets(NOT_OURS.map(|target| (target, others)))
        .with_target(own, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level as At;

    #[test]
    fn no_level_opens_the_runtime_or_the_sdk() {
        let all = targets("webhook", LevelFilter::TRACE);
        for target in ["lambda_runtime::layers::api_response", "lambda_http", "aws_smithy_runtime", "hyper"] {
            assert!(!all.would_enable(target, &At::INFO), "{target}");
            assert!(all.would_enable(target, &At::WARN), "{target}");
        }
        for target in ["lambda::invocation", "aws::tables", "webhook", "app::receive"] {
            assert!(all.would_enable(target, &At::TRACE), "{target}");
        }
    }

    #[test]
    fn a_quiet_level_quiets_everything() {
        let quiet = targets("webhook", LevelFilter::ERROR);
        assert!(!quiet.would_enable("hyper", &At::WARN) && !quiet.would_enable("lambda", &At::WARN));
        assert!("info,hyper=trace".parse::<Level>().is_err());
    }
}
