//! Reading the fields of an object by name, each error with the field's path.

use super::BadAlert;
use super::json::Node;
use super::lenient::Lenient;
use domain::limits;
use domain::money::is_number;
use rust_decimal::Decimal;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

/// TradingView prints floats; digits beyond these are noise.
const OBSERVED_SCALE: u32 = 12;
const UNFILLED: &str = "was not filled in: it is empty, NaN or a placeholder that was not replaced";

/// An object and where it stands.
pub(crate) struct Fields<'a> {
    path: String,
    members: &'a [(String, Node)],
    beneath: Beneath<'a>,
    asked: Option<&'a Asked>,
}

/// What counts where the object itself does not say it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Beneath<'a> {
    Nothing,
    /// Members that are not at hand: what follows from several of them cannot be judged yet.
    Unknown,
    Members(&'a [(String, Node)]),
}

/// The paths that a reader has looked at. What stands in an object beside them is known to nobody.
#[derive(Debug, Default)]
pub(crate) struct Asked(RefCell<BTreeSet<String>>);

impl<'a> Fields<'a> {
    /// The body itself.
    pub(crate) fn of_body(node: &'a Node) -> Result<Self, BadAlert> {
        match node {
            Node::Object(members) => Self::at(String::new(), members, None),
            _ => Err(BadAlert::field("body", "must be a JSON object")),
        }
    }

    /// One that says nothing itself.
    pub(crate) fn none() -> Self {
        Self { path: String::new(), members: &[], beneath: Beneath::Nothing, asked: None }
    }

    /// The same object with other members beneath its own.
    pub(crate) fn over(&self, beneath: Beneath<'a>) -> Self {
        Self { path: self.path.clone(), members: self.members, beneath, asked: self.asked }
    }

    /// The same object, of which every member that is looked at is noted.
    pub(crate) fn noting(&self, asked: &'a Asked) -> Self {
        Self { path: self.path.clone(), members: self.members, beneath: self.beneath, asked: Some(asked) }
    }

    /// Whether members may stand beneath that are not at hand.
    pub(crate) fn is_unsettled(&self) -> bool {
        matches!(self.beneath, Beneath::Unknown)
    }

