//! What can be typed, and the help that teaches it.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Follow one alert to a closed, paid-out position and a ladder through a fall, then try to break it
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
    /// Set what trading costs at the paper book of the running stack, and what its market allows; costs that are not named are none
    #[command(
        after_help = "Example: cargo xtask paper --slippage 0.05 --latency 250 --fee-asset BNB --fee-price 600 --fee-coins 1\n         cargo xtask paper --stops false --orders-max 20\nWhat it models, and what not: docs/guides/paper.md"
    )]
    Paper(crate::paper::PaperOptions),
    /// Stop the local stack and every process it started
    Down,
    /// Show what runs, where, and how full the queues are
    Status,
    /// Print the log of one function
    #[command(after_help = "Example: cargo xtask logs order-executor --follow")]
    Logs {
        /// As its folder below functions/
        #[arg(value_parser = crate::functions::NAMES)]
        function: String,
        /// Go on until Ctrl-C
        #[arg(long, short)]
        follow: bool,
    },
    /// Print the letters that the running stack has written: the emulator keeps them, and sends none
    Mails,
    /// Stop the local stack and forget its data; refuses anything but the emulator that `up` started
    Reset,
    /// Format, lints, template, tests, then the integration tests on a stack of their own
    #[command(
        after_help = "The integration tests run on fresh emulators on ports of their own; a stack from `up` is not touched.\nExamples:\n  cargo xtask test --only presets\n  cargo xtask test --only exchanges::a_verdict_says_whether_it_was_in_earnest\nWith --aws, they alone run in an AWS account, in a stack that is made for it and taken away afterwards."
    )]
    Test(crate::checks::TestOptions),
    /// Take the pictures of the dashboard that docs/guides/dashboard.md shows
    #[command(after_help = "On a stack of its own, in the system's Chromium. Look at them before you commit them.")]
    Screenshots,
    /// Count the lines that tests run: at least 90 % of domain and app, 80 % of all
    #[command(
        after_help = "Needs LLVM's tools: `rustup component add llvm-tools`, or a recent LLVM of the system, or LLVM_COV and LLVM_PROFDATA.\nThe functions run in processes of their own; what only they run is not counted."
    )]
    Coverage,
    /// Compare Cargo.lock with the known advisories; needs a network
    #[command(after_help = "Exit codes: 0 nothing found, 1 something found, 3 nothing was looked at")]
    Audit {
        /// A copy of the RustSec advisory database, used as it is
        #[arg(long, value_name = "DIR")]
        database: Option<PathBuf>,
    },
    /// Keep what this release stores, sends and receives, for every later one to read
    #[command(
        after_help = "Example: cargo xtask freeze 0.2.0\nCopies events/ to events/frozen/0.2.0/. A release is frozen once; `cargo nextest run -p wire` reads all of them."
    )]
    Freeze {
        /// The release, as in Cargo.toml
        #[arg(value_parser = crate::freeze::release)]
        release: String,
    },
    /// Write what follows from infra/functions.toml: the template's stanzas, docs/rights.md, lists of functions
    #[command(
        after_help = "What a function is (rights, schedules, routes, memory) is changed in infra/functions.toml alone.\n`cargo xtask test --lane static` fails if something else was changed."
    )]
    Generate,
    /// Count lines, traits that one type has, and functions that only hand on
    #[command(after_help = "Tests are left out. What it counted before, and when: bench/structure.md")]
    Structure {
        /// Name each of them
        #[arg(long)]
        names: bool,
    },
    /// Check the language of documents: words, length of sentences, links, subjects of commits
    #[command(
        after_help = "README.md, docs/README.md, docs/limitations.md, docs/start, docs/reference/cli.md, docs/reference/errors.md and the texts of docs/openapi.json are held to the word list and to 40 words in a sentence.\nIn other documents only sentences that are new since the commit are; words there are counted.\nExample: cargo xtask prose --since main"
    )]
    Prose {
        /// New is what this commit has not
        #[arg(long, value_name = "COMMIT", default_value = crate::prose::SINCE)]
        since: String,
    },
    /// Choose the examples of answers that docs/openapi.json shows, among those that tests have met
    #[command(
        after_help = "Tests write what they are answered into the folder that MONIQO_EXAMPLES names.\nExample: MONIQO_EXAMPLES=/tmp/answers cargo xtask test --all && cargo xtask examples /tmp/answers\n         MONIQO_WRITE_DOCS=1 cargo nextest run --workspace -E 'package(document)'"
    )]
    Examples {
        /// With the answers, as MONIQO_EXAMPLES named it
        folder: PathBuf,
    },
    /// Measure the functions as they are shipped
    #[command(subcommand)]
    Bench(crate::bench::Bench),
    /// Put it into your AWS account: build, show the changes, switch all functions at once, check, or go back
    #[command(after_help = crate::release::EXAMPLES)]
    Deploy(crate::release::DeployOptions),
    /// Help somebody in by your own rights in AWS, also while the API is away
    #[command(subcommand)]
    Users(crate::users::Users),
    /// Put what is sealed under another key, by your own rights in AWS
    #[command(subcommand)]
    Vault(crate::vault::Vault),
    /// Give a deployment that Terraform made its first user, with tokens and a paper account
    Seed(crate::first_user::SeedOptions),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoVenue {
    Paper,
    BinanceSim,
}

#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// Where it trades: on paper, or on the wire of an exchange that is simulated on this machine
    #[arg(long, value_enum, default_value_t = DemoVenue::Paper)]
    pub(crate) venue: DemoVenue,
    /// Exit code 0 only if everything shown was true; stops the stack again if it was not running before
    #[arg(long)]
    pub(crate) once: bool,
    /// How many seconds of recorded prices pass in one second
    #[arg(long, default_value_t = crate::seed::SPEED, value_parser = clap::value_parser!(u32).range(1..=3600), value_name = "TIMES")]
    pub(crate) speed: u32,
    /// Draw the ladder's prices and levels into this file as well
    #[arg(long, value_name = "FILE", value_parser = file_to_write)]
    pub(crate) svg: Option<PathBuf>,
}

/// Found out before the minutes that it takes until something is written.
fn file_to_write(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if file.is_dir() || !folder.is_dir() {
        return Err("must be a file in a folder that exists".to_owned());
    }
    Ok(file)
}
