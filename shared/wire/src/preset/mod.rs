//! A preset as its user writes it: the members of an alert's trade, and flags.
//!
//! 1. It is read by the reader of alerts: what an alert may say of its trade, a preset may say, and means the same by it.
//! 2. The text is what is kept. It is read again whenever it is used.
//! 3. A member that no reader looks at is refused by its name.

pub mod exits;
pub mod threecommas;

use crate::alert::fields::{Asked, Beneath, Fields};
use crate::alert::json::{self, Node};
use crate::alert::{BadAlert, plan, pyramids};

use domain::limits::PRESET_BYTES_MAX;
use domain::preset::{Preset, PresetName};

/// The preset that everything else stands over, as a document.
pub const BUILT_IN: &str = r#"{"base_order":{"quote":"100","type":"market"},"stop_loss_percent":"5","take_profit":{"steps":[{"amount_percent":"100","profit_percent":"1.5"}]}}"#;

/// A document that was read and found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(pub(crate) Vec<(String, Node)>);

impl Document {
    /// # Errors
    /// [`BadAlert`] with the member that is wrong or not known, or `invalid_json`.
    pub fn parse(text: &str) -> Result<Self, BadAlert> {
        let node = read(text)?;
        Self::of(&Fields::of_body(&node)?)
    }

    /// Its one written form: members by their names, without spaces; what says nothing is left out.
    pub fn text(&self) -> String {
        Node::Object(self.0.clone()).to_string()
    }

    /// What it means over the built-in preset.
    ///
    /// # Errors
    /// Never for a document that was read.
    pub fn preset(&self) -> Result<Preset, BadAlert> {
        meant(&Fields::none().over(Beneath::Members(&self.0)))
    }

    pub(crate) fn members(&self) -> &[(String, Node)] {
        &self.0
    }

    /// The members of an object, wherever it stands.
    pub(crate) fn of(fields: &Fields<'_>) -> Result<Self, BadAlert> {
        let asked = Asked::default();
        meant(&fields.noting(&asked))?;
        fields.refuse_unasked(&asked)?;
        let document = Self(canonical(fields.members()));
        if document.text().len() > PRESET_BYTES_MAX {
            return Err(BadAlert::field("preset", format!("must have at most {PRESET_BYTES_MAX} bytes")));
        }
        Ok(document)
    }
}

/// `{"name": …, "preset": {…}}`.
///
/// # Errors
/// As [`Document::parse`]; the document's members stand under `preset`.
pub fn named(text: &str) -> Result<(PresetName, Document), BadAlert> {
    let node = read(text)?;
    let body = Fields::of_body(&node)?;
    body.only(&["name", "preset"])?;
    let document = body.find_object("preset")?.ok_or_else(|| body.required("preset"))?;
    Ok((body.needed("name")?, Document::of(&document)?))
}

pub(crate) fn read(text: &str) -> Result<Node, BadAlert> {
    let wrong = |detail| BadAlert { code: BadAlert::INVALID_JSON, fields: Vec::new(), detail };
    json::read(text).map_err(wrong)
}

fn meant(fields: &Fields<'_>) -> Result<Preset, BadAlert> {
    Ok(Preset { plan: plan::read(fields)?, flags: pyramids::flags(fields)? })
}

pub(crate) fn canonical(members: &[(String, Node)]) -> Vec<(String, Node)> {
    let says = |(_, node): &&(String, Node)| *node != Node::Null;
    let mut members: Vec<_> = members.iter().filter(says).map(|(name, node)| (name.clone(), sorted(node))).collect();
    members.sort_by(|(one, _), (other, _)| one.cmp(other));
    members
}

fn sorted(node: &Node) -> Node {
    match node {
        Node::Object(members) => Node::Object(canonical(members)),
        Node::List(items) => Node::List(items.iter().map(sorted).collect()),
        node => node.clone(),
    }
}
