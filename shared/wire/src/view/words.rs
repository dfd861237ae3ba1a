//! The closed lists of words that the API answers and accepts, by their names in its document. A list may grow in a later release.

use crate::text::{AsText, Text};
use domain::clock::Timestamp;
use domain::reason::{Reason, StoredReason};
use domain::words::Word;
use domain::{
    account, alert, audit, backtests, bot, chain, delivery, group, identity, ladder, lineage, logs, market, notice,
    order, parked, profit, pyramid, reconciliation, risk, route, series, token, vault, wallet, whale,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// A value of the domain that has a name in the document.
pub trait Named: AsText {
    const NAME: &'static str;

    fn shape() -> Object;
}

impl<T: Named> PartialSchema for Text<T> {
    fn schema() -> RefOr<Schema> {
        T::shape().into()
    }
}

impl<T: Named> ToSchema for Text<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }
}

/// A moment in RFC 3339, in UTC.
pub type Time = Text<Timestamp>;

impl Named for Timestamp {
    const NAME: &'static str = "Time";

    fn shape() -> Object {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some("A moment in RFC 3339, in UTC."));
        text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).build()
    }
}

/// What an order is for: the entry, the nth step of the take-profit, the exit, or the nth partial exit.
pub type OrderPurpose = Text<order::Purpose>;

impl Named for order::Purpose {
    const NAME: &'static str = "OrderPurpose";

    fn shape() -> Object {
        let about =
            "What an order is for: the entry, the nth step of the take-profit, the exit, or the nth partial exit.";
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(about));
        text.pattern(Some("^(entry|exit|tp#[1-9][0-9]*|reduce#[1-9][0-9]*)$")).build()
    }
}

/// Why an alert got its verdict, or why an order was not placed or has ended.
pub type ReasonCode = Text<StoredReason>;

impl Named for StoredReason {
    const NAME: &'static str = "ReasonCode";

    fn shape() -> Object {
        list::<Reason>(&["Why an alert got its verdict, or why an order was not placed or has ended."], &[])
    }
}

/// What is said of a list, and of those of its words that need it.
fn list<T: Word>(about: &[&str], words: &[(&str, &[&str])]) -> Object {
    let mut text = about.concat().trim().to_owned();
    for (word, meaning) in words.iter().filter(|(_, meaning)| !meaning.is_empty()) {
        text.push_str(&format!("\n- `{word}`: {}", meaning.concat().trim()));
    }
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(text))
        .enum_values(Some(T::WORDS.iter().copied()))
        .build()
}

