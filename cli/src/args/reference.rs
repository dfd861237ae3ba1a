//! `docs/reference/cli.md`: the help of every command. `MONIQO_WRITE_DOCS=1 cargo test -p cli` writes it.

use super::command;
use super::groups::GROUPS;
use clap::Command;
use std::{env, fs};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/cli.md");
const HEAD: &str = "\
# Command line

Every command of `moniqo` with its arguments, as `-h` prints it. Options of all commands stand in the first block.
This page is generated: `MONIQO_WRITE_DOCS=1 cargo test -p cli` writes it.
";

#[test]
fn reference_page_is_the_help_of_every_command() {
    let page = page();
    if env::var_os("MONIQO_WRITE_DOCS").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let is_current = fs::read_to_string(PAGE).is_ok_and(|there| there == page);
    assert!(is_current, "docs/reference/cli.md is out of date: MONIQO_WRITE_DOCS=1 cargo test -p cli");
}

fn page() -> String {
    let mut moniqo = command();
    moniqo.build();
    let top = section("moniqo", 2, &help(&moniqo));
    let groups = GROUPS.iter().map(|(title, names)| {
        let commands = names.iter().filter_map(|name| moniqo.find_subcommand(name));
        let commands: String = commands.map(|command| with_subcommands("moniqo", 3, command)).collect();
        format!("\n## {title}\n{commands}")
    });
    [HEAD.to_owned(), top].into_iter().chain(groups).collect()
}

fn with_subcommands(parent: &str, depth: usize, command: &Command) -> String {
    let name = format!("{parent} {}", command.get_name());
    // Options of all commands stand in the first block.
    let own = command.clone().mut_args(|arg| {
        let is_common = arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str());
        if is_common { arg.hide(true) } else { arg }
    });
    let below = command.get_subcommands().filter(|below| !below.is_hide_set());
    let below: String = below.map(|below| with_subcommands(&name, depth.saturating_add(1), below)).collect();
    format!("{}{below}", section(&name, depth, &help(&own)))
}

fn section(name: &str, depth: usize, help: &str) -> String {
    format!("\n{} {name}\n\n```text\n{help}\n```\n", "#".repeat(depth))
}

fn help(command: &Command) -> String {
    let help = command.clone().term_width(0).render_help().to_string();
    help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}
