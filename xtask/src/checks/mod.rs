//! `cargo xtask test`: what must hold before anything is merged, cheap checks first. Format and lints are behind it already:
//! what starts this program has built everything.
//!
//! The integration tests get emulators of their own on free ports, so a stack from `up` is not disturbed, and they are
//! stopped whatever happens. Tests of a stack wait more than they work, and so do those of the dashboard: both run beside what
//! needs no stack (`beside`), which gives way to them; of the former one stack after the other, for two at once would keep each
//! other waiting. Those that break their stack for a while, or take all that it has, are over before those of the dashboard
//! begin. Tests that fail keep no others from being run: all that failed is printed together, at the end.

mod beside;
mod census;
mod deployed;
mod lanes;
mod shard;
mod web;

use std::process::Command;

use clap::Args;
use start::python;

use crate::bench;
use crate::browser;
use crate::ccxt;
use crate::failure::{Failure, Parts, Result};
use crate::functions::{self, Selection};
use crate::generate;
use crate::integration::Skipped;
use crate::outside::Lookout;
use crate::place::Place;
use crate::process::{capture, cargo, giving_way, show, succeeds};
use crate::progress::{heading, step};
use crate::prose;
use crate::python::Tools;
use crate::schemathesis;
use crate::second_opinion;
use crate::throwaway::AwsOptions;
use crate::typed_client;

use beside::Beside;
use lanes::{Budgets, Lane, Taken};
use shard::Shard;

pub(crate) use deployed::with_fresh_stack;
pub(crate) use web::screenshots;

/// Which of the checks.
#[derive(Debug, Args)]
pub(crate) struct TestOptions {
    /// Only these tests of the deployed stack: a module of `tests/it`, or one test of it
    #[arg(long, value_name = "TESTS", conflicts_with_all = ["aws", "lanes", "since"])]
    pub(crate) only: Option<String>,
    /// Only this part of the tests; more than once for several
    #[arg(long = "lane", value_name = "LANE", value_enum, conflicts_with = "aws")]
    pub(crate) lanes: Vec<Lane>,
    /// Only the lane `static`, where nothing but documents (*.md) differs from this commit
    #[arg(long, value_name = "COMMIT", conflicts_with = "aws")]
    pub(crate) since: Option<String>,
    /// The long tail whole, and not the part of it whose turn it is: before a release
    #[arg(long)]
    pub(crate) all: bool,
    /// Tools and programs are there
    #[arg(long, hide = true, requires = "lanes")]
    pub(crate) prepared: bool,
    #[command(flatten)]
    pub(crate) aws: AwsOptions,
}

pub(crate) fn run(place: &Place, options: &TestOptions) -> Result<()> {
    if let Some(tests) = &options.only {
        return deployed::only(place, &prepare(place, Shard::One(0))?.aws, tests);
    }
    let shard = Shard::find(place, options.all);
    let documents_alone = options.since.as_deref().map(|since| only_documents_since(place, since)).transpose()?;
    if documents_alone == Some(true) {
        return some(place, &[Lane::Static], shard);
    }
    match options.lanes.as_slice() {
        [] => all(place, shard),
        lanes if options.prepared => beside::run(place, lanes, shard),
        lanes => some(place, lanes, shard),
    }
}

/// What tests of every lane need besides what cargo has built.
#[derive(Debug)]
struct Prepared {
    aws: Tools,
    ccxt: Tools,
    runner: Runner,
}

impl Prepared {
    /// What is there is not installed again.
    fn find(place: &Place) -> Result<Self> {
        Ok(Self { aws: Tools::install(place)?, ccxt: ccxt::install(place)?, runner: Runner::find() })
    }
}

fn prepare(place: &Place, shard: Shard) -> Result<Prepared> {
    let _building = place.lock_building()?;
    let prepared = Prepared::find(place)?;
    fetch_crates(place)?;
    schemathesis::install(place)?;
    typed_client::install(place)?;
    crate::web::install(place)?;
    browser::find_or_install()?;
    if shard == Shard::All {
        second_opinion::install(place)?;
    }
    functions::build_and_stage(place, Selection::WholeWorkspaceWithTests)?;
    Ok(prepared)
}

