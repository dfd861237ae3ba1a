//! What others say of our requests: the contract of the store on moto's server, which does what DynamoDB does in its own way,
//! and each shape of request that the tests have sent, checked against botocore's models, the documented limits and moto's
//! parsers of expressions. With `--all`.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::aws_cli::Endpoint;
use crate::emulator::{Port, free_port};
use crate::failure::{Failure, Result, While};
use crate::health;
use crate::integration::{self, Skipped, Tests};
use crate::interrupt::pause;
use crate::place::{Place, StackFolder};
use crate::process::{self, capture, show};
use crate::progress::{heading, step};
use crate::python::Tools;

const SERVER: &str = "moto_server";
const HEALTH: &str = "/moto-api/data.json";
const START_MAX: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);
const CONTRACT: &str = "contract";
/// A transaction that it refuses takes back what others have written meanwhile.
const AT_ONCE: &str = "1";
/// Where moto 5.2.5 does not do what DynamoDB documents.
const CANNOT: [Skipped; 4] = [
    Skipped {
        tests: "contract::audit::changes_at_once_stand_one_after_another",
        why: "a transaction that moto refuses takes back what others have written meanwhile",
    },
    Skipped {
        tests: "contract::engine::numbers_are_exact_and_have_no_zeros_at_their_ends",
        why: "moto keeps the zeros at the end of a number",
    },
    Skipped { tests: "contract::engine::what_cannot_stand_there_is_refused", why: "moto takes an empty key" },
    Skipped {
        tests: "contract::recovery::a_table_is_one_and_the_same_however_often_it_is_asked",
        why: "moto gives tables no id",
    },
];

/// The caller holds the lock of building.
pub(crate) fn install(place: &Place) -> Result<Tools> {
    Tools::install_in(&place.second_opinion(), "second opinion on requests (moto; once)")
}

/// The contract, of the stack's template, on a server of its own that is ended with it.
pub(crate) fn contract(place: &Place, tools: &Tools, folder: &StackFolder) -> Result<()> {
    let port = free_port(Port::Free)?;
    let mut server = Server::start(tools, folder, port)?;
    let stack = folder.file("moto.json");
    let asked = server.wait_until_healthy(folder, port).and_then(|()| elsewhere(folder, &Endpoint::ours(port), &stack));
    let asked = asked.and_then(|()| {
        integration::run(place, folder, AT_ONCE, Tests { only: Some(CONTRACT), but: &CANNOT }, |command| {
            Endpoint::ours(port).apply(command);
            command.env("MONIQO_STACK", &stack);
        })
    });
    let stopped = server.stop();
    asked.and(stopped)
}

/// What was recorded of the requests to a stack.
pub(crate) fn check(place: &Place, tools: &Tools, recorded: &Path) -> Result<()> {
    let checking = heading("Requests, as botocore and moto read them");
    let scripts = place.second_opinion();
    capture(tools.command("python").args(["-m", "unittest", "discover", "--start-directory"]).arg(&scripts))?;
    show(tools.command("python").arg(scripts.join("check_requests.py")).arg(recorded))?;
    checking.done("");
    Ok(())
}

/// Where tests find this stack if they ask another endpoint about it.
fn elsewhere(folder: &StackFolder, endpoint: &Endpoint, file: &Path) -> Result<()> {
    let saved = fs::read(folder.file("stack.json")).while_doing("reading the stack's URLs")?;
    let mut stack: Map<String, Value> = serde_json::from_slice(&saved).while_doing("reading the stack's URLs")?;
    stack.insert("aws_endpoint_url".to_owned(), endpoint.url.clone().into());
    fs::write(file, Value::from(stack).to_string()).while_doing("saving the other endpoint")
}

struct Server(Child);

impl Server {
    fn start(tools: &Tools, folder: &StackFolder, port: u16) -> Result<Self> {
        let log = File::create(folder.file("moto.log")).while_doing("making moto's log")?;
        let mut command = Command::new(tools.program(SERVER));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command.stderr(log.try_clone().while_doing("sharing moto's log")?).stdout(log);
        process::start(&mut command).map(Self)
    }

    fn wait_until_healthy(&mut self, folder: &StackFolder, port: u16) -> Result<()> {
        let starting = step("Starting moto");
        let until = Instant::now() + START_MAX;
        while !health::answers(port, HEALTH) {
            let has_ended = self.0.try_wait().is_ok_and(|ended| ended.is_some());
            if has_ended || Instant::now() > until {
                let said = fs::read_to_string(folder.file("moto.log")).unwrap_or_default();
                return Err(Failure::new(format!("{SERVER} did not start; it said:\n{}", process::tail(&said))));
            }
            pause(LOOK)?;
        }
        starting.done("");
        Ok(())
    }

    fn stop(mut self) -> Result<()> {
        self.0.kill().while_doing("ending moto")?;
        self.0.wait().while_doing("ending moto").map(drop)
    }
}
