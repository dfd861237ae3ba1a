//! Rules that somebody has written, as JSON: conditions over indicators on which a strategy enters and leaves.
//!
//! Where to begin: [`RuleText::parse`] what was written, [`RuleText::read`] it, [`Rules::build`] a strategy of it.
//!
//! 1. Whatever is read is bounded: its bytes, how deep it nests, how many conditions and indicators it has, how far these look back.
//! 2. A field that is not known is refused, and so is one that is written twice. What is wrong is named by its path.
//! 3. A comparison with what is not defined is neither true nor false, nor is what rests on it: nothing is done then.
//! 4. An exit goes before an entry, should both be met at once.

mod bad;
mod condition;
mod indicator;
mod node;
mod operand;
mod program;
mod reader;
mod ruled;
mod schema;
mod values;
mod words;

use crate::parameters::{Given, Kind, Value};
use crate::registry::Built;
use condition::Condition;
use domain::alert::Side;
use node::Node;
use reader::Reader;

pub use bad::BadRules;
pub(crate) use ruled::Ruled;
pub use words::{Met, Unmet, Which, Words};

/// Bytes of rules.
pub const RULES_BYTES_MAX: usize = 16_384;
/// Conditions within each other.
pub const RULES_DEPTH_MAX: usize = 8;
/// Conditions of rules in all, comparisons and what holds them together.
pub const CONDITIONS_MAX: usize = 64;
/// Indicators of rules that differ.
pub const RULES_INDICATORS_MAX: usize = 32;
/// Bars that an indicator of rules looks back over, or a condition.
pub const RULES_BARS_MAX: u32 = 500;
/// The largest number of rules, and below 0 the smallest.
pub const RULES_NUMBER_MAX: f64 = 1e15;

const SIDE: Kind = Kind::Choice(&["long", "short"]);
const FIELDS: &[&str] = &["side", "entry", "exit"];

/// Rules as they were written. Numbers and words in them can be replaced when they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText(String);

/// When to enter and when to leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    side: Side,
    entry: Condition,
    exit: Option<Condition>,
}

impl RuleText {
    /// # Errors
    /// More than [`RULES_BYTES_MAX`], or what is no JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadRules> {
        if bytes.len() > RULES_BYTES_MAX {
            return Err(BadRules::whole(format!("must be at most {RULES_BYTES_MAX} bytes")));
        }
        let text = str::from_utf8(bytes).map_err(|_| BadRules::whole("must be JSON in UTF-8"))?;
        Node::of_text(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The rules, with what is given in place of the numbers and words at its paths.
    ///
    /// # Errors
    /// The first field that breaks its rule, or a path at which rules have neither number nor word.
    pub fn read(&self, given: &[Given<'_>]) -> Result<Rules, BadRules> {
        let mut reader = Reader::new(given)?;
        let body = Node::of_text(&self.0)?
            .object("must be a JSON object with entry, and exit and side where they are wanted")?;
        body.only(FIELDS)?;
        let is_short = reader.value(&body, "side", &SIDE)? == Some(Value::Choice("short"));
        let entry = body.needed("entry", condition::ALLOWED)?;
        let entry = condition::read(&mut reader, &entry, 1)?;
        let exit = body.get("exit").map(|node| condition::read(&mut reader, &node, 1)).transpose()?;
        reader.end()?;
        Ok(Rules { side: if is_short { Side::Short } else { Side::Long }, entry, exit })
    }
}

impl Rules {
    /// The side that is entered.
    pub fn side(&self) -> Side {
        self.side
    }

    /// What the rules say, a plain sentence each.
    pub fn sentences(&self) -> Vec<String> {
        words::sentences(self.side, &self.entry, self.exit.as_ref())
    }

    /// A strategy of them that has seen no bar.
    pub fn build(&self) -> Built {
        Built::of_rules(Ruled::new(self.side, &self.entry, self.exit.as_ref()))
    }
}
