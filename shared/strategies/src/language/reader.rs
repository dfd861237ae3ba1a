//! Reads values, and what is given in their place; counts what is bounded.

use super::bad::BadRules;
use super::indicator::Indicator;
use super::node::{Node, Object};
use super::{CONDITIONS_MAX, RULES_DEPTH_MAX, RULES_INDICATORS_MAX};
use crate::parameters::{Given, Kind, Parameter, Value};

#[derive(Debug)]
pub(super) struct Reader<'a> {
    given: Vec<(Given<'a>, bool)>,
    conditions: usize,
    indicators: Vec<Indicator>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(given: &[Given<'a>]) -> Result<Self, BadRules> {
        let is_twice = |at: usize, name: &str| given.iter().take(at).any(|(other, _)| *other == name);
        let twice = given.iter().enumerate().find(|(at, (name, _))| is_twice(*at, name));
        if let Some((_, (name, _))) = twice {
            return Err(BadRules::new(*name, "must be given once"));
        }
        Ok(Self { given: given.iter().map(|one| (*one, false)).collect(), conditions: 0, indicators: Vec::new() })
    }

    /// What is given in place of what is written there.
    pub(super) fn given(&mut self, path: &str) -> Option<&'a str> {
        let ((_, text), is_used) = self.given.iter_mut().find(|((name, _), _)| *name == path)?;
        *is_used = true;
        Some(*text)
    }

    /// A number or a word, where there is one.
    pub(super) fn value(&mut self, object: &Object<'_>, name: &str, kind: &Kind) -> Result<Option<Value>, BadRules> {
        let path = object.path(name);
        let value = match (self.given(&path), object.get(name)) {
            (Some(text), _) => kind.read(text),
            (None, Some(node)) => written(&node, kind),
            (None, None) => return Ok(None),
        };
        value.map(Some).ok_or_else(|| BadRules::new(path, format!("must be {kind}")))
    }

    /// A number or a word; its default where nothing is said.
    pub(super) fn parameter(&mut self, object: &Object<'_>, parameter: &Parameter) -> Result<Value, BadRules> {
        let value = self.value(object, parameter.name, &parameter.kind)?;
        Ok(value.unwrap_or_else(|| parameter.kind.default()))
    }

    /// Counts a condition in, so deep.
    pub(super) fn enter(&mut self, node: &Node<'_>, depth: usize) -> Result<(), BadRules> {
        self.conditions = self.conditions.saturating_add(1);
        if depth > RULES_DEPTH_MAX {
            return Err(node.wrong(&format!("must not stand there: conditions nest at most {RULES_DEPTH_MAX} deep")));
        }
        if self.conditions > CONDITIONS_MAX {
            return Err(node.wrong(&format!("must not stand there: rules have at most {CONDITIONS_MAX} conditions")));
        }
        Ok(())
    }

    /// Counts an indicator in that differs from those before.
    pub(super) fn reckon(&mut self, path: &str, indicator: &Indicator) -> Result<(), BadRules> {
        if !self.indicators.contains(indicator) {
            self.indicators.push(indicator.clone());
        }
        if self.indicators.len() > RULES_INDICATORS_MAX {
            let allowed =
                format!("must not stand there: rules have at most {RULES_INDICATORS_MAX} indicators that differ");
            return Err(BadRules::new(path, allowed));
        }
        Ok(())
    }

    /// All that was given must have had its place.
    pub(super) fn end(self) -> Result<(), BadRules> {
        let unused = self.given.iter().find(|(_, is_used)| !is_used);
        let allowed =
            "is not in the rules: it must be the path of a number or a word in them, such as entry.left.period";
        unused.map_or(Ok(()), |((name, _), _)| Err(BadRules::new(*name, allowed)))
    }
}

fn written(node: &Node<'_>, kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Whole { .. } | Kind::Number { .. } => kind.read(node.number()?),
        Kind::Choice(_) => kind.read(&node.word()?),
    }
}
