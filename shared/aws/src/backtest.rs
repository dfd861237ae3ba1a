//! Backtests that somebody asked for: in the partition of their user, in the table of markets. What came of them are objects, which end
//! by a rule of the bucket.

use crate::bucket::Bucket;
use app::ports::{KeepResults, ResultPart, StoreError};
use domain::clock::Timestamp;
use domain::ids::BacktestId;

impl KeepResults for Bucket {
    async fn kept_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&object(id, part), now).await
    }

    async fn keep_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        packed: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.put(&object(id, part), packed, now).await
    }
}

fn object(id: &BacktestId, part: ResultPart) -> String {
    match part {
        ResultPart::Part(part) => format!("backtests/{id}/parts/{part:03}.json.gz"),
        ResultPart::Whole => format!("backtests/{id}/result.json.gz"),
    }
}
