//! A backtest as its user asks for it: read member by member, each error with its name, each number as it was written.

use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use crate::preset::{canonical, read};
use crate::view;
use domain::clock::Timestamp;
use domain::limits::BACKTEST_VALUE_CHARS_MAX;
use domain::market::{Exchange, Interval, MarketKey, Symbol};
use domain::series::Series;
use std::collections::BTreeMap;

const MEMBERS: [&str; 22] = [
    "exchange",
    "symbol",
    "timeframe",
    "since",
    "until",
    "strategy",
    "rules",
    "parameters",
    "ladder",
    "cash",
    "fee_rate",
    "quantity_step",
    "price_tick",
    "notional_min",
    "leverage",
    "funding_rate",
    "slippage_bps",
    "latency",
    "seed",
    "draws",
    "goals",
    "sweep",
];
/// Options of one value each.
const OPTIONS: [&str; 11] = [
    "cash",
    "fee_rate",
    "quantity_step",
    "price_tick",
    "notional_min",
    "leverage",
    "funding_rate",
    "slippage_bps",
    "latency",
    "seed",
    "draws",
];
const GOALS: [&str; 3] = ["monthly_percent", "monthly_income", "portfolio"];
const SWEEP: [&str; 6] = ["tried", "search", "tries", "by", "walk", "split"];
/// What a ladder says itself, and else the market.
const OF_MARKET: [&str; 4] = ["fee_rate", "quantity_step", "price_tick", "notional_min"];

/// What is to be played, on which candles and terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub series: Series,
    pub since: Timestamp,
    pub until: Timestamp,
    pub strategy: Option<String>,
    rules: Option<Node>,
    ladder: Option<Node>,
    pub parameters: Vec<(String, String)>,
    options: BTreeMap<&'static str, String>,
    goals: BTreeMap<&'static str, String>,
    pub sweep: Option<AskedSweep>,
}

/// Many parameters to be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedSweep {
    /// Parameters with their values, as `FROM:TO:STEP` or `A,B`, in the order in which they were written.
    pub tried: Vec<(String, String)>,
    options: BTreeMap<&'static str, String>,
}

impl Asked {
    /// Up to `now` where no end is said.
    ///
    /// # Errors
    /// [`BadAlert`] with the member that is wrong or not known, or `invalid_json`.
    pub fn read(body: &str, now: Timestamp) -> Result<Self, BadAlert> {
        let node = read(body)?;
        let fields = Fields::of_body(&node)?;
        fields.only(&MEMBERS)?;
        let market = MarketKey::named(fields.needed::<Exchange>("exchange")?, fields.needed::<Symbol>("symbol")?);
        let interval = fields.needed::<Interval>("timeframe")?;
        let object = |name| Ok::<_, BadAlert>(fields.find_object(name)?.map(|found| canonical(found.members())));
        let goals = fields.object("goals")?;
        goals.only(&GOALS)?;
        Ok(Self {
            series: Series { market, interval },
            since: time(&fields, "since")?.ok_or_else(|| fields.required("since"))?,
            until: time(&fields, "until")?.unwrap_or(now),
            strategy: value(&fields, "strategy")?,
            rules: object("rules")?.map(Node::Object),
            ladder: object("ladder")?.map(Node::Object),
            parameters: fields.find_object("parameters")?.map_or(Ok(Vec::new()), |found| pairs(&found))?,
            options: options(&fields, &OPTIONS)?,
            goals: options(&goals, &GOALS)?,
            sweep: fields.find_object("sweep")?.map(|found| AskedSweep::of(&found)).transpose()?,
        })
    }

