//! `moniqo`: the command line of a deployment.
//!
//! 1. Tables are for people; `-o json` prints the API's answer unchanged, and `-o csv` the rows of a list.
//! 2. Exit codes: 0 done, 1 the server said no or could not be reached, 2 the input cannot be used.
//! 3. Secrets come from the environment, a prompt or a file, never as arguments.

mod address;
mod args;
mod candles;
mod client;
mod commands;
#[cfg(test)]
mod documented;
mod failure;
mod holes;
mod listing;
#[cfg(test)]
mod printed;
mod profile;
mod prompt;
mod screen;
mod session;
mod table;
mod target;

use std::process::ExitCode;

fn main() -> ExitCode {
    match commands::run(&args::Cli::typed()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
