//! Everything a decision depends on, read once.

use super::judge;
use super::ruled::Ruled;
use crate::markets;
use crate::persist::PersistError;
use crate::ports::Standing;
use domain::account::Account;
use domain::alert::{Alert, Side};
use domain::clock::Timestamp;
use domain::delivery::{Delivery, Verdict, VerdictKind};
use domain::group::{GroupStatus, Position};
use domain::ids::{AccountId, GroupId};
use domain::lineage::{Cause, Evidence};
use domain::market::{Exchange, Market, MarketKey, Symbol, Timeframe, VenueClass};
use domain::raised::Raised;
use domain::reason::Reason;
use domain::risk::Place;
use domain::route::{Entry, RouteName};
use domain::seat::Seat;
use domain::signal::{self, Live, Meaning};
use domain::vault::{AccountState, Mode};
use store::trading::Trading;
use store::vault::Vault;
use store::{Engine, market};
use wire::alert::BadAlert;

/// One delivery before its decision.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) delivery: Delivery,
    /// Without its preset: its plan is not to be traded by.
    pub(super) alert: Alert,
    pub(super) account: Account,
    /// Whether its owner lets it trade, and on which side of its exchange.
    pub(super) state: Option<AccountState>,
    pub(super) market: Market,
    /// The live groups of the market: the one of the alert's timeframe, and for exits the others too.
    pub(super) positions: Vec<Position>,
    /// Who sits where the alert's group would, by another timeframe: contracts of one market are one position.
    pub(super) taken_by: Option<GroupId>,
    /// What is open in this market besides, in words: timeframes, and sides where they are known.
    pub(super) open_besides: Vec<String>,
    /// What risk rules need; read for what opens or adds alone.
    pub(super) ruled: Option<Box<Ruled>>,
}

/// Where the alert alone, its account or its market end the matter.
type Ended = (Box<Delivery>, Verdict);

/// What a delivery is about.
#[derive(Debug)]
pub(super) enum Loaded {
    /// One account.
    Case(Box<Case>),
    /// Those of a route.
    Routed(Box<Delivery>, Box<Alert>, RouteName),
}

pub(super) async fn load<D: Engine>(
    deps: &D,
    delivery: Delivery,
    now: Timestamp,
) -> Result<Result<Loaded, Ended>, PersistError> {
    let mut alert = match wire::alert::parse(&delivery.body, delivery.exchange.as_ref()) {
        Ok(alert) => alert,
        Err(wrong) => {
            let fields = wrong.fields.iter().map(String::as_str).collect();
            let verdict = judge::rejected(wrong.reason(), &wrong.detail, fields, now);
            return Ok(Err((Box::new(delivery), verdict)));
        }
    };
    let account = if let Some(account) = by_id(&delivery) {
        account_of(deps, &delivery, account, &mut alert).await?
    } else if let Some(route) = alert.route.take() {
        return Ok(Ok(Loaded::Routed(Box::new(delivery), Box::new(alert), route)));
    } else if let Some((field, detail)) = not_bound(&delivery, &alert) {
        let verdict = judge::rejected(Reason::AccountNotAllowed, detail, vec![field], now);
        return Ok(Err((Box::new(delivery), verdict)));
    } else {
        account(deps, &delivery, &alert).await?
    };
    let Some(account) = account else {
        let field = if alert.account.is_some() { "account" } else { "tv.exchange" };
        let verdict =
            judge::rejected(Reason::UnknownAccount, "no account of this user has that name there", vec![field], now);
        return Ok(Err((Box::new(delivery), verdict)));
    };
    let case = of_account(deps, delivery, alert, account, now).await?;
    Ok(case.map(|case| Loaded::Case(Box::new(case))))
}

