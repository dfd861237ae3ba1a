//! What is kept of one person, for themselves: without what is secret even to them, and without what they traded, which is
//! in lists of its own.

use super::profile::last_seen;
use super::programs::keys;
use super::settings::{Applied, settings_of_user};
use super::{IdentityError, Run};
use crate::ports::{Factor, KeptAccount, KeptNotice, KeptPreset, Login, PageRequest, StoreError, Wish};
use crate::tokens::{self, Token, TokenError};
use domain::audit::{Chain, Link, Shelf};
use domain::backtests::Backtest;
use domain::bot::{Bot, LogEntry, Run as BotRun};
use domain::clock::Timestamp;
use domain::identity::{ProgramKey, User};
use domain::ids::UserId;
use domain::limits::{AUDIT_RETENTION, PAGE_ITEMS_MAX};
use domain::logs::{self, Note};
use domain::risk::Rule;
use domain::series::Backfill;
use std::collections::BTreeMap;
use store::Engine;
use store::audit::Audits;
use store::catalog::Catalog;
use store::identity::Identity;
use store::market::Market;
use store::trading::Trading;

/// Changes of one export; one that has more says so.
const CHANGES_MAX: usize = 5_000;
const ROWS_PER_READ: u32 = 500;
/// Of an inbox, with room for the rest in one answer.
const NOTICES_MAX: usize = 1_000;
/// Runs of bots, and lines of what each has done.
const RUNS_MAX: u32 = 100;
const LINES_PER_RUN_MAX: u32 = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    pub user: User,
    pub settings: Applied,
    pub last_seen: Option<Timestamp>,
    pub logins: Vec<Login>,
    pub factor: Option<Factor>,
    pub accounts: Vec<KeptAccount>,
    pub tokens: Vec<Token>,
    pub keys: Vec<ProgramKey>,
    /// As they are now.
    pub presets: Vec<KeptPreset>,
    pub bots: Vec<Bot>,
    /// Oldest first.
    pub rules: Vec<Rule>,
    /// Runs of your bots, newest first, with those of deleted bots.
    pub runs: Vec<KeptRun>,
    /// Whether older ones did not fit.
    pub more_runs: bool,
    /// Series that are fetched for them.
    pub wishes: Vec<Wish>,
    /// Older candles that they have asked for.
    pub backfills: Vec<Backfill>,
    /// The oldest first.
    pub backtests: Vec<Backtest>,
    /// Their inbox, newest first.
    pub notices: Vec<KeptNotice>,
    /// Whether older ones did not fit.
    pub more_notices: bool,
    /// Newest first.
    pub changes: Vec<(Shelf, Link)>,
    /// Whether older changes did not fit.
    pub more_changes: bool,
    pub notes: Vec<Note>,
}

/// A run of a bot, and what it has done, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRun {
    pub run: BotRun,
    pub log: Vec<LogEntry>,
    /// Whether older lines did not fit.
    pub more: bool,
}

/// # Errors
/// `NoUser`, or where the store cannot be reached.
pub async fn personal<D: Engine>(deps: &D, user: &UserId, run: Run<'_>) -> Result<Personal, IdentityError> {
    let user = Identity(deps).load_user(user).await?.ok_or(IdentityError::NoUser)?;
    let (changes, more_changes) = changes(deps, &user, run).await?;
    let (notices, more_notices) = notices(deps, &user, run).await?;
    let (runs, more_runs) = runs(deps, &user.id).await?;
    Ok(Personal {
        settings: settings_of_user(deps, &user).await?,
        last_seen: last_seen(deps, &user, run).await?,
        logins: Identity(deps).list_logins(&user.id, run.now).await?,
        factor: Identity(deps).load_factor(&user.id).await?,
        accounts: Trading(deps).list_kept_accounts(&user.id).await?,
        keys: keys(deps, &user.id, run).await?,
        tokens: tokens(deps, &user, run).await?,
        presets: Catalog(deps).list_presets(&user.id).await?,
        bots: Trading(deps).list_bots(&user.id).await?,
        rules: Trading(deps).list_rules(&user.id).await?,
        runs,
        more_runs,
        wishes: wishes(deps, &user.id).await?,
        backfills: backfills(deps, &user.id).await?,
        backtests: Market(deps).list_backtests(&user.id).await?,
        notices,
        more_notices,
        changes,
        more_changes,
        notes: notes(deps, &user, run).await?,
        user,
    })
}

