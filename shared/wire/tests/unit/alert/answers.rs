//! `tests/golden/alert/answers.csv`: each member of each text with each kind of bad value, and the one right answer. Its README
//! says what the words mean. A row here is the shortest legal text that has the member, with what the row says beside it.

use domain::alert::Alert;
use domain::signal::{Wish, wish};
use serde_json::{Map, Value, json};
use wire::alert::{BadAlert, open};
use wire::ladder;
use wire::preset::Document;

const ANSWERS: &str = include_str!("../../../../../tests/golden/alert/answers.csv");

/// Rows that are answered otherwise. Each is one where the rules are silent, or where the document that it names is.
const OTHERWISE: [(&str, &str, &str); 13] = [
    // A line that does not read as a market is none of the forms: 400, as the guide says of all that is none.
    ("plain", "exchange", "wrong_type"),
    ("plain", "symbol", "null"),
    ("plain", "symbol", "nan_text"),
    ("plain", "symbol", "nan_bare"),
    ("plain", "symbol", "placeholder"),
    ("plain", "symbol", "wrong_type"),
    ("plain", "symbol", "huge"),
    ("plain", "symbol", "negative"),
    // Of a text form every value is text, and one that is no time at all is named.
    ("octobot_entry", "TIMESTAMP", "wrong_type"),
    // Without a preset the side is missing as well, and is named first; the command line knows no preset.
    ("plan", "preset", "absent"),
    ("plan", "preset", "null"),
    // A plan says from where its profit is.
    ("plan", "take_profit.basis", "absent"),
    ("plan", "take_profit.basis", "null"),
];

/// Stands for a bare `NaN` until the text is written.
const BARE: &str = "a bare NaN";

