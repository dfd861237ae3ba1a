//! The JSON of a 3Commas signal bot: of its *custom signal* type, which enters and exits, and of its *strategy* type,
//! which buys and sells and says how its position was and is.

use super::said::{Ask, Said, plan};
use crate::alert::fields::{Beneath, Fields};
use crate::alert::json::Node;
use crate::alert::understand::{max_lag, strategy_fields};
use crate::alert::{BadAlert, clock, exchange};
use domain::alert::{Action, Alert, Side, Stance, StrategyFields};
use domain::market::Exchange;
use domain::money::{Amount, Percent, Price, Quantity};
use domain::preset::{OrderKind, OrderSize, PlanParts};

/// Members that only this form has, and those that only ours has.
const MARKS: [&str; 3] = ["tv_instrument", "tv_exchange", "bot_uuid"];
const OURS: [&str; 2] = ["tv", "execution_intent"];
const KNOWN: [&str; 9] = [
    "max_lag",
    "timestamp",
    "trigger_price",
    "tv_exchange",
    "tv_instrument",
    "action",
    "bot_uuid",
    "strategy_info",
    "order",
];
const KNOWN_OF_STRATEGY: [&str; 4] =
    ["market_position", "market_position_size", "prev_market_position", "prev_market_position_size"];
const KNOWN_OF_ORDER: [&str; 4] = ["amount", "currency_type", "order_type", "price"];
const WORDS: [(&str, Word); 5] = [
    ("enter_long", Word::Ask(Ask::Enter(Side::Long))),
    ("exit_long", Word::Ask(Ask::Leave)),
    ("enter_short", Word::Ask(Ask::Enter(Side::Short))),
    ("buy", Word::Order(Action::Buy)),
    ("sell", Word::Order(Action::Sell)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Ask(Ask),
    Order(Action),
}

/// What the amount of an order is an amount of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Currency {
    Base,
    Quote,
}

pub(in crate::alert) fn is_signal(node: &Node) -> bool {
    let Node::Object(members) = node else {
        return false;
    };
    let has = |names: &[&str]| members.iter().any(|(name, _)| names.contains(&name.as_str()));
    has(&MARKS) && !has(&OURS)
}

pub(in crate::alert) fn exchange(body: &Fields<'_>, usual: Option<&Exchange>) -> Result<Exchange, BadAlert> {
    exchange::read(body, ("tv_exchange", "tv_instrument"), usual)
}

pub(in crate::alert) fn understand(
    node: &Node,
    usual: Option<&Exchange>,
    beneath: Beneath<'_>,
) -> Result<Alert, BadAlert> {
    let body = Fields::of_body(node)?;
    body.only(&KNOWN)?;
    let (exchange, symbol) = (exchange(&body, usual)?, body.needed("tv_instrument")?);
    let ask = ask(&body)?;
    let plan = order(&body, ask)?;
    let price = body.observed("trigger_price")?;
    let sent_at = clock::read(&[(&body, "timestamp")])?;
    Said { exchange, symbol, ask, plan, price, sent_at, max_lag: max_lag(&body, "max_lag")? }.alert(beneath)
}

fn ask(body: &Fields<'_>) -> Result<Ask, BadAlert> {
    // It could close a long, since an exit closes what is open.
    if body.text("action")?.is_some_and(|action| action.eq_ignore_ascii_case("exit_short")) {
        return Err(body.wrong("action", "must not be exit_short: an exit closes whatever is open, a long too"));
    }
    let word = body.word("action", &WORDS)?.ok_or_else(|| body.required("action"))?;
    let info = body.object("strategy_info")?;
    info.only(&KNOWN_OF_STRATEGY)?;
    let fields = strategy_fields(&info)?;
    match word {
        Word::Order(_) if fields.market_position.is_none() => Err(info.required("market_position")),
        Word::Order(Action::Buy) if fields.market_position == Some(Stance::Flat) => {
            Err(body.wrong("action", "must not be buy where the position ends flat: it would close a long too"))
        }
        Word::Order(action) => Ok(Ask::Follow(action, fields)),
        Word::Ask(_) if fields.any() => Err(body.wrong("strategy_info", "needs an action of buy or sell")),
        Word::Ask(ask) => Ok(ask),
    }
}

fn order(body: &Fields<'_>, ask: Ask) -> Result<PlanParts, BadAlert> {
    let order = body.object("order")?;
    order.only(&KNOWN_OF_ORDER)?;
    let kind = kind(&order)?;
    let size = match ask {
        Ask::Leave => leave(&order)?,
        // The position is flat afterwards, whatever the order's amount was.
        Ask::Follow(_, StrategyFields { market_position: Some(Stance::Flat), .. }) => None,
        Ask::Enter(_) | Ask::Follow(..) => return Ok(plan(size(&order)?, Some(kind))),
    };
    match kind {
        OrderKind::Market => Ok(plan(size, Some(kind))),
        OrderKind::Limit(_) => Err(order.wrong("order_type", "must be market where a position is closed")),
    }
}

fn kind(order: &Fields<'_>) -> Result<OrderKind, BadAlert> {
    let limited = order.word("order_type", &[("market", false), ("limit", true)])?.unwrap_or(false);
    match (limited, order.parsed::<Price>("price")?) {
        (true, Some(price)) => Ok(OrderKind::Limit(price)),
        (true, None) => Err(order.required("price")),
        (false, None) => Ok(OrderKind::Market),
        (false, Some(_)) => Err(order.wrong("price", "needs order_type limit")),
    }
}

fn size(order: &Fields<'_>) -> Result<Option<OrderSize>, BadAlert> {
    let currency = order.word("currency_type", &[("base", Currency::Base), ("quote", Currency::Quote)])?;
    let Some(currency) = currency else {
        return if order.has("amount") { Err(order.required("currency_type")) } else { Ok(None) };
    };
    let size = match currency {
        Currency::Base => {
            let quantity = order.observed::<Quantity>("amount")?.ok_or_else(|| order.required("amount"))?;
            (!quantity.is_zero()).then_some(OrderSize::Base(quantity))
        }
        Currency::Quote => {
            let amount = order.observed::<Amount>("amount")?.ok_or_else(|| order.required("amount"))?;
            (amount > Amount::ZERO).then_some(OrderSize::Quote(amount))
        }
    };
    size.map(Some).ok_or_else(|| order.wrong("amount", "must be above 0"))
}

/// A whole position and nothing less.
fn leave(order: &Fields<'_>) -> Result<Option<OrderSize>, BadAlert> {
    let whole = order.text("currency_type")?.is_some_and(|currency| currency == "position_percent")
        && order.parsed::<Percent>("amount")? == Some(Percent::HUNDRED);
    if whole || !order.has("amount") {
        return Ok(None);
    }
    let allowed =
        "must be left out of an exit, or be 100 with currency_type position_percent: all that is held is sold";
    Err(order.wrong("amount", allowed))
}
