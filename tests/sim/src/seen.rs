//! What can be seen of a deployment when all is done, for expectations.

use crate::{Deployment, bots, seed};
use app::ports::History;
use app::trading::{Lineage, Named, asked_by};
use domain::account::Account;
use domain::bot::Run;
use domain::clock::Timestamp;
use domain::delivery::{Delivery, DeliveryRef};
use domain::group::{ExitReason, GroupStatus, Position};
use domain::ladder::{Dialect, Spacing};
use domain::logs::Note;
use domain::money::Quantity;
use domain::notice::{Notice, Topic};
use domain::order::{Order, Purpose, Status};
use domain::parked::Parked;
use domain::preset::{LegSizes, OrderKind, OrderSize};
use domain::profit::{Basis, TakeProfit};
use domain::recovery::{Changed, Report, Stray};
use testkit::world::Table;

/// A look at the rows.
#[derive(Debug)]
pub struct Seen {
    /// In the order of their opening.
    pub positions: Vec<Position>,
    /// In the order of their receipt.
    pub deliveries: Vec<Delivery>,
    pub account: Account,
    pub reports: Vec<Report>,
    /// Of the user's own and of nobody's.
    pub parked: Vec<Parked>,
    /// Of the system log, oldest first.
    pub notes: Vec<Note>,
    /// Whether passes are made for the account.
    pub is_watched: bool,
    /// Whether the account may enter.
    pub may_enter: bool,
    /// Rights that were taken away on record, and what inboxes were told of that.
    pub disabled: (usize, usize),
    /// How often inboxes were told of a pause.
    pub pauses: usize,
    /// What inboxes were told, oldest first.
    pub notices: Vec<Notice>,
    /// Of bots.
    pub runs: Vec<Run>,
    /// What their runs have done: `started`, `signal 3` of the candle of this number.
    pub log: Vec<String>,
    /// When the venue was asked which question.
    pub asked: Vec<(Timestamp, &'static str)>,
    /// How groups have changed, oldest first.
    history: Vec<History>,
}

impl Seen {
    pub(crate) fn of(deployment: &Deployment) -> Self {
        let table = deployment.world().table();
        let mut positions: Vec<Position> = table.positions().collect();
        positions.sort_by_key(|position| position.group.opened_at);
        let parked = table.parked().cloned().collect();
        let notes = table.notes().collect();
        let mut history: Vec<History> = table.histories().cloned().collect();
        history.sort_by_key(|row| (row.group.clone(), row.version));
        let account = table.account(&seed::account()).cloned().unwrap();
        let reports = table.reports();
        let may_enter = [seed::account(), seed::other_account()]
            .iter()
            .any(|id| table.account_state(id).is_some_and(|state| state.may_enter()));
        let is_watched = table.is_watched(&account.id);
        let mut notices = table.notices();
        let told = |topic: Topic| notices.iter().filter(|notice| notice.topic == topic).count();
        let disabled =
            (table.audits().filter(|audit| audit.action == "disable_account").count(), told(Topic::AccountDisabled));
        let pauses = told(Topic::VenuePaused);
        notices.sort_by_key(|notice| notice.at);
        let deliveries = deliveries(&table);
        let asked = deployment.world().traffic().asked().to_vec();
        Self {
            positions,
            deliveries,
            account,
            reports,
            parked,
            notes,
            is_watched,
            may_enter,
            disabled,
            pauses,
            notices,
            runs: bots::runs(&table),
            log: bots::log(&table),
            asked,
            history,
        }
    }

    /// Kind and reason of each verdict: `accepted opened`, and `none` where there is none.
    pub fn verdicts(&self) -> Vec<String> {
        let word = |delivery: &Delivery| match &delivery.verdict {
            Some(verdict) => {
                format!("{} {}", verdict.kind.as_str(), verdict.reason.as_deref().unwrap_or("-"))
            }
            None => "none".to_owned(),
        };
        self.deliveries.iter().map(word).collect()
    }

    /// What inboxes were told of, oldest first.
    pub fn told(&self) -> Vec<Topic> {
        self.notices.iter().map(|notice| notice.topic).collect()
    }

    /// Why each group has changed, group by group.
    pub fn trail(&self) -> Vec<&str> {
        self.history.iter().map(|row| &*row.why).collect()
    }

