//! Of which leg and which pyramid an order is.

use domain::order::Purpose;
use wire::view::Order;

const NEITHER: &str = "-";

/// `base`, `leg 2`, `p1 leg 3`; what sells a whole pyramid is of that alone, and what sells everything of neither.
pub(super) fn of(order: &Order, by_leg: bool) -> String {
    let pyramid = (order.pyramid > 0).then(|| format!("p{}", order.pyramid));
    let has_legs = order.purpose.0 == Purpose::Entry || (by_leg && matches!(order.purpose.0, Purpose::TakeProfit(_)));
    let leg = match order.leg {
        0 => has_legs.then(|| "base".to_owned()),
        leg => Some(format!("leg {leg}")),
    };
    let parts: Vec<_> = pyramid.into_iter().chain(leg).collect();
    if parts.is_empty() { NEITHER.to_owned() } else { parts.join(" ") }
}
