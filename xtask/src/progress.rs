//! One line per step on stderr: a spinner for people, plain lines in a pipe.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};

const FRAME: Duration = Duration::from_millis(100);

/// A step that runs; dropped without `done`, it was not finished.
#[derive(Debug)]
pub(crate) struct Step {
    text: String,
    since: Instant,
    spinner: Option<ProgressBar>,
}

/// Begins a step whose commands are silent.
pub(crate) fn step(text: impl Into<String>) -> Step {
    let text = text.into();
    let spinner = stderr().is_terminal().then(|| spin(&text));
    if spinner.is_none() {
        eprintln!("{text} …");
    }
    Step { text, since: Instant::now(), spinner }
}

/// Begins a step whose commands show their own progress below this line.
pub(crate) fn heading(text: impl Into<String>) -> Step {
    let text = text.into();
    let bold = Style::new().bold();
    eprintln!("{bold}{text} …{bold:#}");
    Step { text, since: Instant::now(), spinner: None }
}

fn spin(text: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(text.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(FRAME);
    bar
}

impl Step {
    /// More about what is being waited for.
    pub(crate) fn now(&self, detail: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(format!("{}: {detail}", self.text));
        }
    }

    pub(crate) fn done(self, detail: impl AsRef<str>) {
        let green = Style::new().fg_color(Some(AnsiColor::Green.into()));
        let detail = Some(detail.as_ref()).filter(|detail| !detail.is_empty());
        let detail = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
        self.clear();
        eprintln!("{green}✓{green:#} {}{detail} ({:.1} s)", self.text, self.since.elapsed().as_secs_f32());
    }

    fn clear(&self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.clear();
    }
}
