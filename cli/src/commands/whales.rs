//! `moniqo whales`

use super::{Api, filtered, paged, whale_labels, whale_sources};
use crate::args::{Sentiment, WhaleList, Whales};
use crate::failure::Failure;
use crate::table::{facts, plain, table, time, word};
use comfy_table::Cell;
use wire::view::{
    List, MarketSentiment, MeasuredWhaleCount, WhaleAlert, WhaleImpact, WhaleImpactMean, WhaleSide, WhaleStats,
};

const ALERTS: [&str; 8] = ["id", "detected (UTC)", "type", "amount", "USD", "from", "to", "score"];
const COUNTS: [&str; 5] = ["name", "alerts", "USD", "after 1 h", "after 24 h"];
const SENTIMENTS: [&str; 6] = ["hour (UTC)", "market", "score", "label", "whale flow", "momentum"];
const NO_SENTIMENT: &str = "No sentiment is stored. It is stored hourly while a source of whale alerts is enabled.";
const NONE: &str = "There are no whale alerts.";
/// Of an address without a label.
const SHOWN: usize = 10;

pub(super) fn run(api: &Api, wanted: &Whales) -> Result<(), Failure> {
    match wanted {
        Whales::List(wanted) => list(api, wanted),
        Whales::Show { id } => api.show(&format!("whale-alerts/{id}"), false, shown),
        Whales::Stats { currency, days } => {
            let days = days.to_string();
            let asked = [("currency", currency.as_ref()), ("days", Some(&days))];
            api.show(&filtered("whale-alerts/stats".to_owned(), &asked), false, stats)
        }
        Whales::Sentiment(wanted) => sentiment(api, wanted),
        Whales::Sources(wanted) => whale_sources::run(api, wanted),
        Whales::Labels(wanted) => whale_labels::run(api, wanted),
    }
}

fn list(api: &Api, wanted: &WhaleList) -> Result<(), Failure> {
    let WhaleList { currency, blockchain, kind, status, min_usd, min_score, span, list } = wanted;
    let asked = [
        ("currency", currency.as_ref()),
        ("blockchain", blockchain.as_ref()),
        ("transaction_type", kind.as_ref()),
        ("status", status.as_ref()),
        ("min_amount_usd", min_usd.as_ref()),
        ("min_significance", min_score.as_ref()),
        ("since", span.since.as_ref()),
        ("until", span.until.as_ref()),
    ];
    api.show(&filtered(paged("whale-alerts", list), &asked), list.watch, |page: &List<WhaleAlert>| {
        table(&ALERTS, page.items.iter().map(row).collect(), NONE).with_next(page.next_cursor.as_ref())
    })
}

fn row(alert: &WhaleAlert) -> Vec<Cell> {
    vec![
        plain(&*alert.id),
        plain(time(alert.detected_at)),
        word(alert.transaction_type.0.as_str()),
        plain(format!("{} {}", alert.amount, alert.currency)),
        plain(&*alert.amount_usd),
        plain(side(&alert.from)),
        plain(side(&alert.to)),
        plain(alert.significance_score.to_string()),
    ]
}

/// Its owner, or how its address begins.
fn side(side: &WhaleSide) -> String {
    let begins = |address: &String| address.chars().take(SHOWN).chain(['…']).collect();
    side.label.clone().or_else(|| side.address.as_ref().map(begins)).unwrap_or_else(|| "issuer".to_owned())
}

fn shown(alert: &WhaleAlert) -> String {
    let side = |side: &WhaleSide| match (&side.label, &side.address) {
        (Some(label), Some(address)) => format!("{label} ({address})"),
        (_, Some(address)) => address.clone(),
        _ => "issuer".to_owned(),
    };
    let reasons: Vec<_> = alert.score_reasons.iter().map(|reason| reason.0.as_str()).collect();
    facts([
        ("id", Some(alert.id.clone())),
        ("type", Some(format!("{}, {}", alert.transaction_type.0.as_str(), alert.sentiment.0.as_str()))),
        ("amount", Some(format!("{} {}, {} USD", alert.amount, alert.currency, alert.amount_usd))),
        ("price", alert.price_before.as_ref().map(|price| format!("{price} USDT"))),
        ("after 1 h", alert.impact.after_1h.as_ref().map(impact)),
        ("after 24 h", alert.impact.after_24h.as_ref().map(impact)),
        ("from", Some(side(&alert.from))),
        ("to", Some(side(&alert.to))),
        ("score", Some(format!("{} of 10: {}", alert.significance_score, reasons.join(", ")))),
        ("status", Some(format!("{}, {} confirmations", alert.status.0.as_str(), alert.confirmations))),
        ("blockchain", Some(alert.blockchain.0.as_str().to_owned())),
        ("transaction", Some(alert.transaction_hash.clone())),
        ("block", alert.block_number.map(|number| number.to_string())),
        ("at", Some(time(alert.timestamp))),
        ("detected at", Some(time(alert.detected_at))),
        ("revoked at", alert.revoked_at.map(time)),
        ("sources", Some(alert.sources.join(", "))),
    ])
}

/// What a price has done, and what it usually does.
fn impact(impact: &WhaleImpact) -> String {
    let usual = impact.base_rate.as_ref().map(|base| {
        format!("; usually {} % to {} %, on {} days before", base.low_percent, base.high_percent, base.days)
    });
    format!("{} USDT, {} %{}", impact.price, impact.change_percent, usual.unwrap_or_default())
}

/// The mean, beside what prices usually do from the same hours on.
fn measured(mean: Option<&WhaleImpactMean>) -> String {
    mean.map_or_else(String::new, |mean| {
        let WhaleImpactMean { alerts, mean_change_percent, mean_base_percent, unusual } = mean;
        format!("{mean_change_percent} % (usually {mean_base_percent} %), {unusual} of {alerts} unusual")
    })
}

