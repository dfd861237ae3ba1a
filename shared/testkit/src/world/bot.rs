//! Bots, their runs and what those have done; who hears a series.

use super::World;
use super::item::{Item, key};
use super::readback::paged;
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{
    Audit, BotChange, BotSeat, CountRunning, ForgetBots, KeepSwitch, ListHearers, LoadBot, LoadRun, LoadSwitch, Page,
    PageRequest, StoreError,
};
use domain::audit::Shelf;
use domain::bot::{Bot, LogEntry, Run, Switch};
use domain::identity::Permission;
use domain::ids::{BotId, RunId, UserId};
use domain::series::Series;
use store::identity::may_still;
use store::market::{wish_gone, wish_write};

/// One change as the action that the cloud would be asked for.
pub(super) fn action(change: &BotChange) -> Action<'_> {
    match change {
        BotChange::Bot { bot, seen } => Action {
            key: key::bot(&bot.user, &bot.id),
            guard: Box::new(move |row| row.and_then(self::bot).map(|bot| bot.version) == *seen),
            write: Write::Put(Item::Bot(bot.clone())),
        },
        BotChange::Run { run, seen } => Action {
            key: key::run(&run.user, &run.id),
            guard: Box::new(move |row| row.and_then(self::run).map(|run| run.version) == *seen),
            write: Write::Put(Item::Run(run.clone())),
        },
        BotChange::GoesOn { user, run } => {
            Action::require(key::run(user, run), |row| matches!(row, Item::Run(run) if run.may_enter()))
        }
        BotChange::IsOn { strategy } => Action {
            key: key::switch(strategy),
            guard: Box::new(|row| row.and_then(switch).is_none_or(|switch| switch.enabled)),
            write: Write::Nothing,
        },
        BotChange::Takes { series, seat } => {
            Action::put_on_absence(key::hearer(series, &seat.account), Item::BotSeat(seat.clone()))
        }
        BotChange::Leaves { series, seat } => Action {
            key: key::hearer(series, &seat.account),
            guard: Box::new(move |row| matches!(row, Some(Item::BotSeat(there)) if there.run == seat.run)),
            write: Write::Delete,
        },
        BotChange::Log { entry, user } => {
            Action::put_on_absence(key::run_entry(user, entry), Item::BotEntry(entry.clone()))
        }
        BotChange::Wants(wish) => Action::row(wish_write(wish).expect("a wish")),
        BotChange::WantsNoMore(wish) => Action::row(wish_gone(&wish.series, &wish.by)),
        BotChange::Begins { user, seen, most } => begins(user, *seen, *most),
        BotChange::Ends { user } => ends(user),
        BotChange::StillTrades { user, login, at } => Action::row(may_still(user, login, Permission::WRITE, *at)),
    }
}

/// None of somebody's bots was started since this was `seen`; whoever looks at an account in order to start one looks anew.
pub(super) fn none_begun_since<'a>(user: &UserId, seen: u64) -> Action<'a> {
    let guard = Box::new(move |row: Option<&Item>| changes(row) == seen);
    Action { key: key::bots_running(user), guard, write: Write::Count { running: 0, changes: 1 } }
}

fn changes(row: Option<&Item>) -> u64 {
    if let Some(Item::BotsRunning { changes, .. }) = row { *changes } else { 0 }
}

fn begins<'a>(user: &UserId, seen: u64, most: Option<u32>) -> Action<'a> {
    let running = |row: Option<&Item>| if let Some(Item::BotsRunning { running, .. }) = row { *running } else { 0 };
    let below = move |row: Option<&Item>| most.is_none_or(|most| running(row) < i64::from(most));
    Action {
        key: key::bots_running(user),
        guard: Box::new(move |row| changes(row) == seen && below(row)),
        write: Write::Count { running: 1, changes: 1 },
    }
}

fn ends<'a>(user: &UserId) -> Action<'a> {
    let write = Write::Count { running: -1, changes: 0 };
    Action { key: key::bots_running(user), guard: Box::new(|_| true), write }
}

pub(super) fn word(change: &BotChange) -> String {
    match change {
        BotChange::Bot { bot, .. } => format!("bot {} v{}", bot.id, bot.version),
        BotChange::Run { run, .. } => format!("run {} v{}", run.id, run.version),
        BotChange::GoesOn { run, .. } => format!("{run} goes on"),
        BotChange::IsOn { strategy } => format!("{strategy} is on"),
        BotChange::Takes { seat, .. } => format!("{} hears", seat.run),
        BotChange::Leaves { seat, .. } => format!("{} hears no more", seat.run),
        BotChange::Log { entry, .. } => format!("\"{}\"", entry.kind.as_str()),
        BotChange::Wants(wish) => format!("wish {}", wish.series),
        BotChange::WantsNoMore(wish) => format!("no wish {}", wish.series),
        BotChange::Begins { seen, .. } => format!("one more runs, since {seen}"),
        BotChange::Ends { .. } => "one less runs".to_owned(),
        BotChange::StillTrades { login, .. } => format!("{login} may still trade"),
    }
}

