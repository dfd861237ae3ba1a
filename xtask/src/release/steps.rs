//! The steps of a release, and of going back.

use std::path::PathBuf;

use anstream::eprintln;

use super::dashboard::{self, Dashboard, swap_pages};
use super::examine::{Inside, Tables, examine};
use super::versions::{self, Live, Move};
use super::{DeployOptions, answers, change_set, epoch, flight, package};
use crate::aws_cli::Aws;
use crate::deploy::{Outputs, artifact_bucket, outputs, package as upload};
use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::progress::step;

/// From built functions to a deployment that was switched and is well.
pub(crate) fn release(place: &Place, aws: &Aws<'_>, options: &DeployOptions, dashboard: &Dashboard) -> Result<Outputs> {
    let uploaded = upload_functions(place, aws, options)?;
    change(aws, options, &uploaded, dashboard)?;
    let outputs = outputs(aws, &options.deployment)?;
    if let Some(address) = outputs.get("EgressAddress").filter(|address| *address != "shared") {
        eprintln!("Venues see {address}: put it into the address lists of your keys.");
    }
    let inside = Tables::of(aws, &outputs)?;
    inside.adopt_where_fresh()?;
    let switched = activate(aws, options, &inside)?;
    if !dashboard.next().is_empty() {
        send(aws, options, &uploaded, dashboard.next())?;
    }
    dashboard.upload(place, aws, &outputs, switched)?;
    Ok(outputs)
}

/// What the template is made of, in the account.
struct Uploaded {
    bucket: String,
    packaged: PathBuf,
}

fn upload_functions(place: &Place, aws: &Aws<'_>, options: &DeployOptions) -> Result<Uploaded> {
    let package = package::pack(place, aws.tools, options)?;
    let uploading = step("Uploading the functions");
    let bucket = artifact_bucket(aws, &options.deployment)?;
    let packaged = options.folder(place)?.file("packaged.json");
    upload(aws, &bucket, &package.template, &packaged)?;
    uploading.done("");
    Ok(Uploaded { bucket, packaged })
}

/// Brings everything but the aliases to where the template wants it. Callers go on calling the version before.
fn change(aws: &Aws<'_>, options: &DeployOptions, uploaded: &Uploaded, dashboard: &Dashboard) -> Result<()> {
    let Uploaded { bucket, packaged } = uploaded;
    let comparing = step("Comparing with what is there");
    let set = change_set::make(aws, options, bucket, packaged, dashboard.parameters())?;
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
    dashboard.delete_what_has_left(aws)
}

/// CloudFront sends another secret, which every function believes by now; nothing else changes.
fn send(aws: &Aws<'_>, options: &DeployOptions, uploaded: &Uploaded, secret: &[String]) -> Result<()> {
    let Uploaded { bucket, packaged } = uploaded;
    let sending = step("CloudFront sends the new secret");
    if let Some(set) = change_set::make(aws, options, bucket, packaged, secret)? {
        change_set::carry_out(aws, options, &set)?;
    }
    sending.done("");
    Ok(())
}

/// Publishes, switches, looks, and goes back where it is not well. Whether anything was switched.
pub(crate) fn activate(aws: &Aws<'_>, options: &DeployOptions, inside: &impl Inside) -> Result<bool> {
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
    Ok(changed > 0)
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

/// What CloudFront sends does not go back.
fn warn_of_older_secrets(aws: &Aws<'_>, outputs: &Outputs, moves: &[Move]) -> Result<()> {
    let Some(step) = moves.iter().find(|step| step.from.function.ends_with("-api-identity")) else { return Ok(()) };
    let known = |version: &str| versions::variable(aws, &step.from.function, version, "MONIQO_ORIGIN_SECRETS");
    if let Some(warning) = dashboard::warn_of_older_secrets(outputs, &known(&step.from.version)?, &known(&step.to)?) {
        eprintln!("Warning: {warning}.");
    }
    Ok(())
}

/// Every function to the version before, at once; nothing else changes.
pub(crate) fn go_back(aws: &Aws<'_>, options: &DeployOptions) -> Result<()> {
    let moves = versions::back(versions::live(aws, &options.deployment)?)?;
    versions::may_read(aws, &moves)?;
    tell(&moves);
    if !answers::agrees("Switch all of them?", options.yes)? {
        return Err(Failure::new("nothing was changed"));
    }
    let outputs = outputs(aws, &options.deployment)?;
    warn_of_older_secrets(aws, &outputs, &moves)?;
    let inside = Tables::of(aws, &outputs)?;
    flight::wait_for_none(&inside, options.yes, None)?;
    switch(aws, &moves)?;
    // Whether that succeeds or not, the functions are looked at.
    let swapped = swap_pages(aws, &outputs);
    examine(aws, options, &inside, watch_version(&moves))?;
    swapped
}
