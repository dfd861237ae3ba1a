//! Bots, their runs and what those have done: the partition of their user. Who hears a series: the partition of that.

use crate::client::Aws;
use crate::keys;
use crate::switch;
use app::ports::{
    BotChange, BotSeat, CountRunning, ForgetBots, ListHearers, LoadBot, LoadRun, Page, PageRequest, StoreError,
};
use data_encoding::BASE64URL_NOPAD;
use domain::bot::{Bot, LogEntry, Run};
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::{BotId, RunId, UserId};
use domain::limits::AUDIT_RETENTION;
use domain::series::Series;
use store::condition::{ABSENT, BOTS_AS_SEEN, NO_BOT_YET, RUN_GOES_ON, RUNNING_BELOW, SEAT_OF_RUN};
use store::identity::may_still;
use store::item::{from_item, number, text, text_of, to_item, ttl};
use store::market::{wish_gone, wish_write};
use store::{Item, Key, Query, Table, Within, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

pub(crate) fn write_of(change: &BotChange) -> Result<Write, StoreError> {
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
        BotChange::IsOn { strategy } => Ok(switch::is_on(strategy)),
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

/// In a commit: none of somebody's bots was started since this was `seen`; whoever looks at an account in order to start one looks anew.
pub(crate) fn none_begun_since(user: &UserId, seen: u64) -> Write {
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

impl LoadBot for Aws {
    async fn load_bot(&self, user: &UserId, bot: &BotId) -> Result<Option<Bot>, StoreError> {
        Ok(self.rows().load::<stored::Bot>(&keys::bot(user, bot)).await?.map(Bot::from))
    }

    async fn all_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError> {
        let items = self.rows().query(Table::Trading, &keys::of_bots(user), keys::BOTS).await?;
        items.into_iter().map(|item| Ok(Bot::from(from_item::<stored::Bot>(item)?))).collect()
    }
}

impl LoadRun for Aws {
    async fn load_run(&self, user: &UserId, run: &RunId) -> Result<Option<Run>, StoreError> {
        Ok(self.rows().load::<stored::BotRun>(&keys::run(user, run)).await?.map(Run::from))
    }

    async fn list_runs(&self, user: &UserId, page: &PageRequest) -> Result<Page<Run>, StoreError> {
        let Page { items, next } = self.newest_of_bots(user, keys::RUNS, page).await?;
        let run = |item| Ok(Run::from(from_item::<stored::BotRun>(item)?));
        Ok(Page { items: items.into_iter().map(run).collect::<Result<_, StoreError>>()?, next })
    }

    async fn list_run_log(&self, user: &UserId, run: &RunId, page: &PageRequest) -> Result<Page<LogEntry>, StoreError> {
        let Page { items, next } = self.newest_of_bots(user, &keys::run_log(run), page).await?;
        let entry = |item| Ok(LogEntry::from(from_item::<stored::BotEntry>(item)?));
        Ok(Page { items: items.into_iter().map(entry).collect::<Result<_, StoreError>>()?, next })
    }
}

impl ForgetBots for Aws {
    async fn forget_bots(&self, user: &UserId) -> Result<(), StoreError> {
        let kept = keys::bots_running(user);
        self.rows().forget(Table::Trading, &keys::of_bots(user), |sk| sk != kept.sk).await
    }
}

impl CountRunning for Aws {
    async fn bots_running(&self, user: &UserId) -> Result<u32, StoreError> {
        Ok(self.counted(user).await?.map_or(0, |row| u32::try_from(row.running).unwrap_or(0)))
    }

    async fn bot_changes(&self, user: &UserId) -> Result<u64, StoreError> {
        Ok(self.counted(user).await?.map_or(0, |row| row.changes))
    }
}

impl ListHearers for Aws {
    async fn list_hearers(&self, series: &Series) -> Result<Vec<BotSeat>, StoreError> {
        let items = self.rows().query(Table::Trading, &keys::of_hearers(series), "").await?;
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
}

impl Aws {
    async fn counted(&self, user: &UserId) -> Result<Option<stored::BotsRunning>, StoreError> {
        self.rows().load(&keys::bots_running(user)).await
    }

    /// Rows of a user's bots whose keys begin so, the last first; strongly consistent.
    async fn newest_of_bots(&self, user: &UserId, prefix: &str, page: &PageRequest) -> Result<Page<Item>, StoreError> {
        let start = page.cursor.as_deref().map(|cursor| start(user, prefix, cursor)).transpose()?;
        let query = Query::of(Table::Trading, keys::of_bots(user)).within(Within::prefix(prefix));
        let found = self.rows().page(&query.newest_first().limit(page.items()).start(start)).await?;
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