/// Gives lists of the domain their names.
macro_rules! named {
    ($($(#[doc = $about:literal])+ $name:ident = $of:ty;)+) => {$(
        $(#[doc = $about])+
        pub type $name = Text<$of>;

        impl Named for $of {
            const NAME: &'static str = stringify!($name);

            fn shape() -> Object {
                list::<Self>(&[$($about),+], &[])
            }
        }
    )+};
}

/// Lists that the API alone has.
macro_rules! own {
    ($($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $meaning:literal])* $word:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $meaning])* $word),+
        }

        domain::words! {
            $name { $($word = $text),+ }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                list::<Self>(&[$($about),+], &[$(($text, &[$($meaning),*])),+]).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

named! {
    /// What has acted for a user: `person`, logged in; `key`, an API key; `telegram`, `mcp`, `flow`, `bot` and `rule` (about risk), which the
    /// user has set up; `system`, the deployment itself.
    ActorKind = audit::Actor;
    /// Which way a position gains: `long` as the price rises, `short` as it falls.
    PositionSide = alert::Side;
    /// How far a position is. `waiting`: nothing is bought yet; `partially_filled`: something is, and an entry still works; `live`: something
    /// is, and no entry works; `closing`: it is being sold; `failed`: its entry bought nothing.
    PositionStatus = group::GroupStatus;
    /// Why a position was left.
    ExitReason = group::ExitReason;
    /// Whether an order buys or sells.
    OrderSide = order::Direction;
    /// How far an order is: `submitting` and `unknown` orders may be at the exchange; `planned` and `not_placed` ones are not.
    OrderState = order::Status;
    /// Where an account trades: `paper` with play money here, `testnet` at the exchange's test system, `live` with money.
    Mode = vault::Mode;
    /// What became of an alert.
    VerdictKind = delivery::VerdictKind;
    /// What a notification is about.
    NotificationTopic = notice::Topic;
    /// The colours of pages: `system` as the browser has it.
    Theme = identity::Theme;
    /// How much risk a user wants. It proposes limits and enforces none.
    RiskProfile = identity::RiskProfile;
    /// Where a setting comes from. `run`: the preset that a running bot has started with and does not name itself.
    SettingLayer = identity::Layer;
    /// What entries of an account may do. `reducing`: nothing is opened, added or armed, and resting entries stay. `halted`: those are
    /// cancelled too.
    EntriesState = account::Entries;
    /// What a risk rule counts, and holds for.
    RiskScopeKind = risk::ScopeKind;
    /// What a risk rule bounds. An `exposure` is the planned quote of open positions, unfilled legs included; an `order_size` is that of one
    /// entry. A `day_loss` is realised on the UTC day. `exposure_percent`, `day_loss_percent` and `drawdown` are shares of equity: what the
    /// accounts had, and what their positions have gained since, realised and open. A `drawdown` is from the month's peak. `losing_closes` are in a row, of one account and bot: its entries then pause for 24
    /// hours. A `price_collar` is how much worse than the market an entry may be priced. A `spread` is that of ask and bid.
    RuleKind = risk::BoundKind;
    /// What happens to an entry that breaks a bound. It is refused, it is made small enough to pass, or it passes and its user is notified. A `pause`
    /// refuses it, and stops what starts in the scope until a time or until you resume entries.
    RiskAction = risk::Action;
    /// From what a book is at risk.
    RiskFactorName = risk::Factor;
    /// What a risk assessment was made for. `schedule`: each hour while something is open. `position`: one was
    /// opened or closed.
    RiskAssessedFor = risk::AssessedFor;
    /// A blockchain that is watched.
    BlockchainName = whale::Blockchain;
    /// What a large transfer is, by its giver and its receiver. `unknown`: from one exchange to another. `internal`: between addresses of one
    /// owner. A `mint`, a `burn` and an `internal` transfer are listed only if the filter names them.
    TransactionType = whale::TransactionType;
    /// What a transfer may mean for the price.
    WhaleSentiment = whale::Sentiment;
    /// How sure it is that the transaction of an alert stays. `provisional`: its block may still be orphaned. `orphaned`: its block is no
    /// part of the chain any more.
    WhaleStatus = whale::WhaleStatus;
    /// Why an alert is as significant as it is. `type`: by what it is. `repeated`: at least the third of its type and currency within ten minutes.
    ScoreReason = whale::ScoreReason;
    /// What a sentiment is made of. `whale_flow`: what left exchanges less what went to them within a day, by its worth. `price_momentum`: the
    /// change of the price over a day, against what it is on nine days of ten.
    SentimentInputName = whale::SentimentInput;
    /// What a score of the sentiment is called.
    SentimentLabel = whale::SentimentLabel;
    /// How a source of whale alerts is asked. `json_rpc`: nodes of Ethereum or BNB Smart Chain. `esplora`: of Bitcoin. `whale_alert`: the
    /// second interface of whale-alert.io. `whale_alert_list`: its first one, a list without blocks whose alerts are `final` at once.
    WhaleSourceKind = whale::SourceKind;
    /// What the owner of a labelled address is.
    LabelCategory = whale::LabelCategory;
    /// What its owner uses a labelled address for.
    LabelRole = whale::LabelRole;
    /// How much an entry of the system log matters.
    LogLevel = logs::Level;
    /// What an entry of the system log is about.
    LogCategory = logs::Category;
    /// The table that holds an audit row.
    AuditTable = audit::Shelf;
    /// A queue between functions.
    QueueName = parked::Queue;
    /// Where a price came from. `limit`: the order's own limit; `market`: the last known price, or the order book; `alert`: the price
    /// in the alert. `ticker`: the price that the order was compared with right before it was sent; `watch`: the price at which the
    /// monitor saw the stop or target reached.
    PriceSource = lineage::PriceSource;
    /// Where a fee comes from: `published` by the exchange for all users, or reported for the `account` itself.
    FeeSource = route::FeeSource;
    /// What an entry of a run's log is about. `late`: the candle closed too long ago for an entry; `unsure`: less sure than the bot asks for; `failed`: it could not decide.
    BotLogKind = bot::EntryKind;
    /// What would put a difference right. `none_wait`: nothing yet.
    Repair = reconciliation::Repair;
    /// Where a pyramid may be added to: where the position gains, where it loses, or at any price.
    PyramidDirection = pyramid::Approach;
    /// Whether the entries of a pyramid are sold together or each alone.
    PyramidClose = pyramid::Closing;
    /// How the distances of safety orders add up.
    LadderDialect = ladder::Dialect;
    /// From which price a percentage is measured: the `average` of what was bought, or the `base` order's.
    PriceBasis = profit::Basis;
    /// Kind of provider: centralised exchange, decentralised exchange, or address on a chain.
    ProviderType = wallet::WalletKind;
    /// What is wrong with an exchange key.
    KeyFault = vault::KeyFault;
    /// Why a chain did not report what an address has.
    ChainFault = chain::ChainFault;
    /// The one kind of alert that a token takes.
    AlertKind = token::Only;
    /// A sender that is known by its IP addresses.
    AlertSender = token::Sender;
    /// How far a backfill is. `done`: down to its beginning, or as far back as its exchange goes; `failed`: its exchange failed for an hour.
    BackfillState = series::BackfillState;
    /// The specification's word for how far an order is.
    OrderStatus = order::SpecStatus;
    /// How a member of an imported bot was carried over. `changed`: carried over, and not quite the same.
    ImportOutcome = crate::preset::threecommas::Outcome;
    /// How an exchange is known. `best_effort`: through a library for a hundred exchanges, as far as that goes.
    ExchangeClass = market::VenueClass;
    /// What a difference between an account and its exchange is. `coins_gone`: of a position, on which two looks agree; `suspected`: seen in one look; `stray_order`: resting or traded at the exchange, and counted by no position.
    DifferenceKind = reconciliation::DifferenceKind;
    /// How far a backtest is.
    BacktestState = backtests::BacktestState;
}

own! {
    /// Where a risk rule stands: `rule`, by itself; `account_limits`, among the limits of an account, where it is changed.
    RiskRuleSource { Rule = "rule", AccountLimits = "account_limits" }
    /// The kind of an order.
    OrderType {
        Market = "market",
        Limit = "limit",
        /// A market order that waits for its stop price.
        Stop = "stop",
        /// A limit and a stop, of which one cancels the other.
        Oco = "oco",
    }
    /// By what the cost of coins is counted: at the `average` of the position, or `fifo`, first in, first out.
    CostMethod { Average = "average", Fifo = "fifo" }
    /// What has opened a trade. `manual`: it was made elsewhere, and entered by its user.
    TradeSource { Alert = "alert", Bot = "bot", Order = "order", Manual = "manual" }
    /// By what trades are put together.
    PerformanceBy {
        /// UTC months, or days with `period=day`, by when they were closed.
        Period = "period",
        Symbol = "symbol",
        Strategy = "strategy",
        Bot = "bot",
        Source = "source",
        /// A trade with several tags is in each.
        Tag = "tag",
        Exchange = "exchange",
    }
    /// How long a period is.
    PerformancePeriod { Day = "day", Month = "month" }
    /// What became of an order that the exchange does not show.
    OrderOutcome {
        NotPlaced = "not_placed",
        Filled = "filled",
        /// Of an order that the exchange had accepted.
        Cancelled = "cancelled",
    }
    /// Whether an alert was stored now or had been before.
    ReceiptStatus {
        Accepted = "accepted",
        /// It arrived before, and is not traded again.
        Duplicate = "duplicate",
    }
    /// Whether a run of a bot goes on.
    BotRunStatus {
        Running = "running",
        /// It enters nothing more, and says when to leave until it is stopped.
        CloseOnly = "close_only",
        Stopped = "stopped",
    }
    /// What a strategy answers to a candle.
    BotAction { EnterLong = "enter_long", EnterShort = "enter_short", Exit = "exit", Hold = "hold" }
    /// What an alert asks for.
    SignalWish { Entry = "entry", Exit = "exit" }
    /// The position that the alert's own strategy holds now.
    MarketPosition { Long = "long", Short = "short", Flat = "flat" }
    /// What a dead letter is.
    ParkedKind {
        /// A position was to be processed.
        Bell = "bell",
        /// An alert was to be decided.
        Signal = "signal",
        Tick = "tick",
        Message = "message",
    }
    /// What became of a dead letter.
    ParkedState { Waiting = "waiting", Retried = "retried", Dropped = "dropped" }
    /// How a position takes profit.
    TakeProfitMode {
        /// Everything together, measured from the average.
        Aggregate = "aggregate",
        /// Each entry by itself, measured from its own price.
        PerLeg = "per_leg",
        /// Each entry by itself, and everything at once above the average.
        Hybrid = "hybrid",
    }
    /// How the base order is sent.
    EntryOrderType { Market = "market", Limit = "limit" }
    /// Which asset of a market, such as BTC (base) and USDT (quote) of `BTC/USDT`.
    MarketAsset { Base = "base", Quote = "quote" }
    /// The only strategy of alerts that trades.
    AlertStrategy { Grid = "grid" }
    /// What a 3Commas signal bot does.
    SignalBotAction {
        EnterLong = "enter_long",
        ExitLong = "exit_long",
        EnterShort = "enter_short",
        ExitShort = "exit_short",
        /// An order of a strategy, whose position afterwards `strategy_info` says.
        Buy = "buy",
        /// As `buy`.
        Sell = "sell",
    }
    /// With which neighbour a sale joins that is too little to be an order.
    SaleJoins { Next = "next", Previous = "previous" }
    /// The sale of the whole position that would be too small.
    WholeSale { Stop = "stop", Exit = "exit" }
    /// Whether an order of a ladder can be placed, or what prevents it.
    LadderCheck {
        Ok = "ok",
        PriceNotPositive = "price_not_positive",
        QuantityZero = "quantity_zero",
        BelowQuantityMin = "below_quantity_min",
        BelowNotionalMin = "below_notional_min",
        AboveQuantityMax = "above_quantity_max",
        AboveNotionalMax = "above_notional_max",
        OffPriceTick = "off_price_tick",
        OffQuantityStep = "off_quantity_step",
        /// The entries cost more than the balance.
        BalanceTooSmall = "balance_too_small",
        /// More orders would rest at once than the exchange accepts in this market.
        TooManyOrders = "too_many_orders",
    }
    /// What a check looks at.
    CheckName {
        /// Whether the function that looks at the deployment answers.
        Watch = "watch",
        /// Whether exchanges answer.
        Venues = "venues",
        /// Clocks of exchanges.
        VenueClocks = "venue_clocks",
        /// Orders in doubt.
        Unknown = "unknown",
        /// Monitor runs.
        Passes = "passes",
        /// Whether accounts are enabled and validated.
        Accounts = "accounts",
        /// How much of the limits is used.
        Limits = "limits",
        /// Whether the table is the one that trades.
        Epoch = "epoch",
        /// Whether anything is halted.
        Halt = "halt",
        /// Dead letters.
        Parked = "parked",
        /// Whether exchanges serve addresses of the region; asked with the scope `system`.
        Region = "region",
        /// The address that exchanges see; asked with the scope `system`.
        Address = "address",
        /// The clock of the functions; asked with the scope `system`.
        Clock = "clock",
        /// How many functions may run at once; asked with the scope `system`.
        Concurrency = "concurrency",
    }
    /// The result of a check.
    CheckState { Ok = "ok", Warn = "warn", Fail = "fail" }
    /// Whether an exchange answers.
    ExchangeState {
        Up = "up",
        /// It has asked for a pause.
        Paused = "paused",
        /// It has answered for none of the accounts whose keys are checked in two rounds of five minutes, or in two hours.
        Failing = "failing",
        /// No account's key is checked there.
        Unknown = "unknown",
    }
    /// What a part of the deployment is.
    PartKind { Table = "table", Queue = "queue", Key = "key" }
    /// Whether a part of the deployment answers.
    PartState { Up = "up", Down = "down" }
    /// Whether work goes on.
    WorkState {
        Up = "up",
        /// The scheduler is silent.
        Down = "down",
        /// Its log cannot be read.
        Unknown = "unknown",
    }
    /// How the deployment does.
    HealthStatus {
        Ok = "ok",
        /// Not everything could be checked in time.
        Degraded = "degraded",
        Down = "down",
    }
    /// Why a series of candles is fetched.
    SeriesReason {
        List = "list",
        /// A user has read it.
        Chart = "chart",
        Bot = "bot",
    }
    /// What is wrong with audit rows: of one chain, or (`unsigned`, `forged`, `heads`) of a day's signature.
    AuditFault {
        Changed = "changed",
        Missing = "missing",
        Added = "added",
        Head = "head",
        TooLong = "too_long",
        Unsigned = "unsigned",
        Forged = "forged",
        Heads = "heads",
    }
    /// How a program proves who it is at a provider.
    AuthType { ApiKey = "api_key", Oauth = "oauth", Web3 = "web3", None = "none" }
    /// What a played fill was for.
    PlayedFillKind {
        Entry = "entry",
        TakeProfit = "take_profit",
        TakeProfitOfAll = "take_profit_of_all",
        Stop = "stop",
        Liquidation = "liquidation",
        Exit = "exit",
        TimeLimit = "time_limit",
    }
    /// Which log is exported.
    LogKind { System = "system", Audit = "audit" }
    /// How a log is written.
    LogFormat { Csv = "csv", Json = "json" }
    /// How the values of a sweep are chosen.
    SweepSearch {
        /// Each combination.
        Grid = "grid",
        Random = "random",
        /// Near those that were good so far, by a tree-structured Parzen estimator.
        Tpe = "tpe",
    }
    /// What the tries of a sweep are compared by.
    SweepScore {
        Sharpe = "sharpe",
        Sortino = "sortino",
        Calmar = "calmar",
        Return = "return",
        ProfitFactor = "profit_factor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_documented_with_its_words_and_what_they_mean() {
        let shape = serde_json::to_value(OrderType::schema()).unwrap();
        assert_eq!(shape["enum"], serde_json::json!(["market", "limit", "stop", "oco"]));
        let means = "The kind of an order.\n- `stop`: A market order that waits for its stop price.\n";
        assert!(shape["description"].as_str().unwrap().starts_with(means), "{shape}");
        let shape = serde_json::to_value(Mode::schema()).unwrap();
        assert_eq!(shape["enum"], serde_json::json!(["paper", "testnet", "live"]));
    }
}
