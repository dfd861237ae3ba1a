//! The JSON of a 3Commas signal bot: of its *custom signal* type, which enters and exits, and of its *strategy* type,
//! which buys and sells and says how its position was and is.

use super::said::{Ask, Said, plan};
use crate::alert::fields::{Beneath, Fields};
use crate::alert::json::Node;
use crate::alert::lenient::Lenient;
use crate::alert::understand::{lag, max_lag, strategy_fields};
use crate::alert::{BadAlert, clock, exchange};
use domain::alert::{Action, Alert, Side, Stance};
use domain::limits;
use domain::market::Exchange;
use domain::money::{Amount, Price, Quantity};
use domain::preset::{OrderKind, OrderSize};

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
const WORDS: [(&str, Word); 6] = [
    ("enter_long", Word::Ask(Ask::Enter(Side::Long))),
    ("exit_long", Word::Ask(Ask::Leave(Some(Side::Long)))),
    ("enter_short", Word::Ask(Ask::Enter(Side::Short))),
    ("exit_short", Word::Ask(Ask::Leave(Some(Side::Short)))),
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
    if let Some(exit) = exit(node, usual)? {
        return exit.alert(beneath);
    }
    let body = Fields::of_body(node)?;
    body.only(&KNOWN)?;
    let (exchange, symbol) = (exchange(&body, usual)?, body.needed("tv_instrument")?);
    let ask = ask(&body)?;
    let order = body.object("order")?;
    order.only(&KNOWN_OF_ORDER)?;
    let kind = kind(&order)?;
    let plan = plan(size(&order)?, Some(kind));
    let (price, sent_at) = (body.observed("trigger_price")?, clock::read(&[(&body, "timestamp")])?);
    Said { exchange, symbol, ask, plan, price, sent_at, max_lag: max_lag(&body, "max_lag")? }.alert(beneath)
}

pub(in crate::alert) fn leaves(node: &Node) -> bool {
    exit_asked(&Lenient::of(node)).is_some()
}

/// What closes: by its action, or by the position that its strategy has afterwards.
fn exit_asked(said: &Lenient<'_>) -> Option<Ask> {
    let fields = said.within("strategy_info").strategy_fields();
    let is_flat = fields.market_position == Some(Stance::Flat);
    match said.word("action", &WORDS)? {
        Word::Ask(ask @ Ask::Leave(_)) => Some(ask),
        // Afterwards it has nothing: what it bought back was a short.
        Word::Order(Action::Buy) if is_flat => Some(Ask::Leave(Some(Side::Short))),
        Word::Order(action) if is_flat => Some(Ask::Follow(action, fields)),
        _ => None,
    }
}

fn exit(node: &Node, usual: Option<&Exchange>) -> Result<Option<Said>, BadAlert> {
    let said = Lenient::of(node);
    let Some(ask) = exit_asked(&said) else { return Ok(None) };
    let needed = Node::Object(said.only(&["tv_exchange", "tv_instrument"]));
    let needed = Fields::of_body(&needed)?;
    let (exchange, symbol) = (exchange(&needed, usual)?, needed.needed("tv_instrument")?);
    let (price, sent_at) = (said.number("trigger_price"), clock::of_exit(&[(&said, "timestamp")]));
    let max_lag = said.text("max_lag").and_then(lag).unwrap_or(limits::LAG_DEFAULT);
    Ok(Some(Said { price, sent_at, max_lag, ..Said::plainly(exchange, symbol, ask) }))
}

/// What enters, or follows a strategy.
fn ask(body: &Fields<'_>) -> Result<Ask, BadAlert> {
    let word = body.word("action", &WORDS)?.ok_or_else(|| body.required("action"))?;
    let info = body.object("strategy_info")?;
    info.only(&KNOWN_OF_STRATEGY)?;
    let fields = strategy_fields(&info)?;
    match word {
        Word::Order(_) if fields.market_position.is_none() => Err(info.required("market_position")),
        Word::Order(action) => Ok(Ask::Follow(action, fields)),
        Word::Ask(_) if fields.any() => Err(body.wrong("strategy_info", "needs an action of buy or sell")),
        Word::Ask(ask) => Ok(ask),
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
            let quantity = order.measured::<Quantity>("amount")?.ok_or_else(|| order.required("amount"))?;
            (!quantity.is_zero()).then_some(OrderSize::Base(quantity))
        }
        Currency::Quote => {
            let amount = order.measured::<Amount>("amount")?.ok_or_else(|| order.required("amount"))?;
            (amount > Amount::ZERO).then_some(OrderSize::Quote(amount))
        }
    };
    size.map(Some).ok_or_else(|| order.wrong("amount", "must be above 0"))
}
