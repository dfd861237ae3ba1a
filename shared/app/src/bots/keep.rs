//! Bots as their users keep them.

use super::{BotError, commit, find};
use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::markets;
use crate::ports::{Audit, BotChange, KeptPreset, StoreError};
use domain::account::Account;
use domain::alert::Side;
use domain::bot::{BadTerm, Bot, BotName, Confidence, RULES, Strategies, Strategy, Terms};
use domain::ids::{AccountId, BotId, UserId};
use domain::limits::{BOTS_KEPT_MAX, BOTS_PER_USER_MAX};
use domain::market::{Cuts, Interval, Market, MarketKey};
use domain::preset::PresetName;
use domain::series::Series;
use std::collections::BTreeMap;
use store::Engine;
use store::catalog::Catalog;
use store::identity::Identity;
use store::trading::Trading;
use wire::alert::{BadAlert, Base, entry_of};
use wire::bot::{Asked, required};
use wire::preset::Document;

/// A bot as somebody wants it, whole.
struct NewBot {
    name: BotName,
    account: AccountId,
    symbol: Cuts,
    interval: Interval,
    strategy: Strategy,
    preset: Option<PresetName>,
    plan: String,
    confidence_min: Confidence,
}

impl NewBot {
    fn of(asked: Asked) -> Result<Self, BadAlert> {
        Ok(Self {
            name: required(asked.name, "name")?,
            account: required(asked.account, "account")?,
            symbol: Cuts { first: required(asked.symbol, "symbol")?, others: asked.other_symbols },
            interval: required(asked.timeframe, "timeframe")?,
            strategy: Strategy {
                name: required(asked.strategy.or(asked.rules.as_ref().map(|_| RULES.to_owned())), "strategy")?,
                parameters: asked.parameters.unwrap_or_default(),
                rules: asked.rules,
            },
            preset: asked.preset,
            plan: asked.plan.map_or_else(|| NOTHING.to_owned(), |plan| plan.text()),
            confidence_min: asked.confidence_min.unwrap_or(Confidence::ZERO),
        })
    }

    /// What is not asked for is as it was.
    fn over(before: &Bot, asked: Asked) -> Self {
        let terms = before.terms.clone();
        let strategy = strategy_over(terms.strategy, asked.strategy, asked.parameters, asked.rules);
        Self {
            name: asked.name.unwrap_or_else(|| before.name.clone()),
            account: asked.account.unwrap_or(terms.account),
            symbol: Cuts { first: asked.symbol.unwrap_or(terms.series.market.symbol), others: asked.other_symbols },
            interval: asked.timeframe.unwrap_or(terms.series.interval),
            strategy,
            preset: asked.preset.or(terms.preset),
            plan: asked.plan.map_or(terms.plan, |plan| plan.text()),
            confidence_min: asked.confidence_min.unwrap_or(terms.confidence_min),
        }
    }
}

/// Another strategy has parameters of its own, and so have other rules.
fn strategy_over(
    before: Strategy,
    name: Option<String>,
    parameters: Option<BTreeMap<String, String>>,
    rules: Option<String>,
) -> Strategy {
    let name = name.or(rules.as_ref().map(|_| RULES.to_owned())).unwrap_or_else(|| before.name.clone());
    let stays = name.eq_ignore_ascii_case(&before.name)
        && rules.as_ref().is_none_or(|rules| before.rules.as_ref() == Some(rules));
    let kept = if stays { before } else { Strategy::default() };
    Strategy { name, parameters: parameters.unwrap_or(kept.parameters), rules: rules.or(kept.rules) }
}

/// A plan that leaves all to the preset.
const NOTHING: &str = "{}";

/// A bot that is not kept yet. It does not run.
///
/// # Errors
/// What of it is wrong, `TooMany`, or where the store cannot be reached.
pub async fn create<D: Engine, S: Strategies>(
    deps: &D,
    strategies: &S,
    asked: Asked,
    act: Act<'_>,
) -> Result<Bot, BotError> {
    let (bot, _) = new(deps, strategies, asked, act).await?;
    in_person(&bot.terms, act)?;
    let record = created(&bot, act);
    let changes = vec![BotChange::Bot { bot: bot.clone(), seen: None }];
    if commit(deps, changes, record, act).await? { Ok(bot) } else { Err(BotError::Contended) }
}

