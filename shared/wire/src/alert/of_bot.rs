//! What a bot says, in the text of an alert: it goes the way of any other.

use super::json::Node;
use super::{BadAlert, open};
use crate::preset::Document;
use domain::alert::{Alert, Side};
use domain::bot::{Deed, Run, Terms};
use domain::market::{Bar, MarketKey};

/// The text of a signal. It follows from the run, the candle and the deed: the same ones make the same text.
///
/// # Errors
/// Where what was kept of the plan is none, as it was when it was kept.
pub fn of_bot(run: &Run, bar: &Bar, deed: Deed) -> Result<String, BadAlert> {
    let closed = bar.closes_at.millis().to_string();
    let about = vec![
        text("id", &run.signal_id(bar.opens_at, deed)),
        text("sent_at", &closed),
        ("tv".to_owned(), tv(&run.terms, Some(bar))),
        ("execution_intent".to_owned(), intent(deed)),
    ];
    Ok(Node::Object(about.into_iter().chain(plan(&run.terms, deed)?).collect()).to_string())
}

/// What an entry of a bot would be over this preset, before any candle has closed.
///
/// # Errors
/// The member of its plan that is wrong, or does not go together with its preset; `unknown_preset`.
pub fn entry_of(terms: &Terms, side: Side, base: Option<&super::Base>) -> Result<Alert, BadAlert> {
    let deed = Deed::Enter(side);
    let about = vec![("tv".to_owned(), tv(terms, None)), ("execution_intent".to_owned(), intent(deed))];
    let body = Node::Object(about.into_iter().chain(plan(terms, deed)?).collect()).to_string();
    open(body.as_bytes()).over(base)
}

fn text(name: &str, value: &impl ToString) -> (String, Node) {
    (name.to_owned(), Node::Text(value.to_string()))
}

fn tv(terms: &Terms, bar: Option<&Bar>) -> Node {
    let MarketKey { exchange, symbol } = &terms.series.market;
    let close = bar.map(|bar| text("close", &bar.close));
    let named = [text("exchange", exchange), text("symbol", symbol), text("timeframe", &terms.series.interval)];
    Node::Object(named.into_iter().chain(close).collect())
}

fn intent(deed: Deed) -> Node {
    let (kind, side) = match deed {
        Deed::Enter(Side::Long) => ("entry", Some("long")),
        Deed::Enter(Side::Short) => ("entry", Some("short")),
        Deed::Exit => ("exit", None),
    };
    let side = side.map(|side| text("side", &side));
    Node::Object([text("type", &kind), text("strategy", &"grid")].into_iter().chain(side).collect())
}

/// Of an entry alone: an exit has no use for it.
fn plan(terms: &Terms, deed: Deed) -> Result<Vec<(String, Node)>, BadAlert> {
    if deed == Deed::Exit {
        return Ok(Vec::new());
    }
    let preset = terms.preset.as_ref().map(|preset| text("preset", preset));
    let own = Document::parse(&terms.plan)?;
    Ok(preset.into_iter().chain(own.members().iter().cloned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Base, parse};
    use domain::bot::Strategy;
    use domain::clock::Timestamp;
    use domain::ids::{AccountId, BotId, RunId, UserId};
    use domain::market::Interval;
    use domain::preset::PresetRef;
    use domain::series::Series;
    use domain::signal::{Wish, wish};

    const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn run(preset: Option<&str>, plan: &str) -> Run {
        let market = MarketKey { exchange: "BINANCEUSDM".parse().unwrap(), symbol: "BTC/USDT:USDT".parse().unwrap() };
        let terms = Terms {
            account: AccountId::of(&["a"]),
            series: Series { market, interval: Interval::FourHours },
            strategy: Strategy { name: "RSI_CROSS".to_owned(), ..Strategy::default() },
            preset: preset.map(|name| name.parse().unwrap()),
            plan: Document::parse(plan).unwrap().text(),
            confidence_min: "0".parse().unwrap(),
        };
        Run {
            id: RunId::at(START, &["r"]),
            bot: BotId::at(START, &["b"]),
            user: UserId::of(&["u"]),
            version: 1,
            terms,
            label: "default".to_owned(),
            lane: "lane".to_owned(),
            started_at: START,
            ended: None,
            decided_to: START,
            candles: 0,
            signals: 0,
            last: None,
            raised: None,
            failing: None,
        }
    }

    fn bar() -> Bar {
        let price = || "86012.1".parse().unwrap();
        let closes_at = START.plus(Interval::FourHours.length());
        Bar { opens_at: START, closes_at, open: price(), high: price(), low: price(), close: price() }
    }

    #[test]
    fn what_a_bot_says_is_an_alert_as_any_other() {
        let run = run(None, r#"{"stop_loss_percent": 7, "base_order": {"quote": 50}, "open_groups_max": 2}"#);
        for deed in Deed::ALL {
            let text = of_bot(&run, &bar(), deed).unwrap();
            assert_eq!(text, of_bot(&run, &bar(), deed).unwrap());
            let alert = parse(&text, None).unwrap();
            let wished = match deed {
                Deed::Enter(side) => Wish::Hold(side),
                Deed::Exit => Wish::Exit,
            };
            assert_eq!(wish(&alert), Ok(wished), "{text}");
            assert_eq!(alert.id, Some(run.signal_id(START, deed)));
            assert_eq!(alert.sent_at, Some(bar().closes_at));
            assert_eq!(
                (&alert.exchange, &alert.symbol),
                (&run.terms.series.market.exchange, &run.terms.series.market.symbol)
            );
            assert_eq!(alert.timeframe.map(|timeframe| timeframe.to_string()).as_deref(), Some("4h"));
            assert_eq!((alert.close, alert.max_lag), (Some(bar().close), domain::limits::LAG_DEFAULT));
        }
        assert!(!of_bot(&run, &bar(), Deed::Exit).unwrap().contains("stop_loss"), "an exit brings no plan");
    }

    #[test]
    fn its_entries_stand_over_its_preset() {
        let base = |document: &str| Base {
            at: PresetRef { name: "grid".parse().unwrap(), version: 3 },
            document: Document::parse(document).unwrap(),
        };
        let terms = run(Some("grid"), r#"{"stop_loss_percent": 3}"#).terms;
        let over = base(r#"{"base_order": {"quote": 250}, "stop_loss_percent": 8, "cooldown_minutes": 5}"#);
        let meant = entry_of(&terms, Side::Long, Some(&over)).unwrap();
        assert_eq!(meant.plan.stop_loss.unwrap().loss.to_string(), "3");
        assert!(meant.plan.rules.cooldown.is_some());
        assert_eq!(entry_of(&terms, Side::Long, None).unwrap_err().code, BadAlert::UNKNOWN_PRESET);
        assert!(entry_of(&run(None, "{}").terms, Side::Short, None).is_ok());
    }
}
