//! Labels of addresses as CSV (RFC 4180).
//!
//! The header names the columns, in whatever order: those of a label, and those beside them in a list that was exported, which are not read.

use crate::member::{Day, Label as Name, OfText, ShortText, Written};
use domain::clock::Timestamp;
use domain::whale::{Blockchain, ChainAddress, Label, LabelCategory, LabelRole};
use std::collections::BTreeMap;

const COLUMNS: [&str; 8] = ["blockchain", "address", "owner", "category", "role", "source", "as_of", "confidence"];
/// Of an exported list.
const NOT_READ: [&str; 3] = ["updated_at", "updated_by", "version"];

/// What is wrong with a sheet. It never repeats what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSheet {
    #[error("the first line must name the columns {}", COLUMNS.join(", "))]
    Header,
    #[error("there must be at least one line below the header")]
    Empty,
    #[error("line {line}: {told}")]
    Line { line: u64, told: String },
}

/// One owner has one name, in whatever case it was written.
pub fn owner(name: &Name) -> String {
    name.to_ascii_lowercase()
}

/// As of `now`, where a line names no day.
///
/// # Errors
/// The first thing that is wrong.
pub fn read(text: &str, now: Timestamp) -> Result<Vec<Label>, BadSheet> {
    // Lines are counted by line feeds alone.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| BadSheet::Header)?.clone();
    let is_known = |name: &str| COLUMNS.contains(&name) || NOT_READ.contains(&name);
    let has_once = |column: &&str| header.iter().filter(|name| name == column).count() == 1;
    if !header.iter().all(is_known) || !COLUMNS.iter().all(has_once) {
        return Err(BadSheet::Header);
    }
    let (mut labels, mut lines) = (Vec::new(), BTreeMap::new());
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let bad = |told: String| BadSheet::Line { line, told };
        let label = Line { header: &header, record: &record }.label(now).map_err(bad)?;
        if let Some(first) = lines.insert((label.chain, label.address.clone()), line) {
            return Err(bad(format!("address is the one of line {first} already")));
        }
        labels.push(label);
    }
    if labels.is_empty() { Err(BadSheet::Empty) } else { Ok(labels) }
}

struct Line<'a> {
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

impl Line<'_> {
    fn label(&self, now: Timestamp) -> Result<Label, String> {
        let Written(chain) = self.get::<Written<Blockchain>>("blockchain")?;
        let address = ChainAddress::parse(chain, self.text("address"));
        let Confidence(confidence) = self.get("confidence")?;
        Ok(Label {
            chain,
            address: address.map_err(|wrong| format!("address {wrong}"))?,
            owner: owner(&self.get("owner")?),
            category: self.get::<Written<LabelCategory>>("category")?.0,
            role: self.maybe::<Written<LabelRole>>("role")?.map(|role| role.0),
            source: self.get::<ShortText>("source")?.to_string(),
            as_of: self.maybe::<Day>("as_of")?.map_or(now.begin_of_day(), |day| day.0),
            confidence,
        })
    }

    fn text(&self, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    fn get<T: OfText>(&self, column: &str) -> Result<T, String> {
        T::of_text(self.text(column).to_owned()).map_err(|wrong| format!("{column} {wrong}"))
    }

    fn maybe<T: OfText>(&self, column: &str) -> Result<Option<T>, String> {
        if self.text(column).is_empty() { Ok(None) } else { self.get(column).map(Some) }
    }
}

/// In hundredths.
struct Confidence(u8);

impl OfText for Confidence {
    fn of_text(text: String) -> Result<Self, String> {
        let number = text.parse().ok().filter(|number| *number <= 100);
        number.map(Self).ok_or_else(|| "must be a whole number from 0 to 100".to_owned())
    }
}

fn unreadable(error: &csv::Error) -> BadSheet {
    let line = error.position().map_or(0, csv::Position::line);
    let told = match error.kind() {
        csv::ErrorKind::UnequalLengths { .. } => "it has more or fewer columns than the header",
        _ => "it is not CSV",
    };
    BadSheet::Line { line, told: told.to_owned() }
}
