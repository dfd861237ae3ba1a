//! Deliveries: put once, found wherever they stand, judged once.

use super::item::{Item, key};
use super::table::Table;
use domain::delivery::{Delivery, DeliveryRef};

impl Table {
    /// The key under which the delivery stands by now.
    pub(super) fn find_delivery(&self, at: &DeliveryRef) -> String {
        let key = key::delivery(at);
        match self.get(&key) {
            Some(Item::Delivery(stored)) if stored.at.id != at.id => key::former(at),
            _ => key,
        }
    }

    pub fn delivery(&self, at: &DeliveryRef) -> Option<&Delivery> {
        match self.get(&self.find_delivery(at)) {
            Some(Item::Delivery(stored)) if stored.at.id == at.id => Some(stored),
            _ => None,
        }
    }
}
