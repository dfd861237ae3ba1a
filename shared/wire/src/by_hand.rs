//! An order by hand, as its user asks for it, and the text of an alert that it becomes: it is decided as any alert is.

use crate::alert::fields::{Asked, Fields};
use crate::alert::json::Node;
use crate::alert::plan::{OF_STOP, PROFIT, STOP};
use crate::alert::{BadAlert, Base, Opened, open};
use crate::preset::exits::EXITS;
use crate::preset::{Document, read};
use domain::alert::Side;
use domain::ids::GroupId;
use domain::market::{MarketKey, Symbol, Timeframe};
use domain::money::{Amount, Price, Quantity};
use domain::order::Direction;
use domain::preset::{OrderKind, OrderSize, PresetName};

const MEMBERS: [&str; 14] = [
    "account",
    "symbol",
    "position_id",
    "side",
    "type",
    "quantity",
    "quote",
    "limit_price",
    "stop_price",
    PRICE,
    "reduce_only",
    "preset",
    "leverage",
    EXITS_MEMBER,
];
const EXITS_MEMBER: &str = "exits";
const PRICE: &str = "price";
const STEP: &str = "break_even_after_step";
const TIME: &str = "time_limit_minutes";
const LEVERAGE: &str = "leverage";
/// An order that is not decided for longer is not sent: the price that its user has seen is another one by then.
const LASTS_SECONDS: &str = "60";

/// The words of `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Market,
    Limit,
    Stop,
}

const KINDS: [(&str, Kind); 4] =
    [("market", Kind::Market), ("limit", Kind::Limit), ("stop", Kind::Stop), ("stop_limit", Kind::Stop)];
const SIDES: [(&str, Direction); 2] = [("buy", Direction::Buy), ("sell", Direction::Sell)];

/// An order that is good by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedOrder {
    /// Id or label of the account.
    pub account: Option<String>,
    /// What the symbol may mean, the likeliest first.
    pub symbols: Vec<Symbol>,
    pub position: Option<GroupId>,
    pub side: Direction,
    pub kind: OrderKind,
    pub size: OrderSize,
    pub reduce_only: bool,
    pub preset: Option<PresetName>,
    /// Whether it says that its position has no stop.
    pub without_stop: bool,
    /// Names and values, in the words of an alert.
    exits: Option<Vec<(String, Node)>>,
    leverage: Option<Node>,
    /// Which a preview is to plan by, where none is known.
    price: Option<Price>,
}

impl AskedOrder {
    /// # Errors
    /// [`BadAlert`] with the member that is wrong or not known, or `invalid_json`.
    pub fn parse(text: &str) -> Result<Self, BadAlert> {
        let asked = Self::previewed(text)?;
        match asked.price {
            None => Ok(asked),
            Some(_) => Err(BadAlert::field(PRICE, "must be left out: an order is planned by the price of its market")),
        }
    }