    /// Its one written form, which is read again as the same.
    pub fn text(&self) -> String {
        let text = |text: &str| Node::Text(text.to_owned());
        let shown = |at| Node::Text(view::time(at).to_string());
        let Series { market, interval } = &self.series;
        let mut members = vec![
            ("exchange".to_owned(), text(market.exchange.as_str())),
            ("symbol".to_owned(), Node::Text(market.symbol.to_string())),
            ("timeframe".to_owned(), Node::Text(interval.to_string())),
            ("since".to_owned(), shown(self.since)),
            ("until".to_owned(), shown(self.until)),
        ];
        let mut put = |name: &str, node: Option<Node>| members.extend(node.map(|node| (name.to_owned(), node)));
        put("strategy", self.strategy.as_deref().map(text));
        put("rules", self.rules.clone());
        put("ladder", self.ladder.clone());
        put("parameters", object_of(&self.parameters));
        for (name, value) in &self.options {
            put(name, Some(text(value)));
        }
        put("goals", object_of(&owned(&self.goals)));
        put("sweep", self.sweep.as_ref().map(AskedSweep::node));
        Node::Object(members).to_string()
    }

    /// One of its options, as it was written.
    pub fn option(&self, name: &str) -> Option<String> {
        self.options.get(name).cloned()
    }

    pub fn goal(&self, name: &str) -> Option<String> {
        self.goals.get(name).cloned()
    }

    /// As JSON.
    pub fn rules(&self) -> Option<String> {
        self.rules.as_ref().map(Node::to_string)
    }

    /// As JSON.
    pub fn ladder(&self) -> Option<String> {
        self.ladder.as_ref().map(Node::to_string)
    }

    /// The same up to another time.
    #[must_use]
    pub fn up_to(self, until: Timestamp) -> Self {
        Self { until, ..self }
    }

    /// With what its market says where nothing is said: fee, quantity step, price tick and least notional, in this order. A ladder says
    /// all of them.
    #[must_use]
    pub fn in_market(mut self, said: [String; 4]) -> Self {
        if self.ladder.is_none() {
            for (name, value) in OF_MARKET.into_iter().zip(said) {
                self.options.entry(name).or_insert(value);
            }
        }
        self
    }
}

impl AskedSweep {
    fn of(fields: &Fields<'_>) -> Result<Self, BadAlert> {
        fields.only(&SWEEP)?;
        let tried = fields.find_object("tried")?.ok_or_else(|| fields.required("tried"))?;
        let names = SWEEP.split_first().map_or(&[][..], |(_, names)| names);
        Ok(Self { tried: pairs(&tried)?, options: options(fields, names)? })
    }

    fn node(&self) -> Node {
        let tried = ("tried".to_owned(), object_of(&self.tried).unwrap_or(Node::Object(Vec::new())));
        let options = owned(&self.options).into_iter().map(|(name, value)| (name, Node::Text(value)));
        Node::Object(std::iter::once(tried).chain(options).collect())
    }

    /// One of its options, as it was written.
    pub fn option(&self, name: &str) -> Option<String> {
        self.options.get(name).cloned()
    }
}

fn options(fields: &Fields<'_>, names: &[&'static str]) -> Result<BTreeMap<&'static str, String>, BadAlert> {
    let mut options = BTreeMap::new();
    for name in names {
        options.extend(value(fields, name)?.map(|value| (*name, value)));
    }
    Ok(options)
}

fn pairs(object: &Fields<'_>) -> Result<Vec<(String, String)>, BadAlert> {
    let mut pairs = Vec::new();
    for (name, _) in object.members() {
        pairs.extend(value(object, name)?.map(|value| (name.clone(), value)));
    }
    Ok(pairs)
}

/// A text or a number. One that says nothing, as alerts may, is refused: what was meant is not known.
fn value(fields: &Fields<'_>, name: &str) -> Result<Option<String>, BadAlert> {
    let is_text = |(member, node): &&(String, Node)| member == name && matches!(node, Node::Text(_));
    let is_there = fields.members().iter().any(|member| is_text(&member));
    match fields.owned(name)? {
        Some(value) if value.chars().count() > BACKTEST_VALUE_CHARS_MAX => {
            Err(fields.wrong(name, format!("must have at most {BACKTEST_VALUE_CHARS_MAX} characters")))
        }
        None if is_there => Err(fields.wrong(name, "must be a word or a number")),
        value => Ok(value),
    }
}

