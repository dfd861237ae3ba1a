//! Attributes that a newer writer has added: whether they survive, whatever they are.

use super::World;
use super::item::key;
use crate::contract::change::Row;
use store::Write;
use store::identity::session_key;
use store::item::number;

/// What a newer writer has added.
const ADDED: &str = "from_the_future";

impl World {
    /// Adds an attribute that nothing here knows.
    pub fn widen(&self, row: &Row) {
        match row {
            Row::Session(hash) => self.seed_row(Write::update(session_key(hash)).set(ADDED, number(1))),
            row => self.table_mut().widen(&place(row)),
        }
    }

    pub fn is_widened(&self, row: &Row) -> bool {
        match row {
            Row::Session(hash) => {
                let table = self.table();
                table.memory().get(&session_key(hash)).is_some_and(|row| row.contains_key(ADDED))
            }
            row => self.table().is_widened(&self.moved(row)),
        }
    }

    /// A delivery is found where it stands by now.
    fn moved(&self, row: &Row) -> String {
        if let Row::Delivery(at) = row { self.table().find_delivery(at) } else { place(row) }
    }
}

fn place(row: &Row) -> String {
    match row {
        Row::Account(account) => key::account(account),
        Row::Group(account, group) => key::group(account, group),
        Row::Order(group, order) => key::order(group, order),
        Row::Delivery(at) => key::delivery(at),
        Row::Outbox(bell) => key::outbox(bell),
        Row::Session(_) => unreachable!("its row stands in memory"),
    }
}
