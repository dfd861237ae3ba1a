//! `moniqo whales`

use super::{Api, filtered, paged, whale_labels, whale_sources};
use crate::args::{WhaleList, Whales};
use crate::failure::Failure;
use crate::table::{facts, plain, table, time, word};
use comfy_table::Cell;
use wire::view::{List, WhaleAlert, WhaleCount, WhaleSide, WhaleStats};

const ALERTS: [&str; 8] = ["id", "detected (UTC)", "type", "amount", "USD", "from", "to", "score"];
const COUNTS: [&str; 3] = ["name", "alerts", "USD"];
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

fn stats(stats: &WhaleStats) -> String {
    let mean = stats.mean_significance.as_deref().map(|mean| format!(", mean score {mean}")).unwrap_or_default();
    let head =
        format!("Since {}: {} whale alerts, {} USD{mean}", stats.since, stats.total_alerts, stats.total_volume_usd);
    let counts = |counts: &[WhaleCount]| {
        let row = |one: &WhaleCount| vec![plain(&*one.name), plain(one.alerts.to_string()), plain(&*one.volume_usd)];
        table(&COUNTS, counts.iter().map(row).collect(), NONE).to_string()
    };
    if stats.total_alerts == 0 {
        return head;
    }
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
        "currency": "USDC", "amount": "12000000", "amount_usd": "12000000", "transaction_type": "exchange_inflow",
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
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("revoked"), "{text}");
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
}