    /// The same of an order that is to be shown, and may say a price to plan by.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn previewed(text: &str) -> Result<Self, BadAlert> {
        let node = read(text)?;
        let body = Fields::of_body(&node)?;
        body.only(&MEMBERS)?;
        let side = body.word("side", &SIDES)?.ok_or_else(|| body.required("side"))?;
        let kind = kind(&body)?;
        let position = body.text("position_id")?.map(GroupId::parse).transpose();
        let position = position.map_err(|_| body.wrong("position_id", "must be the id of a position"))?;
        let cuts: Option<domain::market::Cuts> = body.parsed("symbol")?;
        if cuts.is_none() && position.is_none() {
            return Err(body.wrong("symbol", "is required where no position_id is given"));
        }
        let given = |name: &str| node_of(&node, name);
        let exits = exits(&body, given(EXITS_MEMBER))?;
        let without_stop = match (given(EXITS_MEMBER), &exits) {
            (Some(Node::Null), _) => true,
            (_, Some(members)) => members.iter().any(|(name, node)| name == STOP && *node == Node::Null),
            _ => false,
        };
        Ok(Self {
            account: body.owned("account")?,
            symbols: cuts.map(|cuts| [cuts.first].into_iter().chain(cuts.others).collect()).unwrap_or_default(),
            position,
            side,
            kind,
            size: size(&body)?,
            reduce_only: body.flag("reduce_only")?.unwrap_or_default(),
            preset: body.parsed("preset")?,
            without_stop,
            exits,
            price: body.parsed(PRICE)?,
            leverage: given(LEVERAGE).filter(|node| **node != Node::Null).cloned(),
        })
    }

    /// What it says of exits, preset or leverage, if anything: what it adds to has its own.
    pub fn says_of_exits(&self) -> Option<&'static str> {
        let said = [
            (EXITS_MEMBER, self.exits.is_some()),
            ("preset", self.preset.is_some()),
            (LEVERAGE, self.leverage.is_some()),
        ];
        said.into_iter().find_map(|(name, is_said)| is_said.then_some(name))
    }

    /// The text of an entry, or of an addition, at this place.
    pub fn entry(&self, market: &MarketKey, timeframe: Option<&Timeframe>, side: Side) -> String {
        let side = if side == Side::Long { "long" } else { "short" };
        let intent = [text("type", "entry"), text("strategy", "grid"), text("side", side)];
        let size = match self.size {
            OrderSize::Quote(amount) => text("quote", &amount.to_string()),
            OrderSize::Base(quantity) => text("quantity", &quantity.to_string()),
        };
        let order = match self.kind {
            OrderKind::Market => vec![size, text("type", "market")],
            OrderKind::Limit(price) => {
                vec![size, text("type", "limit"), text("limit_price", &price.to_string())]
            }
        };
        let about = [
            tv(market, timeframe, self.price),
            object("execution_intent", intent.into()),
            object("base_order", order),
            text("max_lag_seconds", LASTS_SECONDS),
        ];
        let preset = self.preset.as_ref().map(|preset| text("preset", preset.as_str()));
        let leverage = self.leverage.clone().map(|node| (LEVERAGE.to_owned(), node));
        let exits = self.exits.clone().unwrap_or_default();
        Node::Object(about.into_iter().chain(preset).chain(leverage).chain(exits).collect()).to_string()
    }

    /// The text of a sale of this quantity.
    pub fn reduction(market: &MarketKey, timeframe: Option<&Timeframe>, quantity: Quantity) -> String {
        let intent = object("execution_intent", vec![text("type", "exit")]);
        let about = [tv(market, timeframe, None), intent, text("quantity", &quantity.to_string())];
        Node::Object(about.into()).to_string()
    }

    /// Whether its text can be followed over this preset; none where its user keeps none of that name.
    ///
    /// # Errors
    /// [`BadAlert`] with the member of the order that is wrong.
    pub fn check(text: &str, preset: Option<Base>) -> Result<(), BadAlert> {
        let opened = open(text.as_bytes());
        let preset = preset.map(|preset| preset.exits_beneath(&opened));
        opened.over(preset.as_ref()).map(drop).map_err(|wrong| named(&wrong))
    }
}

impl Base {
    /// What of the preset an order by hand takes: its exits, and for contracts its leverage, but for those that the order says itself,
    /// and be it that it has none.
    #[must_use]
    pub fn exits_beneath(self, order: &Opened) -> Self {
        let said = |name: &str| order.members().iter().find(|(said, _)| said == name).map(|(_, node)| node);
        // What is of a stop goes with it, and a step of a take-profit with that.
        let no_stop = said(STOP) == Some(&Node::Null);
        let goes = |name: &str| (no_stop && OF_STOP.contains(&name)) || (name == STEP && said(PROFIT).is_some());
        let is_taken = |name: &str| EXITS.contains(&name) || name == LEVERAGE;
        let taken = |name: &str| is_taken(name) && said(name).is_none() && !goes(name);
        Self { document: Document(self.document.0.into_iter().filter(|(name, _)| taken(name)).collect()), ..self }
    }
}

