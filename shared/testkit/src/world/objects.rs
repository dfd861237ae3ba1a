//! Objects, which stand beside all tables, and signatures that are taken away.

use super::World;
use crate::sim::Op;
use app::ports::{Objects, StoreError};
use domain::audit::Shelf;
use domain::clock::Timestamp;
use std::collections::BTreeMap;
use store::objects::RESULTS;
use store::signed_day_key;

/// What a writer of the tables does not reach.
impl Objects for World {
    async fn get_object(&self, key: &str, _: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.call(Op::read("get_object"), |world| world.0.objects.borrow().get(key).cloned()).await
    }

    async fn put_object(&self, key: &str, body: &[u8], _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("put_object"), |world| {
            let before = world.0.objects.borrow_mut().insert(key.to_owned(), body.to_vec());
            if key.starts_with(RESULTS) && before.is_some_and(|before| before != body) {
                world.sim().violation(format!("{key} came to something else"));
            }
        })
        .await
    }
}

impl World {
    /// Those whose names begin so.
    pub fn objects(&self, prefix: &str) -> BTreeMap<String, Vec<u8>> {
        let objects = self.0.objects.borrow();
        objects
            .iter()
            .filter(|(key, _)| key.starts_with(prefix))
            .map(|(key, body)| (key.clone(), body.clone()))
            .collect()
    }

    /// A signature is taken away, as by an owner who may write the table.
    pub fn forget_signed_days(&self, shelf: Shelf, day: i64) {
        self.table_mut().memory.retain(|key, _| *key != signed_day_key(shelf, day));
    }
}
