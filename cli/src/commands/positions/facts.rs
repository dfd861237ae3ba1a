//! A position's numbers, and how it is to be sold. What is not asked of a position is not told.

use crate::table::{facts, short, time};
use wire::view::{ByAsset, LadderRule, PositionGroup, PositionGroupDetail, Protection, PyramidRule, StillHeld};

pub(super) fn of(detail: &PositionGroupDetail) -> String {
    let group = &detail.group;
    let began_with = group.preset.as_ref().map(|preset| format!("{}, version {}", preset.name, preset.version));
    facts([
        ("preset", began_with),
        ("held", Some(detail.quantity.clone())),
        ("average price", detail.average_price.as_deref().map(short)),
        ("last price", group.mark.as_ref().map(|mark| format!("{} at {}", mark.price, time(mark.at)))),
        ("realised PnL", group.realised_pnl.clone()),
        ("unrealised PnL", detail.unrealised_pnl.clone()),
        ("fees", Some(by_asset(&detail.fees)).filter(|fees| !fees.is_empty())),
        ("ladder", ladder(group)),
        ("pyramids", group.pyramiding.as_deref().map(pyramids)),
        ("take-profit", Some(group.take_profit.to_string())),
        ("trailing", trailing(detail)),
        ("stop", stop(detail)),
        ("below stop since", group.below_stop_since.map(time)),
        ("time limit", group.time_limit_minutes.map(|minutes| format!("{minutes} min after its opening"))),
        ("minimum profit", group.minimum_profit_percent.as_ref().map(|least| format!("{least} %"))),
        ("cooldown", group.cooldown_minutes.map(|minutes| format!("{minutes} min after its end"))),
        ("fee not valued", group.fee_unvalued.then(|| "realised profit is without it".to_owned())),
        ("still held", still_held(group)),
        ("dust", group.dust.clone().filter(|_| group.still_held.is_none())),
        ("missing", group.missing.clone()),
        ("closed", group.closed_at.map(time)),
    ])
}

fn still_held(group: &PositionGroup) -> Option<String> {
    let StillHeld { quantity, cost } = group.still_held.as_ref()?;
    let (base, quote) = group.symbol.split_once('/')?;
    Some(format!("{quantity} {base}, not sold, at a cost of {cost} {quote}"))
}

fn by_asset(amounts: &ByAsset) -> String {
    amounts.0.iter().map(|(asset, amount)| format!("{amount} {asset}")).collect::<Vec<_>>().join(", ")
}

/// How many there are, how they stand, and how they are bought.
fn ladder(group: &PositionGroup) -> Option<String> {
    let LadderRule { deviation_percent, step_scale, dialect, active, at_market } = group.ladder.as_deref()?;
    let first = deviation_percent.as_ref().map(|percent| format!(", the first {percent} % away"));
    let scale =
        step_scale.as_ref().filter(|scale| *scale != "1").map(|scale| format!(", each next step {scale} times"));
    let dialect = dialect.as_ref().map(|dialect| format!(", {dialect}"));
    let places: String = [first, scale, dialect].into_iter().flatten().collect();
    let bought = if *at_market { ", bought at the market" } else { "" };
    Some(format!("{}{places}, {active} at once{bought}", group.safety_orders))
}

fn pyramids(rule: &PyramidRule) -> String {
    let PyramidRule { max, distance_percent, direction, size_factor, close } = rule;
    format!("up to {max}, {distance_percent} % apart ({direction}), size times {size_factor}, sold {close}")
}

/// How far behind its peak the last step sells: from where, or since when.
fn trailing(detail: &PositionGroupDetail) -> Option<String> {
    let kind = &detail.group.take_profit;
    let by = kind.trailing_percent.as_ref()?;
    let state = match (&kind.trailing, &detail.take_profit_arms_at) {
        (Some(armed), _) => {
            let sells_at = armed.sells_at.as_ref().map_or_else(String::new, |price| format!(", sells at {price}"));
            format!(", armed since {}, peak {}{sells_at}", time(armed.armed_since), armed.peak)
        }
        (None, Some(price)) => format!(", arms at {price}"),
        (None, None) => String::new(),
    };
    Some(format!("{by} %{state}"))
}

/// Where it stands, and what may move it or let it wait. Pyramids that stand alone have each their own.
fn stop(detail: &PositionGroupDetail) -> Option<String> {
    let of_the_only = || detail.pyramids.first().filter(|_| detail.pyramids.len() == 1)?.stop_price.as_ref();
    let price = detail.stop_price.as_ref().or_else(of_the_only)?;
    let PositionGroup { protected, stop_loss_basis, stop_loss_trailing, stop_loss_delay_seconds, .. } = &detail.group;
    let how = match protected {
        Protection::AtVenue => "resting at the exchange",
        Protection::ByPolling => "watched by polling",
        Protection::None => "not watched",
    };
    let follows = if *stop_loss_trailing == Some(true) { ", follows the highest price" } else { "" };
    let waits = stop_loss_delay_seconds.map_or_else(String::new, |seconds| format!(", waits {seconds} s"));
    let from = stop_loss_basis.as_ref().map_or_else(String::new, |basis| format!(", basis {basis}"));
    let even = detail.group.break_even_after_step;
    let even = even.map_or_else(String::new, |step| format!(", to break even after step {step}"));
    Some(format!("{price}, {how}{from}{follows}{waits}{even}"))
}