fn kind(body: &Fields<'_>) -> Result<OrderKind, BadAlert> {
    let (kind, limit) = (body.word("type", &KINDS)?.unwrap_or(Kind::Market), body.parsed::<Price>("limit_price")?);
    let stop = body.parsed::<Price>("stop_price")?;
    match (kind, limit, stop) {
        (Kind::Stop, ..) => {
            let allowed = "must be market or limit: an entry that waits behind a stop price rests at no exchange here";
            Err(body.wrong("type", allowed))
        }
        (_, _, Some(_)) => Err(body.wrong("stop_price", "must be left out: no order by hand waits for a stop price")),
        (Kind::Market, Some(_), _) => Err(body.wrong("limit_price", "needs the type limit")),
        (Kind::Limit, None, _) => Err(body.wrong("limit_price", "is required for a limit order")),
        (Kind::Limit, Some(price), _) => Ok(OrderKind::Limit(price)),
        (Kind::Market, None, _) => Ok(OrderKind::Market),
    }
}

fn size(body: &Fields<'_>) -> Result<OrderSize, BadAlert> {
    match (body.parsed::<Quantity>("quantity")?, body.parsed::<Amount>("quote")?) {
        (Some(_), Some(_)) => Err(body.wrong("quote", "must be left out where quantity is given")),
        (None, None) => Err(body.wrong("quantity", "is required, or quote in its place")),
        (Some(quantity), None) if quantity.is_zero() => Err(body.wrong("quantity", "must be above 0")),
        (Some(quantity), None) => Ok(OrderSize::Base(quantity)),
        (None, Some(quote)) if quote <= Amount::ZERO => Err(body.wrong("quote", "must be above 0")),
        (None, Some(quote)) => Ok(OrderSize::Quote(quote)),
    }
}

/// None where they are left out; without any, none of the preset's is meant.
fn exits(body: &Fields<'_>, given: Option<&Node>) -> Result<Option<Vec<(String, Node)>>, BadAlert> {
    if given == Some(&Node::Null) {
        return Ok(Some([STOP, TIME].map(|name| (name.to_owned(), Node::Null)).into()));
    }
    let Some(fields) = body.find_object(EXITS_MEMBER)? else { return Ok(None) };
    fields.only(&EXITS)?;
    if fields.members().iter().any(|(name, node)| name == "take_profit" && *node == Node::Null) {
        return Err(fields.wrong("take_profit", "must not be null: a position has a take-profit"));
    }
    let asked = Asked::default();
    crate::alert::plan::read(&fields.noting(&asked).over(crate::alert::fields::Beneath::Unknown))?;
    fields.refuse_unasked(&asked)?;
    Ok(Some(fields.members().to_vec()))
}

fn node_of<'a>(body: &'a Node, wanted: &str) -> Option<&'a Node> {
    let Node::Object(members) = body else { return None };
    members.iter().find(|(name, _)| name == wanted).map(|(_, node)| node)
}

fn tv(market: &MarketKey, timeframe: Option<&Timeframe>, price: Option<Price>) -> (String, Node) {
    let (exchange, symbol) = (market.exchange.to_string(), market.symbol.to_string());
    let timeframe = timeframe.map(|timeframe| text("timeframe", timeframe.as_str()));
    let named = [text("exchange", &exchange), text("symbol", &symbol)];
    let price = price.map(|price| text("price", &price.to_string()));
    object("tv", named.into_iter().chain(timeframe).chain(price).collect())
}

fn text(name: &str, value: &str) -> (String, Node) {
    (name.to_owned(), Node::Text(value.to_owned()))
}

fn object(name: &str, members: Vec<(String, Node)>) -> (String, Node) {
    (name.to_owned(), Node::Object(members))
}

/// What is wrong of the text, by the name that its user knows it by.
fn named(wrong: &BadAlert) -> BadAlert {
    let of_order = |field: &str| match field.strip_prefix("base_order.") {
        Some(member) => member.to_owned(),
        None if EXITS.iter().any(|exit| field.starts_with(exit)) => format!("{EXITS_MEMBER}.{field}"),
        None => field.to_owned(),
    };
    let fields: Vec<_> = wrong.fields.iter().map(|field| of_order(field)).collect();
    let pairs = wrong.fields.iter().zip(&fields);
    let detail = pairs.fold(wrong.detail.clone(), |detail, (was, is)| detail.replace(was.as_str(), is));
    BadAlert { code: wrong.code, fields, detail }
}
