//! Starting a bot.

use super::find::{self, find};
use super::{BotError, commit, has_money, keep};
use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::notices;
use crate::ports::{BotChange, BotSeat, StoreError, Wanting, Wish};
use domain::account::Account;
use domain::bot::{Bot, EntryKind, LogEntry, Run, Strategies, Terms};
use domain::clock::Timestamp;
use domain::delivery;
use domain::ids::{BotId, RunId, SessionId, UserId};
use domain::limits::{BOT_SERIES_MAX, BOTS_RUNNING_DEFAULT};
use domain::preset::PresetName;
use std::collections::BTreeSet;
use store::Engine;
use store::market::Market;
use store::trading::Trading;
use wire::bot::Asked;

/// What lets somebody start a bot.
#[derive(Debug, Clone, Copy, Default)]
pub struct Permit<'a> {
    /// How many their plan lets run at once; where it says nothing, [`BOTS_RUNNING_DEFAULT`] do.
    pub most: Option<u32>,
    /// The log-in by which a person starts it: where it ends or trades no more until the commit, so does the start. A program's key
    /// has none.
    pub login: Option<&'a SessionId>,
}

impl Permit<'_> {
    fn most(self) -> u32 {
        self.most.unwrap_or(BOTS_RUNNING_DEFAULT)
    }
}

/// Has a bot hear each candle that closes from now on, once what it trades by is found good anew. One whose run is close only enters again, by
/// that run: between two runs an exit could be lost. Where its terms were changed since, that run is stopped first.
///
/// # Errors
/// `NoBot`, `AccountGone`, `NotInPerson`, `Running`, `OtherTerms`, `StrategyOff`, `SeriesTaken`, `SeriesFull`, `PlanLimit`, what of it is good no more, or where
/// the store cannot be reached.
pub async fn start<D: Engine, S: Strategies>(
    deps: &D,
    strategies: &S,
    id: &BotId,
    permit: Permit<'_>,
    act: Act<'_>,
) -> Result<Run, BotError> {
    retry_on_conflict(BotError::Contended, || async {
        // Before its account is read: what that is holds in the commit.
        let begun = Trading(deps).bot_changes(act.user).await?;
        let kept = find(deps, act.user, id).await?;
        let over = keep::preset(deps, act.user, kept.terms.preset.as_ref()).await?;
        let bot = by_preset(kept.clone(), &over);
        let account = account(deps, &bot, act).await?;
        let former = match &bot.run {
            Some(run) => Trading(deps).load_run(act.user, run).await?,
            None => None,
        };
        if let Some(narrowed) = former.as_ref().filter(|run| run.ended.is_none() && run.close_only.is_some()) {
            // It would trade by what was changed on purpose, perhaps with another account than the one that was just asked for.
            if !is_same(&bot.terms, &narrowed.terms) {
                return Err(BotError::OtherTerms);
            }
            if let Some(run) = entering_again(deps, narrowed.clone(), permit, act).await? {
                return Ok(Some(run));
            }
            return Ok(None);
        }
        keep::is_good(deps, strategies, &bot, &over).await?;
        may_start(deps, &bot, permit.most(), act).await?;
        let run = run(&bot, &account, former.as_ref(), act);
        let (started, seen) = (running(kept, &run, act), bot.version);
        let bot = BotChange::Bot { bot: started, seen: Some(seen) };
        let changes = changes(&run, begun, permit, act).into_iter().chain([bot]);
        let mut record = audit("start bot", run.id.as_str(), "wished by its user", act);
        record.after = Some(told(&run));
        if commit(deps, changes.collect(), record, act).await? {
            told_of(deps, &run).await;
            return Ok(Some(run));
        }
        Ok(None)
    })
    .await
}

