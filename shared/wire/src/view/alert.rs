//! The JSON that the webhook takes, as it is described. The readers of alerts read it ([`crate::alert`]).

use super::preset_members::{EndMembers, EntryMembers, StopMembers};
use super::words::{
    AlertStrategy, EntryOrderType, MarketAsset, MarketPosition, OrderSide, SignalBotAction, SignalWish,
};
use super::written::{either, joined};
use super::{CountUpTo, FlagOrText, NumberOrText, TextOrNumber, TimeOrNumber};
use domain::limits;
use serde::Serialize;
use utoipa::ToSchema;

/// Seconds from an alert to its receipt.
pub type AlertLag = CountUpTo<3_600>;
const _: () = assert!(limits::LAG_SECONDS_MAX == 3_600);

/// What an alert says beside its trade.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AlertMembers {
    /// The market, and what TradingView observed.
    tv: AlertMarket,
    /// What the alert asks for; required, unless `tv` says that the position is flat.
    execution_intent: Option<AlertIntent>,
    /// Your own id of the alert: the same id is the same alert for 7 days.
    id: Option<TextOrNumber>,
    /// The webhook token, if the URL ends before it. It is cut out before the alert is stored.
    secret: Option<String>,
    /// Label of the account; left out, the token's, else `default`.
    account: Option<TextOrNumber>,
    /// Name of a route, in place of `account`.
    route: Option<TextOrNumber>,
    /// Name of the preset beneath the alert; `default` if left out.
    preset: Option<TextOrNumber>,
    /// When the alert was raised.
    sent_at: Option<TimeOrNumber>,
    /// As `sent_at`, which counts before it.
    timestamp: Option<TimeOrNumber>,
    /// An entry that arrives later than this is `stale`; 300 if left out.
    max_lag_seconds: Option<AlertLag>,
    /// Whether the entries and exits of this alert replace all those of its preset; alerts of bots say so.
    safety_orders_alone: Option<FlagOrText>,
}

/// The market of an alert, and what TradingView observed. Other members are ignored. A number that TradingView did not fill in (empty,
/// `NaN`) counts as left out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertMarket {
    /// The exchange, such as `BINANCE`; left out, the one before the symbol, else the token's.
    pub exchange: Option<TextOrNumber>,
    /// The market: `BTCUSDT`, `BTC/USDT` and `BINANCE:BTCUSDT` are the same.
    pub symbol: TextOrNumber,
    /// The chart's interval, such as `60` or `1D`.
    pub timeframe: Option<TextOrNumber>,
    /// What the strategy's order did.
    pub action: Option<OrderSide>,
    /// The strategy's position now; it counts before `side`.
    pub market_position: Option<MarketPosition>,
    /// Size of the strategy's position now.
    pub market_position_size: Option<NumberOrText>,
    /// The strategy's position before.
    pub prev_market_position: Option<MarketPosition>,
    /// Size of the strategy's position before.
    pub prev_market_position_size: Option<NumberOrText>,
    /// Plans the entry if no market price younger than 60 s is known.
    pub price: Option<NumberOrText>,
    /// As `price`, which counts before it.
    pub close: Option<NumberOrText>,
    /// When the alert was raised, if the alert itself does not say it.
    pub sent_at: Option<TimeOrNumber>,
    /// As `sent_at`, which counts before it.
    pub timestamp: Option<TimeOrNumber>,
    /// The webhook token, if it stands nowhere else.
    pub secret: Option<String>,
}

/// What an alert asks for. Other members are ignored.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertIntent {
    /// Entry or exit. An exit is followed whatever else the alert says.
    #[serde(rename = "type")]
    pub kind: Option<SignalWish>,
    /// Required for an entry.
    pub strategy: Option<AlertStrategy>,
    /// The side that is entered. `flat` is an exit; an exit with a side closes that side only.
    pub side: Option<MarketPosition>,
    /// The webhook token, if it stands nowhere else.
    pub secret: Option<String>,
}

/// The JSON of a 3Commas signal bot. Of an exit, members that are wrong or not known are ignored. A word may be written in any case.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalBotAlert {
    /// The webhook token, if the URL ends before it. It is cut out before the alert is stored.
    pub secret: Option<String>,
    /// Cut out before the alert is stored, and not used.
    pub email_token: Option<String>,
    /// An entry that arrives later than this many seconds is `stale`; 300 if left out.
    pub max_lag: Option<AlertLag>,
    /// When the alert was raised.
    pub timestamp: Option<TimeOrNumber>,
    /// Plans the entry if no market price younger than 60 s is known.
    pub trigger_price: Option<NumberOrText>,
    /// The exchange; left out, the one before the market, else the token's.
    pub tv_exchange: Option<TextOrNumber>,
    /// The market, such as `BTCUSDT`.
    pub tv_instrument: TextOrNumber,
    /// What is done. `buy` and `sell` need `strategy_info`, the others have none.
    pub action: SignalBotAction,
    /// It is ignored.
    pub bot_uuid: Option<TextOrNumber>,
    /// The strategy's position.
    pub strategy_info: Option<SignalBotStrategy>,
    /// The order of an entry; left out, the preset's base order.
    pub order: Option<SignalBotOrder>,
}

/// A strategy's position, as a 3Commas signal bot says it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalBotStrategy {
    /// The position now.
    pub market_position: Option<MarketPosition>,
    /// Size of the position now.
    pub market_position_size: Option<NumberOrText>,
    /// The position before.
    pub prev_market_position: Option<MarketPosition>,
    /// Size of the position before.
    pub prev_market_position_size: Option<NumberOrText>,
}

/// The order of a 3Commas signal bot.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalBotOrder {
    /// The size, above 0; it needs `currency_type`.
    pub amount: Option<NumberOrText>,
    /// What `amount` is an amount of.
    pub currency_type: Option<MarketAsset>,
    /// How the order is sent; `market` if left out.
    pub order_type: Option<EntryOrderType>,
    /// The price of a limit order: required with `limit`, refused with `market`.
    pub price: Option<NumberOrText>,
}

either! {
    /// An alert in JSON: in our own form, or as a 3Commas signal bot sends it. The lines of OctoBot and a plain line are text.
    AlertBody = [Alert, SignalBotAlert];
}

joined! {
    /// An alert in our own form. Members of a preset replace those of the preset that it names. A member that is null counts as left out, a
    /// word may be written in any case, and members of your own are ignored unless they are nearly named as one of these. Of an exit
    /// only the market, the account and the clock are read.
    Alert = open [AlertMembers, EntryMembers, StopMembers, EndMembers];
}
