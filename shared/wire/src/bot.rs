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
