//! The dashboard on this machine: built by Node.js, served beside the local stack by a program of ours.
//!
//! That program ends when the emulator has ended. The link that is printed logs its reader in as the seeded user, once: its key
//! stands in a file that the program deletes when the link is used.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anstream::eprintln;
use reqwest::blocking::Client;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::emulator::{Emulator, command_line};
use crate::failure::{Failure, Result, While};
use crate::interrupt::{self, pause};
use crate::node::Node;
use crate::place::{Place, StackFolder};
use crate::process::{self, capture};
use crate::progress::step;
use crate::report::write_ours;
use crate::seed::{self, Seeded};
use crate::stack::{DEV, Stack};

pub(crate) const PROGRAM: &str = "web-server";
const EMAIL: &str = "you@example.com";
const USERNAME: &str = "you";
const START_MAX: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(50);

/// Where the dashboard answers.
#[derive(Debug)]
pub(crate) struct Site {
    url: String,
    link: PathBuf,
    login: Option<LogIn>,
}

/// Node.js and the packages. The caller holds the lock of building.
pub(crate) fn install(place: &Place) -> Result<Node> {
    Node::install(place, place.web(), "the dashboard")
}

/// Types from the API's document, and the files that are served.
pub(crate) fn build(place: &Place) -> Result<()> {
    let node = install(place)?;
    let building = step("Building the dashboard");
    for script in ["types", "build"] {
        capture(&mut node.script(script)?)?;
    }
    building.done("");
    Ok(())
}

/// The dashboard beside a local stack. Where it cannot be built or served, that is said, and all else goes on without it.
pub(crate) fn beside(place: &Place, stack: &Stack, seeded: &Seeded) -> Result<Option<Site>> {
    let folder = place.stack(DEV)?;
    let Some(emulator) = Emulator::find(place, &folder) else {
        eprintln!("skipped: the dashboard (it is served beside an emulator of `cargo xtask up` only)");
        return Ok(None);
    };
    let building = place.lock_building()?;
    let built = build(place);
    drop(building);
    match built.and_then(|()| Site::find_or_start(place, &folder, stack, seeded, emulator.pid())) {
        Ok(site) => Ok(Some(site)),
        Err(failure) if interrupt::came() => Err(failure),
        Err(failure) => {
            eprintln!("skipped: the dashboard ({failure})");
            Ok(None)
        }
    }
}

impl Site {
    /// The one that runs beside this emulator, else a new one.
    pub(crate) fn find_or_start(
        place: &Place,
        folder: &StackFolder,
        stack: &Stack,
        seeded: &Seeded,
        emulator: i32,
    ) -> Result<Self> {
        let login = LogIn::find_or_make(folder, stack, seeded)?;
        let running = url(folder).filter(|_| runs(folder));
        let url = running.map_or_else(|| start(place, folder, stack, login.as_ref(), emulator), Ok)?;
        Ok(Self { url, link: link(folder), login })
    }

    /// An address that logs the seeded user in, once; the one before it is void. Without their password it is the dashboard's own.
    pub(crate) fn log_in_link(&self) -> Result<String> {
        if self.login.is_none() {
            return Ok(self.url.clone());
        }
        let key = seed::random()?;
        write_ours(&self.link, key.as_bytes()).while_doing("writing the key of the log-in link")?;
        Ok(format!("{}/enter?key={key}", self.url))
    }

    /// Tells stories where it is, and who may do everything there.
    pub(crate) fn tell<'c>(&self, stories: &'c mut Command) -> &'c mut Command {
        let login = self
            .login
            .iter()
            .flat_map(|LogIn { email, password }| [("MONIQO_EMAIL", email), ("MONIQO_PASSWORD", password)]);
        stories.env("MONIQO_SITE", &self.url).envs(login)
    }
}

