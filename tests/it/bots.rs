//! Bots on the deployed stack: a candle closes, the bus tells it, and a run that hears it buys once.

use crate::support::http::{Answer, ask};
use crate::support::people::known;
use crate::support::unique::now;
use crate::support::{Caller, Stack, Trader, until, until_told};
use domain::clock::Timestamp;
use domain::identity::Role;
use domain::market::{Bar, Candle, Interval};
use domain::series::{KeptCandle, Series};
use reqwest::Method;
use serde_json::{Value, json};
use store::market::Market;
use store::trading::Trading;
use wire::ingest::{Ingest, Todo};

const MINUTE: Interval = Interval::OneMinute;
/// Minutes of the fall: more than a strategy hears before it decides.
const KEPT: u32 = 400;
/// Minutes after it: longer than any test takes.
const STAYS: u32 = 100;

/// Somebody with a bot on a market whose price has fallen for hours; from the candle on that closes next it stays half as high again.
struct Botted {
    trader: Trader,
    series: Series,
    bot: String,
}

impl Botted {
    async fn new() -> Self {
        let trader = Trader::new().await;
        let series = Series { market: trader.market.key.clone(), interval: MINUTE };
        let made = trader.post("/bots", &wanted(&trader)).await;
        assert_eq!(made.status, 201, "{made:?}");
        let bot = made.json()["id"].as_str().unwrap().to_owned();
        Self { trader, series, bot }
    }

    /// Its exchange tells the fall and what came of it, and the fall is kept: whoever asks for any of it again is told the same. When the first
    /// candle closes that is high.
    async fn fallen(&self) -> Timestamp {
        let rises_at = MINUTE.told_to(now());
        let began_at = rises_at.minus(MINUTE.times(KEPT));
        let price = |minute: u32| 100 + KEPT.saturating_sub(minute + 1) / 10 + if minute < KEPT { 0 } else { 50 };
        let bar = |minute: u32| {
            let [open, high, low, close] = [price(minute); 4].map(|price| price.to_string().parse().unwrap());
            let opens_at = began_at.plus(MINUTE.times(minute));
            Bar { opens_at, closes_at: opens_at.plus(MINUTE.length()), open, high, low, close }
        };
        let bars = (0..KEPT + STAYS).map(bar).map(|bar| [bar.open, bar.high, bar.low, bar.close]).collect();
        let replay = aws::Replay { started_at: began_at, bar: MINUTE.length(), bars };
        self.trader.aws.write_replay(&self.trader.market.key, &replay).await.unwrap();
        let candle = |bar| Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
        let kept = |bar: Bar| KeptCandle { kept_at: bar.closes_at, candle: candle(bar) };
        let candles: Vec<_> = (0..KEPT).map(bar).map(kept).collect();
        Market(&self.trader.aws).keep_candles(&self.series, &candles).await.unwrap();
        rises_at.plus(MINUTE.length())
    }

    async fn start(&self) -> String {
        let started = self.trader.post(&format!("/bots/{}/start", self.bot), &Value::Null).await;
        assert_eq!(started.status, 201, "{started:?}");
        started.json()["id"].as_str().unwrap().to_owned()
    }

    /// The worker fetches what has closed, and tells it; with holes, once more what was told.
    async fn candle_closes(&self, holes: bool) {
        let series = vec![wire::ingest::Series::new(&self.series, true)];
        let run = Ingest::new(Todo::Fetch { series, holes }, String::new());
        let run = serde_json::to_value(run).unwrap();
        let said = Caller::root().invoke(&Stack::get().name("IngestFunction"), &run).await;
        assert_eq!((said.status, &said.body), (200, &Value::Null), "{said:?}");
    }

    /// What its run has done, oldest first.
    async fn log(&self, run: &str) -> Vec<Value> {
        let told = self.trader.get(&format!("/bots/{}/runs/{run}/log", self.bot)).await;
        assert_eq!(told.status, 200, "{told:?}");
        let mut log = told.json()["items"].as_array().unwrap().clone();
        log.reverse();
        log
    }

