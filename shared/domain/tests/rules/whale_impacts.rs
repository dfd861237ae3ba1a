//! What prices do after whale alerts, and what is said of a market.

use super::whales::{block, seen};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Symbol};
use domain::whale::{
    After, BaseRate, Impact, MarketSentiment, SentimentLabel, Told, TransactionType, Transfer, WhaleAlert, WhaleStatus,
    price_momentum, whale_flow,
};

fn impact(change: &str) -> Impact {
    Impact { price: "2".parse().unwrap(), change: change.parse().unwrap(), base: None }
}

/// What was measured from the same time on stays; from another time on all is measured anew.
#[test]
fn impact_is_due_as_soon_as_an_alert_stands_and_stays_where_its_time_does() {
    let known = seen(block(7, "a"), "node");
    let hour = (After::Hour, Timestamp::from_millis(3_600_000));
    let day = (After::Day, Timestamp::from_millis(86_400_000));
    assert_eq!(known.due(None), [hour, day]);
    assert_eq!(known.due(Some(&known)), [], "once");
    let measured = WhaleAlert { impacts: [(After::Hour, impact("1"))].into(), ..known.clone() };
    let orphaned = measured.revoked(&block(7, "a"), Timestamp::from_millis(9)).unwrap();
    assert_eq!((orphaned.due(Some(&measured)), orphaned.due(None)), (vec![], vec![]));
    let late = |at: i64| WhaleAlert {
        detected_at: Timestamp::from_millis(10),
        at: Timestamp::from_millis(at),
        ..seen(block(8, "b"), "node")
    };
    let again = late(0).after(Some(&orphaned)).unwrap();
    assert_eq!((&again.impacts, again.due(Some(&orphaned))), (&measured.impacts, vec![day]), "at the same time");
    let later = late(1_000).after(Some(&orphaned)).unwrap();
    let ten = later.due(Some(&orphaned)).into_iter().map(|(_, at)| at.millis()).collect::<Vec<_>>();
    assert_eq!((later.impacts.len(), ten), (0, vec![3_601_000, 86_401_000]), "at another time");
    let moved = late(1_000).after(Some(&measured)).unwrap();
    assert_eq!(moved.due(Some(&measured)).len(), 2, "in another block of another time");
    let free = WhaleAlert { price: None, ..known.clone() };
    let minted = Transfer { kind: TransactionType::Mint, ..known.transfer.clone() };
    assert_eq!((free.due(None), WhaleAlert { transfer: minted, ..known }.due(None)), (vec![], vec![]));
}

fn hour_bars(closes: impl IntoIterator<Item = (i64, &'static str, &'static str)>) -> Vec<Bar> {
    let bar = |(hour, open, close): (i64, &str, &str)| {
        let (opens_at, [open, close]) =
            (Timestamp::from_millis(hour * 3_600_000), [open, close].map(|price| price.parse().unwrap()));
        Bar { opens_at, closes_at: opens_at.plus(Millis::seconds(3_600)), open, high: open, low: close, close }
    };
    closes.into_iter().map(bar).collect()
}

/// Of the hour in which it was, on other days; nothing of its own day.
#[test]
fn base_rate_is_of_the_same_hour_on_the_days_before() {
    let at = Timestamp::from_millis((40 * 24 + 5) * 3_600_000 + 1_800_000);
    let of = |days_before: i64, open, close| ((40 - days_before) * 24 + 5, open, close);
    let bars = hour_bars([
        of(0, "100", "999"),
        of(1, "100", "103"),
        of(2, "100", "101"),
        of(30, "100", "98"),
        of(31, "100", "1"),
    ]);
    let base = BaseRate::of(at, After::Hour, &bars).unwrap();
    let told = [base.mean, base.low, base.high].map(|percent| percent.to_string());
    assert_eq!((base.count, told), (3, ["0.6667", "-2", "3"].map(str::to_owned)));
    assert_eq!(BaseRate::of(at, After::Day, &bars), None, "of no day it is known how it ended");
    let (from, to) = BaseRate::span(at);
    assert_eq!((from.millis(), to.millis()), ((10 * 24 + 5) * 3_600_000, (40 * 24 + 5) * 3_600_000));
    let days = hour_bars([
        of(1, "100", "1"),
        (39 * 24 + 4 + 24, "1", "104"),
        of(2, "100", "1"),
        (38 * 24 + 4 + 24, "1", "105"),
    ]);
    let base = BaseRate::of(at, After::Day, &days).unwrap();
    assert_eq!((base.count, base.mean.to_string()), (2, "4.5".to_owned()), "it ends where the alert's hour begins");
}

