//! Every entry of an index.

use crate::attributes::all_of_sdk;
use crate::client::Aws;
use crate::error::unavailable;
use store::{Index, Item, Rows, StoreError, Table};

impl Aws {
    /// Rows over this engine.
    pub(crate) fn rows(&self) -> Rows<'_, Self> {
        Rows(self)
    }

    /// Every entry of an index that holds few, which may lag behind its table.
    pub(crate) async fn whole(&self, index: Index) -> Result<Vec<Item>, StoreError> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let call = self.db().scan().table_name(self.name(Table::Trading)?).index_name(index.name());
            let page = call.set_exclusive_start_key(start).send().await.map_err(|error| unavailable(&error))?;
            items.extend(all_of_sdk(page.items)?);
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}
