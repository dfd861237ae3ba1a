//! What the document says of bodies that have readers of their own, held against these readers in both directions.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use utoipa::{PartialSchema, ToSchema};
use wire::alert::{BadAlert, open, paths_read};
use wire::ladder;
use wire::preset::Document;
use wire::preset::exits::Exits;
use wire::view::{Alert, ChangeExits, LadderTerms, PresetLadder, PresetMembers, SignalBotAlert};

/// A schema with those that it refers to.
struct Described(Value, Vec<(String, Value)>);

impl Described {
    fn of<T: ToSchema>() -> Self {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let part = |(name, schema)| (name, serde_json::to_value(schema).unwrap());
        Self(serde_json::to_value(<T as PartialSchema>::schema()).unwrap(), parts.into_iter().map(part).collect())
    }

    /// What a schema, or one that it refers to, says of an object; none of what is none.
    fn object<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        if let Some(named) = schema["$ref"].as_str() {
            let name = named.rsplit('/').next().unwrap();
            return self.object(&self.1.iter().find(|(known, _)| known == name).unwrap().1);
        }
        let several = schema["oneOf"].as_array().into_iter().flatten();
        let items = Some(&schema["items"]).filter(|items| !items.is_null());
        let is_object = schema["properties"].is_object().then_some(schema);
        is_object.or_else(|| items.into_iter().chain(several).find_map(|part| self.object(part)))
    }

    /// The paths of all objects and their members; `[]` for those of a list.
    fn objects(&self) -> Vec<(String, BTreeSet<String>)> {
        let mut found = Vec::new();
        self.collect("", &self.0, &mut found);
        found
    }

    fn collect(&self, path: &str, schema: &Value, found: &mut Vec<(String, BTreeSet<String>)>) {
        let members = self.object(schema).unwrap()["properties"].as_object().unwrap();
        found.push((path.to_owned(), members.keys().cloned().collect()));
        for (name, member) in members {
            let is_list = member["items"].is_object();
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let path = if is_list { format!("{path}[0]") } else { path };
            if self.object(member).is_some() {
                self.collect(&path, member, found);
            }
        }
    }
}

/// The body with this member in the object at this path.
fn with(body: &Value, path: &str, member: &str) -> Value {
    let mut body = body.clone();
    let pointer = path.replace("[0]", ".0").replace('.', "/");
    let pointer = if pointer.is_empty() { pointer } else { format!("/{pointer}") };
    let object = body.pointer_mut(&pointer).expect(path);
    object.as_object_mut().unwrap().insert(member.to_owned(), json!(1));
    body
}

/// In each object of the example an unknown member is refused with the names of those that are known: they are those of the schema,
/// and these beside them.
fn check<T: ToSchema>(examples: &[Value], read: impl Fn(&str) -> Result<(), String>, beside: &[(&str, &[&str])]) {
    let described = Described::of::<T>();
    for example in examples {
        assert_eq!(read(&example.to_string()), Ok(()), "{example}");
    }
    for (path, members) in described.objects() {
        let holds = |example: &&Value| {
            let pointer = path.replace("[0]", ".0").replace('.', "/");
            pointer.is_empty() || example.pointer(&format!("/{pointer}")).is_some()
        };
        let mut known = BTreeSet::new();
        for example in examples.iter().filter(holds) {
            let wrong = read(&with(example, &path, "zzz").to_string()).unwrap_err();
            let names = wrong.split_once("zzz is not known here: ").expect(&path).1;
            known.extend(names.strip_suffix(" are").unwrap().split(", ").map(str::to_owned));
        }
        let beside = beside.iter().filter(|(of, _)| *of == path).flat_map(|(_, names)| names.iter());
        let members: BTreeSet<_> = members.into_iter().filter(|name| !beside.clone().any(|of| of == name)).collect();
        assert_eq!(known, members, "{} {path}", T::name());
    }
}

fn detail<T>(read: Result<T, BadAlert>) -> Result<(), String> {
    read.map(drop).map_err(|wrong| wrong.detail)
}

