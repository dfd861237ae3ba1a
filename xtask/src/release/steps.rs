//! The steps of a release, and of going back.

use anstream::eprintln;

use super::examine::{Inside, Tables, examine};
use super::versions::{self, Live, Move};
use super::{DeployOptions, answers, change_set, epoch, flight, package};
use crate::aws_cli::Aws;
use crate::deploy::{Outputs, artifact_bucket, outputs, package as upload};
use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::progress::step;

/// From built functions to a deployment that was switched and is well.
pub(crate) fn release(place: &Place, aws: &Aws<'_>, options: &DeployOptions) -> Result<Outputs> {
    change(place, aws, options)?;
    let outputs = outputs(aws, &options.deployment)?;
    if let Some(address) = outputs.get("EgressAddress").filter(|address| *address != "shared") {
        eprintln!("Venues see {address}: put it into the address lists of your keys.");
    }
    let inside = Tables::of(aws, &outputs)?;
    inside.adopt_where_fresh()?;
    activate(aws, options, &inside)?;
    Ok(outputs)
}

/// Brings everything but the aliases to where the template wants it. Whoever calls goes on calling the version before.
fn change(place: &Place, aws: &Aws<'_>, options: &DeployOptions) -> Result<()> {
    let package = package::pack(place, aws.tools, options)?;
    let uploading = step("Uploading the functions");
    let bucket = artifact_bucket(aws, &options.deployment)?;
    let packaged = options.folder(place)?.file("packaged.json");
    upload(aws, &bucket, &package.template, &packaged)?;
    uploading.done("");
    let comparing = step("Comparing with what is there");
    let set = change_set::make(aws, options, &bucket, &packaged)?;
    comparing.done(set.as_ref().map_or("nothing differs".into(), |set| format!("{} changes", set.changes.len())));
    let Some(set) = set else { return Ok(()) };
    change_set::show(&set);
    let agreed = change_set::guard_data(&set, options).and_then(|()| answers::agrees("Carry this out?", options.yes));
    if !matches!(agreed, Ok(true)) {
        change_set::forget(aws, &set);
        return agreed.and_then(|_| Err(Failure::new("nothing was changed")));
    }
    let carrying = step("CloudFormation carries it out");
    change_set::carry_out(aws, options, &set)?;
    carrying.done("");
    Ok(())
}

/// Publishes, switches, looks, and goes back where it is not well.
pub(crate) fn activate(aws: &Aws<'_>, options: &DeployOptions, inside: &impl Inside) -> Result<()> {
    epoch::guard(options, inside)?;
    let publishing = step("Publishing a version of each function");
    let moves = versions::publish(aws, versions::live(aws, &options.deployment)?)?;
    let changed = moves.iter().filter(|step| step.to != step.from.version).count();
    publishing.done(format!("{changed} of {} are new", moves.len()));
    if changed == 0 {
        eprintln!("No function differs: nothing is switched.");
    } else {
        tell(&moves);
        flight::wait_for_none(inside, options.yes, None)?;
        switch(aws, &moves)?;
    }
    if let Err(unwell) = examine(aws, options, inside, watch_version(&moves)) {
        return Err(leave(aws, options, &moves, unwell));
    }
    versions::prune(aws, &moves);
    Ok(())
}

fn tell(moves: &[Move]) {
    for step in moves.iter().filter(|step| step.to != step.from.version) {
        eprintln!("  {:<28} {} → {}", step.from.function, step.from.version, step.to);
    }
}

fn switch(aws: &Aws<'_>, moves: &[Move]) -> Result<()> {
    let switching = step("Switching all functions");
    versions::switch(aws, moves)?;
    switching.done("");
    Ok(())
}

/// What the watch's alias points to after the moves.
fn watch_version(moves: &[Move]) -> &str {
    let watch = moves.iter().find(|step| step.from.function.ends_with("-account-watch"));
    watch.map_or("", |step| step.to.as_str())
}

/// A release that is not well is left again, where there is one before it.
fn leave(aws: &Aws<'_>, options: &DeployOptions, moves: &[Move], unwell: Failure) -> Failure {
    let was_switched = moves.iter().any(|step| step.to != step.from.version);
    if !was_switched || moves.iter().all(|step| step.before.is_none()) {
        return unwell.next("there is no release before this one to go back to: mend what the checks name");
    }
    let undo: Vec<Move> = moves.iter().map(undone).collect();
    if let Err(unreadable) = versions::may_read(aws, &undo) {
        return unwell.next(format!("it stays switched on: {unreadable}"));
    }
    let repeated = options.repeated();
    let stays = format!("it stays switched on; cargo xtask deploy --back{repeated} goes back");
    match answers::agrees("Go back to the release before?", options.yes) {
        Ok(true) => {}
        Ok(false) | Err(_) => return unwell.next(stays),
    }
    match versions::switch(aws, &undo) {
        Ok(()) => Failure::new(format!("{unwell}; went back to the release before"))
            .next("mend what the checks name, then deploy again"),
        Err(failure) => Failure::new(format!("{unwell}; and going back failed: {failure}")).next(stays),
    }
}

/// As if it had not been: the version before this release's own predecessor is remembered again.
fn undone(step: &Move) -> Move {
    let from = Live { version: step.to.clone(), before: step.before.clone(), ..step.from.clone() };
    Move { to: step.from.version.clone(), before: step.from.before.clone(), from }
}

/// Every function to the version before, at once; nothing else changes.
pub(crate) fn go_back(aws: &Aws<'_>, options: &DeployOptions) -> Result<()> {
    let moves = versions::back(versions::live(aws, &options.deployment)?)?;
    versions::may_read(aws, &moves)?;
    tell(&moves);
    if !answers::agrees("Switch all of them?", options.yes)? {
        return Err(Failure::new("nothing was changed"));
    }
    let inside = Tables::of(aws, &outputs(aws, &options.deployment)?)?;
    flight::wait_for_none(&inside, options.yes, None)?;
    switch(aws, &moves)?;
    examine(aws, options, &inside, watch_version(&moves))
}
