//! What stands before a scenario begins: as the local seed makes it, with a price of 100 and some coins of the user's own.

use app::ports::{Balance, Book, Credential, FeeAsset, FeeIn, KeptRoute, PaperSettings, Sealed, Standing};
use domain::account::{Account, AccountLimits, DayLoss};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::fees::{Fees, KnownFee};
use domain::identity::{PasswordHash, PlanName, Profile, Quota, Role, User};
use domain::ids::{AccountId, CredentialId, RuleId, Sha, TokenId, UserId};
use domain::market::{Exchange, Filters, Leverage, Market, MarketKey, MarketKind, Maxima, Stops, Symbol};
use domain::money::{Amount, Price, Quantity};
use domain::risk::{Action, Bound, BoundKind, Paused, Rule, RuleScope};
use domain::route::{Route, RouteRef};
use domain::token::{Grant, WebhookToken};
use domain::vault::{Mode, SecretKind};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::world::{Table, Ways, World};
use venues::breadth::Breadth;
use venues::native::{Binance, Coinbase, Kraken, Native as _, Traffic, Transport};

const EXCHANGE_OF_CONTRACTS: &str = "PAPERUSDM";
pub(crate) const SECRET: &str = "whk_sim";
/// Of the base asset, the user's own: enough that the venue would not notice if we sold too much.
pub(crate) const OWN_BASE: &str = "50";
pub(crate) const QUOTE: &str = "10000";
/// Of the asset of the fees: it is used up by a few trades.
pub(crate) const OWN_FEES: &str = "0.0015";
/// Of that asset, minute by minute.
const FEE_PRICES: [&str; 4] = ["600", "613.37", "587.11", "641.9"];

/// Which exchange's ways the venue has: how long a request is valid, for how long reads lag, how it finds an order, and what it
/// answers to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habits {
    Binance,
    Coinbase,
    Kraken,
    Bybit,
    Okx,
    Kucoin,
    Bitget,
    /// Of an exchange that nobody has looked at: it promises no bound for what arrives late, and keeps none.
    Unpromised,
}

impl Habits {
    /// As the real adapters have them.
    pub(crate) fn terms(self) -> app::ports::Terms {
        let (wire, traffic) = (Arc::new(Transport::new(true)), Arc::new(Traffic::default()));
        match self {
            Self::Binance => Binance::new(wire, traffic).terms(),
            Self::Coinbase => Coinbase::new(wire, traffic).terms(),
            Self::Kraken => Kraken::new(wire, traffic).terms(),
            Self::Bybit => of_library("BYBIT", wire, traffic),
            Self::Okx => of_library("OKX", wire, traffic),
            Self::Kucoin => of_library("KUCOIN", wire, traffic),
            Self::Bitget => of_library("BITGET", wire, traffic),
            // Those of Bitget say no more than any of the library's, but for this.
            Self::Unpromised => app::ports::Terms { validity: None, ..of_library("BITGET", wire, traffic) },
        }
    }

    pub(crate) fn ways(self) -> Ways {
        Ways {
            by_list: matches!(self, Self::Coinbase | Self::Bybit),
            tells_later: self != Self::Binance,
            returns_first: self == Self::Coinbase,
            buys_with_limit: self == Self::Bitget,
            lists_all: self == Self::Kraken,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::Coinbase => "coinbase",
            Self::Kraken => "kraken",
            Self::Bybit => "bybit",
            Self::Okx => "okx",
            Self::Kucoin => "kucoin",
            Self::Bitget => "bitget",
            Self::Unpromised => "unpromised",
        }
    }
}

fn of_library(exchange: &str, wire: Arc<Transport>, traffic: Arc<Traffic>) -> app::ports::Terms {
    Breadth::new(wire, traffic).of(&exchange.parse().unwrap()).unwrap().terms()
}

