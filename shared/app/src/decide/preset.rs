//! The alert over the preset that it names, as that is now.

use super::case::Case;
use super::{by_hand, grant};
use crate::persist::PersistError;
use crate::ports::{KeptPreset, StoreError};
use domain::alert::Alert;
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::reason::Reason;
use store::Engine;
use store::catalog::Catalog;
use wire::alert::{BadAlert, Base, Opened, open};
use wire::preset::Document;

/// The whole alert, or the verdict that its preset stands in its way.
pub(super) async fn alert<D: Engine>(
    deps: &D,
    case: &Case,
    now: Timestamp,
) -> Result<Result<Alert, Verdict>, PersistError> {
    let opened = open(case.delivery.body.as_bytes()).on(case.delivery.exchange.as_ref());
    let base = match base(deps, case, &opened).await {
        Ok(Ok(base)) if case.delivery.by_hand.is_some() => base.map(|base| base.exits_beneath(&opened)),
        Ok(Ok(base)) => base,
        Ok(Err(wrong)) => return Ok(Err(case.rejected(&wrong, now))),
        // A newer writer's. To wait for its reader would hold up the account's exits behind this entry.
        Err(StoreError::Unreadable(why)) => {
            return Ok(Err(case.verdict(VerdictKind::Refused, now).because(Reason::PresetUnreadable, why)));
        }
        Err(error) => return Err(error.into()),
    };
    // It sits where its case does, whatever its text calls that.
    let seated = |alert: Alert| Alert {
        symbol: case.alert.symbol.clone(),
        other_symbols: Vec::new(),
        timeframe: case.alert.timeframe.clone(),
        ..alert
    };
    let ordered = |alert: Alert| match case.delivery.by_hand.as_deref() {
        Some(order) => by_hand::planned(alert, order),
        None => alert,
    };
    let alert = opened.over(base.as_ref()).map(seated).map(ordered).map_err(|wrong| case.rejected(&wrong, now));
    Ok(alert.and_then(|alert| grant::plan(case, &opened, base.as_ref(), &alert, now).map(|()| alert)))
}

async fn base<D: Engine>(deps: &D, case: &Case, opened: &Opened) -> Result<Result<Option<Base>, BadAlert>, StoreError> {
    let name = match opened.preset() {
        Ok(name) => name,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let kept = Catalog(deps).load_preset(&case.delivery.at.user, &name).await?.filter(|preset| !preset.deleted);
    kept.map(read).transpose().map(Ok)
}

/// What was kept was found good: where it cannot be read, a newer writer has kept it.
fn read(preset: KeptPreset) -> Result<Base, StoreError> {
    let KeptPreset { at, document, .. } = preset;
    let unreadable = |wrong| StoreError::Unreadable(format!("preset {} {}: {wrong}", at.name, at.version));
    let document = Document::parse(&document).map_err(unreadable)?;
    Ok(Base { at, document })
}
