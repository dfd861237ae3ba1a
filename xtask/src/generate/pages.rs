//! What people and the code read of the functions: docs/rights.md, the table of ARCHITECTURE.md, `domain::functions`.

use std::fmt::Write as _;

use super::manifest::{Function, Manifest, Right};

const RIGHTS: &str = "# What each function may do

Written by `cargo xtask generate` from [infra/functions.toml](../infra/functions.toml); what a role does not name, its function cannot
do. Each also writes its own log. *Partitions* are what keys of rows begin with ([ARCHITECTURE](../ARCHITECTURE.md#stores)); where there are
none, it is the whole table. Functions that talk to venues by a fixed address have what Lambda needs to place them in a network.
";

pub(super) fn rights(manifest: &Manifest) -> String {
    let mut functions: Vec<&Function> = manifest.functions.iter().collect();
    functions.sort_by_key(|function| function.pascal());
    let part = |function: &Function| {
        let rows: String = function.rights.iter().map(rows).collect();
        format!("\n## {}\n\n| on | may | only |\n|---|---|---|\n{rows}", function.pascal())
    };
    functions.into_iter().fold(RIGHTS.to_owned(), |page, function| page + &part(function))
}

fn rows(right: &Right) -> String {
    let on = right.resources().map(|resource| resource.0).collect::<Vec<_>>().join(", ");
    let row = |actions: &[String], only: &str| format!("| {on} | {} | {only} |\n", actions.join(", "));
    let beside = right.emulator.as_deref().map(|actions| row(&right.actions_of(actions), ""));
    row(&right.actions(), &only(right)) + &beside.unwrap_or_default()
}

fn only(right: &Right) -> String {
    let code = |words: &str| words.split(' ').map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let partitions = right.partitions.as_deref().map(|keys| format!("partitions {}", code(keys)));
    let attributes = right.attributes().map(|names| format!("attributes {}", code(&names)));
    let kind = right.kind.as_deref().map(|kind| format!("what is sealed as `{kind}`"));
    let is_mail = right.resources().any(|resource| resource.0 == "Mail");
    let sender = is_mail.then(|| "as the deployment's sender".to_owned());
    [partitions, attributes, kind, sender].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

pub(super) fn table(manifest: &Manifest) -> String {
    let row = |function: &Function| {
        format!("| `{}` | {} | {} |\n", function.name, woken_by(manifest, function).join(", "), function.about)
    };
    let rows: String = manifest.functions.iter().map(row).collect();
    format!("\n| function | woken by | what it does |\n|---|---|---|\n{rows}\n")
}

fn woken_by(manifest: &Manifest, function: &Function) -> Vec<String> {
    let code = |text: &str| format!("`{text}`");
    let queue = function.queue.as_deref().map(code);
    let schedules = function.schedules.iter().map(|schedule| code(&schedule.at));
    let events = function.events.iter().map(|event| code(&event.kind));
    let callers = function.callers.iter().map(|caller| code(&caller.path));
    let resource = function.resource();
    let invokes =
        |other: &&Function| other.rights.iter().any(|right| right.resources().any(|named| named.0 == resource));
    let invoked = manifest.functions.iter().filter(invokes);
    let invoked =
        invoked.map(|other| if other.name == function.name { "itself".to_owned() } else { code(&other.name) });
    queue.into_iter().chain(schedules).chain(events).chain(callers).chain(invoked).collect()
}

pub(super) fn constants(manifest: &Manifest) -> String {
    let mut text = format!(
        "//! The functions of a deployment. Written by `cargo xtask generate` from `infra/functions.toml`.\n\n\
         use crate::clock::Millis;\n\n/// As their folders below `functions/`.\npub const NAMES: [&str; {}] = [\n",
        manifest.functions.len()
    );
    for function in &manifest.functions {
        let _infallible = writeln!(text, "    \"{}\",", function.name);
    }
    text.push_str("];\n\n");
    for Function { name, timeout_s, .. } in &manifest.functions {
        let name = name.to_uppercase().replace('-', "_");
        let _infallible = writeln!(text, "pub const {name}_TIMEOUT: Millis = Millis::seconds({timeout_s});");
    }
    text
}
