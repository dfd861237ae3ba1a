//! `cargo xtask bench`: what the functions cost, as they are shipped, without an emulator in between.
//!
//! Each function's binary runs as a process of its own that is spoken to as Lambda speaks (`runtime_api`) and whose
//! calls to AWS are answered at once on loopback (`cloud`). `cold_start` measures all functions, `webhook` one against
//! a receiver written with FastAPI, `order` one against a bot on ccxt. `vault` needs none of that: it compares a library with a library.

mod ceilings;
mod cloud;
mod cold_start;
mod events;
mod figures;
mod meter;
mod order;
mod peer;
mod queue;
mod runtime_api;
mod sandbox;
mod servers;
mod shipped;
mod storage;
mod story;
pub(crate) mod table;
mod tables;
mod template;
mod token;
mod vault;
mod webhook;

pub(crate) use cold_start::hold_counts;
pub(crate) use template::Template;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::failure::{Failure, Result};
use crate::place::Place;

/// How often a function is started, so that the fastest start is the function's own.
const STARTS: u32 = 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Size, start, memory, duration, AWS calls, units and log of each function
    #[command(
        after_help = "Builds the profile `lambda`, which takes minutes the first time. Needs Linux. Example:\n  cargo xtask bench cold-start --check"
    )]
    ColdStart(ColdStart),
    /// Processor time per alert, of the webhook and of a receiver written with FastAPI and SQLite
    #[command(
        after_help = "Makes a Python environment in bench/peers/fastapi once. Needs Linux. What is compared stands in bench/README.md."
    )]
    Webhook(Webhook),
    /// From an order's message to its request at the exchange, by us and by a bot on Python's ccxt
    #[command(
        after_help = "Trades at the venue simulator on loopback. Needs Linux. What is compared stands in bench/README.md."
    )]
    Order(Order),
    /// Sealing and opening a secret, by us and by Python's cryptography
    Vault(Vault),
}

/// What is measured, and where its figures go.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// Also write the figures to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Measure what lies in this folder (`<function>` or `<function>/bootstrap`) instead of building
    #[arg(long, value_name = "FOLDER")]
    pub(crate) built: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ColdStart {
    #[command(flatten)]
    pub(crate) of: Subject,
    /// Fail where a figure is above its ceiling in bench/ceilings.toml
    #[arg(long)]
    pub(crate) check: bool,
    /// How often each function is started
    #[arg(long, default_value_t = STARTS, value_parser = clap::value_parser!(u32).range(1..=1000), value_name = "TIMES")]
    pub(crate) starts: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Webhook {
    #[command(flatten)]
    pub(crate) of: Subject,
    /// Fail where the webhook takes more than its aim
    #[arg(long)]
    pub(crate) check: bool,
    /// Alerts in a round
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(100..=10_000), value_name = "COUNT")]
    pub(crate) alerts: u32,
    /// Rounds, ours and theirs in turns
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20), value_name = "COUNT")]
    pub(crate) rounds: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Order {
    #[command(flatten)]
    pub(crate) of: Subject,
    /// Fail where ours is above its aims
    #[arg(long)]
    pub(crate) check: bool,
    /// Orders by one process
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(10..=1_000), value_name = "COUNT")]
    pub(crate) orders: u32,
    /// Processes that are started for their first order
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100), value_name = "TIMES")]
    pub(crate) starts: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Vault {
    /// Fail where the middle of ours is above its aim
    #[arg(long)]
    pub(crate) check: bool,
}

/// Fails where an aim is missed, if that was asked for.
fn hold(verdict: std::result::Result<String, String>, check: bool, what: &str) -> Result<()> {
    match verdict {
        Err(missed) if check => Err(Failure::new(format!("{what}: {missed}"))
            .next("bench/README.md says where its time goes; find what has grown")),
        _ => Ok(()),
    }
}

pub(crate) fn run(place: &Place, bench: &Bench) -> Result<()> {
    match bench {
        Bench::ColdStart(options) => cold_start::run(place, options),
        Bench::Webhook(options) => webhook::run(place, options),
        Bench::Order(options) => order::run(place, options),
        Bench::Vault(options) => vault::run(place, options),
    }
}
