//! Bots, their runs and what those have done: the partition of their user. Who hears a series: the partition of that.

use super::Trading;
use super::keys;
use super::switches::is_on;
use crate::condition::{ABSENT, BOTS_AS_SEEN, NO_BOT_YET, RUN_GOES_ON, RUNNING_BELOW, SEAT_OF_RUN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::identity::may_still;
use crate::item::{from_item, number, text, text_of, to_item, ttl};
use crate::key::{Key, Table};
use crate::market::Wish;
use crate::market::{wish_gone, wish_write};
use crate::page::{Page, PageRequest};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use data_encoding::BASE64URL_NOPAD;
use domain::bot::{Bot, LogEntry, Run};
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::{AccountId, BotId, RunId, SessionId, UserId};
use domain::limits::AUDIT_RETENTION;
use domain::series::Series;
use wire::stored::{self, Schema};
use wire::text::Text;

/// That a run hears a series for an account: one run at the most, so that what one opens no other closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotSeat {
    pub account: AccountId,
    pub user: UserId,
    pub run: RunId,
}

/// One row's part of a commit. Each is refused where another change was first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BotChange {
    /// The bot with its new version, in the place of the one that was seen; put on absence where none was.
    Bot { bot: Bot, seen: Option<u64> },
    /// The same of a run.
    Run { run: Run, seen: Option<u64> },
    /// Refused where the run has ended, or enters nothing more.
    GoesOn { user: UserId, run: RunId },
    /// Refused where this strategy is off.
    IsOn { strategy: String },
    /// Put on absence.
    Takes { series: Series, seat: BotSeat },
    /// Refused where another run sits there.
    Leaves { series: Series, seat: BotSeat },
    /// Put on absence; a run has one entry a version.
    Log { entry: LogEntry, user: UserId },
    /// Has its series fetched.
    Wants(Wish),
    /// Has it fetched no more; what is not there is success.
    WantsNoMore(Wish),
    /// One run more, where that leaves no more than `most`. Refused where since [`Trading::bot_changes`] was `seen` another was begun, or
    /// an account of theirs was switched or removed.
    Begins { user: UserId, seen: u64, most: Option<u32> },
    /// One run less.
    Ends { user: UserId },
    /// Refused where this log-in is over by then, or does not permit trading any more.
    StillTrades { user: UserId, login: SessionId, at: Timestamp },
}

/// One row's part of a commit.
///
/// # Errors
/// See [`to_item`].
pub fn bot_write(change: &BotChange) -> Result<Write, StoreError> {
    match change {
        BotChange::Bot { bot, seen } => {
            let row = Write::versioned(keys::bot(&bot.user, &bot.id), &stored::Bot::from(bot), *seen)?;
            Ok(kept_for(row, bot.deleted.then_some(bot.updated_at)))
        }
        BotChange::Run { run, seen } => {
            let row = Write::versioned(keys::run(&run.user, &run.id), &stored::BotRun::from(run), *seen)?;
            Ok(kept_for(row, run.ended.as_ref().map(|ended| ended.at)))
        }
        BotChange::GoesOn { user, run } => Ok(Write::check(keys::run(user, run)).when(RUN_GOES_ON)),
        BotChange::IsOn { strategy } => Ok(is_on(strategy)),
        BotChange::Takes { series, seat } => {
            let BotSeat { account, user, run } = seat.clone();
            let row = stored::BotSeat { v: Schema, account: Text(account), user: Text(user), run: Text(run) };
            Write::insert(keys::hearer(series, &seat.account), &row)
        }
        BotChange::Leaves { series, seat } => {
            let leaves = Write::delete(keys::hearer(series, &seat.account)).when(SEAT_OF_RUN);
            Ok(leaves.given("seen_run", text(seat.run.as_str())))
        }
        BotChange::Log { entry, user } => {
            let row = to_item(&stored::BotEntry::from(entry))?;
            let row = row.into_iter().chain([("ttl".into(), ttl(entry.at.plus(AUDIT_RETENTION)))]);
            Ok(Write::replace(keys::run_entry(user, &entry.run, entry.version), row.collect()).when(ABSENT))
        }
        BotChange::Wants(wish) => wish_write(wish),
        BotChange::WantsNoMore(wish) => Ok(wish_gone(&wish.series, &wish.by)),
        BotChange::Begins { user, seen, most } => Ok(begins(user, *seen, *most)),
        BotChange::Ends { user } => Ok(counted(user).add("running", number(-1))),
        BotChange::StillTrades { user, login, at } => Ok(may_still(user, login, Permission::WRITE, *at)),
    }
}

/// What has ended goes with the record of it.
fn kept_for(write: Write, ended: Option<Timestamp>) -> Write {
    match ended {
        Some(ended) => write.set("ttl", ttl(ended.plus(AUDIT_RETENTION))),
        None => write,
    }
}

/// In a commit: none of a user's bots was started since this was `seen`. A start that has looked at an account meanwhile looks
/// anew.
pub fn none_begun_since(user: &UserId, seen: u64) -> Write {
    as_seen(Write::update(keys::bots_running(user)), seen)
}

fn begins(user: &UserId, seen: u64, most: Option<u32>) -> Write {
    let write = as_seen(counted(user), seen).add("running", number(1));
    match most {
        None => write,
        Some(most) => write.when(RUNNING_BELOW).given("running_max", number(most)),
    }
}

