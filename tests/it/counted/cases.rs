//! The cases, as they follow from each other in the lives of a few groups.

use super::meter::Counted;
use super::shop::{Person, Shop};
use crate::support::unique::{now, unique};
use domain::clock::Millis;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ALERT_BYTES: usize = 700;
const PERSONS_MAX: usize = 5;
/// Above the take-profit of an entry at 100.
const RISEN: [&str; 4] = ["100", "120", "100", "120"];

pub(crate) async fn all(shop: &Shop) -> BTreeMap<&'static str, Counted> {
    let mut counted = BTreeMap::new();
    counted.insert("minute_idle", shop.minute(Millis::ZERO).await);
    counted.insert("plan_idle", shop.plan().await);
    counted.insert("fetch_candle", shop.fetch().await);
    counted.insert("look_at_candles", shop.look().await);
    counted.insert("play_backtest", shop.backtest().await);
    taken_profit(shop, &mut counted).await;
    beside_another(shop, &mut counted).await;
    left_by_an_alert(shop, &mut counted).await;
    Box::pin(under_rules(shop, &mut counted)).await;
    Box::pin(shop.whales(&mut counted)).await;
    counted
}

/// In, and out by the take-profit.
async fn taken_profit(shop: &Shop, counted: &mut BTreeMap<&'static str, Counted>) {
    let person = shop.person().await;
    let entry = alert(&json!({"type": "entry", "strategy": "grid", "side": "long"}));
    counted.insert("receive_first", shop.receive(&person, &entry).await);
    counted.insert("decide_open", shop.decide().await);
    counted.insert("receive_duplicate", shop.receive(&person, &entry).await);
    counted.insert("execute_first", shop.execute().await);
    decided(shop, &person, "entry", counted, "decide_refused").await;
    counted.insert("minute_first", shop.minute(Millis::ZERO).await);
    counted.insert("minute_live", shop.minute(Millis::seconds(60)).await);
    counted.insert("pass_refreshes", shop.tick(&person, 0).await);
    shop.fills_were_shown(&person).await;
    counted.insert("pass_quiet", shop.tick(&person, 1).await);
    counted.insert("pass_served", shop.tick(&person, 1).await);
    shop.price(&person, RISEN).await;
    counted.insert("pass_settles", shop.tick(&person, 2).await);
    shop.fills_were_shown(&person).await;
    counted.insert("pass_last", shop.tick(&person, 3).await);
    decided(shop, &person, "exit", counted, "decide_ignored").await;
}

/// In, where the account has a position already.
async fn beside_another(shop: &Shop, counted: &mut BTreeMap<&'static str, Counted>) {
    let (person, entry) = (shop.person().await, json!({"type": "entry", "strategy": "grid", "side": "long"}));
    for timeframe in ["60", "240"] {
        shop.receive(&person, &alert_on(timeframe, &entry)).await;
        shop.decide().await;
        counted.insert("execute_entry", shop.execute().await);
    }
}

/// In under the rules that are recommended, with an order by hand behind it; looked at, and out of everything.
async fn under_rules(shop: &Shop, counted: &mut BTreeMap<&'static str, Counted>) {
    let person = shop.person().await;
    shop.recommended(&person).await;
    shop.receive(&person, &an_entry()).await;
    counted.insert("decide_ruled", shop.decide().await);
    shop.execute().await;
    counted.insert("look_at_portfolio", shop.portfolio(&person).await);
    counted.insert("place_by_hand", shop.place(&person).await);
    counted.insert("flatten_one", Box::pin(shop.flatten(&person)).await);
}

/// In, and out by an exit alert. On a busy machine the executor leaves the take-profit to its next message, and an exit without one
/// has less to do: then another person is counted, a few times at most.
async fn left_by_an_alert(shop: &Shop, counted: &mut BTreeMap<&'static str, Counted>) {
    let entry = alert(&json!({"type": "entry", "strategy": "grid", "side": "long"}));
    let mut person = shop.person().await;
    for _ in 0..PERSONS_MAX {
        shop.receive(&person, &entry).await;
        shop.decide().await;
        if shop.execute().await.writes >= counted["execute_first"].writes {
            break;
        }
        person = shop.person().await;
    }
    decided(shop, &person, "exit", counted, "decide_exit").await;
    counted.insert("execute_exit", shop.execute().await);
}

async fn decided(
    shop: &Shop,
    person: &Person,
    kind: &str,
    counted: &mut BTreeMap<&'static str, Counted>,
    name: &'static str,
) {
    shop.receive(person, &alert(&json!({"type": kind, "strategy": "grid", "side": "long"}))).await;
    counted.insert(name, shop.decide().await);
}

pub(crate) fn an_entry() -> String {
    alert(&json!({"type": "entry", "strategy": "grid", "side": "long"}))
}

/// A text of a user's own, of the size that the model says: its words are not those of our templates, by which bodies
/// are packed best.
fn alert(intent: &Value) -> String {
    alert_on("60", intent)
}

fn alert_on(timeframe: &str, intent: &Value) -> String {
    let now = now().millis();
    let text = |notes: &str| {
        let mut alert = json!({
            "id": unique(),
            "bot": {"name": "Momentum basket", "version": "3.2.1", "owner": "desk-7", "run": now},
            "tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": timeframe, "close": "100", "sent_at": now},
            "execution_intent": intent,
            "signal": {"rsi": 61.27, "adx": 24.918, "atr": 812.44, "ema_fast": 64310.55, "ema_slow": 63988.02},
            "risk": {"score": 0.37, "regime": "trending", "liquidity": "deep", "notes": ""},
        });
        alert["risk"]["notes"] = notes.into();
        alert.to_string()
    };
    let missing = ALERT_BYTES - text("").len();
    text(&NOTES.chars().chain(unique().chars().cycle()).take(missing).collect::<String>())
}

const NOTES: &str = "Breakout above the weekly open with rising volume; funding is flat, so no squeeze is priced in. Half \
                     size before the minutes of the central bank are out, full size after the second close above the \
                     band. Invalid below yesterday's low. Seen first by the scanner of Zurich, checked by hand at noon.";