fn sentiment(api: &Api, Sentiment { symbol, hours, list }: &Sentiment) -> Result<(), Failure> {
    let hours = hours.map(|hours| hours.to_string());
    let path = if hours.is_some() { "market-sentiment" } else { "market-sentiment/latest" };
    let asked = [("symbol", symbol.as_ref()), ("hours", hours.as_ref())];
    api.show(&filtered(paged(path, list), &asked), list.watch, |page: &List<MarketSentiment>| {
        let rows = page.items.iter().map(said).collect();
        table(&SENTIMENTS, rows, NO_SENTIMENT).with_next(page.next_cursor.as_ref())
    })
}

fn said(sentiment: &MarketSentiment) -> Vec<Cell> {
    let input = |name: &str| {
        let input = sentiment.inputs.iter().find(|input| input.name.0.as_str() == name);
        plain(input.map_or_else(String::new, |input| format!("{} (weight {})", input.score, input.weight)))
    };
    vec![
        plain(time(sentiment.timestamp)),
        plain(&*sentiment.symbol),
        plain(&*sentiment.score),
        word(sentiment.label.0.as_str()),
        input("whale_flow"),
        input("price_momentum"),
    ]
}

fn stats(stats: &WhaleStats) -> String {
    let mean = stats.mean_significance.as_deref().map(|mean| format!(", mean score {mean}")).unwrap_or_default();
    let head =
        format!("Since {}: {} whale alerts, {} USD{mean}", stats.since, stats.total_alerts, stats.total_volume_usd);
    if stats.total_alerts == 0 {
        return head;
    }
    let counted = |one: &MeasuredWhaleCount| {
        let counted = [one.alerts.to_string(), one.volume_usd.clone()];
        let means = [&one.after_1h, &one.after_24h].map(|after| measured(after.as_ref()));
        std::iter::once(one.name.clone()).chain(counted).chain(means).map(plain).collect()
    };
    let counts = |counts: &[MeasuredWhaleCount]| table(&COUNTS, counts.iter().map(counted).collect(), NONE);
    format!("{head}\n\n{}\n\n{}", counts(&stats.by_type), counts(&stats.currencies))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use crate::commands::served::serving;
    use clap::Parser;

    const ALERT: &str = r#"{"id": "wha_a", "blockchain": "ethereum", "transaction_hash": "0xab", "block_number": 7,
        "from": {"address": "0x1111111111111111111111111111111111111111", "label": null, "category": null},
        "to": {"address": "0x2222222222222222222222222222222222222222", "label": "Binance", "category": "exchange"},
        "currency": "USDC", "amount": "12000000", "amount_usd": "12000000", "price_before": "1", "price_after": "0.999",
        "price_change_percent": "-0.1", "impact": {"after_1h": {"price": "0.999", "change_percent": "-0.1", "base_rate": {"days": 30,
        "mean_percent": "0", "low_percent": "-0.02", "high_percent": "0.02"}, "unusual": true}, "after_24h": null}, "transaction_type": "exchange_inflow",
        "sentiment": "bearish", "significance_score": 9, "score_reasons": ["type", "above_10m_usd"], "others": 0,
        "status": "provisional", "confirmations": 1, "sources": ["node"], "timestamp": "2023-11-14T22:13:20Z",
        "detected_at": "2023-11-14T22:14:05Z", "revoked_at": null}"#;

    #[test]
    fn alert_says_who_has_moved_what_to_whom() {
        let alert: WhaleAlert = serde_json::from_str(ALERT).unwrap();
        let text = shown(&alert);
        for part in [
            "exchange_inflow, bearish",
            "12000000 USDC",
            "Binance (0x2222",
            "9 of 10: type, above_10m_usd",
            "provisional, 1 conf",
            "0.999 USDT, -0.1 %; usually -0.02 % to 0.02 %, on 30 days before",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("revoked") && !text.contains("24 h"), "{text}");
        assert_eq!((side(&alert.from), side(&alert.to)), ("0x11111111…".to_owned(), "Binance".to_owned()));
    }

    #[test]
    fn list_asks_for_what_was_typed() {
        let (api, requests) = serving(&[(200, r#"{"items": [], "next_cursor": null}"#)]);
        let typed =
            ["moniqo", "whales", "list", "--currency", "BTC", "--type", "mint", "--min-usd", "5000000", "--limit", "3"];
        let Command::Whales(wanted) = Cli::try_parse_from(typed).unwrap().command else { unreachable!() };
        run(&api, &wanted).unwrap();
        let asked = requests.join().unwrap();
        for part in ["currency=BTC", "transaction_type=mint", "min_amount_usd=5000000", "limit=3"] {
            assert!(asked[0].contains(part), "{asked:?}");
        }
    }

    #[test]
    fn sentiment_is_of_the_newest_hour_unless_hours_are_named() {
        for (typed, path) in [
            (vec!["--symbol", "BTC"], "market-sentiment/latest?symbol=BTC"),
            (vec!["--hours", "24"], "market-sentiment?hours=24"),
        ] {
            let (api, requests) = serving(&[(200, r#"{"items": [], "next_cursor": null}"#)]);
            let typed = ["moniqo", "whales", "sentiment"].into_iter().chain(typed);
            let Command::Whales(wanted) = Cli::try_parse_from(typed).unwrap().command else { unreachable!() };
            run(&api, &wanted).unwrap();
            let asked = requests.join().unwrap();
            assert!(asked[0].contains(path), "{asked:?}");
        }
    }
}
