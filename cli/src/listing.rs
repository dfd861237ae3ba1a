//! Lists: rows under a header, shown as a table or written as CSV (RFC 4180).
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe, unless it is a number: alerts come from
//! outside. Every cell but a number is quoted, since a spreadsheet may separate cells by `;`.

use crate::failure::Failure;
use crate::table::{NO_VALUE, laid_out};
use anstream::{eprintln, print};
use comfy_table::{Cell, Table};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use rust_decimal::Decimal;
use std::fmt;

const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// One page of a list.
pub(crate) struct Listing {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
    empty: String,
    next_cursor: Option<String>,
}

/// An answer as people read it.
pub(crate) trait Rendered {
    fn text(&self) -> String;

    /// Only lists can be written as CSV.
    fn listing(&self) -> Option<&Listing> {
        None
    }
}

impl Rendered for String {
    fn text(&self) -> String {
        self.clone()
    }
}

impl Rendered for Listing {
    fn text(&self) -> String {
        self.to_string()
    }

    fn listing(&self) -> Option<&Listing> {
        Some(self)
    }
}

impl Listing {
    /// `empty` is shown in place of a table without rows.
    pub(crate) fn new(header: &[&str], rows: Vec<Vec<Cell>>, empty: &str) -> Self {
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        Self { header, rows, empty: empty.to_owned(), next_cursor: None }
    }

    pub(crate) fn with_next(self, cursor: Option<&String>) -> Self {
        Self { next_cursor: cursor.cloned(), ..self }
    }

    /// Prints the rows, and on standard error how to get the next page.
    pub(crate) fn print_csv(&self) -> Result<(), Failure> {
        print!("{}", self.csv()?);
        if let Some(cursor) = &self.next_cursor {
            eprintln!("more: --cursor {cursor}");
        }
        Ok(())
    }

    pub(crate) fn csv(&self) -> Result<String, Failure> {
        let unwritten = |error: &dyn fmt::Display| Failure::refused(format!("the list cannot be written: {error}"));
        let mut format = WriterBuilder::new();
        format.terminator(Terminator::CRLF).quote_style(QuoteStyle::NonNumeric);
        let mut writer = format.from_writer(Vec::new());
        writer.write_record(&self.header).map_err(|error| unwritten(&error))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| value(cell.content()))).map_err(|error| unwritten(&error))?;
        }
        let bytes = writer.into_inner().map_err(|error| unwritten(&error))?;
        String::from_utf8(bytes).map_err(|error| unwritten(&error))
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows.is_empty() {
            f.write_str(&self.empty)?;
        } else {
            f.write_str(&laid_out(Table::new(), &self.header, self.rows.clone()))?;
        }
        self.next_cursor.iter().try_for_each(|cursor| write!(f, "\n\nmore: --cursor {cursor}"))
    }
}

fn value(cell: String) -> String {
    if cell == NO_VALUE {
        String::new()
    } else if cell.starts_with(FORMULA) && cell.parse::<Decimal>().is_err() {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{maybe, plain};

    #[test]
    fn csv_has_a_header_and_quotes_every_cell_but_a_number() {
        let row = vec![plain("ord_1"), plain("a, \"b\"\nc"), maybe(None::<String>), plain("-0.5"), plain("a;=1+1")];
        let list = Listing::new(&["id", "detail", "reason", "profit", "label"], vec![row], "none");
        let header = "\"id\",\"detail\",\"reason\",\"profit\",\"label\"\r\n";
        let row = "\"ord_1\",\"a, \"\"b\"\"\nc\",\"\",-0.5,\"a;=1+1\"\r\n";
        assert_eq!(list.csv().unwrap(), format!("{header}{row}"));
    }

    #[test]
    fn csv_cell_that_begins_a_formula_is_text() {
        for formula in ["=1+1", "+1+1", "-1+1", "@a", "\t=1", "\n=1"] {
            let list = Listing::new(&["a"], vec![vec![plain(formula)]], "none");
            assert_eq!(list.csv().unwrap(), format!("\"a\"\r\n\"'{formula}\"\r\n"));
        }
    }

    #[test]
    fn csv_of_an_empty_list_is_its_header() {
        assert_eq!(Listing::new(&["id", "state"], Vec::new(), "none").csv().unwrap(), "\"id\",\"state\"\r\n");
    }

    #[test]
    fn table_names_the_next_page() {
        let cursor = "abc".to_owned();
        let list = Listing::new(&["id"], Vec::new(), "none").with_next(Some(&cursor));
        assert_eq!(list.to_string(), "none\n\nmore: --cursor abc");
    }
}