#[test]
fn price_of_another_asset_is_no_impact() {
    let of = |before: &str, after: &str| Impact::of(before.parse().unwrap(), after.parse().unwrap(), None);
    assert_eq!(of("3", "4").unwrap().change.to_string(), "33.3333");
    assert_eq!(of("0.001", "100"), None);
    let base = BaseRate { count: 10, mean: 0.into(), low: (-1).into(), high: 1.into() };
    let unusual = |change: &str| Impact { base: Some(base), ..impact(change) }.is_unusual();
    assert_eq!(["-1.0001", "-1", "1", "1.0001"].map(unusual), [Some(true), Some(false), Some(false), Some(true)]);
    let few = Impact { base: Some(BaseRate { count: 9, ..base }), ..impact("9") };
    assert_eq!(few.is_unusual(), None);
}

#[test]
fn whale_flow_is_what_left_exchanges_less_what_went_to_them() {
    let now = Timestamp::from_millis(86_400_000 * 9);
    let of = |kind, millions: i64, hours: i64| {
        let known = seen(block(7, "a"), "node");
        let worth = (millions * 1_000_000).to_string().parse().unwrap();
        WhaleAlert {
            at: now.minus(Millis::seconds(3_600 * hours)),
            transfer: Transfer { kind, worth, ..known.transfer.clone() },
            ..known
        }
    };
    let (out, inflow) = (TransactionType::ExchangeOutflow, TransactionType::ExchangeInflow);
    let check = |alerts: &[WhaleAlert], wanted: Option<&str>| {
        let told = whale_flow(alerts, now);
        assert_eq!(told.map(|told| told.score.to_string()).as_deref(), wanted, "{alerts:?}");
    };
    check(&[], None);
    check(&[of(TransactionType::WhaleTransfer, 900, 1)], None);
    check(&[of(out, 10, 0)], Some("0.5"));
    check(&[of(inflow, 10, 0)], Some("-0.5"));
    check(&[of(inflow, 30, 0), of(out, 30, 0)], Some("0"));
    check(&[of(out, 20, 6)], Some("0.5"));
    check(&[of(out, 160, 24)], Some("0.5"));
    check(&[of(out, 160, 25), of(out, 160, -1)], None);
    check(&[WhaleAlert { status: WhaleStatus::Orphaned, ..of(out, 10, 0) }], None);
    assert_eq!(
        whale_flow(&[of(out, 1, 5), of(out, 1, 3)], now).unwrap().at,
        now.minus(Millis::seconds(3 * 3_600)),
        "the newest"
    );
}

#[test]
fn momentum_is_against_what_nine_days_of_ten_are() {
    let (now, base) = (Timestamp::default(), BaseRate { count: 30, mean: 0.into(), low: (-4).into(), high: 2.into() });
    let told = |change: &str, base: BaseRate| {
        let day = Impact { base: Some(base), ..impact(change) };
        price_momentum(&day, now).map(|told| told.score.to_string())
    };
    for (change, wanted) in [("0", "0"), ("1", "0.5"), ("7", "1"), ("-1", "-0.25"), ("-5", "-1")] {
        assert_eq!(told(change, base).as_deref(), Some(wanted), "{change}");
    }
    let fallen = BaseRate { high: (-1).into(), ..base };
    assert_eq!(told("0.1", fallen).as_deref(), Some("1"), "nine days of ten it has fallen");
    assert_eq!((told("1", BaseRate { count: 9, ..base }), price_momentum(&impact("1"), now)), (None, None));
}

#[test]
fn sentiment_weighs_what_there_is() {
    let (now, symbol) = (Timestamp::default(), "BTC/USDT".parse::<Symbol>().unwrap());
    let told = |score: &str| Some(Told { score: score.parse().unwrap(), at: now });
    let score = |flow, momentum| {
        let of = MarketSentiment::of(symbol.clone(), now, flow, momentum)?;
        Some((
            of.score.to_string(),
            of.inputs.iter().map(|input| input.weight.to_string()).collect::<Vec<_>>().join(" "),
        ))
    };
    let own = |score: &str, weights: &str| Some((score.to_owned(), weights.to_owned()));
    assert_eq!(score(told("-1"), told("1")), own("0.2727", "0.3636 0.6364"));
    assert_eq!(score(told("-0.3"), None), own("-0.3", "1"));
    assert_eq!((score(None, told("0.5")), score(None, None)), (own("0.5", "1"), None));
    let label = |score: &str| SentimentLabel::of(score.parse().unwrap());
    assert_eq!(
        ["-0.2001", "-0.2", "0", "0.2", "0.2001"].map(label),
        [
            SentimentLabel::Negative,
            SentimentLabel::Neutral,
            SentimentLabel::Neutral,
            SentimentLabel::Neutral,
            SentimentLabel::Positive
        ]
    );
}
