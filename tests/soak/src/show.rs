//! What is said at the end.

use anstream::{eprintln, println};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use soak::{Broken, Difference, Report};
use std::process::ExitCode;

/// More differences than these are counted.
const SHOWN_MAX: usize = 100;

pub(crate) fn finished(ran: Result<Report, Broken>) -> ExitCode {
    let report = match ran {
        Ok(report) => report,
        Err(why) => {
            eprintln!("the run has ended early: {why}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", figures(&report));
    if report.differences.is_empty() {
        println!("The books are equal.");
        return ExitCode::SUCCESS;
    }
    println!("{}", table(&report.differences));
    eprintln!("The books differ in {} places.", report.differences.len());
    ExitCode::FAILURE
}

fn figures(report: &Report) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in report.figures.rows() {
        table.add_row([name, value]);
    }
    table
}

fn table(differences: &[Difference]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["where", "what", "our book", "theirs"]);
    for Difference { place, what, ours, theirs } in differences.iter().take(SHOWN_MAX) {
        table.add_row([place, what, ours, theirs]);
    }
    table
}
