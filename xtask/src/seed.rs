//! What a fresh stack holds: one user, one webhook token, one paper account, one market with recorded prices.

use std::fs;

use aws::{Aws, Config, Patience, Place as Named, Replay, Secret, Seed};
use data_encoding::BASE64URL_NOPAD;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, UserId};
use domain::market::MarketKey;
use domain::money::{Decimal, Price};
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::stack::Stack;
use crate::stage::now;

/// How many times faster than they were recorded prices go: an hour in twenty seconds.
pub(crate) const SPEED: u32 = 180;

/// From one price of a way to the next.
const STEP: Millis = Millis::seconds(2);
/// Longer than anybody waits: a series begins again when it is over.
const BARS_AT_THE_END: usize = 600;

/// Secrets in clear, known only here and in what `up` prints; the tables keep their hashes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Seeded {
    pub(crate) user_id: String,
    /// Bearer token of the API.
    pub(crate) token: String,
    pub(crate) webhook_token: String,
}

/// Safe to repeat with the same user: URLs and tokens stay valid, and nothing that lives is changed.
pub(crate) fn seed(place: &Place, stack: &Stack, seeded: &Seeded) -> Result<()> {
    let series = fs::read_to_string(place.prices()).while_doing("reading the recorded prices")?;
    let seed = Seed {
        user: UserId::parse(&seeded.user_id).while_doing("reading the saved user id")?,
        webhook_token: Secret(seeded.webhook_token.clone()),
        session_token: Secret(seeded.token.clone()),
        replay: replay(&series, SPEED, now())?,
        at: now(),
    };
    let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
    runtime.block_on(async { aws::seed(&connect(stack).await?, &seed).await.while_doing("seeding") }).map(drop)
}

/// A user whom nobody has, with tokens that nobody can guess.
pub(crate) fn invent() -> Result<Seeded> {
    let user = UserId::of(&["local", &random()?]);
    Ok(Seeded {
        user_id: user.to_string(),
        token: format!("mqs_{}", random()?),
        webhook_token: format!("whk_{}", random()?),
    })
}

/// 32 random bytes as text that fits into a path.
pub(crate) fn random() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).while_doing("making a token")?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// The stack's tables, with its administrator's keys.
pub(crate) async fn connect(stack: &Stack) -> Result<Aws> {
    let mut config = Config::new(Patience::DESK);
    let tables = [
        (Named::Trading, "TableTrading"),
        (Named::Vault, "TableVault"),
        (Named::Market, "TableMarket"),
        (Named::Identity, "TableIdentity"),
    ];
    for (table, output) in tables {
        config = config.with(table, stack.output(output)?);
    }
    Ok(Aws::connect_to(stack.endpoint.for_sdk(), config, now).await)
}

/// The account that the seed makes for a user.
pub(crate) fn account(user: &UserId) -> AccountId {
    AccountId::of(&[user.as_str(), "PAPER", "default"])
}

pub(crate) fn market() -> Result<MarketKey> {
    let exchange = "PAPER".parse().while_doing("reading an exchange")?;
    let symbol = "BTC/USDT".parse().while_doing("reading a symbol")?;
    Ok(MarketKey { exchange, symbol })
}

/// The recorded hours, `speed` times as fast, from `started_at` on.
pub(crate) fn replay(series: &str, speed: u32, started_at: Timestamp) -> Result<Replay> {
    let mut lines = series.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| {
        let found = header.iter().position(|column| *column == name);
        found.ok_or_else(|| Failure::new(format!("the recorded prices have no column {name}")))
    };
    let columns = [column("open")?, column("high")?, column("low")?, column("close")?];
    let bars = lines.filter(|line| !line.is_empty()).map(|line| bar(line, columns));
    let bar = Millis::new(3_600_000 / i64::from(speed.max(1)));
    Ok(Replay { started_at, bar, bars: bars.collect::<Result<_>>()? })
}

/// A way of the price, in thousandths of the first recorded one; it stays at the end.
pub(crate) fn way(series: &str, thousandths: &[u32], started_at: Timestamp) -> Result<Replay> {
    let recorded = replay(series, SPEED, started_at)?;
    let [open, ..] = *recorded.bars.first().ok_or_else(|| Failure::new("there are no recorded prices"))?;
    let at = |thousandths: &u32| {
        let price = open.get() * Decimal::new(i64::from(*thousandths), 3);
        Price::new(price.round_dp(2)).while_doing("reckoning a price")
    };
    let prices: Vec<Price> = thousandths.iter().map(at).collect::<Result<_>>()?;
    let steps = prices.windows(2).filter_map(|step| {
        let [from, to] = *step else { return None };
        Some([from, from.max(to), from.min(to), to])
    });
    let stays = prices.last().into_iter().flat_map(|last| std::iter::repeat_n([*last; 4], BARS_AT_THE_END));
    Ok(Replay { started_at, bar: STEP, bars: steps.chain(stays).collect() })
}

fn bar(line: &str, columns: [usize; 4]) -> Result<[Price; 4]> {
    let cells: Vec<&str> = line.split(',').collect();
    let price = |column: usize| {
        let cell = cells.get(column).copied().unwrap_or_default();
        cell.parse::<Price>().while_doing(format_args!("reading a recorded price: {cell:?}"))
    };
    let [open, high, low, close] = columns;
    Ok([price(open)?, price(high)?, price(low)?, price(close)?])
}