/// How the venue behaves, and what the account may do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) fee_in: FeeIn,
    /// The largest quantity that one price point fills.
    pub(crate) fill_max: Option<Quantity>,
    /// What the account believes to have is what it has, unless this says otherwise.
    pub(crate) quote_at_venue: Amount,
    pub(crate) open_groups_max: u32,
    /// Whether the venue takes its fees in a third asset, as long as there is some.
    pub(crate) fee_in_third: bool,
    /// Whether orders meet prices late, and worse than they are.
    pub(crate) sluggish: bool,
    pub(crate) habits: Habits,
    /// What the market says of itself; no venue here can.
    pub(crate) can_short: bool,
    /// Whether the venue keeps stops.
    pub(crate) stops: Stops,
    /// What one order may be at most.
    pub(crate) most: Maxima,
    /// Markets beside the one of most stories, as `ADA/USDT`: alike, and at 100.
    pub(crate) beside: &'static [&'static str],
    /// What one entry may plan; all of them together twice as much.
    pub(crate) order_quote_max: Amount,
    /// What the token permits; everything where nothing is said.
    pub(crate) grant: fn() -> Grant,
    /// What the user's plan allows of open positions.
    pub(crate) positions: Option<u32>,
    /// Risk rules of the user, over all accounts: what is bounded, its bound, and what happens.
    pub(crate) rules: &'static [(BoundKind, &'static str, Action)],
    /// Contracts in the place of coins: on which side alerts that say long are to be, and with how much leverage.
    pub(crate) contracts: Option<(Side, u32)>,
    /// Where the account is, whose owner has not enabled it, when it is not at the paper venue.
    pub(crate) elsewhere: Option<&'static str>,
    /// Whether the account has a key.
    pub(crate) key: bool,
    /// Whether there is another account at the venue, and a route between both; whether that splits.
    pub(crate) routed: Option<bool>,
    /// What the venue has told of that account's own fee in the market, and how long ago.
    pub(crate) other_pays: Option<(&'static str, Millis)>,
}

impl Default for Terms {
    fn default() -> Self {
        let quote_at_venue = QUOTE.parse().unwrap();
        Self {
            fee_in: FeeIn::Quote,
            fill_max: None,
            quote_at_venue,
            open_groups_max: 5,
            fee_in_third: false,
            sluggish: false,
            habits: Habits::Binance,
            can_short: false,
            stops: Stops::Polled,
            most: Maxima::default(),
            beside: &[],
            order_quote_max: "500".parse().unwrap(),
            grant: Grant::default,
            positions: None,
            rules: &[],
            contracts: None,
            elsewhere: None,
            key: false,
            routed: None,
            other_pays: None,
        }
    }
}

impl Terms {
    fn exchange(self) -> Exchange {
        self.elsewhere.map_or(self.market().key.exchange, |exchange| exchange.parse().unwrap())
    }

    /// The market of most stories.
    pub(crate) fn market(self) -> Market {
        let filters = Filters { most: self.most, ..market().filters };
        let coins = Market { can_short: self.can_short, stops: self.stops, filters, ..market() };
        if self.contracts.is_none() {
            return coins;
        }
        let kind = MarketKind::Linear { leverage_max: Leverage::new(20).unwrap() };
        let key = MarketKey::named(EXCHANGE_OF_CONTRACTS.parse().unwrap(), coins.key.symbol.clone());
        Market { key, kind, can_short: true, ..coins }
    }

    /// An alert as it is meant where contracts are traded: everything that is long is short where a run is of shorts.
    pub(crate) fn said(self, body: String) -> String {
        let Some((side, leverage)) = self.contracts else { return body };
        let there = body.replace("\"PAPER\"", &format!("\"{EXCHANGE_OF_CONTRACTS}\""));
        let lent = there.replacen('{', &format!("{{\"leverage\": {leverage}, "), 1);
        if side == Side::Long {
            return lent;
        }
        let turned = |text: String, one: &str, other: &str| {
            let [one, other] = [one, other].map(|word| format!("\"{word}\""));
            text.replace(&one, "\"#\"").replace(&other, &one).replace("\"#\"", &other)
        };
        turned(turned(lent, "long", "short"), "buy", "sell")
    }

    fn settings(self) -> PaperSettings {
        let fee_asset =
            self.fee_in_third.then(|| FeeAsset { asset: fee_market().symbol.base, rate: "0.00075".parse().unwrap() });
        let calm = PaperSettings { fee_asset, ..PaperSettings::default() };
        if !self.sluggish {
            return calm;
        }
        PaperSettings { slippage: "0.05".parse().unwrap(), latency: Millis::new(700), ..calm }
    }
}

