//! Indicators that rules may look at: a table of them, from which they are read, built, told in words and documented.

mod kinds;
mod reckoned;

use super::bad::BadRules;
use super::node::Object;
use super::operand::{AGO, TIMES, price};
use super::reader::Reader;
use crate::parameters::{Kind, Parameter, Parameters, Value};
use indicators::{BadPeriod, Field};
pub(super) use kinds::KINDS;
use reckoned::Reckoned;
pub(super) use reckoned::{LINES_MAX, Source, of_bar};

/// An indicator that there is.
#[derive(Debug)]
pub(super) struct IndicatorKind {
    /// As rules name it.
    pub(super) name: &'static str,
    /// As sentences do.
    pub(super) title: &'static str,
    pub(super) doc: &'static str,
    pub(super) parameters: &'static [Parameter],
    /// Its lines, the first where nothing is said.
    pub(super) lines: &'static [&'static str],
    pub(super) reach: Reach,
    /// The index of the first bar at which all of its lines are defined.
    warm_up: fn(&Parameters) -> u32,
    build: fn(&Parameters) -> Result<Reckoned, (&'static str, BadPeriod)>,
}

/// From which distance on a line is far from its level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reach {
    Points(f64),
    /// This share of the level.
    OfLevel(f64),
    /// This share of the close.
    OfClose(f64),
}

/// One that was told its parameters.
#[derive(Debug, Clone)]
pub(super) struct Indicator {
    pub(super) kind: &'static IndicatorKind,
    pub(super) parameters: Parameters,
    /// It has seen no bar.
    pub(super) source: Box<Source>,
}

impl PartialEq for Indicator {
    fn eq(&self, other: &Self) -> bool {
        self.kind.name == other.kind.name && self.parameters == other.parameters
    }
}

impl Indicator {
    pub(super) fn warm_up(&self) -> usize {
        usize::try_from((self.kind.warm_up)(&self.parameters)).unwrap_or(usize::MAX)
    }
}

impl IndicatorKind {
    /// Which line is meant, where there are several.
    pub(super) fn line(&self) -> Option<Parameter> {
        let doc = "Which of its lines.";
        (self.lines.len() > 1).then_some(Parameter { name: "line", doc, kind: Kind::Choice(self.lines) })
    }
}

/// The indicator that an object names, and the place of its line.
pub(super) fn read(reader: &mut Reader<'_>, object: &Object<'_>) -> Result<(Indicator, usize), BadRules> {
    let kind = named(reader, object)?;
    let line = kind.line();
    let names = kind.parameters.iter().chain(&line).chain([&AGO, &TIMES]).map(|parameter| parameter.name);
    object.only(&std::iter::once("indicator").chain(names).collect::<Vec<_>>())?;
    let value = |parameter: &Parameter| Ok((parameter.name, reader.parameter(object, parameter)?));
    let parameters = Parameters::of(kind.parameters.iter().map(value).collect::<Result<_, BadRules>>()?);
    let output = match line.map(|line| reader.parameter(object, &line)).transpose()? {
        Some(Value::Choice(word)) => kind.lines.iter().position(|line| *line == word).unwrap_or(0),
        _ => 0,
    };
    let indicator = built(kind, parameters).map_err(|(name, BadPeriod { min, .. })| {
        let most = super::RULES_BARS_MAX;
        BadRules::new(object.path(name), format!("must be a whole number from {min} to {most}"))
    })?;
    reader.reckon(&object.path("indicator"), &indicator)?;
    Ok((indicator, output))
}

/// Its name is no word that can be replaced: what it can be told depends on it.
fn named(reader: &mut Reader<'_>, object: &Object<'_>) -> Result<&'static IndicatorKind, BadRules> {
    let path = object.path("indicator");
    let written = object.get("indicator").and_then(|node| node.word());
    let name = reader.given(&path).map(str::to_owned).or(written).unwrap_or_default();
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        BadRules::new(path, format!("must be {}", names.join(" or ")))
    })
}

fn built(kind: &'static IndicatorKind, parameters: Parameters) -> Result<Indicator, (&'static str, BadPeriod)> {
    let field = parameters.word("source").and_then(price).unwrap_or(Field::Close);
    let source = Box::new(Source::new(field, (kind.build)(&parameters)?));
    Ok(Indicator { kind, parameters, source })
}