/// What stands beside a member, in which texts (none means all): each row that is of it in its turn. `*` is any ending.
#[rustfmt::skip]
const BESIDE: [(&str, &str, &str); 40] = [
    ("", "base_order.*",                          r#"{"base_order": {}}"#),
    ("", "base_order.type",                       r#"{"base_order": {"quote": "50"}}"#),
    ("", "base_order.unknown_member",             r#"{"base_order": {"quote": "50"}}"#),
    ("", "base_order.limit_price",                r#"{"base_order": {"quote": "50", "type": "limit"}}"#),
    ("", "safety_orders.*",                       r#"{"safety_orders": {"count": "2", "quote": "20", "deviation_percent": "2"}}"#),
    ("", "safety_orders.quote",                   r#"{"safety_orders": {"count": "2", "deviation_percent": "2"}}"#),
    ("", "safety_orders.quantity",                r#"{"safety_orders": {"count": "2", "deviation_percent": "2"}}"#),
    ("", "safety_orders.balance_percent",         r#"{"safety_orders": {"count": "2", "deviation_percent": "2"}}"#),
    ("", "safety_orders.custom",                  r#"{"safety_orders": {}}"#),
    ("", "safety_orders.custom.0.*",              r#"{"safety_orders": {"custom": [{"deviation_percent": "2"}]}}"#),
    ("", "safety_orders.custom.0.deviation_percent", r#"{"safety_orders": {"custom": [{"quote": "20"}]}}"#),
    ("", "safety_orders.custom.0.unknown_member", r#"{"safety_orders": {"custom": [{"quote": "20", "deviation_percent": "2"}]}}"#),
    ("", "total",                                 r#"{"base_order": null, "safety_orders": null}"#),
    ("plan", "total",                             r#"{"safety_orders": {"custom": [{"deviation_percent": "2"}]}}"#),
    ("", "total.*",                               r#"{"base_order": null, "total": {"quote": "100", "weights": ["1", "2"]}, "safety_orders": {"custom": [{"deviation_percent": "2"}]}}"#),
    ("", "total.quote",                           r#"{"total": {"weights": ["1", "2"]}}"#),
    ("", "total.risk",                            r#"{"total": {"weights": ["1", "2"]}, "stop_loss_percent": "9"}"#),
    ("", "take_profit.*",                         r#"{"take_profit": {"steps": [{"profit_percent": "1", "amount_percent": "100"}]}}"#),
    ("plan", "take_profit.*",                     r#"{"take_profit": {"basis": "average", "steps": [{"profit_percent": "1", "amount_percent": "100"}]}}"#),
    ("plan", "take_profit.basis",                 r#"{"take_profit": {"steps": [{"profit_percent": "1", "amount_percent": "100"}]}}"#),
    ("", "take_profit.steps",                     r#"{"take_profit": {"basis": "average"}}"#),
    ("", "take_profit.all_profit_percent",        r#"{"take_profit": {"mode": "hybrid", "steps": [{"profit_percent": "1", "amount_percent": "100"}]},
                                                      "safety_orders": {"count": "2", "quote": "20", "deviation_percent": "2"}}"#),
    ("", "stop_loss_basis",                       r#"{"stop_loss_percent": "9"}"#),
    ("", "stop_loss_trailing",                    r#"{"stop_loss_percent": "9"}"#),
    ("", "stop_loss_delay_seconds",               r#"{"stop_loss_percent": "9"}"#),
    ("", "stop_loss_at_venue",                    r#"{"stop_loss_percent": "9"}"#),
    ("", "break_even_after_step",                 r#"{"stop_loss_percent": "9", "take_profit": {"basis": "average", "steps": [
                                                      {"profit_percent": "1", "amount_percent": "50"}, {"profit_percent": "2", "amount_percent": "50"}]}}"#),
    ("", "pyramids.*",                            r#"{"pyramids": {"max": "2", "distance_percent": "1", "close": "together"}}"#),
    ("entry", "safety_orders_alone",              r#"{"preset": "default", "safety_orders": {"count": "2", "quote": "20", "deviation_percent": "2"}}"#),
    ("entry", "tv.market_position*",              STRATEGY),
    ("entry", "tv.prev_market_position*",         STRATEGY),
    ("plan", "base_order.balance_percent",        r#"{"balance": "1000"}"#),
    ("plan", "safety_orders.balance_percent",     r#"{"balance": "1000"}"#),
    ("plan", "safety_orders.custom.0.balance_percent", r#"{"balance": "1000"}"#),
    ("plan", "preset",                            r#"{"side": null, "base_order": null, "safety_orders": null, "take_profit": null, "stop_loss_percent": null}"#),
    ("3commas_entry", "strategy_info*",           r#"{"action": "buy", "strategy_info": {"market_position": "long"}}"#),
    ("3commas_exit", "strategy_info*",            r#"{"action": "sell", "strategy_info": {"market_position": "flat"}}"#),
    ("3commas_entry", "order.*",                  r#"{"order": {"amount": "50", "currency_type": "quote"}}"#),
    ("3commas_entry", "order.price",              r#"{"order": {"amount": "50", "currency_type": "quote", "order_type": "limit"}}"#),
    ("3commas_exit", "order.*",                   r#"{"order": {"amount": "100", "currency_type": "position_percent"}}"#),
];
const STRATEGY: &str = r#"{"tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "60", "market_position": "long",
    "market_position_size": "1", "prev_market_position": "flat", "prev_market_position_size": "0"}}"#;

struct Row<'a> {
    text: &'a str,
    member: &'a str,
    value: &'a str,
    answer: &'a str,
}

impl Row<'_> {
    fn is_number(&self) -> bool {
        const NAMES: [&str; 30] = [
            "0",
            "sent_at",
            "timestamp",
            "TIMESTAMP",
            "bar_time",
            "contracts",
            "quote",
            "quantity",
            "limit_price",
            "count",
            "step_scale",
            "volume_scale",
            "active",
            "risk",
            "break_even_after_step",
            "max",
            "size_factor",
            "open_groups_max",
            "leverage",
            "price_tick",
            "quantity_step",
            "quantity_min",
            "notional_min",
            "fee_rate",
            "balance",
            "amount",
            "close",
            "max_lag",
            "PRICE",
            "VOLUME",
        ];
        const ENDINGS: [&str; 6] = ["_percent", "_seconds", "_minutes", "_size", "_max", "price"];
        let name = self.member.rsplit('.').next().unwrap();
        NAMES.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
    }

    fn is_object(&self) -> bool {
        const NAMES: [&str; 14] = [
            "tv",
            "execution_intent",
            "base_order",
            "safety_orders",
            "custom",
            "total",
            "weights",
            "take_profit",
            "steps",
            "pyramids",
            "market",
            "order",
            "strategy_info",
            "ladder",
        ];
        NAMES.contains(&self.member.rsplit('.').next().unwrap())
    }

    /// None where it is absent.
    fn value(&self) -> Option<Value> {
        Some(match self.value {
            "absent" => return None,
            "null" => Value::Null,
            "empty" => json!(""),
            "nan_text" => json!("NaN"),
            "nan_bare" => json!(BARE),
            "placeholder" => json!("{{x}}"),
            "wrong_type" if self.is_object() => json!(1),
            "wrong_type" => json!({"x": 1}),
            "huge" if self.is_number() => json!("1e400"),
            "huge" => json!("x".repeat(10_000)),
            "negative" => json!("-1"),
            other => unreachable!("{other}"),
        })
    }

    /// The same without JSON.
    fn word(&self) -> Option<String> {
        Some(match self.value()? {
            Value::String(text) if text == BARE => "NaN".to_owned(),
            Value::String(text) => text,
            Value::Null => "null".to_owned(),
            other => other.to_string(),
        })
    }

    fn body(&self) -> String {
        match self.text {
            "octobot_entry" | "octobot_exit" => self.lines(),
            "plain" => self.line(),
            _ => {
                let mut body = self.beside();
                set(&mut body, self.member, self.value());
                body.to_string().replace(&format!("\"{BARE}\""), "NaN")
            }
        }
    }

    fn lines(&self) -> String {
        let signal = if self.text == "octobot_exit" { "SELL" } else { "BUY" };
        let mut lines =
            vec![("EXCHANGE", "PAPER".to_owned()), ("SYMBOL", "BTCUSDT".to_owned()), ("SIGNAL", signal.to_owned())];
        if self.member == "PRICE" && self.text == "octobot_entry" {
            lines.push(("ORDER_TYPE", "LIMIT".to_owned()));
        }
        lines.retain(|(key, _)| *key != self.member);
        let name = if self.member == "unknown_member" { "UNKNOWN_MEMBER" } else { self.member };
        lines.extend(self.word().map(|word| (name, word)));
        lines.iter().map(|(key, value)| format!("{key}={value}\n")).collect()
    }

    fn line(&self) -> String {
        let word = self.word();
        let part = |member: &str, usual: &str| {
            if self.member == member { word.clone().unwrap_or_default() } else { usual.to_owned() }
        };
        let (action, exchange, symbol) = (part("action", "buy"), part("exchange", "PAPER"), part("symbol", "BTCUSDT"));
        let nothing = self.member == "symbol" && symbol.is_empty();
        let market = match (self.member, self.value) {
            ("exchange", "absent") => symbol,
            _ if nothing => String::new(),
            _ => format!("{exchange}:{symbol}"),
        };
        format!("{action} {market} {}", part("unknown_member", "")).trim_end_matches('\n').to_owned()
    }

    /// The shortest legal text that can have the member, without it.
    fn beside(&self) -> Value {
        let mut body = match self.text {
            "entry" => json!({
                "tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "60"},
                "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
            }),
            "exit" => json!({
                "tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "60"},
                "execution_intent": {"type": "exit", "strategy": "grid"},
            }),
            "3commas_entry" => json!({"tv_exchange": "PAPER", "tv_instrument": "BTCUSDT", "action": "enter_long"}),
            "3commas_exit" => json!({"tv_exchange": "PAPER", "tv_instrument": "BTCUSDT", "action": "exit_long"}),
            "preset" => json!({}),
            "plan" => json!({
                "market": {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001", "notional_min": "5"},
                "fee_rate": "0.001", "side": "long", "entry_price": "100", "base_order": {"quote": "10"},
                "safety_orders": {"count": "2", "quote": "20", "deviation_percent": "2"},
                "take_profit": {"basis": "average", "steps": [{"profit_percent": "1", "amount_percent": "100"}]},
                "stop_loss_percent": "9",
            }),
            other => unreachable!("{other}"),
        };
        self.members(&mut body);
        body
    }

    fn members(&self, body: &mut Value) {
        let is_of = |(texts, member, _): &&(&str, &str, &str)| {
            let within = |object: &str| self.member.starts_with(object);
            (texts.is_empty() || texts.split(' ').any(|text| text == self.text))
                && member.strip_suffix('*').map_or(*member == self.member, within)
        };
        for (_, _, put) in BESIDE.iter().filter(is_of) {
            let put: Map<String, Value> = serde_json::from_str(put).unwrap();
            body.as_object_mut().unwrap().extend(put);
        }
        // What was put to say that nothing is said.
        without_null(body);
    }
}

fn without_null(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// Puts a value at a path, or takes what stands there away.
fn set(body: &mut Value, path: &str, value: Option<Value>) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    if let (Value::Array(items), Ok(index)) = (&mut *body, name.parse::<usize>()) {
        match (rest, value) {
            (Some(rest), value) => set(&mut items[index], rest, value),
            (None, Some(value)) => items[index] = value,
            (None, None) => drop(items.remove(index)),
        }
        return;
    }
    let members = body.as_object_mut().unwrap();
    match (rest, value) {
        (Some(rest), value) => {
            let list = rest.starts_with("0");
            let empty = if list { json!([{}]) } else { Value::Object(Map::new()) };
            set(members.entry(name).or_insert(empty), rest, value);
        }
        (None, Some(value)) => drop(members.insert(name.to_owned(), value)),
        (None, None) => drop(members.remove(name)),
    }
}

#[derive(Debug, PartialEq)]
enum Read {
    Alert(Box<Alert>),
    /// A preset or a plan, in words.
    Other(String),
}

fn read(row: &Row<'_>) -> Result<Read, (String, Vec<String>)> {
    let body = row.body();
    let of_alert = |wrong: BadAlert| (wrong.code.to_owned(), wrong.fields);
    match row.text {
        "preset" => {
            let preset = Document::parse(&body).and_then(|document| document.preset());
            preset.map(|preset| Read::Other(format!("{preset:?}"))).map_err(of_alert)
        }
        "plan" => match ladder::plan(body.as_bytes()) {
            Ok(plan) => Ok(Read::Other(format!("{plan:?}"))),
            Err(ladder::BadLadder::NotJson(_)) => Err(("invalid_json".to_owned(), Vec::new())),
            Err(ladder::BadLadder::Field { field, .. }) => Err(("invalid_alert".to_owned(), vec![field])),
        },
        _ => match open(body.as_bytes()).over(None) {
            // What is not kept is a verdict's matter.
            Err(wrong) if wrong.code == BadAlert::UNKNOWN_PRESET => {
                open(body.as_bytes()).alert().map(Box::new).map(Read::Alert).map_err(of_alert)
            }
            read => read.map(Box::new).map(Read::Alert).map_err(of_alert),
        },
    }
}

/// What the row is answered, where that is not what it says.
fn otherwise(row: &Row<'_>) -> Option<String> {
    let told = read(row);
    let is_right = match (row.answer.split_once(':').unwrap_or((row.answer, "")), &told) {
        (("refused", path), Err((code, fields))) => {
            let named = |field: &String| {
                let field = field.replace('[', ".").replace(']', "").to_ascii_lowercase();
                let path = path.to_ascii_lowercase();
                field == path || field.starts_with(&format!("{path}."))
            };
            code == "invalid_alert" && fields.iter().any(named)
        }
        (("invalid_json", _), Err((code, _))) => code == "invalid_json",
        (("taken", _), Ok(_)) => true,
        (("as_absent", _), Ok(told)) => read(&Row { value: "absent", ..*row }).as_ref() == Ok(told),
        (("followed" | "one_or_refused", _), Ok(Read::Alert(alert))) => {
            let is_here = (alert.exchange.as_str(), alert.symbol.to_string().as_str()) == ("PAPER", "BTC/USDT");
            let timeframe = alert.timeframe.as_ref().map(|timeframe| timeframe.as_str());
            let is_meant = match row.text {
                _ if row.answer.starts_with("one_or_refused") => (timeframe, alert.timeframe_unread) == (None, true),
                "exit" => (timeframe, alert.timeframe_unread) == (Some("60"), false),
                _ => !alert.timeframe_unread,
            };
            wish(alert) == Ok(Wish::Exit) && is_here && is_meant
        }
        _ => false,
    };
    (!is_right).then(|| format!("{told:?}").chars().take(200).collect())
}

#[test]
fn every_member_of_every_text_is_answered_as_the_table_says() {
    let mut wrong = Vec::new();
    for line in ANSWERS.lines().skip(1) {
        let mut cells = line.splitn(5, ',');
        let mut cell = || cells.next().unwrap();
        let row = Row { text: cell(), member: cell(), value: cell(), answer: cell() };
        let is_known = OTHERWISE.contains(&(row.text, row.member, row.value));
        match otherwise(&row) {
            Some(told) if !is_known => {
                wrong.push(format!("{},{},{}: {} and not {told}", row.text, row.member, row.value, row.answer));
            }
            None if is_known => wrong.push(format!("{},{},{}: as it should", row.text, row.member, row.value)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}\n{} rows", wrong.join("\n"), wrong.len());
}
