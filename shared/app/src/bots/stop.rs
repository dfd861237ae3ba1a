//! Stopping a run.

use super::keep::changed;
use super::start::{seat, told, wish};
use super::{BotError, commit, find_run, has_money};
use crate::notices;
use crate::ports::{BotChange, Commit, LoadBot, LoadRun, Notify};
use crate::trading::{Act, audit};
use domain::bot::{Bot, Ended, EntryKind, LogEntry, Run};
use domain::ids::{RunId, UserId};
use domain::limits::DECISIONS_PER_RUN_MAX;

/// What stopping needs.
pub trait Stop: LoadBot + LoadRun + Commit + Notify {}
impl<D: LoadBot + LoadRun + Commit + Notify> Stop for D {}

/// Has a run hear no more candles: none that was not decided on by then raises a signal. What it has opened stays, with its exits. One
/// that has ended stays as it ended.
///
/// # Errors
/// `NoRun`, or where the store cannot be reached.
pub async fn stop<D: Stop>(deps: &D, id: &RunId, reason: &str, act: Act<'_>) -> Result<Run, BotError> {
    stop_of(deps, act.user, id, reason, act).await
}

/// All that somebody's bots run, whoever stops it.
///
/// # Errors
/// The first one, where one cannot be stopped; all others are.
pub async fn stop_all<D: Stop>(deps: &D, owner: &UserId, reason: &str, act: Act<'_>) -> Result<(), BotError> {
    let mut done = Ok(());
    for bot in deps.list_bots(owner).await? {
        if let Some(run) = bot.run.filter(|_| bot.running) {
            done = done.and(stop_of(deps, owner, &run, reason, act).await.map(drop));
        }
    }
    done
}

async fn stop_of<D: Stop>(deps: &D, owner: &UserId, id: &RunId, reason: &str, act: Act<'_>) -> Result<Run, BotError> {
    for _ in 0..DECISIONS_PER_RUN_MAX {
        let before = find_run(deps, owner, id).await?;
        if before.ended.is_some() {
            return Ok(before);
        }
        let bot = deps.load_bot(owner, &before.bot).await?.ok_or(BotError::NoBot)?;
        let seen = before.version;
        let ended = Ended { at: act.now, by: act.user.clone(), reason: reason.to_owned() };
        let after = Run { ended: Some(ended), ..before }.next();
        let mut record = audit("stop bot", id.as_str(), reason, act);
        record.before = Some(told(&after));
        if commit(deps, changes(&after, seen, bot, reason, act), record, act).await? {
            if has_money(&after) && !act.in_person {
                notices::bot_stopped(deps, &after, act.now).await;
            }
            return Ok(after);
        }
    }
    Err(BotError::Contended)
}

fn changes(run: &Run, seen: u64, bot: Bot, reason: &str, act: Act<'_>) -> Vec<BotChange> {
    let entry = LogEntry {
        run: run.id.clone(),
        version: run.version,
        at: act.now,
        kind: EntryKind::Stopped,
        word: None,
        detail: Some(reason.to_owned()),
        delivery: None,
    };
    let seen_bot = bot.version;
    let stopped = Bot { running: false, ..changed(bot, act) };
    vec![
        BotChange::Run { run: run.clone(), seen: Some(seen) },
        BotChange::Leaves { series: run.terms.series.clone(), seat: seat(run) },
        BotChange::Log { entry, user: run.user.clone() },
        BotChange::WantsNoMore(wish(run)),
        BotChange::Ends { user: run.user.clone() },
        BotChange::Bot { bot: stopped, seen: Some(seen_bot) },
    ]
}