    async fn spelled(&self, method: Method, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        ask(method, &format!("/bot/{path}"), Some(&self.trader.bearer), body).await
    }
}

/// Its user's settings are kept where another function keeps people.
#[tokio::test]
async fn a_bot_without_a_preset_starts_with_the_one_of_its_users_settings() {
    let botted = Botted::new().await;
    let trader = &botted.trader;
    let person = known(trader.user.clone(), Role::Trader).await;
    let put = async |path: &str, body: Value| {
        ask(Method::PUT, &format!("/api/v1/{path}"), Some(&person.token), body.to_string()).await
    };
    assert_eq!(put("presets/mine", json!({"base_order": {"quote": "50"}})).await.status, 201);
    let set = put("user-settings", json!({"entry_preset": "mine"})).await;
    assert_eq!((set.status, &set.json()["from"]["entry_preset"]), (200, &json!("user")), "{set:?}");
    let run = botted.start().await;
    let shown = trader.get(&format!("/bots/{}/runs/{run}", botted.bot)).await.json();
    assert_eq!(shown["preset"], "mine", "{shown}");
    let path = format!("/api/v1/user-settings?bot_id={}", botted.bot);
    let of_bot = ask(Method::GET, &path, Some(&person.token), String::new()).await.json();
    assert_eq!([&of_bot["entry_preset"], &of_bot["from"]["entry_preset"]], ["mine", "run"], "it runs");
}

fn wanted(trader: &Trader) -> Value {
    json!({
        "name": "minutes", "account": trader.account.as_str(), "symbol": trader.symbol(), "timeframe": "1m",
        "strategy": "RSI_CROSS", "parameters": {"oversold": 30},
        "plan": {"base_order": {"quote": "75"}, "stop_loss_percent": "9"},
    })
}

