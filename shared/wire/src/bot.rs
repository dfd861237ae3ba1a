//! A bot as its user asks for it: read member by member, each error with its name. Its plan is read by the reader of presets.

use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use crate::preset::{Document, canonical, read};
use domain::bot::{BotName, Confidence};
use domain::ids::{AccountId, BotId, UserId};
use domain::limits::BOT_RULES_BYTES_MAX;
use domain::market::{Cuts, Interval, Symbol};
use domain::preset::PresetName;
use std::collections::BTreeMap;

const MEMBERS: [&str; 10] =
    ["name", "account", "symbol", "timeframe", "strategy", "parameters", "rules", "preset", "plan", "confidence_min"];

/// What is said of a bot. What is not said stays, or is as it is where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    pub name: Option<BotName>,
    pub account: Option<AccountId>,
    pub symbol: Option<Symbol>,
    /// What its text may mean in the place of `symbol`: what is traded decides.
    pub other_symbols: Vec<Symbol>,
    pub timeframe: Option<Interval>,
    pub strategy: Option<String>,
    /// As texts, whatever they are.
    pub parameters: Option<BTreeMap<String, String>>,
    /// In their one written form: members by their names, numbers as they were written, without spaces. Not read any further.
    pub rules: Option<String>,
    pub preset: Option<PresetName>,
    pub plan: Option<Document>,
    pub confidence_min: Option<Confidence>,
}

/// Which bot is to be started: one that is kept, or a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Starts {
    Kept(BotId),
    New(Box<Asked>),
}

/// Those of them that are texts and nothing else.
const TEXTS: [&str; 7] = ["name", "account", "symbol", "timeframe", "strategy", "preset", "confidence_min"];

impl Asked {
    /// # Errors
    /// [`BadAlert`] with the member that is wrong or not known, or `invalid_json`.
    pub fn read(body: &str) -> Result<Self, BadAlert> {
        let node = read(body)?;
        let fields = Fields::of_body(&node)?;
        fields.only(&MEMBERS)?;
        Self::of(&fields)
    }

    fn of(fields: &Fields<'_>) -> Result<Self, BadAlert> {
        let is_number =
            |(name, node): &&(String, Node)| TEXTS.contains(&name.as_str()) && matches!(node, Node::Number(_));
        if let Some((name, _)) = fields.members().iter().find(is_number) {
            return Err(fields.wrong(name, "must be text"));
        }
        let symbol = fields.parsed::<Cuts>("symbol")?;
        let (symbol, other_symbols) = symbol.map_or((None, Vec::new()), |cuts| (Some(cuts.first), cuts.others));
        Ok(Self {
            name: fields.parsed("name")?,
            account: id(fields, "account", AccountId::parse, "must be the id of one of your accounts")?,
            symbol,
            other_symbols,
            timeframe: fields.parsed("timeframe")?,
            strategy: fields.owned("strategy")?,
            parameters: parameters(fields)?,
            rules: rules(fields)?,
            preset: fields.parsed("preset")?,
            plan: fields.find_object("plan")?.map(|plan| Document::of(&plan)).transpose()?,
            confidence_min: fields.parsed("confidence_min")?,
        })
    }
}

impl Starts {
    /// Whose it is to be, where that is said, and which.
    ///
    /// # Errors
    /// [`BadAlert`] with the member that is wrong or not known, or `invalid_json`.
    pub fn read(body: &str) -> Result<(Option<UserId>, Self), BadAlert> {
        let node = read(body)?;
        let fields = Fields::of_body(&node)?;
        let user = id(&fields, "user_id", UserId::parse, "must be your own id")?;
        if let Some(bot) = id(&fields, "bot_id", BotId::parse, "must be the id of one of your bots")? {
            fields.only(&["user_id", "bot_id"])?;
            return Ok((user, Self::Kept(bot)));
        }
        fields.only(&[&["user_id", "bot_id"][..], &MEMBERS[..]].concat())?;
        Ok((user, Self::New(Box::new(Asked::of(&fields)?))))
    }
}

/// What an answer has to say of a member that is left out.
///
/// # Errors
/// Where it was.
pub fn required<T>(given: Option<T>, name: &str) -> Result<T, BadAlert> {
    given.ok_or_else(|| BadAlert::field(name, "is required"))
}

fn id<T, E>(
    fields: &Fields<'_>,
    name: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    allowed: &str,
) -> Result<Option<T>, BadAlert> {
    fields.text(name)?.map(|text| parse(text).map_err(|_| fields.wrong(name, allowed))).transpose()
}

/// Each by its name, a number as it was written.
fn parameters(fields: &Fields<'_>) -> Result<Option<BTreeMap<String, String>>, BadAlert> {
    let Some(object) = fields.find_object("parameters")? else { return Ok(None) };
    let mut parameters = BTreeMap::new();
    for (name, _) in object.members() {
        parameters.extend(object.owned(name)?.map(|value| (name.clone(), value)));
    }
    Ok(Some(parameters))
}

