//! What trading costs at the paper venue, as a person who has set it sees it.

use super::accounts::{assert_let_go, decimal, realised};
use crate::support::unique::{now, unique};
use crate::support::{Setting, Trader};
use app::ports::{FeeAsset, FeeIn, PaperSettings};
use aws::Replay;
use domain::clock::{Millis, Timestamp};
use domain::market::{Asset, MarketKey, Symbol};
use domain::money::{Amount, Decimal};

async fn trader() -> Trader {
    Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await
}

async fn set(trader: &Trader, settings: &PaperSettings, coins: &str) {
    let coins: Amount = coins.parse().unwrap();
    trader.aws.set_paper(&trader.account, &trader.market.key, settings, coins, now()).await.unwrap();
}

/// An asset that has always cost 600.
async fn fee_asset(trader: &Trader) -> Asset {
    let asset: Asset = format!("F{}", unique()).parse().unwrap();
    costs_from(trader, &asset, now().minus(Millis::DAY)).await;
    asset
}

async fn costs_from(trader: &Trader, asset: &Asset, started_at: Timestamp) {
    let MarketKey { exchange, symbol } = trader.market.key.clone();
    let paid_on = MarketKey { exchange, symbol: Symbol { base: asset.clone(), quote: symbol.quote, settle: None } };
    let bars = vec![["600".parse().unwrap(); 4]];
    let replay = Replay { started_at, bar: Millis::DAY, bars };
    trader.aws.write_replay(&paid_on, &replay).await.unwrap();
}

fn paid_in(asset: &Asset) -> PaperSettings {
    let fee = FeeAsset { asset: asset.clone(), rate: "0.00075".parse().unwrap() };
    PaperSettings { fee_asset: Some(fee), ..PaperSettings::default() }
}

#[tokio::test]
async fn what_takes_the_price_slips_and_what_rests_does_not() {
    let trader = trader().await;
    let settings = PaperSettings { slippage: "1".parse().unwrap(), ..PaperSettings::default() };
    set(&trader, &settings, "0").await;
    let (hourly, daily) = (trader.entry(), trader.entry().tv("timeframe", "1D"));
    let (hourly, daily) = (trader.hold(&hourly).await, trader.hold(&daily).await);
    // One coin at 100 × 1.01, and its fee.
    assert_eq!((&*hourly.fills[0].price, hourly.average_price.as_deref()), ("101", Some("101.101")));
    // 101.101 × 1.015 ÷ 0.999 = 102.7202, up to the tick.
    assert_eq!(daily.take_profit_orders[0].price.as_deref(), Some("102.73"));
    assert_eq!(trader.judged(&trader.exit()).await.kind, "accepted");
    // Sold at 99: 98.901 − 101.101.
    assert_eq!(realised(&trader.closed(&hourly.group.id).await), decimal("-2.2"));
    trader.price_goes("100", "103").await;
    // Sold at 102.73: 102.62727 − 101.101.
    assert_eq!(realised(&trader.closed(&daily.group.id).await), decimal("1.52627"));
    assert_eq!((trader.quote_at_venue().await, trader.base_at_venue().await), (decimal("9999.32627"), Decimal::ZERO));
    assert_let_go(&trader).await;
}

#[tokio::test]
async fn a_fee_in_a_third_asset_is_reckoned_in_quote_until_there_is_no_more_of_it() {
    let trader = trader().await;
    let asset = fee_asset(&trader).await;
    set(&trader, &paid_in(&asset), "0.0002").await;
    let held = trader.hold(&trader.entry()).await;
    let paid = &held.fills[0];
    // 100 × 0.00075 ÷ 600.
    assert_eq!((paid.fee.as_deref(), paid.fee_asset.as_deref()), (Some("0.000125"), Some(asset.as_str())));
    assert_eq!((paid.fee_value.as_deref(), held.average_price.as_deref()), (Some("0.075"), Some("100.075")));
    // 100.075 × 1.015 ÷ 0.999 = 101.6778, up to the tick.
    assert_eq!((held.take_profit_orders[0].price.as_deref(), &*held.quantity), (Some("101.68"), "1"));
    assert_eq!(trader.quote_at_venue().await, decimal("9900"), "none of it was paid in quote");
    assert_eq!(trader.judged(&trader.exit()).await.kind, "accepted");
    let closed = trader.closed(&held.group.id).await;
    // 0.000075 is left, which is not enough: the sale pays 0.1 in quote. 99.9 − 100.075.
    assert_eq!((&*closed.fees.0[asset.as_str()], &*closed.fees.0["USDT"]), ("0.000125", "0.1"));
    assert_eq!(realised(&closed), decimal("-0.175"));
    let left = trader.book().await.balances[&asset].free.get();
    assert_eq!((left, trader.quote_at_venue().await), (decimal("0.000075"), decimal("9999.9")));
    assert_let_go(&trader).await;
}

#[tokio::test]
async fn a_fee_whose_asset_has_lost_its_price_is_a_refusal_of_the_alert() {
    let trader = trader().await;
    let asset = fee_asset(&trader).await;
    set(&trader, &paid_in(&asset), "1").await;
    costs_from(&trader, &asset, now().plus(Millis::DAY)).await;
    let delivery = trader.deliver(&trader.entry()).await;
    let verdict = trader.verdict(&delivery, |verdict| verdict.kind != "accepted").await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("no_fee_price")), "{verdict:?}");
    assert_eq!(trader.group(&verdict.position_group_ids[0]).await.group.status, "failed");
    assert_let_go(&trader).await;
    assert_eq!(trader.quote_at_venue().await, decimal("10000"));
}
