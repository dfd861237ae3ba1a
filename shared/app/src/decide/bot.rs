//! What a bot's run has raised: it opens nothing once somebody has stopped that run. An exit asks nothing.

use super::Decide;
use super::case::Case;
use super::enter::refusal;
use crate::commit::Change;
use crate::persist::PersistError;
use crate::ports::BotChange;
use domain::clock::Timestamp;
use domain::delivery::Verdict;

/// What an entry's commit has to say of its run, or the verdict that stands in its way. An alert has none.
pub(super) async fn goes_on<D: Decide>(
    deps: &D,
    case: &Case,
    now: Timestamp,
) -> Result<Result<Option<Change>, Verdict>, PersistError> {
    let Some(by) = case.delivery.bot.as_deref() else { return Ok(Ok(None)) };
    let (user, run) = (case.delivery.at.user.clone(), by.run.clone());
    let found = deps.load_run(&user, &run).await?;
    if found.is_none_or(|run| run.ended.is_some()) {
        return Ok(Err(refusal(case, "run_stopped", "the bot that raised it was stopped meanwhile".to_owned(), now)));
    }
    Ok(Ok(Some(Change::Bot(Box::new(BotChange::GoesOn { user, run })))))
}
