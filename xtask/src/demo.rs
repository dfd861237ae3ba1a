//! `cargo xtask demo`: the main job on one screen.

use crate::cli::DemoOptions;
use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::seed::Seeded;
use crate::stack::{self, Stack};

pub(crate) fn bring_up_and_run(place: &Place, options: &DemoOptions) -> Result<()> {
    let (stack, seeded) = stack::bring_up(place)?;
    run(&stack, &seeded, options)
}

/// Shows the way of one alert and what happens to bad ones; fails if anything shown was not as promised.
fn run(stack: &Stack, seeded: &Seeded, options: &DemoOptions) -> Result<()> {
    let what = format!("the demo is not written yet ({} {} {})", stack.api_url, seeded.user_id, options.speed);
    Err(Failure::new(what))
}
