//! What a bot's run has raised: it opens nothing once somebody has stopped that run or narrowed it, while its strategy is off, nor where it
//! began before a restored table was recovered: somebody may have stopped it in the time that was lost. An exit asks nothing.

use super::case::Case;
use super::enter::refusal;
use crate::commit::Change;
use crate::persist::PersistError;
use crate::ports::BotChange;
use domain::bot::Run;
use domain::clock::Timestamp;
use domain::delivery::Verdict;
use domain::reason::Reason;
use futures_util::future::join;
use store::Engine;
use store::trading::Trading;

/// What an entry's commit has to say of its run and its strategy, or the verdict that stands in its way. An alert has none.
pub(super) async fn may_enter<D: Engine>(
    deps: &D,
    case: &Case,
    now: Timestamp,
) -> Result<Result<Vec<Change>, Verdict>, PersistError> {
    let Some(by) = case.delivery.bot.as_deref() else { return Ok(Ok(Vec::new())) };
    let refused = |reason: Reason, detail: String| Ok(Err(refusal(case, reason, detail, now)));
    let (user, run) = (case.delivery.at.user.clone(), by.run.clone());
    let (found, system) = join(Trading(deps).load_run(&user, &run), Trading(deps).load_system()).await;
    let Some(found) = found?.filter(Run::may_enter) else {
        return refused(
            Reason::RunStopped,
            "the bot that raised it was stopped meanwhile, or is to enter nothing more".to_owned(),
        );
    };
    // A run that enters again is the same one: what it had said before does not count any more.
    if case.event_at() <= found.terms.series.interval.told_to(found.enters_since()) {
        return refused(Reason::RunStopped, "the bot that raised it was stopped since, and started again".to_owned());
    }
    if system?.adopted.is_some_and(|adoption| found.enters_since() < adoption.at) {
        let why =
            "its bot was started before the restored table was recovered: stop it with close_only, and start it again";
        return refused(Reason::BeforeRecovery, why.to_owned());
    }
    let strategy = found.terms.strategy.name;
    if let Some(off) = Trading(deps).load_switch(&strategy).await?.filter(|switch| !switch.enabled) {
        return refused(Reason::StrategyOff, format!("{strategy} is off for this deployment: {}", off.reason));
    }
    let changes = [BotChange::GoesOn { user, run }, BotChange::IsOn { strategy }];
    Ok(Ok(changes.map(|change| Change::Bot(Box::new(change))).into()))
}