    /// Its members, as they were written.
    pub(crate) fn members(&self) -> &'a [(String, Node)] {
        self.members
    }

    /// Refuses the first member that nobody has looked at, of this object or of one within it.
    pub(crate) fn refuse_unasked(&self, asked: &Asked) -> Result<(), BadAlert> {
        self.members.iter().try_for_each(|(name, node)| {
            if self.was_asked(name, asked) {
                each_within(self.path(name), node, asked)
            } else {
                Err(self.unknown(name, &asked.beside(&self.path(""))))
            }
        })
    }

    /// Refuses what is meant for a reader and was looked at by none: within a member that was, or beside such under a name
    /// that begins as theirs do or is one of theirs, or of `others`, but for a letter or two. Any other member is the
    /// sender's own.
    pub(crate) fn refuse_misspelt(&self, asked: &Asked, beginnings: &[&str], others: &[&str]) -> Result<(), BadAlert> {
        let others = others.iter().map(|&name| name.to_owned());
        let known: Vec<_> = asked.beside(&self.path("")).into_iter().chain(others).collect();
        self.members.iter().try_for_each(|(name, node)| {
            if self.was_asked(name, asked) {
                return each_within(self.path(name), node, asked);
            }
            let lower = name.to_ascii_lowercase();
            let begins = || beginnings.iter().any(|beginning| lower.starts_with(beginning));
            let is_near = || known.iter().any(|known| is_near(&lower, known));
            if !known.contains(name) && (begins() || is_near()) { Err(self.unknown(name, &known)) } else { Ok(()) }
        })
    }

    /// Whether its name is one, and not the path of another member.
    fn was_asked(&self, name: &str, asked: &Asked) -> bool {
        !name.contains(['.', '[']) && asked.has(&self.path(name))
    }

    fn unknown(&self, name: &str, known: &[String]) -> BadAlert {
        let shown: String = name.escape_debug().collect();
        self.wrong(&shown, format!("is not known here: {} are", known.join(", ")))
    }

    /// The object of this name; one without members where it is absent.
    pub(crate) fn object(&self, name: &str) -> Result<Self, BadAlert> {
        let empty = Self { path: self.path(name), members: &[], beneath: Beneath::Nothing, asked: self.asked };
        Ok(self.find_object(name)?.unwrap_or(empty))
    }

    pub(crate) fn find_object(&self, name: &str) -> Result<Option<Self>, BadAlert> {
        match self.present(name) {
            None => Ok(None),
            Some(Node::Object(members)) => Self::at(self.path(name), members, self.asked).map(Some),
            Some(_) => Err(self.wrong(name, "must be an object")),
        }
    }

    /// The objects of the list of this name, one at least.
    pub(crate) fn items(&self, name: &str) -> Result<Vec<Self>, BadAlert> {
        let items = self.find_list(name)?.ok_or_else(|| self.required(name))?;
        if items.is_empty() {
            return Err(self.wrong(name, "must have at least one object"));
        }
        if items.iter().any(|item| !matches!(item, Node::Object(_))) {
            return Err(self.wrong(name, "must be a list of objects"));
        }
        Ok(self.find_items(name)?.unwrap_or_default())
    }

    /// The objects of the list of this name, each with its place; none where it is absent.
    pub(crate) fn find_items(&self, name: &str) -> Result<Option<Vec<Self>>, BadAlert> {
        let item = |(index, node): (usize, &'a Node)| match node {
            Node::Object(members) => Self::at(self.path(&format!("{name}[{index}]")), members, self.asked),
            _ => Err(self.wrong(&format!("{name}[{index}]"), "must be an object")),
        };
        let Some(items) = self.find_list(name)? else { return Ok(None) };
        items.iter().enumerate().map(item).collect::<Result<_, _>>().map(Some)
    }

    /// The texts and numbers of the list of this name.
    pub(crate) fn find_values<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<Vec<T>>, BadAlert> {
        let value = |(index, node): (usize, &Node)| match node {
            Node::Text(text) | Node::Number(text) => {
                text.trim().parse().map_err(|why| self.wrong(&format!("{name}[{index}]"), why))
            }
            _ => Err(self.wrong(&format!("{name}[{index}]"), "must be text or a number")),
        };
        let Some(items) = self.find_list(name)? else { return Ok(None) };
        items.iter().enumerate().map(value).collect::<Result<_, _>>().map(Some)
    }

    fn find_list(&self, name: &str) -> Result<Option<&'a [Node]>, BadAlert> {
        match self.present(name) {
            None => Ok(None),
            Some(Node::List(items)) => Ok(Some(items)),
            Some(_) => Err(self.wrong(name, "must be a list")),
        }
    }

    /// Refuses members of any other name: a misspelt one must not be passed over.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), BadAlert> {
        match self.members.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                let name: String = name.escape_debug().collect();
                Err(self.wrong(&name, format!("is not known here: {} are", known.join(", "))))
            }
        }
    }

    /// Refuses a member by its former name.
    pub(crate) fn renamed(&self, name: &str, to: &str) -> Result<(), BadAlert> {
        if said(self.members, name).is_some() { Err(self.wrong(name, to)) } else { Ok(()) }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.present(name).is_some()
    }

    /// The text or number of a member that is meant, and so is filled in.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, BadAlert> {
        let text = match self.present(name) {
            None => return Ok(None),
            Some(Node::Text(text)) => text.trim(),
            Some(Node::Number(digits)) => digits,
            Some(_) => return Err(self.wrong(name, "must be text or a number")),
        };
        if is_unfilled(text) {
            return Err(self.wrong(name, UNFILLED));
        }
        if text.chars().count() > limits::TEXT_CHARACTERS_MAX {
            let allowed = format!("must have at most {} characters", limits::TEXT_CHARACTERS_MAX);
            return Err(self.wrong(name, allowed));
        }
        if text.contains("{{") {
            return Err(self.wrong(name, "holds a placeholder that was not replaced"));
        }
        Ok(Some(text))
    }

    pub(crate) fn owned(&self, name: &str) -> Result<Option<String>, BadAlert> {
        Ok(self.text(name)?.map(str::to_owned))
    }

    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, BadAlert> {
        let parse = |text: &str| text.parse().map_err(|why: T::Err| self.wrong(name, why));
        self.text(name)?.map(parse).transpose()
    }

    pub(crate) fn needed<T: FromStr<Err: Display>>(&self, name: &str) -> Result<T, BadAlert> {
        self.parsed(name)?.ok_or_else(|| self.required(name))
    }

    /// What TradingView observed, where anything can be read of it.
    pub(crate) fn observed_text(&self, name: &str) -> Option<&'a str> {
        self.note(name);
        Lenient::new(self.members).text(name)
    }

    /// One of a list of words that TradingView observed, where it can be read.
    pub(super) fn observed_word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.note(name);
        Lenient::new(self.members).word(name, words)
    }

    /// A number that TradingView observed. One that no price or size can be counts as left out; a text in its place that is no
    /// number is the sender's own mistake, and named.
    pub(crate) fn observed<T: FromStr>(&self, name: &str) -> Result<Option<T>, BadAlert> {
        let Some(text) = self.observed_text(name) else { return Ok(None) };
        if !is_number(text) {
            return Err(self.wrong(name, "must be a decimal number such as 12.5, without signs for thousands"));
        }
        Ok(observable(text).and_then(|value| value.parse().ok()))
    }

    /// A number as TradingView prints it: digits that cannot be kept are cut off.
    pub(crate) fn measured<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, BadAlert> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let allowed = "must be a decimal number such as 12.5, of at most 15 digits";
        let value = observable(text).ok_or_else(|| self.wrong(name, allowed))?;
        value.parse().map(Some).map_err(|why| self.wrong(name, why))
    }

    /// Yes or no, as JSON writes it or as text.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, BadAlert> {
        match self.present(name) {
            Some(Node::Bool(flag)) => Ok(Some(*flag)),
            Some(Node::Text(_)) => self.word(name, &[("true", true), ("false", false)]),
            None => Ok(None),
            Some(_) => Err(self.wrong(name, "must be true or false")),
        }
    }

    /// One of a list of words, however they are capitalised.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, BadAlert> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        let allowed = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" or ");
        found.map(|(_, value)| Some(*value)).ok_or_else(|| self.wrong(name, format!("must be {}", allowed())))
    }

    pub(crate) fn required(&self, name: &str) -> BadAlert {
        self.wrong(name, "is required")
    }

    pub(crate) fn wrong(&self, name: &str, allowed: impl Display) -> BadAlert {
        BadAlert::field(self.path(name), allowed)
    }

    fn at(path: String, members: &'a [(String, Node)], asked: Option<&'a Asked>) -> Result<Self, BadAlert> {
        let fields = Self { path, members, beneath: Beneath::Nothing, asked };
        let mut before = BTreeSet::new();
        match members.iter().find(|(name, _)| !before.insert(name)) {
            Some((name, _)) => Err(fields.wrong(name, "may stand there only once")),
            None => Ok(fields),
        }
    }

    /// The member, unless it is `null`.
    fn present(&self, name: &str) -> Option<&'a Node> {
        self.note(name);
        said(self.members, name).or(match self.beneath {
            Beneath::Members(members) => said(members, name),
            Beneath::Nothing | Beneath::Unknown => None,
        })
    }

    fn note(&self, name: &str) {
        if let Some(asked) = self.asked {
            asked.0.borrow_mut().insert(self.path(name));
        }
    }

    fn path(&self, name: &str) -> String {
        let name: String = name.chars().take(limits::TEXT_CHARACTERS_MAX).collect();
        if self.path.is_empty() { name } else { format!("{}.{name}", self.path) }
    }
}

