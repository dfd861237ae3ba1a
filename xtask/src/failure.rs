//! What a person reads when a command did not work: what went wrong, and the next step.

use std::fmt;
use std::process::ExitCode;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};

pub(crate) type Result<T> = std::result::Result<T, Failure>;

#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    next: Option<String>,
    code: u8,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None, code: 1 }
    }

    /// What the person can do about it.
    pub(crate) fn next(mut self, step: impl Into<String>) -> Self {
        self.next = Some(step.into());
        self
    }

    /// Ctrl-C is no error: 130 is what shells expect, and no advice is needed.
    pub(crate) fn interrupted() -> Self {
        Self { what: "interrupted".into(), next: None, code: 130 }
    }

    /// A command whose own output already says what is wrong: only its exit code counts.
    pub(crate) fn told(what: impl Into<String>, code: Option<i32>) -> Self {
        let code = code.and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0).unwrap_or(1);
        Self { what: what.into(), next: None, code }
    }

    pub(crate) fn tell(&self) -> ExitCode {
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        eprintln!("{red}failed:{red:#} {}", self.what);
        if let Some(next) = &self.next {
            eprintln!("  next: {next}");
        }
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Names what was being done when an error of the system came.
pub(crate) trait While<T> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> While<T> for std::result::Result<T, E> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure::new(format!("{what}: {error}")))
    }
}
