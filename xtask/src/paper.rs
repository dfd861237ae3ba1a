//! `cargo xtask paper`: what trading costs at the paper book of the running stack, and what its market allows.

use anstream::println;
use app::ports::{FeeAsset, PaperSettings};
use aws::Aws;
use clap::{ArgAction, Args};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::market::{Asset, Market, MarketKey, Stops, Symbol};
use domain::money::{Amount, Percent, Price, Rate};
use store::market;
use tokio::runtime::Builder;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::stage::now;
use crate::{seed, stack};

#[derive(Debug, Args)]
pub(crate) struct PaperOptions {
    /// How many percent worse than the price an order fares that takes it, 0 to 10
    #[arg(long, default_value = "0", value_name = "PERCENT")]
    slippage: Percent,
    /// How many milliseconds after its acceptance an order meets prices, 0 to 60000
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS")]
    latency: i64,
    /// Take fees in this asset, as long as there is some; without it, as before
    #[arg(long, value_name = "ASSET", requires = "fee_price")]
    fee_asset: Option<Asset>,
    /// What one of it costs, in USDT, from now on
    #[arg(long, value_name = "PRICE", requires = "fee_asset")]
    fee_price: Option<Price>,
    /// The fee in it, as a share of the value of a trade, 0 to 0.1
    #[arg(long, default_value = "0.00075", value_name = "RATE")]
    fee_rate: Rate,
    /// How much of it is brought to the account, beside what is there
    #[arg(long, default_value = "0", value_name = "COINS")]
    fee_coins: Amount,
    /// Whether the venue keeps stops; without it, as before
    #[arg(long, action = ArgAction::Set, value_name = "true|false", hide_possible_values = true)]
    stops: Option<bool>,
    /// How many orders may rest at once on the market, 1 or more; without it, as before
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    orders_max: Option<u32>,
}

/// Sets all costs: what is not named is as it is without any setting. Of the market, only what is named.
pub(crate) fn set(place: &Place, options: &PaperOptions) -> Result<()> {
    let settings = settings(options)?;
    if options.fee_coins.is_negative() {
        return Err(Failure::new("--fee-coins must be 0 or more"));
    }
    let (stack, seeded) = stack::running(place)?;
    let user = UserId::parse(&seeded.user_id).while_doing("reading the saved user id")?;
    let (account, market) = (seed::account(&user), seed::market()?);
    let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
    let of_market = runtime.block_on(async {
        let aws = seed::connect(&stack).await?;
        if let (Some(asset), Some(price)) = (&options.fee_asset, options.fee_price) {
            let symbol = Symbol { base: asset.clone(), quote: market.symbol.quote.clone(), settle: None };
            let paid_on = MarketKey { exchange: market.exchange.clone(), symbol };
            aws.write_replay(&paid_on, &always(price, now())).await.while_doing("writing the price of the fees")?;
        }
        let set = aws.set_paper(&account, &market, &settings, options.fee_coins, now()).await;
        set.while_doing("setting the costs of the paper book")?;
        allow(&aws, &market, options).await
    })?;
    println!("{}", told(&settings));
    println!("{}", allowed(&of_market));
    Ok(())
}

/// What the market allows afterwards.
async fn allow(aws: &Aws, market: &MarketKey, options: &PaperOptions) -> Result<Market> {
    if options.stops.is_some() || options.orders_max.is_some() {
        let set = aws.set_market(market, options.stops, options.orders_max).await;
        set.while_doing("setting what the market allows")?;
    }
    let found = market::Market(aws).load_market(market).await.while_doing("reading the market")?;
    found.ok_or_else(|| Failure::new(format!("there is no market {market}")))
}

fn settings(options: &PaperOptions) -> Result<PaperSettings> {
    let fee_asset = options.fee_asset.clone().map(|asset| FeeAsset { asset, rate: options.fee_rate });
    let settings = PaperSettings { slippage: options.slippage, latency: Millis::new(options.latency), fee_asset };
    settings.checked().while_doing("reading the settings of the paper book")
}

/// A series of one price.
fn always(price: Price, from: Timestamp) -> aws::Replay {
    aws::Replay { started_at: from.minus(Millis::DAY), bar: Millis::DAY, bars: vec![[price; 4]] }
}

fn told(settings: &PaperSettings) -> String {
    let PaperSettings { slippage, latency, fee_asset } = settings;
    let fees = fee_asset.as_ref().map_or_else(
        || "as the market takes them".to_owned(),
        |fee| format!("{} of the value, taken in {}", fee.rate, fee.asset),
    );
    format!("slippage {slippage} %, latency {} ms, fees {fees}", latency.get())
}

fn allowed(market: &Market) -> String {
    let stops = match market.stops {
        Stops::Paired => "stops rest at the venue",
        Stops::Alone => "stops rest at the venue where no limit does",
        Stops::Polled => "stops are kept by polling",
    };
    let orders = market.orders_max.map_or_else(|| "any number of".to_owned(), |most| format!("up to {most}"));
    format!("{}: {stops}, {orders} orders at once", market.key)
}
