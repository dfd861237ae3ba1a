//! How far old rows are copied, in the identity table; and the copies, in the bucket.

use crate::bucket::Bucket;
use crate::client::Aws;
use crate::keys;
use app::ports::{ArchivePart, KeepArchives, KeepProgress, OldLog, Progress, StoreError};
use domain::clock::Timestamp;
use store::Write;
use store::item::to_item;
use wire::stored::{self, Schema, SkippedChain};
use wire::text::Text;
use wire::view::date;

impl KeepProgress for Aws {
    async fn archive_progress(&self, log: OldLog) -> Result<Option<Progress>, StoreError> {
        let row: Option<stored::ArchiveProgress> = self.rows().load(&keys::archive_progress(log)).await?;
        Ok(row.map(|row| {
            let skipped = row.skipped.into_iter().map(|chain| (chain.day, chain.user.0)).collect();
            Progress { day: row.day, part: row.part, after: row.after, skipped }
        }))
    }

    async fn keep_archive_progress(&self, log: OldLog, progress: &Progress) -> Result<(), StoreError> {
        let Progress { day, part, after, skipped } = progress.clone();
        let skipped = skipped.into_iter().map(|(day, user)| SkippedChain { day, user: Text(user) }).collect();
        let row = to_item(&stored::ArchiveProgress { v: Schema, day, part, after, skipped })?;
        self.rows().send(Write::replace(keys::archive_progress(log), row)).await.map(drop)
    }
}

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
