//! What can be typed, and the help that teaches it.

use clap::{Args, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Runs Moniqo on this machine, and checks it", after_help = ENVIRONMENT)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const ENVIRONMENT: &str = "\
The local stack keeps its log, its port and its tokens under .moniqo/, and its data until it stops. It needs Rust, Python 3.10+ and a C compiler.
With AWS_ENDPOINT_URL set, no emulator is started: everything is deployed to that endpoint, with your credentials.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Follow one alert to a closed, paid-out position, then try to break it
    #[command(
        after_help = "Starts the stack when it is not running. It goes on running, so that you can go on by hand, but for `--once`,\nwhich stops what it started."
    )]
    Demo(DemoOptions),
    /// Build, start and deploy the local stack, and print its URLs and credentials
    #[command(
        after_help = "Safe to repeat: a running stack is used again and gets the new code. `cargo xtask down` stops it."
    )]
    Up {
        /// One JSON object on stdout when the stack is ready; progress stays on stderr
        #[arg(long)]
        json: bool,
    },
    /// Stop the local stack and every process it started
    Down,
    /// Show what runs, where, and how full the queues are
    Status,
    /// Print the log of one function
    #[command(after_help = "Example: cargo xtask logs order-executor --follow")]
    Logs {
        /// webhook, signal-worker, order-executor, account-watch, ticker or api-trading
        #[arg(value_parser = crate::functions::NAMES)]
        function: String,
        /// Go on until Ctrl-C
        #[arg(long, short)]
        follow: bool,
    },
    /// Stop the local stack and forget its data; refuses anything but the emulator that `up` started
    Reset,
    /// Format, lints, template, tests, then the integration tests on a stack of their own
    #[command(
        after_help = "The integration tests run on a fresh emulator on its own port; a stack from `up` is not touched."
    )]
    Test,
}

#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// Exit code 0 only if everything shown was true; stops the stack again if it was not running before
    #[arg(long)]
    pub(crate) once: bool,
    /// How many seconds of recorded prices pass in one second
    #[arg(long, default_value_t = crate::seed::SPEED, value_parser = clap::value_parser!(u32).range(1..=3600), value_name = "TIMES")]
    pub(crate) speed: u32,
}
