//! What can be seen of a deployment when all is done, for expectations.

use crate::{Deployment, seed};
use domain::account::Account;
use domain::delivery::Delivery;
use domain::group::{GroupStatus, Position};
use domain::money::Quantity;
use domain::order::Order;
use testkit::world::{Item, Table};

/// A look at the rows.
#[derive(Debug)]
pub struct Seen {
    /// In the order of their opening.
    pub positions: Vec<Position>,
    /// In the order of their receipt.
    pub deliveries: Vec<Delivery>,
    pub account: Account,
}

impl Seen {
    pub(crate) fn of(deployment: &Deployment) -> Self {
        let table = deployment.world().table();
        let mut positions: Vec<Position> = table.positions().collect();
        positions.sort_by_key(|position| position.group.opened_at);
        let account = table.account(&seed::account()).cloned().unwrap();
        Self { positions, deliveries: deliveries(&table), account }
    }

    /// Kind and reason of each verdict: `accepted opened`, and `none` where there is none.
    pub fn verdicts(&self) -> Vec<String> {
        let word = |delivery: &Delivery| match &delivery.verdict {
            Some(verdict) => format!("{} {}", verdict.kind.as_str(), verdict.reason.as_deref().unwrap_or("-")),
            None => "none".to_owned(),
        };
        self.deliveries.iter().map(word).collect()
    }

    pub fn statuses(&self) -> Vec<GroupStatus> {
        self.positions.iter().map(|position| position.group.status).collect()
    }

    /// Nothing is open any more.
    pub fn is_flat(&self) -> bool {
        self.positions.iter().all(|position| position.group.is_settled())
    }

    /// Every order, as `entry filled` or `tp#1 cancelled`, in the order of their plans.
    pub fn orders(&self) -> Vec<String> {
        let mut orders: Vec<&Order> = self.positions.iter().flat_map(|position| &position.orders).collect();
        orders.sort_by_key(|order| (order.planned_at, order.purpose, order.epoch));
        orders.into_iter().map(|order| format!("{} {}", order.purpose, order.status.as_str())).collect()
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

    /// What each closed group has realised.
    pub fn realised(&self) -> Vec<String> {
        let settled = self.positions.iter().filter_map(|position| position.group.settled);
        settled.map(|settled| settled.realised.to_string()).collect()
    }
}

pub(crate) fn deliveries(table: &Table) -> Vec<Delivery> {
    let of = |item: &Item| if let Item::Delivery(delivery) = item { Some(delivery.clone()) } else { None };
    let mut deliveries: Vec<Delivery> = table.items().filter_map(of).collect();
    deliveries.sort_by_key(|delivery| delivery.at.first_at);
    deliveries
}