fn rules(fields: &Fields<'_>) -> Result<Option<String>, BadAlert> {
    let Some(object) = fields.find_object("rules")? else { return Ok(None) };
    let text = Node::Object(canonical(object.members())).to_string();
    if text.len() > BOT_RULES_BYTES_MAX {
        return Err(fields.wrong("rules", format!("must have at most {BOT_RULES_BYTES_MAX} bytes")));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Timestamp;

    fn told(wrong: &BadAlert) -> (&str, Vec<&str>) {
        (wrong.code, wrong.fields.iter().map(String::as_str).collect())
    }

    #[test]
    fn a_bot_is_read_member_by_member_and_what_is_wrong_is_named() {
        let read = Asked::read(
            r#"{"name": "btc", "symbol": "BTCUSDT", "timeframe": "1h", "strategy": "RSI_CROSS", "preset": null,
                "parameters": {"period": 14, "rsi": "wilder"}, "plan": {"stop_loss_percent": 5}, "confidence_min": "0.7"}"#,
        )
        .unwrap();
        assert_eq!(read.symbol.unwrap().to_string(), "BTC/USDT");
        let parameters: Vec<_> = read.parameters.unwrap().into_iter().collect();
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(parameters, [of("period", "14"), of("rsi", "wilder")]);
        assert_eq!(read.plan.unwrap().text(), r#"{"stop_loss_percent":5}"#);
        assert_eq!((read.account, read.preset), (None, None));
        for (body, field) in [
            (r#"{"nam": "btc"}"#, "nam"),
            (r#"{"name": "BTC!"}"#, "name"),
            (r#"{"account": "mine"}"#, "account"),
            (r#"{"timeframe": "7m"}"#, "timeframe"),
            (r#"{"parameters": [1]}"#, "parameters"),
            (r#"{"parameters": {"period": []}}"#, "parameters.period"),
            (r#"{"plan": {"stop_los": 5}}"#, "plan.stop_los"),
            (r#"{"confidence_min": 0.7}"#, "confidence_min"),
            (r#"{"confidence_min": "70"}"#, "confidence_min"),
            (r#"{"name": 5}"#, "name"),
            (r#"{"bot_id": "bot_1"}"#, "bot_id"),
        ] {
            assert_eq!(told(&Asked::read(body).unwrap_err()).1, [field], "{body}");
        }
        assert_eq!(Asked::read("{").unwrap_err().code, BadAlert::INVALID_JSON);
        assert_eq!(told(&required::<()>(None, "symbol").unwrap_err()).1, ["symbol"]);
    }

    #[test]
    fn rules_have_one_written_form_whatever_they_hold() {
        let rules = |rules: &str| Asked::read(&format!(r#"{{"rules": {rules}}}"#)).map(|asked| asked.rules);
        let written = r#"{"entry":{"left":"close","op":">","right":1.50},"exit":{"of":{"x":1},"within":3}}"#;
        let same = r#"{"exit": {"within": 3, "of": {"x": 1}}, "side": null, "entry": {"right": 1.50, "left": "close", "op": ">"}}"#;
        assert_eq!(
            (rules(written).unwrap(), rules(same).unwrap()),
            (Some(written.to_owned()), Some(written.to_owned()))
        );
        // As deep as rules may nest, and each of them once at its place.
        let deepest =
            (0..8).fold(r#"{"left":{"indicator":"rsi"}}"#.to_owned(), |inner, _| format!(r#"{{"all":[{inner}]}}"#));
        assert!(rules(&format!(r#"{{"entry":{deepest}}}"#)).is_ok());
        let long = |bytes: usize| format!(r#"{{"entry":"{}"}}"#, "x".repeat(bytes - r#"{"entry":""}"#.len()));
        assert!(rules(&long(BOT_RULES_BYTES_MAX)).is_ok());
        for wrong in ["[]".to_owned(), r#""rules.json""#.to_owned(), long(BOT_RULES_BYTES_MAX + 1)] {
            assert_eq!(told(&rules(&wrong).unwrap_err()).1, ["rules"]);
        }
    }

    #[test]
    fn a_bot_that_is_kept_is_started_or_a_new_one() {
        let bot = BotId::at(Timestamp::from_millis(1_700_000_000_000), &["b"]);
        let user = UserId::of(&["u"]);
        let kept = Starts::read(&format!(r#"{{"bot_id": "{bot}", "user_id": "{user}"}}"#));
        assert_eq!(kept.unwrap(), (Some(user), Starts::Kept(bot.clone())));
        let new = Starts::read(r#"{"symbol": "BTC/USDT"}"#).unwrap();
        assert!(matches!(new, (None, Starts::New(asked)) if asked.symbol.is_some()));
        let both = Starts::read(&format!(r#"{{"bot_id": "{bot}", "symbol": "BTC/USDT"}}"#));
        assert_eq!(told(&both.unwrap_err()).1, ["symbol"]);
    }
}
