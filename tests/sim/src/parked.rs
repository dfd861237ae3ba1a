//! What a person does about what is left to them: carries it out again, or drops it where there is nothing to be done.

use crate::{Deployment, seed};
use app::actor::Act;
use app::ports::PageRequest;
use app::trading::{ActError, Sees, drop_parked, retry_parked};
use domain::parked::{Parked, deployment as common};
use store::trading::Trading;

/// Everything that waits, one after another. What fails is tried again by whoever asked.
pub(crate) async fn retry_all(deployment: &Deployment, act: Act<'_>) -> Result<(), ActError> {
    let world = deployment.world();
    for id in waiting(deployment).await?.into_iter().map(|row| row.id) {
        match retry_parked(world, &id, Sees::Deployment, act).await {
            Ok(_) => {}
            Err(ActError::AlreadyDecided(_) | ActError::Worthless(_)) => {
                drop_parked(world, &id, "nothing is left to be done", Sees::Deployment, act).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

pub(crate) async fn drop_all(deployment: &Deployment, act: Act<'_>) -> Result<(), ActError> {
    for id in waiting(deployment).await?.into_iter().map(|row| row.id) {
        drop_parked(deployment.world(), &id, "nonsense", Sees::Deployment, act).await?;
    }
    Ok(())
}

async fn waiting(deployment: &Deployment) -> Result<Vec<Parked>, ActError> {
    let (world, page) = (deployment.world(), PageRequest { limit: 200, cursor: None });
    let mut rows = Trading(world).list_parked(&seed::user(), &page).await?.items;
    rows.extend(Trading(world).list_parked(&common(), &page).await?.items);
    rows.retain(|row| row.end.is_none());
    Ok(rows)
}