pub(crate) fn user() -> UserId {
    UserId::of(&["sim"])
}

/// Whom an admin has just switched off.
pub(crate) fn person_kept_out() -> User {
    User {
        id: user(),
        email: "sim@example.com".parse().unwrap(),
        username: "sim".parse().unwrap(),
        profile: Profile::default(),
        password: PasswordHash::nobodys(),
        role: Role::Trader.into(),
        plan: PlanName::default(),
        active: false,
        created_at: Timestamp::default(),
        password_at: Timestamp::default(),
        last_login: None,
        version: 2,
    }
}

pub(crate) fn account() -> AccountId {
    AccountId::of(&["sim"])
}

/// Beside it, where there is a route.
pub(crate) fn other_account() -> AccountId {
    AccountId::of(&["sim", "other"])
}

/// Those that are there.
pub(crate) fn accounts(table: &Table) -> impl Iterator<Item = AccountId> {
    [account(), other_account()].into_iter().filter(|account| table.account(account).is_some())
}

fn told_fee(market: &Symbol, rate: &str, read_at: Timestamp) -> Fees {
    let known = KnownFee { taker: rate.parse().unwrap(), read_at };
    let wanted = BTreeMap::from([(market.clone(), read_at)]);
    Fees { of: None, known: BTreeMap::from([(market.clone(), known)]), wanted }
}

/// Between both accounts, in this order.
fn route(now: Timestamp, split: bool) -> KeptRoute {
    KeptRoute {
        user: user(),
        at: RouteRef { name: "best".parse().unwrap(), version: 1 },
        route: Route::new(vec![account(), other_account()], "0.5".parse().unwrap(), split).unwrap(),
        created_at: now,
        updated_at: now,
        updated_by: user(),
        deleted: false,
    }
}

pub(crate) fn market() -> Market {
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: "0.00001".parse().unwrap(),
            quantity_min: "0.00001".parse().unwrap(),
            notional_min: "5".parse().unwrap(),
            most: Maxima::default(),
        },
        fee: "0.001".parse().unwrap(),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: None,
    }
}

/// Another market, of the same kind.
pub(crate) fn market_of(symbol: &str) -> Market {
    let key = MarketKey { symbol: symbol.parse().unwrap(), ..market().key };
    Market { key, ..market() }
}

/// On which the asset of the fees is paid for.
pub(crate) fn fee_market() -> MarketKey {
    MarketKey { symbol: "BNB/USDT".parse().unwrap(), ..market().key }
}

pub(crate) fn plant(world: &World, terms: Terms) {
    let (now, market) = (world.sim().now(), terms.market());
    // Together with bars, so that these are the prices of the bars' points too.
    for (minute, price) in (0..).zip(FEE_PRICES) {
        let at = Timestamp::from_millis((now.millis() / 60_000 + minute) * 60_000);
        world.prices().set(&fee_market(), at, price.parse::<Price>().unwrap());
    }
    world.prices().set(&market.key, now, "100".parse::<Price>().unwrap());
    let trusted = terms.elsewhere.is_none();
    world.put_account(&opened_account(now, terms), Standing { enabled: trusted, validated: trusted });
    world.put_book(&book(now, terms));
    if terms.key {
        world.put_credential(&account(), &credential(now));
    }
    if let Some(split) = terms.routed {
        let fees = terms.other_pays.map(|(rate, ago)| told_fee(&market.key.symbol, rate, now.minus(ago)));
        let fees = fees.unwrap_or_default();
        let other = Account { id: other_account(), label: "other".to_owned(), fees, ..opened_account(now, terms) };
        world.put_account(&other, Standing { enabled: true, validated: true });
        world.put_book(&Book { account: other_account(), ..book(now, terms) });
        world.put_route(&route(now, split));
    }
    if !terms.rules.is_empty() {
        world.put_rules(&user(), &rules(terms.rules, now));
    }
    if terms.positions.is_some() {
        world.put_quota(&Quota { user: user(), positions: terms.positions, reckoned_at: (2, 1), count: 1 });
    }
    for mut other in terms.beside.iter().map(|symbol| market_of(symbol)) {
        other.key.exchange = terms.exchange();
        world.prices().set(&other.key, now, "100".parse::<Price>().unwrap());
        world.put_market(&other);
    }
    world.put_market(&market);
    world.put_token(&WebhookToken {
        id: TokenId::of(&["sim"]),
        user: user(),
        hash: Sha::of_bytes(SECRET.as_bytes()),
        account: Some("default".to_owned()).filter(|_| terms.routed.is_none()),
        exchange: Some(terms.exchange()).filter(|_| terms.routed.is_none()),
        expires_at: None,
        grant: (terms.grant)(),
    });
}

