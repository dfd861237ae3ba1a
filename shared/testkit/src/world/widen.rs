//! Attributes that a newer writer has added: whether they survive, whatever they are.

use super::World;
use crate::contract::change::Row;
use store::identity::session_key;
use store::item::{number, number_of};
use store::trading::keys;
use store::{Key, Write};

/// What a newer writer has added.
const ADDED: &str = "from_the_future";

impl World {
    /// Adds an attribute that nothing here knows.
    pub fn widen(&self, row: &Row) {
        self.seed_row(Write::update(self.place(row)).set(ADDED, number(1)));
    }

    pub fn is_widened(&self, row: &Row) -> bool {
        let table = self.table();
        table.memory().get(&self.place(row)).is_some_and(|row| row.contains_key(ADDED))
    }

    /// A delivery is found where it stands by now.
    fn place(&self, row: &Row) -> Key {
        match row {
            Row::Account(account) => keys::account(account),
            Row::Group(account, group) => keys::group(account, group),
            Row::Order(group, order) => keys::order(group, order),
            Row::Delivery(at) => {
                let newest = keys::delivery(at);
                let stands = self.table().memory().get(&newest).is_some_and(|row| {
                    number_of(row, "first_at").is_ok_and(|first_at| first_at == at.first_at.millis())
                });
                if stands { newest } else { keys::former_delivery(at) }
            }
            Row::Outbox(bell) => keys::outbox(bell),
            Row::Session(hash) => session_key(hash),
        }
    }
}
