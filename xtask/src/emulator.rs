//! The AWS emulator of one stack: started in a process group of its own, remembered by pid and port, stopped as a whole.
//!
//! Invariants: (1) it listens on this machine only; (2) what is stopped is what was started: the pid must still be our
//! program; (3) after `stop` neither the emulator nor a function's process is left.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use serde::{Deserialize, Serialize};

use crate::aws_cli::{Endpoint, LOCAL_REGION};
use crate::failure::{Failure, Result, While};
use crate::health;
use crate::interrupt::{self, pause};
use crate::place::{Place, StackFolder};
use crate::process;
use crate::progress::step;
use crate::python::Tools;
use crate::venue_sim;

const HEALTH: &str = "/_ministack/health";
const USUAL_PORT: u16 = 4566;
const START_MAX: Duration = Duration::from_secs(60);
const STOP_MAX: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(100);
const PROGRAM: &str = "ministack";
/// Functions at once, as a new account of AWS has it: everything has to work inside.
const ACCOUNT_CONCURRENCY: &str = "10";

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Running {
    pid: i32,
    port: u16,
}

#[derive(Debug)]
pub(crate) struct Emulator {
    folder: StackFolder,
    running: Running,
    /// Held while the process that started them lives: a child must be waited for, or its group never ends.
    children: Vec<Child>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Port {
    /// The port that AWS emulators are known by, if it is free.
    Usual,
    /// Any free port, so that no other stack is in the way.
    Free,
}

impl Emulator {
    /// The emulator that an earlier command left running in this folder.
    pub(crate) fn find(place: &Place, folder: &StackFolder) -> Option<Self> {
        let remembered = fs::read(memory(folder)).ok()?;
        let running: Running = serde_json::from_slice(&remembered).ok()?;
        let ours = command_line(running.pid)?;
        let is_ours = ours.contains(PROGRAM) && ours.contains(&*place.python_tools().to_string_lossy());
        is_ours.then(|| Self { folder: folder.clone(), running, children: Vec::new() })
    }

    pub(crate) fn start(place: &Place, tools: &Tools, folder: &StackFolder, port: Port) -> Result<Self> {
        Self::started(place, tools, folder, port, None)
    }

    /// One that keeps each shape of request that it is sent in this file.
    pub(crate) fn start_recording(place: &Place, tools: &Tools, folder: &StackFolder, requests: &Path) -> Result<Self> {
        Self::started(place, tools, folder, Port::Free, Some(requests))
    }

    fn started(
        place: &Place,
        tools: &Tools,
        folder: &StackFolder,
        port: Port,
        requests: Option<&Path>,
    ) -> Result<Self> {
        let starting = step("Starting the emulator");
        let port = free_port(port)?;
        let child = launch(place, tools, folder, port, requests)?;
        let pid = child.id().try_into().while_doing("remembering the emulator's process id")?;
        let mut emulator = Self { folder: folder.clone(), running: Running { pid, port }, children: vec![child] };
        let started = emulator.remember().and_then(|()| emulator.wait_until_healthy());
        if started.is_ok() {
            starting.done(emulator.endpoint().url);
        } else {
            drop(starting);
        }
        match started.and_then(|()| venue_sim::start(place, folder, pid)) {
            Ok(exchanges) => {
                emulator.children.push(exchanges);
                Ok(emulator)
            }
            Err(failure) => {
                emulator.stop()?;
                Err(failure)
            }
        }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::ours(self.running.port)
    }

    pub(crate) fn pid(&self) -> i32 {
        self.running.pid
    }

    pub(crate) fn is_healthy(&self) -> bool {
        health::answers(self.running.port, HEALTH)
    }

    /// Ends the emulator and its functions' processes: politely, then by force.
    pub(crate) fn stop(mut self) -> Result<()> {
        if let Some(group) = Pid::from_raw(self.running.pid) {
            let _ = kill_process_group(group, Signal::TERM);
            if !self.ends_within(group, STOP_MAX) {
                let _ = kill_process_group(group, Signal::KILL);
                self.ends_within(group, STOP_MAX);
            }
        }
        match fs::remove_file(memory(&self.folder)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).while_doing("forgetting the emulator's process id")
            }
            _ => Ok(()),
        }
    }

    fn ends_within(&mut self, group: Pid, time: Duration) -> bool {
        let until = Instant::now() + time;
        while Instant::now() < until {
            for child in &mut self.children {
                let _ = child.try_wait();
            }
            if test_kill_process_group(group).is_err() {
                return true;
            }
            interrupt::rest(LOOK);
        }
        false
    }

    fn remember(&self) -> Result<()> {
        let json = serde_json::to_vec(&self.running).while_doing("remembering the emulator")?;
        fs::write(memory(&self.folder), json).while_doing("remembering the emulator")
    }

    fn wait_until_healthy(&mut self) -> Result<()> {
        let until = Instant::now() + START_MAX;
        while !self.is_healthy() {
            let ended = self.children.iter_mut().find_map(|child| child.try_wait().ok().flatten());
            if ended.is_some() || Instant::now() > until {
                return Err(self.did_not_start());
            }
            pause(LOOK)?;
        }
        Ok(())
    }

    fn did_not_start(&self) -> Failure {
        let log = self.folder.file("emulator.log");
        let said = fs::read_to_string(&log).unwrap_or_default();
        Failure::new(format!("the emulator did not start; it said:\n{}", process::tail(&said)))
            .next(format!("the whole log is {}; `cargo xtask reset` starts from nothing", log.display()))
    }
}

fn memory(folder: &StackFolder) -> PathBuf {
    folder.file("emulator.json")
}

/// Everything of the caller's environment stays outside: function processes inherit the emulator's.
fn launch(place: &Place, tools: &Tools, folder: &StackFolder, port: u16, requests: Option<&Path>) -> Result<Child> {
    let log = File::create(folder.file("emulator.log")).while_doing("making the emulator's log")?;
    let scratch = folder.file("tmp");
    fs::create_dir_all(&scratch).while_doing("making the emulator's scratch folder")?;
    let mut command = tools.command(PROGRAM);
    command
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(requests.map(|file| ("MONIQO_REQUESTS", file)))
        .env("HOME", &scratch)
        .env("TMPDIR", &scratch)
        .env("PYTHONPATH", place.python_tools().join("emulator"))
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .env("MINISTACK_HOST", "127.0.0.1")
        .env("MINISTACK_REGION", LOCAL_REGION)
        .env("AUTH", "true")
        .env("LAMBDA_ACCOUNT_CONCURRENCY", ACCOUNT_CONCURRENCY)
        // What it finds here, it gives to the functions.
        .env("AWS_ENDPOINT_URL", Endpoint::ours(port).url)
        .stderr(log.try_clone().while_doing("sharing the emulator's log")?)
        .stdout(log)
        // Ctrl-C in the terminal is for us alone; and one signal reaches the emulator with all its functions.
        .process_group(0);
    process::start(&mut command)
}

pub(crate) fn free_port(wish: Port) -> Result<u16> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let usual = matches!(wish, Port::Usual).then(|| bind(USUAL_PORT).ok()).flatten();
    let listener = usual.map_or_else(|| bind(0), Ok).while_doing("looking for a free port")?;
    Ok(listener.local_addr().while_doing("looking for a free port")?.port())
}

/// The command line of a process; nothing when it is gone.
pub(crate) fn command_line(pid: i32) -> Option<String> {
    if let Ok(words) = fs::read(format!("/proc/{pid}/cmdline")) {
        return Some(String::from_utf8_lossy(&words).replace('\0', " "));
    }
    process::capture(Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()])).ok()
}