fn counted(user: &UserId) -> Write {
    Write::update(keys::bots_running(user)).set("v", number(1))
}

fn as_seen(write: Write, seen: u64) -> Write {
    let write = write.add("changes", number(1));
    match seen {
        0 => write.when(NO_BOT_YET),
        seen => write.when(BOTS_AS_SEEN).given("seen_changes", number(seen)),
    }
}

impl<E: Engine> Trading<'_, E> {
    /// A deleted one too.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_bot(&self, user: &UserId, bot: &BotId) -> Result<Option<Bot>, StoreError> {
        Ok(Rows(self.0).load::<stored::Bot>(&keys::bot(user, bot)).await?.map(Bot::from))
    }

    /// The oldest first, deleted ones too as long as they are kept; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn all_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::of_bots(user), keys::BOTS).await?;
        items.into_iter().map(|item| Ok(Bot::from(from_item::<stored::Bot>(item)?))).collect()
    }

    /// Those that are not deleted.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError> {
        Ok(self.all_bots(user).await?.into_iter().filter(|bot| !bot.deleted).collect())
    }

    /// None where there is none.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_run(&self, user: &UserId, run: &RunId) -> Result<Option<Run>, StoreError> {
        Ok(Rows(self.0).load::<stored::BotRun>(&keys::run(user, run)).await?.map(Run::from))
    }

    /// Newest first; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_runs(&self, user: &UserId, page: &PageRequest) -> Result<Page<Run>, StoreError> {
        let Page { items, next } = self.newest_of_bots(user, keys::RUNS, page).await?;
        let run = |item| Ok(Run::from(from_item::<stored::BotRun>(item)?));
        Ok(Page { items: items.into_iter().map(run).collect::<Result<_, StoreError>>()?, next })
    }

    /// What one has done, newest first; as it is now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_run_log(
        &self,
        user: &UserId,
        run: &RunId,
        page: &PageRequest,
    ) -> Result<Page<LogEntry>, StoreError> {
        let Page { items, next } = self.newest_of_bots(user, &keys::run_log(run), page).await?;
        let entry = |item| Ok(LogEntry::from(from_item::<stored::BotEntry>(item)?));
        Ok(Page { items: items.into_iter().map(entry).collect::<Result<_, StoreError>>()?, next })
    }

    /// Nothing is left of a user's bots, of their runs, or of what those have done, but how often one was begun: a start that is
    /// under way looks anew. None of them runs.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn forget_bots(&self, user: &UserId) -> Result<(), StoreError> {
        let kept = keys::bots_running(user);
        Rows(self.0).forget(Table::Trading, &keys::of_bots(user), |sk| sk != kept.sk).await
    }

    /// How many of a user's bots run.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn bots_running(&self, user: &UserId) -> Result<u32, StoreError> {
        Ok(self.counted(user).await?.map_or(0, |row| u32::try_from(row.running).unwrap_or(0)))
    }

    /// How often one was started, or an account was switched or removed; as it is now. What is decided by whether one runs, or by which
    /// account it is to trade with, holds only as long as this stays.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn bot_changes(&self, user: &UserId) -> Result<u64, StoreError> {
        Ok(self.counted(user).await?.map_or(0, |row| row.changes))
    }

    /// Runs that hear a series, by their accounts; as they are now. A place that cannot be read keeps no other from hearing.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_hearers(&self, series: &Series) -> Result<Vec<BotSeat>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::of_hearers(series), "").await?;
        let seat = |row: stored::BotSeat| BotSeat { account: row.account.0, user: row.user.0, run: row.run.0 };
        let seats = items.into_iter().filter_map(|item| match from_item(item) {
            Ok(row) => Some(seat(row)),
            Err(error) => {
                tracing::error!(%series, %error, "a place of a run cannot be read");
                None
            }
        });
        Ok(seats.collect())
    }

    async fn counted(&self, user: &UserId) -> Result<Option<stored::BotsRunning>, StoreError> {
        Rows(self.0).load(&keys::bots_running(user)).await
    }

    /// Rows of a user's bots whose keys begin so, the last first; strongly consistent.
    async fn newest_of_bots(&self, user: &UserId, prefix: &str, page: &PageRequest) -> Result<Page<Item>, StoreError> {
        let start = page.cursor.as_deref().map(|cursor| start(user, prefix, cursor)).transpose()?;
        let query = Query::of(Table::Trading, keys::of_bots(user)).within(Within::prefix(prefix));
        let found = Rows(self.0).page(&query.newest_first().limit(page.items()).start(start)).await?;
        let cursor = |last: &Item| Ok(BASE64URL_NOPAD.encode(text_of(last, "sk")?.as_bytes()));
        let next = found.next.as_ref().map(cursor).transpose()?;
        Ok(Page { items: found.items, next })
    }
}

/// Neither the user nor the list is taken from the cursor: a foreign one leads nowhere else.
fn start(user: &UserId, prefix: &str, cursor: &str) -> Result<Item, StoreError> {
    let bad = || StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    let sk = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let sk = sk.filter(|sk| sk.starts_with(prefix)).ok_or_else(bad)?;
    Ok(Key::new(Table::Trading, keys::of_bots(user), sk).item())
}