impl LoadBot for World {
    async fn load_bot(&self, user: &UserId, id: &BotId) -> Result<Option<Bot>, StoreError> {
        self.call(Op::read("load_bot"), |world| world.table().get(&key::bot(user, id)).and_then(bot)).await
    }

    async fn all_bots(&self, user: &UserId) -> Result<Vec<Bot>, StoreError> {
        self.call(Op::read("all_bots"), |world| world.table().prefixed(key::bots(user)).filter_map(bot).collect()).await
    }
}

impl LoadRun for World {
    async fn load_run(&self, user: &UserId, id: &RunId) -> Result<Option<Run>, StoreError> {
        self.call(Op::read("load_run"), |world| world.table().get(&key::run(user, id)).and_then(run)).await
    }

    async fn list_runs(&self, user: &UserId, page: &PageRequest) -> Result<Page<Run>, StoreError> {
        let runs = self
            .call(Op::read("list_runs"), |world| {
                world.table().prefixed(key::runs(user)).filter_map(run).collect::<Vec<_>>()
            })
            .await?;
        Ok(paged(runs, page, |run: &Run| run.id.to_string()))
    }

    async fn list_run_log(&self, user: &UserId, id: &RunId, page: &PageRequest) -> Result<Page<LogEntry>, StoreError> {
        let entry = |item: &Item| if let Item::BotEntry(entry) = item { Some(entry.clone()) } else { None };
        let log = self
            .call(Op::read("list_run_log"), |world| {
                world.table().prefixed(key::run_log(user, id)).filter_map(entry).collect::<Vec<_>>()
            })
            .await?;
        Ok(paged(log, page, |entry: &LogEntry| format!("{:010}", entry.version)))
    }
}

impl CountRunning for World {
    async fn bots_running(&self, user: &UserId) -> Result<u32, StoreError> {
        self.call(Op::read("bots_running"), |world| match world.table().get(&key::bots_running(user)) {
            Some(Item::BotsRunning { running, .. }) => u32::try_from(*running).unwrap(),
            _ => 0,
        })
        .await
    }

    async fn bot_changes(&self, user: &UserId) -> Result<u64, StoreError> {
        self.call(Op::read("bot_changes"), |world| changes(world.table().get(&key::bots_running(user)))).await
    }
}

impl LoadSwitch for World {
    async fn load_switch(&self, strategy: &str) -> Result<Option<Switch>, StoreError> {
        self.call(Op::read("load_switch"), |world| world.table().get(&key::switch(strategy)).and_then(switch)).await
    }

    async fn list_switches(&self) -> Result<Vec<Switch>, StoreError> {
        self.call(Op::read("list_switches"), |world| {
            world.table().prefixed(key::SWITCHES.to_owned()).filter_map(switch).collect()
        })
        .await
    }
}

impl KeepSwitch for World {
    async fn keep_switch(&self, switch: &Switch, audit: &Audit) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_switch"), |world| {
            let row = Action::put(key::switch(&switch.strategy), Item::Switch(switch.clone()));
            world.put_rows(vec![row, Action::record(Shelf::Trading, audit)])
        })
        .await
    }
}

impl ForgetBots for World {
    async fn forget_bots(&self, user: &UserId) -> Result<(), StoreError> {
        self.try_call(Op::effect("forget_bots"), |world| {
            let kept = key::bots_running(user);
            world.table_mut().drop_all_but(&key::of_bots(user), &kept);
            Ok(())
        })
        .await
    }
}

impl ListHearers for World {
    async fn list_hearers(&self, series: &Series) -> Result<Vec<BotSeat>, StoreError> {
        let seat = |item: &Item| if let Item::BotSeat(seat) = item { Some(seat.clone()) } else { None };
        self.call(Op::read("list_hearers"), |world| {
            world.table().prefixed(key::hearers(series)).filter_map(seat).collect()
        })
        .await
    }
}

fn bot(item: &Item) -> Option<Bot> {
    if let Item::Bot(bot) = item { Some(bot.clone()) } else { None }
}

fn switch(item: &Item) -> Option<Switch> {
    if let Item::Switch(switch) = item { Some(switch.clone()) } else { None }
}

fn run(item: &Item) -> Option<Run> {
    if let Item::Run(run) = item { Some(run.clone()) } else { None }
}
