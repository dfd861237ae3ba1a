//! The rules of a market may have become stricter since a group was opened there. Where its venue refuses to sell, they are
//! read anew, as whoever lists markets has kept them last.

use domain::group::Position;
use domain::market::Filters;
use store::{Engine, market};

/// The rules of now, where they are asked for. What cannot be read now is read by the next pass.
pub(super) async fn read_anew<D: Engine>(deps: &D, position: &Position) -> Option<Filters> {
    if !position.is_refused_by_rules() {
        return None;
    }
    let market = market::Market(deps).load_market(&position.group.market.key).await;
    market.ok().flatten().map(|market| market.filters)
}

/// The position under these rules, and what its history tells of them where they are stricter.
pub(super) fn under(position: Position, now: Option<Filters>) -> (Position, Option<String>) {
    let Some(now) = now else { return (position, None) };
    let ruled = position.under_rules(now);
    let filters = ruled.group.market.filters;
    let told = (filters != position.group.market.filters).then(|| told(&filters));
    (ruled, told)
}

fn told(filters: &Filters) -> String {
    let Filters { quantity_step, quantity_min, notional_min, most, .. } = filters;
    let most = most.market.map(|most| format!(", at most {most} at the market")).unwrap_or_default();
    format!(
        "its market has stricter rules now: steps of {quantity_step}, at least {quantity_min} worth {notional_min}{most}"
    )
}
