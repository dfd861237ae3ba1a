//! The commit port: each change as the action that the cloud would be asked for.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused, Table, Write};
use crate::sim::Op;
use app::commit::{Change, Replaces, Transaction};
use app::ports::{BotChange, Commit, CommitError, StoreError};
use domain::audit::Shelf;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, VerdictKind};
use store::trading::{account_change, bot_write, not_halted, notice_write, opening};
use store::vault::in_good_standing;

/// How often a conflict is met before the adapter gives up.
const CONFLICTS_MAX: u32 = 8;

impl Commit for World {
    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        self.meet_conflicts().await?;
        self.call(Op::effect("commit"), |world| world.apply(transaction)).await?
    }
}

impl World {
    /// Repeats as the adapter does, and gives up as it does.
    async fn meet_conflicts(&self) -> Result<(), StoreError> {
        let endless = self.sim().chance(self.strict().contention);
        for _ in 0..CONFLICTS_MAX {
            if !endless && !self.sim().chance(self.strict().conflicts) {
                return Ok(());
            }
            let pause = Millis::new(10).plus(self.sim().span_up_to(Millis::new(190)));
            self.sim().sleep(pause).await;
        }
        Err(StoreError::Unavailable("commit: conflicts without end".to_owned()))
    }

    fn apply(&self, transaction: &Transaction) -> Result<(), CommitError> {
        self.sim().note(|| describe(transaction));
        let mut table = self.table_mut();
        let wrong: Vec<_> = transaction.changes.iter().filter_map(|change| table.forbidden(change)).collect();
        let bells = transaction.changes.iter().filter_map(bell);
        let actions = transaction.changes.iter().map(|change| action(&table, change, transaction.at));
        let actions = actions.chain(bells).collect();
        match table.transact(actions, Some(&transaction.stamp), self.sim().now()) {
            Ok(()) => {
                let broken =
                    wrong.into_iter().chain(table.limits_broken_by(transaction)).chain(table.barred(transaction));
                broken.for_each(|what| self.sim().violation(what));
                Ok(())
            }
            Err(Refused::Guard) => {
                self.sim().note(|| "lost race".to_owned());
                Err(CommitError::LostRace)
            }
            Err(Refused::Limit(what)) => {
                self.sim().violation(&*what);
                Err(StoreError::Unavailable(what).into())
            }
        }
    }
}

fn action<'a>(table: &Table, change: &'a Change, at: Timestamp) -> Action<'a> {
    match change {
        Change::Group { group, expected } => Action {
            key: key::group(&group.account, &group.id),
            guard: Box::new(move |row| version(row) == *expected),
            write: Write::Put(Item::Group((**group).clone())),
        },
        Change::Order { account, user, order, .. } => {
            let mut order = (**order).clone();
            order.fills.clear();
            let key = key::order(&order.group, &order.id);
            Action::put(key, Item::Order { account: account.clone(), user: user.clone(), order })
        }
        Change::Fill { group, order, market, trade, fill } => {
            let item = Item::Fill { order: order.clone(), trade: trade.clone(), fill: fill.clone() };
            Action::put(key::fill(group, market, trade), item)
        }
        Change::History { entry, .. } => {
            Action::put(key::history(&entry.group, entry.version), Item::History(entry.clone()))
        }
        Change::Outbox(outbox) => Action::put(key::outbox(&outbox.bell), Item::Outbox(outbox.clone())),
        Change::Account(change) => Action::row(account_change(change, at).expect("a change of an account")),
        Change::RequireNotHalted { account, day_loss_below } => Action::row(not_halted(account, *day_loss_below, at)),
        Change::Quota { user, seen } => Action::row(opening(user, *seen)),
        Change::Audit(audit) => Action::record(Shelf::Trading, audit),
        Change::RequireStanding { account, version } => Action::row(in_good_standing(account, *version)),
        Change::Verdict { delivery, verdict, due_at, replaces } => {
            let guard = |row: &Item| judges(row, delivery, *replaces);
            Action::update(table.find_delivery(&delivery.at), guard, move |row| {
                if let Item::Delivery(delivery) = row {
                    delivery.verdict = Some(verdict.clone());
                    delivery.due_at = *due_at;
                }
            })
        }
        Change::Deliver(part) => {
            Action::put_on_absence(table.find_delivery(&part.at), Item::Delivery((**part).clone()))
        }
        Change::Park(row) => Action::put_on_absence(key::parked(row), Item::Parked((**row).clone())),
        Change::EndParked(row) => Action::update(
            key::parked(row),
            |stored| matches!(stored, Item::Parked(stored) if stored.end.is_none()),
            |stored| *stored = Item::Parked((**row).clone()),
        ),
        Change::Bot(change) => Action::row(bot_write(change).expect("a row of bots")),
        Change::Notice(notice) => Action::row(notice_write(notice).expect("a notice")),
    }
}

/// The bell of a commit's history, which is a row of its own here.
fn bell(change: &Change) -> Option<Action<'_>> {
    let Change::History { bell: Some(outbox), .. } = change else { return None };
    Some(Action::put(key::outbox(&outbox.bell), Item::Outbox(outbox.clone())))
}

fn version(row: Option<&Item>) -> Option<u64> {
    match row {
        Some(Item::Group(group)) => Some(group.version),
        _ => None,
    }
}

fn judges(row: &Item, wanted: &Delivery, replaces: Replaces) -> bool {
    let Item::Delivery(stored) = row else { return false };
    let kind = stored.verdict.as_ref().map(|verdict| verdict.kind);
    let replaceable = match replaces {
        Replaces::Undecided => kind.is_none() || kind == Some(VerdictKind::Queued),
        Replaces::Accepted => kind == Some(VerdictKind::Accepted),
        Replaces::Parked => matches!(kind, None | Some(VerdictKind::Queued | VerdictKind::Parked)),
    };
    stored.at.id == wanted.at.id && replaceable
}

fn describe(transaction: &Transaction) -> String {
    let words: Vec<String> = transaction.changes.iter().map(word).collect();
    format!("  {}", words.join(", "))
}

fn word(change: &Change) -> String {
    match change {
        Change::Group { group, .. } => format!("group {} v{}", group.status.as_str(), group.version),
        Change::Order { order, .. } => format!("{} e{} {}", order.purpose, order.epoch, order.status.as_str()),
        Change::Fill { fill, .. } => format!("fill {} at {}", fill.quantity, fill.price),
        Change::History { entry, bell: None } => format!("\"{}\"", entry.why),
        Change::History { entry, bell: Some(_) } => format!("\"{}\" with its bell", entry.why),
        Change::Outbox(outbox) => format!("outbox v{}", outbox.bell.version),
        Change::Account(change) => {
            format!("account {:+} reserved, {:+} groups", change.reserved.get(), change.open_groups)
        }
        Change::RequireNotHalted { .. } => "if not halted".to_owned(),
        Change::RequireStanding { .. } => "if in standing".to_owned(),
        Change::Quota { .. } => "one more of a quota".to_owned(),
        Change::Audit(audit) => format!("audit {}", audit.action),
        Change::Deliver(part) => format!("part {}", part.at.id),
        Change::Park(row) => format!("parked {}", row.id),
        Change::EndParked(row) => format!("parked {} ends", row.id),
        Change::Bot(change) => bot_word(change),
        Change::Notice(notice) => format!("notice {}", notice.topic),
        Change::Verdict { verdict, .. } => {
            format!("verdict {} {}", verdict.kind.as_str(), verdict.reason.as_deref().unwrap_or_default())
        }
    }
}

fn bot_word(change: &BotChange) -> String {
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
