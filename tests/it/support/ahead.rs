//! A test's own rows, copied as a night to come will copy them: whatever stands in them then stands in the bucket as well.

use super::tables::{connect, records};
use super::unique::{now, unique};
use app::logs::archive;
use app::ports::{Clock, Objects, OldLog, Progress, StoreError};
use aws::{Aws, Bucket};
use domain::clock::{Millis, Timestamp};
use domain::ids::AttemptId;
use domain::recovery::TableId;
use store::identity::Identity;
use store::{Engine, Found, Index, Item, Key, Query, Table, Unapplied, Unwritten, Write, Written};
use testkit::still::Still;

/// After how many nights what is written now is copied.
const NIGHTS: i64 = 8;

/// The stack's own tables; how far its own copies are is left as it is.
struct Ahead {
    aws: Aws,
    copies: Bucket,
    progress: Still,
}

/// Copies all days since then into a corner of the bucket: a test may run over midnight.
pub(crate) async fn copy_since(begun: Timestamp) {
    let begins = Progress { day: begun.day(), part: 0, after: None, skipped: Vec::new() };
    let ahead = Ahead {
        aws: connect().await,
        copies: records().await.under(&format!("tests/{}", unique())),
        progress: Still::default(),
    };
    for log in OldLog::ALL {
        Identity(&ahead.progress).keep_archive_progress(log, &begins).await.unwrap();
    }
    let then = now().plus(Millis::new(NIGHTS * Millis::DAY.get()));
    loop {
        let done = archive(&ahead, &ahead, then).await;
        assert!(done.failed.is_empty(), "{done:?}");
        if !done.more {
            return;
        }
    }
}

/// Asked at the time that it is: a signature is good for minutes.
impl Objects for Ahead {
    async fn get_object(&self, key: &str, _: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.copies.get_object(key, now()).await
    }

    async fn put_object(&self, key: &str, body: &[u8], _: Timestamp) -> Result<(), StoreError> {
        self.copies.put_object(key, body, now()).await
    }
}

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        self.aws.now()
    }
}

/// The stack's tables, but for the rows of how far copies are.
impl Engine for Ahead {
    type Patience = <Aws as Engine>::Patience;

    fn age(&self) -> Millis {
        self.aws.age()
    }

    fn brings_up(&self) -> bool {
        self.aws.brings_up()
    }

    fn stamp(&self) -> Result<AttemptId, StoreError> {
        self.aws.stamp()
    }

    async fn table_id(&self) -> Result<TableId, StoreError> {
        self.aws.table_id().await
    }

    fn at_fault(&self, what: &str) {
        self.aws.at_fault(what);
    }

    fn patience(&self) -> Self::Patience {
        self.aws.patience()
    }

    async fn pause(&self, patience: &mut Self::Patience) -> Result<(), StoreError> {
        self.aws.pause(patience).await
    }

    async fn get(&self, key: &Key, lagging: bool) -> Result<Option<Item>, StoreError> {
        if is_progress(key) { self.progress.get(key, lagging).await } else { self.aws.get(key, lagging).await }
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        self.aws.batch_get(keys).await
    }

    async fn scan(&self, index: Index) -> Result<Vec<Item>, StoreError> {
        self.aws.scan(index).await
    }

    async fn query(&self, query: &Query) -> Result<Found, StoreError> {
        self.aws.query(query).await
    }

    async fn write(&self, write: &Write) -> Result<Written, Unwritten> {
        assert!(is_progress(&write.key), "copying writes nothing else: {:?}", write.key);
        self.progress.write(write).await
    }

    async fn batch_write(&self, puts: &[Write]) -> Result<(), StoreError> {
        unreachable!("copying writes nothing: {puts:?}")
    }

    async fn transact(&self, writes: &[Write]) -> Result<(), Unapplied> {
        unreachable!("copying writes nothing: {writes:?}")
    }
}

fn is_progress(key: &Key) -> bool {
    (key.table, &*key.pk) == (Table::Identity, "ARC")
}
