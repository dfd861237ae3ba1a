//! What went wrong, and what to do next.

use crate::table::printable;
use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use std::process::ExitCode;

#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    what: String,
    next: Option<String>,
    /// As the server names it.
    code: Option<String>,
    /// Whether it may have been done all the same.
    is_unsure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The server said no, or could not be reached.
    Refused,
    /// The server knows no such token.
    Unauthorized,
    /// What was given cannot be used.
    Input,
}

impl Failure {
    pub(crate) fn refused(what: impl Into<String>) -> Self {
        Self { kind: Kind::Refused, what: what.into(), next: None, code: None, is_unsure: false }
    }

    pub(crate) fn input(what: impl Into<String>) -> Self {
        Self { kind: Kind::Input, what: what.into(), next: None, code: None, is_unsure: false }
    }

    pub(crate) fn unauthorized(self) -> Self {
        Self { kind: Kind::Unauthorized, ..self }
    }

    pub(crate) fn is_unauthorized(&self) -> bool {
        self.kind == Kind::Unauthorized
    }

    pub(crate) fn unsure(self) -> Self {
        Self { is_unsure: true, ..self }
    }

    pub(crate) fn is_unsure(&self) -> bool {
        self.is_unsure
    }

    pub(crate) fn coded(self, code: Option<String>) -> Self {
        Self { code, ..self }
    }

    pub(crate) fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }

    pub(crate) fn next(self, step: impl Into<String>) -> Self {
        Self { next: Some(step.into()), ..self }
    }

    /// Tells it on standard error.
    pub(crate) fn tell(&self) -> ExitCode {
        let (red, dim) = (Style::new().bold().fg_color(Some(AnsiColor::Red.into())), Style::new().dimmed());
        eprintln!("{red}error:{red:#} {}", printable(&self.what));
        if let Some(next) = &self.next {
            eprintln!("{dim}next:{dim:#}  {}", printable(next));
        }
        match self.kind {
            Kind::Refused | Kind::Unauthorized => ExitCode::from(1),
            Kind::Input => ExitCode::from(2),
        }
    }

    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        format!("{} | {}", self.what, self.next.as_deref().unwrap_or("-"))
    }
}
