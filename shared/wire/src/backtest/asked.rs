//! A backtest as its user asks for it: read member by member, each error with its name, each number as it was written.

use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use crate::preset::{Document, canonical, read};
use crate::view;
use domain::clock::{Millis, Timestamp};
use domain::limits::{BACKTEST_FUNDING_MAX, BACKTEST_VALUE_CHARS_MAX};
use domain::market::{Exchange, Filters, Interval, Market, MarketKey, Symbol};
use domain::money::Amount;
use domain::series::Series;
use std::collections::BTreeMap;

/// All that may be said.
pub const MEMBERS: [&str; 31] = [
    "exchange",
    "symbol",
    "timeframe",
    "since",
    "until",
    "strategy",
    "rules",
    "parameters",
    "ladder",
    "plan",
    "confidence_min",
    "limits",
    "cash",
    "fee_rate",
    "quantity_step",
    "price_tick",
    "notional_min",
    "quantity_min",
    "quantity_max",
    "market_quantity_max",
    "notional_max",
    "orders_max",
    "leverage",
    "funding_rate",
    "funding",
    "slippage_bps",
    "latency",
    "seed",
    "draws",
    "goals",
    "sweep",
];
/// Options of one value each.
pub const OPTIONS: [&str; 17] = [
    "confidence_min",
    "cash",
    "fee_rate",
    "quantity_step",
    "price_tick",
    "notional_min",
    "quantity_min",
    "quantity_max",
    "market_quantity_max",
    "notional_max",
    "orders_max",
    "leverage",
    "funding_rate",
    "slippage_bps",
    "latency",
    "seed",
    "draws",
];
/// Of `goals`.
pub const GOALS: [&str; 3] = ["monthly_percent", "monthly_income", "portfolio"];
/// Of `funding`.
pub const FUNDING: [&str; 3] = ["since", "every_hours", "rates"];
/// How far rates are apart where nothing is said.
const FUNDING_EVERY_HOURS: i64 = 8;
/// Of `sweep`.
pub const SWEEP: [&str; 6] = ["tried", "search", "tries", "by", "walk", "split"];
/// What an account may hold and lose at the most.
pub const LIMITS: [&str; 5] = ["open_groups_max", "exposure_max", "order_quote_max", "day_loss_max", "leverage_max"];

/// What is to be played, on which candles and terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub series: Series,
    pub since: Timestamp,
    pub until: Timestamp,
    pub strategy: Option<String>,
    rules: Option<Node>,
    ladder: Option<Node>,
    plan: Option<Document>,
    pub parameters: Vec<(String, String)>,
    options: BTreeMap<&'static str, String>,
    goals: BTreeMap<&'static str, String>,
    limits: BTreeMap<&'static str, String>,
    pub funding: Option<AskedFunding>,
    pub sweep: Option<AskedSweep>,
}

/// Rates of funding that there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedFunding {
    /// When the first was paid.
    pub since: Timestamp,
    pub every_hours: i64,
    pub rates: Vec<Amount>,
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
        let limits = fields.object("limits")?;
        limits.only(&LIMITS)?;
        Ok(Self {
            series: Series { market, interval },
            since: time(&fields, "since")?.ok_or_else(|| fields.required("since"))?,
            until: time(&fields, "until")?.unwrap_or(now),
            strategy: value(&fields, "strategy")?,
            rules: object("rules")?.map(Node::Object),
            ladder: object("ladder")?.map(Node::Object),
            plan: fields.find_object("plan")?.map(|plan| Document::of(&plan)).transpose()?,
            parameters: fields.find_object("parameters")?.map_or(Ok(Vec::new()), |found| pairs(&found))?,
            options: options(&fields, &OPTIONS)?,
            goals: options(&goals, &GOALS)?,
            limits: options(&limits, &LIMITS)?,
            funding: fields.find_object("funding")?.map(|funding| AskedFunding::of(&funding)).transpose()?,
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
        put("plan", self.plan.as_ref().map(|plan| Node::Object(plan.members().to_vec())));
        put("parameters", object_of(&self.parameters));
        for (name, value) in &self.options {
            put(name, Some(text(value)));
        }
        put("goals", object_of(&owned(&self.goals)));
        put("limits", object_of(&owned(&self.limits)));
        put("funding", self.funding.as_ref().map(AskedFunding::node));
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

    /// As JSON.
    pub fn plan(&self) -> Option<String> {
        self.plan.as_ref().map(Document::text)
    }

    /// Those of an account, each as it was written.
    pub fn limits(&self) -> Vec<(String, String)> {
        owned(&self.limits)
    }

    /// How many bytes of it are said of each of many tries.
    pub fn bytes_of_each(&self) -> usize {
        Self { funding: None, ..self.clone() }.text().len()
    }

    /// The same up to another time.
    #[must_use]
    pub fn up_to(self, until: Timestamp) -> Self {
        Self { until, ..self }
    }

    /// With what its market says where nothing is said. A ladder says all of it.
    #[must_use]
    pub fn in_market(mut self, market: &Market) -> Self {
        if self.ladder.is_none() {
            for (name, value) in of_market(market) {
                self.options.entry(name).or_insert(value);
            }
        }
        self
    }
}

fn of_market(market: &Market) -> impl Iterator<Item = (&'static str, String)> {
    let Filters { price_tick, quantity_step, quantity_min, notional_min, most } = market.filters;
    let always = [
        ("fee_rate", market.fee.to_string()),
        ("quantity_step", quantity_step.to_string()),
        ("price_tick", price_tick.to_string()),
        ("notional_min", notional_min.to_string()),
        ("quantity_min", quantity_min.to_string()),
    ];
    let most = [("quantity_max", most.limit), ("market_quantity_max", most.market), ("notional_max", most.notional)];
    let most = most.into_iter().filter_map(|(name, most)| Some((name, most?.to_string())));
    always.into_iter().chain(most).chain(market.orders_max.map(|most| ("orders_max", most.to_string())))
}

impl AskedFunding {
    fn of(fields: &Fields<'_>) -> Result<Self, BadAlert> {
        fields.only(&FUNDING)?;
        let since = time(fields, "since")?.ok_or_else(|| fields.required("since"))?;
        let every_hours = value(fields, "every_hours")?.map_or(Ok(FUNDING_EVERY_HOURS), |hours| {
            let hours = hours.parse().ok().filter(|hours| (1..=24).contains(hours));
            hours.ok_or_else(|| fields.wrong("every_hours", "must be a whole number from 1 to 24"))
        })?;
        let rates = fields.find_values::<Amount>("rates")?.ok_or_else(|| fields.required("rates"))?;
        if rates.is_empty() || rates.len() > BACKTEST_FUNDING_MAX {
            return Err(fields.wrong("rates", format!("must have 1 to {BACKTEST_FUNDING_MAX} rates")));
        }
        Ok(Self { since, every_hours, rates })
    }

    fn node(&self) -> Node {
        let rates = self.rates.iter().map(|rate| Node::Text(rate.to_string())).collect();
        Node::Object(vec![
            ("since".to_owned(), Node::Text(view::time(self.since).to_string())),
            ("every_hours".to_owned(), Node::Text(self.every_hours.to_string())),
            ("rates".to_owned(), Node::List(rates)),
        ])
    }

    /// Each rate with its time in milliseconds since 1970.
    pub fn timed(&self) -> Vec<(i64, Amount)> {
        let every = Millis::seconds(self.every_hours.saturating_mul(3_600));
        let times = std::iter::successors(Some(self.since), |at| Some(at.plus(every)));
        times.map(Timestamp::millis).zip(self.rates.iter().copied()).collect()
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
