//! `DynamoDB` as the engine of the store.

use crate::attributes::{all_of_sdk, of_sdk, to_sdk, value_to_sdk};
use crate::client::Aws;
use crate::config::Place;
use crate::conflict::Conflicts;
use crate::error::{unavailable, unbuilt};
use crate::send::action;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, KeysAndAttributes};
use data_encoding::BASE64URL_NOPAD;
use domain::clock::{Millis, Timestamp};
use domain::ids::AttemptId;
use domain::limits::TABLE_ID_CACHE;
use domain::recovery::TableId;
use store::idempotency::Once;
use store::item::text;
use store::{
    Clock, Engine, Fault, Found, Index, Item, Key, Query, Reason, StoreError, Unapplied, Unwritten, Value, Within,
    Write, Written,
};

/// Keys of one call, and calls for what one of them has left over.
const BATCH_KEYS_MAX: usize = 100;
const BATCH_TURNS_MAX: u32 = 4;

/// Which table it was, when that was asked.
#[derive(Debug, Clone)]
pub(crate) struct KnownTable {
    id: TableId,
    asked_at: Timestamp,
}

impl Engine for Aws {
    type Patience = Conflicts;

    fn age(&self) -> Millis {
        self.stands_since()
    }

    fn brings_up(&self) -> bool {
        self.config().brings_up()
    }

    fn stamp(&self) -> Result<AttemptId, StoreError> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|error| StoreError::Unavailable(format!("no random numbers: {error}")))?;
        Ok(AttemptId::new(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// A name may come to mean another table, but not within the time that its id is believed: that one is deleted
    /// first, and restoring takes minutes.
    async fn table_id(&self) -> Result<TableId, StoreError> {
        let now = self.now();
        let known = self.known_table().filter(|known| now.since(known.asked_at) < TABLE_ID_CACHE);
        if let Some(known) = known {
            return Ok(known.id);
        }
        let name = self.name(Place::Trading)?;
        let told = self.db().describe_table().table_name(name).send().await.map_err(|error| unavailable(&error))?;
        let id = told.table.and_then(|table| table.table_id).map(TableId::new);
        let id = id.ok_or_else(|| StoreError::Unavailable(format!("{name} does not tell its id")))?;
        self.know_table(KnownTable { id: id.clone(), asked_at: now });
        Ok(id)
    }

    fn at_fault(&self, what: &str) {
        tracing::error!(what, "a write was not sent");
    }

    fn patience(&self) -> Conflicts {
        Conflicts::new(self.config().patience())
    }

    fn once(&self) -> Option<&Once> {
        self.keyed()
    }

    async fn pause(&self, conflicts: &mut Conflicts) -> Result<(), StoreError> {
        conflicts.pause().await
    }

    async fn get(&self, key: &Key, lagging: bool) -> Result<Option<Item>, StoreError> {
        let call = self.db().get_item().table_name(self.name(key.table)?).set_key(Some(to_sdk(key.item())));
        let sent = call.set_consistent_read((!lagging).then_some(true)).send().await;
        sent.map_err(|error| unavailable(&error))?.item.map(of_sdk).transpose()
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(keys.len());
        for keys in keys.chunk_by(|one, next| one.table == next.table).flat_map(|keys| keys.chunks(BATCH_KEYS_MAX)) {
            let Some(first) = keys.first() else { continue };
            let table = self.name(first.table)?;
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

    async fn scan(&self, index: Index) -> Result<Vec<Item>, StoreError> {
        self.whole(index).await
    }

    async fn query(&self, query: &Query) -> Result<Found, StoreError> {
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

    async fn write(&self, write: &Write) -> Result<Written, Unwritten> {
        self.send_alone(write).await
    }

    async fn batch_write(&self, puts: &[Write]) -> Result<(), StoreError> {
        self.put_together(puts).await
    }

    async fn transact(&self, writes: &[Write]) -> Result<(), Unapplied> {
        let actions = writes.iter().map(|write| action(write, self.name(write.key.table)?));
        let actions = actions.collect::<Result<Vec<_>, _>>().map_err(Unapplied::Store)?;
        let Err(error) = self.db().transact_write_items().set_transact_items(Some(actions)).send().await else {
            return Ok(());
        };
        Err(match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                let reasons = cancelled.cancellation_reasons().iter().map(reason).collect::<Result<_, _>>();
                reasons.map_or_else(Unapplied::Store, Unapplied::Cancelled)
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => Unapplied::InTheWay,
            _ => Unapplied::Store(unavailable(&error)),
        })
    }
}

fn wanted(keys: &[Key]) -> Result<KeysAndAttributes, StoreError> {
    let keys = keys.iter().map(|key| to_sdk(key.item())).collect();
    let wanted = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(keys));
    wanted.build().map_err(unbuilt)
}

fn reason(reason: &CancellationReason) -> Result<Reason, StoreError> {
    let fault = match reason.code() {
        None | Some("None") => None,
        Some("ConditionalCheckFailed") => Some(Fault::Condition),
        Some("TransactionConflict") => Some(Fault::Conflict),
        Some("ThrottlingError" | "ProvisionedThroughputExceeded") => Some(Fault::Throttled),
        Some(other) => Some(Fault::Other(other.to_owned())),
    };
    Ok(Reason { fault, old: reason.item.clone().map(of_sdk).transpose()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_of_a_cancelled_transaction_has_its_fault() {
        let fault = |code: &str| reason(&CancellationReason::builder().code(code).build()).unwrap().fault;
        assert_eq!(fault("None"), None);
        assert_eq!(fault("ConditionalCheckFailed"), Some(Fault::Condition));
        assert_eq!(fault("TransactionConflict"), Some(Fault::Conflict));
        assert_eq!(fault("ThrottlingError"), Some(Fault::Throttled));
        assert_eq!(fault("ProvisionedThroughputExceeded"), Some(Fault::Throttled));
        assert_eq!(fault("ValidationError"), Some(Fault::Other("ValidationError".to_owned())));
        let old = to_sdk(Item::from([("written_by".into(), text("mine"))]));
        let with_old = CancellationReason::builder().code("ConditionalCheckFailed").set_item(Some(old)).build();
        assert_eq!(reason(&with_old).unwrap().old.unwrap()["written_by"], text("mine"));
    }
}