/// What an alert is about at this account.
pub(super) async fn of_account<D: Engine>(
    deps: &D,
    delivery: Delivery,
    mut alert: Alert,
    account: Account,
    now: Timestamp,
) -> Result<Result<Case, Ended>, PersistError> {
    let state = Vault(deps).load_account_state(&account.id).await?;
    let (key, market) = market(deps, &account, &alert).await?;
    let Some(market) = market else {
        let verdict = match untraded(&key.exchange).filter(|_| is_entry(&alert)) {
            Some(why) => Verdict::new(VerdictKind::Refused, now).because(Reason::VenueNotTradable, why),
            None => judge::rejected(Reason::UnknownMarket, unknown(&account.exchange, &alert), vec!["tv.symbol"], now),
        };
        return Ok(Err((Box::new(delivery), verdict.in_mode(mode_of(state.as_ref(), &account)))));
    };
    (alert.symbol, alert.other_symbols) = (key.symbol, Vec::new());
    alert.timeframe = alert.timeframe.map(|timeframe| account.timeframe_of(&market.key.symbol, &timeframe));
    let mut positions = positions(deps, &account, &alert, &market).await?;
    let is_charted = |position: &Position| {
        position.group.timeframe == alert.timeframe || (is_exit(&alert) && alert.timeframe.is_none())
    };
    let is_meant = |position: &Position| {
        is_charted(position) && alert.closes_only().is_none_or(|side| side == position.group.side)
    };
    let taken_by = positions.iter().find(|position| !is_charted(position)).map(|position| position.group.id.clone());
    let open_besides = besides(&account, &market, &positions, is_meant);
    positions.retain(is_meant);
    Ok(Ok(Case { delivery, alert, account, state, market, positions, taken_by, open_besides, ruled: None }))
}

/// Of all that the alert's symbol may mean, what the account has open counts first, then what is traded there; where that says
/// nothing, the first.
async fn market<D: Engine>(
    deps: &D,
    account: &Account,
    alert: &Alert,
) -> Result<(MarketKey, Option<Market>), PersistError> {
    let key = |symbol: &Symbol| MarketKey { exchange: account.exchange.clone(), symbol: symbol.clone() };
    let is_open = |symbol: &&Symbol| account.live.keys().any(|seat| seat.symbol == **symbol);
    if let Some(open) = alert.symbols().find(is_open).map(key) {
        let market = match market::Market(deps).load_market(&open).await? {
            None if !is_entry(alert) => market_of_live(deps, account, &open).await?,
            listed => listed,
        };
        return Ok((open, market));
    }
    let meant: Vec<_> = alert.symbols().map(key).collect();
    let market = markets::find(deps, &meant).await?;
    Ok((market.as_ref().map_or_else(|| key(&alert.symbol), |market| market.key.clone()), market))
}

/// None of all that it may mean is traded.
fn unknown(exchange: &Exchange, alert: &Alert) -> String {
    let not = |symbol: &Symbol| format!("{exchange}:{symbol} is not traded there");
    alert.symbols().map(not).collect::<Vec<_>>().join(", and ")
}

/// Timeframes of this market in which the account has something open that is not meant, each with its side where it was read.
fn besides(account: &Account, market: &Market, read: &[Position], is_meant: impl Fn(&Position) -> bool) -> Vec<String> {
    let told = |timeframe: Option<&Timeframe>| timeframe.map_or_else(|| "none".to_owned(), ToString::to_string);
    let here = account.live.iter().filter(|(seat, _)| seat.symbol == market.key.symbol);
    let besides = here.filter_map(|(seat, group)| match read.iter().find(|position| position.group.id == *group) {
        Some(position) if is_meant(position) => None,
        Some(Position { group, .. }) => Some(format!("{} ({})", told(group.timeframe.as_ref()), group.side.as_str())),
        None => Some(told(seat.timeframe.as_ref())),
    });
    besides.collect()
}

/// A market that is listed no more, as a live group of it knows it: what is open there has to be closed all the same.
async fn market_of_live<D: Engine>(
    deps: &D,
    account: &Account,
    key: &MarketKey,
) -> Result<Option<Market>, PersistError> {
    for (_, group) in account.live.iter().filter(|(seat, _)| seat.symbol == key.symbol) {
        if let Some(position) = Trading(deps).load_position(&account.id, group).await? {
            return Ok(Some(position.group.market));
        }
    }
    Ok(None)
}

fn mode_of(state: Option<&AccountState>, account: &Account) -> Option<Mode> {
    state.cloned().unwrap_or_default().mode_at(&account.exchange)
}