/// None where another change was first.
async fn entering_again<D: Engine>(
    deps: &D,
    before: Run,
    permit: Permit<'_>,
    act: Act<'_>,
) -> Result<Option<Run>, BotError> {
    is_on(deps, &before.terms.strategy.name).await?;
    let seen = before.version;
    let run = Run { close_only: None, resumed_at: Some(act.now), ..before }.next();
    let mut record = audit("start entries of bot", run.id.as_str(), "wished by its user", act);
    record.after = Some(told(&run));
    let again = BotChange::Run { run: run.clone(), seen: Some(seen) };
    let changes = [again, begun(&run, act)].into_iter().chain(still(permit, act)).collect();
    if !commit(deps, changes, record, act).await? {
        return Ok(None);
    }
    told_of(deps, &run).await;
    Ok(Some(run))
}

/// Where there is money, its owner is to know of it.
async fn told_of<D: Engine>(deps: &D, run: &Run) {
    if has_money(run) {
        notices::bot_started(deps, run).await;
    }
}

/// With the preset that its run trades by.
fn by_preset(bot: Bot, over: &PresetName) -> Bot {
    let preset = bot.terms.preset.or_else(|| Some(over.clone()).filter(|name| !name.is_standard()));
    Bot { terms: Terms { preset, ..bot.terms }, ..bot }
}

/// No preset is `default`, whichever way it is written.
fn is_same(one: &Terms, other: &Terms) -> bool {
    let named = |terms: &Terms| {
        let preset = terms.preset.clone().filter(|name| !name.is_standard());
        Terms { preset, ..terms.clone() }
    };
    named(one) == named(other)
}

async fn account<D: Engine>(deps: &D, bot: &Bot, act: Act<'_>) -> Result<Account, BotError> {
    let account = keep::account(deps, &bot.terms.account, act.user).await?.ok_or(BotError::AccountGone)?;
    if account.exchange.is_paper() || act.in_person() { Ok(account) } else { Err(BotError::NotInPerson) }
}

/// Whether anything stands in its way, as things are. What changes until the commit, the commit finds.
async fn may_start<D: Engine>(deps: &D, bot: &Bot, most: u32, act: Act<'_>) -> Result<(), BotError> {
    if bot.running {
        return Err(BotError::Running);
    }
    is_on(deps, &bot.terms.strategy.name).await?;
    if Trading(deps).list_hearers(&bot.terms.series).await?.iter().any(|seat| seat.account == bot.terms.account) {
        // Whoever asks twice at once is told of the first, not of another bot.
        let is_own = Trading(deps).load_bot(act.user, &bot.id).await?.is_some_and(|bot| bot.running);
        return Err(if is_own { BotError::Running } else { BotError::SeriesTaken });
    }
    let is_told = |wish: &Wish| wish.by.is_told() && wish.holds(act.now);
    let heard: BTreeSet<_> =
        Market(deps).list_wishes().await?.into_iter().filter(is_told).map(|wish| wish.series).collect();
    if heard.len() >= BOT_SERIES_MAX && !heard.contains(&bot.terms.series) {
        return Err(BotError::SeriesFull);
    }
    let running = Trading(deps).list_bots(act.user).await?.iter().filter(|bot| bot.running).count();
    let is_full = u32::try_from(running).is_ok_and(|running| running >= most);
    if is_full { Err(BotError::PlanLimit(most)) } else { Ok(()) }
}

async fn is_on<D: Engine>(deps: &D, strategy: &str) -> Result<(), BotError> {
    let off = Trading(deps).load_switch(strategy).await?.filter(|switch| !switch.enabled);
    off.map_or(Ok(()), |off| Err(BotError::StrategyOff(off.reason)))
}

/// Keeps a new bot and starts it, in one commit.
///
/// # Errors
/// What of it is wrong, `TooMany`, or as [`start`].
pub async fn launch<D: Engine, S: Strategies>(
    deps: &D,
    strategies: &S,
    asked: Asked,
    permit: Permit<'_>,
    act: Act<'_>,
) -> Result<Run, BotError> {
    retry_on_conflict(BotError::Contended, || async {
        let begun = Trading(deps).bot_changes(act.user).await?;
        let (kept, over) = keep::new(deps, strategies, asked.clone(), act).await?;
        let bot = by_preset(kept.clone(), &over);
        let account = account(deps, &bot, act).await?;
        may_start(deps, &bot, permit.most(), act).await?;
        let run = run(&bot, &account, None, act);
        let mut record = keep::created(&kept, act);
        record.action = "create and start bot".to_owned();
        let bot = BotChange::Bot { bot: Bot { run: Some(run.id.clone()), running: true, ..kept }, seen: None };
        let changes = changes(&run, begun, permit, act).into_iter().chain([bot]);
        if commit(deps, changes.collect(), record, act).await? {
            told_of(deps, &run).await;
            return Ok(Some(run));
        }
        Ok(None)
    })
    .await
}

