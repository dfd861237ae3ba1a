//! The exits of a position that is open, as its user changes them: the members of a preset that say where it is sold.
//!
//! What is not named stays as it is. `null` takes a member off.

use super::read;
use crate::alert::BadAlert;
use crate::alert::fields::{Asked, Beneath, Fields};
use crate::alert::json::Node;
use crate::alert::plan::{self, OF_STOP, PROFIT, STOP};
use crate::view::TakeProfit;
use domain::preset::TradePlan;
use domain::profit;
use domain::rules::Rules;

const TIME: &str = "time_limit_minutes";
const MINIMUM: &str = "minimum_profit_percent";
pub(crate) const EXITS: [&str; 9] =
    [PROFIT, STOP, OF_STOP[0], OF_STOP[1], OF_STOP[2], OF_STOP[3], OF_STOP[4], TIME, MINIMUM];
const REASON: &str = "reason";
const MINUTE_MS: i64 = 60_000;

type Member = (String, Node);

/// A change of exits that is good by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exits {
    members: Vec<Member>,
    /// In words, in the order in which they were named.
    words: String,
    /// Why, for the record.
    pub reason: Option<String>,
}

impl Exits {
    /// # Errors
    /// [`BadAlert`] with the member that is wrong or not known, or `invalid_json`.
    pub fn parse(text: &str) -> Result<Self, BadAlert> {
        let node = read(text)?;
        let asked = Asked::default();
        let fields = Fields::of_body(&node)?.noting(&asked);
        fields.only(&[&EXITS[..], &[REASON]].concat())?;
        let profit = plan::read(&fields.over(Beneath::Unknown))?.take_profit;
        let reason = fields.owned(REASON)?;
        fields.refuse_unasked(&asked)?;
        let members: Vec<Member> = fields.members().iter().filter(|(name, _)| name != REASON).cloned().collect();
        if members.is_empty() {
            return Err(BadAlert::field("body", format!("must have at least one of {}", EXITS.join(", "))));
        }
        if members.iter().any(|(name, node)| name == PROFIT && *node == Node::Null) {
            return Err(BadAlert::field(PROFIT, "must not be null: a position has a take-profit"));
        }
        let words = members.iter().map(|(name, node)| words(name, node, &profit)).collect::<Vec<_>>().join("; ");
        Ok(Self { members, words, reason })
    }

    /// For a person who reads what has become of the position.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// In its own words, for the record.
    pub fn text(&self) -> String {
        Node::Object(self.members.clone()).to_string()
    }

    /// Whether it says anything of this member.
    pub fn names(&self, member: &str) -> bool {
        self.members.iter().any(|(name, _)| name == member)
    }

    /// The plan with these exits in place of its own.
    ///
    /// # Errors
    /// [`BadAlert`] where they do not go together with those that stay.
    pub fn over(&self, plan: &TradePlan) -> Result<TradePlan, BadAlert> {
        let no_stop = self.members.iter().any(|(name, node)| name == STOP && *node == Node::Null);
        let goes = |name: &str| self.names(name) || (no_stop && OF_STOP.contains(&name));
        let said = self.members.iter().filter(|(_, node)| *node != Node::Null).cloned();
        let members: Vec<Member> = of(plan).into_iter().filter(|(name, _)| !goes(name)).chain(said).collect();
        let read = plan::read(&Fields::none().over(Beneath::Members(&members)))?;
        // Where none is said, none is meant: the built-in preset's is not.
        let stop_loss = read.stop_loss.filter(|_| members.iter().any(|(name, _)| name == STOP));
        let rules = Rules { minimum_profit: read.rules.minimum_profit, ..plan.rules };
        let (take_profit, time_limit) = (read.take_profit, read.time_limit);
        let changed = TradePlan { take_profit, stop_loss, time_limit, rules, ..plan.clone() };
        if changed.follows_apart() {
            let apart = "must not follow the price or wait: this position's pyramids are sold each by itself";
            return Err(BadAlert::field(if self.names(PROFIT) { PROFIT } else { STOP }, apart));
        }
        Ok(changed)
    }
}

fn words(name: &str, node: &Node, profit: &profit::TakeProfit) -> String {
    let units = [("_percent", " %"), ("_seconds", " s"), ("_minutes", " min")];
    let measured = units.iter().find_map(|(ending, unit)| Some((name.strip_suffix(ending)?, *unit)));
    let (name_alone, unit) = measured.unwrap_or((name, ""));
    let spoken = name_alone.replace('_', " ");
    match node {
        Node::Null => format!("no {spoken}"),
        _ if name == PROFIT => {
            let trails = profit.trailing().map_or_else(String::new, |percent| format!(", trailing {percent} %"));
            format!("take-profit {}{trails}", TakeProfit::from(profit))
        }
        Node::Text(value) => format!("{spoken} {value}{unit}"),
        value => format!("{spoken} {value}{unit}"),
    }
}

fn of(plan: &TradePlan) -> Vec<Member> {
    // Named one by one, so that no exit of a plan to come is forgotten here.
    let TradePlan { size: _, kind: _, ladder: _, take_profit, stop_loss, time_limit, rules, pyramids: _, leverage: _ } =
        plan;
    let Rules { minimum_profit, cooldown: _, open_groups_max: _, retry_unproven_entry: _ } = rules;
    let said = |name: &str, text: String| (name.to_owned(), Node::Text(text));
    let minimum = minimum_profit.map(|percent| said(MINIMUM, percent.to_string()));
    let time = time_limit.map(|limit| said(TIME, limit.get().div_euclid(MINUTE_MS).to_string()));
    plan::exits(Some(take_profit), stop_loss.as_ref()).chain(minimum).chain(time).collect()
}
