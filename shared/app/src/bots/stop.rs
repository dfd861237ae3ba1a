//! Stopping a run, or its entries alone.
//!
//! A ladder has no stop by itself: its only way out below is a signal. Whoever is not its owner in person takes that from nobody's money.

use super::keep::changed;
use super::start::{seat, told, wish};
use super::{BotError, commit, find_run, has_money};
use crate::actor::{Act, audit};
use crate::conflict::retry_from;
use crate::notices;
use crate::ports::BotChange;
use domain::bot::{Bot, Ended, EntryKind, LogEntry, Run};
use domain::ids::{AttemptId, RunId, UserId};
use std::ops::ControlFlow::{Break, Continue};
use store::Engine;
use store::trading::Trading;

/// How much of a run is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It hears no more candles: what it has opened stays, with its orders, and without its exit signals.
    Whole,
    /// It enters nothing more, and says when to leave as long as anything is open with its account.
    Entries,
}

/// Has a run hear no more candles, or enter nothing more: none that was not decided on by then opens anything. What it has opened stays. One
/// that has ended stays as it ended. Where there is money to lose, a program's key stops entries alone.
///
/// # Errors
/// `NoRun`, or where the store cannot be reached.
pub async fn stop<D: Engine>(deps: &D, id: &RunId, reach: Reach, reason: &str, act: Act<'_>) -> Result<Run, BotError> {
    stop_of(deps, act.user, id, (reach, reason), act).await
}

/// The entries of all that somebody's bots run, whoever stops them; where nothing is open with their accounts, all of it.
///
/// # Errors
/// The first one, where one cannot be stopped; all others are.
pub async fn stop_all<D: Engine>(deps: &D, owner: &UserId, reason: &str, act: Act<'_>) -> Result<(), BotError> {
    let mut done = Ok(());
    for bot in Trading(deps).list_bots(owner).await? {
        if let Some(run) = bot.run.filter(|_| bot.running) {
            done = done.and(stop_of(deps, owner, &run, (Reach::Entries, reason), act).await.map(drop));
        }
    }
    done
}

async fn stop_of<D: Engine>(
    deps: &D,
    owner: &UserId,
    id: &RunId,
    (reach, reason): (Reach, &str),
    act: Act<'_>,
) -> Result<Run, BotError> {
    retry_from(false, BotError::Contended, |is_told| async move {
        let before = find_run(deps, owner, id).await?;
        let seen = before.version;
        let (run, is_all) = match next(deps, before, (reach, reason), act).await? {
            // Also what this call has done, where its answer was lost.
            Next::Stays(run) => (run, true),
            Next::Becomes(run) if kept(deps, &run, seen, reason, act).await? => {
                let is_all = run.ended.is_some();
                (run, is_all)
            }
            // Another change was first: it is looked at anew.
            Next::Becomes(_) => return Ok(Continue(is_told)),
        };
        if !is_told {
            tell(deps, &run, act).await;
        }
        Ok(if is_all { Break(run) } else { Continue(true) })
    })
    .await
}

/// Once for all that one call does of a run, where there is money and its owner has not done it in person.
async fn tell<D: Engine>(deps: &D, run: &Run, act: Act<'_>) {
    let by_this = |word: &Ended| word.at == act.now && word.by == *act.user;
    if has_money(run) && !by_owner(run, act) && run.close_only.as_deref().into_iter().chain(&run.ended).any(by_this) {
        notices::bot_stopped(deps, run, act.now).await;
    }
}

/// Whether its owner does it, logged in. An admin who ends a user's entries is another person.
fn by_owner(run: &Run, act: Act<'_>) -> bool {
    act.in_person() && *act.user == run.user
}

/// What is left to be done of a run.
enum Next {
    Stays(Run),
    Becomes(Run),
}

async fn next<D: Engine>(deps: &D, run: Run, (reach, reason): (Reach, &str), act: Act<'_>) -> Result<Next, BotError> {
    if run.ended.is_some() {
        return Ok(Next::Stays(run));
    }
    let reach = if has_money(&run) && !by_owner(&run, act) { Reach::Entries } else { reach };
    let word = Some(Ended { at: act.now, by: act.user.clone(), reason: reason.to_owned() });
    if reach == Reach::Entries && run.may_enter() {
        return Ok(Next::Becomes(Run { close_only: word.map(Box::new), ..run }.next()));
    }
    // What it has said enters nothing once that is kept: what is open then is all.
    let goes_on = reach == Reach::Entries && is_something_open(deps, &run).await?;
    Ok(if goes_on { Next::Stays(run) } else { Next::Becomes(Run { ended: word, ..run }.next()) })
}

/// With its record; false where another change was first.
async fn kept<D: Engine>(deps: &D, run: &Run, seen: u64, reason: &str, act: Act<'_>) -> Result<bool, BotError> {
    let bot = Trading(deps).load_bot(&run.user, &run.bot).await?.ok_or(BotError::NoBot)?;
    let action = if run.ended.is_some() { "stop bot" } else { "stop entries of bot" };
    let mut record = audit(action, run.id.as_str(), reason, act);
    // A run may be written twice in a row: what was written first says nothing of the second.
    record.attempt = AttemptId::new(format!("{}#{}", record.attempt.as_str(), run.version));
    record.before = Some(told(run));
    Ok(commit(deps, changes(run, seen, bot, reason, act), record, act).await?)
}

/// With its account, by it or by another.
async fn is_something_open<D: Engine>(deps: &D, run: &Run) -> Result<bool, BotError> {
    let account = Trading(deps).load_account(&run.terms.account).await?;
    Ok(account.is_some_and(|account| account.open_groups > 0))
}

fn changes(run: &Run, seen: u64, bot: Bot, reason: &str, act: Act<'_>) -> Vec<BotChange> {
    let kind = if run.ended.is_some() { EntryKind::Stopped } else { EntryKind::CloseOnly };
    let entry = LogEntry {
        run: run.id.clone(),
        version: run.version,
        at: act.now,
        kind,
        word: None,
        detail: Some(reason.to_owned()),
        delivery: None,
    };
    let mut changes =
        vec![BotChange::Run { run: run.clone(), seen: Some(seen) }, BotChange::Log { entry, user: run.user.clone() }];
    if run.ended.is_some() {
        let seen_bot = bot.version;
        let stopped = Bot { running: false, ..changed(bot, act) };
        changes.extend([
            BotChange::Leaves { series: run.terms.series.clone(), seat: seat(run) },
            BotChange::WantsNoMore(wish(run)),
            BotChange::Ends { user: run.user.clone() },
            BotChange::Bot { bot: stopped, seen: Some(seen_bot) },
        ]);
    }
    changes
}