fn run(bot: &Bot, account: &Account, former: Option<&Run>, act: Act<'_>) -> Run {
    // One that has closed and may not be told yet is its first.
    let told_to = bot.terms.series.interval.told_to(act.now);
    let left_off = former.and_then(|run| run.leaves_off_at(&bot.terms, act.now));
    Run {
        id: RunId::at(act.now, &[bot.id.as_str(), act.attempt.as_str()]),
        bot: bot.id.clone(),
        user: act.user.clone(),
        version: 1,
        terms: bot.terms.clone(),
        label: account.label.clone(),
        lane: delivery::lane(&[act.user.as_str(), account.exchange.as_str(), &account.label]),
        started_at: act.now,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: left_off.unwrap_or(told_to).min(told_to),
        candles: 0,
        signals: 0,
        last: None,
        raised: None,
        failing: None,
    }
}

fn running(bot: Bot, run: &Run, act: Act<'_>) -> Bot {
    Bot { run: Some(run.id.clone()), running: true, ..keep::changed(bot, act) }
}

fn changes(run: &Run, seen: u64, permit: Permit<'_>, act: Act<'_>) -> Vec<BotChange> {
    let mut changes = vec![
        BotChange::Run { run: run.clone(), seen: None },
        BotChange::Takes { series: run.terms.series.clone(), seat: seat(run) },
        begun(run, act),
        BotChange::Wants(wish(run)),
        BotChange::Begins { user: act.user.clone(), seen, most: Some(permit.most()) },
    ];
    changes.extend(still(permit, act));
    changes
}

fn begun(run: &Run, act: Act<'_>) -> BotChange {
    let entry = LogEntry {
        run: run.id.clone(),
        version: run.version,
        at: act.now,
        kind: EntryKind::Started,
        word: None,
        detail: Some(told(run)),
        delivery: None,
    };
    BotChange::Log { entry, user: act.user.clone() }
}

fn still(permit: Permit<'_>, act: Act<'_>) -> Option<BotChange> {
    let user = act.user.clone();
    permit.login.map(|login| BotChange::StillTrades { user, login: login.clone(), at: act.now })
}

/// Has all that somebody's bots run fetched once a restored table is acted upon, where that was forgotten: what hears nothing leaves at nothing.
/// They are told that what began before enters no more.
///
/// # Errors
/// Where the store cannot be reached; the same again does it.
pub(crate) async fn want_again<D: Engine>(deps: &D, user: &UserId, recovered_at: Timestamp) -> Result<(), StoreError> {
    for run in find::running(deps, user).await? {
        Market(deps).keep_wish(&wish(&run)).await?;
        if run.may_enter() && run.enters_since() < recovered_at {
            notices::bot_restored(deps, &run, recovered_at).await;
        }
    }
    Ok(())
}

/// Where it sits.
pub(super) fn seat(run: &Run) -> BotSeat {
    BotSeat { account: run.terms.account.clone(), user: run.user.clone(), run: run.id.clone() }
}

/// That its series is fetched, until it stops.
pub(super) fn wish(run: &Run) -> Wish {
    let by = Wanting::Bot(run.user.clone(), run.id.clone());
    Wish { series: run.terms.series.clone(), by, since: run.started_at, until: None }
}

pub(super) fn told(run: &Run) -> String {
    let Terms { strategy, series, account, .. } = &run.terms;
    format!("{} on {series} with {account} by preset {}", strategy.name, run.preset())
}