fn credential(now: Timestamp) -> Credential {
    let (wrapped_key, nonce, cipher_text, kms_key) = Default::default();
    Credential {
        id: CredentialId::of(&["sim"]),
        user: user(),
        kind: SecretKind::Exchange,
        masked: String::new(),
        insisted: false,
        created_at: now,
        sealed: Sealed { form: Sealed::FORM, wrapped_key, nonce, cipher_text, kms_key, sealed_at: now },
    }
}

fn opened_account(now: Timestamp, terms: Terms) -> Account {
    let market = market();
    Account {
        id: account(),
        user: user(),
        exchange: terms.exchange(),
        label: "default".to_owned(),
        limits: AccountLimits {
            open_groups_max: terms.open_groups_max,
            exposure_max: terms.order_quote_max.plus(terms.order_quote_max).unwrap(),
            order_quote_max: terms.order_quote_max,
            day_loss_max: "100".parse().unwrap(),
            leverage_max: terms.contracts.map_or(Leverage::ONE, |(_, leverage)| Leverage::new(leverage).unwrap()),
        },
        balances: BTreeMap::from([(market.key.symbol.quote, QUOTE.parse().unwrap())]),
        balance_at: now,
        balance_told_at: now,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: now.day(), amount: Amount::ZERO },
        halted: None,
        reducing: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: terms.positions.is_some(),
        ruled: !terms.rules.is_empty(),
        worth: Default::default(),
    }
}

/// Amounts are in the quote of most stories.
fn rules(of: &[(BoundKind, &str, Action)], now: Timestamp) -> Vec<Rule> {
    let quote = market().key.symbol.quote;
    let of_kind = |(number, (kind, max, action)): (usize, &(BoundKind, &str, Action))| {
        let bound = Bound::of(*kind, max, kind.has_currency().then_some(&quote)).unwrap();
        rule((&number.to_string(), RuleScope::User, bound, *action), now)
    };
    of.iter().enumerate().map(of_kind).collect()
}

/// Over the market of most stories alone; it has paused what starts on paper.
pub(crate) fn paused_market(now: Timestamp) -> Rule {
    let paused = vec![Paused { mode: Some(Mode::Paper), at: now, until: None }];
    let of = ("market", RuleScope::Symbol(market().key.symbol), Bound::LosingCloses(1), Action::Pause);
    Rule { paused, ..rule(of, now) }
}

fn rule((id, scope, bound, action): (&str, RuleScope, Bound, Action), now: Timestamp) -> Rule {
    Rule {
        id: RuleId::of(&[id]),
        user: user(),
        version: 1,
        label: String::new(),
        scope,
        bound,
        action,
        pause_for: None,
        enabled: true,
        paused: Vec::new(),
        overridden: Vec::new(),
        created_at: now,
        updated_at: now,
        updated_by: user(),
    }
}

fn book(now: Timestamp, terms: Terms) -> Book {
    let symbol = market().key.symbol;
    let free = |free: Amount| Balance { free, locked: Amount::ZERO };
    let (own, fees) = (OWN_BASE.parse().unwrap(), OWN_FEES.parse().unwrap());
    Book {
        account: account(),
        balances: BTreeMap::from([
            (symbol.quote, free(terms.quote_at_venue)),
            (symbol.base, free(own)),
            (fee_market().symbol.base, free(fees)),
        ]),
        looked_at: now,
        fee_in: terms.fee_in,
        fill_max: terms.fill_max,
        fault: None,
        settings: terms.settings(),
        open: Vec::new(),
        contracts: BTreeMap::new(),
        sequence: 0,
        version: 1,
    }
}
