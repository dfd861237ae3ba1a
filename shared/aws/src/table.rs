//! Reads: one row by its key, rows that stand together, and pages of an index.

use crate::client::Aws;
use crate::config::Place;
use crate::error::{unavailable, unbuilt};
use crate::item::{Item, from_item, text};
use crate::keys::Key;
use app::ports::StoreError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use serde::de::DeserializeOwned;

/// Keys of one call, and calls for what one of them has left over.
const BATCH_KEYS_MAX: usize = 100;
const BATCH_TURNS_MAX: u32 = 4;

/// An index of the trading table, with its key attributes. All of them hold keys alone: an entry that has more is
/// written, and paid for, at every change of its row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Index {
    ByUser,
    Due,
    Active,
}

/// A part of an index.
#[derive(Debug, Clone)]
pub(crate) struct Range {
    pub(crate) index: Index,
    pub(crate) pk: String,
    /// What the sort key has to satisfy.
    pub(crate) within: Within,
    /// Only rows with this sort key in their table.
    pub(crate) sk: Option<String>,
    pub(crate) limit: Option<i32>,
    pub(crate) newest_first: bool,
    pub(crate) start: Option<Item>,
}

#[derive(Debug, Clone)]
pub(crate) enum Within {
    All,
    Prefix(&'static str),
    UpTo(AttributeValue),
}

/// What a page brought, and where the next one starts.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) items: Vec<Item>,
    pub(crate) next: Option<Item>,
}

impl Index {
    fn name(self) -> &'static str {
        match self {
            Self::ByUser => "by_user",
            Self::Due => "due",
            Self::Active => "active",
        }
    }

    pub(crate) fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::ByUser => ("gu_pk", "gu_sk"),
            Self::Due => ("due_pk", "due_at"),
            Self::Active => ("active_pk", "active_sk"),
        }
    }
}

fn wanted(keys: &[Item]) -> Result<KeysAndAttributes, StoreError> {
    let wanted = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(keys.to_vec()));
    wanted.build().map_err(unbuilt)
}

impl Range {
    /// Everything, oldest first, from the beginning.
    pub(crate) fn of(index: Index, pk: String, within: Within) -> Self {
        Self { index, pk, within, sk: None, limit: None, newest_first: false, start: None }
    }
}

impl Aws {
    /// Strongly consistent.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let call = self.db().get_item().table_name(self.name(key.table)?);
        let sent = call.set_key(Some(key.item())).consistent_read(true).send().await;
        Ok(sent.map_err(|error| unavailable(&error))?.item)
    }

    /// A row that is put once and stays. It is read as it may lag, which costs half as much; what seems missing is
    /// asked for again.
    pub(crate) async fn load_settled<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        let call = self.db().get_item().table_name(self.name(key.table)?);
        let sent = call.set_key(Some(key.item())).send().await;
        match sent.map_err(|error| unavailable(&error))?.item {
            Some(item) => from_item(item).map(Some),
            None => self.load(key).await,
        }
    }

    /// Strongly consistent.
    pub(crate) async fn load<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.get(key).await?.map(from_item).transpose()
    }

    /// Rows of one table by their keys, in no order, without those that are not there; strongly consistent.
    pub(crate) async fn get_all(&self, table: Place, keys: &[Item]) -> Result<Vec<Item>, StoreError> {
        let table = self.name(table)?;
        let mut items = Vec::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_KEYS_MAX) {
            let mut left = Some(wanted(keys)?);
            for _ in 0..BATCH_TURNS_MAX {
                let Some(wanted) = left.take() else { break };
                let call = self.db().batch_get_item().request_items(table, wanted);
                let told = call.send().await.map_err(|error| unavailable(&error))?;
                items.extend(told.responses.and_then(|mut tables| tables.remove(table)).unwrap_or_default());
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
    pub(crate) async fn query(&self, table: Place, pk: &str, prefix: &str) -> Result<Vec<Item>, StoreError> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let call = self.db().query().table_name(self.name(table)?).consistent_read(true);
            let call = call.expression_attribute_values(":pk", text(pk)).set_exclusive_start_key(start);
            // The service takes no empty text for a key.
            let call = if prefix.is_empty() {
                call.key_condition_expression("pk = :pk")
            } else {
                call.key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                    .expression_attribute_values(":prefix", text(prefix))
            };
            let page = call.send().await.map_err(|error| unavailable(&error))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// One page of an index, which may lag behind its table.
    pub(crate) async fn page(&self, range: &Range) -> Result<Found, StoreError> {
        let (pk, sk) = range.index.keys();
        let call = self.db().query().table_name(self.name(Place::Trading)?).index_name(range.index.name());
        let mut call = call
            .expression_attribute_values(":pk", text(&range.pk))
            .scan_index_forward(!range.newest_first)
            .set_limit(range.limit)
            .set_exclusive_start_key(range.start.clone());
        call = match &range.within {
            Within::All => call.key_condition_expression(format!("{pk} = :pk")),
            Within::Prefix(prefix) => call
                .key_condition_expression(format!("{pk} = :pk AND begins_with({sk}, :prefix)"))
                .expression_attribute_values(":prefix", text(*prefix)),
            Within::UpTo(last) => call
                .key_condition_expression(format!("{pk} = :pk AND {sk} <= :last"))
                .expression_attribute_values(":last", last.clone()),
        };
        if let Some(sk) = &range.sk {
            call = call.filter_expression("sk = :sk").expression_attribute_values(":sk", text(sk));
        }
        let page = call.send().await.map_err(|error| unavailable(&error))?;
        Ok(Found { items: page.items.unwrap_or_default(), next: page.last_evaluated_key })
    }

    /// Every entry of an index that holds few, which may lag behind its table.
    pub(crate) async fn whole(&self, index: Index) -> Result<Vec<Item>, StoreError> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let call = self.db().scan().table_name(self.name(Place::Trading)?).index_name(index.name());
            let page = call.set_exclusive_start_key(start).send().await.map_err(|error| unavailable(&error))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// All pages of a range.
    pub(crate) async fn pages(&self, mut range: Range) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        loop {
            let found = self.page(&range).await?;
            items.extend(found.items);
            if found.next.is_none() {
                return Ok(items);
            }
            range.start = found.next;
        }
    }
}