fn time(fields: &Fields<'_>, name: &str) -> Result<Option<Timestamp>, BadAlert> {
    let wrong = || fields.wrong(name, "must be a time such as 2026-01-31T12:00:00Z, not before 1970");
    let time = |text: String| view::moment(&text).filter(|at| at.millis() >= 0).ok_or_else(wrong);
    value(fields, name)?.map(time).transpose()
}

fn owned(options: &BTreeMap<&'static str, String>) -> Vec<(String, String)> {
    options.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn object_of(pairs: &[(String, String)]) -> Option<Node> {
    let members = pairs.iter().map(|(name, value)| (name.clone(), Node::Text(value.clone())));
    (!pairs.is_empty()).then(|| Node::Object(members.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);
    const BEGIN: &str =
        r#""exchange": "BINANCE", "symbol": "BTCUSDT", "timeframe": "1h", "since": "2025-11-01T00:00:00Z""#;

    fn read(rest: &str) -> Result<Asked, BadAlert> {
        Asked::read(&format!("{{{BEGIN}{rest}}}"), NOW)
    }

    #[test]
    fn what_is_asked_for_is_written_in_one_form_and_read_again() {
        let asked = read(
            r#", "strategy": "ema_cross", "parameters": {"slow": 20, "fast": "5"}, "cash": 1e4, "goals": {"portfolio": 5},
                "sweep": {"tried": {"slow": "20:40:5", "fast": "5,10"}, "search": "random", "tries": 7}, "draws": null"#,
        )
        .unwrap();
        assert_eq!((asked.until, asked.option("cash"), asked.option("draws")), (NOW, Some("1e4".to_owned()), None));
        let names: Vec<_> = asked.sweep.as_ref().unwrap().tried.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["slow", "fast"], "in the order in which they were written");
        assert_eq!(Asked::read(&asked.text(), Timestamp::from_millis(0)).unwrap(), asked);
        let said = ["0.001", "0.1", "0.01", "5"].map(str::to_owned);
        assert_eq!(asked.in_market(said.clone()).option("notional_min").as_deref(), Some("5"));
        let of_rules = read(r#", "rules": {"exit": null, "entry": [1.50]}, "ladder": {"side": "long"}"#).unwrap();
        assert_eq!(of_rules.rules().as_deref(), Some(r#"{"entry":[1.50]}"#));
        assert_eq!(Asked::read(&of_rules.text(), NOW).unwrap(), of_rules);
        assert_eq!(of_rules.in_market(said).option("fee_rate"), None, "the ladder says it");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (rest, field) in [
            (r#", "cash": "NaN""#, "cash"),
            (r#", "seed": """#, "seed"),
            (r#", "cash": [1]"#, "cash"),
            (r#", "draw": 1"#, "draw"),
            (r#", "name": "x""#, "name"),
            (r#", "until": "tomorrow""#, "until"),
            (r#", "until": 5"#, "until"),
            (r#", "goals": {"riches": 1}"#, "goals.riches"),
            (r#", "goals": 3"#, "goals"),
            (r#", "parameters": {"fast": "nan"}"#, "parameters.fast"),
            (r#", "parameters": {"fast": {}}"#, "parameters.fast"),
            (r#", "sweep": {}"#, "sweep.tried"),
            (r#", "sweep": {"tried": {"fast": true}}"#, "sweep.tried.fast"),
            (r#", "sweep": {"tried": {}, "cores": 3}"#, "sweep.cores"),
            (r#", "rules": []"#, "rules"),
        ] {
            assert_eq!(read(rest).unwrap_err().fields, [field], "{rest}");
        }
        let long = format!(r#", "cash": "{}""#, "9".repeat(201));
        assert_eq!(read(&long).unwrap_err().fields, ["cash"]);
        assert_eq!(Asked::read("{", NOW).unwrap_err().code, BadAlert::INVALID_JSON);
        assert_eq!(Asked::read("{}", NOW).unwrap_err().fields, ["exchange"]);
    }
}
