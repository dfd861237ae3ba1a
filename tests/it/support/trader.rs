//! A user with a token, a session, an account at the paper venue and a market, all of its own: tests run side by side.

use super::alert::Alert;
use super::http::{Answer, ask};
use super::tables;
use super::unique::{now, unique};
use app::ports::{Balance, Book, FeeIn, PaperSettings, Session, Standing};
use aws::Aws;
use domain::account::{Account, AccountLimits, DayLoss};
use domain::clock::Millis;
use domain::ids::{AccountId, Sha, TokenId, UserId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::Amount;
use domain::token::{Grant, WebhookToken};
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const LABEL: &str = "default";
const SESSION_LIFE: Millis = Millis::seconds(3_600);

#[derive(Debug)]
pub(crate) struct Trader {
    pub(crate) aws: Aws,
    pub(crate) user: UserId,
    pub(crate) account: AccountId,
    pub(crate) market: Market,
    /// The secrets, which only their owner knows.
    pub(crate) webhook_token: String,
    pub(crate) bearer: String,
}

/// What may be different from one trader to another.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) fee_in: FeeIn,
    /// The market's price; none where no series is replayed.
    pub(crate) price: Option<&'static str>,
    pub(crate) quote: &'static str,
    pub(crate) enabled: bool,
    pub(crate) open_groups_max: u32,
    pub(crate) exposure_max: &'static str,
    pub(crate) order_quote_max: &'static str,
    /// Of alerts that name none.
    pub(crate) exchange: Option<&'static str>,
    pub(crate) scopes: &'static [&'static str],
    /// How long ago the venue was asked for its balance.
    pub(crate) balance_age: Millis,
    /// Whether the venue keeps stops.
    pub(crate) stops: bool,
    /// Where the account is, when it is not at the paper venue; its market is known there.
    pub(crate) elsewhere: Option<&'static str>,
}

impl Default for Setting {
    /// As the seed makes it, at a price of 100, with stops kept by polling.
    fn default() -> Self {
        Self {
            fee_in: FeeIn::Received,
            price: Some("100"),
            quote: "10000",
            enabled: true,
            open_groups_max: 10,
            exposure_max: "10000",
            order_quote_max: "5000",
            exchange: None,
            scopes: &["trading:read", "trading:write"],
            balance_age: Millis::ZERO,
            stops: false,
            elsewhere: None,
        }
    }
}

impl Trader {
    pub(crate) async fn new() -> Self {
        Self::with(Setting::default()).await
    }

    /// Who keeps the deployment as well.
    pub(crate) async fn keeper() -> Self {
        Self::with(Setting { scopes: &["trading:read", "trading:write", "system"], ..Setting::default() }).await
    }

    pub(crate) async fn with(setting: Setting) -> Self {
        Self::at(tables::connect().await, setting).await
    }

    /// In tables of a test's own.
    pub(crate) async fn at(aws: Aws, setting: Setting) -> Self {
        let unique = unique();
        let user = UserId::of(&["it", &unique]);
        let trader = Self {
            aws,
            account: AccountId::of(&[user.as_str(), LABEL]),
            user,
            market: placed(market(&unique), &setting),
            webhook_token: format!("whk_{unique}"),
            bearer: format!("mqs_{unique}"),
        };
        trader.settle_in(&setting).await;
        trader
    }

    /// `BASE/QUOTE`, as alerts name it.
    pub(crate) fn symbol(&self) -> String {
        self.market.key.symbol.to_string()
    }

    /// The webhook token's public name.
    pub(crate) fn token_id(&self) -> TokenId {
        TokenId::of(&[&self.webhook_token])
    }

    pub(crate) fn entry(&self) -> Alert {
        Alert::entry(&self.symbol())
    }

    pub(crate) fn exit(&self) -> Alert {
        Alert::exit(&self.symbol())
    }

    /// A strategy's alert, with its position and size before and now.
    pub(crate) fn strategy(&self, action: &str, before: (&str, &str), now: (&str, &str)) -> Alert {
        Alert::strategy(&self.symbol(), action, before, now)
    }

    pub(crate) async fn alert(&self, alert: &Alert) -> Answer {
        self.post_to_webhook(alert.to_string()).await
    }

    pub(crate) async fn post_to_webhook(&self, body: impl Into<Vec<u8>>) -> Answer {
        ask(Method::POST, &self.webhook(), None, body).await
    }

