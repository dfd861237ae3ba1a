//! Rows that are put together, where it is no matter which of them stands first: as many as one call takes.

use crate::attributes::to_sdk;
use crate::client::Aws;
use crate::error::{unavailable, unbuilt};
use app::ports::StoreError;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use std::collections::HashMap;
use std::time::Duration;
use store::Write;

/// What the service does not do at once it gives back. So often it is asked anew, after twice as long each time.
const TURNS_MAX: u32 = 6;
const PAUSE: Duration = Duration::from_millis(50);

impl Aws {
    /// # Errors
    /// Where not all of them are put; some may be.
    pub(crate) async fn put_together(&self, puts: &[Write]) -> Result<(), StoreError> {
        let Some(first) = puts.first() else { return Ok(()) };
        let table = self.name(first.key.table)?;
        let put = |row: &Write| {
            let put = PutRequest::builder().set_item(Some(to_sdk(row.clone().item())));
            Ok(WriteRequest::builder().put_request(put.build().map_err(unbuilt)?).build())
        };
        let mut left = puts.iter().map(put).collect::<Result<Vec<_>, StoreError>>()?;
        for turn in 0..TURNS_MAX {
            if left.is_empty() {
                return Ok(());
            }
            if turn > 0 {
                tokio::time::sleep(PAUSE.saturating_mul(2_u32.saturating_pow(turn))).await;
            }
            let requests = HashMap::from([(table.to_owned(), left)]);
            let done = self.db().batch_write_item().set_request_items(Some(requests)).send().await;
            let undone = done.map_err(|error| unavailable(&error))?.unprocessed_items.unwrap_or_default();
            left = undone.into_values().flatten().collect();
        }
        if left.is_empty() { Ok(()) } else { Err(StoreError::Unavailable("too many rows at once".to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Patience, Place};
    use crate::fake::{connected, server};
    use serde_json::{Value, json};
    use std::sync::{Arc, Mutex};
    use store::item::text;
    use store::{Key, Rows, Table};

    /// What was asked of a service that gives the last row of each call back, as often as this.
    async fn asked(rows: usize, back: usize) -> (Result<(), StoreError>, Vec<usize>) {
        let calls: Arc<Mutex<Vec<usize>>> = Arc::default();
        let seen = calls.clone();
        let url = server(move |body: &Value| {
            let (table, puts) = body["RequestItems"].as_object().unwrap().iter().next().unwrap();
            let puts = puts.as_array().unwrap();
            assert!(puts.iter().all(|put| put["PutRequest"]["Item"]["written_by"].is_object()), "{body}");
            let mut seen = seen.lock().unwrap();
            seen.push(puts.len());
            let undone = if seen.len() <= back { json!({table: [puts.last().unwrap()]}) } else { json!({}) };
            (200, json!({"UnprocessedItems": undone}).to_string())
        });
        let aws = connected(url, Config::new(Patience::WORKER).with(Place::Market, "market")).await;
        let row = |turn: usize| {
            Write::replace(Key::new(Table::Market, "X", turn.to_string()), [("v".into(), text("1"))].into())
        };
        let done = Rows(&aws).put_all((0..rows).map(row).collect()).await;
        let calls = calls.lock().unwrap().clone();
        (done, calls)
    }

    #[tokio::test]
    async fn what_the_service_gives_back_is_put_again() {
        assert_eq!(asked(25, 0).await, (Ok(()), vec![25]));
        assert_eq!(asked(25, 2).await, (Ok(()), vec![25, 1, 1]));
        assert_eq!(asked(0, 0).await, (Ok(()), vec![]), "nothing is nothing to ask");
    }

    #[tokio::test]
    async fn what_is_given_back_for_ever_is_an_error() {
        let (done, calls) = asked(2, usize::MAX).await;
        assert!(matches!(done, Err(StoreError::Unavailable(_))), "{done:?}");
        assert_eq!(calls.len(), 6);
    }
}