/// One that is found good, and the preset by which it was.
pub(super) async fn new<D: Engine, S: Strategies>(
    deps: &D,
    strategies: &S,
    asked: Asked,
    act: Act<'_>,
) -> Result<(Bot, PresetName), BotError> {
    let wanted = NewBot::of(asked)?;
    let over = preset(deps, act.user, wanted.preset.as_ref()).await?;
    let (name, terms) = terms(deps, strategies, wanted, &over, act.user).await?;
    let all = Trading(deps).all_bots(act.user).await?;
    if all.len() >= BOTS_KEPT_MAX || all.iter().filter(|bot| !bot.deleted).count() >= BOTS_PER_USER_MAX {
        return Err(BotError::TooMany);
    }
    let bot = Bot {
        id: BotId::at(act.now, &[act.user.as_str(), act.attempt.as_str()]),
        user: act.user.clone(),
        version: 1,
        name,
        terms,
        created_at: act.now,
        updated_at: act.now,
        updated_by: act.user.clone(),
        run: None,
        running: false,
        deleted: false,
    };
    Ok((bot, over))
}

pub(super) fn created(bot: &Bot, act: Act<'_>) -> Audit {
    let mut record = audit("create bot", bot.id.as_str(), "wished by its user", act);
    record.after = Some(told(bot));
    record
}

