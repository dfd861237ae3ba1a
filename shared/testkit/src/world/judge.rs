//! What no write may ever do, whatever conditions it came with.

use super::item::Item;
use super::table::{Row, Table};
use super::view::{self, Kind};
use app::ports::PaperOrder;
use domain::account::Account;
use domain::bot::Run;
use domain::ids::AccountId;
use domain::money::{Amount, Decimal, Fraction};
use domain::order::{Order, Purpose, Status};
use std::rc::Rc;
use store::Write;

/// The rows of one transaction as they were before it.
pub(super) struct Judged(Vec<(Kind, String, Option<Rc<Row>>)>);

impl Judged {
    fn was_halted(&self, id: &AccountId) -> bool {
        let is_it = |row: &Rc<Row>| matches!(row.item(), Item::Account { account, .. } if account.id == *id && account.halted.is_some());
        self.0.iter().any(|(kind, _, was)| *kind == Kind::Account && was.as_ref().is_some_and(is_it))
    }
}

impl Table {
    /// What of these rows the judges look at, before they are written.
    pub(super) fn judged(&self, writes: &[Write]) -> Judged {
        let judged = writes.iter().filter_map(|write| {
            let (kind, place) = (view::kind(&write.key)?, view::place(&write.key));
            let row = self.rows.get(&place).cloned();
            matches!(kind, Kind::Account | Kind::Order | Kind::Delivery).then_some((kind, place, row))
        });
        Judged(judged.collect())
    }

    /// What no write may ever do, seen from the rows before it and behind it.
    pub(super) fn broken_by(&self, before: &Judged) -> Vec<String> {
        let mut broken = Vec::new();
        let mut opened = false;
        for (kind, place, was) in &before.0 {
            let (was, Some(now)) = (was.as_ref(), self.rows.get(place)) else { continue };
            match (kind, now.open_groups() > was.map_or(i64::MAX, |was| was.open_groups())) {
                (Kind::Order, _) => {
                    let was = was.map(|was| was.item());
                    let was = if let Some(Item::Order { order, .. }) = was { order.status } else { Status::Planned };
                    if let Item::Order { account, order, .. } = now.item() {
                        broken.extend(self.forbidden(account, order, was, before));
                    }
                }
                (Kind::Account, true) => {
                    opened = true;
                    if let Item::Account { account, .. } = now.item() {
                        broken.extend(self.broken_limits(account).into_iter().chain(self.broken_quota(account)));
                    }
                }
                _ => {}
            }
        }
        broken.extend(self.barred(before).filter(|_| opened));
        broken
    }

    /// An order that falls back behind what was known of it and does not rest at its venue, to be cancelled there; an entry that
    /// starts on a halted account.
    fn forbidden(&self, account: &AccountId, order: &Order, was: Status, before: &Judged) -> Option<String> {
        let is_there = |there: &PaperOrder| order.half_of(&there.client_id).is_some() && !there.status.is_final();
        let rests_on = was.is_final() && order.status.is_resting() && order.cancel_wanted.is_some();
        if order.status < was && !(rests_on && self.paper_orders(account).any(is_there)) {
            return Some(format!("{} falls back from {} to {}", order.id, was.as_str(), order.status.as_str()));
        }
        let starts = order.purpose == Purpose::Entry && order.status == Status::Submitting && was < order.status;
        let is_halted = self.account(account).is_some_and(|account| account.halted.is_some());
        (starts && (is_halted || before.was_halted(account)))
            .then(|| format!("an entry starts on {account}, which is halted"))
    }

    /// What a bot opens whose run was stopped, or whose strategy is off.
    fn barred(&self, before: &Judged) -> Option<String> {
        let by = before.0.iter().find_map(|(_, place, _)| match self.get(place) {
            Some(Item::Delivery(delivery)) => Some((&delivery.at.user, &delivery.bot.as_deref()?.run)),
            _ => None,
        });
        let (user, id) = by?;
        let Some(run) = self.run(user, id).filter(Run::may_enter) else {
            return Some(format!("{id} opens a position, and goes on no more"));
        };
        let strategy = &run.terms.strategy.name;
        let is_off = self.switch(strategy).is_some_and(|switch| !switch.enabled);
        is_off.then(|| format!("{id} opens a position by {strategy}, which is off"))
    }

    fn broken_quota(&self, account: &Account) -> Option<String> {
        let most = self.quota(&account.user)?.positions.filter(|_| account.limited)?;
        let theirs = self.accounts().filter(|other| other.user == account.user).map(|other| other.open_groups);
        (theirs.sum::<u32>() > most).then(|| format!("{}: more positions than the plan allows", account.user))
    }

    fn broken_limits(&self, account: &Account) -> Vec<String> {
        let limits = &account.limits;
        let over_balance = account.reserved.iter().any(|(asset, reserved)| {
            let balance = account.balance(asset).plus(self.spent_while_reserved(&account.id));
            *reserved > balance.expect("counters of a test stay exact")
        });
        let broken = [
            (account.open_groups > limits.open_groups_max, "too many open groups"),
            (account.exposure > limits.exposure_max, "too much exposure"),
            (over_balance, "more reserved than there is"),
        ];
        let broken = broken.into_iter().filter(|(broken, _)| *broken);
        broken.map(|(_, what)| format!("{}: {what}", account.id)).collect()
    }

    /// What entries that still work have paid already: it has left the balance, and is held for them until they end.
    fn spent_while_reserved(&self, account: &AccountId) -> Amount {
        let working = self.of_kind(Kind::Order).filter_map(|item| match item {
            Item::Order { account: of, order, .. } if of == account && !order.status.is_final() => Some(order),
            _ => None,
        });
        let paid = working.filter(|order| order.purpose == Purpose::Entry).map(|order| self.paid(order));
        paid.fold(Amount::ZERO, |sum, paid| sum.plus(paid).expect("counters of a test stay exact"))
    }

    /// Without fees, and at most what is held for it.
    fn paid(&self, order: &Order) -> Amount {
        let fills = self.of_kind(Kind::Fill).filter_map(|item| match item {
            Item::Fill { order: of, fill, .. } if *of == order.id => Some(fill),
            _ => None,
        });
        let cost = fills.map(|fill| fill.price.fraction() * fill.quantity.fraction());
        let sum = cost.fold(Fraction::whole(0), |sum, cost| sum + cost);
        let down = sum.floor_to(Decimal::new(1, 8)).and_then(Amount::new);
        down.expect("counters of a test stay exact").min(order.reserved)
    }
}