async fn runs<D: Engine>(deps: &D, user: &UserId) -> Result<(Vec<KeptRun>, bool), StoreError> {
    let page = |limit| PageRequest { limit, cursor: None };
    let found = Trading(deps).list_runs(user, &page(RUNS_MAX)).await?;
    let mut runs = Vec::with_capacity(found.items.len());
    for run in found.items {
        let log = Trading(deps).list_run_log(user, &run.id, &page(LINES_PER_RUN_MAX)).await?;
        runs.push(KeptRun { run, log: log.items, more: log.next.is_some() });
    }
    Ok((runs, found.next.is_some()))
}

/// All that is fetched for somebody.
pub(super) async fn wishes<D: Engine>(deps: &D, user: &UserId) -> Result<Vec<Wish>, StoreError> {
    Ok(Market(deps).list_wishes().await?.into_iter().filter(|wish| wish.by.user() == user).collect())
}

/// All that they have asked for of older times.
pub(super) async fn backfills<D: Engine>(deps: &D, user: &UserId) -> Result<Vec<Backfill>, StoreError> {
    Ok(Market(deps).list_backfills().await?.into_iter().filter(|backfill| backfill.by == *user).collect())
}

async fn changes<D: Engine>(deps: &D, user: &User, run: Run<'_>) -> Result<(Vec<(Shelf, Link)>, bool), IdentityError> {
    let mut found = Vec::new();
    for (_, chains) in audited(deps, user, run).await?.into_iter().rev() {
        let mut of_day = Vec::new();
        for chain in chains {
            of_day.extend(links(deps, &chain).await?.into_iter().map(|link| (chain.shelf, link)));
        }
        of_day.sort_by_key(|(shelf, link)| std::cmp::Reverse((link.audit.at, *shelf, link.number)));
        found.extend(of_day);
        if found.len() > CHANGES_MAX {
            found.truncate(CHANGES_MAX);
            return Ok((found, true));
        }
    }
    Ok((found, false))
}

/// Their chains, by the day.
pub(super) async fn audited<D: Engine>(
    deps: &D,
    user: &User,
    run: Run<'_>,
) -> Result<BTreeMap<i64, Vec<Chain>>, IdentityError> {
    let first = user.created_at.max(run.now.minus(AUDIT_RETENTION)).day();
    let mut days: BTreeMap<i64, Vec<Chain>> = BTreeMap::new();
    for shelf in Shelf::ALL {
        for (chain, _) in Audits(deps).days(&user.id, shelf, first..=run.now.day()).await? {
            days.entry(chain.day).or_default().push(chain);
        }
    }
    Ok(days)
}

/// Of a chain that is too long, its beginning.
async fn links<D: Engine>(deps: &D, chain: &Chain) -> Result<Vec<Link>, IdentityError> {
    let mut links: Vec<Link> = Vec::new();
    while links.len() <= CHANGES_MAX {
        let after = links.last().map_or(0, |link| link.number);
        let found = Audits(deps).rows(chain, after, ROWS_PER_READ).await?;
        if found.is_empty() {
            break;
        }
        links.extend(found);
    }
    Ok(links)
}

async fn tokens<D: Engine>(deps: &D, user: &User, run: Run<'_>) -> Result<Vec<Token>, IdentityError> {
    tokens::list(deps, run.act(&user.id)).await.map_err(|error| match error {
        TokenError::Store(error) => error.into(),
        _ => IdentityError::Contended,
    })
}

async fn notices<D: Engine>(deps: &D, user: &User, run: Run<'_>) -> Result<(Vec<KeptNotice>, bool), IdentityError> {
    let (mut found, mut page) = (Vec::new(), PageRequest { limit: PAGE_ITEMS_MAX, cursor: None });
    while found.len() < NOTICES_MAX {
        let part = Trading(deps).list_notices(&user.id, false, &page, run.now).await?;
        found.extend(part.items);
        if part.next.is_none() {
            return Ok((found, false));
        }
        page.cursor = part.next;
    }
    Ok((found, true))
}

async fn notes<D: Engine>(deps: &D, user: &User, run: Run<'_>) -> Result<Vec<Note>, IdentityError> {
    let mut notes = Vec::new();
    let first = user.created_at.max(run.now.minus(logs::RETENTION)).day();
    for day in (first..=run.now.day()).rev() {
        notes.extend(Identity(deps).notes_of(&user.id, day).await?.into_iter().rev());
    }
    Ok(notes)
}