/// A bot with other terms, for its next run: one that goes on keeps those that it began with. `seen` is the version that is meant.
///
/// # Errors
/// `NoBot`, `VersionConflict`, `NotInPerson`, what of it is wrong, or where the store cannot be reached.
pub async fn change<D: Engine, S: Strategies>(
    deps: &D,
    strategies: &S,
    id: &BotId,
    asked: &Asked,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<Bot, BotError> {
    retry_on_conflict(BotError::Contended, || async {
        let before = seen_as(find(deps, act.user, id).await?, seen)?;
        let wanted = NewBot::over(&before, asked.clone());
        let over = preset(deps, act.user, wanted.preset.as_ref()).await?;
        let (name, terms) = terms(deps, strategies, wanted, &over, act.user).await?;
        in_person(&before.terms, act)?;
        in_person(&terms, act)?;
        let mut record = audit("change bot", id.as_str(), "wished by its user", act);
        record.before = Some(told(&before));
        let (seen, after) = (before.version, changed(Bot { name, terms, ..before }, act));
        record.after = Some(told(&after));
        Ok(commit(deps, vec![BotChange::Bot { bot: after.clone(), seen: Some(seen) }], record, act)
            .await?
            .then_some(after))
    })
    .await
}

/// Takes a bot away that does not run. Its runs and their logs stay.
///
/// # Errors
/// `NoBot`, `Running`, `VersionConflict`, or where the store cannot be reached.
pub async fn delete<D: Engine>(deps: &D, id: &BotId, seen: Option<u64>, act: Act<'_>) -> Result<(), BotError> {
    retry_on_conflict(BotError::Contended, || async {
        let before = seen_as(find(deps, act.user, id).await?, seen)?;
        in_person(&before.terms, act)?;
        if before.running {
            return Err(BotError::Running);
        }
        let mut record = audit("delete bot", id.as_str(), "wished by its user", act);
        record.before = Some(told(&before));
        let seen = before.version;
        let changes = vec![BotChange::Bot { seen: Some(seen), bot: emptied(changed(before, act)) }];
        Ok(commit(deps, changes, record, act).await?.then_some(()))
    })
    .await
}

/// Taken away: its runs know what they traded by, and what is left of it is small.
fn emptied(bot: Bot) -> Bot {
    let strategy = Strategy { parameters: BTreeMap::new(), rules: None, ..bot.terms.strategy };
    let terms = Terms { strategy, plan: NOTHING.to_owned(), ..bot.terms };
    Bot { terms, deleted: true, ..bot }
}

/// A program's key makes, changes and takes away bots of the paper venue alone: a person would start what has come in the place of theirs.
fn in_person(terms: &Terms, act: Act<'_>) -> Result<(), BotError> {
    let is_paper = terms.series.market.exchange.is_paper();
    if is_paper || act.in_person() { Ok(()) } else { Err(BotError::NotInPerson) }
}

fn seen_as(bot: Bot, seen: Option<u64>) -> Result<Bot, BotError> {
    if seen.is_some_and(|seen| seen != bot.version) { Err(BotError::VersionConflict(bot.version)) } else { Ok(bot) }
}

/// With its next version.
pub(super) fn changed(bot: Bot, act: Act<'_>) -> Bot {
    let version = bot.version.saturating_add(1);
    Bot { version, updated_at: act.now, updated_by: act.user.clone(), ..bot }
}

/// For the record.
fn told(bot: &Bot) -> String {
    let Terms { account, series, strategy, .. } = &bot.terms;
    format!("{} of {} on {series} with {account}", bot.name, strategy.name)
}

/// One of somebody's that they have not removed.
pub(super) async fn account<D: Engine>(deps: &D, id: &AccountId, user: &UserId) -> Result<Option<Account>, StoreError> {
    if !Trading(deps).list_accounts(user).await?.contains(id) {
        return Ok(None);
    }
    Ok(Trading(deps).load_account(id).await?.filter(|account| account.user == *user))
}

/// Whether what a bot trades by is as good as when it was kept: markets, presets and strategies may have gone since.
pub(super) async fn is_good<D: Engine, S: Strategies>(
    deps: &D,
    strategies: &S,
    bot: &Bot,
    over: &PresetName,
) -> Result<(), BotError> {
    terms(deps, strategies, NewBot::over(bot, Asked::default()), over, &bot.user).await.map(drop)
}

/// What it trades by, once all of it is found good.
async fn terms<D: Engine, S: Strategies>(
    deps: &D,
    strategies: &S,
    wanted: NewBot,
    over: &PresetName,
    user: &UserId,
) -> Result<(BotName, Terms), BotError> {
    let account = account(deps, &wanted.account, user).await?.ok_or(BotError::NoAccount)?;
    let named = MarketKey::named(account.exchange.clone(), wanted.symbol.first.clone());
    let kept = markets::find(deps, &wanted.symbol.at(&account.exchange)).await?;
    let Some(Market { key: market, can_short, kind, .. }) = kept else { return Err(BotError::UnknownMarket(named)) };
    let strategy = strategies.read(&wanted.strategy)?;
    let side = strategies.side(&strategy)?;
    if side == Side::Short && !(can_short && kind.is_linear()) {
        let allowed = format!("must be long: {market} cannot be short");
        return Err(BadTerm { field: "rules.side".to_owned(), allowed }.into());
    }
    let terms = Terms {
        account: account.id,
        series: Series { market, interval: wanted.interval },
        strategy,
        preset: wanted.preset,
        plan: wanted.plan,
        confidence_min: wanted.confidence_min,
    };
    let kept = Catalog(deps).load_preset(user, over).await?.filter(|preset| !preset.deleted);
    if kept.is_none() && !over.is_standard() {
        return Err(BotError::NoPreset(over.clone()));
    }
    let brought = strategies.ladder(&terms.strategy)?;
    entry_of(&terms, brought.as_ref(), side, kept.map(base).transpose()?.as_ref())?;
    Ok((wanted.name, terms))
}

/// The preset by which a bot would trade if it started now: its own, or that of its user's settings. It is asked for once, so that what is
/// judged is what is traded.
pub(super) async fn preset<D: Engine>(
    deps: &D,
    user: &UserId,
    own: Option<&PresetName>,
) -> Result<PresetName, StoreError> {
    if let Some(own) = own {
        return Ok(own.clone());
    }
    let settings = Identity(deps).load_settings(user).await?.settings;
    Ok(settings.entry_preset.unwrap_or_else(PresetName::standard))
}

/// What was kept was found good: where it cannot be read, a newer writer has kept it.
fn base(preset: KeptPreset) -> Result<Base, StoreError> {
    let KeptPreset { at, document, .. } = preset;
    let unreadable = |wrong| StoreError::Unreadable(format!("preset {} {}: {wrong}", at.name, at.version));
    let document = Document::parse(&document).map_err(unreadable)?;
    Ok(Base { at, document })
}
