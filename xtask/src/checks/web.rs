//! The lane `web`: the dashboard compiles, its units hold, it stays within its sizes, and its stories are played in a browser
//! against a stack of their own.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::deployed;
use crate::browser;
use crate::failure::{Failure, Parts, Result, While};
use crate::functions::{self, Selection};
use crate::node::Node;
use crate::place::Place;
use crate::process::{capture, show};
use crate::progress::heading;
use crate::python::Tools;
use crate::seed::SPEED;
use crate::stack;
use crate::stage::Stage;
use crate::web::{self, Site};

const STACK: &str = "test-web";
const STORY: &str = ".story.ts";
/// How many times faster than they were recorded prices go beside the stories: too slow for a take-profit of 3 % to be reached
/// before a story has closed its position by hand.
const CALM: u32 = 20;

/// Tools and programs are there.
pub(super) fn run(place: &Place, tools: &Tools) -> Result<()> {
    let node = web::install(place)?;
    let mut parts = Parts::default();
    let units = units(&node);
    let built = units.is_ok();
    parts.hear(units)?;
    if built {
        parts.hear(stories(place, tools, &node))?;
    }
    parts.end()
}

fn units(node: &Node) -> Result<()> {
    let checking = heading("The dashboard: types, units, build, sizes");
    for script in ["types", "check", "test", "build", "size"] {
        capture(&mut node.script(script)?)?;
    }
    checking.done("");
    Ok(())
}

fn stories(place: &Place, tools: &Tools, node: &Node) -> Result<()> {
    let Some(chromium) = browser::find() else { return left_out(node.home()) };
    let playing = heading("Stories of the dashboard in a browser");
    in_browser(place, tools, &chromium, CALM, &mut node.script("stories")?)?;
    playing.done("");
    Ok(())
}

/// `cargo xtask screenshots`: the pictures of docs/guides/dashboard.md.
pub(crate) fn screenshots(place: &Place) -> Result<()> {
    let nothing = || Failure::new("no Chromium is in PATH").next("install chromium");
    let chromium = browser::find().ok_or_else(nothing)?;
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    functions::build_and_stage(place, Selection::Functions)?;
    web::build(place)?;
    let node = web::install(place)?;
    drop(building);
    let taking = heading("Pictures of the dashboard");
    let mut script = node.script("screenshots")?;
    in_browser(place, &tools, &chromium, SPEED, script.env("MONIQO_PICTURES", place.root.join("docs/assets")))?;
    taking.done("docs/assets");
    Ok(())
}

/// Runs a script of the dashboard against a stack of its own, whose prices go this many times as fast as they were recorded.
fn in_browser(place: &Place, tools: &Tools, chromium: &Path, speed: u32, script: &mut Command) -> Result<()> {
    deployed::with_fresh_stack(place, tools, STACK, |folder, emulator| {
        let (stack, seeded) = stack::deploy_and_seed(place, tools, folder, emulator.endpoint())?;
        Stage::enter(place, &stack, &seeded)?.rewind(speed)?;
        let site = Site::find_or_start(place, folder, &stack, &seeded, emulator.pid())?;
        script.env("MONIQO_CHROMIUM", chromium).env("MONIQO_EXCHANGES", folder.file("venue-sim.log"));
        show(site.tell(script))
    })
}

/// Each by its name, so that nothing that was not played looks as if it had held.
fn left_out(home: &Path) -> Result<()> {
    let entries = fs::read_dir(home.join("stories")).while_doing("listing the stories")?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut stories: Vec<_> = names.filter_map(|name| Some(name.strip_suffix(STORY)?.to_owned())).collect();
    stories.sort();
    for story in &stories {
        anstream::eprintln!("  skipped: {story} (no Chromium is in PATH)");
    }
    let told = format!("{} stories of the dashboard were not played", stories.len());
    if browser::in_ci() {
        return Err(Failure::new(told).next("install chromium"));
    }
    anstream::eprintln!("{told}");
    Ok(())
}
