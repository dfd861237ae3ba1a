//! What keepers of copies promise, held by the deployed bucket, in a corner of each case's own.

use crate::support::tables::records;
use crate::support::unique::{now, unique};
use aws::Bucket;
use domain::clock::Timestamp;
use testkit::contract::copies::KeepsCopies;

struct Copies(Bucket);

impl Copies {
    async fn new() -> Self {
        Self(records().await.under(&format!("tests/{}", unique())))
    }
}

impl KeepsCopies for Copies {
    type Copies = Bucket;

    fn copies(&self) -> &Bucket {
        &self.0
    }

    fn now(&self) -> Timestamp {
        now()
    }
}

macro_rules! in_a_bucket {
    ($case:path) => {{
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { $case(&$crate::copies::Copies::new().await).await });
    }};
}

testkit::copy_cases!(in_a_bucket);
