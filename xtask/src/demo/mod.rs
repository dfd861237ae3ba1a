//! `cargo xtask demo`: one alert followed to a closed, paid-out position, a ladder through
//! a fall, and then everything tried that must not work.
//!
//! What is shown is read back through the product's own API; what is promised is checked, and `--once` fails where a
//! promise was not kept.

#![allow(clippy::indexing_slicing, reason = "a JSON value that is not there reads as null")]

mod api;
mod chart;
mod contracts;
mod crash;
mod exchange;
mod halt;
mod ladder;
mod repeats;
mod scene;
mod screen;
mod story;
mod way;

pub(crate) use exchange::Exchange;

use std::path::Path;

use crate::cli::{DemoOptions, DemoVenue};
use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::report::Report;
use crate::seed::Seeded;
use crate::stack::{self, Stack, Target};
use crate::stage::Stage;
use crate::venue_sim::VenueSim;
use crate::web::{self, Site};
use api::Api;
use scene::Scene;
use screen::Screen;

pub(crate) fn bring_up_and_run(place: &Place, options: &DemoOptions) -> Result<()> {
    let was_running = !matches!(Target::find(place)?, Target::Nothing);
    // Nobody goes on by hand after `--once`: what it started, it stops, whatever came of it.
    let stays = was_running || !options.once;
    let shown = show(place, options, stays);
    if !stays {
        stack::down(place)?;
    }
    shown
}

fn show(place: &Place, options: &DemoOptions, stays: bool) -> Result<()> {
    let (stack, seeded) = stack::bring_up(place)?;
    let stage = Stage::enter(place, &stack, &seeded)?;
    let (api, mut screen) = (Api::new(&stack, &seeded)?, Screen::default());
    let scene = Scene { api: &api, stage: &stage, speed: options.speed };
    match options.venue {
        DemoVenue::Paper => play(&scene, &mut screen, options.svg.as_deref())?,
        DemoVenue::BinanceSim => exchange::play(&scene, &simulator(place)?, &mut screen)?,
    }
    if stays {
        let site = web::beside(place, &stack, &seeded)?;
        let link = site.as_ref().map(Site::log_in_link).transpose()?;
        what_now(&stack, seeded, link.as_deref(), options);
    }
    screen.verdict()
}

fn simulator(place: &Place) -> Result<VenueSim> {
    let nothing = || Failure::new("nothing stands in for exchanges here").next("cargo xtask down, then again");
    stack::exchanges(place)?.ok_or_else(nothing)
}

fn play(scene: &Scene<'_>, screen: &mut Screen, svg: Option<&Path>) -> Result<()> {
    scene.clear(screen)?;
    let alert = way::play(scene, screen)?;
    ladder::play(scene, screen, svg)?;
    repeats::play(scene, screen, &alert)?;
    halt::play(scene, screen)?;
    crash::play(scene, screen)
}

fn what_now(stack: &Stack, seeded: Seeded, link: Option<&str>, options: &DemoOptions) {
    screen::title("What now");
    Report::new(stack, seeded).tell(link);
    screen::tradingview();
    if options.once {
        return;
    }
    screen::go_on();
}

/// What ended a scene before it could be checked.
fn gave_up(waiting_for: &str) -> Failure {
    Failure::new(format!("waited too long for {waiting_for}")).next("cargo xtask logs order-executor")
}
