//! Whether a market of contracts is free for an entry: what the account holds there and no group of ours does would be closed
//! by it, or share its margin, its leverage and its liquidation.
//!
//! 1. The other side is nobody's of ours, however little it is: an entry would close it, and hold less than it has bought. Of
//!    the own side as much is ours as the group holds.
//! 2. What could not be sold by itself on the own side is what an earlier group has left behind, and stands in nobody's way.
//! 3. Within the venue's lag of a fill it may show what is closed by now: then the entry waits, else it is refused.

use super::admission::planned_at;
use crate::ports::{OpenPosition, Unprepared, Venue};
use domain::group::Position;
use domain::limits;
use domain::money::{MoneyError, Price, Quantity};
use domain::order::{Order, Refusal};
use domain::reason::Reason;
use store::Engine;
use store::trading::Trading;

/// The stable word for contracts that are not ours.
const NOT_OURS: Reason = Reason::PositionNotOurs;

/// # Errors
/// `Refused` where somebody else's contracts are there; `Away` where nobody can tell now.
pub(super) async fn vacant<D: Engine, V: Venue>(
    deps: &D,
    venue: &V,
    position: &Position,
    order: &Order,
) -> Result<(), Unprepared> {
    let (account, exchange) = (&position.group.account, &position.group.market.key.exchange);
    let open = venue.positions(account, exchange).await.map_err(|error| away(&error))?;
    let Some(refusal) = stranger(position, order, &open).map_err(|error| away(&error))? else {
        return Ok(());
    };
    let known = Trading(deps).load_account(account).await.map_err(|error| away(&error))?;
    let lag = limits::shows_after(venue.terms(exchange).read_lag);
    if known.is_none_or(|known| deps.now() <= known.filled_at.plus(lag)) {
        return Err(away(&"what was closed just now may still be shown"));
    }
    Err(Unprepared::Refused(refusal))
}

fn away(error: &impl ToString) -> Unprepared {
    Unprepared::Away(error.to_string())
}

fn stranger(position: &Position, order: &Order, open: &[OpenPosition]) -> Result<Option<Refusal>, MoneyError> {
    let (group, held) = (&position.group, position.ledger()?.held()?);
    for there in open.iter().filter(|there| there.market == group.market.key) {
        let ours = if there.side == group.side { held } else { Quantity::ZERO };
        if there.quantity <= ours {
            continue;
        }
        let more = there.quantity.minus(ours)?;
        let price = planned_at(position, order)?.map(|price| Price::new(price.approximate())).transpose()?;
        let is_dust =
            there.side == group.side && price.is_some_and(|price| group.market.filters.check(more, price).is_err());
        if !is_dust {
            let (side, market) = (there.side.as_str(), &group.market.key.symbol);
            let detail = format!(
                "the account holds {more} more of {market} {side} than this position does: close it there, or use \
                 another account"
            );
            return Ok(Some(Refusal { code: NOT_OURS.into(), detail }));
        }
    }
    Ok(None)
}