fn some(place: &Place, lanes: &[Lane], shard: Shard) -> Result<()> {
    let (budgets, prepared, mut taken) = (Budgets::of(place, shard)?, prepare(place, shard)?, Taken::default());
    let lookout = Lookout::begin();
    let mut parts = Parts::default();
    for &lane in lanes {
        parts.hear(taken.run(lane, || one(place, lane, &prepared, shard)))?;
    }
    parts.hear(lookout.end())?;
    parts.hear(taken.tell(&budgets))?;
    parts.end()
}

fn one(place: &Place, lane: Lane, prepared: &Prepared, shard: Shard) -> Result<()> {
    match lane {
        Lane::Static => unmoving(place, prepared),
        Lane::Pure => pure(place, prepared, shard),
        Lane::Simulation => simulation(place, prepared, shard),
        Lane::Alone => deployed::alone(place, shard),
        Lane::Stack => deployed::together(place, &prepared.aws, shard),
        Lane::Web => {
            deployed::wait_for_alone(place)?;
            web::run(place, &prepared.aws)
        }
    }
}

fn all(place: &Place, shard: Shard) -> Result<()> {
    let this = beside::this_program()?;
    let (budgets, prepared, mut taken) = (Budgets::of(place, shard)?, prepare(place, shard)?, Taken::default());
    // What was to be fetched has been: from here on nobody is asked who is not on this machine.
    let lookout = Lookout::begin();
    let stacks = Beside::begin(place, &this, ("Tests on stacks", &[Lane::Alone, Lane::Stack]), shard)?;
    let mut parts = Parts::default();
    for lane in [Lane::Static, Lane::Pure] {
        parts.hear(taken.run(lane, || one(place, lane, &prepared, shard)))?;
    }
    let web = Beside::begin(place, &this, ("Tests of the dashboard", &[Lane::Web]), shard)?;
    parts.hear(taken.run(Lane::Simulation, || one(place, Lane::Simulation, &prepared, shard)))?;
    parts.hear(web.end(&mut taken))?;
    parts.hear(stacks.end(&mut taken))?;
    parts.hear(lookout.end())?;
    parts.hear(taken.tell(&budgets))?;
    parts.end()
}

/// Whether what differs from that commit, committed or not, are documents and nothing else.
fn only_documents_since(place: &Place, commit: &str) -> Result<bool> {
    let mut git = Command::new("git");
    git.current_dir(&place.root).args(["diff", "--name-only", "--no-renames", commit, "--"]);
    let changed = capture(&mut git).map_err(|failure| Failure::new(format!("--since {commit}: {failure}")))?;
    Ok(changed.lines().all(|path| path.ends_with(".md")))
}

/// Of every target: a test reads the licences of all of them.
fn fetch_crates(place: &Place) -> Result<()> {
    let fetching = step("Crates of every target");
    capture(cargo().current_dir(&place.root).args(["fetch", "--locked"]))?;
    fetching.done("");
    Ok(())
}

fn lint_template(place: &Place, tools: &Tools) -> Result<()> {
    let linting = step("Template");
    capture(tools.command("cfn-lint").arg(place.template()))?;
    // What counts calls reads it as well, and comes last.
    bench::Template::read(place, tools)?.examine()?;
    linting.done("");
    Ok(())
}

/// The ladders that tests hold plans and backtests against, reckoned anew by whoever does not know the code.
fn golden_ladders(place: &Place) -> Result<()> {
    let reckoning = step("Golden ladders");
    let python = python::find().unwrap_or("python3");
    for script in ["tests/golden/ladder/reference.py", "tests/golden/backtest/ladders.py"] {
        capture(Command::new(python).arg(place.root.join(script)).arg("--check"))?;
    }
    reckoning.done("");
    Ok(())
}

/// The requests that tests hold ours against, made anew by the library that they are of; it sends none.
fn golden_requests(place: &Place, client: &Tools) -> Result<()> {
    let making = step("Golden requests");
    for script in ["tests/golden/ccxt/capture.py", "tests/golden/ccxt/breadth.py"] {
        capture(client.command("python").current_dir(&place.root).args([script, "--check"]))
            .map_err(|failure| failure.next(format!("infra/ccxt/.venv/bin/python {script}")))?;
    }
    making.done("");
    Ok(())
}

