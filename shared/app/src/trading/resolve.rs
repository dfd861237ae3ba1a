//! What became of an order, on its user's word: of one in doubt, for venues that can never prove an order absent and for
//! outages that last; and of one that was accepted and that its venue does not show, or does not end.

use super::{ActError, change_on_record};
use crate::actor::{Act, audit};
use crate::ports::{Audit, Queues};
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::OrderId;
use domain::limits;
use domain::market::Symbol;
use domain::money::Amount;
use domain::order::{Command, Fee, FeeValue, Fill, Order, Resolution, Status};
use store::Engine;
use store::trading::Trading;

/// Ends an order in doubt, or one that is not shown or has been to be ended in vain, as its user says. What the venue tells of it later is merged all the same. Saying the same
/// again changes nothing.
///
/// # Errors
/// `NoOrder`, `NotInDoubt`, `TooEarly`, `OtherOutcome`, `MoreThanOrdered`, `LessThanFilled`, `ThirdFeeAsset`, or where the store
/// cannot be reached.
pub async fn resolve<D: Engine + Queues>(
    deps: &D,
    order: &OrderId,
    resolution: &Resolution,
    reason: &str,
    act: Act<'_>,
) -> Result<Order, ActError> {
    let (account, found) = Trading(deps).find_order(act.user, order).await?.ok_or(ActError::NoOrder)?;
    if *resolution == Resolution::NotPlaced
        && found.status == Status::Unknown
        && let Some(position) = Trading(deps).load_position(&account, &found.group).await?
    {
        // Before it is committed: one that comes after all is looked for.
        Trading(deps).mark_late(&account, &position.group.market.key.symbol, act.now).await?;
    }
    let why = format!("resolved by its user as {}: {reason}", told(resolution));
    let resolved = |position: &Position| {
        let order = position.order(order).ok_or(ActError::NoOrder)?;
        let resolution = with_fee(resolution, position);
        if says_so(order, &resolution) {
            return Ok(None);
        }
        allow(position, order, &resolution, act.now)?;
        allow_fee(&resolution, &position.group.market.key.symbol)?;
        Ok(Some(position.command(&order.id, &Command::Resolve(resolution))?))
    };
    let record = record(&found, resolution, reason, act);
    let position = change_on_record(deps, &account, &found.group, &why, act, Some(record), resolved).await?;
    position.order(order).cloned().ok_or(ActError::NoOrder)
}

/// Nothing said of a fee means that there was none, and nothing waits for it.
fn with_fee(resolution: &Resolution, position: &Position) -> Resolution {
    let quote = || position.group.market.key.symbol.quote.clone();
    let none = || Fee { asset: quote(), amount: Amount::ZERO, value: FeeValue::Own };
    match resolution {
        Resolution::NotPlaced | Resolution::Cancelled(_) => resolution.clone(),
        Resolution::Filled(fill) => {
            Resolution::Filled(Fill { fee: Some(fill.fee.clone().unwrap_or_else(none)), ..fill.clone() })
        }
    }
}

/// Whether it has ended like this already.
fn says_so(order: &Order, resolution: &Resolution) -> bool {
    match resolution {
        Resolution::NotPlaced => order.status == Status::NotPlaced,
        Resolution::Cancelled(_) => order.is_said_over(),
        Resolution::Filled(fill) => order.declared.as_ref().is_some_and(|declared| is_same(declared, fill)),
    }
}

/// Whenever it was said.
fn is_same(one: &Fill, other: &Fill) -> bool {
    Fill { at: other.at, ..one.clone() } == *other
}

fn allow(position: &Position, order: &Order, resolution: &Resolution, now: Timestamp) -> Result<(), ActError> {
    let since = may_be_said_since(position, order)?;
    if since.is_none_or(|since| now < since) {
        return Err(ActError::TooEarly);
    }
    match resolution {
        Resolution::NotPlaced if order.status.is_resting() => Err(ActError::OtherOutcome(WAS_ACCEPTED)),
        Resolution::Cancelled(_) if !order.status.is_resting() => Err(ActError::OtherOutcome(WAS_NOT_ACCEPTED)),
        Resolution::Filled(_) if !order.fills.is_empty() => Err(ActError::OtherOutcome(HAS_TRADES)),
        Resolution::Filled(fill) if fill.quantity > order.quantity => Err(ActError::MoreThanOrdered(order.quantity)),
        Resolution::Filled(fill) if fill.quantity < order.cumulative => Err(ActError::LessThanFilled(order.cumulative)),
        _ => Ok(()),
    }
}

const WAS_ACCEPTED: &str = "cancelled or filled: the venue has accepted the order";
const WAS_NOT_ACCEPTED: &str = "not_placed or filled: nobody knows whether the venue has accepted the order";
const HAS_TRADES: &str =
    "cancelled: trades of the order are known, and count; what is missing for others is shown as drift";

/// From when on its user may say what became of it; none where it was never sent.
fn may_be_said_since(position: &Position, order: &Order) -> Result<Option<Timestamp>, ActError> {
    if order.status == Status::Unknown {
        return Ok(order.submission.as_ref().map(|submission| submission.sent_at.plus(limits::RESOLVE_AFTER)));
    }
    let in_vain = position.ended_in_vain_since(order).map(|since| since.plus(limits::END_IN_VAIN));
    let unshown = order.unshown_since().map(|since| since.plus(limits::UNSHOWN_TOLD));
    let since = in_vain.into_iter().chain(unshown).min();
    since.map(Some).ok_or(ActError::NotInDoubt(order.status))
}

/// What another asset was worth then is known to the person alone.
fn allow_fee(resolution: &Resolution, symbol: &Symbol) -> Result<(), ActError> {
    let Resolution::Filled(Fill { fee: Some(fee), .. }) = resolution else { return Ok(()) };
    if Fee::of(symbol, fee.asset.clone(), fee.amount).is_valued() {
        return Ok(());
    }
    Err(ActError::ThirdFeeAsset { base: symbol.base.clone(), quote: symbol.quote.clone() })
}

fn record(order: &Order, resolution: &Resolution, reason: &str, act: Act<'_>) -> Audit {
    let before = Some(order.status.as_str().to_owned());
    Audit { before, after: Some(told(resolution)), ..audit("resolve", order.id.as_str(), reason, act) }
}

fn told(resolution: &Resolution) -> String {
    match resolution {
        Resolution::NotPlaced => "not placed".to_owned(),
        Resolution::Cancelled(_) => "cancelled".to_owned(),
        Resolution::Filled(fill) => {
            let fee = fill.fee.as_ref().map(|fee| format!(", fee {} {}", fee.amount, fee.asset));
            format!("filled {} at {}{}", fill.quantity, fill.price, fee.unwrap_or_default())
        }
    }
}