/// Whether the one that was started in this folder is still there: another program may have got its port.
fn runs(folder: &StackFolder) -> bool {
    let told = fs::read_to_string(said(folder)).unwrap_or_default();
    let pid = told.lines().find_map(|line| line.strip_prefix("pid=")?.parse().ok());
    pid.and_then(command_line).is_some_and(|line| line.contains(PROGRAM))
}

/// Where the one answers that was started in this folder.
fn url(folder: &StackFolder) -> Option<String> {
    let told = fs::read_to_string(said(folder)).ok()?;
    let url = told.lines().find_map(|line| line.strip_prefix("url="))?;
    told.lines().any(|line| line == "ready=true").then(|| url.to_owned())
}

fn link(folder: &StackFolder) -> PathBuf {
    folder.file("web-link")
}

/// It is not waited for: it ends when the emulator has ended.
fn start(place: &Place, folder: &StackFolder, stack: &Stack, login: Option<&LogIn>, emulator: i32) -> Result<String> {
    let starting = step("Starting the dashboard");
    let log = File::create(said(folder)).while_doing("making its log")?;
    let mut command = Command::new(place.staged_functions().join(PROGRAM).join(PROGRAM));
    command.arg("--dist").arg(place.web().join("dist")).arg("--link").arg(link(folder));
    command.args(["--api", &stack.api_url, "--beside", &emulator.to_string()]).env_clear().process_group(0);
    if let Some(LogIn { email, password }) = login {
        command.args(["--email", email]).env("MONIQO_PASSWORD", password);
    }
    command.stderr(log.try_clone().while_doing("sharing its log")?).stdout(log);
    let url = wait(folder, process::start(&mut command)?)?;
    starting.done(&url);
    Ok(url)
}

fn wait(folder: &StackFolder, mut child: Child) -> Result<String> {
    let until = Instant::now() + START_MAX;
    loop {
        if let Some(url) = url(folder) {
            return Ok(url);
        }
        let ended = child.try_wait().while_doing("waiting for the dashboard")?.is_some();
        if ended || Instant::now() > until {
            let told = fs::read_to_string(said(folder)).unwrap_or_default();
            return Err(Failure::new(format!("{PROGRAM} did not start; it said:\n{}", process::tail(&told))));
        }
        pause(LOOK)?;
    }
}

fn said(folder: &StackFolder) -> PathBuf {
    folder.file("web-server.log")
}

/// How the seeded user logs in. Only this machine knows the password.
#[derive(Debug, Serialize, Deserialize)]
struct LogIn {
    email: String,
    password: String,
}

impl LogIn {
    /// None where a user was registered by others: they log in as they have chosen.
    fn find_or_make(folder: &StackFolder, stack: &Stack, seeded: &Seeded) -> Result<Option<Self>> {
        let file = folder.file("log-in.json");
        if let Some(known) = fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok()) {
            return Ok(Some(known));
        }
        let login = Self { email: EMAIL.to_owned(), password: seed::random()? };
        // Written down first: the first token registers one user, once.
        write_ours(&file, &serde_json::to_vec(&login).while_doing("writing the log-in down")?)
            .while_doing("writing the log-in down")?;
        if login.register(stack, seeded)? {
            return Ok(Some(login));
        }
        fs::remove_file(&file).while_doing("forgetting the log-in")?;
        Ok(None)
    }

    fn register(&self, stack: &Stack, seeded: &Seeded) -> Result<bool> {
        let Self { email, password } = self;
        let user = json!({"email": email, "username": USERNAME, "password": password, "bootstrap_code": seeded.token});
        let url = format!("{}/api/v1/auth/register", stack.api_url);
        let until = Instant::now() + START_MAX;
        loop {
            let told = Client::new().post(&url).json(&user).send().while_doing("registering the seeded user")?;
            // A function that has just begun may be late on a busy machine: that is no refusal.
            if !told.status().is_server_error() || Instant::now() > until {
                return Ok(told.status().is_success());
            }
            pause(LOOK)?;
        }
    }
}
