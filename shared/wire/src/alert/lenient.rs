//! What is read as far as it can be: all that TradingView observes, and what says that it leaves.
//!
//! A member that is not filled in, that cannot be read, or that says two things at once counts as left out, and is never an
//! error. What says what is traded, where, how large or how it ends is read by [`super::fields`].

use super::fields::{is_unfilled, observable};
use super::json::Node;
use super::understand::STANCES;
use domain::alert::StrategyFields;
use std::str::FromStr;

/// An object, whatever is wrong in it.
pub(crate) struct Lenient<'a>(Vec<&'a (String, Node)>);

impl<'a> Lenient<'a> {
    pub(crate) fn new(members: &'a [(String, Node)]) -> Self {
        Self(members.iter().collect())
    }

    /// The members of a body; none of what is no object.
    pub(super) fn of(node: &'a Node) -> Self {
        match node {
            Node::Object(members) => Self::new(members),
            _ => Self(Vec::new()),
        }
    }

    /// Those of the objects of this name.
    pub(super) fn within(&self, name: &str) -> Self {
        Self(self.named(name).flat_map(|node| Self::of(node).0).collect())
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &'a Node> {
        self.0.iter().filter(move |(member, _)| member == name).map(|(_, node)| node)
    }

    /// The member, where it stands there once, or says the same wherever it stands.
    fn one(&self, name: &str) -> Option<&'a Node> {
        let mut all = self.named(name);
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }

    /// What can be read of a member, where anything can.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        let text = match self.one(name)? {
            Node::Text(text) => text.trim(),
            Node::Number(digits) => digits,
            _ => return None,
        };
        (!is_unfilled(text) && !text.contains("{{")).then_some(text)
    }

    pub(super) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, value)| *value)
    }

    /// A number as far as it can be kept.
    pub(super) fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        observable(self.text(name)?)?.parse().ok()
    }

    /// What a strategy says of its position.
    pub(super) fn strategy_fields(&self) -> StrategyFields {
        StrategyFields {
            market_position: self.word("market_position", &STANCES),
            market_position_size: self.number("market_position_size"),
            prev_market_position: self.word("prev_market_position", &STANCES),
            prev_market_position_size: self.number("prev_market_position_size"),
        }
    }

    /// Whether anything but `null` stands there.
    pub(super) fn says(&self, name: &str) -> bool {
        self.named(name).any(|node| *node != Node::Null)
    }

    /// These members alone, each once where it says the same wherever it stands.
    pub(super) fn only(&self, names: &[&str]) -> Vec<(String, Node)> {
        let mut kept: Vec<(String, Node)> = Vec::new();
        for member in self.0.iter().filter(|(name, _)| names.contains(&name.as_str())) {
            if !kept.contains(member) {
                kept.push((*member).clone());
            }
        }
        kept
    }
}
