//! What a fresh deployment for one person holds: a way in, an account at the paper venue, a market and its prices.

use crate::client::Aws;
use crate::price::Replay;
use app::accounts::{BuiltIn, start, usual_limits};
use app::ports::{Balance, Book, Bootstrap, FeeIn, PaperSettings, Session, Standing, StoreError};
use domain::account::{Account, DayLoss};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, Sha, TokenId, UserId};
use domain::market::{BadSymbol, Exchange, Filters, Leverage, Market, MarketKey, MarketKind, Maxima, Stops, Symbol};
use domain::money::{Amount, MoneyError};
use domain::token::{Grant, WebhookToken};
use domain::vault::Mode;
use std::collections::BTreeMap;
use std::fmt;
use store::identity::Identity;

const EXCHANGE: &str = "PAPER";
const LABEL: &str = "default";
const SESSION_LIFE: Millis = Millis::seconds(365 * 86_400);

/// What is to be there. The secrets come from the caller, who alone keeps them: tables keep hashes.
#[derive(Debug, Clone)]
pub struct Seed {
    /// Whose deployment it is.
    pub user: UserId,
    /// Lets alerts in.
    pub webhook_token: Secret,
    /// Lets API requests in.
    pub session_token: Secret,
    /// The recorded series that the paper venue's prices follow.
    pub replay: Replay,
    /// Now.
    pub at: Timestamp,
}

/// A text that no log may show.
#[derive(Clone)]
pub struct Secret(pub String);

/// What the seed has made or found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    /// The account at the paper venue.
    pub account: AccountId,
    /// The webhook token's public name.
    pub token: TokenId,
    /// What is traded there.
    pub market: MarketKey,
}

/// Why a seed could not be laid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// A built-in number does not parse.
    #[error("a built-in number of the seed: it {0}")]
    Number(#[from] MoneyError),
    /// A built-in name does not parse.
    #[error("a built-in name of the seed: it {0}")]
    Name(#[from] BadSymbol),
    /// What every account begins with does not parse.
    #[error(transparent)]
    BuiltIn(#[from] BuiltIn),
    /// A table cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts what is absent. Seeding again changes nothing that lives, and brings nothing back.
///
/// # Errors
/// Where a table cannot be written. What was put stays; seeding again puts the rest.
pub async fn seed(aws: &Aws, seed: &Seed) -> Result<Seeded, SeedError> {
    let (market, contracts) = (market()?, contracts()?);
    let (account, token) = (first_account(seed)?, webhook_token(seed)?);
    // First, while the table holds nothing: one that was restored waits for its recovery.
    aws.adopt_fresh(seed.at).await?;
    aws.put_market(&market).await?;
    aws.put_replay(&market.key, &seed.replay).await?;
    aws.put_market(&contracts).await?;
    aws.put_replay(&contracts.key, &seed.replay).await?;
    let seeded = Seeded { account: account.id.clone(), token: token.id.clone(), market: market.key };
    // The code comes last. Where it is there, what became of all the rest since is its owner's: an account or a token that
    // was taken away does not come back.
    if Identity(aws).find_bootstrap().await?.is_some_and(|found| found.user == seed.user) {
        return Ok(seeded);
    }
    aws.put_book(&book(&account, seed.at)).await?;
    aws.put_account(&account, Some(Mode::Paper), Standing { enabled: true, validated: true }).await?;
    let code = hash(&seed.session_token);
    aws.put_session(&code, &session(seed), seed.at.plus(SESSION_LIFE)).await?;
    aws.put_token(&token).await?;
    // Whoever was given the first token of a deployment becomes its admin by it, once.
    aws.put_bootstrap(&Bootstrap { code, user: seed.user.clone(), spent: false }).await?;
    Ok(seeded)
}

fn market() -> Result<Market, SeedError> {
    let filters = Filters {
        price_tick: "0.01".parse()?,
        quantity_step: "0.00001".parse()?,
        quantity_min: "0.00001".parse()?,
        notional_min: "5".parse()?,
        most: Maxima::default(),
    };
    let key = MarketKey { exchange: EXCHANGE.parse::<Exchange>()?, symbol: "BTC/USDT".parse::<Symbol>()? };
    Ok(Market {
        key,
        filters,
        fee: "0.001".parse()?,
        kind: MarketKind::Spot,
        can_short: false,
        orders_max: Some(200),
        stops: Stops::Paired,
        at_venue: None,
    })
}

/// The same coins as contracts, at the same prices: whoever connects an account there can be short.
fn contracts() -> Result<Market, SeedError> {
    let key = MarketKey::named(EXCHANGE.parse::<Exchange>()?, "BTC/USDT:USDT".parse::<Symbol>()?);
    let kind = MarketKind::Linear { leverage_max: Leverage::new(20)? };
    Ok(Market { key, kind, fee: "0.0005".parse()?, can_short: true, ..market()? })
}

fn first_account(seed: &Seed) -> Result<Account, SeedError> {
    Ok(Account {
        id: AccountId::of(&[seed.user.as_str(), EXCHANGE, LABEL]),
        user: seed.user.clone(),
        exchange: EXCHANGE.parse()?,
        label: LABEL.to_owned(),
        limits: usual_limits()?,
        balances: start(Mode::Paper, None)?,
        balance_at: seed.at,
        balance_told_at: seed.at,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: seed.at.day(), amount: Amount::ZERO },
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
    })
}

/// The venue holds what the account believes it to.
fn book(account: &Account, at: Timestamp) -> Book {
    let held = |amount: &Amount| Balance { free: *amount, locked: Amount::ZERO };
    Book {
        account: account.id.clone(),
        balances: account.balances.iter().map(|(asset, amount)| (asset.clone(), held(amount))).collect(),
        looked_at: at,
        fee_in: FeeIn::Received,
        fill_max: None,
        fault: None,
        settings: PaperSettings::default(),
        open: Vec::new(),
        contracts: BTreeMap::new(),
        sequence: 0,
        version: 1,
    }
}

/// Alerts that name no exchange mean the one where the user has an account.
fn webhook_token(seed: &Seed) -> Result<WebhookToken, SeedError> {
    let hash = hash(&seed.webhook_token);
    let (id, user) = (TokenId::of(&[hash.as_str()]), seed.user.clone());
    Ok(WebhookToken {
        id,
        user,
        hash,
        account: None,
        exchange: Some(EXCHANGE.parse()?),
        expires_at: None,
        grant: Grant::default(),
    })
}

fn session(seed: &Seed) -> Session {
    let scopes = ["trading:read", "trading:write", "accounts:write", "research:write", "sources:write", "system"]
        .map(str::to_owned)
        .to_vec();
    Session::new(seed.user.clone(), scopes, None)
}

fn hash(secret: &Secret) -> Sha {
    Sha::of_bytes(secret.0.as_bytes())
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
