//! Tests against a stack that was deployed for them, on an emulator of their own.

use std::process::Command;

use super::shard::Shard;
use crate::emulator::{Emulator, Port};
use crate::failure::{Parts, Result};
use crate::integration::{self, Skipped, Tests};
use crate::place::{Place, StackFolder};
use crate::python::Tools;
use crate::schemathesis;
use crate::second_opinion;
use crate::stack;
use crate::terraform::Terraform;
use crate::typed_client;

const TOGETHER: &str = "test";
const ALONE: &str = "test-alone";
/// These tests wait for others' work more than they work: many at once, however few cores there are.
/// One of each shape of request to the stack, where they are recorded.
const REQUESTS: &str = "requests.jsonl";
const AT_ONCE: &str = "10";
const ONE_AT_A_TIME: &str = "1";
/// These take all that the stack has, and break it for a while.
const STRESS: Skipped = Skipped { tests: "stress", why: WHY };
/// These put a second deployment beside it.
const RELEASED: Skipped = Skipped { tests: "released", why: WHY };
/// These ask every route as everybody at once, which leaves others no function to run in.
const EVERYBODY: Skipped = Skipped { tests: "everybody", why: WHY };
const WHY: &str = "they have a stack for themselves";

/// All that share a stack.
pub(super) fn together(place: &Place, tools: &Tools, shard: Shard) -> Result<()> {
    with_deployed_stack(place, tools, TOGETHER, shard, |folder, emulator| {
        let terraform = Terraform::find(place, folder)?;
        let others =
            [terraform.skipped(), vec![EVERYBODY, STRESS, RELEASED, schemathesis::AS_AN_ADMIN], shard.left_out()]
                .concat();
        let client = typed_client::install(place)?;
        let tell = |command: &mut Command| {
            typed_client::tell(&client, command);
            terraform.apply(shard.tell(tell(emulator, command)));
        };
        let mut parts = Parts::default();
        parts.hear(integration::run(place, folder, AT_ONCE, Tests { only: None, but: &others }, tell))?;
        if shard == Shard::All {
            let opinion = second_opinion::install(place)?;
            parts.hear(second_opinion::contract(place, &opinion, folder))?;
            parts.hear(second_opinion::check(place, &opinion, &folder.file(REQUESTS)))?;
        }
        parts.end()
    })
}

/// Those that have a stack for themselves. Tools and programs are there.
pub(super) fn alone(place: &Place, shard: Shard) -> Result<()> {
    let (tools, asker) = (Tools::install(place)?, schemathesis::install(place)?);
    with_deployed_stack(place, &tools, ALONE, shard, |folder, emulator| {
        let tell = |command: &mut Command| {
            shard.tell(tell(emulator, command));
        };
        let (others, mut parts) = (shard.left_out(), Parts::default());
        for alone in [EVERYBODY, RELEASED, STRESS] {
            parts.hear(integration::run(
                place,
                folder,
                ONE_AT_A_TIME,
                Tests { only: Some(alone.tests), but: &others },
                tell,
            ))?;
        }
        // The last: whoever asks at random may well ask for a halt of everybody.
        parts.hear(schemathesis::run(place, &asker, folder, (shard == Shard::All, &others), tell))?;
        if shard == Shard::All {
            let opinion = second_opinion::install(place)?;
            parts.hear(second_opinion::check(place, &opinion, &folder.file(REQUESTS)))?;
        }
        parts.end()
    })
}

/// Where some run: what holds their stack is over.
pub(super) fn wait_for_alone(place: &Place) -> Result<()> {
    place.lock_testing(ALONE).map(drop)
}

/// What somebody works at.
pub(super) fn only(place: &Place, tools: &Tools, tests: &str) -> Result<()> {
    with_deployed_stack(place, tools, TOGETHER, Shard::One(0), |folder, emulator| {
        let terraform = Terraform::find(place, folder)?;
        let client = typed_client::install(place)?;
        let tell = |command: &mut Command| {
            typed_client::tell(&client, command);
            terraform.apply(tell(emulator, command));
        };
        integration::run(place, folder, AT_ONCE, Tests { only: Some(tests), but: &[] }, tell)
    })
}

fn tell<'a>(emulator: &Emulator, command: &'a mut Command) -> &'a mut Command {
    command.env("MONIQO_EMULATOR_PID", emulator.pid().to_string());
    emulator.endpoint().apply(command);
    command
}

fn with_deployed_stack(
    place: &Place,
    tools: &Tools,
    name: &str,
    shard: Shard,
    work: impl FnOnce(&StackFolder, &Emulator) -> Result<()>,
) -> Result<()> {
    let start = |folder: &StackFolder| match shard {
        Shard::All => Emulator::start_recording(place, tools, folder, &folder.file(REQUESTS)),
        Shard::One(_) => Emulator::start(place, tools, folder, Port::Free),
    };
    with_stack(place, name, start, |folder, emulator| {
        stack::deploy_and_seed(place, tools, folder, emulator.endpoint())?;
        work(folder, emulator)
    })
}

/// An emulator of its own for this work, which is stopped whatever happens.
pub(crate) fn with_fresh_stack(
    place: &Place,
    tools: &Tools,
    name: &str,
    work: impl FnOnce(&StackFolder, &Emulator) -> Result<()>,
) -> Result<()> {
    with_stack(place, name, |folder| Emulator::start(place, tools, folder, Port::Free), work)
}

fn with_stack(
    place: &Place,
    name: &str,
    start: impl FnOnce(&StackFolder) -> Result<Emulator>,
    work: impl FnOnce(&StackFolder, &Emulator) -> Result<()>,
) -> Result<()> {
    let _alone = place.lock_testing(name)?;
    let folder = place.stack(name)?;
    // Left by a run that was killed.
    if let Some(forgotten) = Emulator::find(place, &folder) {
        forgotten.stop()?;
    }
    folder.forget()?;
    let folder = place.stack(name)?;
    let emulator = start(&folder)?;
    let worked = work(&folder, &emulator);
    let stopped = emulator.stop();
    worked.and(stopped)
}
