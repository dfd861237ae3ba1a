//! Attributes that a newer writer has added: whether they survive, whatever they are.

use super::World;
use super::item::key;
use crate::contract::change::Row;
use store::identity::session_key;
use store::item::number;
use store::trading::keys;
use store::{Key, Write};

/// What a newer writer has added.
const ADDED: &str = "from_the_future";

impl World {
    /// Adds an attribute that nothing here knows.
    pub fn widen(&self, row: &Row) {
        match row {
            Row::Session(_) | Row::Account(_) => self.seed_row(Write::update(in_memory(row)).set(ADDED, number(1))),
            row => self.table_mut().widen(&place(row)),
        }
    }

    pub fn is_widened(&self, row: &Row) -> bool {
        match row {
            Row::Session(_) | Row::Account(_) => {
                self.table().memory().get(&in_memory(row)).is_some_and(|row| row.contains_key(ADDED))
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
        Row::Group(account, group) => key::group(account, group),
        Row::Order(group, order) => key::order(group, order),
        Row::Delivery(at) => key::delivery(at),
        Row::Outbox(bell) => key::outbox(bell),
        Row::Session(_) | Row::Account(_) => unreachable!("its row stands in memory"),
    }
}

fn in_memory(row: &Row) -> Key {
    match row {
        Row::Session(hash) => session_key(hash),
        Row::Account(account) => keys::account(account),
        _ => unreachable!("its row is typed"),
    }
}