    /// The whole story of every order, in the order of their plans.
    pub fn lineages(&self) -> Vec<Lineage> {
        let of = |position: &Position| -> Vec<Lineage> {
            let of_it = |row: &&History| row.group == position.group.id;
            let history: Vec<History> = self.history.iter().filter(of_it).cloned().collect();
            let one =
                |order: &Order| Lineage::of(position, order, self.named(asked_by(position, order, &history)), &history);
            position.orders.iter().map(one).collect()
        };
        let mut lineages: Vec<Lineage> = self.positions.iter().flat_map(of).collect();
        lineages.sort_by_key(|lineage| (lineage.order.planned_at, lineage.order.purpose, lineage.order.epoch));
        lineages
    }

    fn named(&self, at: DeliveryRef) -> Named {
        let row = self.deliveries.iter().find(|delivery| delivery.at == at).cloned();
        Named { at, row }
    }

    /// Kind and end of each row: `signal retried`, `bell waiting`.
    pub fn parked(&self) -> Vec<String> {
        let shown = self.parked.iter().map(wire::view::Parked::from);
        shown.map(|row| format!("{} {}", row.kind, row.state)).collect()
    }

    /// What the system log tells, with the word of its reason: `RISK an entry is held back: halted`.
    pub fn noted(&self) -> Vec<String> {
        let told = |note: &Note| {
            let code = note.details.get("code").map(|code| format!(": {code}")).unwrap_or_default();
            format!("{} {}{code}", note.category, note.message)
        };
        self.notes.iter().map(told).collect()
    }

    pub fn statuses(&self) -> Vec<GroupStatus> {
        self.positions.iter().map(|position| position.group.status).collect()
    }

    /// Nothing is open any more.
    pub fn is_flat(&self) -> bool {
        self.positions.iter().all(|position| position.group.is_settled())
    }

    /// Every order, as `entry filled`, `leg filled` or `tp#1 cancelled`, in the order of their plans.
    pub fn orders(&self) -> Vec<String> {
        let mut orders: Vec<&Order> = self.positions.iter().flat_map(|position| &position.orders).collect();
        orders.sort_by_key(|order| (order.planned_at, order.purpose, order.epoch));
        let name = |order: &Order| match (order.purpose, order.leg) {
            (Purpose::Entry, 1..) => "leg".to_owned(),
            (purpose, _) => purpose.to_string(),
        };
        orders.into_iter().map(|order| format!("{} {}", name(order), order.status.as_str())).collect()
    }

    /// Why orders were refused, as `entry refused clock`.
    pub fn refusals(&self) -> Vec<String> {
        let orders = self.positions.iter().flat_map(|position| &position.orders);
        let told = |order: &Order| Some(format!("{} refused {}", order.purpose, order.refusal.as_ref()?.code));
        orders.filter_map(told).collect()
    }

    /// What all groups have sold.
    pub fn sold(&self) -> Quantity {
        let ledgers = self.positions.iter().map(|position| position.ledger().unwrap().sold);
        ledgers.reduce(|sum, sold| sum.plus(sold).unwrap()).unwrap_or_default()
    }

    /// Why each group was left: `take_profit`, `signal`, or `-`.
    pub fn exits(&self) -> Vec<&'static str> {
        self.positions.iter().map(|position| position.group.exit.map_or("-", |exit| exit.reason.as_str())).collect()
    }

    /// What looks at the price have led to: `trailing take_profit`, `trailing stop_loss`, `delayed stop_loss`; and where the venue has
    /// kept the stop, `venue stop_loss`.
    pub fn followed(&self) -> Vec<&'static str> {
        let of = |position: &Position| {
            let (group, reason) = (&position.group, position.group.exit.map(|exit| exit.reason));
            let stop = group.plan.stop_loss.filter(|_| reason == Some(ExitReason::StopLoss));
            let trailing = reason == Some(ExitReason::TakeProfit) && group.tracked.armed.is_some();
            let told = [
                (trailing, "trailing take_profit"),
                (stop.is_some_and(|stop| stop.trailing && group.tracked.stop.is_some()), "trailing stop_loss"),
                (stop.is_some_and(|stop| stop.delay.is_some()), "delayed stop_loss"),
                (position.orders.iter().any(|order| order.triggered), "venue stop_loss"),
            ];
            told.into_iter().filter(|(met, _)| *met).map(|(_, word)| word)
        };
        self.positions.iter().flat_map(of).collect()
    }

    /// Which ways of selling have sold: `hybrid take_profit`, `per_leg tp filled`.
    pub fn modes(&self) -> Vec<String> {
        self.positions.iter().flat_map(modes).collect()
    }

    /// How parts have ended while their groups were live: `part stop_loss`.
    pub fn parts(&self) -> Vec<String> {
        let left = self.positions.iter().flat_map(|position| position.group.pyramids.left.values());
        left.map(|exit| format!("part {}", exit.reason.as_str())).collect()
    }

    /// What recoveries have found: changed orders as `entry open -> filled`, and orders of nobody as `buy filled`.
    pub fn difference(&self) -> Vec<String> {
        let changed = |change: &Changed| {
            let before = change.before.map_or("-", Status::as_str);
            format!("{} {before} -> {}", change.purpose, change.after.as_str())
        };
        let stray = |stray: &Stray| format!("{} {}", stray.direction.as_str(), stray.status.as_str());
        let of = |report: &Report| -> Vec<String> {
            report.changes.iter().map(changed).chain(report.strays.iter().map(stray)).collect()
        };
        self.reports.iter().flat_map(of).collect()
    }

    /// What each closed group went without.
    pub fn missing(&self) -> Vec<String> {
        let settled = self.positions.iter().filter_map(|position| position.group.settled);
        settled.map(|settled| settled.missing.to_string()).collect()
    }

    /// What each live group is marked with, where it is.
    pub fn marked(&self) -> Vec<String> {
        let live = self.positions.iter().filter(|position| !position.group.is_settled());
        live.filter_map(|position| position.group.drift).map(|drift| drift.missing.to_string()).collect()
    }

    /// What each closed group has realised.
    pub fn realised(&self) -> Vec<String> {
        let settled = self.positions.iter().filter_map(|position| position.group.settled);
        settled.map(|settled| settled.realised.to_string()).collect()
    }
}

