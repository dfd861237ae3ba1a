//! What is said of a plan, as the members that its reader reads.

use crate::alert::BadAlert;
use crate::alert::json::Node;
use crate::text::AsText;
use domain::ladder::{Dialect, Size, Spacing};
use domain::money::Percent;
use domain::preset::{AskedLadder, AskedLegs, AskedSize, OrderKind, PlanParts};
use domain::profit::{ProfitStep, StopLoss, TakeProfit};

pub(crate) const PROFIT: &str = "take_profit";
pub(crate) const STOP: &str = "stop_loss_percent";
/// What a stop may have beside it.
pub(crate) const OF_STOP: [&str; 5] =
    ["stop_loss_basis", "break_even_after_step", "stop_loss_trailing", "stop_loss_delay_seconds", "stop_loss_at_venue"];
const BASE: &str = "base_order";
const LADDER: &str = "safety_orders";
/// Every member that says how large and where.
pub(crate) const PARTS: [&str; 10] =
    ["total", BASE, LADDER, PROFIT, STOP, OF_STOP[0], OF_STOP[1], OF_STOP[2], OF_STOP[3], OF_STOP[4]];
const SECOND_MS: i64 = 1_000;

type Member = (String, Node);

/// Read again, they say the same. Of entries they are what strategies bring: a size of each, and safety orders by factors.
///
/// # Errors
/// `total` and `safety_orders`, where they are anything else.
pub(crate) fn members(parts: &PlanParts) -> Result<Vec<Member>, BadAlert> {
    let PlanParts { size, kind, ladder, take_profit, stop_loss } = parts;
    let order = base_order(size.as_ref(), *kind)?;
    let ladder = ladder.as_ref().map(safety_orders).transpose()?;
    let entries = [(!order.is_empty()).then(|| object(BASE, order)), ladder.map(|ladder| object(LADDER, ladder))];
    Ok(entries.into_iter().flatten().chain(exits(take_profit.as_ref(), stop_loss.as_ref())).collect())
}

/// Those that say where all is sold.
pub(crate) fn exits<'a>(
    take_profit: Option<&'a TakeProfit>,
    stop_loss: Option<&'a StopLoss>,
) -> impl Iterator<Item = Member> + use<'a> {
    let profit = take_profit.map(|profit| object(PROFIT, of_profit(profit)));
    profit.into_iter().chain(stop_loss.into_iter().flat_map(of_stop))
}

fn text(name: &str, value: &(impl ToString + ?Sized)) -> Member {
    (name.to_owned(), Node::Text(value.to_string()))
}

fn object(name: &str, members: Vec<Member>) -> Member {
    (name.to_owned(), Node::Object(members))
}

fn of_size(size: &Size) -> Member {
    match size {
        Size::Quote(quote) => text("quote", quote),
        Size::Base(quantity) => text("quantity", quantity),
        Size::Percent(percent) => text("balance_percent", percent),
    }
}

fn base_order(size: Option<&AskedSize>, kind: Option<OrderKind>) -> Result<Vec<Member>, BadAlert> {
    let size = match size {
        None => None,
        Some(AskedSize::Of(size)) => Some(of_size(size)),
        Some(AskedSize::Shared { .. }) => return Err(BadAlert::field("total", "is brought by no strategy")),
    };
    let kind = match kind {
        None => Vec::new(),
        Some(OrderKind::Market) => vec![text("type", "market")],
        Some(OrderKind::Limit(price)) => vec![text("type", "limit"), text("limit_price", &price)],
    };
    Ok(size.into_iter().chain(kind).collect())
}

fn safety_orders(ladder: &AskedLadder) -> Result<Vec<Member>, BadAlert> {
    let AskedLadder { spacing, sizes, active, at_market } = ladder;
    let (Spacing::Scaled { count, deviation, scale: step, dialect }, AskedLegs::Scaled { first, scale: volume }) =
        (spacing, sizes)
    else {
        return Err(BadAlert::field(LADDER, "are brought by factors alone"));
    };
    let dialect = match dialect {
        Dialect::Additive => "additive",
        Dialect::Compounding => "compounding",
    };
    Ok(vec![
        text("count", count),
        of_size(first),
        text("deviation_percent", deviation),
        text("step_scale", step),
        text("volume_scale", volume),
        text("dialect", dialect),
        text("active", active),
        ("at_market".to_owned(), Node::Bool(*at_market)),
    ])
}

fn of_profit(profit: &TakeProfit) -> Vec<Member> {
    let one = |profit| ProfitStep { profit, amount: Percent::HUNDRED };
    match profit {
        TakeProfit::Aggregate { basis, steps, trailing } => {
            let trailing = trailing.as_ref().map(|percent| text("trailing_percent", percent));
            let said = [text("mode", "aggregate"), text("basis", &basis.to_text()), of_steps(steps)];
            said.into_iter().chain(trailing).collect()
        }
        TakeProfit::PerLeg { profit } => vec![text("mode", "per_leg"), of_steps(&[one(*profit)])],
        TakeProfit::Hybrid { profit, all } => {
            vec![text("mode", "hybrid"), of_steps(&[one(*profit)]), text("all_profit_percent", all)]
        }
    }
}

fn of_steps(steps: &[ProfitStep]) -> Member {
    let step = |step: &ProfitStep| {
        Node::Object(vec![text("profit_percent", &step.profit), text("amount_percent", &step.amount)])
    };
    ("steps".to_owned(), Node::List(steps.iter().map(step).collect()))
}

fn of_stop(stop: &StopLoss) -> Vec<Member> {
    let StopLoss { loss, basis, break_even_after, trailing, delay, at_venue } = stop;
    let [of_basis, after, trails, waits, rests] = OF_STOP;
    let step = break_even_after.as_ref().map(|step| text(after, step));
    let seconds = delay.map(|delay| text(waits, &delay.get().div_euclid(SECOND_MS)));
    let said = [text(STOP, loss), text(of_basis, &basis.to_text()), text(trails, trailing), text(rests, at_venue)];
    said.into_iter().chain(step).chain(seconds).collect()
}
