//! Running other programs: silently, with their words kept for the error, or in full view.

use std::io::ErrorKind;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::failure::{Failure, Result, While};
use crate::interrupt;

const LOOK: Duration = Duration::from_millis(50);
const LINES_OF_ERROR_MAX: usize = 20;

/// Without what cargo has told this program about itself: crates that ask for such words would be built anew.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}

/// The same, with the processors for whoever else wants them.
pub(crate) fn giving_way(command: &Command) -> Command {
    let mut lower = Command::new("nice");
    lower.args(["-n", "10"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => lower.env(name, value),
            None => lower.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        lower.current_dir(folder);
    }
    lower
}

/// Runs silently and gives what it printed; a failure quotes the end of its error output.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let (errors, said) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    let words = if errors.trim().is_empty() { said } else { errors };
    Err(Failure::new(format!("{} failed ({})\n{}", name(command), output.status, tail(&words))))
}

/// Whether it ran and succeeded; nobody hears it.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok_and(|output| output.status.success())
}

fn output(command: &mut Command) -> Result<Output> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if interrupt::came() { Err(Failure::interrupted()) } else { Ok(output) }
}

/// Runs with its output in view.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let status = wait(start(command)?)?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::told(format!("{} ({status}); what it said stands above", name(command)), status.code()))
}

pub(crate) fn start(command: &mut Command) -> Result<Child> {
    command.stdin(Stdio::null()).spawn().map_err(|error| not_started(command, &error))
}

/// Waits for a child; an interruption ends the child first.
pub(crate) fn wait(mut child: Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().while_doing("waiting for a program")? {
            return if interrupt::came() { Err(Failure::interrupted()) } else { Ok(status) };
        }
        if let Err(interrupted) = interrupt::pause(LOOK) {
            // Ctrl-C reached the child as well; `kill` of this process alone did not.
            end(child);
            return Err(interrupted);
        }
    }
}

/// Ends a child politely.
pub(crate) fn end(mut child: Child) {
    let _ = kill_process(Pid::from_child(&child), Signal::TERM);
    let _ = child.wait();
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let failure = Failure::new(format!("cannot run `{}`: {error}", command.get_program().to_string_lossy()));
    if error.kind() == ErrorKind::NotFound { failure.next("install it, or put it on the PATH") } else { failure }
}

/// Program and first words, enough to recognise it.
fn name(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().take(5).map(|word| word.to_string_lossy().into_owned());
    format!("`{}`", std::iter::once(program).chain(words).collect::<Vec<_>>().join(" "))
}

/// The last lines of a text, which is where programs say what went wrong.
pub(crate) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().rev().take(LINES_OF_ERROR_MAX).collect();
    lines.into_iter().rev().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