    /// With its secret in the path.
    pub(crate) fn webhook(&self) -> String {
        format!("/api/webhook/{}/{}", self.user, self.webhook_token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        ask(Method::GET, &format!("/api/v1{path}"), Some(&self.bearer), "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        ask(Method::POST, &format!("/api/v1{path}"), Some(&self.bearer), body.to_string()).await
    }

    async fn settle_in(&self, setting: &Setting) {
        self.aws.put_market(&self.market).await.unwrap();
        if let Some(price) = setting.price {
            self.price_stays(price).await;
        }
        let account = self.fresh_account(setting);
        self.aws.put_book(&book(&account, setting.fee_in)).await.unwrap();
        let standing = Standing { enabled: setting.enabled, validated: true };
        self.aws.put_account(&account, None, standing).await.unwrap();
        let scopes = setting.scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let session = Session::new(self.user.clone(), scopes, None);
        self.aws.put_session(&hash(&self.bearer), &session, now().plus(SESSION_LIFE)).await.unwrap();
        let (id, hash) = (self.token_id(), hash(&self.webhook_token));
        let exchange = setting.exchange.map(|exchange| exchange.parse().unwrap());
        let token = WebhookToken {
            id,
            user: self.user.clone(),
            hash,
            account: None,
            exchange,
            expires_at: None,
            grant: Grant::default(),
        };
        self.aws.put_token(&token).await.unwrap();
    }

    fn fresh_account(&self, setting: &Setting) -> Account {
        Account {
            id: self.account.clone(),
            user: self.user.clone(),
            exchange: self.market.key.exchange.clone(),
            label: LABEL.to_owned(),
            limits: AccountLimits {
                open_groups_max: setting.open_groups_max,
                exposure_max: setting.exposure_max.parse().unwrap(),
                order_quote_max: setting.order_quote_max.parse().unwrap(),
                day_loss_max: "1000".parse().unwrap(),
                leverage_max: domain::market::Leverage::ONE,
            },
            balances: BTreeMap::from([(self.market.key.symbol.quote.clone(), setting.quote.parse().unwrap())]),
            balance_at: now().minus(setting.balance_age),
            balance_told_at: now().minus(setting.balance_age),
            filled_at: domain::clock::Timestamp::default(),
            fills: 0,
            reserved: BTreeMap::new(),
            open_groups: 0,
            exposure: Amount::ZERO,
            day_loss: DayLoss { day: now().day(), amount: Amount::ZERO },
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
            limited: false,
            ruled: false,
            worth: Default::default(),
        }
    }
}

pub(crate) fn market(unique: &str) -> Market {
    let filters = Filters {
        price_tick: "0.01".parse().unwrap(),
        quantity_step: "0.00001".parse().unwrap(),
        quantity_min: "0.00001".parse().unwrap(),
        notional_min: "5".parse().unwrap(),
        most: Maxima::default(),
    };
    let symbol = format!("T{unique}/USDT").parse().unwrap();
    let key = MarketKey { exchange: "PAPER".parse().unwrap(), symbol };
    Market {
        key,
        filters,
        fee: "0.001".parse().unwrap(),
        kind: MarketKind::Spot,
        can_short: false,
        orders_max: None,
        stops: Stops::Polled,
        at_venue: None,
    }
}

fn placed(market: Market, setting: &Setting) -> Market {
    let exchange = setting.elsewhere.map_or(market.key.exchange, |exchange| exchange.parse().unwrap());
    Market {
        stops: if setting.stops { Stops::Paired } else { Stops::Polled },
        key: MarketKey { exchange, ..market.key },
        ..market
    }
}

/// The venue holds what the account believes it to.
fn book(account: &Account, fee_in: FeeIn) -> Book {
    let held = |amount: &Amount| Balance { free: *amount, locked: Amount::ZERO };
    Book {
        account: account.id.clone(),
        balances: account.balances.iter().map(|(asset, amount)| (asset.clone(), held(amount))).collect(),
        looked_at: account.balance_at,
        fee_in,
        fill_max: None,
        fault: None,
        settings: PaperSettings::default(),
        open: Vec::new(),
        contracts: BTreeMap::new(),
        sequence: 0,
        version: 1,
    }
}

fn hash(secret: &str) -> Sha {
    Sha::of_bytes(secret.as_bytes())
}
