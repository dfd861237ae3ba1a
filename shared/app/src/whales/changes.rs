//! Changes are made: published, then stored.

use crate::conflict::retry_on_conflict;
use crate::ports::{PublishWhaleAlert, StoreError};
use domain::whale::Change;
use store::Engine;
use store::whale::Whales;
use wire::whale::WhaleEventDetail;

/// One after the other. Made twice they are made once.
pub(super) async fn make<D: Engine, B: PublishWhaleAlert>(
    deps: &D,
    bus: &B,
    changes: &[Change],
    trace: &str,
) -> Result<(), StoreError> {
    for change in changes {
        make_one(deps, bus, change, trace).await?;
    }
    Ok(())
}

async fn make_one<D: Engine, B: PublishWhaleAlert>(
    deps: &D,
    bus: &B,
    change: &Change,
    trace: &str,
) -> Result<(), StoreError> {
    let contended = StoreError::Unavailable("other changes of a whale alert were first, again and again".to_owned());
    retry_on_conflict(contended, || async {
        let kept = Whales(deps).find_alert(change.id()).await?;
        let before = kept.as_ref().map(|kept| &kept.alert);
        let Some(after) = change.applied(before) else { return Ok(Some(())) };
        for event in after.events(before) {
            let now = deps.now();
            bus.publish_whale_alert(&WhaleEventDetail::new(event, &after, trace.to_owned(), now), now).await?;
        }
        Ok(Whales(deps).keep_alert(&after, kept.as_ref()).await?.then_some(()))
    })
    .await
}
