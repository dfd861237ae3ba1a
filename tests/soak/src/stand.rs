//! The exchanges of one run: the simulator in this process, its accounts, and its control calls.

use crate::desk::{Desk, Wall, Wire};
use crate::{faults, login};
use app::ports::VenueKey;
use domain::ids::AccountId;
use domain::market::{Exchange, Market, Symbol};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use venue_sim::site::SiteName;
use venue_sim::{Settings, Simulator, Start};
use venues::{Prompt, Timed};

/// Each with its name on the wire, in our books and at the simulator, and what money is there.
pub(crate) const VENUES: [(&str, SiteName, &str); 5] = [
    ("BINANCE", SiteName::Binance, "USDT"),
    ("BINANCEUSDM", SiteName::BinanceFutures, "USDT"),
    ("COINBASE", SiteName::Coinbase, "USD"),
    ("KRAKEN", SiteName::Kraken, "USD"),
    ("BYBIT", SiteName::Bybit, "USDT"),
];

/// A key of Kraken asks one question at a time: one that is never answered holds up the others of its account.
const ACCOUNTS_PER_VENUE: usize = 32;
/// More than a run can spend.
const QUOTE: &str = "1000000000";
/// The same where the library reads it: it tells fifteen digits of a balance, eight of them behind the point.
const QUOTE_IN_DIGITS: &str = "1000000";
const BASE: &str = "100000";
/// No limit is met by chance: that is a fault of its own.
const ALLOWED: u64 = 1_000_000_000;
/// What was just accepted is found a moment later, as at real exchanges.
const READ_LAG_MS: u64 = 1_000;
const CONTROL_WITHIN: Duration = Duration::from_secs(60);

/// Why a run cannot be made, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("the simulator does not start: {0}")]
    Start(#[from] std::io::Error),
    #[error("the simulator's settings: {0}")]
    Settings(String),
    #[error("the simulator cannot be controlled: {0}")]
    Control(#[from] reqwest::Error),
    #[error("the simulator refuses {path}: {said}")]
    Refused { path: &'static str, said: String },
    #[error(transparent)]
    Venue(#[from] app::ports::VenueError),
    #[error(transparent)]
    Money(#[from] domain::money::MoneyError),
    #[error("an order does not keep to its table: {0}")]
    Table(#[from] domain::order::Refused),
    #[error("a task of the run has ended: {0}")]
    Task(#[from] tokio::task::JoinError),
    #[error("{0} has no market to trade on")]
    NoMarket(&'static str),
}

/// An account at one of the exchanges.
#[derive(Debug, Clone)]
pub(crate) struct Trader {
    pub id: AccountId,
    pub exchange: Exchange,
    pub site: SiteName,
    /// As the simulator calls it.
    pub name: String,
    pub markets: Vec<Market>,
}

#[derive(Debug)]
pub(crate) struct Stand {
    pub simulator: Simulator,
    pub wire: Wire,
    pub traders: Vec<Trader>,
    http: reqwest::Client,
}

impl Stand {
    /// # Errors
    /// [`Broken`] where anything of it does not come up.
    pub(crate) async fn build(percent: f64, seed: u64) -> Result<Self, Broken> {
        let simulator = Simulator::start(&settings()?, Start::default()).await?;
        let desk = Desk::new(login::site(&simulator), keys(&simulator))?;
        let traders = traders(&desk).await?;
        let http = reqwest::Client::builder().no_proxy().timeout(CONTROL_WITHIN).build()?;
        let stand = Self { simulator, wire: Timed::new(Prompt::new(desk, Wall)), traders, http };
        for (_, venue, _) in VENUES {
            let allowed = json!({ "venue": venue, "weight": ALLOWED, "orders": ALLOWED, "refusals": ALLOWED });
            stand.control("/sim/limits", &allowed).await?;
            stand.control("/sim/read-lag", &json!({ "venue": venue, "ms": READ_LAG_MS })).await?;
        }
        for fault in faults::planned(percent, seed) {
            stand.control("/sim/faults", &fault).await?;
        }
        Ok(stand)
    }

    /// # Errors
    /// [`Broken`] where the simulator does not do it.
    pub(crate) async fn control(&self, path: &'static str, body: &Value) -> Result<(), Broken> {
        let sent = self.http.post(format!("{}{path}", self.simulator.url())).json(body).send().await?;
        let is_done = sent.status().is_success();
        let said = sent.text().await?;
        if is_done { Ok(()) } else { Err(Broken::Refused { path, said }) }
    }

    /// # Errors
    /// [`Broken`] where the simulator does not answer.
    pub(crate) async fn shown(&self, path: &'static str) -> Result<Value, Broken> {
        Ok(self.http.get(format!("{}{path}", self.simulator.url())).send().await?.json().await?)
    }
}

/// As the simulator calls a market, of coins or of contracts.
pub(crate) fn called(symbol: &Symbol) -> String {
    format!("{}/{}", symbol.base, symbol.quote)
}

/// The simulator's own markets, with accounts of our own.
fn settings() -> Result<Settings, Broken> {
    let markets = venue_sim::settings::DEFAULT.split("[[account]]").next().unwrap_or_default();
    let accounts: String = VENUES
        .iter()
        .flat_map(|(_, site, quote)| (0..ACCOUNTS_PER_VENUE).map(move |number| account(*site, quote, &named(number))))
        .collect();
    Settings::parse(&format!("{markets}\n{accounts}")).map_err(Broken::Settings)
}

fn named(number: usize) -> String {
    format!("account-{number}")
}

fn account(site: SiteName, quote: &str, name: &str) -> String {
    let money = if site == SiteName::Bybit { QUOTE_IN_DIGITS } else { QUOTE };
    format!(
        "[[account]]\nvenue = \"{site}\"\nname = \"{name}\"\n\
         balances = {{ {quote} = \"{money}\", BTC = \"{BASE}\", ETH = \"{BASE}\" }}\n\
         keys = [{{ name = \"main\", rights = [\"read\", \"trade\"] }}]\n"
    )
}

fn id(exchange: &str, name: &str) -> AccountId {
    AccountId::of(&["soak", exchange, name])
}

fn keys(simulator: &Simulator) -> BTreeMap<AccountId, VenueKey> {
    let of = |key: venue_sim::site::Key| {
        let (exchange, ..) = VENUES.into_iter().find(|(_, site, _)| *site == key.site)?;
        Some((id(exchange, &key.account), login::key(key)))
    };
    simulator.keys().into_iter().filter_map(of).collect()
}

async fn traders(desk: &Desk) -> Result<Vec<Trader>, Broken> {
    let mut all = Vec::new();
    for (name, site, _) in VENUES {
        let exchange: Exchange = name.parse().map_err(|_| Broken::NoMarket(name))?;
        let markets = desk.markets(&exchange).await?;
        if markets.is_empty() {
            return Err(Broken::NoMarket(name));
        }
        all.extend((0..ACCOUNTS_PER_VENUE).map(|number| Trader {
            id: id(name, &named(number)),
            exchange: exchange.clone(),
            site,
            name: named(number),
            markets: markets.clone(),
        }));
    }
    Ok(all)
}
