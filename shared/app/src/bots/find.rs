//! Looking at bots and their runs. What is another user's is not there.

use super::BotError;
use crate::ports::{Page, PageRequest, StoreError};
use domain::bot::{Bot, LogEntry, Run};
use domain::ids::{AccountId, BotId, RunId, UserId};
use store::Engine;
use store::trading::Trading;

/// All that are kept, the oldest first.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, user: &UserId) -> Result<Vec<Bot>, StoreError> {
    Trading(deps).list_bots(user).await
}

/// # Errors
/// `NoBot`, or where the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, user: &UserId, id: &BotId) -> Result<Bot, BotError> {
    Trading(deps).load_bot(user, id).await?.filter(|bot| !bot.deleted).ok_or(BotError::NoBot)
}

/// Runs of a bot, newest first; of one that was taken away too. A page has fewer than are asked for where many of other bots lie between.
///
/// # Errors
/// `NoBot`, or where the store cannot be reached.
pub async fn runs<D: Engine>(deps: &D, user: &UserId, bot: &BotId, page: &PageRequest) -> Result<Page<Run>, BotError> {
    Trading(deps).load_bot(user, bot).await?.ok_or(BotError::NoBot)?;
    let (mut found, mut asked) = (Page { items: Vec::new(), next: None }, page.clone());
    for _ in 0..READS_PER_PAGE_MAX {
        let read = Trading(deps).list_runs(user, &asked).await?;
        found.items.extend(read.items.into_iter().filter(|run| run.bot == *bot));
        found.next.clone_from(&read.next);
        // No more are read than may still be shown: the cursor of the last read is that of the page.
        let shown = u32::try_from(found.items.len()).unwrap_or(u32::MAX);
        asked = PageRequest { limit: page.limit.saturating_sub(shown), cursor: read.next };
        if asked.limit == 0 || asked.cursor.is_none() {
            break;
        }
    }
    Ok(found)
}

const READS_PER_PAGE_MAX: u32 = 8;

/// How many of somebody's runs trade with this account.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn running_with<D: Engine>(deps: &D, user: &UserId, account: &AccountId) -> Result<u32, StoreError> {
    let trades = |run: &&Run| run.terms.account == *account;
    let trading = running(deps, user).await?.iter().filter(trades).count();
    Ok(u32::try_from(trading).unwrap_or(u32::MAX))
}

/// Those of somebody's runs that go on.
pub(super) async fn running<D: Engine>(deps: &D, user: &UserId) -> Result<Vec<Run>, StoreError> {
    let mut running = Vec::new();
    for run in Trading(deps).list_bots(user).await?.into_iter().filter(|bot| bot.running).filter_map(|bot| bot.run) {
        running.extend(Trading(deps).load_run(user, &run).await?.filter(|run| run.ended.is_none()));
    }
    Ok(running)
}

/// # Errors
/// `NoRun`, or where the store cannot be reached.
pub async fn find_run<D: Engine>(deps: &D, user: &UserId, id: &RunId) -> Result<Run, BotError> {
    Trading(deps).load_run(user, id).await?.ok_or(BotError::NoRun)
}

/// What a run has done, newest first.
///
/// # Errors
/// `NoRun`, or where the store cannot be reached.
pub async fn log<D: Engine>(
    deps: &D,
    user: &UserId,
    id: &RunId,
    page: &PageRequest,
) -> Result<Page<LogEntry>, BotError> {
    find_run(deps, user, id).await?;
    Ok(Trading(deps).list_run_log(user, id, page).await?)
}
