//! Copies of old rows, in the bucket.

use crate::bucket::Bucket;
use app::ports::{ArchivePart, KeepArchives, StoreError};
use domain::clock::Timestamp;
use wire::view::date;

impl KeepArchives for Bucket {
    async fn archived(&self, part: ArchivePart, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&key(part), now).await
    }

    async fn keep_archive(&self, part: ArchivePart, packed: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.put(&key(part), packed, now).await
    }
}

fn key(ArchivePart { log, day, part }: ArchivePart) -> String {
    format!("logs/{log}/{}/{part:04}.jsonl.gz", date(day))
}