fn kinds(log: &[Value]) -> Vec<&str> {
    log.iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_candle_that_closes_is_bought_once_by_the_run_that_hears_it() {
    let botted = Botted::new().await;
    let (trader, run) = (&botted.trader, botted.start().await);
    let closes_at = botted.fallen().await;
    until("the candle to close", async || (MINUTE.told_to(now()) >= closes_at).then_some(())).await;
    botted.candle_closes(false).await;
    let log = until_told("the run to raise its signal", async || {
        let log = botted.log(&run).await;
        if kinds(&log).contains(&"signal") {
            return Ok(log);
        }
        // As every five minutes: an event may be lost with whoever hears it.
        botted.candle_closes(true).await;
        Err(log)
    })
    .await;
    assert_eq!(kinds(&log), ["started", "signal"]);
    let said = &log[1]["said"];
    assert_eq!(said["action"], "enter_long", "{said}");
    let group = until("its position", async || {
        let groups = trader.get("/position-groups").await.json();
        groups["items"][0]["id"].as_str().map(str::to_owned)
    })
    .await;
    let held = trader.follow(&group, "its entry to be filled", crate::exchanges::is_filled).await;
    assert_eq!(held.group.timeframe.as_deref(), Some("1"), "{held:#?}");
    // Told again and again, by whoever tells it, until the next candle has closed as well.
    let status = until_told("the run to hear more", async || {
        for _ in 0..3 {
            botted.candle_closes(true).await;
        }
        let told = botted.spelled(Method::GET, &format!("status/{run}"), &Value::Null).await.json();
        if told["status"] == "running" && told["candles"].as_u64() >= Some(2) { Ok(told) } else { Err(told) }
    })
    .await;
    assert_eq!(status["signals"], 1, "{status}");
    let deliveries = trader.get("/deliveries").await.json();
    assert_eq!(deliveries["items"].as_array().map(Vec::len), Some(1), "{deliveries}");
    assert_eq!(deliveries["items"][0]["id"], log[1]["delivery_id"]);
    assert_eq!(deliveries["items"][0]["verdict"]["kind"], "accepted", "{deliveries}");

    let stopped = botted.spelled(Method::POST, "stop", &json!({"bot_run_id": run, "reason": "enough"})).await;
    assert_eq!((stopped.status, &stopped.json()["status"]), (200, &json!("stopped")), "{stopped:?}");
    let log = botted.spelled(Method::GET, &format!("logs/{run}"), &Value::Null).await.json();
    assert_eq!((&log["items"][0]["kind"], &log["items"][0]["detail"]), (&json!("stopped"), &json!("enough")));
    assert_eq!(Trading(&trader.aws).list_hearers(&botted.series).await, Ok(Vec::new()));
    let wanted = Market(&trader.aws).list_wishes().await.unwrap().into_iter().any(|wish| wish.series == botted.series);
    assert!(!wanted, "nobody wants it any more");
    let closed = trader.post(&format!("/position-groups/{group}/close"), &Value::Null).await;
    assert_eq!(closed.status, 202, "{closed:?}");
    trader.closed(&group).await;
    has_traded(&botted, &run, &group).await;
}

/// Its one trade is told as the bot's, and counted as that.
async fn has_traded(botted: &Botted, run: &str, group: &str) {
    let told = async |path: &str| {
        let answer = ask(Method::GET, path, Some(&botted.trader.bearer), "").await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer
    };
    let (bot, other) = (&botted.bot, run.replace("run_", "bot_"));
    for path in ["/trades/history", "/api/v1/trades/history"] {
        let trades = told(&format!("{path}?bot={bot}&run={run}&status=closed")).await.json();
        let trade = &trades["items"][0];
        assert_eq!((&trade["id"], &trade["bot_run_id"]), (&json!(group), &json!(run)), "{trades}");
        assert!(trade["exit_price"].is_string() && trade["held"] == "0", "{trade}");
        assert_eq!(told(&format!("{path}?bot={other}")).await.json()["items"], json!([]));
    }
    let sheet = told(&format!("/trades/history?format=csv&bot={bot}")).await.text;
    assert!(sheet.starts_with("id,bot_id,") && sheet.lines().count() == 2 && sheet.contains(group), "{sheet}");
    for path in ["/dashboard/pnl", "/api/v1/dashboard/pnl"] {
        let sums = told(&format!("{path}?bot={bot}")).await.json();
        let (of_bot, day) = (&sums["bots"][0], &sums["days"][0]);
        assert_eq!((&of_bot["bot_id"], &of_bot["closed"]["trades"]), (&json!(bot), &json!(1)), "{sums}");
        assert_eq!((&of_bot["open"]["trades"], &day["realised_pnl"]), (&json!(0), &of_bot["closed"]["realised_pnl"]));
        assert_eq!(sums["known_since"], Value::Null);
    }
}

#[tokio::test]
async fn a_bot_is_its_owners_runs_alone_on_its_series_and_is_gone_once_it_is_deleted() {
    let (botted, other) = (Botted::new().await, Trader::new().await);
    let (trader, path) = (&botted.trader, format!("/bots/{}", botted.bot));
    let run = botted.start().await;
    for foreign in [path.clone(), format!("{path}/runs"), format!("{path}/runs/{run}/log")] {
        assert_eq!(other.get(&foreign).await.status, 404, "{foreign}");
    }
    for act in ["start", "stop"] {
        assert_eq!(other.post(&format!("{path}/{act}"), &json!({})).await.status, 404, "{act}");
    }
    let twice = trader.post(&format!("{path}/start"), &json!({})).await;
    assert_eq!((twice.status, &twice.json()["code"]), (409, &json!("bot_runs")));
    let beside = botted.spelled(Method::POST, "start", &wanted(trader)).await;
    assert_eq!((beside.status, &beside.json()["code"]), (409, &json!("series_taken")), "{beside:?}");
    let gone = ask(Method::DELETE, &format!("/api/v1{path}"), Some(&trader.bearer), "").await;
    assert_eq!((gone.status, &gone.json()["code"]), (409, &json!("bot_runs")));
    for (field, value) in [
        ("account", json!(other.account.as_str())),
        ("strategy", json!("COIN_TOSS")),
        ("parameters", json!({"period": 0})),
        ("rules", json!({"entry": {"left": "close", "op": ">", "right": 1}})),
        ("plan", json!({"stop_los": 1})),
        ("symbol", json!("NOBODY/USDT")),
        ("preset", json!("nobodys")),
    ] {
        let mut wrong = wanted(trader);
        wrong[field] = value;
        let refused = trader.post("/bots", &wrong).await;
        let named = refused.json()["field"].as_str().unwrap_or_default().to_owned();
        assert!(refused.status == 422 && named.starts_with(field), "{field}: {refused:?}");
    }
    let mut ruled = wanted(trader);
    (ruled["strategy"], ruled["parameters"]) = (Value::Null, Value::Null);
    ruled["rules"] = json!({"entry": {"all": [{"left": {"indicator": "rsi", "period": 0}, "op": "<", "right": 30}]}});
    let refused = trader.post("/bots", &ruled).await;
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (422, &json!("rules.entry.all[0].left.period")),
        "{refused:?}"
    );
    ruled["rules"]["entry"]["all"][0]["left"]["period"] = json!(14);
    let kept = trader.post("/bots", &ruled).await;
    let (told, rules) = (kept.json(), &ruled["rules"]);
    assert_eq!((kept.status, &told["strategy"], &told["rules"]), (201, &json!("RULES"), rules), "{kept:?}");
    assert_eq!(told["in_words"], json!(["Enters long when RSI(14) is below 30.", "Never leaves by itself."]));
    let stopped = trader.post(&format!("{path}/stop"), &json!({"reason": "enough"})).await;
    assert_eq!((stopped.status, &stopped.json()["stop_reason"]), (200, &json!("enough")), "{stopped:?}");
    let launched = botted.spelled(Method::POST, "start", &wanted(trader)).await;
    assert_eq!(launched.status, 201, "{launched:?}");
    let listed = botted.spelled(Method::GET, &format!("list/{}", trader.user), &Value::Null).await.json();
    let running: Vec<_> = listed["items"].as_array().unwrap().iter().map(|bot| bot["running"].clone()).collect();
    assert_eq!(running, [json!(false), json!(false), json!(true)], "{listed}");
    let gone = ask(Method::DELETE, &format!("/api/v1{path}"), Some(&trader.bearer), "").await;
    assert_eq!(gone.status, 204, "{gone:?}");
    assert_eq!(trader.get(&path).await.status, 404);
    let kept = trader.get(&format!("{path}/runs/{run}")).await;
    assert_eq!((kept.status, &kept.json()["status"]), (200, &json!("stopped")), "its runs stay");
}

#[tokio::test]
async fn a_strategy_with_a_ladder_is_kept_where_its_plan_says_nothing_beside_it() {
    let trader = Trader::new().await;
    let mut laddered = wanted(&trader);
    (laddered["strategy"], laddered["parameters"]) = (json!("dca_ladder"), json!({"safety_orders": 3, "stop_loss": 9}));
    let refused = trader.post("/bots", &laddered).await;
    assert_eq!((refused.status, &refused.json()["field"]), (422, &json!("plan.base_order")), "{refused:?}");
    laddered["plan"] = json!({"cooldown_minutes": 5});
    let kept = trader.post("/bots", &laddered).await;
    let told = kept.json();
    assert_eq!((kept.status, &told["strategy"]), (201, &json!("DCA_LADDER")), "{kept:?}");
    assert_eq!(told["parameters"]["stop_loss"], "9", "{told}");
    let path = format!("/bots/{}", told["id"].as_str().unwrap());
    let started = trader.post(&format!("{path}/start"), &Value::Null).await;
    assert_eq!(started.status, 201, "{started:?}");
    let stopped = trader.post(&format!("{path}/stop"), &json!({"reason": "enough"})).await;
    assert_eq!(stopped.status, 200, "{stopped:?}");
}