/// Each object that a preset has, in one of two.
fn presets() -> [Value; 2] {
    let steps = json!([{"profit_percent": "1", "amount_percent": 100}]);
    [
        json!({
            "total": {"quote": 100, "weights": [1, 2]},
            "base_order": {"type": "limit", "limit_price": "10"},
            "safety_orders": {"custom": [{"deviation_percent": 1}]},
            "take_profit": {"steps": steps},
            "pyramids": {"max": 1, "distance_percent": 1, "close": "together"},
        }),
        json!({"base_order": {"quote": 10}, "safety_orders": {"custom": [{"deviation_percent": 1, "quote": 5}]}}),
    ]
}

fn market() -> Value {
    json!({"price_tick": "0.01", "quantity_step": "0.001", "quantity_min": "0.001", "notional_min": "5"})
}

#[test]
fn preset_is_described_as_it_is_read() {
    check::<PresetMembers>(&presets(), |text| detail(Document::parse(text)), &[]);
}

#[test]
fn exits_are_described_as_they_are_read() {
    let exits = json!({"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 100}]}});
    check::<ChangeExits>(&[exits], |text| detail(Exits::parse(text)), &[]);
}

#[test]
fn ladder_is_described_as_it_is_read() {
    let ladder = json!({
        "market": market(), "fee_rate": 0, "side": "long", "entry_price": 100, "base_order": {"quote": 10},
        "safety_orders": {"custom": [{"deviation_percent": 1, "quote": 10}]},
        "take_profit": {"basis": "average", "steps": [{"profit_percent": 1, "amount_percent": 100}]},
    });
    let mut total = ladder.clone();
    total.as_object_mut().unwrap().remove("base_order");
    total["safety_orders"] = json!({"custom": [{"deviation_percent": 1}]});
    total["total"] = json!({"quote": 100, "weights": [1, 2]});
    let read = |text: &str| ladder::asked(text.as_bytes()).map(drop).map_err(|wrong| wrong.to_string());
    check::<LadderTerms>(&[ladder, total], read, &[]);
}

#[test]
fn ladder_of_a_preset_is_described_as_it_is_read() {
    let ladder = json!({"preset": "default", "market": market(), "fee_rate": 0, "entry_price": 100});
    let preset = Document::parse("{}").unwrap();
    let read = |text: &str| ladder::Asked::parse(text.as_bytes()).and_then(|asked| asked.plan_of(&preset));
    check::<PresetLadder>(&[ladder], |text| read(text).map(drop).map_err(|wrong| wrong.to_string()), &[]);
}

/// What is cut out of a body before it is read is not known to its reader.
const CUT: &[&str] = &["email_token", "secret"];

#[test]
fn signal_bot_is_described_as_it_is_read() {
    let alert = json!({"tv_exchange": "PAPER", "tv_instrument": "BTCUSDT", "action": "buy", "order": {},
        "strategy_info": {"market_position": "long"}});
    let read = |text: &str| detail(open(text.as_bytes()).alert());
    check::<SignalBotAlert>(&[alert], read, &[("", CUT)]);
}

#[test]
fn alert_is_described_as_it_is_read() {
    let mut paths = BTreeSet::new();
    for preset in presets() {
        let mut alert = preset;
        alert["tv"] = json!({"exchange": "PAPER", "symbol": "BTCUSDT"});
        alert["execution_intent"] = json!({"type": "entry", "strategy": "grid", "side": "long"});
        paths.extend(paths_read(&alert.to_string()).unwrap());
    }
    let objects = Described::of::<Alert>().objects().into_iter();
    let described = objects.flat_map(|(path, members)| {
        let path = if path.is_empty() { path } else { format!("{path}.") };
        members.into_iter().map(move |member| format!("{path}{member}"))
    });
    let is_cut = |path: &String| path.rsplit('.').next().is_some_and(|name| CUT.contains(&name));
    assert_eq!(paths, described.filter(|path| !is_cut(path)).collect());
}