/// What the alert names that its token is not bound to: labels alone do not tell accounts apart, each exchange has its own.
fn not_bound(delivery: &Delivery, alert: &Alert) -> Option<(&'static str, String)> {
    let named = delivery.account.as_ref().zip(alert.account.as_ref());
    if let Some((bound, _)) = named.filter(|(bound, named)| bound != named) {
        return Some(("account", format!("this token trades only on the account {bound}")));
    }
    let bound = delivery.exchange.as_ref().filter(|bound| **bound != alert.exchange)?;
    Some(("tv.exchange", format!("this token trades at {bound} only")))
}

/// Why a market may be unknown for its exchange's sake: no market of an exchange is known that nobody here speaks to.
fn untraded(exchange: &Exchange) -> Option<String> {
    let is_doubted = exchange.class() == VenueClass::BestEffort;
    is_doubted.then(|| format!("{exchange} cannot be traded here, or its markets have not been read, or this is none"))
}

/// With nothing open, as it is where no market is known.
fn is_entry(alert: &Alert) -> bool {
    signal::wish(alert).is_ok_and(|wish| matches!(signal::meaning(wish, alert, None, true), Meaning::Enter(_)))
}

/// The token's account, else the one that the alert names, else `default`.
async fn account<D: Engine>(deps: &D, delivery: &Delivery, alert: &Alert) -> Result<Option<Account>, PersistError> {
    let label = alert.account.as_deref().or(delivery.account.as_deref()).unwrap_or("default");
    Ok(Trading(deps).find_account(&delivery.at.user, &alert.exchange, label).await?)
}

/// The account that a part, a bot's signal or an order by hand is for, whatever it is called by now.
fn by_id(delivery: &Delivery) -> Option<&AccountId> {
    let of_part = delivery.part.as_deref().map(|part| &part.account);
    let of_bot = || delivery.bot.as_deref().map(|bot| &bot.account);
    of_part.or_else(of_bot).or_else(|| delivery.by_hand.as_deref().map(|order| &order.account))
}

/// The account of this id, and the alert as if it had named that alone.
async fn account_of<D: Engine>(
    deps: &D,
    delivery: &Delivery,
    id: &AccountId,
    alert: &mut Alert,
) -> Result<Option<Account>, PersistError> {
    let account = Trading(deps).load_account(id).await?.filter(|account| account.user == delivery.at.user);
    if let Some(account) = &account {
        (alert.exchange, alert.account) = (account.exchange.clone(), Some(account.label.clone()));
    }
    Ok(account)
}

/// An alert without a timeframe means, when it is an exit, every live group of the market.
async fn positions<D: Engine>(
    deps: &D,
    account: &Account,
    alert: &Alert,
    market: &Market,
) -> Result<Vec<Position>, PersistError> {
    let (own, all) = (Seat::on(market, alert.timeframe.clone()), is_exit(alert) && alert.timeframe.is_none());
    let meant = |seat: &Seat| *seat == own || (all && seat.symbol == own.symbol);
    let mut positions = Vec::new();
    for (_, group) in account.live.iter().filter(|(seat, _)| meant(seat)) {
        let read = Trading(deps).load_position(&account.id, group).await?;
        positions.extend(read.filter(|position| !position.group.is_settled()));
    }
    Ok(positions)
}

fn is_exit(alert: &Alert) -> bool {
    matches!(signal::wish(alert), Ok(signal::Wish::Exit))
}

impl Case {
    /// The live group of the alert's own timeframe.
    pub(super) fn own(&self) -> Option<&Position> {
        self.positions.iter().find(|position| position.group.timeframe == self.alert.timeframe)
    }

    pub(super) fn live(&self) -> Option<Live> {
        self.own().map(|position| Live {
            side: position.group.side,
            closing: position.group.status == GroupStatus::Closing,
            pyramids: position.group.plan.pyramids.is_some(),
        })
    }

    pub(super) fn event_at(&self) -> Timestamp {
        self.alert.event_at(self.delivery.at.first_at)
    }

    /// The same with the kinds of its times apart, as what it would close is asked by.
    pub(super) fn raised(&self) -> Raised {
        Raised::of(&self.alert, self.delivery.at.first_at)
    }

