//! The workspace's own commands: a local stack of the whole product, and the checks that CI runs.
//!
//! `cargo xtask demo` and `cargo xtask test` are the two commands of the README; the others serve daily work.
//! Each command is one file; `cli` says what there is, `Failure` is what a person reads when it did not work.

mod audit;
mod aws_cli;
mod bench;
mod browser;
mod cargo_tools;
mod ccxt;
mod checks;
mod chosen;
mod cli;
mod coverage;
mod demo;
mod deploy;
#[cfg(test)]
mod documented;
mod emulator;
mod examples;
mod failure;
mod first_user;
mod freeze;
mod functions;
mod generate;
mod health;
mod integration;
mod interrupt;
mod logs;
mod mails;
mod node;
mod outside;
mod pack;
mod paper;
mod person;
mod place;
mod process;
mod progress;
mod prose;
mod python;
mod release;
mod report;
mod schemathesis;
mod second_opinion;
mod seed;
mod stack;
mod stage;
mod status;
mod structure;
mod terraform;
mod throwaway;
mod typed_client;
mod users;
mod vault;
mod venue_sim;
mod web;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::failure::Result;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

fn run(command: Command) -> Result<()> {
    interrupt::listen()?;
    let place = place::Place::find()?;
    match command {
        Command::Demo(options) => demo::bring_up_and_run(&place, &options),
        Command::Up { json } => stack::up(&place, json),
        Command::Paper(options) => paper::set(&place, &options),
        Command::Down => stack::down(&place),
        Command::Status => status::show(&place),
        Command::Logs { function, follow } => logs::show(&place, &function, follow),
        Command::Mails => mails::show(&place),
        Command::Reset => stack::reset(&place),
        Command::Structure { names } => structure::show(&place, names),
        Command::Examples { folder } => examples::write(&place, &folder),
        Command::Prose { since } => prose::report(&place, &since),
        Command::Generate => generate::write(&place),
        Command::Freeze { release } => freeze::run(&place, &release),
        Command::Test(options) if options.aws.aws => throwaway::run(&place, &options.aws),
        Command::Test(options) => checks::run(&place, &options),
        Command::Screenshots => checks::screenshots(&place),
        Command::Coverage => coverage::run(&place),
        Command::Audit { database } => audit::run(&place, database.as_deref()),
        Command::Seed(options) => first_user::run(&place, &options),
        Command::Users(users) => users::run(&place, &users),
        Command::Vault(vault) => vault::run(&place, &vault),
        Command::Deploy(options) => release::run(&place, &options),
        Command::Bench(bench) => bench::run(&place, &bench),
    }
}