impl Asked {
    pub(super) fn into_paths(self) -> BTreeSet<String> {
        self.0.into_inner()
    }

    fn has(&self, path: &str) -> bool {
        self.0.borrow().contains(path)
    }

    /// The names of what was looked at in the object whose members' paths begin so.
    fn beside(&self, start: &str) -> Vec<String> {
        let asked = self.0.borrow();
        let names = asked.iter().filter_map(|path| path.strip_prefix(start));
        names.filter(|name| !name.is_empty() && !name.contains(['.', '['])).map(str::to_owned).collect()
    }
}

/// Whether this is that name with a letter in another place, left out, added or replaced; in a long name with two.
fn is_near(name: &str, known: &str) -> bool {
    let letters_max = match known.len() {
        0..5 => 0,
        5 => 1,
        _ => 2,
    };
    // A distance is no less than what the lengths differ by: long names of the sender's own are not compared.
    let longer = name.chars().count().abs_diff(known.len());
    longer <= letters_max && strsim::osa_distance(name, known) <= letters_max
}

fn each_within(path: String, node: &Node, asked: &Asked) -> Result<(), BadAlert> {
    match node {
        Node::Object(members) => Fields::at(path, members, None)?.refuse_unasked(asked),
        Node::List(items) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| each_within(format!("{path}[{index}]"), item, asked))
        }
        _ => Ok(()),
    }
}

fn said<'a>(members: &'a [(String, Node)], name: &str) -> Option<&'a Node> {
    let (_, node) = members.iter().find(|(member, _)| member == name)?;
    (*node != Node::Null).then_some(node)
}

/// Ways of saying nothing: what TradingView has no value for is empty or `NaN`, a placeholder that it does not know stays as it
/// was, and other tools write `null` as a word.
pub(super) fn is_unfilled(text: &str) -> bool {
    let placeholder = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    let is_word = ["", "nan", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
    is_word || placeholder.is_some_and(|inner| !inner.contains("{{"))
}

/// A number as far as it can be kept.
pub(super) fn observable(text: &str) -> Option<String> {
    decimal(text).map(|value| value.trunc_with_scale(OBSERVED_SCALE).normalize().to_string())
}

/// A decimal in plain or scientific writing, rounded where it has more digits than any price.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { Decimal::from_str(text).ok() }
}