/// nextest where it is installed, else what every Rust has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Runner {
    Nextest,
    Cargo,
}

impl Runner {
    pub(crate) fn find() -> Self {
        if succeeds(cargo().args(["nextest", "--version"])) { Self::Nextest } else { Self::Cargo }
    }

    pub(crate) fn command(self, place: &Place) -> Command {
        let mut command = cargo();
        command.current_dir(&place.root).args(match self {
            Self::Nextest => ["nextest", "run"].as_slice(),
            Self::Cargo => ["test"].as_slice(),
        });
        // Tests reach no other machine, so few certificates do: each client reads them, and a system's hundreds take a tenth of a
        // second.
        command.env("SSL_CERT_FILE", place.root.join("shared/aws/roots/amazon.pem")).env_remove("SSL_CERT_DIR");
        command
    }
}

/// What reads the repository alone, and tests of documents.
fn unmoving(place: &Place, prepared: &Prepared) -> Result<()> {
    generate::check(place)?;
    prose::check(place)?;
    lint_template(place, &prepared.aws)?;
    typed_client::check(place)?;
    golden_ladders(place)?;
    golden_requests(place, &prepared.ccxt)?;
    without_stack(place, prepared, "Tests of the repository", &STATIC, &[], |_| ())
}

fn pure(place: &Place, prepared: &Prepared, shard: Shard) -> Result<()> {
    let mut parts = Parts::default();
    let others = shard.left_out_of(Lane::Pure);
    parts.hear(without_stack(place, prepared, "Tests without a stack", &PURE, &others, |_| ()))?;
    parts.hear(bench::hold_counts(place))?;
    parts.end()
}

/// Keeps the simulation's allocator from returning memory, which takes a twentieth of its time.
/// <https://microsoft.github.io/mimalloc/environment.html> (2026-11-27)
const KEEPS_MEMORY: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "-1");

/// The money path under faults; how much was played is compared with what was played before.
fn simulation(place: &Place, prepared: &Prepared, shard: Shard) -> Result<()> {
    let (census, others) = (census::Census::begin(place)?, shard.left_out_of(Lane::Simulation));
    // Where a story has failed, the census would say no more than that.
    without_stack(place, prepared, "Simulation", &SIMULATION, &others, |tests| {
        census.tell(shard.tell(tests)).envs([KEEPS_MEMORY]);
    })?;
    census.hold(place, shard)
}

/// Tests of a lane, as each runner is told.
struct Which {
    nextest: &'static str,
    cargo: &'static [&'static str],
}

const STATIC: Which = Which {
    nextest: "binary(house) or package(document)",
    cargo: &["--workspace", "--test", "house", "--test", "document"],
};
const PURE: Which = Which {
    nextest: "not package(it) and not package(document) and not package(sim)",
    cargo: &["--workspace", "--exclude", "it", "--exclude", "document", "--exclude", "sim"],
};
const SIMULATION: Which = Which { nextest: "package(sim)", cargo: &["--package", "sim"] };

fn without_stack(
    place: &Place,
    prepared: &Prepared,
    what: &str,
    which: &Which,
    but: &[Skipped],
    tell: impl FnOnce(&mut Command),
) -> Result<()> {
    let testing = heading(what);
    Skipped::tell(but);
    let mut tests = giving_way(&prepared.runner.command(place));
    match prepared.runner {
        // The whole workspace, whatever is run: another selection would be another set of features to compile.
        Runner::Nextest => {
            let which = format!("({}){}", which.nextest, Skipped::for_nextest(but));
            tests.args(["--workspace", "--no-fail-fast", "-E", &which])
        }
        Runner::Cargo => tests.args(which.cargo).arg("--").args(Skipped::for_cargo(but)),
    };
    tell(ccxt::tell(&prepared.ccxt, &mut tests));
    show(&mut tests)?;
    testing.done("");
    Ok(())
}
