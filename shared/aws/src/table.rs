//! Reads: one row by its key, rows that stand together, and pages of an index.

use crate::attributes::{all_of_sdk, of_sdk, to_sdk, value_to_sdk};
use crate::client::Aws;
use crate::error::{unavailable, unbuilt};
use app::ports::StoreError;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use serde::de::DeserializeOwned;
use store::item::{from_item, text};
use store::{Found, Index, Item, Key, Query, Table, Value, Within};

/// Keys of one call, and calls for what one of them has left over.
const BATCH_KEYS_MAX: usize = 100;
const BATCH_TURNS_MAX: u32 = 4;

fn wanted(keys: &[Item]) -> Result<KeysAndAttributes, StoreError> {
    let keys = keys.iter().cloned().map(to_sdk).collect();
    let wanted = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(keys));
    wanted.build().map_err(unbuilt)
}

impl Aws {
    /// Strongly consistent.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let call = self.db().get_item().table_name(self.name(key.table)?);
        let sent = call.set_key(Some(to_sdk(key.item()))).consistent_read(true).send().await;
        sent.map_err(|error| unavailable(&error))?.item.map(of_sdk).transpose()
    }

    /// A row that is put once and stays. It is read as it may lag, which costs half as much; what seems missing is
    /// asked for again.
    pub(crate) async fn load_settled<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        let call = self.db().get_item().table_name(self.name(key.table)?);
        let sent = call.set_key(Some(to_sdk(key.item()))).send().await;
        match sent.map_err(|error| unavailable(&error))?.item {
            Some(item) => from_item(of_sdk(item)?).map(Some),
            None => self.load(key).await,
        }
    }

    /// Strongly consistent.
    pub(crate) async fn load<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.get(key).await?.map(from_item).transpose()
    }

    /// Rows of one table by their keys, in no order, without those that are not there; strongly consistent.
    pub(crate) async fn get_all(&self, table: Table, keys: &[Item]) -> Result<Vec<Item>, StoreError> {
        let table = self.name(table)?;
        let mut items = Vec::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_KEYS_MAX) {
            let mut left = Some(wanted(keys)?);
            for _ in 0..BATCH_TURNS_MAX {
                let Some(wanted) = left.take() else { break };
                let call = self.db().batch_get_item().request_items(table, wanted);
                let told = call.send().await.map_err(|error| unavailable(&error))?;
                items.extend(all_of_sdk(told.responses.and_then(|mut tables| tables.remove(table)))?);
                left = told.unprocessed_keys.and_then(|mut tables| tables.remove(table));
            }
            if left.is_some() {
                return Err(StoreError::Unavailable("the table answers in too small parts".to_owned()));
            }
        }
        Ok(items)
    }

    /// Every row of a partition whose sort key begins so (all of them, where it is empty), in its order; strongly
    /// consistent.
    pub(crate) async fn query(&self, table: Table, pk: &str, prefix: &str) -> Result<Vec<Item>, StoreError> {
        self.pages(Query::of(table, pk).within(Within::prefix(prefix))).await
    }

    /// One page.
    pub(crate) async fn page(&self, query: &Query) -> Result<Found, StoreError> {
        let (pk, sk) = query.index.map_or(("pk", "sk"), Index::keys);
        let value = |value: &Value| value_to_sdk(value.clone());
        let mut call = self
            .db()
            .query()
            .table_name(self.name(query.table)?)
            .set_index_name(query.index.map(|index| index.name().to_owned()))
            .set_consistent_read((!query.lagging).then_some(true))
            .set_projection_expression(query.keys_only.then(|| "pk, sk".to_owned()))
            .set_scan_index_forward(query.newest_first.then_some(false))
            .set_limit(query.limit)
            .set_exclusive_start_key(query.start.clone().map(to_sdk))
            .expression_attribute_values(":pk", value(&text(&query.pk)));
        let given: &[(&str, Value)] = match &query.within {
            Within::All => &[],
            Within::Prefix(prefix) => &[(":prefix", text(prefix))],
            Within::Between(first, last) => &[(":first", text(first)), (":last", text(last))],
            Within::After(after) => &[(":after", text(after))],
            Within::Before(before) => &[(":before", text(before))],
            Within::UpTo(last) => &[(":last", last.clone())],
        };
        for (name, given) in given {
            call = call.expression_attribute_values(*name, value(given));
        }
        call = call.key_condition_expression(match &query.within {
            Within::All => format!("{pk} = :pk"),
            Within::Prefix(_) => format!("{pk} = :pk AND begins_with({sk}, :prefix)"),
            Within::Between(..) => format!("{pk} = :pk AND {sk} BETWEEN :first AND :last"),
            Within::After(_) => format!("{pk} = :pk AND {sk} > :after"),
            Within::Before(_) => format!("{pk} = :pk AND {sk} < :before"),
            Within::UpTo(_) => format!("{pk} = :pk AND {sk} <= :last"),
        });
        if let Some((attribute, only)) = &query.only {
            call = call.filter_expression("#only = :only").expression_attribute_names("#only", *attribute);
            call = call.expression_attribute_values(":only", value(only));
        }
        let page = call.send().await.map_err(|error| unavailable(&error))?;
        Ok(Found { items: all_of_sdk(page.items)?, next: page.last_evaluated_key.map(of_sdk).transpose()? })
    }

    /// All pages.
    pub(crate) async fn pages(&self, mut query: Query) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        loop {
            let found = self.page(&query).await?;
            items.extend(found.items);
            if found.next.is_none() {
                return Ok(items);
            }
            query.start = found.next;
        }
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
