//! One screen: events as lines, promises with a mark, the rest in between.

use std::fs;
use std::io::{IsTerminal, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use anstream::println;
use anstyle::{AnsiColor, Style};
use rustix::termios::tcgetwinsize;

use super::chart::{self, Chart};
use wire::alert::template::Alert;

use crate::failure::{Failure, Result, While};

/// Counts what was promised and what was kept.
#[derive(Debug)]
pub(super) struct Screen {
    since: Instant,
    kept: u32,
    broken: Vec<String>,
}

impl Default for Screen {
    fn default() -> Self {
        Self { since: Instant::now(), kept: 0, broken: Vec::new() }
    }
}

impl Screen {
    /// An event, with the time since the demo began.
    pub(super) fn line(&self, name: &str, text: &str) {
        let dim = Style::new().dimmed();
        println!("  {dim}{}{dim:#}  {name:<12} {text}", clock(self.since.elapsed()));
    }

    /// A promise: kept or broken.
    pub(super) fn check(&mut self, kept: bool, promise: &str) {
        let (mark, colour) = if kept { ("✓", AnsiColor::Green) } else { ("✗", AnsiColor::Red) };
        let style = Style::new().bold().fg_color(Some(colour.into()));
        println!("  {style}{mark}{style:#} {promise}");
        if kept {
            self.kept = self.kept.saturating_add(1);
        } else {
            self.broken.push(promise.to_owned());
        }
    }

    /// The end: how many promises were kept.
    pub(super) fn verdict(self) -> Result<()> {
        if self.broken.is_empty() {
            println!("\nAll {} promises were kept, in {} s.", self.kept, self.since.elapsed().as_secs());
            return Ok(());
        }
        let broken = self.broken.join("; ");
        Err(Failure::new(format!("{} of the promises were not kept: {broken}", self.broken.len()))
            .next("cargo xtask logs order-executor"))
    }
}

pub(super) fn title(text: &str) {
    let bold = Style::new().bold();
    println!("\n{bold}{text}{bold:#}");
}

/// As a picture where there is room for one, in lines elsewhere, and as a file where one is wanted.
pub(super) fn show(screen: &Screen, chart: &Chart, svg: Option<&Path>) -> Result<()> {
    match columns().and_then(|columns| chart::draw(chart, columns)) {
        Some(picture) => println!("\n{}\n", picture.join("\n")),
        None => chart.labels().iter().for_each(|label| screen.line(&label.name, &label.text)),
    }
    screen.line("closed", &chart.caption);
    let Some(file) = svg else { return Ok(()) };
    let text = chart::svg(chart).while_doing("drawing the SVG")?;
    fs::write(file, text).while_doing(format_args!("writing {}", file.display()))?;
    screen.line("picture", &file.display().to_string());
    Ok(())
}

/// None in a pipe.
fn columns() -> Option<u32> {
    let out = stdout();
    let size = out.is_terminal().then(|| tcgetwinsize(&out).ok()).flatten();
    size.map(|size| u32::from(size.ws_col))
}

pub(super) fn tradingview() {
    println!(
        "\nTo trade from TradingView, paste this into the alert's message, and the webhook's URL with its token \
         (<webhook>/<webhook token>) into its notifications:\n\n{}",
        wire::alert::template::text(Alert::Strategy, Some("PAPER"))
    );
}

pub(super) fn go_on() {
    println!(
        "\nThe stack goes on running. Try:\n\n  \
         cargo run -q -p cli -- alerts send --exchange PAPER --symbol BTC/USDT --side long --type entry\n  \
         cargo run -q -p cli -- positions list\n  \
         cargo run -q -p cli -- --help\n  \
         cargo xtask down"
    );
}

fn clock(span: Duration) -> String {
    format!("{:02}:{:02}", span.as_secs() / 60, span.as_secs() % 60)
}
