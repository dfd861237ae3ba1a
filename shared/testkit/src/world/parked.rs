//! The rows of what is left to a person.

use super::World;
use super::item::{Item, key};
use domain::ids::UserId;
use domain::parked::Parked;

impl World {
    /// The rows of one user as they are, without a yield point.
    pub fn parked_of(&self, user: &UserId) -> Vec<Parked> {
        let row = |item: &Item| if let Item::Parked(row) = item { Some(row.clone()) } else { None };
        self.table().prefixed(key::parked_of(user)).filter_map(row).collect()
    }
}