    /// In the history of a position: what an alert does, or an order by hand.
    pub(super) fn why(&self, alert: &'static str, by_hand: &'static str) -> &'static str {
        if self.delivery.by_hand.is_some() { by_hand } else { alert }
    }

    /// What its route has decided that it enters.
    pub(super) fn entry(&self) -> Option<&Entry> {
        self.delivery.part.as_deref().and_then(|part| part.entry.as_ref())
    }

    /// How rules see what it opens or adds to.
    pub(super) fn place(&self) -> Place {
        let MarketKey { exchange, symbol } = self.market.key.clone();
        // An addition to a bot's position counts for that bot, from any sender.
        let added = self.own().and_then(|own| own.group.bot.as_ref());
        let bot = self.delivery.bot.as_deref().map(|by| by.bot.clone()).or_else(|| added.map(|by| by.bot.clone()));
        let strategy = self.strategy_of(bot.as_ref());
        Place { account: self.account.id.clone(), exchange, symbol, bot, strategy, mode: self.mode() }
    }

    /// Where the alert's group sits or would sit.
    pub(super) fn seat(&self) -> Seat {
        Seat::on(&self.market, self.alert.timeframe.clone())
    }

    /// What an exit alert names: its timeframe, or its whole market.
    pub(super) fn named(&self) -> Seat {
        Seat { symbol: self.market.key.symbol.clone(), timeframe: self.alert.timeframe.clone() }
    }

    /// From here on what is done for the position is done because of this alert.
    pub(super) fn traced(&self, mut position: Position) -> Position {
        position.group.trace = self.delivery.trace.clone();
        position
    }

    /// The same for people, of what is sold because of it.
    pub(super) fn as_cause(&self) -> Evidence {
        Evidence::of(Cause::Alert(self.delivery.at.clone()))
    }

    pub(super) fn verdict(&self, kind: VerdictKind, now: Timestamp) -> Verdict {
        let out_of_order = signal::out_of_order(&self.alert, self.live());
        Verdict::new(kind, now).in_mode(self.mode()).out_of_order(out_of_order)
    }

    pub(super) fn rejected(&self, wrong: &BadAlert, now: Timestamp) -> Verdict {
        let fields = wrong.fields.iter().map(String::as_str).collect();
        judge::rejected(wrong.reason(), &wrong.detail, fields, now).in_mode(self.mode())
    }

    pub(super) fn mode(&self) -> Option<Mode> {
        mode_of(self.state.as_ref(), &self.account)
    }

    pub(super) fn standing(&self) -> Option<Standing> {
        self.state.as_ref().map(Standing::from)
    }

    pub(super) fn ignored(&self, reason: Reason, now: Timestamp) -> Verdict {
        let detail = match reason {
            Reason::NothingOpen => self.nothing_open(),
            Reason::ExitedSince => "an exit of this market was raised after this entry".to_owned(),
            Reason::PartialExitOff => "the preset does not sell in parts".to_owned(),
            _ => "the alert does not say by how much its position is smaller".to_owned(),
        };
        self.verdict(VerdictKind::Ignored, now).because(reason, detail)
    }

    /// Whether an exit that names a timeframe finds others open in its market.
    pub(super) fn is_open_by_another_timeframe(&self) -> bool {
        let is_another = |seat: &Seat| seat.symbol == self.market.key.symbol && seat.timeframe != self.alert.timeframe;
        self.alert.timeframe.is_some() && self.account.live.keys().any(is_another)
    }

    /// The interval of a chart is easily another one than the alert before it said.
    fn nothing_open(&self) -> String {
        let what = self.alert.closes_only().map_or("group", Side::as_str);
        let nothing = format!("no {what} of this market and timeframe is open");
        if self.open_besides.is_empty() {
            return nothing;
        }
        format!("{nothing}; open here are other timeframes or sides: {}", self.open_besides.join(", "))
    }

    pub(super) fn refused(&self, reason: Reason, now: Timestamp) -> Verdict {
        let detail = match reason {
            Reason::AlreadyLive => "a group of this market and timeframe is live, and the preset adds no pyramid",
            Reason::MarketCannotShort => "this market cannot be sold short",
            Reason::RouteBuysOnly => "a route chooses where to buy: a short names its account",
            Reason::RouteTurnsNot => {
                "a route closes what is open, and opens nothing on the other side: send the entry anew"
            }
            _ => "a group of the other side is live, and the preset does not reverse",
        };
        let groups = self.own().map(|position| position.group.id.clone());
        self.verdict(VerdictKind::Refused, now).because(reason, detail).about(groups)
    }
}
