//! A DCA bot of 3Commas as a preset: the body of its `create_bot`, or a bot as its API answers it.
//!
//! Nothing is dropped in silence: every member of the bot is told of, with what became of it and why. What each means
//! is as the public documents of 3Commas' API say; its formulas are those of [`domain::ladder`].

mod ladder;
mod others;
mod rules;
mod stop;
mod trailing;

use super::{Document, read};
use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use crate::alert::lenient::Lenient;
use domain::limits::PRESET_NAME_CHARACTERS_MAX;
use domain::money::Decimal;
use domain::preset::PresetName;

/// One of them at least is in every bot.
const MARKS: [&str; 4] = ["base_order_volume", "safety_order_volume", "take_profit", "max_safety_orders"];
const SHOWN_CHARACTERS_MAX: usize = 60;

const QUOTE: &str = "quote_currency";
const BASE: &str = "base_currency";

/// What was made of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Of the bot's own name, as far as that can be one here.
    pub name: Option<PresetName>,
    pub document: Document,
    /// In the bot's order; what it leaves unsaid and must be known stands last.
    pub members: Vec<Member>,
}

/// What became of one member of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub member: String,
    /// As the bot has it, cut where it is long.
    pub value: String,
    pub outcome: Outcome,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    CarriedOver,
    /// Carried over, and not quite the same.
    Changed,
    LeftOut,
}

domain::words! {
    Outcome { CarriedOver = "carried_over", Changed = "changed", LeftOut = "left_out" }
}

/// # Errors
/// [`BadAlert`] where the text is not JSON, or no bot.
pub fn import(text: &str) -> Result<Imported, BadAlert> {
    let node = read(text)?;
    let bot = Fields::of_body(&node)?;
    if !bot.members().iter().any(|(name, _)| MARKS.contains(&name.as_str())) {
        return Err(BadAlert::field("body", format!("must be a DCA bot of 3Commas, with {}", MARKS.join(" or "))));
    }
    let mut import = Import { bot: &bot, made: Vec::new(), told: Vec::new() };
    import.base_order();
    import.ladder();
    import.take_profit();
    import.trailing();
    import.stop_loss();
    import.time_limit();
    import.cooldown();
    import.minimum_profit();
    import.others();
    import.end()
}

struct Import<'a> {
    bot: &'a Fields<'a>,
    /// Members of the preset.
    made: Vec<(String, Node)>,
    told: Vec<Member>,
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> Node {
    Node::Object(members.into_iter().map(|(name, text)| (name.to_owned(), Node::Text(text))).collect())
}

