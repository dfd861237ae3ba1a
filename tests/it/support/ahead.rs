//! A test's own rows, copied as a night to come will copy them: whatever stands in them then stands in the bucket as well.

use super::tables::{connect, records};
use super::unique::{now, unique};
use app::logs::archive;
use app::ports::{
    ArchivePart, KeepArchives, KeepProgress, LeaseTaken, OldLog, Progress, ReadAudit, ReadLeases, ReadLog, StoreError,
};
use aws::{Aws, Bucket};
use domain::audit::{Chain, Head, Link, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::ids::{CredentialId, UserId};
use domain::logs::Note;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Mutex;

/// After how many nights what is written now is copied.
const NIGHTS: i64 = 8;

/// The stack's own tables; how far its own copies are is left as it is.
struct Ahead {
    aws: Aws,
    copies: Bucket,
    progress: Mutex<BTreeMap<OldLog, Progress>>,
}

/// Copies all days since then into a corner of the bucket: a test may run over midnight.
pub(crate) async fn copy_since(begun: Timestamp) {
    let begins = Progress { day: begun.day(), part: 0, after: None, skipped: Vec::new() };
    let ahead = Ahead {
        aws: connect().await,
        copies: records().await.under(&format!("tests/{}", unique())),
        progress: Mutex::new(OldLog::ALL.into_iter().map(|log| (log, begins.clone())).collect()),
    };
    let then = now().plus(Millis::new(NIGHTS * Millis::DAY.get()));
    loop {
        let done = archive(&ahead, &ahead, then).await;
        assert!(done.failed.is_empty(), "{done:?}");
        if !done.more {
            return;
        }
    }
}

impl KeepProgress for Ahead {
    async fn archive_progress(&self, log: OldLog) -> Result<Option<Progress>, StoreError> {
        Ok(self.progress.lock().unwrap().get(&log).cloned())
    }

    async fn keep_archive_progress(&self, log: OldLog, progress: &Progress) -> Result<(), StoreError> {
        self.progress.lock().unwrap().insert(log, progress.clone());
        Ok(())
    }
}

/// Asked at the time that it is: a signature is good for minutes.
impl KeepArchives for Ahead {
    async fn archived(&self, part: ArchivePart, _: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.copies.archived(part, now()).await
    }

    async fn keep_archive(&self, part: ArchivePart, packed: &[u8], _: Timestamp) -> Result<(), StoreError> {
        self.copies.keep_archive(part, packed, now()).await
    }
}

impl ReadLog for Ahead {
    async fn read_log(&self, day: i64, before: Option<&str>, limit: u32) -> Result<Vec<Note>, StoreError> {
        self.aws.read_log(day, before, limit).await
    }
}

impl ReadAudit for Ahead {
    async fn audit_heads(&self, shelf: Shelf, day: i64) -> Result<Vec<(Chain, Head)>, StoreError> {
        self.aws.audit_heads(shelf, day).await
    }

    async fn audit_head(&self, chain: &Chain) -> Result<Option<Head>, StoreError> {
        self.aws.audit_head(chain).await
    }

    async fn audited_days(
        &self,
        user: &UserId,
        shelf: Shelf,
        days: RangeInclusive<i64>,
    ) -> Result<Vec<(Chain, Head)>, StoreError> {
        self.aws.audited_days(user, shelf, days).await
    }

    async fn audit_rows(&self, chain: &Chain, after: u64, limit: u32) -> Result<Vec<Link>, StoreError> {
        self.aws.audit_rows(chain, after, limit).await
    }
}

impl ReadLeases for Ahead {
    async fn opened_on(&self, day: i64) -> Result<Vec<CredentialId>, StoreError> {
        self.aws.opened_on(day).await
    }

    async fn leases_on(
        &self,
        day: i64,
        credential: &CredentialId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LeaseTaken>, StoreError> {
        self.aws.leases_on(day, credential, after, limit).await
    }
}
