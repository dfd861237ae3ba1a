//! A function's process, started as Lambda starts it: nothing in its environment but what Lambda and the template give.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;

use super::meter::{self, Memory};
use super::runtime_api::{Invoked, RuntimeApi};
use super::servers::Servers;
use crate::failure::{Failure, Result, While};
use crate::interrupt;
use crate::process;

const LINES_KEPT: usize = 20;
const BEHIND_MAX: Duration = Duration::from_millis(50);

/// What is needed to start a function, as often as one likes.
#[derive(Debug, Clone)]
pub(crate) struct Kit<'a> {
    pub(crate) function: &'a str,
    pub(crate) binary: &'a Path,
    pub(crate) memory: u64,
    /// Of the template, with the endpoint of the cloud it talks to.
    pub(crate) environment: Vec<(String, String)>,
}

/// Ends when dropped.
#[derive(Debug)]
pub(crate) struct Sandbox {
    child: Child,
    api: RuntimeApi,
    pub(crate) since: Instant,
    /// From the start of the process to its first asking for work.
    pub(crate) start: Duration,
    said: Arc<Mutex<Said>>,
}

/// Its log: the last lines, and how long all of them were.
#[derive(Debug, Default)]
struct Said {
    last: Vec<String>,
    bytes: u64,
}

impl Said {
    fn hear(&mut self, line: String) {
        let line_end = 1;
        let bytes = u64::try_from(line.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes).saturating_add(line_end);
        if self.last.len() >= LINES_KEPT {
            self.last.remove(0);
        }
        self.last.push(line);
    }
}

impl Sandbox {
    /// Starts the process and waits until it is ready for work.
    pub(crate) fn start(servers: &Servers, kit: &Kit<'_>) -> Result<Self> {
        let api = RuntimeApi::serve(servers)?;
        let mut command = kit.command(&api.address());
        let since = Instant::now();
        let child = process::start(&mut command)?;
        let mut sandbox = Self { child, api, since, start: Duration::ZERO, said: Arc::default() };
        sandbox.listen();
        let ready = sandbox.api.asked().map_err(|failure| sandbox.explain(kit.function, &failure))?;
        sandbox.start = ready.saturating_duration_since(since);
        Ok(sandbox)
    }

    /// One event through the waiting process, which waits again afterwards.
    pub(crate) fn invoke(&self, function: &str, event: Bytes) -> Result<Invoked> {
        let invoked = self.api.invoke(event).and_then(|invoked| self.api.asked().map(|_| invoked));
        invoked.map_err(|failure| self.explain(function, &failure))
    }

    pub(crate) fn memory(&self) -> Result<Memory> {
        meter::memory(self.child.id())
    }

    pub(crate) fn processor_time(&self) -> Result<Duration> {
        meter::processor_time(self.child.id())
    }

    /// Its output is read as it comes, as Lambda reads it; the last lines are kept for an error.
    fn listen(&mut self) {
        let pipes: [Option<Box<dyn Read + Send>>; 2] = [
            self.child.stdout.take().map(|pipe| Box::new(pipe) as _),
            self.child.stderr.take().map(|pipe| Box::new(pipe) as _),
        ];
        for pipe in pipes.into_iter().flatten() {
            let said = Arc::clone(&self.said);
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(std::io::Result::ok) {
                    said.lock().unwrap_or_else(PoisonError::into_inner).hear(line);
                }
            });
        }
    }

    /// The failure, with the last that the process said.
    pub(crate) fn explain(&self, function: &str, failure: &Failure) -> Failure {
        Failure::new(format!("{function}: {failure}; it said:\n{}", self.said()))
    }

    /// Of all its log. An event's line leaves before its answer; whoever reads it may be a little behind.
    pub(crate) fn log_bytes(&self) -> Result<u64> {
        let mut bytes = self.heard().bytes;
        loop {
            interrupt::pause(BEHIND_MAX)?;
            let now = self.heard().bytes;
            if now == bytes {
                return Ok(now);
            }
            bytes = now;
        }
    }

    fn heard(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last lines of its log.
    pub(crate) fn said(&self) -> String {
        process::tail(&self.heard().last.join("\n"))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Kit<'_> {
    fn command(&self, runtime_api: &str) -> Command {
        let mut command = Command::new(self.binary);
        command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("AWS_LAMBDA_RUNTIME_API", runtime_api);
        command.env("AWS_LAMBDA_FUNCTION_NAME", format!("moniqo-{}", self.function));
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", self.memory.to_string());
        command.env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST").env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        command.env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/moniqo-{}", self.function));
        command.env("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/31/[$LATEST]0123456789abcdef");
        command.env("AWS_REGION", "eu-central-1").env("AWS_DEFAULT_REGION", "eu-central-1");
        command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        command.env("LANG", "en_US.UTF-8").env("TZ", ":UTC").env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.env("LAMBDA_TASK_ROOT", "/var/task").env("_HANDLER", "bootstrap");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

pub(crate) fn bytes_of(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).while_doing(format_args!("reading {}", file.display()))
}