fn modes(position: &Position) -> Vec<String> {
    let (group, plan) = (&position.group, &position.group.plan);
    let (mode, basis) = match &plan.take_profit {
        TakeProfit::Aggregate { basis, .. } => ("aggregate", if *basis == Basis::Base { " base" } else { "" }),
        TakeProfit::PerLeg { .. } => ("per_leg", ""),
        TakeProfit::Hybrid { .. } => ("hybrid", ""),
    };
    let is_filled =
        |of: fn(&Order) -> bool| position.orders.iter().any(|order| of(order) && order.status == Status::Filled);
    let left = |reason| group.exit.is_some_and(|exit| exit.reason == reason);
    let step = |order: &Order| matches!(order.purpose, Purpose::TakeProfit(_));
    let exit = |order: &Order| order.purpose == Purpose::Exit;
    let moves = plan.stop_loss.is_some_and(|stop| stop.break_even_after.is_some());
    let words = [
        (is_filled(step), format!("{mode}{basis} tp filled")),
        (left(ExitReason::TakeProfit) && is_filled(exit), format!("{mode}{basis} take_profit")),
        (moves && is_filled(step) && left(ExitReason::StopLoss), "break_even stop_loss".to_owned()),
        (group.preset.is_some() && position.has_bought(), "preset filled".to_owned()),
    ];
    let legs = legs(position).map(|word| (true, format!("leg {word} filled")));
    let bought_so = position.orders.iter().any(|order| is_bought_leg(order) && order.kind == OrderKind::Market);
    let so = (bought_so, format!("leg at market {mode}"));
    words.into_iter().chain(legs).chain([so]).filter(|(met, _)| *met).map(|(_, word)| word).collect()
}

/// What is told of the safety orders that have bought: how they were asked for, and how they met the market.
fn legs(position: &Position) -> impl Iterator<Item = &'static str> {
    let ladder = position.group.plan.ladder.as_ref().filter(|_| position.orders.iter().any(is_bought_leg));
    ladder.into_iter().flat_map(|ladder| {
        let listed = matches!(ladder.spacing, Spacing::Custom(_));
        let each = matches!(ladder.sizes, LegSizes::Each(_));
        let in_base = match &ladder.sizes {
            LegSizes::Scaled { first, .. } => matches!(first, OrderSize::Base(_)),
            LegSizes::Each(each) => each.iter().any(|size| matches!(size, OrderSize::Base(_))),
        };
        let compounding = matches!(ladder.spacing, Spacing::Scaled { dialect: Dialect::Compounding, .. });
        let told = [
            (ladder.at_market, "at market"),
            (listed, "listed"),
            (in_base, "in base"),
            (each && !listed, "of a total"),
            (compounding, "compounding"),
        ];
        told.into_iter().filter(|(met, _)| *met).map(|(_, word)| word)
    })
}

fn is_bought_leg(order: &Order) -> bool {
    order.purpose == Purpose::Entry && order.leg > 0 && order.status == Status::Filled
}

pub(crate) fn deliveries(table: &Table) -> Vec<Delivery> {
    let mut deliveries: Vec<Delivery> = table.deliveries().cloned().collect();
    deliveries.sort_by_key(|delivery| delivery.at.first_at);
    deliveries
}
