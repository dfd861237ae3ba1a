//! How far old rows are copied.

use super::{Given, Harness};
use app::ports::{OldLog, Progress};
use domain::audit::Shelf;
use store::identity::Identity;

pub async fn how_far_copies_are_is_kept_for_each_log<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (log, other) = (OldLog::Audit(Shelf::Vault), OldLog::System);
    assert_eq!(Identity(store).archive_progress(log).await.unwrap(), None);
    let half = Progress {
        day: 20_000,
        part: 2,
        after: Some(given.user.to_string()),
        skipped: vec![(19_990, given.user.clone())],
    };
    let whole = Progress { day: 20_001, part: 0, after: None, skipped: Vec::new() };
    for progress in [half, whole] {
        Identity(store).keep_archive_progress(log, &progress).await.unwrap();
        assert_eq!(
            Identity(store).archive_progress(log).await.unwrap(),
            Some(progress),
            "with nothing left of the one before"
        );
    }
    assert_eq!(Identity(store).archive_progress(other).await.unwrap(), None);
}
