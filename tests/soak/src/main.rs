//! `soak`: pursues orders through the real adapters while the exchanges fail, and compares the books.

mod options;
mod show;

use clap::Parser;
use options::Options;
use soak::{Progress, run};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let plan = Options::parse().plan();
    show::finished(run(plan, Progress::new(plan.orders)).await)
}
