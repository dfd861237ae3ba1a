//! Rows that are written without a call.

use super::World;
use super::item::Item;
use super::view;
use store::Write;
use store::memory::Refused;

impl World {
    /// All of the writes or none.
    pub(super) fn apply(&self, writes: &[Write]) -> Result<(), Refused> {
        let now = self.sim().now();
        self.table_mut().apply(writes, now)?;
        let table = self.table();
        for write in writes.iter().filter(|write| view::is_of_venue(&write.key)) {
            if let Some(Item::Book(book)) = table.get(&view::place(&write.key)) {
                self.0.traffic.borrow_mut().balances_are(&book.account, now, &book.balances);
            }
        }
        Ok(())
    }

    /// Writes without a question.
    pub(super) fn seed_row(&self, write: Write) {
        assert_eq!(self.apply(&[write]), Ok(()));
    }
}
