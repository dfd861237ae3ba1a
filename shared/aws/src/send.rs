//! Writes on their way: one alone, or as one action of a transaction.

use crate::attributes::{of_sdk, to_sdk};
use crate::client::Aws;
use crate::error::{unavailable, unbuilt};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use store::{Item, Kind, StoreError, Unwritten, Write, Written};

/// The part of a call that all kinds of writes have.
macro_rules! conditional {
    ($call:expr, $parts:ident) => {
        $call
            .set_condition_expression($parts.condition)
            .set_expression_attribute_names($parts.names.map(|names| names.into_iter().collect()))
            .set_expression_attribute_values($parts.values.map(to_sdk))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    };
}

/// As one action of a transaction on the table of this name.
pub(crate) fn action(write: &Write, table: &str) -> Result<TransactWriteItem, StoreError> {
    let (action, parts, key) = (TransactWriteItem::builder(), write.parts(), Some(to_sdk(write.key.item())));
    let action = match write.kind {
        Kind::Put => {
            let put = Put::builder().table_name(table).set_item(Some(to_sdk(write.item())));
            action.put(conditional!(put, parts).build().map_err(unbuilt)?)
        }
        Kind::Update => {
            let update = Update::builder().table_name(table).set_key(key).set_update_expression(parts.update);
            action.update(conditional!(update, parts).build().map_err(unbuilt)?)
        }
        Kind::Delete => {
            let delete = Delete::builder().table_name(table).set_key(key);
            action.delete(conditional!(delete, parts).build().map_err(unbuilt)?)
        }
        Kind::Check => {
            let check = ConditionCheck::builder().table_name(table).set_key(key);
            action.condition_check(conditional!(check, parts).build().map_err(unbuilt)?)
        }
        Kind::Record => return Err(unbuilt("a record is no action until it has its place")),
    };
    Ok(action.build())
}

impl Aws {
    /// One try of a write that is no part of a transaction.
    pub(crate) async fn send_alone(&self, write: &Write) -> Result<Written, Unwritten> {
        let table = self.name(write.key.table).map_err(Unwritten::Store)?;
        let (parts, key) = (write.parts(), Some(to_sdk(write.key.item())));
        match write.kind {
            Kind::Put => {
                let call = self.db().put_item().table_name(table).set_item(Some(to_sdk(write.item())));
                let sent = conditional!(call, parts).send().await;
                sent.map_or_else(judged, |_| Ok(Written::Done(Item::new())))
            }
            Kind::Update => {
                let call = self.db().update_item().table_name(table).set_key(key);
                let call = call.set_update_expression(parts.update).return_values(ReturnValue::AllNew);
                let sent = conditional!(call, parts).send().await;
                match sent {
                    Ok(output) => {
                        Ok(Written::Done(of_sdk(output.attributes.unwrap_or_default()).map_err(Unwritten::Store)?))
                    }
                    Err(error) => judged(error),
                }
            }
            Kind::Delete => {
                let call = self.db().delete_item().table_name(table).set_key(key);
                let sent = conditional!(call, parts).send().await;
                sent.map_or_else(judged, |_| Ok(Written::Done(Item::new())))
            }
            Kind::Check | Kind::Record => Err(Unwritten::Store(unbuilt("this writes nothing alone"))),
        }
    }
}

/// What a refused call of one write says.
trait Refusal: ProvideErrorMetadata {
    fn condition(&self) -> Option<&ConditionalCheckFailedException>;
    fn is_conflict(&self) -> bool;
}

macro_rules! refusals {
    ($($error:ident),*) => {$(
        impl Refusal for $error {
            fn condition(&self) -> Option<&ConditionalCheckFailedException> {
                if let Self::ConditionalCheckFailedException(refused) = self { Some(refused) } else { None }
            }

            fn is_conflict(&self) -> bool {
                self.is_transaction_conflict_exception()
            }
        }
    )*};
}

refusals!(PutItemError, UpdateItemError, DeleteItemError);

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_or_else")]
fn judged<E: Refusal, R>(error: SdkError<E, R>) -> Result<Written, Unwritten> {
    match error.as_service_error() {
        Some(refused) if refused.is_conflict() => Err(Unwritten::InTheWay),
        Some(refused) if refused.condition().is_some() => {
            let old = refused.condition().and_then(|refused| refused.item().cloned());
            Ok(Written::Refused(old.map(of_sdk).transpose().map_err(Unwritten::Store)?))
        }
        _ => Err(Unwritten::Store(unavailable(&error))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }

    /// The store's conditions are of use only while none stands beside them: every call takes what a write rendered.
    #[test]
    fn no_condition_is_written_beside_those_of_the_store() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let call = ["set_condition", "_expression("].concat();
        let direct = [".condition", "_expression("].concat();
        let mut calls = 0;
        for file in files(&source) {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(!text.contains(&direct), "{} writes its own condition", file.display());
            for argument in text.split(&call).skip(1) {
                assert!(argument.starts_with("$parts.condition"), "{} writes its own condition", file.display());
                calls += 1;
            }
        }
        assert_eq!(calls, 1);
    }
}
