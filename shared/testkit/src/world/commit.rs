//! The commit port: each change as the action that the cloud would be asked for.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused, Table, Write};
use crate::sim::Op;
use app::commit::{AccountChange, Bounds, Change, Cooled, Replaces, Seated, Transaction};
use app::ports::{BotChange, Commit, CommitError, StoreError};
use domain::account::Account;
use domain::audit::Shelf;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, VerdictKind};
use domain::money::Amount;
use store::trading::{bot_write, notice_write, opening};
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
        Change::Account(change) => account(change, at),
        Change::RequireNotHalted { account, day_loss_below } => Action::require(key::account(account), move |row| {
            let is_below = |account: &Account| day_loss_below.is_none_or(|below| account.loss_today(at) < below);
            matches!(row, Item::Account { account, .. } if account.halted.is_none() && is_below(account))
        }),
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

fn account(change: &AccountChange, at: Timestamp) -> Action<'_> {
    let guard = move |row: &Item| {
        let Item::Account { account, .. } = row else { return false };
        let bounds_hold = change.bounds.as_ref().is_none_or(|bounds| within(account, change, bounds, at));
        let sits = change.seated.as_ref().is_none_or(|seated| may_sit(account, seated));
        let as_asked = change.seen_balance_at.is_none_or(|seen| seen == account.balance_at);
        bounds_hold && sits && as_asked && change.seen_loss.is_none_or(|seen| seen == account.day_loss)
    };
    Action::update(key::account(&change.account), guard, move |row| {
        if let Item::Account { account, active } = row {
            add(account, change, at);
            *active = *active || account.open_groups > 0;
        }
    })
}

fn may_sit(account: &Account, seated: &Seated) -> bool {
    match seated {
        Seated::Takes { seat, .. } => !account.live.contains_key(seat),
        Seated::Leaves { seat, group, .. } => account.live.get(seat) == Some(group),
    }
}

/// Comparisons with what the caller has computed, and no arithmetic.
fn within(account: &Account, change: &AccountChange, bounds: &Bounds, at: Timestamp) -> bool {
    account.halted.is_none()
        && account.reserved(&change.asset) <= bounds.reserved_max
        && account.exposure <= bounds.exposure_max
        && i64::from(account.open_groups) <= bounds.open_groups_max
        && account.loss_today(at) < bounds.day_loss_below
        && account.balance_at == bounds.balance_at
        && (bounds.limited || !account.limited)
        && bounds.entry.as_ref().is_none_or(|entry| {
            let exits = entry.seats.iter().filter_map(|seat| account.exits.get(seat));
            exits.max().is_none_or(|exit| *exit <= entry.event_at)
        })
        && bounds.cooled.as_ref().is_none_or(|cooled| is_cool(account, cooled))
}

fn is_cool(account: &Account, cooled: &Cooled) -> bool {
    let over = account.cooldowns.get(&cooled.seat).is_none_or(|until| *until <= cooled.at);
    over && cooled.outdated.as_ref().is_none_or(|(seat, until)| account.cooldowns.get(seat) == Some(until))
}

fn add(account: &mut Account, change: &AccountChange, at: Timestamp) {
    let plus = |a: Amount, b: Amount| a.plus(b).expect("counters of a test stay exact");
    let reserved = plus(account.reserved(&change.asset), change.reserved);
    let balance = plus(account.balance(&change.asset), change.balance);
    account.reserved.insert(change.asset.clone(), reserved);
    account.balances.insert(change.asset.clone(), balance);
    account.exposure = plus(account.exposure, change.exposure);
    let open = i64::from(account.open_groups) + change.open_groups;
    account.open_groups = u32::try_from(open).expect("never fewer than no open groups");
    match &change.seated {
        Some(Seated::Takes { seat, group }) => drop(account.live.insert(seat.clone(), group.clone())),
        Some(Seated::Leaves { seat, cools_until, .. }) => {
            account.live.remove(seat);
            account.cooldowns.extend(cools_until.map(|until| (seat.clone(), until)));
        }
        None => {}
    }
    if let Some(cooled) = change.bounds.as_ref().and_then(|bounds| bounds.cooled.as_ref()) {
        account.cooldowns.remove(&cooled.seat);
        account.cooldowns.retain(|seat, _| cooled.outdated.as_ref().is_none_or(|(outdated, _)| seat != outdated));
    }
    if change.seen_balance_at.is_some() {
        account.filled_at = at;
    }
    if change.loss != Amount::ZERO {
        account.day_loss = account.day_loss.and(change.loss, at).expect("a loss that can be kept");
    }
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
