//! Figures for people, and for programs.

use std::fs;
use std::path::Path;

use anstream::println;
use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{CellAlignment, Table};
use serde::Serialize;

use super::figures::{Figures, Spread};
use crate::failure::{Result, While};

const HEADER: [&str; 12] = [
    "function",
    "binary MB",
    "zip MB",
    "start ms",
    "MB after 1",
    "after 100",
    "first ms",
    "warm ms (cpu)",
    "calls",
    "read units",
    "write units",
    "log bytes",
];

pub(crate) fn show(figures: &[Figures], json: Option<&Path>) -> Result<()> {
    if let Some(file) = json {
        write(file, &figures)?;
    }
    println!("{}", table(&HEADER, figures.iter().map(row).collect()));
    println!("start, warm: least / middle; warm: calls are answered at once, so it is the function's own time");
    Ok(())
}

/// Lines in a terminal; columns alone in a pipe.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(if table.is_tty() { UTF8_HORIZONTAL_ONLY } else { NOTHING });
    table.set_header(header).add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.trim_fmt()
}

pub(crate) fn write(file: &Path, figures: &impl Serialize) -> Result<()> {
    let json = serde_json::to_string_pretty(figures).while_doing("writing the figures")?;
    fs::write(file, json + "\n").while_doing(format_args!("writing {}", file.display()))
}

fn row(figures: &Figures) -> Vec<String> {
    let spread = |spread: Spread| format!("{:.2} / {:.2}", spread.min, spread.median);
    vec![
        figures.function.to_owned(),
        millions(figures.binary_bytes),
        figures.zip_bytes.map_or_else(|| "–".to_owned(), millions),
        spread(figures.start_ms),
        millions(figures.used.resident_after_first_kb.saturating_mul(1_024)),
        millions(figures.used.resident_after_hundred_kb.saturating_mul(1_024)),
        format!("{:.2}", figures.used.first_ms),
        format!("{} ({:.2})", spread(figures.used.warm_ms), figures.used.warm_cpu_ms),
        figures.used.aws_calls.to_string(),
        format!("{:.1}", f64::from(figures.used.units.half_reads) / 2.0),
        figures.used.units.writes.to_string(),
        figures.used.log_bytes.to_string(),
    ]
}

/// One decimal, rounded down.
pub(crate) fn millions(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