impl Import<'_> {
    fn base_order(&mut self) {
        const VOLUME: &str = "base_order_volume";
        const TYPE: &str = "base_order_volume_type";
        const START: &str = "start_order_type";
        const INSTEAD: &str = "the preset buys for 100 quote, as built in, until you say otherwise";
        let size = match self.text(TYPE).as_deref() {
            None | Some(QUOTE) => "quote",
            Some(BASE) => "quantity",
            Some(_) => {
                let why = format!("what it is a share of is not documented, see balance_percent: {INSTEAD}");
                self.tell(TYPE, Outcome::LeftOut, &why);
                return self.tell(VOLUME, Outcome::LeftOut, &why);
            }
        };
        let adopted = match self.number(VOLUME) {
            Ok(Some(volume)) => {
                let order = object([(size, volume.to_string()), ("type", "market".to_owned())]);
                self.adopt(&[("base_order", order)])
            }
            Ok(None) => Err("is not said".to_owned()),
            Err(why) => Err(why),
        };
        match adopted {
            Ok(()) => {
                let of = if size == "quantity" { ": so many coins, whatever they cost" } else { "" };
                self.carried(VOLUME, &format!("base_order.{size}{of}"));
                self.carried_if_said(TYPE, &format!("base_order.{size}"));
            }
            Err(why) => {
                self.tell(VOLUME, Outcome::LeftOut, &format!("{why}: {INSTEAD}"));
                self.tell_if_said(TYPE, Outcome::LeftOut, "there is no volume that it is of");
            }
        }
        match self.text(START).as_deref() {
            Some("limit") => {
                let why = "a limit order has a price of its own here: the base order is a market order";
                self.tell(START, Outcome::Changed, why);
            }
            Some("market") => self.carried(START, "base_order.type"),
            _ => self.tell_if_said(START, Outcome::LeftOut, "not known here: the base order is a market order"),
        }
    }

    fn take_profit(&mut self) {
        const WHOLE: &str = "take_profit";
        const STEPS: &str = "take_profit_steps";
        const TYPE: &str = "take_profit_type";
        const INSTEAD: &str = "the preset sells at 1.5 %, as built in, until you say otherwise";
        let basis = match self.text(TYPE).as_deref() {
            None | Some("total") => "average",
            Some("base") => "base",
            Some(_) => return self.no_profit(&format!("take_profit_type is not known here: {INSTEAD}")),
        };
        let by_steps = self.says(STEPS);
        let steps = if by_steps { self.steps(STEPS) } else { self.whole(WHOLE) };
        let profit = steps.map(|steps| {
            let basis = ("basis".to_owned(), Node::Text(basis.to_owned()));
            Node::Object(vec![basis, ("steps".to_owned(), Node::List(steps))])
        });
        if let Err(why) = profit.and_then(|profit| self.adopt(&[("take_profit", profit)])) {
            return self.no_profit(&format!("{why}: {INSTEAD}"));
        }
        self.carried_if_said(TYPE, "take_profit.basis");
        if by_steps {
            self.carried(STEPS, "take_profit.steps");
            self.tell_if_said(WHOLE, Outcome::CarriedOver, "take_profit_steps stand in its place");
        } else {
            self.carried(WHOLE, "take_profit.steps");
        }
    }

    fn whole(&self, name: &str) -> Result<Vec<Node>, String> {
        let profit = self.number(name)?.filter(|profit| !profit.is_zero()).ok_or("no profit is said")?;
        Ok(vec![object([("profit_percent", profit.to_string()), ("amount_percent", "100".to_owned())])])
    }

    fn steps(&self, name: &str) -> Result<Vec<Node>, String> {
        let steps = self.bot.items(name).map_err(|wrong| wrong.detail)?;
        let step = |step: &Fields<'_>| {
            let needed = |name: &str| step.needed::<Decimal>(name).map(plain).map_err(|wrong| wrong.detail);
            let (profit, amount) = (needed("profit_percentage")?, needed("amount_percentage")?);
            Ok(object([("profit_percent", profit.to_string()), ("amount_percent", amount.to_string())]))
        };
        steps.iter().map(step).collect()
    }

    fn no_profit(&mut self, why: &str) {
        for theirs in ["take_profit_steps", "take_profit_type"] {
            self.tell_if_said(theirs, Outcome::LeftOut, why);
        }
        self.tell("take_profit", Outcome::LeftOut, why);
    }

    fn end(mut self) -> Result<Imported, BadAlert> {
        let place = |told: &Member| self.bot.members().iter().position(|(name, _)| *name == told.member);
        self.told.sort_by_key(|told| place(told).unwrap_or(usize::MAX));
        let name = self.text("name").and_then(|name| named(&name));
        let document = Document::parse(&Node::Object(self.made).to_string())?;
        Ok(Imported { name, document, members: self.told })
    }

    /// Takes members into the preset, where it is good with them.
    fn adopt(&mut self, members: &[(&str, Node)]) -> Result<(), String> {
        let members = members.iter().map(|(name, node)| ((*name).to_owned(), node.clone()));
        self.remake(self.made.iter().cloned().chain(members).collect())
    }

    /// Puts these in the place of all that was made, where they are good together.
    fn remake(&mut self, made: Vec<(String, Node)>) -> Result<(), String> {
        Document::parse(&Node::Object(made.clone()).to_string()).map_err(|wrong| wrong.detail)?;
        self.made = made;
        Ok(())
    }

    fn has(&self, made: &str) -> bool {
        self.made.iter().any(|(name, _)| name == made)
    }

    fn node(&self, name: &str) -> Option<&Node> {
        self.bot.members().iter().find_map(|(member, node)| (member == name).then_some(node))
    }

    /// Whether anything is asked for by it.
    fn says(&self, name: &str) -> bool {
        self.node(name).is_some_and(|node| !others::is_nothing(node))
    }

    fn is_on(&self, name: &str) -> bool {
        self.bot.flag(name).ok().flatten().unwrap_or(false)
    }

    fn text(&self, name: &str) -> Option<String> {
        Lenient::new(self.bot.members()).text(name).map(str::to_owned)
    }

    fn number(&self, name: &str) -> Result<Option<Decimal>, String> {
        let parse = |text: &str| text.parse::<Decimal>().map_err(|why| self.bot.wrong(name, why));
        let number = self.text(name).as_deref().map(parse).transpose();
        number.map(|number| number.map(plain)).map_err(|wrong| wrong.detail)
    }

    fn carried(&mut self, name: &str, into: &str) {
        self.tell(name, Outcome::CarriedOver, into);
    }

    fn carried_if_said(&mut self, name: &str, into: &str) {
        self.tell_if_said(name, Outcome::CarriedOver, into);
    }

    fn tell_if_said(&mut self, name: &str, outcome: Outcome, detail: &str) {
        if self.node(name).is_some() {
            self.tell(name, outcome, detail);
        }
    }

    fn tell(&mut self, name: &str, outcome: Outcome, detail: &str) {
        let value = self.node(name).map_or_else(String::new, |node| others::shown(name, node));
        self.told.push(Member { member: name.to_owned(), value, outcome, detail: detail.to_owned() });
    }
}

fn plain(number: Decimal) -> Decimal {
    number.normalize()
}

/// `BTC grid (2)` is `btc-grid-2`.
fn named(name: &str) -> Option<PresetName> {
    let spelled: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let joined = spelled.split_whitespace().collect::<Vec<_>>().join("-");
    joined.chars().take(PRESET_NAME_CHARACTERS_MAX).collect::<String>().trim_end_matches('-').parse().ok()
}
